"""Queries about moderation: mutes, by the story for which they were given. No row says who moderated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.story_tables import Mute


async def mute(
    session: AsyncSession,
    *,
    circle_id: int,
    story_id: int,
    number: int,
    epoch: int,
    tag: bytes,
    until: datetime,
) -> None:
    """Mute whoever the tag recognises at the story until a moment (aware UTC); again: until the new one."""
    row = await session.scalar(select(Mute).where(Mute.circle_id == circle_id, Mute.story_id == story_id))
    if row is not None:
        row.until = until
        return
    session.add(
        Mute(circle_id=circle_id, story_id=story_id, number=number, epoch=epoch, tag=tag, until=until)
    )


async def unmute(session: AsyncSession, circle_id: int, number: int) -> Sequence[int]:
    """End the mute given for a story, if there is one; other stories' mutes stay. Returns the ended ids."""
    ended = await session.execute(
        delete(Mute).where(Mute.circle_id == circle_id, Mute.number == number).returning(Mute.id)
    )
    return [row[0] for row in ended.all()]
