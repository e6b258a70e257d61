"""Housekeeping: what is over is forgotten, and once a day nothing of it can be read in the files either.

At every tick the keys whose time has come are destroyed, and a new epoch gets its key. Once a day
what hung on the keys goes, with old drafts, ended mutes and settled deliveries; then the files are
rewritten, because a database that only deletes leaves the words in them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Collection
from datetime import UTC, datetime, timedelta

from bot.rules.shares import Share
from bot.services.drafts import Drafts
from bot.services.erasures import Erasures
from bot.services.keyring import Keyring
from bot.services.memos import Memos
from bot.services.outbox import Outbox
from bot.services.reported import forget_old_reports
from db import deliveries, edits, housekeeping, reports
from db.database import Database

MEMO = "housekeeping"
"""The memo that holds the last day (UTC) that was cleaned up after."""
MIRROR = "the mirror of erasures"
BATCH = 200
PATIENCE = timedelta(hours=1)
"""How long the daily work waits for a moment in which nothing is due; then it is done all the same."""
AFTER_A_FAILURE = timedelta(minutes=15)
log = logging.getLogger(__name__)


class Housekeeping:
    """Forgets on time. Every step can be repeated, so a crash in the middle does no harm."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        drafts: Drafts,
        outbox: Outbox,
        memos: Memos,
        erasures: Erasures,
        share: Share,
    ) -> None:
        self._database = database
        self._share = share
        self._keyring = keyring
        self._drafts = drafts
        self._outbox = outbox
        self._memos = memos
        self._erasures = erasures
        self._unsaved = set[str]()
        self._done_on: str | None = None
        self._waiting_since: datetime | None = None
        self._not_before: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    async def due(self, now: datetime) -> int:
        """Destroy the keys whose time is over at ``now`` (aware UTC), make the key of an epoch that has
        begun, and clean up if today nobody has.

        Of several processes each drops its keys, and the one with shard 0 cleans up. Returns 1 when it
        cleaned up. What fails is tried again a little later, not at every tick.
        """
        await self._keyring.destroy_due(now)
        await self._keyring.follow()
        await self._saved("the epoch's key", self._keyring.epoch(now))
        if not self._share.first:
            return 0
        await self._saved(MIRROR, self._erasures.mirror(now))
        if self._one_at_a_time.locked() or not await self._wanted(now):
            return 0
        async with self._one_at_a_time:
            self._not_before = now + AFTER_A_FAILURE
            if not await self.clean(now):
                log.info("somebody else was using the database for long: deleted words wait to be erased")
                return 0
            await self._memos.set(MEMO, _day(now))
            self._done_on, self._not_before, self._waiting_since = _day(now), None, None
            return 1

    async def stopped(self, now: datetime) -> None:
        """The bot stops, as it should: what was taken back is mirrored, because now the database may be moved
        or put back. The moment is the operator's, and tells nothing of when something was taken back."""
        if self._share.first:
            await self._saved(MIRROR, self._erasures.write(now))

    async def _saved(self, what: str, saving: Awaitable[object]) -> None:
        """A folder that can't be written holds up no clean-up. It is said once, and tried again."""
        try:
            await saving
        except OSError as error:
            if what not in self._unsaved:
                log.error("%s can't be written: %s", what, error.strerror)
            self._unsaved.add(what)
        else:
            self._unsaved.discard(what)

    async def next_due(self) -> datetime | None:
        """Never: nobody waits for it, so time that is skipped needn't stop for it. The clock ticks anyway."""
        return None

    async def _wanted(self, now: datetime) -> bool:
        if self._done_on is None:
            self._done_on = await self._memos.get(MEMO)
        if self._done_on == _day(now) or (self._not_before is not None and now < self._not_before):
            return False
        return await self._quiet(now)

    async def _quiet(self, now: datetime) -> bool:
        """Whether nothing waits to go out, or quiet has been waited for long enough."""
        self._waiting_since = self._waiting_since or now
        due = await self._outbox.next_due()
        return due is None or due > now or now - self._waiting_since >= PATIENCE

    async def clean(self, now: datetime) -> bool:
        """The daily work, at an aware ``now``. Returns whether nothing deleted is left in the files.

        Raises what the database or the key store raise.
        """
        await self._drafts.discard_old()
        async with self._database.read() as session:
            epochs = await housekeeping.epochs(session) | await reports.epochs(session)
        over = await self._keyring.destroyed(epochs)
        while await self._unlink_some(over):
            pass
        async with self._database.write() as session:
            await housekeeping.forget_mutes(session, now, over)
            await reports.unlink(session, over)
            await forget_old_reports(session, now)
            # what a settled delivery brought about stands with its subject
            await deliveries.forget_sent(session)
            await edits.forget_orphans(session)
        await self._erasures.forget_old(now)
        await self._saved(MIRROR, self._erasures.write(now))
        return await self._database.erase_traces()

    async def _unlink_some(self, epochs: Collection[int]) -> bool:
        """Cut some stories of dead epochs loose, in a small transaction. Returns whether any were left."""
        if not epochs:
            return False
        async with self._database.write() as session:
            found = await housekeeping.stories_of(session, epochs, BATCH)
            if found:
                await housekeeping.unlink(session, found)
            return bool(found)


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()
