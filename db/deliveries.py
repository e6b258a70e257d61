"""Queries about deliveries: what the bot owes to Discord."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, delete, func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from db import notices
from db.errors import LeaseLost
from db.no_order import in_no_order
from db.tables import ClosedDestination, Delivery

WAITING, LEASED, SENT, UNSURE, FAILED = "waiting", "leased", "sent", "unsure", "failed"
UNREACHABLE = "unreachable"
"""The trouble of what Discord didn't answer."""
ERROR = "error"
"""The trouble of what a mistake of our own stopped."""
BY_HAND = "by hand"
"""The trouble of what somebody wants sent, who has seen that it isn't there."""
HELD = "paused"
"""The trouble of what became due while its circle was paused: it comes some time after the pause."""
OPEN = (WAITING, LEASED, UNSURE, FAILED)
A_FEW_MORE = 8
"""Looked at beyond what is wanted, because several may be due in one place."""
NO_ACCESS = "no_access"
"""The kind of the notice that a destination is closed."""
DUTY = "duty"
"""The kind of a delivery that tells those on duty something."""
DUTY_CLOSED = "duty_closed"
"""The kind of the notice that the channel is closed in which they would be told."""


def new_delivery_id() -> str:
    """22 random characters: also a nonce, which Discord limits to 25."""
    return secrets.token_urlsafe(16)


async def owe(
    session: AsyncSession,
    *,
    kind: str,
    subject: int,
    destination: str,
    priority: int,
    not_before: datetime,
    circle_id: int | None = None,
    guild_id: int | None = None,
    new: bool = False,
) -> str:
    """Owe Discord one thing. A waiting row of the same kind and subject is enough: they collapse.

    So do they with an *unsure* one: what may have arrived is never sent again by itself, whatever
    happens to its subject. ``new``: the subject is being made in this transaction, so that nothing is owed
    about it yet. Returns the delivery's id. ``not_before`` is aware UTC.
    """
    enough = (
        None
        if new
        else await session.scalar(
            select(Delivery.id).where(
                Delivery.kind == kind, Delivery.subject == subject, Delivery.state.in_((WAITING, UNSURE))
            )
        )
    )
    if enough is not None:
        return enough
    row = Delivery(
        id=new_delivery_id(),
        kind=kind,
        subject=subject,
        destination=destination,
        priority=priority,
        not_before=not_before,
        due_since=not_before,
        circle_id=circle_id,
        guild_id=guild_id,
        state=WAITING,
    )
    session.add(row)
    if not new:
        await session.flush()
    return row.id


async def release_expired(session: AsyncSession, database_now: datetime, *, everything: bool) -> int:
    """Leases that ran out become waiting again; their attempt may have arrived, so they are uncertain.

    What was owed anew while such an attempt was on its way goes: the older row shows the newest state,
    and knows what to look for. ``everything`` at the start of a process that is alone: whoever held a
    lease is gone.
    """
    condition = Delivery.state == LEASED
    if not everything:
        condition &= Delivery.lease_until < database_now
    rows = (await session.scalars(select(Delivery).where(condition))).all()
    for row in rows:
        await drop_newer(session, row)
        let_go(row, WAITING)
        row.uncertain = True
    await session.flush()
    return len(rows)


async def due(
    session: AsyncSession, now: datetime, limit: int, shards: Collection[int], count: int
) -> Sequence[Delivery]:
    """The first due delivery of each free destination, at most ``limit``: the most urgent first, among
    equals the one that has been due for longest.

    Of unnamed stories that are due in one place any may be the first: which of them has been due for longest
    would tell, after an outage, in which order they were told.

    Much that is due in one place hides nothing that is due elsewhere: a place that has its delivery is
    left out of the next look. Only what some of Discord's ``count`` shards deliver is looked at.
    """
    busy = select(Delivery.destination).where(Delivery.state == LEASED)
    closed = select(ClosedDestination.destination)
    waiting = (
        select(Delivery)
        .where(
            Delivery.state == WAITING,
            Delivery.not_before <= now,
            Delivery.destination.not_in(busy),
            Delivery.destination.not_in(closed),
            of_shards(shards, count),
        )
        .order_by(Delivery.priority, Delivery.due_since, Delivery.id)
    )
    first: dict[str, Delivery] = {}
    while len(first) < limit:
        page = limit - len(first) + A_FEW_MORE
        rows = (await session.scalars(waiting.where(Delivery.destination.not_in(first)).limit(page))).all()
        for row in rows:
            first.setdefault(row.destination, row)
        if len(rows) < page:
            break
    return await in_no_order(session, now, list(first.values())[:limit])


def of_shards(shards: Collection[int], count: int) -> ColumnElement[bool]:
    """What is delivered by these shards; private messages by shard 0."""
    if len(shards) == count:
        return true()
    # PostgreSQL shifts by an INTEGER only, whatever it shifts
    theirs = (Delivery.guild_id.bitwise_rshift(literal(22, Integer())) % count).in_(shards)
    return theirs | Delivery.guild_id.is_(None) if 0 in shards else theirs


def lease(row: Delivery, until: datetime, now: datetime) -> str:
    """Take a delivery: nobody else touches it until the lease ends. Returns the lease's token."""
    row.state = LEASED
    row.lease_token = token = secrets.token_hex(8)
    row.lease_until = until
    row.attempts += 1
    row.first_attempt_at = row.first_attempt_at or now
    return token


async def held(session: AsyncSession, delivery_id: str, token: str) -> Delivery:
    """The delivery, if the lease is still ours. Raises LeaseLost."""
    row = await session.get(Delivery, delivery_id, populate_existing=True)
    if row is None or row.state != LEASED or row.lease_token != token:
        raise LeaseLost(delivery_id)
    return row


async def any_expired(session: AsyncSession, database_now: datetime) -> bool:
    """Whether a lease has run out."""
    query = select(Delivery.id).where(Delivery.state == LEASED, Delivery.lease_until < database_now)
    return await session.scalar(query.limit(1)) is not None


async def drop_newer(session: AsyncSession, row: Delivery) -> None:
    """Only one row about a subject may wait: another one that does goes."""
    await session.execute(
        delete(Delivery).where(
            Delivery.kind == row.kind, Delivery.subject == row.subject, Delivery.state == WAITING
        )
    )


def let_go(row: Delivery, state: str) -> None:
    """A delivery is nobody's any more, in this state."""
    row.state = state
    row.lease_token = None
    row.lease_until = None


async def finish(session: AsyncSession, delivery_id: str, token: str, message_id: int | None) -> Delivery:
    """Settle a delivery as done, and forget when it was due. Raises LeaseLost.

    That it arrived shows that there is access: if that is lost again, facilitators are told again.
    """
    row = await held(session, delivery_id, token)
    if row.circle_id is not None:
        for kind in (NO_ACCESS, DUTY_CLOSED):
            await notices.forget(session, row.circle_id, kind, row.destination)
    let_go(row, SENT)
    row.message_id = message_id
    row.not_before = row.due_since = None
    row.first_attempt_at = None
    row.uncertain = False
    row.trouble = None
    return row


async def drop(session: AsyncSession, delivery_id: str, token: str) -> None:
    """Nothing is owed any more. Raises LeaseLost."""
    await session.delete(await held(session, delivery_id, token))


async def postpone(
    session: AsyncSession,
    delivery_id: str,
    token: str,
    until: datetime,
    *,
    uncertain: bool,
    trouble: str | None,
) -> None:
    """Try again later. If a newer waiting row of the same subject exists, that one is enough.

    Without ``trouble`` nothing was asked of Discord, so it doesn't count as an attempt; what a pause holds
    back (see ``hold``) stays due since then. Raises LeaseLost.
    """
    row = await held(session, delivery_id, token)
    newer = await session.scalar(
        select(Delivery.id).where(
            Delivery.kind == row.kind, Delivery.subject == row.subject, Delivery.state == WAITING
        )
    )
    if newer is not None and not (uncertain or row.uncertain):
        await session.delete(row)
        return
    if newer is not None:
        await drop_newer(session, row)
    let_go(row, WAITING)
    row.not_before = until
    row.uncertain = row.uncertain or uncertain
    paused = trouble is None and row.trouble == HELD
    row.trouble = HELD if paused else trouble
    if trouble is None:
        row.attempts -= 1
        row.due_since = row.due_since if paused else until
    if row.attempts == 0 and not row.uncertain:
        row.first_attempt_at = None


async def hold(session: AsyncSession, delivery_id: str, token: str) -> None:
    """A pause holds this back. Raises LeaseLost."""
    (await held(session, delivery_id, token)).trouble = HELD


async def held_back(session: AsyncSession, circle_id: int) -> Sequence[Delivery]:
    """What a circle's pause holds back, also what is just being looked at."""
    rows = await session.scalars(
        select(Delivery).where(
            Delivery.circle_id == circle_id,
            Delivery.trouble == HELD,
            Delivery.state.in_((WAITING, LEASED)),
        )
    )
    return rows.all()


async def never_arrived(session: AsyncSession, delivery_id: str, token: str) -> None:
    """It was looked for, and isn't there: as if it had never been tried. Raises LeaseLost."""
    row = await held(session, delivery_id, token)
    await drop_newer(session, row)
    let_go(row, WAITING)
    row.uncertain = False
    row.first_attempt_at = None
    row.attempts = 0


async def park(session: AsyncSession, delivery_id: str, token: str) -> None:
    """Nothing was asked of Discord: the delivery waits, without a time, until ``hurry``. Raises LeaseLost.

    It keeps its id, so that a copy of the database that is put back knows by what to look for it.
    """
    row = await held(session, delivery_id, token)
    await drop_newer(session, row)
    let_go(row, WAITING)
    row.not_before = row.due_since = row.first_attempt_at = row.trouble = None
    row.attempts = 0


async def hurry(session: AsyncSession, kind: str, subject: int, at: datetime) -> bool:
    """What is owed about a subject is due at ``at`` (aware UTC), and after a look, if it may have arrived.

    Returns whether anything was owed.
    """
    states = (WAITING, UNSURE, FAILED)
    query = select(Delivery).where(
        Delivery.kind == kind, Delivery.subject == subject, Delivery.state.in_(states)
    )
    rows = (await session.scalars(query)).all()
    for row in rows:
        row.uncertain = row.uncertain or row.state == UNSURE
        let_go(row, WAITING)
        row.not_before = row.due_since = at
        row.attempts, row.trouble = 0, None
    return bool(rows)


async def set_aside(
    session: AsyncSession, delivery_id: str, token: str, state: str, trouble: str
) -> Delivery:
    """Give up for now: *unsure* (it may have arrived) or *failed*. Raises LeaseLost.

    What is unsure is decided about by people: nothing that was owed about it meanwhile goes out by itself.
    """
    row = await held(session, delivery_id, token)
    if state == UNSURE:
        await drop_newer(session, row)
    let_go(row, state)
    row.trouble = trouble
    return row


async def about(session: AsyncSession, kinds: Iterable[str], subject: int) -> Sequence[Delivery]:
    """All deliveries of these kinds about one subject."""
    rows = await session.scalars(
        select(Delivery).where(Delivery.kind.in_(tuple(kinds)), Delivery.subject == subject)
    )
    return rows.all()


async def next_due(session: AsyncSession) -> datetime | None:
    """The earliest moment at which a waiting delivery may go out; closed destinations don't count."""
    closed = select(ClosedDestination.destination)
    return await session.scalar(
        select(func.min(Delivery.not_before)).where(
            Delivery.state == WAITING, Delivery.destination.not_in(closed)
        )
    )


async def counts(session: AsyncSession, circle_id: int | None = None) -> dict[str, int]:
    """How many deliveries are in each state, of one circle or of all."""
    query = select(Delivery.state, func.count()).group_by(Delivery.state)
    if circle_id is not None:
        query = query.where(Delivery.circle_id == circle_id)
    found = await session.execute(query)
    return dict(iter(found))


async def forget_sent(session: AsyncSession) -> int:
    """Remove what is settled; its message id stands with its subject."""
    done = await session.execute(delete(Delivery).where(Delivery.state == SENT).returning(Delivery.id))
    return len(done.all())


def lease_end(database_now: datetime, seconds: int) -> datetime:
    """When a lease taken now ends, in the database's time."""
    return database_now + timedelta(seconds=seconds)
