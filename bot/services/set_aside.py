"""What was set aside, because Discord refused it or nobody knows whether it arrived: facilitators decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.services.acts import LOG_LINE
from bot.services.circles import WELCOME, CircleInfo, as_info
from bot.services.prompt_posts import DELIVERY as PROMPT
from bot.services.telling import (
    EDIT,
    HIDE,
    LOCK,
    OPENING,
    PAGES,
    REPLY,
    RETRACT,
    RETRACT_REPLY,
    RETRACT_UPDATE,
    STORY,
    THREAD,
    UPDATE,
)
from bot.services.wipes import WIPE
from db import deliveries, restoring, set_aside
from db.database import Database
from db.deliveries import DUTY
from db.story_tables import Reply, Story, Update
from db.tables import Circle, Delivery, Occurrence

IN_THREADS = {UPDATE: Update, RETRACT_UPDATE: Update, REPLY: Reply, RETRACT_REPLY: Reply}
KINDS = (
    PROMPT,
    WELCOME,
    LOG_LINE,
    WIPE,
    STORY,
    THREAD,
    OPENING,
    LOCK,
    HIDE,
    RETRACT,
    EDIT,
    PAGES,
    DUTY,
    *IN_THREADS,
)
"""What is decided about here: all that stands in a circle, or in its moderators' channel. Private messages
are their owners'."""
AT_ONCE = 3
"""So many are shown at a time."""


@dataclass(frozen=True, slots=True, repr=False)
class AsideInfo:
    """One delivery that waits for a decision."""

    id: str
    kind: str
    unsure: bool
    """It may have arrived; otherwise Discord refused it."""
    trouble: str
    restored: bool = False
    """It is unsure because a copy was put back that doesn't know what became of it."""
    ours: bool = False
    """It wasn't Discord that stopped it, but a mistake of our own."""
    number: int | None = None
    """The number of the story that it is about."""
    week: str | None = None
    """The local ISO week of a question."""


class SetAside:
    """Shows what was set aside, and takes it up again."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def of(self, circle_id: int) -> tuple[AsideInfo, ...]:
        """The first few of a circle."""
        async with self._database.read() as session:
            rows = await set_aside.of_circle(session, circle_id, KINDS, AT_ONCE)
            return tuple([await _info(session, row) for row in rows])

    async def circle_of(self, delivery_id: str) -> CircleInfo:
        """The circle in which something was set aside, to check rights. Raises Gone when it is settled."""
        async with self._database.read() as session:
            row = await _aside(session, delivery_id)
            return as_info(await session.get_one(Circle, row.circle_id), None)

    async def look_again(self, delivery_id: str) -> None:
        """Look in Discord whether it is there, and send it only if it isn't. Raises Gone."""
        async with self._database.write() as session:
            row = await _aside(session, delivery_id)
            await set_aside.take_up(session, row, self._now())

    async def send(self, delivery_id: str) -> None:
        """Send it also where no look is possible: somebody has seen that it isn't there. Raises Gone."""
        async with self._database.write() as session:
            row = await _aside(session, delivery_id)
            await set_aside.take_up(session, row, self._now(), by_hand=True)


async def _aside(session: AsyncSession, delivery_id: str) -> Delivery:
    row = await session.get(Delivery, delivery_id)
    if row is None or row.circle_id is None or row.kind not in KINDS:
        raise Gone("refusals.decided_already")
    if row.state not in {deliveries.UNSURE, deliveries.FAILED}:
        raise Gone("refusals.decided_already")
    return row


async def _info(session: AsyncSession, row: Delivery) -> AsideInfo:
    week = None
    if row.kind == PROMPT:
        occurrence = await session.get(Occurrence, row.subject)
        week = occurrence.week if occurrence is not None else None
    return AsideInfo(
        id=row.id,
        kind=row.kind,
        unsure=row.state == deliveries.UNSURE,
        trouble=row.trouble or "",
        restored=row.trouble == restoring.TROUBLE,
        ours=row.trouble == deliveries.ERROR,
        number=await _number(session, row),
        week=week,
    )


async def _number(session: AsyncSession, row: Delivery) -> int | None:
    if row.kind in {PROMPT, WELCOME, LOG_LINE, WIPE, DUTY}:
        return None
    story = await session.get(Story, row.subject) if row.kind not in IN_THREADS else None
    tables = (
        (Update, Reply) if row.kind == EDIT else (IN_THREADS[row.kind],) if row.kind in IN_THREADS else ()
    )
    for table in tables:
        addition = await session.get(table, row.subject) if story is None else None
        story = await session.get(Story, addition.story_id) if addition is not None else story
    return story.number if story is not None else None
