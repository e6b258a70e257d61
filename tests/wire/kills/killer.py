"""When the process is killed, or stopped for a while: at any moment, or exactly around a request."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from tests.wire.bot_process import BotProcess
from tests.wire.faults import Fault
from tests.wire.hurried import DELIVERY_SECONDS
from tests.wire.last_request import ANSWER, END_OF_MESSAGE, END_OF_THREAD, LATER_ANSWER, MESSAGE, THREAD
from tests.wire.requests import Request

REQUESTS = {
    "an answer to a press": (*ANSWER, 5),
    "a later answer": (*LATER_ANSWER, 3),
    "a message": (*MESSAGE, 5),
    "a thread": (*THREAD, 3),
    "a forum post": ("POST", r"/channels/\d+/threads", 3),
    "an edit": ("PATCH", r"/channels/\d+/messages/\d+", 2),
    "a message's end": (*END_OF_MESSAGE, 2),
    "a thread's or post's end": (*END_OF_THREAD, 2),
    "a look at the history": ("GET", r"/channels/\d+/messages", 1),
}
"""Each with how often it is chosen, beside how often it comes."""
WHERE = ("never arrives", "arrives", "is answered")
"""The process dies when the request is on its way and gets lost, or arrives and nobody hears of it, or as
soon as it is answered."""
WAIT_SECONDS = 4.0
"""For a request that may never come; then the kill comes at that moment."""
LIFE_SECONDS = 1.2
STOP_SECONDS = DELIVERY_SECONDS + 1
"""Longer than a delivery is leased to the process."""
CLOCK_MOVES = {0: 0.4, 4: 0.4, 25: 0.12, 480: 0.08}
"""Minutes that pass while the process is dead, with how often; a nonce is remembered for three."""


@dataclass
class Killer:
    """Kills and starts again, or stops for a while, and counts where."""

    bot: BotProcess
    random: Random
    kills: Counter[str] = field(default_factory=Counter[str])
    stops: Counter[str] = field(default_factory=Counter[str])

    async def kill(self) -> None:
        """One kill, somewhere; then the process is started again, which may be killed at once, too."""
        if self.random.random() < 0.35:
            await self._at_any_time("at any time")
        else:
            await self.bot.ready()
            await self._at_a_request()
        if self.random.random() < 0.1:
            await self.bot.start()
            await self._at_any_time("while starting")
        self._time_passes()
        await self.bot.start()

    async def stop(self) -> None:
        """Stop it around a request until all of its leases are over; then it goes on and knows nothing."""
        await self.bot.ready()
        where = await self._around_a_request(self.bot.freeze)
        if where is None:
            self.bot.freeze()
        await asyncio.sleep(STOP_SECONDS)
        self._time_passes()
        self.bot.thaw()
        self.stops[where or "at any time"] += 1

    def _time_passes(self) -> None:
        (minutes,) = self.random.choices(list(CLOCK_MOVES), CLOCK_MOVES.values())
        self.bot.move_clock(minutes=minutes)

    @property
    def times(self) -> int:
        """How often it has killed."""
        return self.kills.total()

    async def _at_any_time(self, where: str) -> None:
        await asyncio.sleep(self.random.uniform(0.0, LIFE_SECONDS))
        await self._now(where)

    async def _at_a_request(self) -> None:
        where = await self._around_a_request(lambda: self.bot.signal(signal.SIGKILL))
        if where is None:
            await self._now("at any time")
            return
        await self.bot.ended()
        self.kills[where] += 1

    async def _around_a_request(self, act: Callable[[], None]) -> str | None:
        """Do something exactly there. Returns where that was; None when no such request came."""
        weights = [often for _method, _path, often in REQUESTS.values()]
        (name,) = self.random.choices(list(REQUESTS), weights)
        where: Literal["never arrives", "arrives", "is answered"] = self.random.choice(WHERE)  # pyright: ignore[reportAssignmentType]  # one of them
        method, path, _often = REQUESTS[name]
        chosen = _Nth(self.random.randrange(1, 4))
        faults, came = self.bot.discord.faults, asyncio.Event()

        def now(_request: Request) -> None:
            act()
            came.set()

        fault = None
        if where == "never arrives":
            fault = faults.add(Fault(kind="close-before", method=method, path=path, times=1, about=chosen))
        moment = faults.when("after" if where == "is answered" else "before", method, path, now, about=chosen)
        try:
            await asyncio.wait_for(came.wait(), WAIT_SECONDS)
        except TimeoutError:
            chosen.off = True
            if not came.is_set():
                return None
        finally:
            faults.forget(moment)
            if fault is not None:
                faults.forget(fault)
        return f"{name} {where}"

    async def _now(self, where: str) -> None:
        await self.bot.kill()
        self.kills[where] += 1


@dataclass
class _Nth:
    """Chooses the n-th request that is asked about, and goes on choosing that one alone."""

    number: int
    off: bool = False
    _seen: list[Request] = field(default_factory=list[Request])

    def __call__(self, request: Request) -> bool:
        if self.off:
            return False
        if not any(request is one for one in self._seen):
            self._seen.append(request)
        return len(self._seen) >= self.number and request is self._seen[self.number - 1]
