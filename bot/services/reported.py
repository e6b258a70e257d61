"""What becomes of a report inside another transaction: it is closed, or settled because its message goes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.anonymity import rounded_up_day
from bot.rules.reports import CLOSED_KEPT
from bot.services.erasures import note_erased
from bot.services.first_replies import NO_REPLY
from db import erasures, notices, reports, stories
from db.care_tables import Report, ReportVoice
from db.story_tables import Reply, Story, Update

REPORTED = "reported"
"""The kind of the notice that a message was reported."""


async def close_report(session: AsyncSession, report: Report, now: datetime) -> None:
    """Nothing is left but that this message was looked at: its text, everybody's words and tags go."""
    report.state, report.day = reports.CLOSED, rounded_up_day(now)
    report.text = report.epoch = None
    await session.flush()
    await reports.forget_voices(session, report.id)
    await notices.forget(session, report.circle_id, REPORTED, str(report.id))
    await note_erased(session, erasures.REPORT, (report.id,), now)


async def close_about_story(session: AsyncSession, story: Story, now: datetime) -> None:
    """A story goes with its thread: whatever those on duty were told of it is settled."""
    await notices.forget(session, story.circle_id, NO_REPLY, str(story.id))
    updates, replies = await stories.belonging(session, story.id)
    for report in await reports.of_story(session, story, updates, replies):
        await close_report(session, report, now)


async def close_about(session: AsyncSession, row: Update | Reply, now: datetime) -> None:
    """An update or reply goes, and what was reported of it is settled."""
    kind = reports.UPDATE if isinstance(row, Update) else reports.REPLY
    for report in await reports.of_addition(session, kind, row.id):
        await close_report(session, report, now)


async def forget_old_reports(session: AsyncSession, now: datetime) -> None:
    """Daily: what was closed long ago is forgotten."""
    await reports.forget_closed(session, rounded_up_day(now) - CLOSED_KEPT)


async def take_back_voice(session: AsyncSession, report_id: int, tag: bytes, now: datetime) -> None:
    """What one person said in a report goes; where nobody else said anything, the report is settled."""
    voice = await session.get(ReportVoice, (report_id, tag))
    if voice is None:
        return
    await session.delete(voice)
    await session.flush()
    report = await session.get_one(Report, report_id)
    if report.state != reports.CLOSED and not await reports.has_voices(session, report_id):
        await close_report(session, report, now)
