"""The database: does it open, is it up to date, and what waits in it for Discord."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.cli.checks.files import can_be_made, open_to_others
from bot.cli.exits import Exit
from bot.cli.opening import of_files
from bot.cli.problems import Problem
from bot.cli.report import Report
from bot.services.checkup import Checkup, Owed, Place
from bot.settings import Settings
from db.database import Database, database_file, look_at_database
from db.errors import DatabaseProblem, DatabaseUnusable


async def look_at_records(report: Report, settings: Settings, now: datetime) -> tuple[Place, ...] | None:
    """Report on the database and what it owes. Returns where the circles are; None when it can't tell."""
    try:
        async with look_at_database(settings.database_url) as database:
            if database is None:
                _not_there(report, settings)
                return None
            return await _opened(report, database, now)
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


async def _opened(report: Report, database: Database, now: datetime) -> tuple[Place, ...] | None:
    try:
        return await _read(report, database, now)
    except SQLAlchemyError as error:
        raise DatabaseUnusable(database.where) from error


async def _read(report: Report, database: Database, now: datetime) -> tuple[Place, ...] | None:
    if await database.behind():
        report.finding("behind", where=database.where)
        return None
    if database.path is not None and open_to_others(database.path):
        report.finding("open_to_others", file=database.path)
    checkup = Checkup(database)
    places = await checkup.places()
    report.well("database", where=database.where, circles=len(places))
    _look_at_deliveries(report, await checkup.owed(now))
    return places


def _look_at_deliveries(report: Report, owed: Owed) -> None:
    """What waits is well unless it waits for too long; what got stuck is told with its reason."""
    before = report.findings
    if owed.overdue:
        report.finding("overdue", count=owed.overdue)
    if owed.unsure:
        report.finding("unsure", count=owed.unsure)
    for reason, count in owed.failed.items():
        report.finding("failed", count=count, reason=reason)
    for channel, reason in owed.closed_channels.items():
        report.finding("closed", channel=channel, reason=reason)
    if owed.closed_people:
        report.note("closed_people", count=owed.closed_people)
    if report.findings == before:
        report.well("deliveries", count=owed.waiting)
