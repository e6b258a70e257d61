"""Pace: all requests but answers to presses go out at a rate that Discord bears; those for a person first.

Discord allows 50 requests a second to a bot, all processes together, not counting interaction end
points (Discord's rate limit documentation); discord.py has no limiter for that.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from types import SimpleNamespace

import aiohttp

from bot.pressing import for_a_person

_ANSWERS = re.compile(r"/(interactions|webhooks)/\d+/")
"""In the paths of what answers a press; those of channels' webhooks, which we don't use, don't match."""

RESERVE = 5
"""So many requests may go out at once after a quiet time, beside the one whose turn it is."""

A_MOMENT = 1e-6
"""Seconds that are no reason to wait."""


def answers_a_press(path: str) -> bool:
    """Whether a request with this path answers somebody's press, or follows such an answer."""
    return _ANSWERS.search(path) is not None


class Pacer:
    """Lets one request go every ``1/rate`` seconds, with a small reserve for quiet times.

    What counts is when a request really went: after a moment in which the whole process stood still, those
    that should have gone meanwhile don't all go at once.

    ``part`` is this process's part of both, when several share one limit: whatever starts or ends, together
    they never exceed it. What a person waits for goes before all of the bot's own that waits.
    """

    def __init__(self, rate: float, monotonic: Callable[[], float], part: float = 1) -> None:
        self.rate = rate * part
        self._monotonic = monotonic
        self._reserve = max(0.0, (RESERVE + 1) * part - 1)
        self._next = 0.0
        self._own, self._persons = asyncio.Lock(), asyncio.Lock()
        self._waiting = 0
        """How many requests wait for which a person waits."""

    async def turn(self) -> None:
        """Wait until it is our turn; among equals who came first goes first."""
        if not for_a_person():
            async with self._own:
                await self._in_time()
                while self._waiting:
                    await asyncio.sleep(1 / self.rate)
                    await self._in_time()
                self._gone()
            return
        self._waiting += 1
        try:
            async with self._persons:
                await self._in_time()
                self._gone()
        finally:
            self._waiting -= 1

    async def _in_time(self) -> None:
        wait = self._next - self._monotonic()
        while wait > A_MOMENT:
            await asyncio.sleep(wait)
            wait = self._next - self._monotonic()

    def _gone(self) -> None:
        now = self._monotonic()
        self._next = max(self._next, now - self._reserve / self.rate) + 1 / self.rate


def pace_requests(trace: aiohttp.TraceConfig, pacer: Pacer) -> aiohttp.TraceConfig:
    """Let every request of a client session wait for its turn, except answers to presses.

    At the last moment before it goes: what discord.py repeats by itself waits for its turn, too.
    """

    async def wait(
        _session: aiohttp.ClientSession, _context: SimpleNamespace, begin: aiohttp.TraceRequestStartParams
    ) -> None:
        if not answers_a_press(begin.url.path):
            await pacer.turn()

    trace.on_request_start.append(wait)
    return trace
