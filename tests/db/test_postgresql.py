"""What only PostgreSQL has to be tried for: one writer at a time, limits to waiting, and erasing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

import db.database as database_module
from db import care_tables, people_tables, process_tables, story_tables, tables
from db.database import Database, look_at_database, open_database
from db.key_table import TableKeyStore
from db.keys import StoredKey
from db.process_tables import EPOCH_KEYS
from db.story_tables import Draft, PenName, Story
from db.tables import Circle, Memo, Reminder
from db.types import Base, random_id
from tests.conftest import POSTGRESQL
from tests.postgresql import Server

REGISTERED = (care_tables, people_tables, process_tables, story_tables, tables)
"""Imported for the tables that they register."""
START = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.fixture
def engine() -> str:
    """The other engine has its own tests."""
    return POSTGRESQL


@pytest.fixture
async def other(database_url: str, database: Database) -> AsyncIterator[Database]:
    """Another process's connections to the same database."""
    async with open_database(database_url) as opened:
        yield opened


def a_key(epoch: int, wrapped: bytes = b"wrapped" * 8) -> StoredKey:
    starts_at = START + timedelta(hours=epoch)
    return StoredKey(epoch, starts_at, starts_at + timedelta(days=7), starts_at + timedelta(days=28), wrapped)


async def count_up(database: Database) -> None:
    """Read a number, and write the next one."""
    async with database.write() as session:
        row = await session.get(Memo, "number")
        await asyncio.sleep(0)
        if row is None:
            session.add(Memo(name="number", value="1"))
        else:
            row.value = str(int(row.value) + 1)


async def test_what_is_read_before_it_is_written_stays_true_whichever_process_writes(
    database: Database, other: Database
) -> None:
    await asyncio.gather(*(count_up(each) for each in (database, other) for _ in range(25)))

    async with database.read() as session:
        assert (await session.get_one(Memo, "number")).value == "50"


async def test_a_process_that_stands_still_in_a_transaction_holds_up_the_others_for_a_moment_only(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = "idle_in_transaction_session_timeout"
    assert 0 < int(database_module.POSTGRESQL_PATIENCE[limit]) <= 10_000
    monkeypatch.setitem(database_module.POSTGRESQL_PATIENCE, limit, "200")
    async with open_database(database_url) as still, open_database(database_url) as at_work:

        async def stand_still() -> None:
            async with still.write() as session:
                session.add(Memo(name="half", value="done"))
                await session.flush()
                await asyncio.wait_for(count_up(at_work), 30)

        with pytest.raises(DBAPIError):
            await stand_still()
        async with at_work.read() as session:
            assert await session.get(Memo, "half") is None
            assert (await session.get_one(Memo, "number")).value == "1"


async def test_two_processes_that_start_at_once_on_nothing_make_the_tables_once(postgresql: Server) -> None:
    async def start(url: str) -> bool:
        async with open_database(url) as opened:
            return await opened.behind()

    async with postgresql.bare() as url:
        assert await asyncio.gather(*(start(url) for _ in range(3))) == [False] * 3


async def test_the_migrations_make_the_tables_that_the_program_works_with(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [*compare_metadata(context, (Base.metadata, EPOCH_KEYS.metadata))]

    async with database.read() as session:
        connection = await session.connection()
        assert await connection.run_sync(differences) == []
        names = await connection.run_sync(lambda raw: inspect(raw).get_table_names())
    assert EPOCH_KEYS.name in names


WRITTEN = """
SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'column', table_name || '.' || column_name, data_type || is_nullable
  FROM information_schema.columns WHERE table_schema = 'public'
"""
"""All that PostgreSQL remembers of tables, by name."""


async def test_they_are_the_ones_that_the_models_would_make(database: Database, postgresql: Server) -> None:
    async def written(url: str) -> set[tuple[str, ...]]:
        async with look_at_database(url) as looked:
            assert looked is not None
            async with looked.read() as session:
                return {tuple(row) for row in await session.execute(text(WRITTEN))}

    async with postgresql.bare() as url:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
            await connection.run_sync(EPOCH_KEYS.metadata.create_all)
        await engine.dispose()
        direct = await written(url)

    migrated = {row for row in await written(str(database.url)) if "alembic_version" not in row[1]}
    assert migrated == direct
    assert any("WHERE" in text for kind, _, text in migrated if kind == "index")


def in_the_files(server: Server, path: str, *words: bytes) -> bool:
    """Whether one of these words stands in the file of a table, wherever it is by now."""
    return any(word in (server.folder / path).read_bytes() for word in words)


async def file_of(database: Database, table: str) -> str:
    """Where a table lies, after everything of it was written there."""
    async with database.read() as session:
        await session.execute(text("CHECKPOINT"))
        return str(await session.scalar(text(f"SELECT pg_relation_filepath('{table}')")))  # ours


async def test_deleted_words_are_in_no_file_of_a_table_after_the_clean_up(
    database: Database, postgresql: Server
) -> None:
    words = [f"quokka{number}" for number in range(300)]
    async with database.write() as session:
        for number, word in enumerate(words):
            session.add(Memo(name=word, value=f"The {word} told me off. " * 5))
            session.add(Memo(name=f"stays{number}", value="Something else. " * 3))
    async with database.write() as session:
        await session.execute(text("DELETE FROM memos WHERE name LIKE 'quokka%'"))
    raw = [word.encode() for word in words]
    assert in_the_files(postgresql, await file_of(database, "memos"), *raw)  # the search finds what is there

    assert await database.erase_traces()

    # whoever connects at that very moment makes PostgreSQL keep what was deleted in it for another day
    for _ in range(5):
        if in_the_files(postgresql, await file_of(database, "memos"), *raw):
            assert await database.erase_traces()
    assert not in_the_files(postgresql, await file_of(database, "memos"), *raw)


async def test_after_the_clean_up_no_row_tells_when_it_was_written_or_after_which(database: Database) -> None:
    """Its place in the file, and the transaction that wrote it, follow from its random key alone."""
    async with database.write() as session:
        session.add(a_circle())
    told = [a_story(id=random_id()) for _ in range(40)]
    for story in told:  # each by a person of their own
        async with database.write() as session:
            session.add(story)
            await session.flush()
            session.add(PenName(story_id=story.id, name="Brave Quokka", tag=b"t" * 32))
            session.add(Draft(receipt_hash=token_bytes(32), sealed=b"words", keep_until=START.date()))
    in_the_order_of_telling = [story.id for story in told]
    assert await lying(database, "stories", "id") == in_the_order_of_telling
    assert len(await versions(database, "stories")) == 40

    assert await database.erase_traces()

    for table, key in (("stories", "id"), ("pen_names", "story_id"), ("drafts", "receipt_hash")):
        found = await lying(database, table, key)
        assert len(found) == 40
        assert found == sorted(found)
        assert len(await versions(database, table)) == 1
    assert await lying(database, "stories", "id") != in_the_order_of_telling


async def lying(database: Database, table: str, column: str) -> list[Any]:
    """What a column holds, in the order in which the rows lie in the file."""
    async with database.read() as session:
        return list(await session.scalars(text(f"SELECT {column} FROM {table} ORDER BY ctid")))  # noqa: S608


async def versions(database: Database, table: str) -> set[Any]:
    """The transactions that wrote the rows that there are."""
    async with database.read() as session:
        return set(await session.scalars(text(f"SELECT xmin::text FROM {table}")))  # noqa: S608


async def test_statistics_quote_no_words_and_nobody(database: Database) -> None:
    async with database.write() as session:
        session.add(a_circle())
        await session.flush()
        session.add_all(a_story(slip=f"The quokka {number} told me off.") for number in range(50))
        for number in range(50):
            session.add(Memo(name=f"fact {number}", value=f"wombat {number}"))
    store = TableKeyStore(database)
    async with store.changing() as kept:
        kept.update({number: a_key(number, f"platypus {number}".encode()) for number in range(50)})
    async with database.write() as session:
        await session.execute(text("ANALYZE"))

    async with database.read() as session:
        query = "SELECT tablename, attname, most_common_vals::text, histogram_bounds::text FROM pg_stats"
        rows = [row for row in await session.execute(text(query)) if row.tablename in Base.metadata.tables]
    quoted = " ".join(str(part) for row in rows for part in row)
    assert "state" in {row.attname for row in rows}  # there are statistics
    for word in ("quokka", "wombat", "platypus", b"platypus".hex()):
        assert word not in quoted
    assert not {row.attname for row in rows} & {
        "slip",
        "author_id",
        "user_id",
        "tag",
        "receipt_hash",
        "sealed",
    }


async def test_the_clean_up_doesnt_wait_for_somebody_who_reads_for_long(
    database: Database, other: Database
) -> None:
    async with other.read() as session:
        await session.execute(text("SELECT * FROM memos"))
        assert not await database.erase_traces()
    assert await database.erase_traces()


async def test_keys_are_kept_as_they_were_given_and_destroyed_ones_leave_the_file(
    database: Database, other: Database, postgresql: Server
) -> None:
    one, same = TableKeyStore(database), TableKeyStore(other)
    keys = {7: a_key(7, bytes(range(60))), 8: a_key(8, b"to be destroyed")}
    async with one.changing() as kept:
        kept.update(keys)
    assert await same.load() == keys
    assert in_the_files(postgresql, await file_of(database, "epoch_keys"), b"to be destroyed")

    async with same.changing() as kept:
        del kept[8]

    assert await one.load() == {7: keys[7]}
    assert not in_the_files(postgresql, await file_of(database, "epoch_keys"), b"to be destroyed")


async def test_a_change_of_keys_that_fails_changes_nothing(database: Database) -> None:
    store = TableKeyStore(database)

    async def put(key: StoredKey, *, failing: bool) -> None:
        async with store.changing() as kept:
            kept.clear()
            kept[key.epoch] = key
            if failing:
                raise RuntimeError

    await put(a_key(7), failing=False)
    with pytest.raises(RuntimeError):
        await put(a_key(8), failing=True)

    assert await store.load() == {7: a_key(7)}


def test_only_postgresql_has_the_table_of_keys(migrated: Path) -> None:
    assert EPOCH_KEYS.name.encode() not in migrated.read_bytes()


def a_circle() -> Circle:
    return Circle(id=1, guild_id=1, channel_id=2, zone="UTC", language="en", size=3, delay_minutes=0)


def a_story(**parts: Any) -> Story:
    words = {"slip": "The wombat.\nIt bit.", "effect": "", "repair": "", "lesson": ""}
    usual = {"circle_id": 1, "voice": "unnamed", "ask": "listen", "quote_lesson": False, "state": "waiting"}
    return Story(**(usual | words | parts))


def a_reminder() -> Reminder:
    return Reminder(user_id=987654321098765432, circle_id=1, weekday=1, at_minute=1, zone="UTC", state="on")


@pytest.mark.parametrize(
    "refused",
    [
        lambda: [a_story(voice="nobody's")],
        lambda: [a_story(slip="The wombat \ud800.")],
        lambda: [a_story(slip="The wombat \0.")],
        lambda: [a_reminder(), a_reminder()],
    ],
    ids=["a rule of the table", "an argument", "a character", "twice"],
)
async def test_an_error_quotes_nothing_that_was_told_and_nobody(
    database: Database, refused: Callable[[], list[Base]]
) -> None:
    async with database.write() as session:
        session.add(a_circle())

    with pytest.raises(DBAPIError) as caught:
        async with database.write() as session:
            session.add_all(refused())

    logged = logging.Formatter().formatException((type(caught.value), caught.value, caught.tb))
    for value in ("wombat.", "wombat \\", "It bit", "987654321098765432", "The wombat"):
        assert value not in logged
    assert "asyncpg" in logged
