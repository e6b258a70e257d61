"""Facilitators choose how their circle is kept safe; what members should know goes into the open log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.rules.care import FIRST_REPLY_DAYS, REVIEW_DAYS, CarePlan
from bot.services.acts import Did, Role, day_of, note_act
from bot.services.caring import Caring, care_of, put_care
from db import care
from db.database import Database
from db.tables import Circle

_OWN_AFFAIR: dict[str, Any] = {
    "review": False,
    "moderators_channel_id": None,
    "first_reply_days": FIRST_REPLY_DAYS,
    "review_days": REVIEW_DAYS,
}
"""What ``CARE_CHANGED`` doesn't speak of: how those on duty do their work. Review has lines of its own."""


class CareChoices(Caring):
    """The choices of all circles, and making them."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        super().__init__(database)
        self._now = now

    async def choose(self, circle_id: int, changes: Mapping[str, object]) -> CarePlan:
        """Change some of a circle's choices, by their names in ``CarePlan``; returns all of them as they are.

        Two people who choose at once each change what they chose and nothing else. Raises Gone.
        """
        async with self._database.write() as session:
            circle = await session.get(Circle, circle_id)
            if circle is None:
                raise Gone("refusals.circle_gone")
            before = await care_of(session, circle_id)
            after = replace(before, **changes)  # pyright: ignore[reportArgumentType] -- checked by its fields
            if after != before:
                await put_care(session, circle_id, after)
                await self._note(session, circle, before, after)
            return after

    async def _note(self, session: AsyncSession, circle: Circle, before: CarePlan, after: CarePlan) -> None:
        now = self._now()
        if before.review != after.review:
            did = Did.REVIEW_ON if after.review else Did.REVIEW_OFF
            await note_act(session, circle, did, Role.FACILITATOR, now)
        if replace(before, **_OWN_AFFAIR) == replace(after, **_OWN_AFFAIR):
            return
        # one line says it all: the log has no hours, and somebody goes through the page choice by choice
        if not await care.log_has(session, circle.id, Did.CARE_CHANGED, day_of(circle, now)):
            await note_act(session, circle, Did.CARE_CHANGED, Role.FACILITATOR, now)
