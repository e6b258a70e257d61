"""How a circle is kept safe: kept and changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.rules.anonymity import rounded_up_day
from bot.rules.care import FIRST_REPLY_DAYS, REVIEW_DAYS, CarePlan
from bot.services.acts import Did, Role, note_act
from bot.services.outbox import channel_destination
from db import care, deliveries, destinations, notices
from db.care_tables import Care
from db.database import Database
from db.tables import Circle

_ANY, _NONE = "any", "none"
_OWN_AFFAIR: dict[str, Any] = {
    "review": False,
    "moderators_channel_id": None,
    "first_reply_days": FIRST_REPLY_DAYS,
    "review_days": REVIEW_DAYS,
}
"""What ``CARE_CHANGED`` doesn't speak of: how those on duty do their work. Review has lines of its own."""


async def care_of(session: AsyncSession, circle_id: int) -> CarePlan:
    """A circle's choices, inside somebody's transaction; the defaults where nobody chose."""
    row = await session.get(Care, circle_id)
    if row is None:
        return CarePlan()
    return CarePlan(
        review=row.review,
        moderators_channel_id=row.moderators_channel_id,
        log_channel_id=row.log_channel_id,
        country=row.country,
        help_lines=tuple(row.help_lines.splitlines()),
        most_characters=row.most_characters,
        most_stories=row.most_stories,
        most_replies=row.most_replies,
        links=row.links == _ANY,
        invites=row.invites,
        first_reply_days=row.first_reply_days,
        review_days=row.review_days,
    )


class Caring:
    """The choices of all circles."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def plan(self, circle_id: int) -> CarePlan:
        """What a circle chose, or the defaults."""
        async with self._database.read() as session:
            return await care_of(session, circle_id)

    async def change(self, circle_id: int, plan: CarePlan) -> None:
        """Take a circle's choices over. Raises Gone."""
        async with self._database.write() as session:
            await _put(session, await _circle(session, circle_id), plan)

    async def choose(self, circle_id: int, changes: Mapping[str, object]) -> CarePlan:
        """Change some of a circle's choices, by their names in ``CarePlan``; returns all of them as they are.

        What members should know goes into the open log with it. Two people who choose at once each change
        what they chose and nothing else. Raises Gone.
        """
        async with self._database.write() as session:
            circle = await _circle(session, circle_id)
            before = await care_of(session, circle_id)
            after = replace(before, **changes)  # pyright: ignore[reportArgumentType] -- checked by its fields
            if after != before:
                await _put(session, circle, after)
                await self._note(session, circle, before, after)
            return after

    async def _note(self, session: AsyncSession, circle: Circle, before: CarePlan, after: CarePlan) -> None:
        if before.review != after.review:
            did = Did.REVIEW_ON if after.review else Did.REVIEW_OFF
            await note_act(session, circle, did, Role.FACILITATOR, self._now())
        if replace(before, **_OWN_AFFAIR) == replace(after, **_OWN_AFFAIR):
            return
        # one line says it all: the log has no hours, and somebody goes through the page choice by choice
        if not await care.log_has(session, circle.id, Did.CARE_CHANGED, rounded_up_day(self._now())):
            await note_act(session, circle, Did.CARE_CHANGED, Role.FACILITATOR, self._now())


async def _circle(session: AsyncSession, circle_id: int) -> Circle:
    circle = await session.get(Circle, circle_id)
    if circle is None:
        raise Gone("refusals.circle_gone")
    return circle


async def _put(session: AsyncSession, circle: Circle, plan: CarePlan) -> None:
    before = (await care_of(session, circle.id)).moderators_channel_id
    if before is not None and before != plan.moderators_channel_id:
        await _move_words(session, circle.id, before, plan.moderators_channel_id)
    await session.merge(
        Care(
            circle_id=circle.id,
            review=plan.review,
            moderators_channel_id=plan.moderators_channel_id,
            log_channel_id=plan.log_channel_id,
            country=plan.country,
            help_lines="\n".join(plan.help_lines),
            most_characters=plan.most_characters,
            most_stories=plan.most_stories,
            most_replies=plan.most_replies,
            links=_ANY if plan.links else _NONE,
            invites=plan.invites,
            first_reply_days=plan.first_reply_days,
            review_days=plan.review_days,
        )
    )


async def _move_words(session: AsyncSession, circle_id: int, before: int, now_in: int | None) -> None:
    """What waits for those on duty goes to their new channel; without one it stands at ``/circle status``."""
    old = channel_destination(before)
    new = channel_destination(now_in) if now_in is not None else None
    await destinations.move(session, circle_id, deliveries.DUTY, old, new)
    await notices.forget(session, circle_id, deliveries.DUTY_CLOSED, old)
