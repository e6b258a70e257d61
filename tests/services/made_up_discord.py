"""A Discord that does what each test says, and a renderer of things for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import discord
from discord.ui import LayoutView

from bot import screen
from bot.delivery.deliverer import Deliverer
from bot.delivery.discord_side import DiscordSide
from bot.delivery.places import Unreadable
from bot.delivery.steps import Send, Shown, Step
from bot.services import Services
from bot.services.outbox import Lease
from db.database import Database
from tests.conftest import Now
from tests.services.test_outbox import owe, row


def refused(status: int, code: int) -> discord.HTTPException:
    """What discord.py raises for an answer of Discord."""
    response: Any = type("Response", (), {"status": status, "reason": "made up"})()
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    return kind(response, {"code": code, "message": "made up"})


@dataclass
class MadeUpDiscord(DiscordSide):
    """Keeps what arrived; ``next`` holds what happens at the next requests: an error before or after it
    arrives, or a wait."""

    now: Now
    arrived: list[str] = field(default_factory=list[str])
    refreshed: list[str] = field(default_factory=list[str])
    before: list[BaseException] = field(default_factory=list[BaseException])
    after: list[BaseException] = field(default_factory=list[BaseException])
    unreadable: bool = False
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    hangs: set[str] = field(default_factory=set[str])
    most_at_once: int = 0
    _under_way: int = 0

    async def make(self, step: Step, delivery_id: str) -> Shown:
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            if self.before:
                raise self.before.pop(0)
            if delivery_id in self.hangs:
                await self.hanging.wait()
            await asyncio.sleep(0)
            self.arrived.append(delivery_id)
            if self.after:
                raise self.after.pop(0)
            return Shown(len(self.arrived), 1)
        finally:
            self._under_way -= 1

    async def look_for(self, step: Any, delivery_id: str, since: datetime) -> Shown | None:
        assert since <= self.now()
        if self.unreadable:
            raise Unreadable
        return Shown(99, 1) if delivery_id in self.arrived else None

    async def refresh(self, shown: Shown, view: LayoutView, delivery_id: str) -> None:
        self.refreshed.append(delivery_id)


@dataclass
class Things:
    """A renderer of things; ``step`` is what the state asks for."""

    services: Services
    step: Callable[[], Step] = field(default=lambda: Send(1, screen.screen(screen.text("a thing"))))
    recording: list[BaseException] = field(default_factory=list[BaseException])
    recorded: list[str] = field(default_factory=list[str])

    async def prepare(self, lease: Lease) -> Step:
        return self.step()

    async def record(self, lease: Lease, shown: Shown) -> None:
        if self.recording:
            raise self.recording.pop(0)
        await self.services.outbox.finish(lease, shown.message_id)
        self.recorded.append(lease.id)


@dataclass
class Post:
    """All that a test needs."""

    services: Services
    database: Database
    now: Now
    side: MadeUpDiscord
    things: Things
    deliverer: Deliverer

    async def owe(self, subject: int = 1, to: str = "channel:1") -> str:
        """Owe a thing, due now."""
        return await owe(self.database, self.now, subject, to=to)

    async def restart(self) -> None:
        """A new process: whatever was under way is gone."""
        await self.deliverer.stop()
        self.deliverer = Deliverer(self.services.outbox, self.side, {"thing": self.things}, Random(3))
        await self.services.outbox.start(alone=True)

    async def state(self, delivery_id: str) -> str:
        """What became of a delivery."""
        found = await row(self.database, delivery_id)
        return found.state if found is not None else "gone"
