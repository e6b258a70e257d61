"""The database: does it open, is it up to date, and what waits in it for Discord."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.cli.checks.files import can_be_made, open_to_others
from bot.cli.exits import Exit
from bot.cli.opening import of_files
from bot.cli.problems import Problem
from bot.cli.report import Report
from bot.services.checkup import Calendar, Checkup, Owed, Place
from bot.services.housekeeping import MEMO
from bot.services.memos import Memos
from bot.settings import Settings
from db.copying import COPIED_AT, PutBackByHand
from db.database import Database, database_file, look_at_database
from db.errors import DatabaseProblem, DatabaseUnusable

TOO_LONG = 2
"""Days (UTC) since the last clean-up; right after midnight yesterday's is the last one."""


async def look_at_records(report: Report, settings: Settings, now: datetime) -> tuple[Place, ...] | None:
    """Report on the database and what it owes. Returns where the circles are; None when it can't tell."""
    try:
        async with look_at_database(settings.database_url) as database:
            if database is None:
                _not_there(report, settings)
                return None
            return await _opened(report, database, settings, now)
    except ModuleNotFoundError as error:
        report.problem(Problem(Exit.MISSING_PACKAGE, "start.no_package", package=error.name))
    except DatabaseProblem as error:
        report.problem(of_files(error, settings))
    return None


def _not_there(report: Report, settings: Settings) -> None:
    path = database_file(settings.database_url)
    if path is not None and can_be_made(path):
        report.note("no_database", file=path)
    elif path is not None:
        report.problem(Problem(Exit.UNWRITABLE, "start.unwritable", where=path.parent))


async def _opened(
    report: Report, database: Database, settings: Settings, now: datetime
) -> tuple[Place, ...] | None:
    try:
        return await _read(report, database, settings, now)
    except SQLAlchemyError as error:
        raise DatabaseUnusable(database.where) from error


async def _read(
    report: Report, database: Database, settings: Settings, now: datetime
) -> tuple[Place, ...] | None:
    if await database.behind():
        report.finding("behind", where=database.where)
        return None
    if database.path is not None and open_to_others(database.path):
        report.finding("open_to_others", file=database.path)
    if await Memos(database).get(COPIED_AT) is not None:
        report.problem(of_files(PutBackByHand(database.where), settings))
    _look_at_erasing(report, await Memos(database).get(MEMO), now)
    checkup = Checkup(database)
    places = await checkup.places()
    report.well("database", where=database.where, circles=len(places))
    _look_at_calendar(report, await checkup.calendar(now))
    _look_at_deliveries(report, await checkup.owed(now))
    return places


def _look_at_erasing(report: Report, done_on: str | None, now: datetime) -> None:
    """Whether the daily clean-up is done: until then deleted words can be read in the files."""
    if done_on is None:
        return
    days = (now.astimezone(UTC).date() - date.fromisoformat(done_on)).days
    if days >= TOO_LONG:
        report.finding("not_erased", days=days)


def _look_at_calendar(report: Report, calendar: Calendar) -> None:
    """Weekly questions and reminders, and whether somebody decides about them in time."""
    if calendar.late:
        report.finding("late", count=calendar.late)
    next_due = f"{calendar.next_due:%Y-%m-%d %H:%M} UTC" if calendar.next_due is not None else "-"
    report.well(
        "calendar",
        schedules=calendar.schedules,
        next_due=next_due,
        paused=calendar.paused,
        reminders=calendar.reminders,
    )


def _look_at_deliveries(report: Report, owed: Owed) -> None:
    """What waits is well unless it waits for too long; what got stuck is told with its reason and cure."""
    before = report.findings
    if owed.overdue:
        report.finding("overdue", count=owed.overdue, minutes=owed.oldest // timedelta(minutes=1))
    for stuck in owed.unsure:
        report.stuck("unsure", stuck)
    for stuck in owed.failed:
        report.stuck("failed", stuck)
    for channel, reason in owed.closed_channels.items():
        report.finding("closed", channel=channel, reason=reason)
    if owed.closed_people:
        report.note("closed_people", count=owed.closed_people)
    if report.findings == before:
        report.well("deliveries", count=owed.waiting)
    else:
        report.note("waiting", count=owed.waiting)
