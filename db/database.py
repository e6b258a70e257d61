"""Opening the database, and the two ways in: reading and writing.

SQLite is the default for one process; PostgreSQL serves many. A process writes one transaction at a time,
people's before the bot's own. So do all processes together, so that whoever comes second waits instead of
failing, and every rule that holds with one writer holds with many processes: SQLite's BEGIN IMMEDIATE, and a
lock of our own on PostgreSQL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import event, make_url, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from db.errors import DatabaseUnusable, FolderUnwritable
from db.hidden_values import hide_values
from db.lock import ProcessLock
from db.migrate import pending, upgrade
from db.postgresql import ONE_WRITER, keep_no_statistics, rewrite_tables
from db.process_tables import EPOCH_KEYS
from db.turns import Turns

BUSY_TIMEOUT_MS = 5_000
CACHE_KIB = 256
"""What each connection may keep of the file in memory: it grows with the circles, and the system keeps the
file's pages anyway."""
ERASING_TIMEOUT_MS = 500
"""How long emptying the log waits for somebody who reads: people's writes wait behind it."""

POSTGRESQL_PATIENCE = {
    "application_name": "good-enough",
    "idle_in_transaction_session_timeout": "5000",
    "lock_timeout": "10000",
    "statement_timeout": "20000",
}
"""Milliseconds. A process that was stopped in the middle of a transaction holds up the others no longer."""
ANSWER_SECONDS = 25
"""After this a server that says nothing counts as away; longer than it may take by the limits above."""


class Database:
    """Hands out sessions. Made by ``open_database``; closed by leaving it."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._writer = _engine(url, immediate=True)
        self._reader = _engine(url, immediate=False) if self.is_sqlite else self._writer
        self._write_sessions = async_sessionmaker(self._writer, expire_on_commit=False)
        self._read_sessions = async_sessionmaker(self._reader, expire_on_commit=False)
        self._turns = Turns()
        self.writes = 0
        """How many transactions of this process may have written something."""

    @property
    def path(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncSession]:
        """A session for looking: nothing it does is kept."""
        async with self._read_sessions() as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncSession]:
        """One transaction: kept when the block ends, undone when it raises."""
        async with self._turns.one():
            try:
                async with self._write_sessions.begin() as session:
                    if not self.is_sqlite:
                        await session.execute(ONE_WRITER)
                    yield session
            finally:  # only now can others read it
                self.writes += 1

    async def clock(self, session: AsyncSession) -> datetime:
        """The database's own time, which all processes share; leases are measured by it."""
        expression = "strftime('%Y-%m-%d %H:%M:%f', 'now')" if self.is_sqlite else "clock_timestamp()"
        value = (await session.execute(text(f"SELECT {expression}"))).scalar_one()
        if isinstance(value, datetime):
            return value
        return datetime.fromisoformat(f"{value}+00:00")

    async def migrate(self) -> None:
        """Bring the tables up to date. Raises DatabaseTooNew when a newer bot made them."""
        async with self._without_limits() as engine, engine.connect() as connection:
            if not self.is_sqlite:
                await connection.execute(ONE_WRITER)  # two processes may start at once
            await connection.run_sync(upgrade)
            if not self.is_sqlite:
                await connection.run_sync(EPOCH_KEYS.create, checkfirst=True)
                await keep_no_statistics(connection)
            await connection.commit()

    async def behind(self) -> bool:
        """Whether the tables wait for ``migrate``. Raises DatabaseTooNew when a newer bot made them."""
        async with self._reader.connect() as connection:
            return await connection.run_sync(pending)

    async def reachable(self) -> None:
        """Try to connect. Raises DatabaseUnusable for whatever stops it, such as a file of another kind."""
        try:
            async with self._reader.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except Exception as error:  # each driver raises errors of its own here
            raise DatabaseUnusable(self.where) from error

    async def others(self) -> bool:
        """Whether somebody else is connected to this database on PostgreSQL; on SQLite the lock tells."""
        if self.is_sqlite:
            return False
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        async with self._reader.connect() as connection:
            return (await connection.execute(text(query))).scalar_one() > 0

    @property
    def where(self) -> str:
        """The file or server, as the operator knows it; without a password."""
        return str(self.path or self.url.render_as_string(hide_password=True))

    async def erase_traces(self) -> bool:
        """Make what was deleted unreadable in the file: VACUUM, then empty the write-ahead log.

        ``secure_delete`` alone leaves deleted texts in the file and the log. Returns whether all was done:
        somebody who goes on reading or writing beside us keeps it from being done now. PostgreSQL's log is
        out of our reach; ``docs/operating.md`` says what stays there.
        """
        async with self._turns.one():
            if not self.is_sqlite:
                async with self._without_limits() as engine, engine.connect() as connection:
                    return await rewrite_tables(connection, ERASING_TIMEOUT_MS)
            async with self._writer.connect() as connection:
                return await connection.run_sync(_vacuum)

    @asynccontextmanager
    async def _without_limits(self) -> AsyncGenerator[AsyncEngine]:
        """For what may take long and happens seldom: a connection of its own on PostgreSQL."""
        if self.is_sqlite:
            yield self._writer
            return
        engine = create_async_engine(self.url, hide_parameters=True, poolclass=NullPool)
        hide_values(engine)
        try:
            yield engine
        finally:
            await engine.dispose()

    async def close(self) -> None:
        """Let go of every connection; aiosqlite keeps a thread for each until then."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


def _vacuum(connection: Connection) -> bool:
    """Through the driver: SQLAlchemy would put a BEGIN in front, and VACUUM refuses one."""
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={ERASING_TIMEOUT_MS}")
    try:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        blocked = cursor.fetchall()[0][0]  # https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
    except sqlite3.OperationalError as error:
        if (
            error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY
        ):  # extended codes keep the kind in the low byte
            raise
        return False
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.close()
    return not blocked


def _engine(url: URL, *, immediate: bool) -> AsyncEngine:
    if url.get_backend_name() != "sqlite":
        patience = {"server_settings": POSTGRESQL_PATIENCE, "timeout": 10, "command_timeout": ANSWER_SECONDS}
        engine = create_async_engine(
            url, hide_parameters=True, pool_size=10, pool_pre_ping=True, connect_args=patience
        )
        hide_values(engine)
        return engine
    engine = create_async_engine(
        url, hide_parameters=True, pool_size=1 if immediate else 4, max_overflow=0, pool_timeout=30
    )
    _prepare_sqlite(engine, immediate=immediate)
    return engine


def _prepare_sqlite(engine: AsyncEngine, *, immediate: bool) -> None:
    """The settings that SQLite forgets with each connection, and a BEGIN that takes the lock at once."""

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:  # pyright: ignore[reportUnusedFunction]  # SQLAlchemy calls it
        connection.isolation_level = None  # the driver's own BEGIN comes too late for BEGIN IMMEDIATE
        cursor = connection.cursor()
        for pragma in (
            "foreign_keys=ON",
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "secure_delete=ON",
            "temp_store=MEMORY",  # VACUUM would write a copy of all words into the system's temporary folder
            f"cache_size=-{CACHE_KIB}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]  # SQLAlchemy calls it
        if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
            connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@asynccontextmanager
async def open_database(url: str, *, alone: bool = True) -> AsyncGenerator[Database]:
    """Open the database at ``url``, up to date and ours alone.

    ``alone`` takes the lock that refuses a second process on one SQLite file. Raises DatabaseBusy,
    DatabaseTooNew or DatabaseUnusable.
    """
    parsed, path = _parsed(url), database_file(url)
    with ExitStack() as held:
        if path is not None:
            make_folder(path)
        if path is not None and alone:
            held.enter_context(ProcessLock.beside(path))
        database = Database(parsed)
        try:
            await _ready(database)
            yield database
        finally:
            await database.close()


def make_folder(path: Path) -> None:
    """Make the folder of a database file, for us alone. Raises FolderUnwritable."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnwritable(str(path.parent)) from error


@asynccontextmanager
async def look_at_database(url: str) -> AsyncGenerator[Database | None]:
    """Open the database only to look, also beside the process that works on it: nothing is made,
    migrated or locked. None when there is no file yet. Raises DatabaseUnusable."""
    parsed, path = _parsed(url), database_file(url)
    if path is not None and not path.exists():
        yield None
        return
    database = Database(parsed)
    try:
        await database.reachable()
        yield database
    finally:
        await database.close()


async def _ready(database: Database) -> None:
    await database.reachable()
    try:
        await database.migrate()
    except DBAPIError as error:
        raise DatabaseUnusable(database.where) from error


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):  # a port that isn't a number; the cause would show the password
        raise DatabaseUnusable("DATABASE_URL") from None


def database_file(url: str) -> Path | None:
    """The SQLite file at ``url``, or None on PostgreSQL. Raises DatabaseUnusable for what is no URL."""
    parsed = _parsed(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
