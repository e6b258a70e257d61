"""What tests of the weekly question look at, and the circle that they ask it in."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from bot.services import Services
from bot.services.circles import CirclePlan
from bot.services.outbox import Lease
from bot.services.prompts import DELIVERY
from db.database import Database
from db.tables import Delivery, Occurrence

GUILD, CHANNEL = 600_000_000_000_000_001, 600_000_000_000_000_002
MONDAYS = CirclePlan("Europe/Berlin", weekday=0, at_minute=540, size=9, delay_minutes=0)
FIRST = datetime(2026, 1, 5, 8, tzinfo=UTC)
"""The first Monday at nine in Berlin after the tests' beginning."""


async def weeks(database: Database, state: str = "given") -> list[str]:
    """The weeks with an occurrence in a state, in order."""
    async with database.read() as session:
        rows = await session.scalars(select(Occurrence.week).where(Occurrence.state == state))
        return sorted(rows)


async def owed(database: Database) -> list[Delivery]:
    """The prompts that Discord is owed, or has been."""
    async with database.read() as session:
        return list(await session.scalars(select(Delivery).where(Delivery.kind == DELIVERY)))


async def told(services: Services, circle_id: int) -> list[str]:
    """What the facilitators hear at their next visit."""
    return [notice.kind for notice in await services.circles.notices(circle_id)]


async def post(services: Services) -> Lease:
    """Take what is due and settle it as sent."""
    (lease,) = await services.outbox.claim(5)
    await services.prompt_posts.posted(lease, 1)
    return lease
