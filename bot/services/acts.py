"""The open log: what moderators and facilitators did in a circle, for everybody to see.

A line says what was done, by which role and why, with the story's number and the day. It holds no content,
and nobody's name: not the teller's, and not that of whoever did it. Of a mute it says nothing but that there
was one: no story and no end, or the circle would point at somebody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.calendar import load_zone
from bot.services.caring import care_of
from bot.services.outbox import Lease, Priority, channel_destination
from db import acts, deliveries
from db.care_tables import Act
from db.database import Database
from db.tables import Circle
from db.types import random_id

LOG_LINE = "log_line"
"""The kind of the delivery that shows a line in a channel as well."""
AT_ONCE = 15
"""So many lines on one page."""


class Role(StrEnum):
    """As which somebody acted."""

    MODERATOR = "moderator"
    FACILITATOR = "facilitator"


class Did(StrEnum):
    """All that stands in the log; the key of its text below ``log.did.``."""

    REMOVED = "removed"
    BROUGHT_BACK = "brought_back"
    REPLY_REMOVED = "reply_removed"
    REPLY_BROUGHT_BACK = "reply_brought_back"
    UPDATE_REMOVED = "update_removed"
    UPDATE_BROUGHT_BACK = "update_brought_back"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    NOTED = "noted"
    NOTE_TAKEN_OFF = "note_taken_off"
    MUTED = "muted"
    UNMUTED = "unmuted"
    APPROVED = "approved"
    RETURNED = "returned"
    DECLINED = "declined"
    REPORT_CLOSED = "report_closed"
    PAUSED = "paused"
    RESUMED = "resumed"
    REVIEW_ON = "review_on"
    REVIEW_OFF = "review_off"
    CARE_CHANGED = "care_changed"
    WIPE_ASKED = "wipe_asked"
    WIPE_AGREED = "wipe_agreed"
    WIPE_STOPPED = "wipe_stopped"


class Why(StrEnum):
    """The reasons to choose from; the key of its text below ``log.why.``. Free words could tell too much."""

    IDENTIFIES = "identifies"
    HURTS = "hurts"
    OFF_TOPIC = "off_topic"
    ASKED_FOR = "asked_for"
    BY_MISTAKE = "by_mistake"
    CARE = "care"


NO_STORY = frozenset({Did.MUTED, Did.UNMUTED})
"""What is never said of a story, whatever it was about."""


@dataclass(frozen=True, slots=True, repr=False)
class ActInfo:
    """One line of the log."""

    did: str
    role: str
    why: str | None
    number: int | None
    day: date


@dataclass(frozen=True, slots=True, repr=False)
class LogPage:
    """One page of the log, newest day first."""

    lines: tuple[ActInfo, ...]
    number: int
    more: bool
    """Another page follows."""


@dataclass(frozen=True, slots=True, repr=False)
class LogPost:
    """A line as it must be shown in a channel."""

    channel_id: int
    line: ActInfo


async def note_act(
    session: AsyncSession,
    circle: Circle,
    did: Did,
    role: Role,
    now: datetime,
    *,
    why: Why | None = None,
    number: int | None = None,
) -> None:
    """Write a line of the log in the transaction of what was done. ``now`` is aware UTC.

    Where the circle shows its log in a channel, the line is owed there as well.
    """
    act = Act(
        id=random_id(),
        circle_id=circle.id,
        kind=did,
        role=role,
        why=why,
        number=number if did not in NO_STORY else None,
        day=day_of(circle, now),
    )
    session.add(act)
    channel_id = (await care_of(session, circle.id)).log_channel_id
    if channel_id is not None:
        await session.flush()
        await deliveries.owe(
            session, kind=LOG_LINE, subject=act.id, destination=channel_destination(channel_id),
            priority=Priority.MODERATION, not_before=now, circle_id=circle.id, guild_id=circle.guild_id,
            new=True,
        )  # fmt: skip


def day_of(circle: Circle, now: datetime) -> date:
    """The day that a line bears which is written at an aware ``now``: the circle's own."""
    return now.astimezone(load_zone(circle.zone)).date()


class OpenLog:
    """Reads the log."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def page(self, circle_id: int, number: int) -> LogPage:
        """A page of a circle's log; ``number`` counts from 0, and beyond the last page is the last."""
        async with self._database.read() as session:
            count = await acts.count(session, circle_id)
            number = min(max(number, 0), max(count - 1, 0) // AT_ONCE)
            rows = await acts.page(session, circle_id, number * AT_ONCE, AT_ONCE)
            return LogPage(tuple(_info(row) for row in rows), number, count > (number + 1) * AT_ONCE)

    async def post(self, lease: Lease) -> LogPost | None:
        """A line that is owed to a channel; None when the log isn't shown there any more."""
        async with self._database.read() as session:
            act = await session.get(Act, lease.subject)
            channel_id = (await care_of(session, act.circle_id)).log_channel_id if act else None
            if act is None or channel_id is None or channel_destination(channel_id) != lease.destination:
                return None
            return LogPost(channel_id, _info(act))


def _info(row: Act) -> ActInfo:
    return ActInfo(row.kind, row.role, row.why, row.number, row.day)
