"""Queries about destinations that Discord refused: left in peace until access is back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import ClosedDestination


async def close(session: AsyncSession, destination: str, reason: str) -> bool:
    """Leave a destination in peace. Returns whether it was open before."""
    if await session.get(ClosedDestination, destination) is not None:
        return False
    session.add(ClosedDestination(destination=destination, reason=reason))
    return True


async def open_again(session: AsyncSession, destination: str) -> None:
    """Access is back: what waited goes out."""
    await session.execute(delete(ClosedDestination).where(ClosedDestination.destination == destination))


async def closed(session: AsyncSession) -> Sequence[ClosedDestination]:
    """All destinations that Discord refused."""
    return (await session.scalars(select(ClosedDestination))).all()
