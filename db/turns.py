"""Whose turn it is to write: people first, the bot's own work behind them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar

_OWN_WORK = ContextVar("own work", default=False)
"""Set for a task and for what it awaits; whoever answers a person never has it."""


@contextmanager
def own_work() -> Generator[None]:
    """For ticks and deliveries: what is written inside gives way to whoever answers a person."""
    token = _OWN_WORK.set(True)
    try:
        yield
    finally:
        _OWN_WORK.reset(token)


class Turns:
    """Lets one writer in at a time. A person who waits comes before all of the bot's own work that waits;
    among equals, who came first goes first."""

    def __init__(self) -> None:
        self._taken = False
        self._people: deque[asyncio.Future[None]] = deque()
        self._own: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def one(self) -> AsyncGenerator[None]:
        """Hold the turn inside ``async with``."""
        await self._take()
        try:
            yield
        finally:
            self._pass_on()

    async def _take(self) -> None:
        if not self._taken:
            self._taken = True
            return
        queue = self._own if _OWN_WORK.get() else self._people
        waiting = asyncio.get_running_loop().create_future()
        queue.append(waiting)
        try:
            await waiting
        except asyncio.CancelledError:
            if not waiting.cancelled():  # the turn was ours already
                self._pass_on()
            with suppress(ValueError):
                queue.remove(waiting)
            raise

    def _pass_on(self) -> None:
        for queue in (self._people, self._own):
            while queue:
                waiting = queue.popleft()
                if not waiting.done():
                    waiting.set_result(None)
                    return
        self._taken = False
