"""Queries of the daily clean-up: what can't recognise anybody any more, and what has ended."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.care_tables import Note
from db.story_tables import Mute, PenName, Resonance, Story

TAG_BYTES = 32


async def epochs(session: AsyncSession) -> frozenset[int]:
    """All epochs that a row still refers to."""
    found = await session.scalars(select(Story.epoch).where(Story.epoch.is_not(None)).distinct())
    muted = await session.scalars(select(Mute.epoch).distinct())
    return frozenset(epoch for epoch in (*found, *muted) if epoch is not None)


async def stories_of(session: AsyncSession, of: Collection[int], limit: int) -> Sequence[int]:
    """The ids of some stories that belong to these epochs."""
    return (await session.scalars(select(Story.id).where(Story.epoch.in_(of)).limit(limit))).all()


async def unlink(session: AsyncSession, story_ids: Collection[int]) -> None:
    """Nothing at these stories refers to a person any more: not the teller's tag, nor pen names, nor notes.

    A resonance keeps counting; its tag gives way to random bytes, each row its own.
    """
    ids = tuple(story_ids)
    await session.execute(update(Story).where(Story.id.in_(ids)).values(teller_tag=None, epoch=None))
    for table in (PenName, Note):
        await session.execute(update(table).where(table.story_id.in_(ids)).values(tag=None))
    signs = await session.execute(
        delete(Resonance).where(Resonance.story_id.in_(ids)).returning(Resonance.story_id, Resonance.kind)
    )
    session.add_all(
        Resonance(story_id=story_id, kind=kind, tag=secrets.token_bytes(TAG_BYTES))
        for story_id, kind in signs.all()
    )


async def forget_mutes(session: AsyncSession, now: datetime, of: Collection[int]) -> int:
    """Mutes that have ended, or whose epoch is one of these. Returns how many there were."""
    over = (Mute.until <= now) | Mute.epoch.in_(of)
    return len((await session.execute(delete(Mute).where(over).returning(Mute.id))).all())
