"""After a pause: what waited meanwhile comes apart, and in no order, instead of as one heap.

While a circle is paused, what becomes due is marked as held back, with the moment at which it was due. When
the circle goes on, each thing gets a slot of its own: which one has nothing to do with when it was told. Only
what one person added to one thread keeps that person's own order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.anonymity import publication_delay
from db import deliveries, edits
from db.story_tables import Reply, Update
from db.tables import Circle, Delivery

EACH = timedelta(minutes=15)
"""So much time is there for each thing that waited."""
LONGEST = timedelta(hours=6)
"""By then all of it has come, however much it was."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def spread_held(session: AsyncSession, circle: Circle, now: datetime, random: Random) -> None:
    """Give everything that a circle's pause held back a moment of its own, inside the transaction that ends
    the pause. ``now`` is aware UTC."""
    rows = list(await deliveries.held_back(session, circle.id))
    if not rows:
        return
    slot = min(EACH, LONGEST / len(rows))
    places = random.sample(range(len(rows)), len(rows))
    moments = [now + slot * place + publication_delay(slot, random) for place in places]
    for together in await _in_their_order(session, rows):
        for number, moment in zip(together, sorted(moments[one] for one in together), strict=True):
            row = rows[number]
            row.not_before = row.due_since = moment
            row.trouble = None


async def _in_their_order(session: AsyncSession, rows: Sequence[Delivery]) -> list[list[int]]:
    """The places of the rows: those together that must keep their order, as one person said them."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number in sorted(range(len(rows)), key=lambda one: (rows[one].due_since or LONG_AGO, rows[one].id)):
        row = rows[number]
        said: Update | Reply | None = None
        if row.kind == edits.UPDATE:
            said = await session.get(Update, row.subject)
        elif row.kind == edits.REPLY:
            said = await session.get(Reply, row.subject)
        speaker = said.pen_name if isinstance(said, Reply) else None
        key = (row.id,) if said is None else (row.kind, said.story_id, speaker)
        groups.setdefault(key, []).append(number)
    return list(groups.values())
