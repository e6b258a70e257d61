"""Erasures: what was taken back stays gone, also when a copy of the database from before is put back.

Whoever erases something notes it in the same transaction. The notes are mirrored in a small file beside
the database, which survives a database that doesn't. Neither holds anything but random ids and days.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.anonymity import rounded_up_day
from db import erasures
from db.database import Database
from db.erasure_file import ErasureFile, ErasureFileBroken
from db.erasures import Erased

KEPT = timedelta(days=400)
"""Longer than any copy of the database should be kept."""
log = logging.getLogger(__name__)


class Erasures:
    """Keeps the mirror up to date. ``file`` None: there is no place for one."""

    def __init__(self, database: Database, file: Path | None) -> None:
        self._database = database
        self._file = ErasureFile(file) if file is not None else None
        self._mirrored: tuple[date, int] | None = None
        self._looked: tuple[date, int] | None = None

    async def mirror(self, now: datetime) -> None:
        """Write down what was noted since the last time; costs one small count when something was
        written, and nothing when nothing was.

        What the file alone remembers stays in it. Raises OSError when it can't be written.
        """
        if self._file is None:
            return
        today = now.astimezone(UTC).date()
        looked = today, self._database.writes
        if self._database.is_sqlite and looked == self._looked:
            return  # nobody else writes there
        async with self._database.read() as session:
            state = today, await erasures.count_since(session, today)
            if state == self._mirrored:
                self._looked = looked
                return
            noted = await erasures.everything(session)
        oldest = today - KEPT
        kept = noted | await self._remembered(self._file)
        await self._file.save({one for one in kept if one.day >= oldest})
        self._mirrored, self._looked = state, looked

    async def forget_old(self, now: datetime) -> None:
        """Forget what no copy can bring back any more."""
        async with self._database.write() as session:
            await erasures.forget(session, now.astimezone(UTC).date() - KEPT)

    async def _remembered(self, file: ErasureFile) -> frozenset[Erased]:
        try:
            return await file.load()
        except ErasureFileBroken as error:
            log.warning("the mirror of erasures was unreadable (%s) and is written anew", error.reason)
            return frozenset()


async def note_erased(session: AsyncSession, kind: str, subjects: Iterable[int], now: datetime) -> None:
    """Note that these are gone for good, inside the transaction that erases them."""
    await erasures.note(session, kind, subjects, rounded_up_day(now))
