"""The wrapped keys of the epochs in a table of their own: where several processes share one PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from db.database import Database
from db.keys import StoredKey
from db.process_tables import EPOCH_KEYS


class TableKeyStore:
    """A small table on PostgreSQL. For any number of processes at a time."""

    shared = True

    def __init__(self, database: Database) -> None:
        self._database = database

    def __repr__(self) -> str:
        return "TableKeyStore()"

    async def load(self) -> dict[int, StoredKey]:
        """All keys by epoch."""
        async with self._database.read() as session:
            return await _read(session)

    @asynccontextmanager
    async def changing(self) -> AsyncGenerator[dict[int, StoredKey]]:
        """Look and change with nobody in between. Destroyed keys leave the files with it."""
        async with self._database.write() as session:
            keys = await _read(session)
            before = dict(keys)
            yield keys
            if keys != before:
                await _replace(session, keys)


async def _read(session: AsyncSession) -> dict[int, StoredKey]:
    rows = await session.execute(select(EPOCH_KEYS))
    return {row.epoch: StoredKey(*row) for row in rows}


async def _replace(session: AsyncSession, keys: Mapping[int, StoredKey]) -> None:
    """TRUNCATE gives the table a new file and removes the old one when the transaction is kept, whoever
    looks; a deleted row would stay in the file until it is written anew."""
    await session.execute(text(f"TRUNCATE {EPOCH_KEYS.name}"))
    if keys:
        await session.execute(insert(EPOCH_KEYS), [_row(key) for key in keys.values()])


def _row(key: StoredKey) -> dict[str, object]:
    return {column.name: getattr(key, column.name) for column in EPOCH_KEYS.c}
