"""Queries that put a restored copy of the database right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, insert, inspect, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import reports
from db.care_tables import Note, Report, Wipe
from db.deliveries import FAILED, LEASED, UNSURE, WAITING
from db.erasures import (
    CIRCLE,
    DECLINED,
    EDIT_DROPPED,
    EDITED,
    MUTE,
    NOTE,
    REMINDER,
    REMOVED,
    REPLY,
    REPORT,
    UPDATE,
    WITHDRAWN,
    Erased,
    everything,
)
from db.people_tables import Leaver, LeftServer, Nudge
from db.story_tables import Edit, Mute, Reply, Story, Update
from db.tables import Circle, Delivery, Occurrence, Reminder
from db.types import Base
from db.wipes import GOING

PEOPLE: tuple[type[Nudge | Leaver | LeftServer], ...] = (Nudge, Leaver, LeftServer)
TROUBLE = "restored"
"""Why a delivery of a restored copy is unsure."""


@dataclass(frozen=True, slots=True)
class Remains:
    """What the database that is replaced knows better than the copy, without any text of a teller."""

    erased: frozenset[Erased] = frozenset()
    told: dict[int, int] = field(default_factory=dict[int, int])
    """The number of the last published story, by circle."""
    occurrences: tuple[Occurrence, ...] = ()
    mutes: tuple[Mute, ...] = ()
    people: tuple[Nudge | Leaver | LeftServer, ...] = ()
    """Who waits for a nudge, and who has left."""


async def remains(session: AsyncSession) -> Remains:
    """All of it, as rows that belong to no session any more."""
    occurrences = (await session.scalars(select(Occurrence))).all()
    mutes = (await session.scalars(select(Mute))).all()
    told = await session.execute(select(Circle.id, Circle.stories_told))
    found = Remains(
        await everything(session),
        dict(told.all()),
        tuple(occurrences),
        tuple(mutes),
        tuple([row for table in PEOPLE for row in (await session.scalars(select(table))).all()]),
    )
    session.expunge_all()
    return found


async def drop_deliveries(session: AsyncSession, kind: str) -> None:
    """Nothing of this kind is owed any more."""
    await session.execute(delete(Delivery).where(Delivery.kind == kind))


async def drop_wipes(session: AsyncSession) -> None:
    """No circle is to go, unless its end had begun."""
    await session.execute(delete(Wipe).where(Wipe.state != GOING))


async def release(session: AsyncSession, kinds: Collection[str]) -> None:
    """What was under way when the copy was made waits again, for kinds that can be done twice."""
    waiting = select(Delivery.kind, Delivery.subject).where(Delivery.state == WAITING)
    known = {(kind, subject) for kind, subject in await session.execute(waiting)}
    under_way = select(Delivery).where(Delivery.state == LEASED, Delivery.kind.in_(kinds))
    for row in (await session.scalars(under_way)).all():
        if (row.kind, row.subject) in known:
            await session.delete(row)
        else:
            row.state, row.lease_token, row.lease_until = WAITING, None, None


async def doubt(session: AsyncSession, but: Collection[str], since: datetime) -> int:
    """What waited, was under way, or was refused may have arrived since the copy was made: it is unsure.

    Of what was refused somebody may have decided meanwhile that it is tried again.

    Not the kinds of ``but``, nor the refreshing of a story, update or reply that has its message. Returns
    how many.
    """
    refreshing = [
        (Delivery.kind == kind) & Delivery.subject.in_(select(table.id).where(table.message_id.is_not(None)))
        for kind, table in (("story", Story), ("update", Update), ("reply", Reply))
    ]
    changed = await session.execute(
        update(Delivery)
        .where(
            Delivery.state.in_((WAITING, LEASED, FAILED)),
            Delivery.kind.not_in(but),
            ~or_(*refreshing),
        )
        .values(
            state=UNSURE,
            uncertain=True,
            trouble=TROUBLE,
            not_before=None,
            due_since=None,
            lease_token=None,
            lease_until=None,
            first_attempt_at=func.coalesce(Delivery.first_attempt_at, since),
        )
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return len(changed.all())


async def circles_in_doubt(session: AsyncSession) -> Sequence[int]:
    """The ids of all circles in which something may or may not have arrived since the copy was made."""
    rows = await session.scalars(
        select(Delivery.circle_id)
        .where(Delivery.trouble == TROUBLE, Delivery.state == UNSURE, Delivery.circle_id.is_not(None))
        .distinct()
    )
    return [circle_id for circle_id in rows if circle_id is not None]


async def mutes(session: AsyncSession) -> Sequence[tuple[Mute, int]]:
    """All mutes, with the channel of their circle."""
    rows = await session.execute(
        select(Mute, Circle.channel_id)
        .join(Circle, Circle.id == Mute.circle_id)
        .order_by(Circle.channel_id, Mute.number)
    )
    return [(mute, channel_id) for mute, channel_id in rows.all()]


def again(row: Base) -> dict[str, object]:
    """The values of a row, to make another of them."""
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).column_attrs}


async def circle_ids(session: AsyncSession) -> Sequence[int]:
    """The ids of all circles."""
    return (await session.scalars(select(Circle.id))).all()


async def ids_here(session: AsyncSession) -> dict[str, set[int]]:
    """The ids of all that can be erased, by the kind of its erasure."""
    tables = {
        WITHDRAWN: Story, REMOVED: Story, REPLY: Reply, UPDATE: Update, REMINDER: Reminder, MUTE: Mute,
        CIRCLE: Circle, NOTE: Note,
    }  # fmt: skip
    found = {kind: set(await session.scalars(select(table.id))) for kind, table in tables.items()}
    found[DECLINED] = found[WITHDRAWN] | found[UPDATE]
    found[EDIT_DROPPED] = set(await session.scalars(select(Edit.subject)))
    shown = [select(table.id).where(table.message_id.is_not(None)) for table in (Story, Update, Reply)]
    found[EDITED] = set(await session.scalars(union_all(*shown)))
    still_open = select(Report.id).where(Report.state != reports.CLOSED)
    found[REPORT] = set(await session.scalars(still_open))
    return found


async def only_these_people(session: AsyncSession, known: Collection[Nudge | Leaver | LeftServer]) -> None:
    """Of nudges and of who has left, what is known now holds and nothing else."""
    for table in PEOPLE:
        await session.execute(delete(table))
    for row in known:
        await session.execute(insert(type(row)).values(again(row)))
