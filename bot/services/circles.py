"""What a circle is and how it is set up, changed, paused and resumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from secrets import SystemRandom

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules import calendar
from bot.rules.calendar import Occurrence, WeeklyTime
from bot.rules.promises import Promise, Waits, offered
from bot.services.acts import Did, Role, note_act
from bot.services.caring import care_of
from bot.services.outbox import Priority, channel_destination
from bot.services.pausing import spread_held
from db import circles, deliveries, notices, occurrences, wipes
from db.database import Database
from db.tables import Circle, Schedule

WELCOME = "welcome"
"""The kind of the delivery of a circle's welcome."""
SMALL_CIRCLE = 6
"""Up to this many people, someone may be known by their way of telling."""


@dataclass(frozen=True, slots=True)
class CirclePlan:
    """What a facilitator chooses for a circle."""

    zone: str
    weekday: int
    """0 is Monday."""
    at_minute: int
    """Local wall time as minutes after midnight."""
    size: int
    delay_minutes: int
    facilitator_role_id: int | None = None
    moderator_role_id: int | None = None
    batch_of: int | None = None
    """Unnamed stories wait for one another until there are so many; None: each for itself."""

    @property
    def when(self) -> WeeklyTime:
        """The weekly time. Raises UnknownZone."""
        return WeeklyTime(self.weekday, time(*divmod(self.at_minute, 60)), self.zone)


@dataclass(frozen=True, slots=True, repr=False)
class CircleInfo:
    """A circle as everybody else sees it."""

    id: int
    guild_id: int
    channel_id: int
    language: str
    plan: CirclePlan
    paused: bool
    paused_until: date | None
    stories_told: int
    next_due_at: datetime | None = None
    reviewed: bool = False
    """Moderators look at stories, updates and edits first; known where somebody tells (``told_in``)."""

    @property
    def zone(self) -> str:
        """The circle's own time zone."""
        return self.plan.zone

    @property
    def small(self) -> bool:
        """Whether being without a name is thin here."""
        return self.plan.size <= SMALL_CIRCLE

    def offers(self, what: Waits) -> Promise:
        """What is promised here, just now, about when something unnamed appears."""
        plan = self.plan
        return offered(
            what, delay_minutes=plan.delay_minutes, batch_of=plan.batch_of, small=self.small,
            reviewed=self.reviewed,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class NoticeInfo:
    """Something the facilitators haven't been told yet."""

    kind: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Saved:
    """A circle was saved: as what, whether it is new, and what comes next."""

    circle: CircleInfo
    new: bool
    coming: tuple[Occurrence, ...]


def as_info(circle: Circle, schedule: Schedule | None) -> CircleInfo:
    """A row as a value."""
    plan = CirclePlan(
        zone=circle.zone,
        weekday=schedule.weekday if schedule else 0,
        at_minute=schedule.at_minute if schedule else 9 * 60,
        size=circle.size,
        delay_minutes=circle.delay_minutes,
        facilitator_role_id=circle.facilitator_role_id,
        moderator_role_id=circle.moderator_role_id,
        batch_of=circle.batch_of,
    )
    return CircleInfo(
        id=circle.id,
        guild_id=circle.guild_id,
        channel_id=circle.channel_id,
        language=circle.language,
        plan=plan,
        paused=circle.paused,
        paused_until=circle.paused_until,
        stories_told=circle.stories_told,
        next_due_at=schedule.next_due_at if schedule else None,
    )


class Circles:
    """Circles of all servers."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def at(self, channel_id: int) -> CircleInfo | None:
        """The circle of a channel, if it has one."""
        async with self._database.read() as session:
            row = await circles.at_channel(session, channel_id)
            return await self._seen(session, row) if row else None

    async def get(self, circle_id: int) -> CircleInfo:
        """A circle by its id. Raises Gone."""
        async with self._database.read() as session:
            return await self._seen(session, await _circle(session, circle_id))

    async def _seen(self, session: AsyncSession, row: Circle) -> CircleInfo:
        """A circle as it is at this moment: a pause that has ended by itself is over."""
        schedule = await circles.schedule(session, row.id)
        info = replace(as_info(row, schedule), reviewed=(await care_of(session, row.id)).review)
        return info if is_paused(row, self._now()) else replace(info, paused=False, paused_until=None)

    async def of_guild(self, guild_id: int) -> tuple[CircleInfo, ...]:
        """All circles of a server."""
        async with self._database.read() as session:
            return tuple(as_info(row, None) for row in await circles.of_guild(session, guild_id))

    async def everywhere(self) -> tuple[CircleInfo, ...]:
        """All circles, for the operator's check."""
        async with self._database.read() as session:
            return tuple(as_info(row, None) for row in await circles.everything(session))

    async def coming(self, channel_id: int, plan: CirclePlan, count: int = 3) -> tuple[Occurrence, ...]:
        """The occurrences that a plan would bring, before it is saved. Raises UnknownZone."""
        async with self._database.read() as session:
            row, after = await circles.at_channel(session, channel_id), self._now()
            if row is None:
                return await coming_occurrences(session, None, plan.when, after, count)
            return await coming_occurrences(session, row.id, plan.when, after_pause(row, after), count)

    async def save(self, guild_id: int, channel_id: int, plan: CirclePlan, language: str) -> Saved:
        """Set a circle up, or change it. A week that had its prompt keeps it: the change starts next week.

        Raises UnknownZone.
        """
        try:
            return await self._save(guild_id, channel_id, plan, language)
        except IntegrityError:  # two people pressed Save at once: the second one changes what the first made
            return await self._save(guild_id, channel_id, plan, language)

    async def _save(self, guild_id: int, channel_id: int, plan: CirclePlan, language: str) -> Saved:
        now, when = self._now(), plan.when
        async with self._database.write() as session:
            row = await circles.at_channel(session, channel_id)
            new = row is None
            if row is None:
                row = Circle(
                    guild_id=guild_id, channel_id=channel_id, language=language, zone=plan.zone,
                    size=plan.size, delay_minutes=plan.delay_minutes,
                )  # fmt: skip
                session.add(row)
                await session.flush()
            schedule = await circles.schedule(session, row.id)
            # what is due already, and isn't moved by this change, must not be lost between two ticks
            waits_for_tick = (
                schedule is not None
                and schedule.next_due_at is not None
                and schedule.next_due_at <= now
                and as_info(row, schedule).plan.when == when
            )
            row.zone, row.size, row.delay_minutes = plan.zone, plan.size, plan.delay_minutes
            row.batch_of = plan.batch_of
            row.facilitator_role_id = plan.facilitator_role_id
            row.moderator_role_id = plan.moderator_role_id
            coming = await coming_occurrences(session, row.id, when, now, 3)
            if schedule is None:
                schedule = Schedule(circle_id=row.id, kind=circles.PROMPT, weekday=0, at_minute=0)
                session.add(schedule)
            schedule.weekday, schedule.at_minute = plan.weekday, plan.at_minute
            if not waits_for_tick:
                schedule.next_due_at = coming[0].at
            await session.flush()
            return Saved(as_info(row, schedule), new, coming)

    async def pause(self, circle_id: int, until: date | None, role: Role = Role.FACILITATOR) -> CircleInfo:
        """No prompts, no new stories and replies, until a local day or until somebody resumes.

        Raises Gone, or Refusal for a day that isn't in the future.
        """
        async with self._database.write() as session:
            row, now = await _staying(session, circle_id), self._now()
            today = now.astimezone(calendar.load_zone(row.zone)).date()
            if until is not None and until <= today:
                raise Refusal("refusals.date_past")
            if not (is_paused(row, now) and row.paused_until == until):
                await note_act(session, row, Did.PAUSED, role, now)
            row.paused, row.paused_until = True, until
            return as_info(row, await circles.schedule(session, circle_id))

    async def resume(self, circle_id: int, role: Role = Role.FACILITATOR) -> CircleInfo:
        """Go on; what fell into the pause isn't made up. Raises Gone."""
        async with self._database.write() as session:
            row, now = await _staying(session, circle_id), self._now()
            if is_paused(row, now):
                await note_act(session, row, Did.RESUMED, role, now)
            await resume_row(session, row, now)
            return as_info(row, await circles.schedule(session, circle_id))

    async def owe_welcome(self, circle_id: int) -> None:
        """Owe the circle its standing welcome; once is enough, however often it is pressed. Raises Gone."""
        async with self._database.write() as session:
            row = await _circle(session, circle_id)
            owed = await deliveries.about(session, (WELCOME,), row.id)
            if any(one.state != deliveries.FAILED for one in owed):
                return
            await deliveries.owe(
                session, kind=WELCOME, subject=row.id, destination=channel_destination(row.channel_id),
                priority=Priority.PERSON, not_before=self._now(), circle_id=row.id, guild_id=row.guild_id,
            )  # fmt: skip

    async def notices(self, circle_id: int) -> tuple[NoticeInfo, ...]:
        """What the facilitators haven't been told yet; from now on they have."""
        async with self._database.write() as session:
            rows = await notices.take_untold(session, circle_id)
            return tuple(NoticeInfo(row.kind, dict(row.values)) for row in rows)


async def told_in(session: AsyncSession, circle: Circle) -> CircleInfo:
    """A circle as whoever tells there must see it, inside somebody's transaction."""
    return replace(as_info(circle, None), reviewed=(await care_of(session, circle.id)).review)


async def circle_info(session: AsyncSession, circle_id: int) -> CircleInfo:
    """A circle inside somebody's transaction. Raises Gone."""
    row = await _circle(session, circle_id)
    return as_info(row, await circles.schedule(session, circle_id))


def is_paused(circle: Circle, now: datetime) -> bool:
    """Whether the circle is paused at a moment; a pause with a date ends by itself."""
    if not circle.paused or circle.paused_until is None:
        return circle.paused
    return now.astimezone(calendar.load_zone(circle.zone)).date() < circle.paused_until


def after_pause(circle: Circle, now: datetime) -> datetime:
    """From when on dates are worth showing: now, or when a pause with a date is over."""
    if circle.paused_until is None or not is_paused(circle, now):
        return now
    midnight = datetime.combine(circle.paused_until, time(), calendar.load_zone(circle.zone))
    return max(now, midnight.astimezone(UTC) - timedelta(microseconds=1))


async def resume_row(
    session: AsyncSession, circle: Circle, now: datetime, random: Random | None = None
) -> None:
    """Take a circle out of its pause, inside somebody's transaction: what waited comes apart."""
    await spread_held(session, circle, now, random or SystemRandom())
    circle.paused, circle.paused_until = False, None
    schedule = await circles.schedule(session, circle.id)
    if schedule is not None:
        when = as_info(circle, schedule).plan.when
        schedule.next_due_at = (await coming_occurrences(session, circle.id, when, now, 1))[0].at


async def _circle(session: AsyncSession, circle_id: int) -> Circle:
    row = await session.get(Circle, circle_id)
    if row is None:
        raise Gone("refusals.circle_gone")
    return row


async def _staying(session: AsyncSession, circle_id: int) -> Circle:
    """A circle whose end hasn't begun: from then on it rests. Raises Gone, or Refusal."""
    wipe = await wipes.of_circle(session, circle_id)
    if wipe is not None and wipe.state == wipes.GOING:
        raise Refusal("refusals.circle_ending")
    return await _circle(session, circle_id)


async def coming_occurrences(
    session: AsyncSession, circle_id: int | None, when: WeeklyTime, now: datetime, count: int
) -> tuple[Occurrence, ...]:
    """The next occurrences, without the weeks that had their prompt or are skipped."""
    week = calendar.iso_week(now, when.zone)
    taken = await occurrences.taken_weeks(session, circle_id, week) if circle_id is not None else set[str]()
    found: list[Occurrence] = []
    while len(found) < count:
        found.append(calendar.next_after_edit(when, found[-1].at if found else now, taken))
    return tuple(found)
