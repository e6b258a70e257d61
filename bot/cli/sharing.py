"""Standing by until there are servers to work for, and keeping them while this process works for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from bot.delivery.deadline import steady
from bot.rules.shares import Share
from bot.services import shard_groups
from bot.services.shard_groups import ShardGroups, StandBy
from db.database import Database
from db.errors import ShareLost

log = logging.getLogger(__name__)

LOOK_SECONDS = 2
"""Between two looks of a process that stands by."""
AGAIN_SECONDS = 2
"""Until a renewal is tried again that the database did not take."""
RELEASE_SECONDS = 2
AWAY = (SQLAlchemyError, OSError, TimeoutError)
"""What a database raises that can't be reached just now."""

_WAITING = {
    StandBy.ALL_TAKEN: "standing by: every group of shards is taken",
    StandBy.OTHER_SETTINGS: "standing by until the other processes have stopped: their SHARD_COUNT or "
    "SHARD_GROUPS differs from ours",
}


class Kept:
    """A share of the servers that this process holds on to, and the database that says so."""

    def __init__(self, database: Database, share: Share, groups: ShardGroups, since: float) -> None:
        self.database = database
        self.share = share
        self._groups = groups
        self._until = since + shard_groups.LEASE_SECONDS

    def still_ours(self) -> bool:
        """Whether nobody else can have taken it yet. Costs nothing."""
        return self.share.lease is None or steady() < self._until

    async def until_lost(self) -> None:
        """Renew the lease for as long as that can be done; come back when another may have the share."""
        if self.share.lease is None:
            await asyncio.Event().wait()
        pause = shard_groups.RENEW_SECONDS
        while True:
            await asyncio.sleep(pause)
            try:
                pause = await self._renewed()
            except ShareLost:
                self._until = 0.0
                log.error("our share of the servers is lost")
                return

    async def _renewed(self) -> float:
        """Renew, and say after how many seconds to do so again. Raises ShareLost."""
        begun = steady()
        try:
            async with asyncio.timeout(shard_groups.RENEW_SECONDS):
                if self.share.lease is not None:
                    await self._groups.renew(self.share.lease)
        except AWAY as error:
            if not self.still_ours():
                raise ShareLost("the database was away for too long") from error
            log.warning("our share of the servers could not be renewed: %s", type(error).__name__)
            return AGAIN_SECONDS
        self._until = begun + shard_groups.LEASE_SECONDS
        return shard_groups.RENEW_SECONDS

    async def release(self) -> None:
        """Let go, if that can be done quickly: otherwise the lease runs out by itself."""
        if self.share.lease is None:
            return
        with suppress(*AWAY):
            async with asyncio.timeout(RELEASE_SECONDS):
                await self._groups.release(self.share.lease)


@asynccontextmanager
async def taken_share(
    database: Database, groups: ShardGroups, stop: asyncio.Event
) -> AsyncGenerator[Kept | None]:
    """The first share that is free, held inside ``async with``; None when ``stop`` is set before."""
    kept = await _stand_by(database, groups, stop)
    try:
        yield kept
    finally:
        if kept is not None:
            await kept.release()


async def _stand_by(database: Database, groups: ShardGroups, stop: asyncio.Event) -> Kept | None:
    said: str | None = None
    while not stop.is_set():
        since = steady()
        try:
            found = await groups.take()
        except AWAY as error:
            saying = f"standing by: the database can't be reached ({type(error).__name__})"
        else:
            if isinstance(found, Share):
                if found.lease is not None:
                    log.info("working for group %s of the shards", found.lease.number)
                return Kept(database, found, groups, since)
            saying = _WAITING[found]
        if saying != said:
            log.info("%s", saying)
            said = saying
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
    return None
