"""When the weekly prompt is due, in a circle's own time zone, also in the week the clocks change.

Occurrences are computed from local dates: a wall time that doesn't exist moves forward to the first
that does, and one that exists twice means the first. Put as one sentence, which is also what the
tests check: *an occurrence is the first instant at which the circle's wall clock shows the scheduled
date and time or later*.

APScheduler's CronTrigger is not used for this: measured with 3.11.3, it skips the whole week when
local midnight doesn't exist (Africa/Cairo 2026-04-24, America/Santiago 2026-09-06) and fires twice
in a repeated hour.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.errors import Refusal

WEEK = timedelta(weeks=1)

PUNCTUAL = timedelta(minutes=2)
"""How late an occurrence may go out and still count as on time: a few ticks of the clock."""

_INSTANT = timedelta(microseconds=1)

_NOT_A_PLACE = frozenset({"Factory", "localtime", "posixrules"})
"""Names that some systems list among the zones, and that mean "whatever this computer is set to"."""

_LONGEST_NAME_SHOWN = 60

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")


class UnknownZone(Refusal):
    """No time zone has this name; the text asks to choose one from the list."""

    def __init__(self, zone: str) -> None:
        super().__init__("refusals.unknown_zone", zone=zone[:_LONGEST_NAME_SHOWN])


@cache
def zone_names() -> frozenset[str]:
    """Every name that `load_zone` accepts. The first call takes some 0.1 s, as it reads the zone files."""
    return frozenset(available_timezones() - _NOT_A_PLACE)


@cache
def load_zone(name: str) -> ZoneInfo:
    """The rules of the time zone with this exact IANA name, such as ``"Europe/Berlin"``.

    Raises UnknownZone for everything else; as only listed names are looked up, no name reaches the
    file system, whatever it looks like. Refusals aren't cached, so the cache stays as small as the list.
    """
    if name not in zone_names():
        raise UnknownZone(name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:  # listed, but its file is damaged
        raise UnknownZone(name) from error


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    """Every week on this day at this wall-clock time: what a schedule says.

    ``weekday`` is 0 for Monday to 6 for Sunday, ``at`` a naive local time in whole minutes, ``zone`` an
    IANA name. Raises ValueError for a day or time that isn't one, UnknownZone for the zone.
    """

    weekday: int
    at: time
    zone: str

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise ValueError(f"weekday is 0 (Monday) to 6 (Sunday), not {self.weekday}")
        if self.at.tzinfo is not None or self.at.second or self.at.microsecond:
            raise ValueError(f"a local time in whole minutes is needed, not {self.at!r}")
        load_zone(self.zone)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated firing of a schedule.

    ``local_date`` is the date that the schedule means and ``week`` its local ISO week, such as
    ``"2026-W14"``. ``at`` (aware, UTC) may show a later date on the wall when it had to move.
    """

    at: datetime
    local_date: date
    week: str
    moved: bool
    """The wall time doesn't exist on this date; this is the first that does."""
    clock_change: bool
    """The clocks have changed since the same wall time a week of local dates earlier."""


class Lateness(Enum):
    """What becomes of an occurrence, judged by how late it is."""

    ON_TIME = "on_time"
    LATE = "late"
    """After downtime, but within its grace: it goes out once."""
    MISSED = "missed"
    """Too old: skipped, and never sent late."""


def instant(local_date: date, at: time, zone: str) -> tuple[datetime, bool]:
    """The UTC instant of a wall time on a local date, and whether it had to move.

    A wall time that doesn't exist moves forward to the first that does, over a whole date if need be
    (Pacific/Apia had no 2011-12-30). One that exists twice means the first. Raises UnknownZone.
    """
    tz = load_zone(zone)
    wall = datetime.combine(local_date, at.replace(tzinfo=None, fold=0))
    moment = wall.replace(tzinfo=tz).astimezone(UTC)
    if _reads(moment, tz) == wall:
        return moment, False
    # In a gap, fold=1 reckons with the offset after the change and so lands before it (PEP 495):
    # the change lies between the two readings, and the first wall time that exists is the one at it.
    before = wall.replace(tzinfo=tz, fold=1).astimezone(UTC)
    seconds = range(int((moment - before).total_seconds()))
    change = bisect_left(seconds, True, key=lambda s: _reads(before + timedelta(seconds=s), tz) >= wall)
    return before + timedelta(seconds=change), True


def next_occurrence(when: WeeklyTime, after: datetime) -> Occurrence:
    """The first occurrence strictly later than ``after`` (aware)."""
    today = _aware(after).astimezone(load_zone(when.zone)).date()
    # This week's is never too early a start: an occurrence of last week is the first instant at which the
    # wall clock shows its time *or later*, and today's date is later already.
    day = _monday_of(today) + timedelta(days=when.weekday)
    while True:
        moment, moved = instant(day, when.at, when.zone)
        if moment > after:
            return _occurrence(when, day, moment, moved)
        day += WEEK


def occurrences(when: WeeklyTime, after: datetime, count: int) -> tuple[Occurrence, ...]:
    """The next ``count`` occurrences later than ``after``, to show before a schedule is saved."""
    found: list[Occurrence] = []
    for _ in range(count):
        found.append(next_occurrence(when, found[-1].at if found else after))
    return tuple(found)


def next_after_edit(when: WeeklyTime, after: datetime, taken_weeks: Collection[str]) -> Occurrence:
    """The first occurrence later than ``after`` in a week that had no prompt yet.

    ``taken_weeks`` are local ISO weeks such as ``"2026-W14"``. So a schedule that is edited in a week
    that had its prompt starts next week.
    """
    occurrence = next_occurrence(when, after)
    while occurrence.week in taken_weeks:
        occurrence = next_occurrence(when, occurrence.at)
    return occurrence


def latest_due(when: WeeklyTime, due_at: datetime, now: datetime) -> Occurrence:
    """Of the occurrences from ``due_at`` to ``now`` (both aware), the last: older ones were slept through.

    The first of them, if even that is still to come.
    """
    found = next_occurrence(when, due_at - _INSTANT)
    while (later := next_occurrence(when, found.at)).at <= now:
        found = later
    return found


def occurrence_of_week(when: WeeklyTime, week: str) -> Occurrence:
    """The one occurrence of a local ISO week such as ``"2026-W14"``. Raises ValueError for no such week."""
    day = week_monday(week) + timedelta(days=when.weekday)
    moment, moved = instant(day, when.at, when.zone)
    return _occurrence(when, day, moment, moved)


def lateness(due_at: datetime, now: datetime, grace: timedelta) -> Lateness:
    """Whether what was due at ``due_at`` still goes out at ``now`` (both aware).

    Younger than ``grace`` goes out late, as old as it or older is missed; within `PUNCTUAL` it is on time
    whatever the grace. Before it is due it counts as on time.
    """
    late_by = _aware(now) - _aware(due_at)
    if late_by <= PUNCTUAL:
        return Lateness.ON_TIME
    return Lateness.LATE if late_by < grace else Lateness.MISSED


def iso_week(moment: datetime, zone: str) -> str:
    """The local ISO week in which ``moment`` (aware) lies, such as ``"2026-W14"``. Raises UnknownZone."""
    return week_of(_aware(moment).astimezone(load_zone(zone)).date())


def week_of(day: date) -> str:
    """The ISO week of a date; around New Year its year can differ from the date's."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def week_monday(week: str) -> date:
    """The Monday with which a week such as ``"2026-W14"`` begins. Raises ValueError if there is none such."""
    parts = _WEEK.fullmatch(week)
    if parts is None:
        raise ValueError(f"not an ISO week: {week!r}")
    return date.fromisocalendar(int(parts[1]), int(parts[2]), 1)


def _occurrence(when: WeeklyTime, day: date, moment: datetime, moved: bool) -> Occurrence:
    tz = load_zone(when.zone)
    week_before, _ = instant(day - WEEK, when.at, when.zone)
    changed = moment.astimezone(tz).utcoffset() != week_before.astimezone(tz).utcoffset()
    return Occurrence(at=moment, local_date=day, week=week_of(day), moved=moved, clock_change=changed)


def _reads(moment: datetime, tz: ZoneInfo) -> datetime:
    """What the wall clock shows at a moment, as a naive datetime."""
    return moment.astimezone(tz).replace(tzinfo=None, fold=0)


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"a time without a zone says no instant: {moment!r}")
    return moment


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
