"""Queries about stories for which nobody has looked yet whether a first reply came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.care_tables import Care
from db.stories import PUBLISHED
from db.story_tables import Reply, Story
from db.tables import Circle


async def waiting_after(
    session: AsyncSession, last_id: int, before: date, limit: int
) -> Sequence[tuple[Story, Circle, int | None]]:
    """Some published stories of that day or earlier, in pages by id; each with its circle and the days that
    the circle chose, if it did."""
    rows = await session.execute(
        select(Story, Circle, Care.first_reply_days)
        .join(Circle, Circle.id == Story.circle_id)
        .outerjoin(Care, Care.circle_id == Circle.id)
        .where(
            Story.reply_looked_for.is_(False),
            Story.id > last_id,
            Story.state == PUBLISHED,
            Story.published_on <= before,
        )
        .order_by(Story.id)
        .limit(limit)
    )
    return [(story, circle, days) for story, circle, days in rows.all()]


async def answered(session: AsyncSession, story_ids: Collection[int]) -> set[int]:
    """Those of these stories below which an unnamed reply, or an answer, stands."""
    found = await session.scalars(
        select(Reply.story_id)
        .where(Reply.story_id.in_(tuple(story_ids)), Reply.state == PUBLISHED)
        .distinct()
    )
    return set(found)


async def looked_for(session: AsyncSession, story_ids: Collection[int]) -> None:
    """Nobody needs to look at these any more."""
    await session.execute(update(Story).where(Story.id.in_(tuple(story_ids))).values(reply_looked_for=True))
