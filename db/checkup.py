"""Queries of the operator's check: what is set up, and what is owed to Discord and stuck."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.deliveries import WAITING
from db.tables import Circle, ClosedDestination, Delivery


async def places(session: AsyncSession) -> Sequence[tuple[int, int]]:
    """The server and the channel of every circle, by server."""
    rows = await session.execute(
        select(Circle.guild_id, Circle.channel_id).order_by(Circle.guild_id, Circle.channel_id)
    )
    return [(guild_id, channel_id) for guild_id, channel_id in rows]


async def overdue(session: AsyncSession, before: datetime) -> int:
    """How many deliveries should have gone out before this moment, to places that aren't closed to us."""
    closed = select(ClosedDestination.destination)
    query = select(func.count()).where(
        Delivery.state == WAITING, Delivery.not_before < before, Delivery.destination.not_in(closed)
    )
    return (await session.execute(query)).scalar_one()


async def troubles(session: AsyncSession, state: str) -> dict[str, int]:
    """Why deliveries are in this state, and how many for each reason."""
    query = (
        select(func.coalesce(Delivery.trouble, "unknown"), func.count())
        .where(Delivery.state == state)
        .group_by(Delivery.trouble)
        .order_by(Delivery.trouble)
    )
    return {row[0]: row[1] for row in await session.execute(query)}
