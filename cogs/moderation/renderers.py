"""How acts come to show: a thread closed or open, as its story says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.client import Bot
from bot.delivery.steps import LockThread, Nothing, NotYet, Shown, Step
from bot.feature import Renderer
from bot.services.moderation import ThreadLock
from bot.services.outbox import Lease
from bot.services.telling import HIDE, LOCK


class LockRenderer:
    """Makes a story's thread closed or open for replies, as ``state`` says."""

    def __init__(self, bot: Bot, state: Callable[[Lease], Awaitable[ThreadLock | timedelta | None]]) -> None:
        self._outbox = bot.services.outbox
        self._state = state

    async def prepare(self, lease: Lease) -> Step:
        """Lock the thread or open it; wait until it is there."""
        found = await self._state(lease)
        if isinstance(found, ThreadLock):
            return LockThread(found.thread_id, found.locked)
        return Nothing() if found is None else NotYet(found)

    async def record(self, lease: Lease, shown: Shown) -> None:
        """The story remembers it already."""
        await self._outbox.finish(lease)


def renderers(bot: Bot) -> dict[str, Renderer]:
    """One renderer a kind of delivery."""
    return {
        LOCK: LockRenderer(bot, bot.services.moderation.thread_lock),
        HIDE: LockRenderer(bot, bot.services.removing.thread),
    }
