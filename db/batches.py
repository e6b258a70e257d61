"""Queries about stories that wait for one another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.deliveries import WAITING
from db.story_tables import Story
from db.tables import Delivery

WAITS = 0
"""In ``stories.batch``: it waits for others."""


async def waiting(session: AsyncSession, circle_id: int, since: datetime) -> Sequence[Delivery]:
    """What is owed of the stories of a circle that wait for others, not to appear before ``since``."""
    query = _untried().where(Story.circle_id == circle_id, Story.batch == WAITS, Delivery.not_before >= since)
    return (await session.scalars(query)).all()


async def members(session: AsyncSession, batch: int) -> Sequence[Delivery]:
    """What is owed of the stories of one batch."""
    return (await session.scalars(_untried().where(Story.batch == batch))).all()


async def join(session: AsyncSession, story_ids: Sequence[int], batch: int) -> None:
    """These stories appear together, or wait for others again."""
    await session.execute(update(Story).where(Story.id.in_(story_ids)).values(batch=batch))


async def end(session: AsyncSession, batch: int) -> None:
    """The stories of a batch are stories like all others."""
    await session.execute(update(Story).where(Story.batch == batch).values(batch=None))


def _untried() -> Select[Delivery]:
    return (
        select(Delivery)
        .join(Story, Story.id == Delivery.subject)
        .where(Delivery.kind == "story", Delivery.state == WAITING, Delivery.attempts == 0)
    )
