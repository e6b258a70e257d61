"""The migrations make the tables that the program works with, and a newer database is left alone."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from db import care_tables, people_tables, process_tables, story_tables, tables
from db.database import open_database
from db.errors import DatabaseTooNew
from db.migrate import alembic_config
from db.tables import Delivery
from db.types import Base

REGISTERED = (care_tables, people_tables, process_tables, story_tables, tables)
"""Imported for the tables that they register."""


@pytest.fixture
async def migrated(tmp_path: Path) -> Path:
    """A database as the migrations make it."""
    path = tmp_path / "migrated.sqlite3"
    async with open_database(f"sqlite+aiosqlite:///{path}"):
        pass
    return path


def written(path: Path) -> dict[str, str]:
    """All that SQLite remembers of the tables, indexes and constraints, by name."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        found = {f"{kind} {name}": _plain(sql) for kind, name, sql in rows}
    found.pop("table alembic_version", None)
    return found


def _plain(sql: str) -> str:
    """Without what doesn't matter: white space, quotes, and the order of a table's lines."""
    sql = re.sub(r"\s+", " ", sql.replace('"', "")).strip()
    head, _, inner = sql.partition("(")
    lines, depth, line = list[str](), 0, ""
    for sign in inner.rpartition(")")[0]:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            lines.append(line.strip())
            line = ""
        else:
            line += sign
    lines.append(line.strip())
    tail = sql.rpartition(")")[2]
    kind = sorted(lines) if head.startswith("CREATE TABLE") else lines
    return f"{head.strip()} ({', '.join(kind)}){tail}"


def test_alembic_finds_nothing_to_change(migrated: Path) -> None:
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, Base.metadata)
    engine.dispose()

    assert found == []


def test_the_file_is_the_one_that_the_models_would_make(migrated: Path, tmp_path: Path) -> None:
    direct = tmp_path / "direct.sqlite3"
    engine = create_engine(f"sqlite:///{direct}")
    Base.metadata.create_all(engine)
    engine.dispose()

    assert written(migrated) == written(direct)


def test_checks_and_partial_indexes_are_among_what_is_compared(migrated: Path) -> None:
    found = written(migrated)

    assert "WHERE state = 'waiting'" in found["index uq_deliveries_waiting"]
    assert "CONSTRAINT ck_stories_no_author CHECK" in found["table stories"]


async def test_migrating_again_changes_nothing(migrated: Path) -> None:
    before = written(migrated)

    async with open_database(f"sqlite+aiosqlite:///{migrated}") as database:
        assert not await database.behind()
        await database.migrate()

    assert written(migrated) == before


async def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(migrated: Path) -> None:
    with closing(sqlite3.connect(migrated)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("CREATE TABLE something_new (id INTEGER)")
    before = written(migrated)

    with pytest.raises(DatabaseTooNew):
        async with open_database(f"sqlite+aiosqlite:///{migrated}"):
            pass

    assert written(migrated) == before


def test_the_migrations_are_one_line_of_descent() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


OWED = (
    "INSERT INTO deliveries"
    " (id, kind, subject, destination, priority, state, not_before, attempts, uncertain)"
    " VALUES ('an-id', 'story', 7, 'channel:1', 0, 'waiting', '2026-05-04 09:00:00.000000', 1, 1)"
)


async def test_what_the_first_version_owed_is_kept_and_due_since_it_was_owed(tmp_path: Path) -> None:
    path = tmp_path / "first.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
        connection.execute(text(OWED))
    engine.dispose()

    async with open_database(f"sqlite+aiosqlite:///{path}") as database, database.read() as session:
        kept = await session.get_one(Delivery, "an-id")

    nine = datetime(2026, 5, 4, 9, tzinfo=UTC)
    assert (kept.state, kept.not_before, kept.due_since, kept.uncertain) == ("waiting", nine, nine, True)
