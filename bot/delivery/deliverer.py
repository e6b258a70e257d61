"""The deliverer: takes due deliveries, makes Discord show them, and settles what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from random import Random

import aiohttp
import discord

from bot.delivery.discord_side import AlreadyThere, DiscordSide, NoAccess, Unreadable
from bot.delivery.steps import Nothing, NotYet, Send, SendPrivately, Shown, Step
from bot.feature import Renderer
from bot.services.outbox import LEASE_SECONDS, Lease, Outbox
from db.errors import LeaseLost

log = logging.getLogger(__name__)

AT_ONCE = 48
REQUEST_SECONDS = LEASE_SECONDS - 15
"""The hard limit of one request: well inside the lease."""
CLOSED_TO_US = {10003, 10004, 50001, 50013, 30033, 160006}
CLOSED_PERSON = {50007, 50278, 40003, 10013}
TOO_MANY_EDITS = 30046


class Deliverer:
    """Drains the outbox whenever it is woken. One is enough for a process."""

    def __init__(
        self, outbox: Outbox, side: DiscordSide, renderers: Mapping[str, Renderer], random: Random
    ) -> None:
        self._outbox = outbox
        self._side = side
        self._renderers = renderers
        self._random = random
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._stopping = False

    def wake(self) -> None:
        """Look for due deliveries soon; returns at once."""
        self._again = True
        if not self._stopping and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._drain(), name="deliveries")

    async def drained(self) -> None:
        """Deliver what is due, and come back when nothing due is left."""
        self.wake()
        if self._task is not None:
            await self._task

    async def stop(self) -> None:
        """Let what is under way finish; take nothing new."""
        self._stopping = True
        if self._task is not None and not self._task.done():
            await asyncio.wait({self._task}, timeout=8)
            self._task.cancel()

    async def _drain(self) -> None:
        running: set[asyncio.Task[None]] = set()
        while not self._stopping or running:
            if len(running) <= AT_ONCE // 2 and not self._stopping:
                self._again = False
                for lease in await self._outbox.claim(AT_ONCE - len(running)):
                    running.add(asyncio.create_task(self._deliver(lease)))
            if not running:
                if not self._again:
                    return
                continue
            _done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)

    async def _deliver(self, lease: Lease) -> None:
        try:
            await self._attempt(lease)
        except LeaseLost:
            log.warning("delivery %s was taken over by somebody else", lease.id)
        except Exception:
            log.exception("delivery %s (%s) failed", lease.id, lease.kind)
            await self._again_later(lease, uncertain=True, trouble="error")

    async def _attempt(self, lease: Lease) -> None:
        renderer = self._renderers[lease.kind]
        step = await renderer.prepare(lease)
        if isinstance(step, Nothing):
            await self._outbox.drop(lease)
            return
        if isinstance(step, NotYet):
            await self._outbox.postpone(lease, step.wait)
            return
        try:
            shown = await self._make(lease, step)
        except (
            NoAccess,
            Unreadable,
            discord.HTTPException,
            aiohttp.ClientError,
            TimeoutError,
            OSError,
        ) as error:
            await self._trouble(lease, renderer, error)
            return
        await renderer.record(lease, shown)

    async def _make(self, lease: Lease, step: Step) -> Shown:
        async with asyncio.timeout(REQUEST_SECONDS):
            if lease.uncertain and isinstance(step, Send | SendPrivately):
                try:
                    await self._side.look_for(step, lease.id, lease.first_attempt_at)
                except AlreadyThere as found:
                    return found.shown
            return await self._side.make(step, lease.id)

    async def _trouble(self, lease: Lease, renderer: Renderer, error: Exception) -> None:
        """Settle a delivery that Discord did not take, by what the error says about it."""
        if isinstance(error, Unreadable):
            await self._outbox.set_aside(lease, "unsure", "history")
        elif isinstance(error, NoAccess):
            await self._outbox.close_destination(lease, error.reason)
        elif not isinstance(error, discord.HTTPException) or error.status >= 500:
            await self._again_later(lease, uncertain=True, trouble="unreachable")
        elif error.code in CLOSED_PERSON and hasattr(renderer, "refused"):
            await renderer.refused(lease)  # pyright: ignore[reportAttributeAccessIssue]  # just asked
        elif error.code in CLOSED_TO_US:
            await self._outbox.close_destination(lease, f"code {error.code}")
        elif error.code == TOO_MANY_EDITS or error.status == 429:
            await self._outbox.postpone(lease, timedelta(minutes=10), trouble=f"code {error.code}")
        else:
            log.error("Discord refused delivery %s (%s): code %s", lease.id, lease.kind, error.code)
            await self._outbox.set_aside(lease, "failed", f"code {error.code}")

    async def _again_later(self, lease: Lease, *, uncertain: bool, trouble: str) -> None:
        seconds = min(15 * 60, 5 * 2 ** min(lease.attempts - 1, 10)) * (0.5 + self._random.random())
        try:
            await self._outbox.postpone(
                lease, timedelta(seconds=seconds), uncertain=uncertain, trouble=trouble
            )
        except LeaseLost:
            log.warning("delivery %s was taken over by somebody else", lease.id)
        except Exception:
            log.exception("delivery %s could not be put back; its lease will run out", lease.id)
