"""A teller edits their story: form, preview, saving; and puts their name to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.words import Words
from bot.errors import Refusal
from bot.interactions import Ack, Interaction, Press, Route, answer, say
from bot.rules.promises import Waits
from bot.rules.stories import LIMITS, StoryWords
from bot.rules.text import escape
from bot.services.claiming import Claimable
from bot.services.edited import Editable, OpenEdit, StoryContent, What
from bot.services.stories import Teller
from cogs import custom_ids as ids
from cogs.check_screens import fitting
from cogs.edit_flow import CheckedEdits, EditHandlers, EditIds, buttons, head, marks, promise
from cogs.own_words import BY_ACCOUNT, proof_of, receipt_of, unfit_line
from cogs.stories.form import read_form, story_form
from cogs.stories.preview import NONE, note_choices, quote_button
from cogs.story_look import FIRST_PAGE, StoryLook, previewed

IDS = EditIds(
    form="story-change",
    again=ids.CHANGE_AGAIN,
    again_written=ids.CHANGE_AGAIN_WRITTEN,
    save=ids.CHANGE_SAVE,
    discard=ids.CHANGE_DISCARD,
    discard_sure=ids.CHANGE_DISCARD_SURE,
    back=ids.CHANGE_BACK,
)


class StoryEditScreens:
    """What is seen of a story's edit."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def form(self, edit: Editable, custom_id: str) -> ui.Modal:
        """The same form as for telling."""
        content = _content(edit)
        thing = edit.thing
        offers = thing.offers or thing.circle.offers(Waits.CHANGE)
        form = story_form(self._words, thing.voice, custom_id, content.words, content.ask, offers=offers)
        form.title = self._words("editing.form.story")
        return form

    def typed(self, press: Press) -> Mapping[str, Any]:
        """Words and ask."""
        words, ask = read_form(press)
        return {"words": words, "ask": ask}

    def words(self, changes: Mapping[str, object]) -> dict[str, str]:
        """By part of the story."""
        words = changes["words"]
        return asdict(words) if isinstance(words, StoryWords) else {}

    def changes(self, parts: Mapping[str, str]) -> Mapping[str, Any]:
        """The story's words."""
        return {"words": StoryWords(**parts)}

    def preview(self, found: OpenEdit, refusal: Refusal | None) -> tuple[LayoutView, ...]:
        """The story as it will look, and what else can be changed about it."""
        look, rest = _look(found.edit), tuple[LayoutView, ...]()

        def build(room: int) -> LayoutView:
            nonlocal rest
            parts, rest = previewed(self._words, look, found.checked.left, room)
            return self._message(found, parts, refusal)

        return (fitting(build, FIRST_PAGE), *rest)

    def _message(self, found: OpenEdit, parts: list[screen.Part], refusal: Refusal | None) -> LayoutView:
        words, content, key = self._words, _content(found.edit), (found.receipt, found.revision)
        note = found.edit.thing.moderators_note
        quote = ids.CHANGE_QUOTE(*key) if content.words.lesson else None
        return screen.screen(
            head(words, found),
            unfit_line(words, refusal),
            screen.box(*parts),
            *marks(words, IDS.form, found),
            promise(words, found),
            screen.small(words("stories.panel.noted", note=escape(note))) if note else None,
            screen.choice(
                ids.CHANGE_NOTE(*key),
                note_choices(words, content.content_note),
                chosen=content.content_note or NONE,
            ),
            buttons(words, IDS, found, quote_button(words, content.quote_lesson, quote) if quote else None),
        )


class StoryEditing(EditHandlers):
    """Editing a story, and claiming it."""

    def __init__(self, bot: Bot) -> None:
        screens = StoryEditScreens(bot.words)
        super().__init__(bot, IDS, screens)
        self.checked = {IDS.form: CheckedEdits(self, IDS, screens, LIMITS)}
        self.claiming = bot.services.claiming

    def routes(self) -> tuple[Route, ...]:
        """All routes of editing a story and of putting a name to it."""
        return (
            *super().routes(),
            Route(ids.STORY_CHANGE, self.change, Ack.SELF),
            Route(ids.STORY_CHANGED, self.changed, Ack.SELF),
            Route(ids.CHANGE_NOTE, self.choose_note, Ack.UPDATE),
            Route(ids.CHANGE_QUOTE, self.change_quote, Ack.UPDATE),
            Route(ids.STORY_CLAIM, self.claim),
            Route(ids.STORY_CLAIM_SURE, self.claim_sure, Ack.UPDATE),
        )

    async def change(self, interaction: Interaction, press: Press) -> None:
        """*Edit* on the panel."""
        story_id, proof = press.number(0), proof_of(press)
        written = ids.STORY_CHANGED(story_id, proof or BY_ACCOUNT)
        await self.open(interaction, What.STORY, story_id, proof, written)

    async def changed(self, interaction: Interaction, press: Press) -> None:
        """The form was submitted."""
        await self.written(interaction, press, What.STORY, press.number(0), proof_of(press))

    async def choose_note(self, interaction: Interaction, press: Press) -> None:
        """The content note's select."""
        content = _content((await self.edits.draft(receipt_of(press))).edit)
        value = press.values[0] if press.values else NONE
        if value not in {NONE, content.content_note, *self.words.several("stories.notes")}:
            raise Refusal("refusals.old_button")
        note = None if value == NONE else value
        found = await self.edits.revise(receipt_of(press), press.number(1), content_note=note)
        await self.show_edit(interaction, found)

    async def change_quote(self, interaction: Interaction, press: Press) -> None:
        """*Quote my lesson*, yes or no."""
        content = _content((await self.edits.draft(receipt_of(press))).edit)
        quote = not content.quote_lesson
        found = await self.edits.revise(receipt_of(press), press.number(1), quote_lesson=quote)
        await self.show_edit(interaction, found)

    async def claim(self, interaction: Interaction, press: Press) -> None:
        """*Put my name to it* says first what happens."""
        receipt = proof_of(press)
        found = await self.claiming.begin(press.number(0), receipt, interaction.user.id)
        if found.named:
            await say(interaction, self.words("editing.claim.done_before"))
            return
        await answer(interaction, claim_question(self.words, found, receipt, interaction.user.display_name))

    async def claim_sure(self, interaction: Interaction, press: Press) -> None:
        """The story bears their name."""
        teller = Teller(interaction.user.id, interaction.user.display_name)
        found = await self.claiming.claim(press.number(0), proof_of(press), teller)
        self.bot.deliverer.wake()
        await say(
            interaction, self.words("editing.claim.done" if found.number else "editing.claim.done_waiting")
        )


def claim_question(words: Words, found: Claimable, receipt: str | None, name: str) -> LayoutView:
    """All that happens when a teller puts their name to a story, before it does."""
    key = (found.id, receipt or BY_ACCOUNT)
    name = escape(name)
    question = (
        words("editing.claim.question", name=name, number=found.number)
        if found.number
        else words("editing.claim.question_waiting", name=name)
    )
    return screen.screen(
        screen.text(question),
        screen.text(words("editing.claim.spoken", count=found.spoken)) if found.spoken else None,
        screen.text(words("editing.claim.no_way_back")),
        screen.row(
            screen.grave_button(words("editing.claim.yes"), ids.STORY_CLAIM_SURE(*key)),
            screen.button(words("editing.claim.no"), ids.KEEP()),
        ),
    )


def _content(edit: Editable) -> StoryContent:
    if not isinstance(edit.content, StoryContent):
        raise Refusal("refusals.old_button")
    return edit.content


def _look(edit: Editable) -> StoryLook:
    thing, content = edit.thing, _content(edit)
    note = thing.moderators_note or content.content_note
    return StoryLook(content.words, content.ask, thing.theme, note, thing.author_name, thing.story_number)
