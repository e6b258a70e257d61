"""Personal reminders: asked for by the person themself, in their own zone, sent to nobody else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, NotAllowed
from bot.rules import calendar
from bot.rules.calendar import Lateness, UnknownZone, WeeklyTime
from bot.rules.kept import Kept
from bot.rules.shares import Share
from bot.services.circles import is_paused
from bot.services.erasures import note_erased
from bot.services.outbox import PRIVATE_SPACING, Lease, Priority, private_destination
from bot.services.prompts import ZONE_MOVE
from db import deliveries, erasures, occurrences
from db import reminders as rows
from db.database import Database
from db.tables import Circle, Reminder

DELIVERY = "reminder"
BATCH = 20
"""Reminders handled in one transaction: small, so that people's writes come in between."""
PUT_OFF = timedelta(days=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, repr=False)
class ReminderInfo:
    """A reminder as its owner sees it."""

    id: int
    circle_id: int
    channel_id: int
    when: WeeklyTime
    coming: calendar.Occurrence
    closed: bool
    """Discord did not let the bot write to this person, so it sleeps."""
    paused: bool
    """Its circle is paused; nothing is sent before that is over."""


@dataclass(frozen=True, slots=True, repr=False)
class ReminderNote:
    """A private message that is owed: this week's question, if it was asked, and where it stands."""

    reminder_id: int
    user_id: int
    guild_id: int
    channel_id: int
    message_id: int | None
    title: str = ""
    text: str = ""


class Reminders:
    """The reminders of all people. What is given out goes to their owner alone."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], grace: timedelta, share: Share
    ) -> None:
        self._database = database
        self._share = share
        self._now = now
        self._grace = grace
        self._free_at = datetime.min.replace(tzinfo=UTC)
        """Before this, private messages go to others: many that are due at once are spread out."""

    async def remind_weekly(self, user_id: int, circle_id: int, when: WeeklyTime) -> ReminderInfo:
        """Set a person's weekly reminder of a circle, or change it; a closed one is on again. Raises Gone."""
        try:
            return await self._set(user_id, circle_id, when)
        except IntegrityError:  # the same command twice at once: the second one changes what the first made
            return await self._set(user_id, circle_id, when)

    async def _set(self, user_id: int, circle_id: int, when: WeeklyTime) -> ReminderInfo:
        async with self._database.write() as session:
            circle = await session.get(Circle, circle_id)
            if circle is None:
                raise Gone("refusals.circle_gone")
            row = await rows.in_circle(session, user_id, circle_id)
            if row is None:
                row = Reminder(user_id=user_id, circle_id=circle_id)
                session.add(row)
            row.weekday, row.at_minute = when.weekday, when.at.hour * 60 + when.at.minute
            row.zone, row.state = when.zone, rows.ON
            row.next_due_at = calendar.next_occurrence(when, self._now()).at
            await session.flush()
            await rows.settle(session, DELIVERY, row.id)
            return self._info(row, circle)

    async def of(self, user_id: int) -> tuple[ReminderInfo, ...]:
        """A person's own reminders, in all circles."""
        async with self._database.read() as session:
            return tuple(self._info(*pair) for pair in await rows.of_person(session, user_id))

    async def kept(self, user_id: int) -> Sequence[Kept]:
        """For *what is kept about me*."""
        async with self._database.read() as session:
            found = await rows.of_person(session, user_id)
            return [_kept(row, circle) for row, circle in found]

    async def stop_in(self, user_id: int, circle_id: int) -> bool:
        """Stop a person's reminder of one circle. Returns whether there was one."""
        async with self._database.write() as session:
            row = await rows.in_circle(session, user_id, circle_id)
            await self._remove(session, [row] if row else [])
            return row is not None

    async def stop(self, user_id: int, reminder_id: int) -> None:
        """Stop one reminder; one that is gone already counts as done. Raises NotAllowed for another's."""
        async with self._database.write() as session:
            row = await session.get(Reminder, reminder_id)
            if row is not None and row.user_id != user_id:
                raise NotAllowed("reminders.not_yours")
            await self._remove(session, [row] if row else [])

    async def stop_all(self, user_id: int) -> int:
        """Stop all of a person's reminders; also how they are erased. Returns how many there were."""
        async with self._database.write() as session:
            found = [row for row, _ in await rows.of_person(session, user_id)]
            await self._remove(session, found)
            return len(found)

    async def _remove(self, session: AsyncSession, found: Collection[Reminder]) -> None:
        """Whoever has stopped it isn't reminded by a restored copy either."""
        await note_erased(session, erasures.REMINDER, [row.id for row in found], self._now())
        await rows.remove(session, DELIVERY, found)

    async def recompute(self, now: datetime) -> None:
        """At start: compute anew when each reminder is due, so that changed zone rules are followed.

        What fell due while the bot was away stays due.
        """
        last = 0
        while True:
            async with self._database.write() as session:
                found = await rows.after(session, last, 200)
                for row in found:
                    if row.next_due_at is None or row.next_due_at > now:
                        row.next_due_at = coming(row, now)
                if not found:
                    return
                last = found[-1].id

    async def due(self, now: datetime) -> int:
        """Owe some of the reminders that are due, in one small transaction. Returns how many were looked
        at; 0 when none is due any more. Of several processes the one that sends private messages decides,
        so that they are spread out whoever else ticks."""
        if not self._share.first:
            return 0
        async with self._database.read() as session:
            if not await rows.due(session, now, 1):
                return 0
        async with self._database.write() as session:
            found = await rows.due(session, now, BATCH)
            for row, circle in found:
                await self._decide(session, row, circle, now)
            return len(found)

    async def next_due(self) -> datetime | None:
        """When the next reminder of anybody is due."""
        async with self._database.read() as session:
            return await rows.next_due(session)

    async def _decide(self, session: AsyncSession, row: Reminder, circle: Circle, now: datetime) -> None:
        """Owe it, unless it is too late or its circle is paused; and compute when it is due again."""
        due_at = row.next_due_at or now
        row.next_due_at = coming(row, now)
        last = _latest(row, due_at - ZONE_MOVE, now)
        if last is None or last.at > now or self._not_now(circle, last.at, now):
            return
        # what is still there is about another week: this one is enough
        await rows.settle(session, DELIVERY, row.id)
        self._free_at = max(last.at, self._free_at)
        await deliveries.owe(
            session, kind=DELIVERY, subject=row.id, destination=private_destination(row.user_id),
            priority=Priority.REMINDER, not_before=self._free_at, circle_id=circle.id,
        )  # fmt: skip
        self._free_at += PRIVATE_SPACING

    async def to_send(self, lease: Lease) -> ReminderNote | None:
        """What has to be sent now; None when it was stopped, is too late, or its circle is paused."""
        now = self._now()
        async with self._database.read() as session:
            row = await session.get(Reminder, lease.subject)
            if row is None or row.state != rows.ON:
                return None
            circle = await session.get_one(Circle, row.circle_id)
            last = _latest(row, now - 2 * calendar.WEEK, now)
            if last is None or self._not_now(circle, last.at, now):
                return None
            note = ReminderNote(row.id, row.user_id, circle.guild_id, circle.channel_id, None)
            week = calendar.iso_week(now, circle.zone)
            asked = await occurrences.of_week(session, circle.id, week)
            if asked is None or asked.state != occurrences.GIVEN or asked.message_id is None:
                return note
            place = (circle.guild_id, circle.channel_id, asked.message_id)
            return ReminderNote(row.id, row.user_id, *place, asked.title or "", asked.text or "")

    async def sent(self, lease: Lease) -> None:
        """It is there; no trace of the message is kept. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.drop(session, lease.id, lease.token)

    async def refused(self, lease: Lease) -> None:
        """Discord doesn't let the bot write to this person: the reminder sleeps. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.drop(session, lease.id, lease.token)
            row = await session.get(Reminder, lease.subject)
            if row is not None:
                row.state, row.next_due_at = rows.CLOSED, None

    def _not_now(self, circle: Circle, at: datetime, now: datetime) -> bool:
        if is_paused(circle, at) or is_paused(circle, now):
            return True
        return calendar.lateness(at, now, self._grace) is Lateness.MISSED

    def _info(self, row: Reminder, circle: Circle) -> ReminderInfo:
        when, now = _when(row), self._now()
        return ReminderInfo(
            id=row.id,
            circle_id=circle.id,
            channel_id=circle.channel_id,
            when=when,
            coming=calendar.next_occurrence(when, now),
            closed=row.state == rows.CLOSED,
            paused=is_paused(circle, now),
        )


def _kept(row: Reminder, circle: Circle) -> Kept:
    at = f"{row.at_minute // 60:02}:{row.at_minute % 60:02}"
    line = {"channel": f"<#{circle.channel_id}>", "weekday": str(row.weekday), "at": at, "zone": row.zone}
    file = {
        "what": "weekly reminder", "server": str(circle.guild_id), "channel": str(circle.channel_id),
        "weekday": row.weekday + 1, "time": at, "zone": row.zone, "asleep": row.state == rows.CLOSED,
    }  # fmt: skip
    return Kept("reminder", line, file)


def _when(row: Reminder) -> WeeklyTime:
    return WeeklyTime(row.weekday, time(*divmod(row.at_minute, 60)), row.zone)


def coming(row: Reminder, now: datetime) -> datetime:
    """When it is due next. A zone that a changed tz database no longer has holds up nobody else."""
    try:
        return calendar.next_occurrence(_when(row), now).at
    except UnknownZone:
        log.warning("a reminder is put off: its time zone is no longer known")
        return now + PUT_OFF


def _latest(row: Reminder, due_at: datetime, now: datetime) -> calendar.Occurrence | None:
    try:
        return calendar.latest_due(_when(row), due_at, now)
    except UnknownZone:
        return None
