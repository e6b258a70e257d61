"""Queries about the open log."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.care_tables import Act


async def count(session: AsyncSession, circle_id: int) -> int:
    """How many lines a circle's log has."""
    found = await session.scalar(select(func.count()).select_from(Act).where(Act.circle_id == circle_id))
    return found or 0


async def page(session: AsyncSession, circle_id: int, start: int, limit: int) -> Sequence[Act]:
    """Some lines, the newest day first; within a day in the order of their random ids."""
    rows = await session.scalars(
        select(Act)
        .where(Act.circle_id == circle_id)
        .order_by(Act.day.desc(), Act.id)
        .offset(start)
        .limit(limit)
    )
    return rows.all()
