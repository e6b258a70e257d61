"""Queries about circles that are to go with everything in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.care_tables import Wipe
from db.deliveries import SENT
from db.story_tables import Story
from db.tables import Circle, Delivery

ASKED, AGREED, STOPPED, GOING = "asked", "agreed", "stopped", "going"


async def of_circle(session: AsyncSession, circle_id: int) -> Wipe | None:
    """What was asked for in a circle."""
    return await session.scalar(select(Wipe).where(Wipe.circle_id == circle_id))


async def asked_by(session: AsyncSession, user_id: int) -> Sequence[tuple[Wipe, Circle]]:
    """What somebody asked for and nobody agreed to yet, with its circles."""
    rows = await session.execute(
        select(Wipe, Circle).join(Circle, Circle.id == Wipe.circle_id).where(Wipe.user_id == user_id)
    )
    return [(wipe, circle) for wipe, circle in rows.all()]


async def lapsed(session: AsyncSession, since: datetime) -> Sequence[int]:
    """The ids of those that were asked for then or earlier, and found nobody who agreed."""
    return (await session.scalars(select(Wipe.id).where(Wipe.state == ASKED, Wipe.asked_at <= since))).all()


async def over(session: AsyncSession, now: datetime) -> Sequence[int]:
    """The ids of those whose day is over at an aware ``now``."""
    query = select(Wipe.id).where(Wipe.state.in_((AGREED, GOING)), Wipe.final_at <= now)
    return (await session.scalars(query.order_by(Wipe.id))).all()


async def next_over(session: AsyncSession) -> datetime | None:
    """When the next one's day is over."""
    return await session.scalar(select(func.min(Wipe.final_at)).where(Wipe.state == AGREED))


async def with_words(session: AsyncSession, circle_id: int, limit: int) -> Sequence[Story]:
    """Some stories of a circle that weren't taken back yet."""
    query = select(Story).where(Story.circle_id == circle_id, Story.state != "withdrawn")
    return (await session.scalars(query.limit(limit))).all()


async def still_shown(session: AsyncSession, circle_id: int, retraction: str) -> bool:
    """Whether Discord still has to take something of a circle's stories away, as far as it can."""
    owed = select(Delivery.id).where(
        Delivery.circle_id == circle_id, Delivery.kind == retraction, Delivery.state != SENT
    )
    return await session.scalar(owed.limit(1)) is not None
