"""When the process is killed: at some moment of its life, or exactly around one of its requests."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from tests.wire.bot_process import BotProcess
from tests.wire.faults import Fault
from tests.wire.requests import Request

REQUESTS = {
    "an answer to a press": ("POST", r"/interactions/\d+/[^/]+/callback"),
    "a later answer": ("PATCH", r"/webhooks/\d+/[^/]+/messages/@original"),
    "a message": ("POST", r"/channels/\d+/messages"),
    "a thread": ("POST", r"/channels/\d+/messages/\d+/threads"),
    "a forum post": ("POST", r"/channels/\d+/threads"),
    "an edit": ("PATCH", r"/channels/\d+/messages/\d+"),
    "a message's end": ("DELETE", r"/channels/\d+/messages/\d+"),
    "a thread's or post's end": ("DELETE", r"/channels/\d+"),
    "a look at the history": ("GET", r"/channels/\d+/messages"),
}
WHERE = ("never arrives", "arrives", "is answered")
"""The process dies when the request is on its way and gets lost, or arrives and nobody hears of it, or as
soon as it is answered."""
WAIT_SECONDS = 3.0
"""For a request that may never come; then the kill comes at that moment."""
LIFE_SECONDS = 1.2
CLOCK_MOVES = {0: 0.55, 4: 0.25, 25: 0.12, 480: 0.08}
"""Minutes that pass while the process is dead, with how often; a nonce is remembered for three."""


@dataclass
class Killer:
    """Kills and starts again, and counts where."""

    bot: BotProcess
    random: Random
    kills: Counter[str] = field(default_factory=Counter[str])

    async def kill(self) -> None:
        """One kill, somewhere; then the process is started again, which may be killed at once, too."""
        if self.random.random() < 0.35:
            await self._at_any_time("at any time")
        else:
            await self._at_a_request()
        if self.random.random() < 0.1:
            await self.bot.start()
            await self._at_any_time("while starting")
        (minutes,) = self.random.choices(list(CLOCK_MOVES), CLOCK_MOVES.values())
        self.bot.move_clock(minutes=minutes)
        await self.bot.start()

    @property
    def times(self) -> int:
        """How often it has killed."""
        return self.kills.total()

    async def _at_any_time(self, where: str) -> None:
        await asyncio.sleep(self.random.uniform(0.0, LIFE_SECONDS))
        await self._now(where)

    async def _at_a_request(self) -> None:
        name = self.random.choice(list(REQUESTS))
        where: Literal["never arrives", "arrives", "is answered"] = self.random.choice(WHERE)  # pyright: ignore[reportAssignmentType]  # one of them
        method, path = REQUESTS[name]
        chosen = _Nth(self.random.randrange(1, 4))
        faults, came = self.bot.discord.faults, asyncio.Event()

        def die(_request: Request) -> None:
            self.bot.signal(signal.SIGKILL)
            came.set()

        fault = None
        if where == "never arrives":
            fault = faults.add(Fault(kind="close-before", method=method, path=path, times=1, about=chosen))
        moment = faults.when("after" if where == "is answered" else "before", method, path, die, about=chosen)
        try:
            await asyncio.wait_for(came.wait(), WAIT_SECONDS)
        except TimeoutError:
            chosen.off = True
            if not came.is_set():
                await self._now("at any time")
                return
        finally:
            faults.forget(moment)
            if fault is not None:
                faults.forget(fault)
        await self.bot.ended()
        self.kills[f"{name} {where}"] += 1

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
