"""What moderators do to a story that stays: its thread, its content note, its teller's silence."""

from __future__ import annotations

from datetime import UTC, date, datetime

from discord import app_commands

from bot.client import Bot
from bot.content.dates import local_moment
from bot.content.words import Words
from bot.errors import Refusal
from bot.interactions import Interaction, Press, answer, say
from bot.permissions import require_moderator
from bot.rules.mutes import MuteEnd, MuteFor
from bot.rules.text import escape
from bot.rules.typed import read_date
from bot.services.acts import Why
from bot.services.moderation import ModeratedStory
from cogs.moderation.removing import as_why, chosen_why, circle_here
from cogs.moderation.screens import NONE, lock_view, mute_view, note_view


def read_span(words: Words, given: str) -> MuteFor | date:
    """How long, as chosen or typed. Raises Refusal."""
    for span, label in spans(words):
        if given.strip().casefold() in {span.value, label.casefold()}:
            return span
    return read_date(given)


def spans(words: Words) -> list[tuple[MuteFor, str]]:
    """The choices, besides a date."""
    return [(span, words(f"moderation.span.{span.name.lower()}")) for span in MuteFor]


class ActingHandlers:
    """The handlers of ``/moderate lock``, ``unlock``, ``note``, ``mute``, ``unmute`` and their pages."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.moderation = bot.services.moderation

    # its thread

    async def lock(self, interaction: Interaction, number: int) -> None:
        """``/moderate lock``: ask why."""
        await answer(interaction, lock_view(self.words, await self._story(interaction, number)))

    async def lock_why(self, interaction: Interaction, press: Press) -> None:
        """Another reason: the page again."""
        story = await self._pressed(interaction, press)
        await answer(interaction, lock_view(self.words, story, chosen_why(press)))

    async def lock_pressed(self, interaction: Interaction, press: Press) -> None:
        """*Close it*."""
        story = await self._pressed(interaction, press)
        await self._lock(interaction, story, locked=True, why=as_why(press.arguments[1]))

    async def unlock(self, interaction: Interaction, number: int) -> None:
        """``/moderate unlock``; nothing is asked."""
        await self._lock(interaction, await self._story(interaction, number), locked=False)

    async def _lock(
        self, interaction: Interaction, story: ModeratedStory, *, locked: bool, why: Why | None = None
    ) -> None:
        seen = await self.moderation.lock(story.id, locked=locked, why=why)
        self.bot.deliverer.wake()
        what = "locked" if locked else "still_closed" if seen.closed else "unlocked"
        await say(interaction, self.words(f"moderation.lock.{what}", number=story.number))

    # its content note

    async def note(self, interaction: Interaction, number: int) -> None:
        """``/moderate note``: what stands before the story, and what could."""
        await answer(interaction, note_view(self.words, await self._story(interaction, number)))

    async def note_why(self, interaction: Interaction, press: Press) -> None:
        """Another reason: the page again."""
        story = await self._pressed(interaction, press)
        await answer(interaction, note_view(self.words, story, chosen_why(press)))

    async def note_chosen(self, interaction: Interaction, press: Press) -> None:
        """A note was chosen, or none."""
        story, why = await self._pressed(interaction, press), as_why(press.arguments[1])
        value = press.values[0] if press.values else ""
        if value not in {NONE, *self.words.several("stories.notes")}:
            raise Refusal("refusals.old_button")
        seen = await self.moderation.note(story.id, None if value == NONE else value, why)
        self.bot.deliverer.wake()
        if seen.content_note is None:
            head = self.words("moderation.note.off", number=story.number)
        else:
            head = self.words("moderation.note.on", number=story.number, note=escape(seen.content_note))
        await answer(interaction, note_view(self.words, seen, why, head))

    # its teller

    async def mute(self, interaction: Interaction, number: int, until: str) -> None:
        """``/moderate mute``: say until when, and ask."""
        story = await self._story(interaction, number)
        end = await self.moderation.mute_end(story.id, read_span(self.words, until))
        await answer(interaction, mute_view(self.words, story, end))

    async def mute_why(self, interaction: Interaction, press: Press) -> None:
        """Another reason: the page again."""
        story, why = await self._pressed(interaction, press), chosen_why(press)
        await answer(interaction, mute_view(self.words, story, MuteEnd(_until(press), shortened=False), why))

    async def mute_pressed(self, interaction: Interaction, press: Press) -> None:
        """*Mute*."""
        await self._mute(interaction, press, as_why(press.arguments[2]))

    async def mute_pressed_before(self, interaction: Interaction, press: Press) -> None:
        """The same on a page from before reasons were asked for."""
        await self._mute(interaction, press, Why.CARE)

    async def _mute(self, interaction: Interaction, press: Press, why: Why) -> None:
        story = await self._pressed(interaction, press)
        until = await self.moderation.mute(story.id, _until(press), why)
        self.bot.deliverer.wake()
        when = local_moment(self.words, until, story.circle.zone)
        await say(interaction, self.words("moderation.mute.done", number=story.number, when=when))

    async def unmute(self, interaction: Interaction, number: int) -> None:
        """``/moderate unmute``: the same answer whether anybody was muted or not."""
        circle = await circle_here(interaction)
        await self.moderation.unmute(circle.id, number)
        self.bot.deliverer.wake()
        await say(interaction, self.words("moderation.unmute.done", number=number))

    async def spans(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """How long: the choices that begin like what was typed so far, or all."""
        labels = [label for _, label in spans(self.words)]
        typed = current.strip().casefold()
        fitting = [label for label in labels if label.casefold().startswith(typed)]
        return [app_commands.Choice(name=label, value=label) for label in fitting]

    async def _story(self, interaction: Interaction, number: int) -> ModeratedStory:
        return await self.moderation.numbered((await circle_here(interaction)).id, number)

    async def _pressed(self, interaction: Interaction, press: Press) -> ModeratedStory:
        story = await self.moderation.story(press.number(0))
        require_moderator(interaction, story.circle)
        return story


def _until(press: Press) -> datetime:
    """The moment in a page's custom_id. Raises Refusal for what no calendar has."""
    try:
        return datetime.fromtimestamp(press.number(1), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Refusal("refusals.old_button") from error
