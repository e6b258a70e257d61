"""The deliverer: takes due deliveries, makes Discord show them, and settles what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random

import aiohttp
import discord

from bot.delivery.deadline import deadline, steady
from bot.delivery.discord_side import GONE, DiscordSide
from bot.delivery.places import NoAccess, NotCertainYet, Unreadable
from bot.delivery.steps import (
    Edit,
    Nothing,
    NotYet,
    OpenThread,
    Rest,
    Retract,
    Send,
    SendPrivately,
    Shown,
    Step,
)
from bot.feature import Renderer
from bot.operating.measures import Measures
from bot.operating.recurring import Recurring
from bot.pressing import by_itself
from bot.services.outbox import LEASE_SECONDS, Lease, Outbox, channel_destination
from db.deliveries import ERROR, UNREACHABLE
from db.errors import LeaseLost
from db.turns import own_work

log = logging.getLogger(__name__)

AT_ONCE = 64
"""Deliveries under way: enough to keep Discord's pace while each takes a second."""
ROOM = AT_ONCE // 4
"""So many places have to be free before more is taken: each taking is a transaction."""
REQUEST_SECONDS = LEASE_SECONDS - 15
"""The hard limit, counted from the taking of the lease, for all that is asked of Discord under it."""
STOP_SECONDS = 8
"""How long deliveries under way may take to finish when the bot stops."""
HURRY_SECONDS = 60
"""So long at least lies between two times at which all that Discord didn't answer is tried at once."""
TRIES_WITH_ERRORS = 12
"""So often (for about an hour) a delivery is tried that our own mistake stops; then it is set aside."""
CLOSED_TO_US = {10003, 10004, 40067, 50001, 50013}
"""The channel or server is gone, a forum's tag is missing (40067), access or a permission is."""
CLOSED_PERSON = {50007, 50278, 10013}
OPENING_TOO_FAST = 40003
"""Too many private messages were opened: going on would be punished."""
TOO_MUCH = {30033, 30046, 160006}
"""Too many of something for now: people in a thread, edits, open threads."""
LATER = timedelta(minutes=10)


class Deliverer:
    """Drains the outbox whenever it is woken. One is enough for a process."""

    def __init__(
        self,
        outbox: Outbox,
        side: DiscordSide,
        renderers: Mapping[str, Renderer],
        random: Random,
        measures: Measures | None = None,
    ) -> None:
        self._outbox = outbox
        self._side = side
        self._renderers = renderers
        self._random = random
        self._measures = measures or Measures()
        self._tried = Recurring(log)
        self._taking: asyncio.Task[None] | None = None
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again = False
        self._stopping = False
        self._silent = False
        """Discord gave no answer at all when it was last asked."""
        self._hurry_after = 0.0
        """By ``steady()``. One place that never answers isn't tried after each success elsewhere."""

    def wake(self) -> None:
        """Look for due deliveries soon; returns at once. A request that hangs holds up nobody else."""
        self._again = True
        if not self._stopping and (self._taking is None or self._taking.done()):
            self._taking = asyncio.create_task(self._take(), name="taking deliveries")

    async def answered_again(self) -> None:
        """Discord may have been away: try what it didn't answer now, and in order."""
        self._silent, self._hurry_after = False, steady() + HURRY_SECONDS
        try:
            with own_work():
                await self._outbox.hurry_unreachable()
        except Exception:
            log.exception("what Discord didn't answer goes out later")
        self.wake()

    async def drained(self) -> None:
        """Deliver what is due, and come back when nothing due is left. Whoever gives up waiting stops
        no delivery."""
        self.wake()
        while under_way := self._under_way():
            await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self) -> None:
        """Let what is under way finish; take nothing new. What doesn't finish is looked for at the start."""
        self._stopping = True
        if under_way := self._under_way():
            await asyncio.wait(under_way, timeout=STOP_SECONDS)
        left = self._under_way()
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)

    def _under_way(self) -> set[asyncio.Task[None]]:
        return {
            task for task in (self._taking, *self._running.values()) if task is not None and not task.done()
        }

    async def _take(self) -> None:
        """Begin with due deliveries while there is room. What the database refuses now waits for the
        next tick."""
        with own_work(), by_itself():
            while self._again and not self._stopping and len(self._running) <= AT_ONCE - ROOM:
                self._again = False
                end = steady() + REQUEST_SECONDS
                leases: Sequence[Lease] | None = None
                with self._tried.watched("taking due deliveries"):
                    leases = await self._outbox.claim(AT_ONCE - len(self._running))
                if leases is None:
                    return
                for lease in leases:
                    await self._begin(lease, end)

    async def _begin(self, lease: Lease, end: float) -> None:
        """Work on a delivery. An attempt of ours whose lease ran out, because everything stood still for
        so long, is given up first."""
        if (older := self._running.get(lease.id)) is not None:
            older.cancel()
            await asyncio.wait({older})
        task = asyncio.create_task(self._work(lease, end), name=f"delivery {lease.id}")
        self._running[lease.id] = task
        task.add_done_callback(lambda done: self._settled(lease.id, done))

    def _settled(self, delivery_id: str, task: asyncio.Task[None]) -> None:
        """One is done, so that its destination is free, and there is room for another."""
        if self._running.get(delivery_id) is task:
            del self._running[delivery_id]
        self.wake()

    async def _work(self, lease: Lease, end: float) -> None:
        try:
            with deadline(end):
                await self._attempt(lease, end)
        except LeaseLost:
            log.warning("delivery %s was taken over by somebody else", lease.id)
        except Exception:
            # Discord may have taken it already: what is sent is only ever sent again after a look
            log.exception("delivery %s (%s) could not be settled", lease.id, lease.kind)
            await self._put_back(lease, uncertain=True, trouble=ERROR)

    async def _attempt(self, lease: Lease, end: float) -> None:
        renderer = self._renderers[lease.kind]
        try:
            step = await renderer.prepare(lease)
        except LeaseLost:
            raise
        except Exception:
            log.exception("delivery %s (%s) could not be prepared", lease.id, lease.kind)
            await self._put_back(lease, uncertain=False, trouble=ERROR)
            return
        if isinstance(step, Nothing):
            await self._outbox.drop(lease)
            return
        if isinstance(step, Rest):
            return
        if isinstance(step, NotYet):
            await self._outbox.postpone(lease, step.wait)
            return
        try:
            async with asyncio.timeout(end - steady()):
                shown = await self._make(lease, step)
        except (
            NoAccess,
            NotCertainYet,
            Unreadable,
            discord.HTTPException,
            aiohttp.ClientError,
            TimeoutError,
            OSError,
        ) as error:
            await self._trouble(lease, renderer, step, error)
            return
        if shown is None:
            await self._outbox.never_arrived(lease)
        else:
            await renderer.record(lease, shown)
            self._measures.delivered(lease.kind, "shown")
        if self._silent and steady() > self._hurry_after:
            await self.answered_again()

    async def _make(self, lease: Lease, step: Step) -> Shown | None:
        """Do it, after a look whether it was done already; None when it wasn't and it is too late now."""
        if isinstance(step, Send | SendPrivately):
            if lease.uncertain:
                found = await self._found(lease, step)
                if found is not None:
                    # it shows what was true at that time: make it show what is true now
                    await self._side.refresh(found, step.view, lease.id)
                    return found
            if step.too_late:
                return None
        return await self._side.make(step, lease.id)

    async def _found(self, lease: Lease, step: Send | SendPrivately) -> Shown | None:
        """What an earlier attempt has left, also if it was edited since.

        Whoever says that nothing is there may be wrong: that is believed only where it can't be seen.
        """
        try:
            found = await self._side.look_for(step, lease.id, lease.first_attempt_at)
            if found is None and isinstance(step, Send) and step.known_as is not None:
                found = await self._side.look_for(step, step.known_as, lease.first_attempt_at)
        except Unreadable:
            if not lease.by_hand:
                raise
            return None
        return found

    async def _trouble(self, lease: Lease, renderer: Renderer, step: Step, error: Exception) -> None:
        """Settle a delivery that Discord did not take, by what the error says about it."""
        self._measures.delivered(lease.kind, _outcome(error))
        if isinstance(error, Unreadable) and isinstance(step, Retract):
            # what was taken back must not stay, and looking once more does no harm
            await self._outbox.close_destination(lease, "read_message_history", LATER)
        elif isinstance(error, Unreadable):
            await self._outbox.set_aside(lease, "unsure", "history")
        elif isinstance(error, NotCertainYet):
            await self._outbox.postpone(lease, error.wait, trouble="not certain yet")
        elif isinstance(error, NoAccess):
            await self._outbox.close_destination(lease, error.reason, timedelta())
        elif not isinstance(error, discord.HTTPException) or error.status >= 500:
            self._silent = self._silent or not isinstance(error, discord.HTTPException)
            await self._put_back(lease, uncertain=True, trouble=UNREACHABLE)
        elif error.code in CLOSED_PERSON and hasattr(renderer, "refused"):
            await renderer.refused(lease)  # pyright: ignore[reportAttributeAccessIssue]  # just asked
        elif error.code == OPENING_TOO_FAST:
            await self._outbox.rest_privately(lease, LATER, f"code {error.code}")
        elif error.code in TOO_MUCH or error.status == 429:
            await self._outbox.postpone(lease, LATER, trouble=f"code {error.code}")
        elif error.code in CLOSED_TO_US and _of_the_destination(lease, step, error.code):
            await self._outbox.close_destination(lease, f"code {error.code}", self._backoff(lease))
        else:
            level = logging.WARNING if error.code in GONE else logging.ERROR
            log.log(level, "Discord refused delivery %s (%s): code %s", lease.id, lease.kind, error.code)
            # only of a message it matters whether it arrived; all else looks like the state, or doesn't yet
            doubted = lease.uncertain and isinstance(step, Send | SendPrivately)
            await self._outbox.set_aside(lease, "unsure" if doubted else "failed", f"code {error.code}")

    def _backoff(self, lease: Lease) -> timedelta:
        seconds = min(15 * 60, 5 * 2 ** min(lease.attempts - 1, 10))
        return timedelta(seconds=seconds * (0.5 + self._random.random()))

    async def _put_back(self, lease: Lease, *, uncertain: bool, trouble: str) -> None:
        try:
            if trouble == ERROR and lease.attempts >= TRIES_WITH_ERRORS:
                state = "unsure" if uncertain or lease.uncertain else "failed"
                await self._outbox.set_aside(lease, state, trouble)
            else:
                wait = self._backoff(lease)
                await self._outbox.postpone(lease, wait, uncertain=uncertain, trouble=trouble)
        except LeaseLost:
            log.warning("delivery %s was taken over by somebody else", lease.id)
        except Exception:
            log.exception("delivery %s could not be put back; its lease will run out", lease.id)


def _outcome(error: Exception) -> str:
    """In one word, why Discord didn't take a delivery."""
    match error:
        case Unreadable():
            return "unreadable"
        case NoAccess():
            return "no_access"
        case discord.HTTPException(status=429):
            return "too_fast"
        case discord.HTTPException(status=status) if status < 500:
            return "refused"
        case _:
            return UNREACHABLE


def _of_the_destination(lease: Lease, step: Step, code: int) -> bool:
    """Whether a refusal is about the whole destination, and not about one thread or person in it."""
    if isinstance(step, SendPrivately):
        return False
    if code not in GONE or not isinstance(step, Send | Edit | OpenThread | Retract):
        return True
    return lease.destination == channel_destination(step.channel_id)
