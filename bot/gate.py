"""The gate: how often one person may do something, asked before the services are, and counted after.

The limits themselves, with their reasons, stand in ``bot/rules/limits.py``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

from bot.errors import Refusal
from bot.rules.limits import Limit, Limits


class Often(Refusal):
    """Somebody has done this as often as there is room for; the text says when there is room again."""

    def __init__(self, limit: Limit, until: datetime) -> None:
        super().__init__(f"refusals.often.{limit.what}", when=_shown(until))


class OftenHere(Refusal):
    """As often as the circle has chosen; the text says how often that is, and when there is room again."""

    def __init__(self, limit: Limit, until: datetime) -> None:
        super().__init__(f"refusals.often_here.{limit.what}", most=limit.most, when=_shown(until))


def _shown(until: datetime) -> str:
    # Discord shows a moment as "in 20 minutes", in the reader's own language
    return f"<t:{int(until.timestamp())}:R>"


class Gate:
    """Asked by the handlers of presses. ``scope`` is a circle's id where a limit holds for each circle."""

    def __init__(
        self,
        limits: Limits,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits = limits
        self._now = now
        self._sleep = sleep

    def check(self, limit: Limit, user_id: int, scope: int = 0) -> None:
        """Whether this person may do it now. Counts nothing. Raises Often."""
        until = self._limits.full_until(limit, user_id, scope, self._now().astimezone(UTC))
        if until is not None:
            raise Often(limit, until)

    def check_here(self, limit: Limit, most: int | None, user_id: int, circle_id: int) -> None:
        """Whether they may in a circle that chose its own number; None: it didn't. It is never asked for more
        than the limit itself allows. Counts nothing. Raises OftenHere.
        """
        if most is None or most >= limit.most:
            return
        here = replace(limit, most=most)
        until = self._limits.full_until(here, user_id, circle_id, self._now().astimezone(UTC))
        if until is not None:
            raise OftenHere(here, until)

    def count(self, limit: Limit, user_id: int, scope: int = 0) -> None:
        """They have done it."""
        self._limits.count(limit, user_id, scope, self._now().astimezone(UTC))

    async def slow(self, limit: Limit, user_id: int, scope: int = 0) -> None:
        """Wait a little, and longer the nearer the limit is. Only after the press was acknowledged."""
        wait = self._limits.slow_by(limit, user_id, scope, self._now().astimezone(UTC))
        if wait:
            await self._sleep(wait.total_seconds())

    def first_time(self, limit: Limit, user_id: int, scope: int = 0) -> bool:
        """Whether this is the first time, for what the bot itself says only so often."""
        return self._limits.allow(limit, user_id, scope, self._now().astimezone(UTC))
