"""What PostgreSQL must be told, so that its files keep neither what was deleted nor the order of rows."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import JSON, Column, LargeBinary, String, Table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.process_tables import EPOCH_KEYS
from db.types import Base

ONE_WRITER = text("SELECT pg_advisory_xact_lock(7045003190421)")
"""Makes PostgreSQL's writers wait for each other until the transaction ends; the number is ours alone."""

LOCKED = "55P03"
"""PostgreSQL's code for a lock that could not be had in time."""

WORDS_FROM = 60
"""Characters from which on a column may hold words or names; what is shorter is a kind, a state, a zone."""
OF_PERSONS = frozenset({"author_id", "user_id", "destination"})


async def rewrite_tables(connection: AsyncConnection, patience_ms: int) -> bool:
    """Write every table anew in the order of its key, without what was deleted. Returns whether all are.

    In two steps. First every row gets a new version in one transaction: a row that was never touched again
    would tell by its ``xmin`` in which order people acted. Then CLUSTER lays them down by their key, which is
    random where people's doings stand. Like VACUUM FULL it makes a new file; a plain VACUUM only frees the
    space: 130 of 334 deleted texts stayed readable in the files after it, none after this. It waits for
    nobody for longer than ``patience_ms``: people's writes wait behind it.
    """
    raw = await connection.execution_options(isolation_level="AUTOCOMMIT")
    await raw.execute(text(f"SET lock_timeout = {patience_ms}"))
    try:
        for table in Base.metadata.tables.values():
            await _one_version(raw, table)
            await raw.execute(text(f"CLUSTER {table.name} USING {table.primary_key.name}"))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == LOCKED:
            await raw.execute(text("ROLLBACK"))  # of the step that it was in
            return False
        raise
    return True


async def _one_version(raw: AsyncConnection, table: Table) -> None:
    """Every row written by one transaction, as every other writer's is: alone."""
    key = next(iter(table.primary_key)).name
    await raw.execute(text("BEGIN"))
    await raw.execute(ONE_WRITER)
    await raw.execute(text(f"UPDATE {table.name} SET {key} = {key}"))  # noqa: S608  # names of ours
    await raw.execute(text("COMMIT"))


async def keep_no_statistics(connection: AsyncConnection) -> None:
    """PostgreSQL's statistics quote what stands in the columns, in a table that is no rewriting of ours to
    clean: of words, names, tags, keys and persons it makes none. Only what isn't set yet is set."""
    query = (
        "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE a.attstattarget = 0 AND c.relnamespace = current_schema()::regnamespace"
    )
    done = {tuple(row) for row in await connection.execute(text(query))}
    for table, column in _quoted_columns((*Base.metadata.tables.values(), EPOCH_KEYS)):
        if (table, column) not in done:
            await connection.execute(text(f'ALTER TABLE {table} ALTER COLUMN "{column}" SET STATISTICS 0'))


def _quoted_columns(tables: Iterable[Table]) -> Iterable[tuple[str, str]]:
    return ((table.name, column.name) for table in tables for column in table.columns if tells(column))


def tells(column: Column[object]) -> bool:
    """Whether what stands in a column may be words, or say who somebody is."""
    kind = column.type
    if isinstance(kind, String):  # Text is one without a length
        return column.name in OF_PERSONS or kind.length is None or kind.length >= WORDS_FROM
    return isinstance(kind, LargeBinary | JSON) or column.name in OF_PERSONS
