"""Queries about erasures: what was taken back, so that a restored copy doesn't bring it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Erasure

WITHDRAWN, REMOVED, REPLY, UPDATE = "withdrawn", "removed", "reply", "update"
"""A story that its teller took back, one that moderators took away, an unnamed reply, and an update."""
EDITED = "edited"
"""Earlier words of a story, an update or a reply. It may be edited again: the last day counts."""
DECLINED, EDIT_DROPPED = "declined", "edit_dropped"
"""A story or an update that moderators didn't let appear, and new words that they didn't."""
REMINDER, MUTE, CIRCLE = "reminder", "mute", "circle"
"""A reminder, a mute that was lifted, and a circle with all that belonged to it."""
NOTE = "note"
"""A private note to a teller, with its answer."""
REPORT = "report"
"""What was said in reports of a message that moderators have looked at, and its text."""
KINDS = (
    WITHDRAWN,
    REMOVED,
    REPLY,
    UPDATE,
    EDITED,
    NOTE,
    REMINDER,
    MUTE,
    CIRCLE,
    REPORT,
    DECLINED,
    EDIT_DROPPED,
)

AGAIN = (EDITED, EDIT_DROPPED)
"""What may happen to one thing several times: the last day counts."""


@dataclass(frozen=True, slots=True, order=True)
class Erased:
    """That something is gone: its kind, its random id, and a day on which, or before which, it went."""

    kind: str
    subject: int
    day: date


async def note(session: AsyncSession, kind: str, subjects: Iterable[int], day: date) -> None:
    """Remember that these are gone, in the transaction that erases them. Noted once is enough.

    ``day`` is rounded up: it tells no hour.
    """
    for subject in subjects:
        known = await session.get(Erasure, (kind, subject))
        if known is None:
            session.add(Erasure(kind=kind, subject=subject, day=day))
        elif kind in AGAIN:
            known.day = max(known.day, day)


async def everything(session: AsyncSession) -> frozenset[Erased]:
    """All erasures that are remembered."""
    rows = await session.execute(select(Erasure.kind, Erasure.subject, Erasure.day))
    return frozenset(Erased(*row) for row in rows.all())


async def count_since(session: AsyncSession, day: date) -> int:
    """How many were noted on a day or later: it changes whenever one is added."""
    return (await session.execute(select(func.count()).where(Erasure.day >= day))).scalar_one()


async def forget(session: AsyncSession, before: date) -> None:
    """No copy of the database is as old as that any more, or should be."""
    await session.execute(delete(Erasure).where(Erasure.day < before))


async def add(session: AsyncSession, erased: Collection[Erased]) -> None:
    """Take over what another record remembers."""
    known = {(one.kind, one.subject) for one in await everything(session)}
    for one in sorted(erased):
        if one.kind in AGAIN or (one.kind, one.subject) not in known:
            await note(session, one.kind, (one.subject,), one.day)
    await session.flush()
