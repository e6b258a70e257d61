"""A writer edits their update or reply: form, preview, saving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.words import Words
from bot.errors import Refusal
from bot.interactions import Ack, Interaction, Press, Route
from bot.rules.stories import REPLY_LIMIT, Voice
from bot.rules.text import clean
from bot.services.additions import Kind, StoryRef
from bot.services.edited import Editable, Edited, OpenEdit, TextContent, What
from cogs import custom_ids as ids
from cogs.additions.screens import ROOM, TEXT, addition_form, addition_view, previewed
from cogs.check_screens import fitting
from cogs.edit_flow import CheckedEdits, EditHandlers, EditIds, buttons, head, marks, promise
from cogs.own_words import BY_ACCOUNT, proof_of, unfit_line

IDS = EditIds(
    form="addition-change",
    again=ids.ADDITION_CHANGE_AGAIN,
    again_written=ids.ADDITION_CHANGE_AGAIN_WRITTEN,
    save=ids.ADDITION_CHANGE_SAVE,
    discard=ids.ADDITION_CHANGE_DISCARD,
    discard_sure=ids.ADDITION_CHANGE_DISCARD_SURE,
    back=ids.ADDITION_CHANGE_BACK,
)


class AdditionEditScreens:
    """What is seen of an addition's edit."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def form(self, edit: Editable, custom_id: str) -> ui.Modal:
        """The same form as for writing it."""
        thing = edit.thing
        form = addition_form(self._words, _kind(thing), _story(thing), custom_id, _content(edit).text)
        form.title = self._words(f"editing.form.{thing.what}")
        return form

    def typed(self, press: Press) -> Mapping[str, Any]:
        """The text."""
        return {"text": press.fields.get(TEXT, "")}

    def words(self, changes: Mapping[str, object]) -> dict[str, str]:
        """The text."""
        return {TEXT: clean(str(changes["text"]))}

    def changes(self, parts: Mapping[str, str]) -> Mapping[str, Any]:
        """The text."""
        return {"text": parts[TEXT]}

    def preview(self, found: OpenEdit, refusal: Refusal | None) -> tuple[LayoutView, ...]:
        """The message as it will look."""
        rest: tuple[LayoutView, ...] = ()

        def build(room: int) -> LayoutView:
            nonlocal rest
            page, rest = previewed(self._words, _content(found.edit).text, found.checked.left, room)
            return self._message(found, page, refusal, goes_on=bool(rest))

        return (fitting(build, ROOM), *rest)

    def _message(self, found: OpenEdit, page: str, refusal: Refusal | None, *, goes_on: bool) -> LayoutView:
        words, thing = self._words, found.edit.thing
        shown = addition_view(
            words,
            _kind(thing),
            _content(found.edit).text,
            thing.pen_name,
            content_note=thing.content_note,
            teller_name=thing.author_name,
            page=page,
        )
        return screen.screen(
            head(words, found),
            unfit_line(words, refusal),
            *shown.children,
            screen.small(words("checks.goes_on")) if goes_on else None,
            *marks(words, IDS.form, found),
            promise(words, found),
            buttons(words, IDS, found),
        )


class AdditionEditing(EditHandlers):
    """Editing updates and replies."""

    def __init__(self, bot: Bot) -> None:
        screens = AdditionEditScreens(bot.words)
        super().__init__(bot, IDS, screens)
        self.checked = {IDS.form: CheckedEdits(self, IDS, screens, {TEXT: REPLY_LIMIT})}

    def routes(self) -> tuple[Route, ...]:
        """All routes of editing an addition."""
        return (
            *super().routes(),
            Route(ids.ADDITION_CHANGE, self.change, Ack.SELF),
            Route(ids.ADDITION_CHANGED, self.changed, Ack.SELF),
        )

    async def change(self, interaction: Interaction, press: Press) -> None:
        """*Edit*, with the code or by being recognised."""
        what, proof = _what(press), proof_of(press, 2)
        written = ids.ADDITION_CHANGED(what, press.number(1), proof or BY_ACCOUNT)
        await self.open(interaction, what, press.number(1), proof, written)

    async def changed(self, interaction: Interaction, press: Press) -> None:
        """The form was submitted."""
        await self.written(interaction, press, _what(press), press.number(1), proof_of(press, 2))


def _what(press: Press) -> What:
    try:
        what = What(press.arguments[0])
    except ValueError as error:
        raise Refusal("refusals.old_button") from error
    if what is What.STORY:
        raise Refusal("refusals.old_button")
    return what


def _kind(thing: Edited) -> Kind:
    if thing.what is What.UPDATE:
        return Kind.UPDATE
    return Kind.ANSWER if thing.pen_name is None else Kind.REPLY


def _story(thing: Edited) -> StoryRef:
    named = thing.voice is Voice.NAMED
    return StoryRef(
        thing.story_id, thing.story_number, thing.ask, named, thing.circle, thing.content_note,
        thing.author_name,
    )  # fmt: skip


def _content(edit: Editable) -> TextContent:
    if not isinstance(edit.content, TextContent):
        raise Refusal("refusals.old_button")
    return edit.content
