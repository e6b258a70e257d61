"""Queries about drafts: sealed words on their way."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from db.story_tables import Draft


async def keep(session: AsyncSession, receipt_hash: bytes, sealed: bytes, keep_until: date) -> None:
    """Keep sealed words, or replace what was kept under the same hash."""
    await session.merge(Draft(receipt_hash=receipt_hash, sealed=sealed, keep_until=keep_until))


async def sealed(session: AsyncSession, receipt_hash: bytes) -> bytes | None:
    """The sealed words."""
    row = await session.get(Draft, receipt_hash)
    return row.sealed if row else None


async def discard(session: AsyncSession, receipt_hash: bytes) -> bool:
    """Forget a draft. Returns whether it was there."""
    done = await session.execute(
        delete(Draft).where(Draft.receipt_hash == receipt_hash).returning(Draft.receipt_hash)
    )
    return done.first() is not None


async def discard_old(session: AsyncSession, today: date) -> int:
    """Forget drafts that nobody came back for."""
    done = await session.execute(delete(Draft).where(Draft.keep_until < today).returning(Draft.receipt_hash))
    return len(done.all())
