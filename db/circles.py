"""Queries about circles and their schedules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Circle, Schedule

PROMPT = "prompt"
"""The kind of a schedule or occurrence that asks the weekly question."""


async def at_channel(session: AsyncSession, channel_id: int) -> Circle | None:
    """The circle of a channel."""
    return await session.scalar(select(Circle).where(Circle.channel_id == channel_id))


async def of_guild(session: AsyncSession, guild_id: int) -> Sequence[Circle]:
    """All circles of a server."""
    rows = await session.scalars(select(Circle).where(Circle.guild_id == guild_id).order_by(Circle.id))
    return rows.all()


async def everything(session: AsyncSession) -> Sequence[Circle]:
    """All circles there are."""
    return (await session.scalars(select(Circle).order_by(Circle.id))).all()


async def schedule(session: AsyncSession, circle_id: int, kind: str = PROMPT) -> Schedule | None:
    """The schedule of a kind in a circle."""
    return await session.scalar(
        select(Schedule).where(Schedule.circle_id == circle_id, Schedule.kind == kind)
    )


async def due_schedules(
    session: AsyncSession, now: datetime, limit: int
) -> Sequence[tuple[Schedule, Circle]]:
    """Schedules that are due, earliest first, with their circles."""
    rows = await session.execute(
        select(Schedule, Circle)
        .join(Circle, Circle.id == Schedule.circle_id)
        .where(Schedule.next_due_at <= now)
        .order_by(Schedule.next_due_at, Schedule.id)
        .limit(limit)
    )
    return [(schedule, circle) for schedule, circle in rows.all()]


async def schedules_after(
    session: AsyncSession, last_id: int, limit: int
) -> Sequence[tuple[Schedule, Circle]]:
    """All schedules with their circles, in pages by id."""
    rows = await session.execute(
        select(Schedule, Circle)
        .join(Circle, Circle.id == Schedule.circle_id)
        .where(Schedule.id > last_id)
        .order_by(Schedule.id)
        .limit(limit)
    )
    return [(schedule, circle) for schedule, circle in rows.all()]


async def next_due(session: AsyncSession) -> datetime | None:
    """When the next schedule of any circle is due."""
    return await session.scalar(select(func.min(Schedule.next_due_at)))
