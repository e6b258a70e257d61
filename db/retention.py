"""Queries about what has been kept for long enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.deliveries import SENT
from db.stories import PUBLISHED, REMOVED
from db.story_tables import Story
from db.tables import Circle, Delivery


async def rules(session: AsyncSession) -> set[int | None]:
    """The rules that circles have, in days; None: as the operator says."""
    return set(await session.scalars(select(Circle.retention_days).distinct()))


async def over(
    session: AsyncSession, rule: int | None, last_day: date, retraction: str, limit: int
) -> Sequence[int]:
    """The ids of some stories, in circles with this rule, that were published on a day or earlier; of those
    that moderators removed what is left, unless a delivery of the kind ``retraction`` is still owed."""
    rows = await session.scalars(
        select(Story.id)
        .join(Circle, Circle.id == Story.circle_id)
        .where(Circle.retention_days.is_not_distinct_from(rule), _over(last_day, retraction))
        .limit(limit)
    )
    return rows.all()


async def count_over(session: AsyncSession, circle_id: int, last_day: date) -> int:
    """How many stories with words a circle has that were published on a day or earlier."""
    found = await session.scalar(
        select(func.count())
        .select_from(Story)
        .where(Story.circle_id == circle_id, Story.state == PUBLISHED, Story.published_on <= last_day)
    )
    return found or 0


def _over(last_day: date, retraction: str) -> ColumnElement[bool]:
    owed = exists().where(Delivery.kind == retraction, Delivery.subject == Story.id, Delivery.state != SENT)
    left = (Story.state == REMOVED) & Story.message_id.is_(None) & ~owed
    return (Story.published_on <= last_day) & ((Story.state == PUBLISHED) | left)
