"""Keeping a circle safe: moderators remove, lock, mute, without learning who told what."""

from __future__ import annotations

from datetime import UTC, date, datetime

from discord import app_commands
from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.dates import local_moment
from bot.content.words import Words
from bot.delivery.steps import LockThread, Nothing, NotYet, Shown, Step
from bot.errors import Gone, Refusal
from bot.feature import Feature
from bot.interactions import Ack, Interaction, Press, Route, acknowledge, answer, say
from bot.permissions import require_moderator, this_circle
from bot.rules.mutes import MuteEnd, MuteFor
from bot.rules.text import escape, shorten
from bot.rules.typed import read_date
from bot.services.circles import CircleInfo
from bot.services.moderation import ModeratedStory, ThreadLock
from bot.services.outbox import Lease
from bot.services.telling import LOCK
from cogs.custom_ids import MODERATE_KEEP, MODERATE_MUTE, MODERATE_REMOVE, MODERATE_REMOVE_ASK
from cogs.moderators_notes import ModeratorsNotes

FIRST_WORDS = 200
HIGHEST_NUMBER = 2**31 - 1
"""What fits the database's column on every engine."""


class LockRenderer:
    """Makes a story's thread closed or open for replies, as the story says."""

    def __init__(self, bot: Bot) -> None:
        self._services = bot.services

    async def prepare(self, lease: Lease) -> Step:
        """Lock the thread or open it; wait until it is there."""
        found = await self._services.moderation.thread_lock(lease)
        if isinstance(found, ThreadLock):
            return LockThread(found.thread_id, found.locked)
        return Nothing() if found is None else NotYet(found)

    async def record(self, lease: Lease, shown: Shown) -> None:
        """The story remembers it already."""
        await self._services.outbox.finish(lease)


def which_story(words: Words, story: ModeratedStory) -> screen.Part:
    """The first words of a story, so that nobody takes the wrong one."""
    if story.removed:
        return screen.box(screen.text(words("moderation.story.removed")))
    if not story.slip:
        return screen.box(screen.text(words("moderation.story.waiting")))
    first = shorten(escape(" ".join(story.slip.split())), FIRST_WORDS)
    return screen.box(screen.text(first), spoiler=story.content_note is not None)


def remove_view(words: Words, story: ModeratedStory) -> LayoutView:
    """Before a story is removed."""
    return screen.screen(
        screen.text(words("moderation.remove.ask", number=story.number)),
        which_story(words, story),
        screen.text(words("moderation.remove.what_goes")),
        screen.row(
            screen.grave_button(words("moderation.remove_it"), MODERATE_REMOVE(story.id)),
            screen.button(words("moderation.keep_it"), MODERATE_KEEP()),
        ),
    )


def mute_view(words: Words, story: ModeratedStory, end: MuteEnd) -> LayoutView:
    """Before somebody is muted."""
    when = local_moment(words, end.until, story.circle.zone)
    return screen.screen(
        screen.text(words("moderation.mute.ask", number=story.number)),
        which_story(words, story),
        screen.text(words("moderation.mute.until", when=when)),
        screen.text(words("moderation.mute.shortened")) if end.shortened else None,
        screen.small(words("moderation.mute.limits")),
        screen.row(
            screen.grave_button(
                words("moderation.mute_it"), MODERATE_MUTE(story.id, int(end.until.timestamp()))
            ),
            screen.button(words("moderation.keep_it"), MODERATE_KEEP()),
        ),
    )


def read_span(words: Words, given: str) -> MuteFor | date:
    """How long, as chosen or typed. Raises Refusal."""
    for span, label in spans(words):
        if given.strip().casefold() in {span.value, label.casefold()}:
            return span
    return read_date(given)


def spans(words: Words) -> list[tuple[MuteFor, str]]:
    """The choices, besides a date."""
    return [(span, words(f"moderation.span.{span.name.lower()}")) for span in MuteFor]


class ModerationCommands:
    """The handlers of ``/moderate`` and of its confirmations."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.words = bot.words
        self.moderation = bot.services.moderation

    async def remove(self, interaction: Interaction, number: int) -> None:
        """``/moderate remove``: ask first."""
        story = await self._story(interaction, number)
        if story.removed:
            raise Gone("refusals.story_removed_already")
        await answer(interaction, remove_view(self.words, story))

    async def remove_asked(self, interaction: Interaction, press: Press) -> None:
        """*Remove it* on another page, for instance that of a report: ask first."""
        if press.arguments[0] != "story":
            raise Refusal("refusals.old_button")
        story = await self.moderation.story(press.number(1))
        require_moderator(interaction, story.circle)
        if story.removed:
            raise Gone("refusals.story_removed_already")
        await answer(interaction, remove_view(self.words, story))

    async def remove_pressed(self, interaction: Interaction, press: Press) -> None:
        """*Remove it*."""
        story = await self._pressed(interaction, press)
        await self.moderation.remove(story.id)
        self.bot.deliverer.wake()
        await say(interaction, self.words("moderation.remove.done", number=story.number))

    async def lock(self, interaction: Interaction, number: int, *, locked: bool) -> None:
        """``/moderate lock`` and ``unlock``; they undo each other, so nothing is asked."""
        story = await self._story(interaction, number)
        seen = await self.moderation.lock(story.id, locked=locked)
        self.bot.deliverer.wake()
        what = "locked" if locked else "still_closed" if seen.closed else "unlocked"
        await say(interaction, self.words(f"moderation.lock.{what}", number=story.number))

    async def mute(self, interaction: Interaction, number: int, until: str) -> None:
        """``/moderate mute``: say until when, and ask."""
        story = await self._story(interaction, number)
        end = await self.moderation.mute_end(story.id, read_span(self.words, until))
        await answer(interaction, mute_view(self.words, story, end))

    async def mute_pressed(self, interaction: Interaction, press: Press) -> None:
        """*Mute*."""
        story = await self._pressed(interaction, press)
        until = await self.moderation.mute(story.id, datetime.fromtimestamp(press.number(1), UTC))
        when = local_moment(self.words, until, story.circle.zone)
        await say(interaction, self.words("moderation.mute.done", number=story.number, when=when))

    async def unmute(self, interaction: Interaction, number: int) -> None:
        """``/moderate unmute``: the same answer whether anybody was muted or not."""
        circle = await self._circle(interaction)
        await self.moderation.unmute(circle.id, number)
        await say(interaction, self.words("moderation.unmute.done", number=number))

    async def keep(self, interaction: Interaction, _press: Press) -> None:
        """*Leave it as it is*."""
        await say(interaction, self.words("moderation.kept"))

    async def spans(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        """How long: the choices that begin like what was typed so far, or all."""
        labels = [label for _, label in spans(self.words)]
        typed = current.strip().casefold()
        fitting = [label for label in labels if label.casefold().startswith(typed)]
        return [app_commands.Choice(name=label, value=label) for label in fitting]

    async def _circle(self, interaction: Interaction) -> CircleInfo:
        await acknowledge(interaction)
        circle = await this_circle(interaction)
        require_moderator(interaction, circle)
        return circle

    async def _story(self, interaction: Interaction, number: int) -> ModeratedStory:
        return await self.moderation.numbered((await self._circle(interaction)).id, number)

    async def _pressed(self, interaction: Interaction, press: Press) -> ModeratedStory:
        story = await self.moderation.story(press.number(0))
        require_moderator(interaction, story.circle)
        return story


Number = app_commands.Range[int, 1, HIGHEST_NUMBER]


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    handlers, words = ModerationCommands(bot), bot.words
    group = app_commands.Group(name="moderate", description=words("moderation.commands.moderate"))
    describe = app_commands.describe(story=words("moderation.commands.story"))

    @group.command(name="remove", description=words("moderation.commands.remove"))
    @describe
    async def remove(interaction: Interaction, story: Number) -> None:
        await handlers.remove(interaction, story)

    @group.command(name="lock", description=words("moderation.commands.lock"))
    @describe
    async def lock(interaction: Interaction, story: Number) -> None:
        await handlers.lock(interaction, story, locked=True)

    @group.command(name="unlock", description=words("moderation.commands.unlock"))
    @describe
    async def unlock(interaction: Interaction, story: Number) -> None:
        await handlers.lock(interaction, story, locked=False)

    @group.command(name="mute", description=words("moderation.commands.mute"))
    @describe
    @app_commands.describe(until=words("moderation.commands.until"))
    @app_commands.autocomplete(until=handlers.spans)
    async def mute(interaction: Interaction, story: Number, until: str) -> None:
        await handlers.mute(interaction, story, until)

    @group.command(name="unmute", description=words("moderation.commands.unmute"))
    @describe
    async def unmute(interaction: Interaction, story: Number) -> None:
        await handlers.unmute(interaction, story)

    notes = ModeratorsNotes(bot)

    @group.command(name="write", description=words("moderation.commands.write"))
    @describe
    async def write(interaction: Interaction, story: Number) -> None:
        await notes.write(interaction, story)

    @group.command(name="notes", description=words("moderation.commands.notes"))
    async def written(interaction: Interaction) -> None:
        await notes.notes(interaction)

    return Feature(
        name="moderation",
        commands=(group,),
        routes=(
            Route(MODERATE_REMOVE, handlers.remove_pressed, Ack.UPDATE),
            Route(MODERATE_REMOVE_ASK, handlers.remove_asked, Ack.UPDATE),
            Route(MODERATE_MUTE, handlers.mute_pressed, Ack.UPDATE),
            Route(MODERATE_KEEP, handlers.keep, Ack.UPDATE),
            *notes.routes(),
        ),
        renderers={LOCK: LockRenderer(bot)},
    )
