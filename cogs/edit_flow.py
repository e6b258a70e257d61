"""What editing a story and editing an addition have in common: from the preview of a change to saving it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.checks import OpenWords
from bot.client import Bot
from bot.content.care import advice_question
from bot.content.words import Words
from bot.errors import Refusal
from bot.interactions import Ack, CustomId, Interaction, Press, Route, answer, answer_beside, open_form, say
from bot.rules.checked import Checked
from bot.rules.limits import CHANGES
from bot.rules.promises import Promise
from bot.rules.stories import Voice
from bot.services.edited import Editable, Edited, OpenEdit, Saved, What, parts_of
from cogs.check_screens import danger_shown, left_question, marks_block, noticed_first
from cogs.own_words import receipt_of, span, when_it_appears


@dataclass(frozen=True, slots=True, repr=False)
class EditIds:
    """The custom_ids of one feature's previews of changes, and by which name the checks know them."""

    form: str
    again: CustomId
    again_written: CustomId
    save: CustomId
    discard: CustomId
    discard_sure: CustomId
    back: CustomId


class EditScreens(Protocol):
    """What is seen of one feature's edits."""

    def form(self, edit: Editable, custom_id: str) -> ui.Modal:
        """The form, filled with the newest words."""
        ...

    def typed(self, press: Press) -> Mapping[str, Any]:
        """What was written in it, as changes. Raises Refusal."""
        ...

    def words(self, changes: Mapping[str, object]) -> dict[str, str]:
        """The words among what was typed, by part."""
        ...

    def changes(self, parts: Mapping[str, str]) -> Mapping[str, Any]:
        """Words by part, as changes."""
        ...

    def preview(self, found: OpenEdit, refusal: Refusal | None) -> tuple[LayoutView, ...]:
        """The private preview, and what continues in further messages; ``refusal`` says why the new words
        can't be saved as they are."""
        ...


class EditHandlers:
    """Opening the form, the preview and its buttons, and saving."""

    def __init__(self, bot: Bot, ids: EditIds, screens: EditScreens) -> None:
        self.bot = bot
        self.words = bot.words
        self.edits = bot.services.edits
        self._ids = ids
        self._screens = screens

    def routes(self) -> tuple[Route, ...]:
        """The routes of the preview's buttons."""
        ids = self._ids
        return (
            Route(ids.again, self.again, Ack.SELF),
            Route(ids.again_written, self.again_written, Ack.SELF),
            Route(ids.save, self.save, Ack.UPDATE),
            Route(ids.discard, self.discard, Ack.UPDATE),
            Route(ids.discard_sure, self.discard_sure, Ack.UPDATE),
            Route(ids.back, self.back, Ack.UPDATE),
        )

    async def open(
        self, interaction: Interaction, what: What, subject: int, proof: str | None, written: str
    ) -> None:
        """*Edit*: the form with what stands there, or with what waits already."""
        edit = await self.edits.begin(what, subject, proof, interaction.user.id)
        await open_form(interaction, self._screens.form(edit, written))

    async def written(
        self, interaction: Interaction, press: Press, what: What, subject: int, proof: str | None
    ) -> None:
        """The form was submitted: whose it is is proven again, then the words are kept and shown.

        Never in place of what was pressed: a code may stand there that is nowhere else.
        """
        changes, user_id = self._screens.typed(press), interaction.user.id
        before = await self.edits.begin(what, subject, proof, user_id)
        circle, parts = before.thing.circle, self._screens.words(changes)
        noticed = await self.bot.checks.look(circle, parts, listens=before.thing.to_a_listener)
        found = await self.edits.keep(what, subject, proof, user_id, noticed.checked, **changes)
        if parts != parts_of(before.content):  # what stands there already was posted by choice
            first = await danger_shown(interaction, self._ids.form, found.receipt, circle.id, noticed)
            if first is not None:
                await answer_beside(interaction, first)
                return
        for view in await self._preview(found):
            await answer_beside(interaction, view)

    async def again(self, interaction: Interaction, press: Press) -> None:
        """*Edit* below the preview: the form with what was written last."""
        found = await self.edits.draft(receipt_of(press))
        custom_id = self._ids.again_written(found.receipt, found.revision)
        await open_form(interaction, self._screens.form(found.edit, custom_id))

    async def again_written(self, interaction: Interaction, press: Press) -> None:
        """Submitted again: the preview is replaced in place."""
        changes = self._screens.typed(press)
        before = await self.edits.draft(receipt_of(press))
        circle = before.edit.thing.circle
        parts, listens = self._screens.words(changes), before.edit.thing.to_a_listener
        noticed = await self.bot.checks.look(circle, parts, before.checked, listens=listens)
        found = await self.edits.revise(
            before.receipt, press.number(1), noticed.checked, typed=True, **changes
        )
        if not await noticed_first(interaction, self._ids.form, found.receipt, circle.id, noticed):
            await self.show_edit(interaction, found, with_rest=True)

    async def save(self, interaction: Interaction, press: Press) -> None:
        """*Save the change*."""
        self.bot.gate.check(CHANGES, interaction.user.id)
        done = await self.edits.save(receipt_of(press), press.number(1), interaction.user.id)
        if isinstance(done, Saved):
            self.bot.gate.count(CHANGES, interaction.user.id)
            self.bot.deliverer.wake()
            await say(interaction, told(self.words, done))
        elif done.asks:
            as_it_is = self.words("checks.left.save"), self._ids.save(done.receipt, done.revision)
            key, parts = (self._ids.form, done.receipt, done.revision), parts_of(done.edit.content)
            await answer(interaction, left_question(self.words, *key, parts, done.checked, as_it_is))
        else:
            await self.show_edit(interaction, done)

    async def discard(self, interaction: Interaction, press: Press) -> None:
        """*Discard* asks once."""
        receipt, words = receipt_of(press), self.words
        view = screen.screen(
            screen.text(words("editing.discard.question")),
            screen.row(
                screen.grave_button(words("editing.discard.yes"), self._ids.discard_sure(receipt)),
                screen.button(words("stories.discard.no"), self._ids.back(receipt)),
            ),
        )
        await answer(interaction, view)

    async def discard_sure(self, interaction: Interaction, press: Press) -> None:
        """The change goes before it was one."""
        await self.edits.discard(receipt_of(press))
        await say(interaction, self.words("editing.discard.done"))

    async def back(self, interaction: Interaction, press: Press) -> None:
        """Back to the preview."""
        await self.show_edit(interaction, await self.edits.draft(receipt_of(press)))

    async def show_edit(self, interaction: Interaction, found: OpenEdit, *, with_rest: bool = False) -> None:
        """The preview, in place where there is one."""
        first, *rest = await self._preview(found)
        await answer(interaction, first)
        for more in rest if with_rest else ():
            await answer_beside(interaction, more)

    async def _preview(self, found: OpenEdit) -> tuple[LayoutView, ...]:
        care = await self.bot.services.caring.plan(found.edit.thing.circle.id)
        return self._screens.preview(found, found.edit.unfit(care))


class CheckedEdits:
    """What the checks need of one feature's edits (``bot.checks.CheckedForm``)."""

    def __init__(
        self, handlers: EditHandlers, ids: EditIds, screens: EditScreens, limits: Mapping[str, int]
    ) -> None:
        self._handlers = handlers
        self._ids = ids
        self._screens = screens
        self._limits = limits

    def holds(self, payload: Mapping[str, object]) -> bool:
        """Whether a draft is an edit of this feature's."""
        stories = payload.get("edits") == What.STORY
        return "edits" in payload and stories == ("slip" in self._limits)

    async def opened(self, receipt: str) -> OpenWords:
        """An edit's words."""
        found = await self._handlers.edits.draft(receipt)
        parts, circle = parts_of(found.edit.content), found.edit.thing.circle
        return OpenWords(circle, parts, self._limits, found.checked, found.revision)

    async def change(
        self,
        interaction: Interaction,
        receipt: str,
        revision: int,
        checked: Checked,
        parts: Mapping[str, str] | None = None,
    ) -> None:
        """What was decided, and the words if they changed by it."""
        changes: Mapping[str, Any] = self._screens.changes(parts) if parts is not None else {}
        found = await self._handlers.edits.revise(receipt, revision, checked, **changes)
        await self._handlers.show_edit(interaction, found, with_rest=parts is not None)

    async def show(self, interaction: Interaction, receipt: str) -> None:
        """The preview as it stands, all of it."""
        found = await self._handlers.edits.draft(receipt)
        await self._handlers.show_edit(interaction, found, with_rest=True)

    def discard_id(self, receipt: str) -> str:
        """The custom_id of *Discard*."""
        return self._ids.discard(receipt)


def marks(words: Words, form: str, found: OpenEdit) -> tuple[screen.Part | None, ...]:
    """What is marked in the new words, and the question that no program can answer."""
    parts = parts_of(found.edit.content)
    block = marks_block(words, form, found.receipt, found.revision, parts, found.checked)
    asks = screen.text(advice_question(words).text) if found.checked.advises else None
    return (asks, *block, screen.small(words("checks.together")))


def head(words: Words, found: OpenEdit) -> screen.Part:
    """The first line of a preview of a change."""
    return screen.text(words("editing.preview.older" if found.older else "editing.preview.private"))


def promise(words: Words, found: OpenEdit) -> screen.Part:
    """What changes, when, and what can't be called back."""
    edit, thing = found.edit, found.edit.thing
    parts = ", ".join(words(f"editing.parts.{name}") for name in edit.changes)
    if not parts and not thing.returned:
        return screen.small(words("editing.preview.same"))
    lines = [words("editing.preview.changes", parts=parts) if parts else words("editing.preview.same")]
    if thing.returned or thing.reviewed:
        lines += _reviewed(words, found)
    elif not thing.seen:
        lines.append(words("editing.preview.waiting"))
    else:
        named = thing.voice is Voice.NAMED and thing.pen_name is None
        voice = "named" if named else "pen_name" if thing.pen_name else "unnamed"
        lines.append(words(f"editing.preview.{voice}", when=_when(words, found.promise)))
        lines.append(words("editing.preview.edited"))
    return screen.small("\n".join(lines))


def _reviewed(words: Words, found: OpenEdit) -> list[str]:
    """What a moderator looking first means for a change."""
    thing = found.edit.thing
    way = review_way(thing)
    if way is None:
        return [words("review.change.unseen")]
    voice = "named" if thing.voice is Voice.NAMED else "unnamed"
    lines = [
        words(f"review.change.{way}", when=_when(words, found.promise)), words(f"review.change.{voice}"),
    ]  # fmt: skip
    return [*lines, words("editing.preview.edited")] if way == "published" else lines


def review_way(thing: Edited) -> str | None:
    """Where a change meets the moderators; None where they look at the whole with it."""
    if thing.returned:
        return "returned" if thing.reviewed else "free"
    if not thing.seen:
        return None
    return "held" if thing.verdict is not None and thing.verdict.held else "published"


def buttons(words: Words, ids: EditIds, found: OpenEdit, *more: screen.Part | None) -> screen.Part:
    """*Save the change*, *Edit*, what a feature has beside them, *Discard*."""
    key, asks = (found.receipt, found.revision), found.checked.advises
    save = words("checks.left.save" if asks else "editing.preview.save")
    edit = advice_question(words).labels[1] if asks else words("stories.preview.edit")
    return screen.row(
        screen.main_button(save, ids.save(*key)),
        screen.button(edit, ids.again(*key)),
        *more,
        screen.button(words("stories.preview.discard"), ids.discard(found.receipt)),
    )


def _when(words: Words, promise: Promise | None) -> str:
    return words("stories.when.at_once") if promise is None else when_it_appears(words, promise)


def told(words: Words, saved: Saved) -> str:
    """What becomes of a change that was saved."""
    minutes = saved.promise.minutes if saved.promise is not None else 0
    thing = saved.thing
    if not thing.returned and not saved.changed:
        return words("editing.saved.same")
    if (thing.returned or thing.reviewed) and (way := review_way(thing)) is not None:
        return words(f"review.change.saved_{way}", when=_when(words, saved.promise))
    if not saved.thing.seen:
        return words("editing.saved.waiting")
    if minutes == 0:
        return words("editing.saved.at_once")
    return words("editing.saved.within", time=span(words, minutes))
