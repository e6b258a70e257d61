"""Filling a database with many circles at once, as years of use would."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert

from db.database import Database
from db.tables import Circle, Schedule
from db.types import random_id

A_LOT = 1_000
"""Rows of one statement."""


async def circles(
    database: Database, places: Sequence[tuple[int, int]], *, due_at: datetime, weekday: int, at_minute: int
) -> None:
    """One circle for each (server, channel), all in UTC and due at the same moment.

    ``weekday`` and ``at_minute`` (after midnight) must be those of ``due_at``.
    """
    for first in range(0, len(places), A_LOT):
        some = [(random_id(), *place) for place in places[first : first + A_LOT]]
        async with database.write() as session:
            await session.execute(
                insert(Circle),
                [
                    {"id": number, "guild_id": guild, "channel_id": channel, "zone": "UTC", "language": "en",
                     "size": 9, "delay_minutes": 0, "paused": False, "stories_told": 0}
                    for number, guild, channel in some
                ],
            )  # fmt: skip
            await session.execute(
                insert(Schedule),
                [
                    {"id": random_id(), "circle_id": number, "kind": "prompt", "weekday": weekday,
                     "at_minute": at_minute, "next_due_at": due_at}
                    for number, _guild, _channel in some
                ],
            )  # fmt: skip


def next_full_minute(now: datetime) -> datetime:
    """The minute that begins next after ``now``."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
