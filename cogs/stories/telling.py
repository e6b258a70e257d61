"""From *Share* to *Post*: the handlers of the form and the preview."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.checks import OpenWords
from bot.client import Bot
from bot.errors import Refusal
from bot.interactions import Interaction, Press, answer, answer_beside, open_form, say
from bot.permissions import require_member, this_circle
from bot.rules.care import CarePlan
from bot.rules.checked import Checked
from bot.rules.fitting import unfit_story
from bot.rules.limits import DRAFTS, SMALL_CIRCLE_AT_A_STORY, STORIES
from bot.rules.promises import Waits
from bot.rules.stories import LIMITS, StoryDraft, StoryWords, Voice
from bot.services.circles import CircleInfo
from bot.services.stories import OpenDraft, Teller, Told
from cogs.check_screens import noticed_first
from cogs.custom_ids import DRAFT_BACK, DRAFT_DISCARD, DRAFT_DISCARD_SURE, DRAFT_EDITED, STORY_TOLD
from cogs.own_words import discard_question, receipt_of
from cogs.stories.form import read_form, story_form
from cogs.stories.panel import after_posting
from cogs.stories.preview import FORM, NONE, post_all_the_same, preview, themes_for


class TellingHandlers:
    """Telling a story."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.stories = bot.services.stories

    async def share_command(self, interaction: Interaction, voice: Voice) -> None:
        """``/share``: the form opens at once, so nothing is acknowledged before."""
        circle = await this_circle(interaction)
        await self._open(interaction, circle.id, voice)

    async def share(self, interaction: Interaction, press: Press) -> None:
        """*Share …* below a prompt or a welcome."""
        await self._open(interaction, press.number(0), _voice(press.arguments[1]))

    async def _open(self, interaction: Interaction, circle_id: int, voice: Voice) -> None:
        circle = await self.stories.begin(circle_id, interaction.user.id)
        require_member(interaction, circle)
        care = await self.bot.services.caring.plan(circle_id)
        self.bot.gate.check(STORIES, interaction.user.id, circle_id)
        self.bot.gate.check_here(STORIES, care.most_stories, interaction.user.id, circle_id)
        self.bot.gate.check(DRAFTS, interaction.user.id)
        offers = circle.offers(Waits.STORY)
        custom_id = STORY_TOLD(circle_id, voice)
        await open_form(interaction, story_form(self.words, voice, custom_id, offers=offers))

    async def told(self, interaction: Interaction, press: Press) -> None:
        """The form was submitted: the words are kept, then shown as they will look."""
        words, ask = read_form(press)
        self.bot.gate.check(DRAFTS, interaction.user.id)
        circle = await self.bot.services.circles.get(press.number(0))
        require_member(interaction, circle)
        theme = await self.bot.services.prompts.current_theme(circle.id)
        voice = _voice(press.arguments[1])
        draft = StoryDraft(circle.id, voice, words, ask, theme, thin=self._thin(interaction, circle, voice))
        # Looked at while they are being written to the disk; most have nothing that must be written too.
        look = self.bot.checks.look(circle, asdict(words))
        kept, noticed = await asyncio.gather(self.stories.keep(draft), look)
        if noticed.checked.marks or noticed.danger:
            kept = await self.stories.revise(kept.receipt, kept.draft.revision, checked=noticed.checked)
        self.bot.gate.count(DRAFTS, interaction.user.id)
        if not await noticed_first(interaction, FORM, kept.receipt, circle.id, noticed):
            await self._show(interaction, kept, themes=self._offered(theme), with_rest=True)

    async def edit(self, interaction: Interaction, press: Press) -> None:
        """*Edit*: the form again, with what was written."""
        found = await self.stories.draft(receipt_of(press))
        draft = found.draft
        custom_id = DRAFT_EDITED(found.receipt, draft.revision)
        offers = found.circle.offers(Waits.STORY)
        form = story_form(self.words, draft.voice, custom_id, draft.words, draft.ask, offers=offers)
        await open_form(interaction, form)

    async def edited(self, interaction: Interaction, press: Press) -> None:
        """The form was submitted again: the preview is replaced in place."""
        words, ask = read_form(press)
        self.bot.gate.check(DRAFTS, interaction.user.id)
        before = await self.stories.draft(receipt_of(press))
        noticed = await self.bot.checks.look(before.circle, asdict(words), before.draft.checked)
        found = await self.stories.revise(
            before.receipt, press.number(1), typed=True, words=words, ask=ask, checked=noticed.checked
        )
        self.bot.gate.count(DRAFTS, interaction.user.id)
        if not await noticed_first(interaction, FORM, found.receipt, found.circle.id, noticed):
            await self._show(interaction, found, with_rest=True)

    async def change_voice(self, interaction: Interaction, press: Press) -> None:
        """*Use my name* or *Without my name*."""
        found = await self.stories.draft(receipt_of(press))
        other = Voice.NAMED if found.draft.voice is Voice.UNNAMED else Voice.UNNAMED
        thin = found.draft.thin or self._thin(interaction, found.circle, other)
        await self._revise(interaction, press, voice=other, thin=thin)

    async def change_quote(self, interaction: Interaction, press: Press) -> None:
        """*Quote my lesson*: off unless it is chosen."""
        found = await self.stories.draft(receipt_of(press))
        await self._revise(interaction, press, quote_lesson=not found.draft.quote_lesson)

    async def choose_theme(self, interaction: Interaction, press: Press) -> None:
        """The theme's select."""
        found = await self.stories.draft(receipt_of(press))
        offered = {NONE, found.draft.theme, *await self._themes(found.circle)}
        await self._revise(interaction, press, theme=_chosen(press, offered))

    async def choose_note(self, interaction: Interaction, press: Press) -> None:
        """The content note's select."""
        found = await self.stories.draft(receipt_of(press))
        offered = {NONE, found.draft.content_note, *self.words.several("stories.notes")}
        await self._revise(interaction, press, content_note=_chosen(press, offered))

    async def _revise(self, interaction: Interaction, press: Press, **changes: Any) -> None:
        found = await self.stories.revise(receipt_of(press), press.number(1), **changes)
        await self._show(interaction, found)

    async def post(self, interaction: Interaction, press: Press) -> None:
        """*Post*."""
        teller = Teller(interaction.user.id, interaction.user.display_name)
        gate, user_id = self.bot.gate, interaction.user.id

        def admit(circle: CircleInfo, care: CarePlan) -> None:
            require_member(interaction, circle)
            gate.check(STORIES, user_id, circle.id)
            gate.check_here(STORIES, care.most_stories, user_id, circle.id)

        done = await self.stories.post(receipt_of(press), press.number(1), teller, admit)
        if isinstance(done, Told):
            self.bot.deliverer.wake()
            if not done.again:
                await gate.slow(STORIES, user_id, done.circle.id)
                gate.count(STORIES, user_id, done.circle.id)
            await answer(interaction, after_posting(self.words, done, self.bot.random))
        elif done.asks:
            await answer(interaction, post_all_the_same(self.words, done))
        else:
            await self._show(interaction, done)

    async def discard(self, interaction: Interaction, press: Press) -> None:
        """*Discard* asks once."""
        receipt = receipt_of(press)
        view = discard_question(self.words, DRAFT_DISCARD_SURE(receipt), DRAFT_BACK(receipt))
        await answer(interaction, view)

    async def discard_sure(self, interaction: Interaction, press: Press) -> None:
        """The draft goes."""
        await self.stories.discard(receipt_of(press))
        await say(interaction, self.words("stories.discard.done"))

    async def back(self, interaction: Interaction, press: Press) -> None:
        """Back to the preview."""
        await self._show(interaction, await self.stories.draft(receipt_of(press)))

    # what the checks need of a form (``bot.checks.CheckedForm``)

    def holds(self, payload: Mapping[str, object]) -> bool:
        """Whether a draft is one of a story."""
        return payload.keys() >= {"circle_id", "voice", "words"}

    async def opened(self, receipt: str) -> OpenWords:
        """A draft's words."""
        found = await self.stories.draft(receipt)
        draft = found.draft
        return OpenWords(found.circle, asdict(draft.words), LIMITS, draft.checked, draft.revision)

    async def change(
        self,
        interaction: Interaction,
        receipt: str,
        revision: int,
        checked: Checked,
        parts: Mapping[str, str] | None = None,
    ) -> None:
        """What was decided, and the words if they changed by it."""
        words: dict[str, Any] = {} if parts is None else {"words": StoryWords(**parts)}
        found = await self.stories.revise(receipt, revision, checked=checked, **words)
        await self._show(interaction, found, with_rest=parts is not None)

    async def show(self, interaction: Interaction, receipt: str) -> None:
        """The preview as it stands, all of it: what continues may never have been shown."""
        await self._show(interaction, await self.stories.draft(receipt), with_rest=True)

    def discard_id(self, receipt: str) -> str:
        """The custom_id of *Discard*."""
        return DRAFT_DISCARD(receipt)

    async def _show(
        self,
        interaction: Interaction,
        found: OpenDraft,
        *,
        themes: tuple[str, ...] | None = None,
        with_rest: bool = False,
    ) -> None:
        themes = await self._themes(found.circle) if themes is None else themes
        name, days = interaction.user.display_name, self.bot.settings.window_days
        refusal = unfit_story(found.draft.words, await self.bot.services.caring.plan(found.circle.id))
        first, *rest = preview(self.words, found, themes, name, days, refusal)
        await answer(interaction, first)
        for more in rest if with_rest else ():
            await answer_beside(interaction, more)

    def _thin(self, interaction: Interaction, circle: CircleInfo, voice: Voice) -> bool:
        """Whether to say how thin being unnamed is in a small circle: once a person, in memory alone."""
        told_of = circle.small and voice is Voice.UNNAMED
        return told_of and self.bot.gate.first_time(SMALL_CIRCLE_AT_A_STORY, interaction.user.id, circle.id)

    async def _themes(self, circle: CircleInfo) -> tuple[str, ...]:
        return self._offered(await self.bot.services.prompts.current_theme(circle.id))

    def _offered(self, current: str | None) -> tuple[str, ...]:
        return themes_for(self.bot.services.prompts.library, current)


def _voice(text: str) -> Voice:
    try:
        return Voice(text)
    except ValueError as error:
        raise Refusal("refusals.old_button") from error


def _chosen(press: Press, offered: set[str | None]) -> str | None:
    value = press.values[0] if press.values else NONE
    if value not in offered:
        raise Refusal("refusals.old_button")
    return None if value == NONE else value
