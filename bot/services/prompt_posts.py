"""The weekly prompt as it must be shown, and what is remembered when it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules import calendar
from bot.rules.calendar import Lateness
from bot.services.choosing import WeeklyPrompt
from bot.services.circles import is_paused
from bot.services.outbox import Lease
from db import deliveries, notices, occurrences
from db.database import Database
from db.tables import Circle, Occurrence

DELIVERY = "prompt"


@dataclass(frozen=True, slots=True, repr=False)
class PromptPost:
    """A prompt that Discord must be made to show."""

    circle_id: int
    channel_id: int
    prompt: WeeklyPrompt
    too_late: bool = False
    """It may have arrived, but must not be sent any more: it is only looked for."""


class PromptPosts:
    """The state of prompts as the deliverer needs it."""

    def __init__(self, database: Database, now: Callable[[], datetime], grace: timedelta) -> None:
        self._database = database
        self._now = now
        self._grace = grace

    async def to_post(self, lease: Lease) -> PromptPost | timedelta | None:
        """What has to be posted; a wait while the circle is paused; None when it is done or too late.

        What may have arrived is made certain first; if it didn't, it is asked for here once more.
        """
        now = self._now()
        async with self._database.read() as session:
            row = await session.get(Occurrence, lease.subject)
            if row is None or row.state != occurrences.GIVEN or row.message_id is not None:
                return None
            circle = await session.get_one(Circle, row.circle_id)
            late, paused = self._too_late(row, now), is_paused(circle, now)
            if paused and not late and not lease.uncertain:
                return timedelta(minutes=10)
            if lease.uncertain or not late:
                prompt = WeeklyPrompt(row.title or "", row.text or "", row.introduction)
                return PromptPost(circle.id, circle.channel_id, prompt, too_late=late or paused)
        await self._leave_out(lease.subject)
        return None

    async def _leave_out(self, occurrence_id: int) -> None:
        """It is too late for a week's prompt, and nothing of it is on its way: facilitators are told."""
        async with self._database.write() as session:
            row = await session.get(Occurrence, occurrence_id)
            if row is None or row.state != occurrences.GIVEN or row.message_id is not None:
                return
            row.state = occurrences.MISSED
            await notices.tell(session, row.circle_id, "prompt_missed", row.week, {"week": row.week})

    def _too_late(self, row: Occurrence, now: datetime) -> bool:
        return calendar.lateness(row.due_at, now, self._grace) is Lateness.MISSED

    async def posted(self, lease: Lease, message_id: int) -> None:
        """Discord shows the prompt. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, message_id)
            row = await session.get(Occurrence, lease.subject)
            if row is not None:
                row.message_id = message_id
