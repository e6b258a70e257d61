"""The epoch keys: are they there and whole, does the pepper open them, is what must be gone gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.cli.checks.files import can_be_made, open_to_others
from bot.cli.exits import Exit
from bot.cli.opening import of_files
from bot.cli.problems import Problem
from bot.cli.report import Report
from bot.rules.anonymity import WrongPepper, rewrap
from bot.settings import Settings
from db.database import look_at_database
from db.errors import DatabaseProblem
from db.key_table import TableKeyStore
from db.keys import FileKeyStore, KeyFileBroken, StoredKey


async def look_at_keys(
    report: Report, settings: Settings, now: datetime, *, used: bool, pepper: bool
) -> None:
    """The key file. ``used``: there is a database, so there were keys; ``pepper``: the settings hold one to
    try."""
    path = settings.key_file
    if not path.exists():
        _not_there(report, settings, used=used)
        return
    before = report.findings
    if open_to_others(path):
        report.finding("open_to_others", file=path)
    try:
        keys = await FileKeyStore(path).look()
        if pepper:
            _open_all(keys, settings)
    except (KeyFileBroken, WrongPepper) as error:
        report.problem(of_files(error, settings))
        return
    if any(key.destroy_at <= now for key in keys.values()):
        report.finding("old_keys", file=path)
    if report.findings > before:
        return
    if pepper:
        report.well("keys", file=path)
    else:
        report.note("keys_untried", file=path)


async def look_at_key_table(report: Report, settings: Settings, now: datetime, *, pepper: bool) -> None:
    """The same for the table that several processes share. For a database that is up to date."""
    try:
        async with look_at_database(settings.database_url) as database:
            keys = {} if database is None else await TableKeyStore(database).load()
        if pepper:
            _open_all(keys, settings)
    except WrongPepper as error:
        report.problem(of_files(error, settings))
    except (DatabaseProblem, SQLAlchemyError):  # the rest of the database could be read
        report.finding("keys_gone_table")
    else:
        if not keys:
            report.finding("keys_gone_table")
        elif any(key.destroy_at <= now for key in keys.values()):
            report.finding("old_keys_table")
        elif pepper:
            report.well("keys_table")
        else:
            report.note("keys_table_untried")


def _not_there(report: Report, settings: Settings, *, used: bool) -> None:
    path = settings.key_file
    if not can_be_made(path):
        report.problem(Problem(Exit.UNWRITABLE, "start.unwritable", where=path.parent))
    elif used:
        report.finding("keys_gone", file=path)
    else:
        report.note("no_keys", file=path)


def _open_all(keys: Mapping[int, StoredKey], settings: Settings) -> None:
    """With the pepper, or with the one of before while it is being changed. Raises WrongPepper."""
    for number, key in keys.items():
        rewrap(settings.pepper_before or settings.pepper, settings.pepper, number, key.wrapped)
