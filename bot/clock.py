"""The clock: APScheduler lives here and nowhere else, and only asks "what is due now?"."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

TICK_SECONDS = 5
log = logging.getLogger(__name__)


class Clock:
    """Calls ``tick`` every few seconds, never twice at once, and never heaps up what it missed."""

    def __init__(self, tick: Callable[[], Awaitable[None]]) -> None:
        self._tick = tick
        self._looking: asyncio.Task[None] | None = None
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        logging.getLogger("apscheduler").setLevel(logging.WARNING)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.add_job(
            self._begin,
            IntervalTrigger(seconds=TICK_SECONDS),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking. A look that has begun goes on to its end."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _begin(self) -> None:
        """Begin a look in a task of its own: what the scheduler itself waits for, its shutdown cancels."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        try:
            await self._tick()
        except Exception:  # the next tick looks again, whatever this one met
            log.exception("looking what is due failed")
