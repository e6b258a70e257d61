"""Groups of shards: several processes on one database agree on who works for which servers.

A group is leased for a short time and renewed. Whoever finds none free stands by, and takes the first that
is let go or whose holder says nothing any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.shares import GroupLease, Share, share_of
from db import shard_groups
from db.database import Database
from db.errors import ShareLost

LEASE_SECONDS = 30
"""A killed process's servers wait for so long at most until another takes them."""
RENEW_SECONDS = 10


class StandBy(StrEnum):
    """Why there is nothing to do yet, as keys of texts below ``cli.standing_by.``."""

    ALL_TAKEN = "all_taken"
    OTHER_SETTINGS = "other_settings"
    """The processes at work part the shards in another way."""


class ShardGroups:
    """Takes, renews and lets go of a group. On SQLite, where one process is alone, it has everything."""

    def __init__(self, database: Database, shards: int, groups: int) -> None:
        self._database = database
        self._shards = shards
        self._groups = groups

    async def take(self) -> Share | StandBy:
        """A share that nobody else works for, ours from now on; or why there is none."""
        if self._database.is_sqlite:
            return share_of(0, 1, self._shards)
        async with self._database.read() as session:
            free = await self._free(session, await self._database.clock(session))
            if isinstance(free, StandBy):
                return free
        async with self._database.write() as session:
            clock = await self._database.clock(session)
            free = await self._free(session, clock)
            if isinstance(free, StandBy):
                return free
            until = clock + timedelta(seconds=LEASE_SECONDS)
            token = await shard_groups.take(session, free, until, shards=self._shards, groups=self._groups)
            return share_of(free, self._groups, self._shards, token)

    async def renew(self, lease: GroupLease) -> None:
        """Hold a group for another while. Raises ShareLost when somebody else has taken it."""
        async with self._database.write() as session:
            until = await self._database.clock(session) + timedelta(seconds=LEASE_SECONDS)
            if not await shard_groups.renew(session, lease.number, lease.token, until):
                raise ShareLost(str(lease.number))

    async def release(self, lease: GroupLease) -> None:
        """Let go of a group, so that whoever stands by takes it at once. Harmless when it is lost."""
        async with self._database.write() as session:
            await shard_groups.release(session, lease.number, lease.token)

    async def _free(self, session: AsyncSession, clock: datetime) -> int | StandBy:
        """The first group that nobody holds."""
        taken = await shard_groups.leased(session, clock)
        if any((row.shards, row.groups) != (self._shards, self._groups) for row in taken):
            return StandBy.OTHER_SETTINGS
        free = set(range(self._groups)) - {row.number for row in taken}
        return min(free, default=StandBy.ALL_TAKEN)
