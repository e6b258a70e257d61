"""Queries about how circles are kept safe."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.care_tables import Act


async def log_has(session: AsyncSession, circle_id: int, kind: str, day: date) -> bool:
    """Whether a day has such a line in a circle's log already."""
    line = exists().where(Act.circle_id == circle_id, Act.kind == kind, Act.day == day)
    return bool(await session.scalar(select(line)))
