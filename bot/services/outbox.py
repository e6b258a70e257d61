"""The outbox: deliveries as the deliverer sees them. Each method is one small transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.shares import EVERYTHING, Share
from db import deliveries, destinations, notices, shard_groups, waits
from db.care_tables import Care
from db.database import Database
from db.deliveries import DUTY
from db.tables import Delivery, Notice

LEASE_SECONDS = 60
"""Longer than any one request to Discord may take, discord.py's own retries included."""

PRIVATE_SPACING = timedelta(milliseconds=250)
"""Between private messages that are due at once: Discord punishes opening many of them quickly."""


class Priority(IntEnum):
    """What goes first when much is due: a waiting person before everything."""

    PERSON = 0
    MODERATION = 1
    PROMPT = 2
    REMINDER = 3
    DIGEST = 4


def channel_destination(channel_id: int) -> str:
    """Where a circle's deliveries go, one at a time and in order."""
    return f"channel:{channel_id}"


def private_destination(user_id: int) -> str:
    """Where a person's private messages go."""
    return f"dm:{user_id}"


@dataclass(frozen=True, slots=True, repr=False)
class Lease:
    """A delivery that is ours to make, until the lease ends."""

    id: str
    token: str
    kind: str
    subject: int
    circle_id: int | None
    guild_id: int | None
    destination: str
    attempts: int
    uncertain: bool
    """An earlier attempt may have arrived: look before sending."""
    first_attempt_at: datetime
    by_hand: bool = False
    """Somebody has seen that it isn't there: where looking is impossible, it is sent all the same."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many deliveries are in each state."""

    waiting: int
    unsure: int
    failed: int


class Outbox:
    """Takes deliveries, and settles them."""

    def __init__(self, database: Database, now: Callable[[], datetime], share: Share = EVERYTHING) -> None:
        self._database = database
        self._now = now
        self._share = share

    async def start(self, *, alone: bool) -> int:
        """Release what an earlier process left in the middle. Returns how many those were.

        Not ``alone``: only what ran out. Whoever held the rest may still be sending it.
        """
        async with self._database.write() as session:
            return await deliveries.release_expired(
                session, await self._database.clock(session), everything=alone
            )

    async def claim(self, limit: int) -> list[Lease]:
        """Take the next due deliveries of our share, one a destination, most urgent first.

        None when the share is somebody else's by now: then they are theirs to deliver.
        """
        now = self._now()
        async with self._database.read() as session:
            expired = await deliveries.any_expired(session, await self._database.clock(session))
            if not expired and not await self._due(session, now, 1):
                return []
        async with self._database.write() as session:
            if not await self._ours(session):
                return []
            clock = await self._database.clock(session)
            await deliveries.release_expired(session, clock, everything=False)
            rows = await self._due(session, now, limit)
            until = deliveries.lease_end(clock, LEASE_SECONDS)
            return [_lease(row, deliveries.lease(row, until, now), now) for row in rows]

    async def _due(self, session: AsyncSession, now: datetime, limit: int) -> Sequence[Delivery]:
        return await deliveries.due(session, now, limit, self._share.shards, self._share.count)

    async def _ours(self, session: AsyncSession) -> bool:
        """Whether the share is ours still; in a writing transaction nobody takes it before that ends."""
        lease = self._share.lease
        return lease is None or await shard_groups.held(session, lease.number, lease.token)

    async def finish(self, lease: Lease, message_id: int | None = None) -> None:
        """Settle a delivery that has no state of its own to remember. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, message_id)

    async def drop(self, lease: Lease) -> None:
        """Nothing is owed any more. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.drop(session, lease.id, lease.token)

    async def postpone(
        self, lease: Lease, wait: timedelta, *, uncertain: bool = False, trouble: str | None = None
    ) -> None:
        """Try again after ``wait``; ``uncertain`` when this attempt may have arrived. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.postpone(
                session, lease.id, lease.token, self._now() + wait, uncertain=uncertain, trouble=trouble
            )

    async def hurry_unreachable(self) -> int:
        """Discord answers again: what of our share it didn't answer is due now, but private messages.

        The waits have grown with the age of what waits, so that the youngest would go out first. Returns how
        many those are.
        """
        async with self._database.write() as session:
            return await waits.hurry_unreachable(session, self._share.shards, self._share.count)

    async def rest_privately(self, lease: Lease, wait: timedelta, trouble: str) -> None:
        """Too many private messages were opened: all of them wait, and then go out slowly.

        Raises LeaseLost.
        """
        until = self._now() + wait
        async with self._database.write() as session:
            await deliveries.postpone(session, lease.id, lease.token, until, uncertain=False, trouble=trouble)
            await waits.hold_private(session, until, PRIVATE_SPACING)

    async def set_aside(self, lease: Lease, state: str, trouble: str) -> None:
        """Give up for now, visibly: *unsure* or *failed*; facilitators are told. Raises LeaseLost.

        Several of one kind between two visits of the facilitators are one notice.
        """
        async with self._database.write() as session:
            row = await deliveries.set_aside(session, lease.id, lease.token, state, trouble)
            if row.circle_id is not None:
                kind = f"delivery_{state}"
                await notices.forget_told(session, row.circle_id, kind, row.kind)
                await notices.tell(session, row.circle_id, kind, row.kind, {})

    async def never_arrived(self, lease: Lease) -> None:
        """An earlier attempt was looked for, and isn't there. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.never_arrived(session, lease.id, lease.token)

    async def close_destination(self, lease: Lease, reason: str, wait: timedelta) -> None:
        """Stop using a destination until access is back; the row waits at least ``wait``, so that a
        refusal that can't be foreseen isn't asked for again at once. Raises LeaseLost.
        """
        async with self._database.write() as session:
            until = self._now() + wait
            await deliveries.postpone(session, lease.id, lease.token, until, uncertain=False, trouble=reason)
            fresh = await destinations.close(session, lease.destination, reason)
            if fresh and lease.circle_id is not None:
                kind = deliveries.DUTY_CLOSED if lease.kind == DUTY else deliveries.NO_ACCESS
                values = {"channel": _mention(lease.destination)}
                notice = await notices.tell(session, lease.circle_id, kind, lease.destination, values)
                if notice is not None and kind == deliveries.NO_ACCESS:
                    # where the circle's own channel is closed to us, this is the one place to speak up in
                    await owe_on_duty(session, notice, lease.guild_id, self._now())

    async def open_destination(self, destination: str) -> None:
        """Access is back: what waited goes out."""
        async with self._database.write() as session:
            await destinations.open_again(session, destination)

    async def closed_destinations(self) -> tuple[str, ...]:
        """The destinations that Discord refused."""
        async with self._database.read() as session:
            return tuple(row.destination for row in await destinations.closed(session))

    async def closed_places(self) -> Mapping[str, bool]:
        """The destinations that Discord refused; for each whether only words to those on duty wait there, for
        which less has to be allowed than for all that a circle shows."""
        async with self._database.read() as session:
            return await destinations.only_for(session, deliveries.DUTY)

    async def next_due(self) -> datetime | None:
        """The earliest moment at which a delivery may go out."""
        async with self._database.read() as session:
            return await deliveries.next_due(session)

    async def counts(self, circle_id: int | None = None) -> Counts:
        """How much is waiting, unsure and failed, in one circle or in all."""
        async with self._database.read() as session:
            found = await deliveries.counts(session, circle_id)
        return Counts(
            waiting=found.get(deliveries.WAITING, 0) + found.get(deliveries.LEASED, 0),
            unsure=found.get(deliveries.UNSURE, 0),
            failed=found.get(deliveries.FAILED, 0),
        )


async def owe_on_duty(session: AsyncSession, notice: Notice, guild_id: int | None, now: datetime) -> None:
    """Owe a notice to those on duty where they have a channel, inside somebody's transaction."""
    care = await session.get(Care, notice.circle_id)
    if care is None or care.moderators_channel_id is None:
        return
    await session.flush()
    await deliveries.owe(
        session, kind=DUTY, subject=notice.id, destination=channel_destination(care.moderators_channel_id),
        priority=Priority.MODERATION, not_before=now, circle_id=notice.circle_id, guild_id=guild_id,
    )  # fmt: skip


def _mention(destination: str) -> str:
    return f"<#{destination.partition(':')[2]}>"


def _lease(row: Delivery, token: str, now: datetime) -> Lease:
    return Lease(
        id=row.id,
        token=token,
        kind=row.kind,
        subject=row.subject,
        circle_id=row.circle_id,
        guild_id=row.guild_id,
        destination=row.destination,
        attempts=row.attempts,
        uncertain=row.uncertain,
        first_attempt_at=row.first_attempt_at or now,
        by_hand=row.trouble == deliveries.BY_HAND,
    )
