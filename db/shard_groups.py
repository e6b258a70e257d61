"""Queries about groups of shards: leased like deliveries, by the database's clock, with a token as fence."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.process_tables import IdentifySlot, ShardGroup


async def leased(session: AsyncSession, clock: datetime) -> Sequence[ShardGroup]:
    """The groups that somebody holds at ``clock``, the database's time."""
    return (await session.scalars(select(ShardGroup).where(ShardGroup.until > clock))).all()


async def take(session: AsyncSession, number: int, until: datetime, *, shards: int, groups: int) -> str:
    """Take a group that nobody holds any more; what ran out is forgotten. Returns the lease's token."""
    token = secrets.token_hex(8)
    await session.execute(delete(ShardGroup).where(ShardGroup.number == number))
    session.add(ShardGroup(number=number, token=token, until=until, shards=shards, groups=groups))
    return token


async def renew(session: AsyncSession, number: int, token: str, until: datetime) -> bool:
    """Hold a group for longer. Returns False when somebody else has taken it.

    A lease that ran out is renewed all the same while nobody has: the token says so.
    """
    ours = (ShardGroup.number == number) & (ShardGroup.token == token)
    done = await session.execute(
        update(ShardGroup).where(ours).values(until=until).returning(ShardGroup.number)
    )
    return done.first() is not None


async def held(session: AsyncSession, number: int, token: str) -> bool:
    """Whether a group is still ours. In a writing transaction the answer holds until its end."""
    found = await session.scalar(select(ShardGroup.token).where(ShardGroup.number == number))
    return found == token


async def release(session: AsyncSession, number: int, token: str) -> None:
    """Let go of a group, if it is still ours: whoever stands by takes it at once."""
    await session.execute(delete(ShardGroup).where(ShardGroup.number == number, ShardGroup.token == token))


async def identify_slot(session: AsyncSession, bucket: int, clock: datetime, spacing: timedelta) -> timedelta:
    """Take the next free moment of a bucket. Returns how long it is until then, from ``clock`` on."""
    row = await session.get(IdentifySlot, bucket)
    if row is None:
        session.add(IdentifySlot(bucket=bucket, free_at=clock + spacing))
        return timedelta(0)
    at = max(row.free_at, clock)
    row.free_at = at + spacing
    return at - clock
