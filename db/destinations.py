"""Queries about destinations that Discord refused: left in peace until access is back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import ClosedDestination, Delivery


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


async def only_for(session: AsyncSession, kind: str) -> dict[str, bool]:
    """All of them, and for each whether nothing else than deliveries of this kind is owed there."""
    another = exists().where(Delivery.destination == ClosedDestination.destination, Delivery.kind != kind)
    this = exists().where(Delivery.destination == ClosedDestination.destination, Delivery.kind == kind)
    rows = await session.execute(select(ClosedDestination.destination, this & ~another))
    return {destination: bool(only) for destination, only in rows.all()}


async def forget_unused(session: AsyncSession, destination: str) -> None:
    """Nothing is owed there any more: whether it is closed doesn't matter."""
    owed = await session.scalar(select(Delivery.id).where(Delivery.destination == destination).limit(1))
    if owed is None:
        await open_again(session, destination)


async def move(session: AsyncSession, circle_id: int, kind: str, old: str, new: str | None) -> None:
    """What a circle owes of a kind in one place it owes in another one, or nowhere any more."""
    which = (Delivery.circle_id == circle_id) & (Delivery.kind == kind) & (Delivery.destination == old)
    waiting = which & (Delivery.state == "waiting")
    if new is None:
        await session.execute(delete(Delivery).where(waiting))
    else:
        await session.execute(update(Delivery).where(waiting).values(destination=new))
    await forget_unused(session, old)
