"""The weekly prompt: when it comes, and that it comes once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import SystemRandom

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.content.library import Library
from bot.errors import Refusal
from bot.rules import calendar
from bot.rules.calendar import Lateness, UnknownZone
from bot.services.choosing import WeeklyPrompt, choose_prompt
from bot.services.circles import (
    CircleInfo,
    after_pause,
    as_info,
    circle_info,
    coming_occurrences,
    is_paused,
)
from bot.services.outbox import Priority, channel_destination
from bot.services.pausing import spread_held
from bot.services.prompt_posts import DELIVERY
from db import circles, deliveries, notices, occurrences
from db.database import Database
from db.tables import Circle, Occurrence, Schedule
from db.types import random_id

BATCH = 20
"""Schedules handled in one transaction: small, so that people's writes come in between."""
RECOMPUTED_AT_ONCE = 200
ZONE_MOVE = timedelta(days=1)
"""The most by which new zone rules can bring a moment forward that was computed by the old ones."""
PUT_OFF = timedelta(hours=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes next in a circle."""

    circle: CircleInfo
    prompt: WeeklyPrompt
    occurrence: calendar.Occurrence


@dataclass(frozen=True, slots=True, repr=False)
class Skipped:
    """A week that was skipped, and what comes instead."""

    occurrence_id: int
    skipped: calendar.Occurrence
    next: calendar.Occurrence


class Prompts:
    """Decides what is asked, in every circle."""

    def __init__(
        self, database: Database, library: Library, now: Callable[[], datetime], grace: timedelta
    ) -> None:
        self._database = database
        self.library = library
        self._now = now
        self._grace = grace

    async def recompute(self, now: datetime) -> None:
        """At start: compute anew when each schedule is due, so that changed zone rules are followed.

        What fell due while the bot was away stays due.
        """
        last, yesterday = 0, calendar.iso_week(now - ZONE_MOVE, "UTC")
        while True:
            async with self._database.write() as session:
                rows = await circles.schedules_after(session, last, RECOMPUTED_AT_ONCE)
                if not rows:
                    return
                ids = [circle.id for _, circle in rows]
                weeks = await occurrences.weeks_of(session, ids, yesterday)
                for schedule, circle in rows:
                    if schedule.next_due_at is None or schedule.next_due_at > now:
                        _recompute(schedule, circle, now, weeks[circle.id])
                last = rows[-1][0].id

    async def due(self, now: datetime) -> int:
        """Decide some of the prompts that are due, in one small transaction. Returns how many; 0 when none
        is due any more."""
        async with self._database.read() as session:
            if not await circles.due_schedules(session, now, 1):
                return 0
        try:
            async with self._database.write() as session:
                return await self._decide_some(session, now, BATCH)
        except Exception:
            log.exception("a batch of due prompts failed; they are decided one by one")
            return await self._one_by_one(now)

    async def _one_by_one(self, now: datetime) -> int:
        """As many as a batch, each for itself: one that can't be decided doesn't hold up the others."""
        done = 0
        for _ in range(BATCH):
            schedule_id = None
            try:
                async with self._database.write() as session:
                    for schedule, _circle in await circles.due_schedules(session, now, 1):
                        schedule_id = schedule.id
                        done += await self._decide_some(session, now, 1)
            except Exception:
                if schedule_id is None:
                    raise
                log.exception("the prompt of schedule %s could not be decided", schedule_id)
                async with self._database.write() as session:
                    (await session.get_one(Schedule, schedule_id)).next_due_at = now + PUT_OFF
        return done

    async def next_due(self) -> datetime | None:
        """When the next prompt of any circle is due."""
        async with self._database.read() as session:
            return await circles.next_due(session)

    async def _decide_some(self, session: AsyncSession, now: datetime, limit: int) -> int:
        """The schedules that are due first, at most ``limit``. Returns how many there were.

        What is written goes to the database together at the end; a week that is taken already is refused
        there, too.
        """
        due = await circles.due_schedules(session, now, limit)
        if not due:
            return 0
        since = min(schedule.next_due_at or now for schedule, _ in due) - 2 * ZONE_MOVE
        ids = [circle.id for _, circle in due]
        weeks = await occurrences.weeks_of(session, ids, calendar.iso_week(since, "UTC"))
        with session.no_autoflush:
            for schedule, circle in due:
                await self._decide(session, schedule, circle, weeks[circle.id], now)
        return len(due)

    async def _decide(
        self, session: AsyncSession, schedule: Schedule, circle: Circle, weeks: dict[str, str], now: datetime
    ) -> None:
        """One due schedule: ask, or note why not; then compute when it is due again. ``weeks`` says what
        became of each week until now.

        What fell into a pause isn't made up, even if the pause has ended since by itself.
        """
        due_at, when = schedule.next_due_at or now, as_info(circle, schedule).plan.when
        last = calendar.latest_due(when, due_at - ZONE_MOVE, now)
        if last.at <= now and not is_paused(circle, last.at) and last.week not in weeks:
            weeks[last.week] = await self._happen(session, circle, last, now)
        if circle.paused and not is_paused(circle, now):
            await spread_held(session, circle, now, SystemRandom())
            circle.paused, circle.paused_until = False, None
        schedule.next_due_at = calendar.next_after_edit(when, now, occurrences.taken(weeks)).at

    async def _happen(
        self, session: AsyncSession, circle: Circle, occurrence: calendar.Occurrence, now: datetime
    ) -> str:
        """A week's moment has come. Returns the state of that week."""
        if calendar.lateness(occurrence.at, now, self._grace) is Lateness.MISSED:
            await _missed(session, circle, occurrence)
            return occurrences.MISSED
        row = Occurrence(id=random_id(), circle_id=circle.id, kind=circles.PROMPT, week=occurrence.week)
        session.add(row)
        await self._give(session, circle, row, occurrence.at, new=True)
        return occurrences.GIVEN

    async def _give(
        self, session: AsyncSession, circle: Circle, row: Occurrence, at: datetime, *, new: bool = False
    ) -> None:
        """Fix what is asked in a week, and owe it to Discord, in one transaction."""
        row.state, row.due_at = occurrences.GIVEN, at
        if not new:
            await session.flush()  # the week is taken, or refused as a duplicate, before anything else
        prompt = await choose_prompt(session, self.library, circle.id, row.week)
        row.title, row.text, row.introduction = prompt.title, prompt.text, prompt.introduction
        row.prompt_key, row.theme_id = prompt.key, prompt.theme_id
        await deliveries.owe(
            session, kind=DELIVERY, subject=row.id, destination=channel_destination(circle.channel_id),
            priority=Priority.PROMPT, not_before=at, circle_id=circle.id, guild_id=circle.guild_id, new=new,
        )  # fmt: skip

    async def coming(self, circle_id: int) -> Coming:
        """What will be asked next, and when. Raises Gone."""
        now = self._now()
        async with self._database.read() as session:
            info = await circle_info(session, circle_id)
            after = after_pause(await session.get_one(Circle, circle_id), now)
            occurrence = (await coming_occurrences(session, circle_id, info.plan.when, after, 1))[0]
            prompt = await choose_prompt(session, self.library, circle_id, occurrence.week)
            return Coming(info, prompt, occurrence)

    async def post_now(self, circle_id: int) -> calendar.Occurrence:
        """Ask this week's prompt at once. Returns the next occurrence after it.

        Raises Gone, and Refusal when this week had its prompt or the circle is paused.
        """
        try:
            return await self._post_now(circle_id)
        except IntegrityError:  # the same command twice at once: the second one finds the week taken
            return await self._post_now(circle_id)

    async def _post_now(self, circle_id: int) -> calendar.Occurrence:
        now = self._now()
        async with self._database.write() as session:
            info = await circle_info(session, circle_id)
            circle = await session.get_one(Circle, circle_id)
            if is_paused(circle, now):
                raise Refusal("refusals.paused_facilitator")
            week = calendar.iso_week(now, info.zone)
            row = await occurrences.of_week(session, circle_id, week)
            if row is not None and row.state == occurrences.GIVEN and not await _given_up(session, row):
                raise Refusal("refusals.already_asked")
            if row is None:
                row = Occurrence(circle_id=circle_id, kind=circles.PROMPT, week=week)
                session.add(row)
            await self._give(session, circle, row, now)
            return await _reschedule(session, circle, now)

    async def skip(self, circle_id: int) -> Skipped:
        """Leave the next occurrence out. Raises Gone."""
        now = self._now()
        async with self._database.write() as session:
            info = await circle_info(session, circle_id)
            circle = await session.get_one(Circle, circle_id)
            after = after_pause(circle, now)
            found = (await coming_occurrences(session, circle_id, info.plan.when, after, 1))[0]
            row = await occurrences.of_week(session, circle_id, found.week)
            if row is None:
                row = Occurrence(circle_id=circle_id, kind=circles.PROMPT, week=found.week)
                session.add(row)
            row.state, row.due_at = occurrences.SKIPPED, found.at
            coming = await _reschedule(session, circle, now)
            return Skipped(row.id, found, coming)

    async def unskip(self, occurrence_id: int) -> calendar.Occurrence:
        """Take a skip back, while its time hasn't come. Returns what comes next. Raises Refusal."""
        now = self._now()
        async with self._database.write() as session:
            row = await session.get(Occurrence, occurrence_id)
            if row is None or row.state != occurrences.SKIPPED or row.due_at <= now:
                raise Refusal("refusals.skip_over")
            circle = await session.get_one(Circle, row.circle_id)
            await session.delete(row)
            await session.flush()
            return await _reschedule(session, circle, now)

    async def circle_of_skip(self, occurrence_id: int) -> CircleInfo:
        """The circle in which a week was skipped, to check rights. Raises Refusal."""
        async with self._database.read() as session:
            row = await session.get(Occurrence, occurrence_id)
            if row is None:
                raise Refusal("refusals.skip_over")
            return await circle_info(session, row.circle_id)

    async def current_theme(self, circle_id: int) -> str | None:
        """The title under which the last prompt was asked."""
        async with self._database.read() as session:
            row = await occurrences.latest_given(session, circle_id)
            return row.title if row else None


async def _given_up(session: AsyncSession, row: Occurrence) -> bool:
    """Whether a week's prompt was set aside as unsure or failed: then facilitators decide, by asking anew."""
    if row.message_id is not None:
        return False
    owed = await deliveries.about(session, (DELIVERY,), row.id)
    if not owed or any(one.state not in {deliveries.UNSURE, deliveries.FAILED} for one in owed):
        return False
    for one in owed:
        await session.delete(one)
    await session.flush()
    return True


async def _missed(session: AsyncSession, circle: Circle, occurrence: calendar.Occurrence) -> None:
    session.add(
        Occurrence(
            circle_id=circle.id,
            kind=circles.PROMPT,
            week=occurrence.week,
            state=occurrences.MISSED,
            due_at=occurrence.at,
        )
    )
    await notices.tell(session, circle.id, "prompt_missed", occurrence.week, {"week": occurrence.week})


def _recompute(schedule: Schedule, circle: Circle, now: datetime, weeks: Mapping[str, str]) -> None:
    """A zone that the newest rules no longer know must not keep the bot from starting."""
    try:
        when = as_info(circle, schedule).plan.when
        schedule.next_due_at = calendar.next_after_edit(when, now, occurrences.taken(weeks)).at
    except UnknownZone:
        log.error("circle %s has a time zone that is no longer known: %s", circle.id, circle.zone)


async def _reschedule(session: AsyncSession, circle: Circle, now: datetime) -> calendar.Occurrence:
    """Compute anew when the circle's prompt is due, after a week was taken or freed.

    What is due already, and waits for the next tick, stays due. Returns what is asked next: during a pause
    with a date, the first after it.
    """
    await session.flush()
    schedule = await circles.schedule(session, circle.id)
    when = as_info(circle, schedule).plan.when
    coming = (await coming_occurrences(session, circle.id, when, now, 1))[0]
    if schedule is not None and (schedule.next_due_at is None or schedule.next_due_at > now):
        schedule.next_due_at = coming.at
    after = after_pause(circle, now)
    return coming if after == now else (await coming_occurrences(session, circle.id, when, after, 1))[0]
