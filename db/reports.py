"""Queries about reports: messages that moderators were asked to look at."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.care_tables import Report, ReportVoice
from db.story_tables import Reply, Story, StoryPage, Update

COMING, OPEN, CLOSED = "coming", "open", "closed"
STORY, UPDATE, REPLY, MESSAGE = "story", "update", "reply", "message"
TAG_BYTES = 32


async def at_message(session: AsyncSession, circle_id: int, message_id: int) -> Report | None:
    """The report of a message, also a closed one."""
    return await session.scalar(
        select(Report).where(Report.message_id == message_id, Report.circle_id == circle_id)
    )


async def page_of(session: AsyncSession, story_id: int, message_id: int) -> bool:
    """Whether a message continues a story in its thread."""
    return (
        await session.scalar(
            select(StoryPage.position).where(
                StoryPage.story_id == story_id, StoryPage.message_id == message_id
            )
        )
        is not None
    )


async def added_at(session: AsyncSession, story_id: int, message_id: int) -> Update | Reply | None:
    """The update or unnamed reply below a story whose message this is."""
    for table in (Update, Reply):
        found = await session.scalar(
            select(table).where(table.story_id == story_id, table.message_id == message_id)
        )
        if found is not None:
            return found
    return None


async def due_voices(session: AsyncSession, now: datetime, limit: int) -> Sequence[ReportVoice]:
    """Some of those that moderators may see from now on."""
    rows = await session.scalars(select(ReportVoice).where(ReportVoice.appears_at <= now).limit(limit))
    return rows.all()


async def next_voice(session: AsyncSession) -> datetime | None:
    """When the next one may be seen."""
    return await session.scalar(select(func.min(ReportVoice.appears_at)))


async def open_ids(session: AsyncSession, circle_id: int) -> Sequence[int]:
    """The open reports of a circle, those first that have been open for longest."""
    rows = await session.scalars(
        select(Report.id)
        .where(Report.circle_id == circle_id, Report.state == OPEN)
        .order_by(Report.day, Report.id)
    )
    return rows.all()


async def voices(session: AsyncSession, report_id: int) -> Sequence[ReportVoice]:
    """Those that moderators can see."""
    rows = await session.scalars(
        select(ReportVoice).where(ReportVoice.report_id == report_id, ReportVoice.shown.is_(True))
    )
    return rows.all()


async def has_voices(session: AsyncSession, report_id: int) -> bool:
    """Whether anybody's is left."""
    found = select(ReportVoice.report_id).where(ReportVoice.report_id == report_id).limit(1)
    return await session.scalar(found) is not None


async def forget_voices(session: AsyncSession, report_id: int) -> None:
    """Everybody's reason, words and tag go."""
    await session.execute(delete(ReportVoice).where(ReportVoice.report_id == report_id))


async def of_story(
    session: AsyncSession, story: Story, updates: Collection[int], replies: Collection[int]
) -> Sequence[Report]:
    """The reports that aren't closed of a story, of what was added to it, and of messages in its thread."""
    about: ColumnElement[bool] = (Report.kind == STORY) & (Report.subject == story.id)
    about |= (Report.kind == UPDATE) & Report.subject.in_(updates)
    about |= (Report.kind == REPLY) & Report.subject.in_(replies)
    if story.thread_id is not None:
        about |= Report.channel_id == story.thread_id
    return await _still_there(session, (Report.circle_id == story.circle_id) & about)


async def of_addition(session: AsyncSession, kind: str, subject: int) -> Sequence[Report]:
    """The same of one update or reply."""
    return await _still_there(session, (Report.kind == kind) & (Report.subject == subject))


async def _still_there(session: AsyncSession, which: ColumnElement[bool]) -> Sequence[Report]:
    return (await session.scalars(select(Report).where(which, Report.state != CLOSED))).all()


async def forget_closed(session: AsyncSession, before: date) -> None:
    """What was closed before a day is forgotten altogether."""
    await session.execute(delete(Report).where(Report.state == CLOSED, Report.day < before))


# what recognises who reported


async def epochs(session: AsyncSession) -> set[int]:
    """All epochs that a report refers to."""
    found = await session.scalars(select(Report.epoch).where(Report.epoch.is_not(None)).distinct())
    return {epoch for epoch in found if epoch is not None}


async def tagged_in(session: AsyncSession, of: Collection[int]) -> Sequence[tuple[int, int, bytes]]:
    """Everybody's tag at the reports of these epochs: report, epoch, tag."""
    rows = await session.execute(
        select(Report.id, Report.epoch, ReportVoice.tag)
        .join(ReportVoice, ReportVoice.report_id == Report.id)
        .where(Report.epoch.in_(tuple(of)))
    )
    return [(report_id, epoch, tag) for report_id, epoch, tag in rows.all() if epoch is not None]


async def unlink(session: AsyncSession, of: Collection[int]) -> None:
    """Nothing at the reports of these epochs refers to a person any more."""
    rows = await session.scalars(select(Report).where(Report.epoch.in_(tuple(of))))
    for report in rows.all():
        await unlink_one(session, report)


async def unlink_one(session: AsyncSession, report: Report) -> None:
    """Everybody's tag at a report gives way to random bytes."""
    report.epoch = None
    rows = await session.scalars(select(ReportVoice).where(ReportVoice.report_id == report.id))
    for voice in rows.all():
        voice.tag = secrets.token_bytes(TAG_BYTES)
    await session.flush()
