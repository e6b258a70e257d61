"""Reading all that a database keeps, whatever its tables are called."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from db.database import Database


async def everything_kept(database: Database) -> list[str]:
    """Every value of every column of every table, as text; bytes as hexadecimal digits too."""
    found: list[str] = []
    async with database.read() as session:
        tables = await (await session.connection()).run_sync(_tables)
        for table in tables:
            for row in await session.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608  # as it says itself
                for value in row:
                    found.append(str(value))
                    if isinstance(value, bytes):
                        found.append(value.hex())
    return found


def _tables(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()
