"""What the operator's check looks up in the database. It only looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from db import checkup, deliveries
from db.database import Database

PATIENCE = timedelta(minutes=15)
"""A delivery that is later than this was held up by something."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a circle is: ids of its server and its channel."""

    guild_id: int
    channel_id: int


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed to Discord. No reason names a person."""

    waiting: int
    """Including those under way and those whose time hasn't come."""
    overdue: int
    unsure: int
    failed: Mapping[str, int]
    """How many for each reason."""
    closed_channels: Mapping[int, str]
    """Channels that Discord refused, and why."""
    closed_people: int


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
            closed = {row.destination: row.reason for row in await deliveries.closed_destinations(session)}
            channels = {
                int(destination.removeprefix("channel:")): reason
                for destination, reason in closed.items()
                if destination.startswith("channel:")
            }
            return Owed(
                waiting=counts.get(deliveries.WAITING, 0) + counts.get(deliveries.LEASED, 0),
                overdue=await checkup.overdue(session, now - PATIENCE),
                unsure=counts.get(deliveries.UNSURE, 0),
                failed=await checkup.troubles(session, deliveries.FAILED),
                closed_channels=channels,
                closed_people=len(closed) - len(channels),
            )
