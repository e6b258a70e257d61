"""Which of several unnamed stories that are due in one place goes first: any.

After an outage the one that has been due for longest would tell in which order they were told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.story_tables import Story
from db.tables import Delivery


async def in_no_order(session: AsyncSession, now: datetime, rows: Sequence[Delivery]) -> Sequence[Delivery]:
    """The same, but in place of an unnamed story that was never tried the one of those due in its place whose
    id, which is random, comes first."""
    new = [row for row in rows if row.kind == "story" and row.attempts == 0]
    if not new:
        return rows
    alike = (
        select(Delivery.id, Delivery.destination)
        .join(Story, Story.id == Delivery.subject)
        .where(
            Delivery.destination.in_([row.destination for row in new]),
            Delivery.state == "waiting",
            Delivery.kind == "story",
            Delivery.not_before <= now,
            Delivery.attempts == 0,
            Story.voice == "unnamed",
            Story.message_id.is_(None),
        )
        .cte("alike")
    )
    places = select(alike.c.destination).where(alike.c.id.in_([row.id for row in new]))
    firsts = select(func.min(alike.c.id)).where(alike.c.destination.in_(places)).group_by(alike.c.destination)
    found = await session.scalars(select(Delivery).where(Delivery.id.in_(firsts)))
    instead = {row.destination: row for row in found}
    return [instead.get(row.destination, row) for row in rows]
