"""Pace: all requests but interaction answers go out at a rate that Discord bears.

Discord allows 50 requests a second to a bot, all processes together, not counting interaction end
points (Discord's rate limit documentation); discord.py has no limiter for that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord.http import Route


class Pacer:
    """Lets one request go every ``1/rate`` seconds, with a small reserve for quiet times."""

    def __init__(self, rate: float, monotonic: Callable[[], float], reserve: int = 5) -> None:
        self.rate = rate
        self._monotonic = monotonic
        self._reserve = reserve
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until it is our turn."""
        now = self._monotonic()
        start = max(self._next, now - self._reserve / self.rate)
        self._next = start + 1 / self.rate
        if start > now:
            await asyncio.sleep(start - now)


def pace_requests(client: discord.Client, pacer: Pacer) -> None:
    """Put the pacer in front of every request of a client, except interaction end points.

    discord.py sends those through its webhook adapter, so what passes here is all the rest.
    """
    send: Callable[..., Awaitable[Any]] = client.http.request

    async def paced(route: Route, **kwargs: Any) -> Any:
        if not route.path.startswith(("/interactions/", "/webhooks/")):
            await pacer.turn()
        return await send(route, **kwargs)

    client.http.request = paced
