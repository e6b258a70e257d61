"""Reports as moderators see them: what was reported and why, and nothing of who did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.rules.places import message_link
from bot.rules.reports import Reason, days_since
from bot.services.acts import Did, Role, note_act
from bot.services.circles import CircleInfo, as_info
from bot.services.reported import close_report
from bot.services.telling import Telling
from db import reports, stories
from db.care_tables import Report
from db.story_tables import Reply, Story, Update
from db.tables import Circle


@dataclass(frozen=True, slots=True, repr=False)
class Voice:
    """Why somebody reported it, and what they added."""

    reason: Reason
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class OpenReport:
    """One reported message, as moderators see it."""

    id: int
    circle: CircleInfo
    kind: str
    """*story*, *update*, *reply*, or *message*, which a person wrote with their name."""
    subject: int | None
    """The id of what of ours it is."""
    number: int | None
    """Of the story that it is, or stands below."""
    text: str | None
    """Of ours as it stands now, of a person's message as it was then; None where it has none, or it isn't
    known."""
    voices: tuple[Voice, ...]
    """In no order."""
    days: int
    """Since so many days moderators can see it."""
    again: bool
    """It was looked at before, and reported once more since."""
    link: str
    page: int = 0
    """Its place among the open ones, from 0."""
    pages: int = 1


class ReportDesk:
    """The side of the moderators."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._database = telling.database

    async def page(self, circle_id: int, page: int) -> OpenReport | None:
        """One of a circle's open reports, those first that wait for longest; the nearest where there is no
        such page; None when there is none at all."""
        async with self._database.read() as session:
            ids = await reports.open_ids(session, circle_id)
            if not ids:
                return None
            page = min(max(page, 0), len(ids) - 1)
            report = await session.get_one(Report, ids[page])
            return await self._seen(session, report, page, len(ids))

    async def report(self, report_id: int) -> OpenReport:
        """An open report. Raises Gone when somebody has dealt with it meanwhile."""
        async with self._database.read() as session:
            return await self._seen(session, await _still_open(session, report_id), 0, 1)

    async def close(self, report_id: int) -> None:
        """It is dealt with: its text and all that people said about it go. Raises Gone when it is already."""
        now = self._telling.now()
        async with self._database.write() as session:
            report = await _still_open(session, report_id)
            circle = await session.get_one(Circle, report.circle_id)
            story = await _story_of(session, report)
            number = story.number if story is not None else None
            await close_report(session, report, now)
            await note_act(session, circle, Did.REPORT_CLOSED, Role.MODERATOR, now, number=number)

    async def _seen(self, session: AsyncSession, report: Report, page: int, pages: int) -> OpenReport:
        circle = await session.get_one(Circle, report.circle_id)
        story = await _story_of(session, report)
        said = [
            Voice(Reason(voice.reason), voice.words or "")
            for voice in await reports.voices(session, report.id)
        ]
        return OpenReport(
            id=report.id,
            circle=as_info(circle, None),
            kind=report.kind,
            subject=report.subject,
            number=story.number if story is not None else None,
            text=await _text_of(session, report, story),
            voices=tuple(self._telling.random.sample(said, len(said))),
            days=days_since(report.day, _today(self._telling.now())),
            again=report.again,
            link=message_link(circle.guild_id, report.channel_id, report.message_id),
            page=page,
            pages=pages,
        )


def _today(now: datetime) -> date:
    return now.astimezone(UTC).date()


async def _still_open(session: AsyncSession, report_id: int) -> Report:
    report = await session.get(Report, report_id)
    if report is None or report.state != reports.OPEN:
        raise Gone("refusals.report_closed")
    return report


async def _addition(session: AsyncSession, report: Report) -> Update | Reply | None:
    if report.kind == reports.UPDATE:
        return await session.get(Update, report.subject)
    return await session.get(Reply, report.subject) if report.kind == reports.REPLY else None


async def _text_of(session: AsyncSession, report: Report, story: Story | None) -> str | None:
    if report.kind == reports.MESSAGE:
        return report.text
    if report.kind == reports.STORY:
        parts = (story.slip, story.effect, story.repair, story.lesson) if story is not None else ()
        return "\n\n".join(part for part in parts if part)
    row = await _addition(session, report)
    return row.text if row is not None else None


async def _story_of(session: AsyncSession, report: Report) -> Story | None:
    """The story that was reported, or below which the reported message stands."""
    if report.kind == reports.STORY:
        return await session.get(Story, report.subject)
    return await stories.at_place(session, report.channel_id)
