"""A long proof of the calendar, for whoever changes it: ``python -m tests.rules.calendar_proof [zone …]``.

For every time zone, every weekday and every full hour, seven years of occurrences must be exactly the
first instants at which the wall clock shows the scheduled time or later, one in each ISO week. What is
expected is reckoned from a scan of each zone's offsets in UTC, and never from local times. Zones whose
files have the same bytes are one zone with two names, and are gone over once. Uses two processes.
"""

from __future__ import annotations

import sys
import time as stopwatch
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from multiprocessing import Pool
from pathlib import Path

from bot.rules.calendar import WeeklyTime, load_zone, occurrences, zone_names

HOUR = 3600
FIRST_MONDAY = date(2024, 1, 1)
LAST_DAY = date(2030, 12, 31)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a zone's clocks don't change: UTC seconds, the end not included."""

    start: int
    end: int
    offset: int


def stretches(zone: str) -> list[Stretch]:
    """The zone's offsets around the years of the proof, found by asking for each hour in UTC."""
    tz = load_zone(zone)

    def offset(second: int) -> int:
        local = datetime.fromtimestamp(second, tz).utcoffset()
        assert local is not None
        return int(local.total_seconds())

    start = _utc_seconds(FIRST_MONDAY, time()) - 21 * 24 * HOUR
    end = _utc_seconds(LAST_DAY, time()) + 21 * 24 * HOUR
    found: list[Stretch] = []
    for second in range(start, end, HOUR):
        if offset(second) != offset(start):
            low, high = second - HOUR, second
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == offset(start) else (low, middle)
            found.append(Stretch(start, high, offset(start)))
            start = high
    return [*found, Stretch(start, end, offset(start))]


def expected(days: Iterable[date], at: time, clocks: Sequence[Stretch]) -> list[tuple[datetime, bool]]:
    """For each day the first instant at which the wall clock shows ``at`` or later; whether it is later."""
    found: list[tuple[datetime, bool]] = []
    index = 0
    for day in days:
        wall = _utc_seconds(day, at)
        # Days come in order, so what lies before the last instant needs no second look.
        while max(clocks[index].start, wall - clocks[index].offset) >= clocks[index].end:
            index += 1
        second = max(clocks[index].start, wall - clocks[index].offset)
        found.append((datetime.fromtimestamp(second, UTC), second + clocks[index].offset != wall))
    return found


def check_zone(zone: str, hours: Iterable[int]) -> int:
    """Compare all weekdays at the given hours; returns how many occurrences were compared."""
    clocks = stretches(zone)
    weeks = (LAST_DAY - FIRST_MONDAY).days // 7 + 1
    mondays = [FIRST_MONDAY + timedelta(weeks=number) for number in range(-1, weeks)]
    names = [monday.strftime("%G-W%V") for monday in mondays[1:]]
    assert len(set(names)) == weeks
    compared = 0
    for hour in hours:
        for weekday in range(7):
            days = [monday + timedelta(days=weekday) for monday in mondays]
            (before, _), *wanted = expected(days, time(hour), clocks)
            got = occurrences(WeeklyTime(weekday, time(hour), zone), before, weeks)
            assert [(o.at, o.moved) for o in got] == wanted, (zone, weekday, hour)
            assert [o.week for o in got] == names, (zone, weekday, hour)
            compared += weeks
    return compared


def distinct_zones(names: Iterable[str]) -> list[str]:
    """One name for each zone file that differs from all others."""
    return sorted({_zone_file(name): name for name in sorted(names)}.values())


def main(wanted: Sequence[str]) -> None:
    """Go over the given zones, or all of them, and say how far it is."""
    zones = distinct_zones(wanted or zone_names())
    began = stopwatch.monotonic()
    compared = 0
    with Pool(2) as pool:
        for done, count in enumerate(pool.imap_unordered(_check_all_hours, zones), start=1):
            compared += count
            if done % 10 == 0 or done == len(zones):
                seconds = stopwatch.monotonic() - began
                sys.stdout.write(f"{done}/{len(zones)} zones, {compared:,} occurrences, {seconds:.0f} s\n")
                sys.stdout.flush()


def _check_all_hours(zone: str) -> int:
    return check_zone(zone, range(24))


def _zone_file(name: str) -> bytes:
    for folder in zoneinfo.TZPATH:
        if (path := Path(folder, name)).is_file():
            return path.read_bytes()
    return files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes()


def _utc_seconds(day: date, at: time) -> int:
    return int(datetime.combine(day, at, UTC).timestamp())


if __name__ == "__main__":
    main(sys.argv[1:])
