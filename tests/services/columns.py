"""Reading all that a database keeps, whatever its tables are called."""

from __future__ import annotations

from sqlalchemy import text

from db.database import Database


async def everything_kept(database: Database) -> list[str]:
    """Every value of every column of every table, as text; bytes as hexadecimal digits too."""
    found: list[str] = []
    async with database.read() as session:
        tables = await session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        for table in tables.all():
            for row in await session.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608  # from SQLite
                for value in row:
                    found.append(str(value))
                    if isinstance(value, bytes):
                        found.append(value.hex())
    return found
