"""The nudge: weeks later one private word, to look back at a repair. Of which story, it never knows.

Whoever presses for it may have told something without a name a second ago. So the press writes nothing: it
is remembered in memory alone, and written down hours later, on a day that doesn't tell when it was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.kept import Kept
from bot.rules.shares import Share
from bot.services.outbox import Lease, Priority, private_destination
from db import deliveries, people
from db.database import Database
from db.people_tables import Nudge
from db.types import random_id

NUDGE = "nudge"
"""The kind of its delivery."""
WRITTEN_AFTER = (timedelta(hours=1), timedelta(hours=12))
"""When it is written down, at the earliest and at the latest."""
SOONEST, LATEST = 21, 35
"""Days after that, between which its own day lies."""
HOURS = (timedelta(hours=7), timedelta(hours=19))
"""Of its day (UTC), between which it is sent."""
CATCHING_UP = timedelta(hours=2)
BATCH = 20


@dataclass(frozen=True, slots=True)
class NudgeInfo:
    """A nudge as its owner sees it."""

    on: date | None
    """Its day; None while it isn't written down, or when it is asleep."""
    closed: bool = False
    """Discord did not let the bot write to this person."""


class Nudges:
    """Asked for by anybody, after anything; what is given out goes to its owner alone."""

    def __init__(self, database: Database, now: Callable[[], datetime], random: Random, share: Share) -> None:
        self._database = database
        self._now = now
        self._random = random
        self._share = share
        self._asked: dict[int, datetime] = {}
        """Who asked, and when it is written down. In memory alone."""
        self._looked_on: date | None = None

    def ask(self, user_id: int) -> None:
        """Remember it; nothing is written. Asked for twice it is still one."""
        wait = _between(self._random, *WRITTEN_AFTER)
        self._asked.setdefault(user_id, self._now() + wait)

    async def of(self, user_id: int) -> NudgeInfo | None:
        """A person's own nudge."""
        async with self._database.read() as session:
            row = await session.get(Nudge, user_id)
        if row is not None and (row.due_on is not None or user_id not in self._asked):
            return NudgeInfo(row.due_on, closed=row.due_on is None)
        return NudgeInfo(None) if user_id in self._asked else None

    async def stop(self, user_id: int) -> int:
        """It doesn't come; also how it is erased. Returns how many there were."""
        asked = self._asked.pop(user_id, None) is not None
        async with self._database.write() as session:
            row = await session.get(Nudge, user_id)
            if row is not None:
                await session.delete(row)
            owed = await people.drop_owed(session, NUDGE, private_destination(user_id))
            return int(asked or row is not None) + owed

    async def kept(self, user_id: int) -> Sequence[Kept]:
        """For *what is kept about me*."""
        info = await self.of(user_id)
        if info is None:
            return ()
        file = {"what": "nudge to look back", "on": info.on.isoformat() if info.on else None,
                "asleep": info.closed}  # fmt: skip
        if info.on is not None:
            return (Kept("nudge", {"day": info.on.isoformat()}, file),)
        return (Kept("nudge_asleep" if info.closed else "nudge_soon", {}, file),)

    async def due(self, now: datetime) -> int:
        """Write one down whose moment has come, or owe some whose day has come. Returns how many.

        Of several processes each writes what it was asked for; the one that sends private messages owes.
        """
        if ready := [user_id for user_id, at in self._asked.items() if at <= now]:
            await self._write_down(ready[0], now)
            return 1
        today = now.astimezone(UTC).date()
        if not self._share.first or self._looked_on == today:
            return 0
        owed = await self._owe_some(now, today)
        if not owed:
            self._looked_on = today
        return owed

    async def next_due(self) -> datetime | None:
        """When one is written down, or owed, next."""
        async with self._database.read() as session:
            day = await people.next_nudge(session)
        moments = list(self._asked.values())
        if day is not None and self._share.first:
            moments.append(datetime.combine(day, time(), UTC))
        return min(moments, default=None)

    async def _write_down(self, user_id: int, now: datetime) -> None:
        async with self._database.write() as session:
            if user_id not in self._asked:
                return  # stopped at this moment
            row = await session.get(Nudge, user_id)
            day = now.astimezone(UTC).date() + timedelta(days=self._random.randint(SOONEST, LATEST))
            if row is None:
                session.add(Nudge(user_id=user_id, due_on=day))
            elif row.due_on is None:
                row.due_on = day
        self._asked.pop(user_id, None)

    async def _owe_some(self, now: datetime, today: date) -> int:
        async with self._database.read() as session:
            if not await people.due_nudges(session, today, 1):
                return 0
        async with self._database.write() as session:
            # what Discord refused, or what may have come, isn't tried for ever
            await people.stuck(session, NUDGE, (deliveries.UNSURE, deliveries.FAILED))
            found = await people.due_nudges(session, today, BATCH)
            for row in found:
                await self._owe(session, row.user_id, now)
                await session.delete(row)
            return len(found)

    async def _owe(self, session: AsyncSession, user_id: int, now: datetime) -> None:
        midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
        at = midnight + _between(self._random, *HOURS)
        if at < now:
            at = now + _between(self._random, timedelta(), CATCHING_UP)
        await deliveries.owe(
            session, kind=NUDGE, subject=random_id(), destination=private_destination(user_id),
            priority=Priority.REMINDER, not_before=at,
        )  # fmt: skip

    async def sent(self, lease: Lease) -> None:
        """It is there; no trace of it is kept. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.drop(session, lease.id, lease.token)

    async def refused(self, lease: Lease) -> None:
        """Discord doesn't let the bot write to this person: it sleeps, and that is said. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.drop(session, lease.id, lease.token)
            await session.merge(Nudge(user_id=recipient(lease), due_on=None))


def recipient(lease: Lease) -> int:
    """Whom a private delivery goes to."""
    return int(lease.destination.partition(":")[2])


def _between(random: Random, earliest: timedelta, latest: timedelta) -> timedelta:
    second = timedelta(seconds=1)
    return timedelta(seconds=random.randint(earliest // second, latest // second))
