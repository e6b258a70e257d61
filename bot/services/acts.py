"""The open log: what moderators and facilitators did in a circle, for everybody to see.

A line says what was done, by which role and why, with the story's number and the day. It holds no content,
and nobody's name: not the teller's, and not that of whoever did it.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.calendar import load_zone
from db.care_tables import Act
from db.tables import Circle


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
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    NOTED = "noted"
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
    """Write a line of the log in the transaction of what was done. ``now`` is aware UTC."""
    session.add(
        Act(
            circle_id=circle.id,
            kind=did,
            role=role,
            why=why,
            number=number,
            day=now.astimezone(load_zone(circle.zone)).date(),
        )
    )
