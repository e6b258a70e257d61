"""Erasures: what was taken back stays gone, also when a copy of the database from before is put back.

Whoever erases something notes it in the same transaction. The notes are mirrored in a small file beside
the database, which survives a database that doesn't. Neither holds anything but random ids and days; and
the file is written hours later, because the time of its writing would else say when somebody took something
back. Whoever loses the database itself within those hours loses what was noted in them.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from secrets import SystemRandom

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.anonymity import publication_delay, rounded_up_day
from db import erasures
from db.database import Database
from db.erasure_file import ErasureFile, ErasureFileBroken, ErasureFileNewer
from db.erasures import Erased

KEPT = timedelta(days=400)
"""Longer than any copy of the database should be kept."""
WAIT = timedelta(hours=1), timedelta(hours=6)
"""From and to: how long the file waits after something was noted, at random."""
log = logging.getLogger(__name__)


class Erasures:
    """Keeps the mirror up to date. ``file`` None: there is no place for one."""

    def __init__(self, database: Database, file: Path | None, random: Random | None = None) -> None:
        self._database = database
        self._random = random or SystemRandom()
        self._not_before: datetime | None = None
        self._newer = False
        self._file = ErasureFile(file) if file is not None else None
        self._mirrored: tuple[date, int] | None = None
        self._looked: tuple[date, int] | None = None

    async def mirror(self, now: datetime) -> None:
        """At every tick: hours after something was noted, write it down. Costs one small count when
        something was written into the database, and nothing when nothing was.

        What the file alone remembers stays in it. Raises OSError when it can't be written.
        """
        if self._file is None or (self._not_before is not None and now < self._not_before):
            return
        today = now.astimezone(UTC).date()
        looked = today, self._database.writes
        if self._database.is_sqlite and looked == self._looked:
            return  # nobody else writes there
        async with self._database.read() as session:
            state = today, await erasures.count_since(session, today)
        if state == self._mirrored:
            self._looked = looked
        elif self._not_before is None and self._mirrored is not None:
            self._not_before = now + WAIT[0] + publication_delay(WAIT[1] - WAIT[0], self._random)
        else:
            await self.write(now)

    async def write(self, now: datetime) -> None:
        """Write down at once what the file doesn't have: where the moment says nothing, such as the daily
        clean-up's or a stop's. Raises OSError when it can't be written."""
        if self._file is None or self._newer:
            return
        today, writes = now.astimezone(UTC).date(), self._database.writes
        async with self._database.read() as session:
            state = today, await erasures.count_since(session, today)
            if state == self._mirrored:
                return
            noted = await erasures.everything(session)
        oldest = today - KEPT
        try:
            kept = noted | await self._remembered(self._file)
        except ErasureFileNewer:
            self._newer = True
            log.error("the mirror of erasures is left as it is: a newer version of this bot has written it")
            return
        await self._file.save({one for one in kept if one.day >= oldest}, today)
        self._mirrored, self._looked, self._not_before = state, (today, writes), None

    async def forget_old(self, now: datetime) -> None:
        """Forget what no copy can bring back any more."""
        async with self._database.write() as session:
            await erasures.forget(session, now.astimezone(UTC).date() - KEPT)

    async def _remembered(self, file: ErasureFile) -> frozenset[Erased]:
        try:
            return await file.load()
        except ErasureFileNewer:
            raise
        except ErasureFileBroken as error:
            log.warning("the mirror of erasures was unreadable (%s) and is written anew", error.reason)
            return frozenset()


async def note_erased(session: AsyncSession, kind: str, subjects: Iterable[int], now: datetime) -> None:
    """Note that these are gone for good, inside the transaction that erases them."""
    await erasures.note(session, kind, subjects, rounded_up_day(now))
