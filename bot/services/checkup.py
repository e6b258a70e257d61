"""What the operator's check looks up in the database. It only looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.calendar import UnknownZone
from bot.services.circles import is_paused
from bot.services.set_aside import KINDS
from db import checkup, deliveries, destinations
from db.database import Database
from db.tables import Circle

PATIENCE = timedelta(minutes=15)
"""A delivery that is later than this was held up by something."""
TICKS_MISSED = timedelta(minutes=5)
"""What is due for longer than this without a decision shows that nobody ticks."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a circle is: ids of its server and its channel."""

    guild_id: int
    channel_id: int


@dataclass(frozen=True, slots=True)
class Stuck:
    """Deliveries of one kind that got stuck for one reason."""

    kind: str
    reason: str
    count: int

    @property
    def decided(self) -> bool:
        """Whether facilitators of its circle can decide about it."""
        return self.kind in KINDS


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed to Discord. No reason names a person."""

    waiting: int
    """Including those under way and those whose time hasn't come."""
    overdue: int
    oldest: timedelta
    """For how long the first of the overdue ones has been due."""
    unsure: tuple[Stuck, ...]
    failed: tuple[Stuck, ...]
    closed_channels: Mapping[int, str]
    """Channels that Discord refused, and why."""
    closed_people: int


@dataclass(frozen=True, slots=True)
class Queue:
    """How much is on its way. What waits for its time isn't in it: that grows when somebody tells."""

    due: int
    oldest: timedelta
    """For how long the first of those has been due; zero without any."""
    leased: int
    unsure: int
    failed: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """What comes by itself, in all circles."""

    schedules: int
    next_due: datetime | None
    """When the next weekly question of any circle is due (aware UTC)."""
    late: int
    """Schedules and reminders whose time has passed without anybody deciding about them."""
    paused: int
    reminders: int


class Checkup:
    """Looks at a database, also beside the process that works on it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def places(self) -> tuple[Place, ...]:
        """Where the circles are."""
        async with self._database.read() as session:
            return tuple(Place(guild, channel) for guild, channel in await checkup.places(session))

    async def owed(self, now: datetime) -> Owed:
        """What Discord hasn't been made to show yet, and why. ``now`` is aware UTC."""
        async with self._database.read() as session:
            counts = await deliveries.counts(session)
            overdue, since = await checkup.overdue(session, now - PATIENCE)
            closed = {row.destination: row.reason for row in await destinations.closed(session)}
            channels = {
                int(destination.removeprefix("channel:")): reason
                for destination, reason in closed.items()
                if destination.startswith("channel:")
            }
            return Owed(
                waiting=counts.get(deliveries.WAITING, 0) + counts.get(deliveries.LEASED, 0),
                overdue=overdue,
                oldest=now - since if since is not None else timedelta(0),
                unsure=await _stuck(session, deliveries.UNSURE),
                failed=await _stuck(session, deliveries.FAILED),
                closed_channels=channels,
                closed_people=len(closed) - len(channels),
            )

    async def queue(self, now: datetime) -> Queue:
        """How much is on its way at an aware ``now``, for whoever looks often."""
        async with self._database.read() as session:
            counts = await checkup.open_counts(session)
            due, since = await checkup.overdue(session, now)
            return Queue(
                due=due,
                oldest=now - since if since is not None else timedelta(0),
                leased=counts.get(deliveries.LEASED, 0),
                unsure=counts.get(deliveries.UNSURE, 0),
                failed=counts.get(deliveries.FAILED, 0),
            )

    async def calendar(self, now: datetime) -> Calendar:
        """What comes by itself, and what should have come. ``now`` is aware UTC."""
        late_since = now - TICKS_MISSED
        async with self._database.read() as session:
            schedules, next_due, late = await checkup.schedules(session, late_since)
            reminders, _, late_reminders = await checkup.reminders(session, late_since)
            paused = sum(_is_paused(circle, now) for circle in await checkup.pauses(session))
            return Calendar(schedules, next_due, late + late_reminders, paused, reminders)


async def _stuck(session: AsyncSession, state: str) -> tuple[Stuck, ...]:
    return tuple(Stuck(*found) for found in await checkup.troubles(session, state))


def _is_paused(circle: Circle, now: datetime) -> bool:
    try:
        return is_paused(circle, now)
    except UnknownZone:  # the log of the bot's start tells of it
        return True
