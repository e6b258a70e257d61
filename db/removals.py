"""Queries about what moderators took away and can still bring back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import edits, own, stories
from db.care_tables import Removal
from db.story_tables import Reply, Story, StoryPage, Update

Row = Story | Update | Reply


def kind_of(row: Row) -> str:
    """As which kind a row is removed: the same as that of its edits."""
    return edits.STORY if isinstance(row, Story) else edits.UPDATE if isinstance(row, Update) else edits.REPLY


async def hidden_until(session: AsyncSession, row: Row | None) -> datetime | None:
    """Until when something that moderators took away can be brought back; None when it isn't so."""
    if row is None or row.state != stories.REMOVED:
        return None
    removal = await session.get(Removal, (kind_of(row), row.id))
    return removal.final_at if removal is not None else None


async def put(session: AsyncSession, row: Row, circle_id: int, final_at: datetime) -> None:
    """It is hidden, and can be brought back until then."""
    session.add(Removal(kind=kind_of(row), subject=row.id, circle_id=circle_id, final_at=final_at))


async def forget(session: AsyncSession, kind: str, subjects: Collection[int]) -> None:
    """It is decided about these, whichever way."""
    await session.execute(delete(Removal).where(Removal.kind == kind, Removal.subject.in_(tuple(subjects))))


async def over(session: AsyncSession, now: datetime, limit: int) -> Sequence[tuple[str, int]]:
    """Some of those that can't be brought back any more at an aware ``now``: kind and subject."""
    rows = await session.execute(
        select(Removal.kind, Removal.subject)
        .where(Removal.final_at <= now)
        .order_by(Removal.final_at)
        .limit(limit)
    )
    return [(kind, subject) for kind, subject in rows.all()]


async def next_over(session: AsyncSession) -> datetime | None:
    """When the next of them can't be brought back any more."""
    return await session.scalar(select(func.min(Removal.final_at)))


async def at_message(session: AsyncSession, message_id: int, place_id: int) -> tuple[str, int] | None:
    """What a message of the bot shows that stands in a channel or thread, by kind and subject: a story, also
    where it goes on in its thread, an update or an unnamed reply."""
    story = await session.scalar(select(Story.id).where(Story.message_id == message_id))
    if story is not None:
        return edits.STORY, story
    story = await session.scalar(select(Story.id).where(Story.thread_id == place_id))
    if story is None:
        return None
    for table, kind in ((Update, edits.UPDATE), (Reply, edits.REPLY)):
        inside = select(table.id).where(table.story_id == story, table.message_id == message_id)
        if (found := await session.scalar(inside)) is not None:
            return kind, found
    page = select(StoryPage.story_id).where(StoryPage.story_id == story, StoryPage.message_id == message_id)
    return (edits.STORY, story) if await session.scalar(page) is not None else None


async def below(session: AsyncSession, story_id: int) -> tuple[Sequence[Update], Sequence[Reply]]:
    """The updates and replies of a story that wait, or can be seen."""
    updates = select(Update).where(Update.story_id == story_id, Update.state.in_(own.THERE))
    replies = select(Reply).where(Reply.story_id == story_id, Reply.state.in_(own.THERE))
    return (await session.scalars(updates)).all(), (await session.scalars(replies)).all()
