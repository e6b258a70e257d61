"""Small facts that the bot keeps about itself."""

from __future__ import annotations

from db.database import Database
from db.tables import Memo


class Memos:
    """A few named values, such as which commands Discord knows already."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        """The value, or None."""
        async with self._database.read() as session:
            row = await session.get(Memo, name)
            return row.value if row else None

    async def set(self, name: str, value: str) -> None:
        """Keep a value (at most 200 characters)."""
        async with self._database.write() as session:
            await session.merge(Memo(name=name, value=value))
