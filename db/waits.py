"""Queries that move the waits of many deliveries at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.deliveries import UNREACHABLE, WAITING, of_shards
from db.tables import Delivery


async def hurry_unreachable(session: AsyncSession, shards: Collection[int], count: int) -> int:
    """Discord answers again: what it didn't answer needn't wait any longer. Returns how many those are.

    Private messages keep their waits: Discord punishes opening many of them at once.
    """
    done = await session.execute(
        update(Delivery)
        .where(
            Delivery.state == WAITING,
            Delivery.trouble == UNREACHABLE,
            Delivery.due_since.is_not(None),
            Delivery.destination.not_like("dm:%"),
            of_shards(shards, count),
        )
        .values(not_before=Delivery.due_since)
        .returning(Delivery.id)
    )
    return len(done.all())


async def hold_private(session: AsyncSession, until: datetime, spacing: timedelta) -> None:
    """Let all private messages that would go out before ``until`` wait, and then go one after the other."""
    rows = await session.scalars(
        select(Delivery)
        .where(
            Delivery.state == WAITING,
            Delivery.destination.startswith("dm:"),
            Delivery.not_before <= until,
        )
        .order_by(Delivery.not_before, Delivery.id)
    )
    for position, row in enumerate(rows):
        row.not_before = until + position * spacing
