"""The weekly prompt comes once, on time: in the circle's own zone, also when the clocks change."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.rules.calendar import (
    PUNCTUAL,
    Lateness,
    UnknownZone,
    WeeklyTime,
    instant,
    iso_week,
    lateness,
    latest_due,
    load_zone,
    next_after_edit,
    next_occurrence,
    occurrence_of_week,
    occurrences,
    week_monday,
    week_of,
    zone_names,
)
from tests.rules.calendar_proof import check_zone

MINUTE, DAY, WEEK = timedelta(minutes=1), timedelta(days=1), timedelta(weeks=1)
NINE = time(9)

# Half hours, quarters, changes at midnight, on Fridays and Saturdays, twice a year for Ramadan, by two hours,
# backwards in winter, over the date line, and none at all.
_ODD = """
    Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Juba Africa/Monrovia America/Asuncion
    America/Caracas America/Havana America/Miquelon America/New_York America/Nuuk America/Godthab
    America/Santiago America/Sao_Paulo America/Scoresbysund America/St_Johns America/Tijuana
    America/Whitehorse Antarctica/Casey Antarctica/Macquarie Antarctica/Troll Antarctica/Vostok
    Asia/Almaty Asia/Amman Asia/Beirut Asia/Damascus Asia/Gaza Asia/Hebron Asia/Jerusalem
    Asia/Kathmandu Asia/Kolkata Asia/Pyongyang Asia/Tehran Asia/Ulaanbaatar Atlantic/Azores
    Australia/Adelaide Australia/Eucla Australia/Lord_Howe Europe/Berlin Europe/Chisinau
    Europe/Dublin Europe/Istanbul Europe/London Europe/Volgograd Pacific/Apia Pacific/Auckland
    Pacific/Chatham Pacific/Easter Pacific/Fakaofo Pacific/Fiji Pacific/Kiritimati Pacific/Marquesas
    Pacific/Norfolk Pacific/Tongatapu UTC
"""
ODD_ZONES = _ODD.split()
OTHER_ZONES = random.Random(2026).sample(sorted(zone_names() - set(ODD_ZONES)), 60)


def wall(text: str) -> datetime:
    """A naive local time."""
    return datetime.fromisoformat(text)


zones = st.sampled_from([*ODD_ZONES, *OTHER_ZONES])
wall_times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
dates = st.dates(date(2000, 1, 1), date(2040, 12, 31))
moments = st.datetimes(wall("2000-01-01"), wall("2040-12-31"), timezones=st.just(UTC))
weekly_times = st.builds(WeeklyTime, st.integers(0, 6), wall_times, zones)


def clock(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def first_minute_showing(day: date, at: time, zone: str) -> datetime:
    """The oracle: walk through the minutes in UTC until the wall clock shows the wanted time or later."""
    wanted = datetime.combine(day, at)
    minute = wanted.replace(tzinfo=UTC) - timedelta(hours=27)  # no zone is ahead by as much
    tz = ZoneInfo(zone)
    while minute.astimezone(tz).replace(tzinfo=None) < wanted:
        minute += MINUTE
    return minute


@given(dates, wall_times, zones)
@example(date(2026, 4, 24), time(0), "Africa/Cairo")
@example(date(2026, 9, 6), time(0), "America/Santiago")
@example(date(2011, 12, 30), time(18, 30), "Pacific/Apia")
@example(date(2026, 4, 5), time(1, 45), "Australia/Lord_Howe")
@example(date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe")
@example(date(2006, 10, 29), time(0), "America/St_Johns")
def test_a_wall_time_is_the_first_minute_at_which_the_clock_shows_it_or_later(day: date, at: time, zone: str):
    moment, moved = instant(day, at, zone)
    assert moment == first_minute_showing(day, at, zone)
    assert moved == (clock(moment, zone) != datetime.combine(day, at))


def changes_of_the_clock() -> list[tuple[str, date]]:
    """Every UTC date from 2024 to 2027 on which one of the odd zones changes its clocks."""
    nights = [datetime(2024, 1, 1, tzinfo=UTC) + DAY * number for number in range(4 * 365)]
    return [
        (zone, night.date())
        for zone in ODD_ZONES
        for night in nights
        if clock(night + DAY, zone) - clock(night, zone) != DAY
    ]


def test_a_day_on_which_clocks_change_has_an_instant_for_each_of_its_wall_times():
    for zone, day in random.Random(24).sample(changes_of_the_clock(), 6):
        for half_hour in range(-24, 48 + 24):
            local = datetime.combine(day, time(0)) + half_hour * 30 * MINUTE
            moment, _ = instant(local.date(), local.time(), zone)
            assert moment == first_minute_showing(local.date(), local.time(), zone), (zone, local)


@pytest.mark.parametrize(
    ("zone", "day"), [("Africa/Cairo", date(2026, 4, 24)), ("America/Santiago", date(2026, 9, 6))]
)
def test_a_week_whose_midnight_does_not_exist_has_its_prompt_at_one(zone: str, day: date):
    when = WeeklyTime(day.weekday(), time(0), zone)
    before = instant(day - WEEK, time(0), zone)[0]
    occurrence, following = occurrences(when, before, 2)
    assert clock(occurrence.at, zone) == datetime.combine(day, time(1))
    assert (occurrence.local_date, occurrence.moved, occurrence.clock_change) == (day, True, True)
    assert clock(following.at, zone) == datetime.combine(day + WEEK, time(0))
    assert (following.moved, following.clock_change) == (False, False)


def test_a_date_that_a_country_left_out_moves_to_the_next():
    occurrence = next_occurrence(WeeklyTime(4, NINE, "Pacific/Apia"), datetime(2011, 12, 27, tzinfo=UTC))
    assert occurrence.local_date == date(2011, 12, 30)
    assert clock(occurrence.at, "Pacific/Apia") == wall("2011-12-31")
    assert (occurrence.week, occurrence.moved, occurrence.clock_change) == ("2011-W52", True, True)


@pytest.mark.parametrize(
    ("zone", "local", "first"),
    [
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("America/New_York", "2026-11-01T01:00", "2026-11-01T05:00"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45"),
        ("America/Havana", "2026-11-01T00:30", "2026-11-01T04:30"),
        ("Asia/Beirut", "2026-10-24T23:30", "2026-10-24T20:30"),
        ("America/Santiago", "2026-04-04T23:00", "2026-04-05T02:00"),
    ],
)
def test_an_hour_that_comes_twice_fires_in_its_first_pass_only(zone: str, local: str, first: str):
    day, at = wall(local).date(), wall(local).time()
    when = WeeklyTime(day.weekday(), at, zone)
    expected = wall(first).replace(tzinfo=UTC)
    assert instant(day, at, zone) == (expected, False)
    assert instant(day, at.replace(fold=1), zone) == (expected, False)
    assert next_occurrence(when, expected - MINUTE).at == expected
    assert next_occurrence(when, expected).local_date == day + WEEK


@given(weekly_times, moments)
def test_each_local_week_has_exactly_one_occurrence(when: WeeklyTime, after: datetime):
    found = occurrences(when, after, 60)
    mondays = [week_monday(occurrence.week) for occurrence in found]
    assert mondays == [mondays[0] + WEEK * number for number in range(60)]
    assert all(occurrence.local_date.weekday() == when.weekday for occurrence in found)
    assert all(week_of(occurrence.local_date) == occurrence.week for occurrence in found)
    assert all(occurrence.at.utcoffset() == timedelta(0) for occurrence in found)


@given(weekly_times, moments)
def test_the_next_occurrence_is_the_first_one_strictly_later(when: WeeklyTime, after: datetime):
    occurrence = next_occurrence(when, after)
    week_before = first_minute_showing(occurrence.local_date - WEEK, when.at, when.zone)
    assert week_before <= after < occurrence.at
    assert next_occurrence(when, occurrence.at - timedelta(microseconds=1)) == occurrence
    assert next_occurrence(when, occurrence.at).local_date == occurrence.local_date + WEEK


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "America/Santiago"])
def test_seven_years_hold_what_a_scan_of_the_offsets_expects(zone: str):
    assert check_zone(zone, hours=(0, 2)) == 2 * 7 * 366


def test_the_dates_shown_before_saving_cross_the_clock_change():
    when = WeeklyTime(0, NINE, "Europe/Berlin")
    shown = occurrences(when, datetime(2026, 3, 20, tzinfo=UTC), 3)
    assert [(o.at.isoformat(), o.clock_change) for o in shown] == [
        ("2026-03-23T08:00:00+00:00", False),
        ("2026-03-30T07:00:00+00:00", True),
        ("2026-04-06T07:00:00+00:00", False),
    ]
    assert occurrences(when, shown[0].at, 0) == ()


def test_a_schedule_edited_in_a_week_that_had_its_prompt_starts_next_week():
    when = WeeklyTime(4, NINE, "Europe/Dublin")
    wednesday = datetime(2026, 6, 10, 12, tzinfo=UTC)
    this_week = iso_week(wednesday, when.zone)
    assert next_after_edit(when, wednesday, ()).week == this_week == "2026-W24"
    assert next_after_edit(when, wednesday, {this_week}).local_date == date(2026, 6, 19)
    assert next_after_edit(when, wednesday, {"2026-W24", "2026-W25"}).local_date == date(2026, 6, 26)


@given(weekly_times, moments, st.sets(st.integers(-2, 6)))
def test_no_edit_makes_a_second_prompt_in_a_week(when: WeeklyTime, after: datetime, taken: set[int]):
    first = next_occurrence(when, after)
    weeks = {week_of(first.local_date + WEEK * number) for number in taken}
    occurrence = next_after_edit(when, after, weeks)
    assert occurrence.at > after
    assert occurrence.week not in weeks
    passed_over = (occurrence.local_date - first.local_date).days // 7
    assert set(range(passed_over)) <= taken


@pytest.mark.parametrize(
    ("late_by", "expected"),
    [
        (-MINUTE, Lateness.ON_TIME),
        (timedelta(0), Lateness.ON_TIME),
        (PUNCTUAL, Lateness.ON_TIME),
        (PUNCTUAL + timedelta(seconds=1), Lateness.LATE),
        (timedelta(hours=12) - timedelta(seconds=1), Lateness.LATE),
        (timedelta(hours=12), Lateness.MISSED),
        (30 * DAY, Lateness.MISSED),
    ],
)
def test_after_downtime_an_occurrence_goes_out_within_its_grace_and_never_after(
    late_by: timedelta, expected: Lateness
):
    due_at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert lateness(due_at, due_at + late_by, timedelta(hours=12)) is expected


def test_without_any_grace_a_punctual_prompt_still_goes_out():
    due_at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert lateness(due_at, due_at + MINUTE, timedelta(0)) is Lateness.ON_TIME
    assert lateness(due_at, due_at + 3 * MINUTE, timedelta(0)) is Lateness.MISSED


def test_the_week_is_the_one_on_the_circle_s_own_wall():
    monday_in_auckland = datetime(2026, 3, 29, 20, tzinfo=UTC)
    assert iso_week(monday_in_auckland, "Pacific/Auckland") == "2026-W14"
    assert iso_week(monday_in_auckland, "America/New_York") == "2026-W13"
    assert iso_week(datetime(2027, 1, 1, 12, tzinfo=UTC), "UTC") == "2026-W53"


@given(st.integers(0, 6), wall_times, zones, dates)
def test_every_week_has_one_occurrence_and_it_is_the_one_that_comes(
    weekday: int, at: time, zone: str, day: date
):
    when, week = WeeklyTime(weekday, at, zone), week_of(day)
    found = occurrence_of_week(when, week)
    assert found.week == week
    assert found == next_occurrence(when, found.at - timedelta(microseconds=1))


@given(st.integers(0, 6), wall_times, zones, moments, st.integers(0, 60 * 24 * 40))
def test_of_what_was_slept_through_only_the_last_counts(
    weekday: int, at: time, zone: str, moment: datetime, minutes: int
):
    when, now = WeeklyTime(weekday, at, zone), moment + timedelta(minutes=minutes)
    due_at = next_occurrence(when, moment).at
    latest = latest_due(when, due_at, now)
    assert latest.at == max(due_at, latest.at)
    assert next_occurrence(when, latest.at).at > now
    assert latest.at <= now or latest.at == due_at


@given(st.dates(date(1000, 1, 4)))
def test_a_week_begins_with_its_monday(day: date):
    assume(day.year < 9999)
    monday = week_monday(week_of(day))
    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday < WEEK


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-W00", "2026-W54", "2025-W53", "2026-W1", "2026-W012", "٢٠٢٦-W01"]
)
def test_what_is_no_week_is_said_so(text: str):
    with pytest.raises(ValueError, match=r".+"):
        week_monday(text)


NO_ZONES = """
    Europe Europe/ europe/berlin UTC+2 Mars/Olympus
    . .. ../UTC Europe/../UTC /etc/passwd /usr/share/zoneinfo/UTC
    localtime posixrules Factory posix/UTC right/UTC tzdata.zi zone.tab CON Europe\\Berlin
"""


@pytest.mark.parametrize("name", ["", " ", "UTC\0", " UTC", "x" * 5000, *NO_ZONES.split()])
def test_only_the_listed_names_are_zones(name: str):
    with pytest.raises(UnknownZone) as refused:
        load_zone(name)
    assert refused.value.key == "refusals.unknown_zone"
    assert refused.value.values == {"zone": name[:60]}
    with pytest.raises(UnknownZone):
        WeeklyTime(0, NINE, name)


def test_every_listed_zone_can_be_used():
    assert len(zone_names()) > 500
    for name in zone_names():
        assert load_zone(name).key == name


@pytest.mark.parametrize(
    ("weekday", "at"),
    [(-1, NINE), (7, NINE), (0, time(9, 0, 1)), (0, time(9, 0, 0, 1)), (0, time(9, tzinfo=UTC))],
)
def test_a_schedule_is_a_day_of_the_week_and_a_plain_minute(weekday: int, at: time):
    with pytest.raises(ValueError, match=r".+"):
        WeeklyTime(weekday, at, "UTC")


def test_a_time_that_names_no_instant_is_never_guessed_at():
    naive = wall("2026-01-05T09:00")
    aware = naive.replace(tzinfo=UTC)
    for ask in (
        lambda: next_occurrence(WeeklyTime(0, NINE, "UTC"), naive),
        lambda: iso_week(naive, "UTC"),
        lambda: lateness(naive, aware, DAY),
        lambda: lateness(aware, naive, DAY),
    ):
        with pytest.raises(ValueError, match="without a zone"):
            ask()
