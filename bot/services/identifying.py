"""When a shard may identify itself: Discord takes so many at once, every five seconds, over all processes.

Discord's documentation of its gateway (*Rate Limiting*, ``max_concurrency``): one identify in five seconds
for each bucket ``shard_id % max_concurrency``. discord.py spaces those of one process, and not its first.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from db import shard_groups
from db.database import Database

SPACING = timedelta(seconds=5.5)
"""A little more than Discord asks for, because two processes aren't equally far away."""


class Identifying:
    """Hands out the moments for identifying. Alone, a process keeps them in memory; others share a table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._free_at: dict[int, float] = {}

    async def wait(self, bucket: int) -> timedelta:
        """Take the next moment of a bucket. Returns how long it is until then."""
        if self._database.is_sqlite:
            return self._alone(bucket)
        async with self._database.write() as session:
            clock = await self._database.clock(session)
            return await shard_groups.identify_slot(session, bucket, clock, SPACING)

    def _alone(self, bucket: int) -> timedelta:
        clock = asyncio.get_running_loop().time()
        at = max(self._free_at.get(bucket, clock), clock)
        self._free_at[bucket] = at + SPACING.total_seconds()
        return timedelta(seconds=at - clock)
