"""Queries about personal reminders. What is found by person is shown to that person alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.deliveries import LEASED
from db.tables import Circle, Delivery, Reminder

ON, CLOSED = "on", "closed"


async def of_person(session: AsyncSession, user_id: int) -> Sequence[tuple[Reminder, Circle]]:
    """A person's own reminders, with their circles."""
    rows = await session.execute(
        select(Reminder, Circle)
        .join(Circle, Circle.id == Reminder.circle_id)
        .where(Reminder.user_id == user_id)
        .order_by(Reminder.next_due_at, Reminder.id)
    )
    return [(reminder, circle) for reminder, circle in rows.all()]


async def in_circle(session: AsyncSession, user_id: int, circle_id: int) -> Reminder | None:
    """A person's reminder of one circle."""
    return await session.scalar(
        select(Reminder).where(Reminder.user_id == user_id, Reminder.circle_id == circle_id)
    )


async def due(session: AsyncSession, now: datetime, limit: int) -> Sequence[tuple[Reminder, Circle]]:
    """Reminders that are due, earliest first, with their circles."""
    rows = await session.execute(
        select(Reminder, Circle)
        .join(Circle, Circle.id == Reminder.circle_id)
        .where(Reminder.next_due_at <= now)
        .order_by(Reminder.next_due_at, Reminder.id)
        .limit(limit)
    )
    return [(reminder, circle) for reminder, circle in rows.all()]


async def next_due(session: AsyncSession) -> datetime | None:
    """When the next reminder of anybody is due."""
    return await session.scalar(select(func.min(Reminder.next_due_at)))


async def after(session: AsyncSession, last_id: int, limit: int) -> Sequence[Reminder]:
    """All reminders that are on, in pages by id."""
    rows = await session.scalars(
        select(Reminder).where(Reminder.id > last_id, Reminder.state == ON).order_by(Reminder.id).limit(limit)
    )
    return rows.all()


async def remove(session: AsyncSession, kind: str, reminders: Collection[Reminder]) -> None:
    """Forget reminders, and what is still owed for them."""
    for reminder in reminders:
        await settle(session, kind, reminder.id)
        await session.delete(reminder)


async def settle(session: AsyncSession, kind: str, reminder_id: int) -> None:
    """Nothing is owed for a reminder any more; what is being sent at this moment settles itself."""
    await session.execute(
        delete(Delivery).where(
            Delivery.kind == kind, Delivery.subject == reminder_id, Delivery.state != LEASED
        )
    )
