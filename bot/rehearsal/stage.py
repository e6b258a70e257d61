"""The stage: simcord's world with the real bot in it, one thing at a time.

Time stands still until it is skipped, but for moments after a press. It stops at everything due, so a
jump is no downtime. Whatever the bot does outside of a press runs in the context that it remembered when
it started (``bot.inside``): only there is simcord's time its time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from simcord import Env
from simcord.builders import ChannelHandle
from simcord.preview import Preview

from bot.client import Bot
from bot.content.dates import local_moment
from bot.content.words import Words
from bot.rehearsal.log import Log
from bot.rehearsal.scene import Busy, Person, Place, Scene, Skip
from bot.rehearsal.world import ZONE, Somebody, World

STEPS = {Skip.HOUR: timedelta(hours=1), Skip.DAY: timedelta(days=1)}
AT_MOST = timedelta(days=1)
"""So long the next thing due is looked for when what is due doesn't show."""
PRIVATE = "private"
"""The key of the place where one reads one's private messages."""
MOMENT = timedelta(seconds=30)
"""What falls due so soon after a press happens by itself, as if somebody had looked on for a moment."""
MOST_AT_ONCE = 100  # ticks at one moment; more means that something due is never done
_log = logging.getLogger(__name__)
T = TypeVar("T")


class SimcordStage:
    """The Stage of the rehearsal."""

    def __init__(self, env: Env, bot: Bot, world: World, words: Words, log: Log) -> None:
        self._env = env
        self._bot = bot
        self._world = world
        self._words = words
        self._happened = log
        self._lock = asyncio.Lock()
        self._preview: Preview | None = None
        self._person = world.people[2]
        self._place = str(world.circles[0].channel.id)
        self._view = 0
        self._busy = False
        self._next_due: datetime | None = None

    async def open(self) -> None:
        """Let the first question come, and show the first circle to a peer."""
        async with self._lock:
            await self._until(await self._inside(self._bot.next_due()) or self._env.now())
            await self._reopen()

    async def close(self) -> None:
        """Stop showing."""
        async with self._lock:
            if self._preview is not None:
                await self._preview.close()
                self._preview = None

    def scene(self) -> Scene:
        """How things stand."""
        return Scene(
            moment=self._say(self._env.now()),
            next_due=self._say(self._next_due) if self._next_due else None,
            people=tuple(Person(str(one.actor.id), one.name, one.role) for one in self._world.people),
            places=tuple(place for place, _ in self._places()),
            person=str(self._person.actor.id),
            place=self._place,
            happenings=self._happened.lines,
            view=self._view,
            capability=self._preview.capability if self._preview else "",
            busy=self._busy,
        )

    async def skip(self, by: Skip) -> None:
        """Move time on. Raises Busy."""
        async with self._lock:
            self._busy = True
            try:
                now = self._env.now()
                if by in STEPS:
                    await self._until(now + STEPS[by])
                else:
                    await self._until_something(now + AT_MOST)
                await self._inside(self._bot.tick())  # what nobody waits for, such as forgetting
                await self._look_again()
            finally:
                self._busy = False

    async def _until_something(self, latest: datetime) -> None:
        """Go on from one due moment to the next, until there is something to tell.

        What is only put off, as in a paused circle, is due again and again: after ``latest`` that is enough.
        """
        told = self._happened.lines
        while (due := await self._inside(self._bot.next_due())) is not None:
            await self._until(max(due, self._env.now()))
            if self._happened.lines != told or self._env.now() >= latest:
                return

    async def show(self, person: str, place: str) -> None:
        """Look at ``place`` as ``person``. Raises LookupError."""
        chosen = next((one for one in self._world.people if str(one.actor.id) == person), None)
        if chosen is None:
            raise LookupError(person)
        async with self._lock:
            self._channel(place, chosen)
            self._person, self._place = chosen, place
            await self._reopen()

    @asynccontextmanager
    async def window(self, *, acting: bool) -> AsyncGenerator[str]:
        """Hold the world still for one request of the window."""
        async with self._lock:
            yield self._preview.url.partition("/#")[0] if self._preview else ""
            if acting:
                # The press is done and its answer must reach the page, whatever happens here.
                try:
                    await self._until(self._env.now() + MOMENT, onward=False)
                    await self._look_again()
                except Exception:
                    _log.exception("What a press made due stumbled")

    # time

    async def _until(self, target: datetime, *, onward: bool = True) -> None:
        """Stop at every due moment up to ``target``; then go ``onward`` to it, or stay at the last one."""
        ticks, last = 0, None
        self._name_places()
        while (due := await self._inside(self._bot.next_due())) is not None and due <= target:
            await self._advance(due)
            ticks, last = (ticks + 1 if last == self._env.now() else 0), self._env.now()
            if ticks > MOST_AT_ONCE:
                raise Busy
            await self._inside(self._bot.tick())
        if onward:
            await self._advance(target)
        self._next_due = due
        self._name_places()

    async def _advance(self, moment: datetime) -> None:
        ahead = (moment - self._env.now()).total_seconds()
        if ahead > 0:
            await self._env.advance_time(ahead)

    async def _inside(self, work: Coroutine[Any, Any, T]) -> T:
        """Do ``work`` as the bot. Raises Busy when it doesn't come to an end."""
        task = self._bot.inside.run(asyncio.create_task, work)
        try:
            await self._env.settle()
        except TimeoutError as error:
            raise Busy from error
        return task.result()

    def _say(self, moment: datetime) -> str:
        return local_moment(self._words, moment, ZONE)

    # places

    def _places(self) -> Iterator[tuple[Place, ChannelHandle]]:
        """Everywhere one can look: circles, their threads, one's private messages."""
        for circle in self._world.circles:
            channel = circle.channel
            yield Place(str(channel.id), f"#{channel.name}", circle.note), channel
            note = self._words("rehearsal.world.thread_note", channel=f"#{channel.name}")
            for thread in channel.threads:
                key = str(thread.id)
                yield Place(key, thread.name or key, note, opened_from=key), thread
        yield (
            Place(
                PRIVATE, self._words("rehearsal.world.private"), self._words("rehearsal.world.private_note")
            ),
            self._person.actor.user.dm_channel,
        )

    def _name_places(self) -> None:
        self._happened.places = {channel.id: place.name for place, channel in self._places()}

    def _channel(self, key: str, person: Somebody) -> ChannelHandle:
        """The channel of a place as ``person`` sees it. Raises LookupError."""
        if key == PRIVATE:
            return person.actor.user.dm_channel
        for place, channel in self._places():
            if place.key == key:
                return channel
        raise LookupError(key)

    # the window

    async def _reopen(self) -> None:
        if self._preview is not None:
            await self._preview.close()
        private = self._place == PRIVATE
        self._preview = self._env.preview(
            self._channel(self._place, self._person),
            viewers=[self._person.actor.user if private else self._person.actor],
            layout="channel",
            locale="en-GB",
            timezone=ZONE,
            assets=self._world.faces,
        )
        await self._preview.__aenter__()
        self._view += 1

    async def _look_again(self) -> None:
        """Show what the bot did by itself; from a thread that is gone, go back to the first circle."""
        if self._preview is None:
            return
        try:
            self._channel(self._place, self._person)
        except LookupError:
            self._place = str(self._world.circles[0].channel.id)
            await self._reopen()
        else:
            await self._preview.refresh()
