"""Queries of the operator's check: what is set up, and what is owed to Discord and stuck."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from db.deliveries import FAILED, LEASED, UNSURE, WAITING
from db.tables import Circle, ClosedDestination, Delivery, Reminder, Schedule


async def places(session: AsyncSession) -> Sequence[tuple[int, int]]:
    """The server and the channel of every circle, by server."""
    rows = await session.execute(
        select(Circle.guild_id, Circle.channel_id).order_by(Circle.guild_id, Circle.channel_id)
    )
    return [(guild_id, channel_id) for guild_id, channel_id in rows]


async def overdue(session: AsyncSession, before: datetime) -> tuple[int, datetime | None]:
    """How many deliveries should have gone out before this moment, to places that aren't closed to us; and
    since when the first of them is due."""
    closed = select(ClosedDestination.destination)
    query = select(func.count(), func.min(Delivery.not_before)).where(
        Delivery.state == WAITING, Delivery.not_before < before, Delivery.destination.not_in(closed)
    )
    count, since = (await session.execute(query)).one()
    return count, since


async def open_counts(session: AsyncSession) -> dict[str, int]:
    """How many deliveries are under way, unsure or failed; the many that are settled aren't looked at."""
    query = (
        select(Delivery.state, func.count())
        .where(Delivery.state.in_((LEASED, UNSURE, FAILED)))
        .group_by(Delivery.state)
    )
    return {state: count for state, count in await session.execute(query)}  # noqa: C416  # rows are no pairs


async def troubles(session: AsyncSession, state: str) -> Sequence[tuple[str, str, int]]:
    """What kinds of deliveries are in this state, why, and how many for each."""
    reason = func.coalesce(Delivery.trouble, "unknown")
    query = (
        select(Delivery.kind, reason, func.count())
        .where(Delivery.state == state)
        .group_by(Delivery.kind, reason)
        .order_by(Delivery.kind, reason)
    )
    return [(kind, why, count) for kind, why, count in await session.execute(query)]


async def schedules(session: AsyncSession, before: datetime) -> tuple[int, datetime | None, int]:
    """How many schedules there are, when the first of them is due, and how many were due ``before``."""
    return await _due(session, Schedule.next_due_at, before)


async def reminders(session: AsyncSession, before: datetime) -> tuple[int, datetime | None, int]:
    """The same for the reminders of all people. Those that sleep count too; they are never due."""
    return await _due(session, Reminder.next_due_at, before)


async def _due(
    session: AsyncSession, due_at: InstrumentedAttribute[datetime | None], before: datetime
) -> tuple[int, datetime | None, int]:
    query = select(func.count(), func.min(due_at), func.count().filter(due_at < before)).select_from(
        due_at.class_
    )
    count, first, late = (await session.execute(query)).one()
    return count, first, late


async def pauses(session: AsyncSession) -> Sequence[Circle]:
    """The circles that are paused, or were until a day."""
    return (await session.scalars(select(Circle).where(Circle.paused))).all()
