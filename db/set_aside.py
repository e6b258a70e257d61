"""Queries about what was set aside, *unsure* or *failed*, until somebody decides about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.deliveries import BY_HAND, FAILED, UNSURE, WAITING, drop_newer, let_go
from db.tables import Delivery


async def of_circle(
    session: AsyncSession, circle_id: int, kinds: Iterable[str], limit: int
) -> Sequence[Delivery]:
    """Deliveries of these kinds that a circle's facilitators have to decide about, most urgent first."""
    rows = await session.scalars(
        select(Delivery)
        .where(
            Delivery.circle_id == circle_id,
            Delivery.kind.in_(tuple(kinds)),
            Delivery.state.in_((UNSURE, FAILED)),
        )
        .order_by(Delivery.priority, Delivery.id)
        .limit(limit)
    )
    return rows.all()


async def take_up(session: AsyncSession, row: Delivery, now: datetime, *, by_hand: bool = False) -> None:
    """Somebody decided about a delivery that was set aside: it goes on. ``by_hand``: also without a look.

    What may have arrived stays uncertain whoever says that it didn't: if it is taken back, it is looked for.
    """
    row.uncertain = row.uncertain or row.state == UNSURE
    await drop_newer(session, row)
    let_go(row, WAITING)
    row.not_before, row.trouble = now, BY_HAND if by_hand else None
    row.due_since = row.due_since or now
    row.attempts = 0
