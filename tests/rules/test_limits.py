"""Limits hold for one person, and remember nobody."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import limits as rules
from bot.rules.limits import SMALL_CIRCLE_AT_A_STORY, STORIES, Limit, Limits

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ANNA, BEN = 812345678901234567, 812345678901234568
CIRCLE, OTHER_CIRCLE = 1, 2
MINUTE = timedelta(minutes=1)
THREE = Limit("stories", 3, DAY, MINUTE)
ONE = Limit("stories", 1, DAY, MINUTE)
ANOTHER = Limit("codes", 1, DAY, MINUTE)


@pytest.fixture
def limits() -> Limits:
    return Limits(secrets.token_bytes(32))


def test_three_stories_a_day_are_allowed_and_a_fourth_isnt(limits: Limits) -> None:
    told = [limits.allow(THREE, ANNA, CIRCLE, NOON) for _ in range(4)]
    assert told == [True, True, True, False]


def test_people_circles_and_purposes_dont_count_for_each_other(limits: Limits) -> None:
    assert limits.allow(ONE, ANNA, CIRCLE, NOON)
    assert limits.allow(ONE, BEN, CIRCLE, NOON)
    assert limits.allow(ONE, ANNA, OTHER_CIRCLE, NOON)
    assert limits.allow(ANOTHER, ANNA, CIRCLE, NOON)
    assert not limits.allow(ONE, ANNA, CIRCLE, NOON)


def test_room_comes_back_as_time_passes_even_for_who_keeps_asking(limits: Limits) -> None:
    for hour in range(3):
        assert limits.allow(THREE, ANNA, CIRCLE, NOON + timedelta(hours=hour))
    for hour in range(3, 24):
        assert not limits.allow(THREE, ANNA, CIRCLE, NOON + timedelta(hours=hour))
    assert limits.allow(THREE, ANNA, CIRCLE, NOON + DAY)
    assert not limits.allow(THREE, ANNA, CIRCLE, NOON + DAY)


def test_a_limit_of_nothing_allows_nothing(limits: Limits) -> None:
    assert not limits.allow(replace(ONE, most=0), ANNA, CIRCLE, NOON)
    assert len(limits) == 0


@given(st.lists(st.integers(0, 500), max_size=60), st.integers(1, 5), st.integers(1, 100))
def test_no_stretch_of_time_ever_holds_more_than_the_limit(gaps: list[int], limit: int, per: int) -> None:
    limits = Limits(bytes(32))
    now, allowed = NOON, list[datetime]()
    for gap in gaps:
        now += timedelta(minutes=gap)
        if limits.allow(Limit("stories", limit, timedelta(minutes=per), MINUTE), ANNA, CIRCLE, now):
            allowed.append(now)
    for first, beyond in zip(allowed, allowed[limit:], strict=False):
        assert beyond - first >= timedelta(minutes=per)


def test_what_is_over_is_forgotten(limits: Limits) -> None:
    for person in range(100):
        limits.allow(THREE, person, CIRCLE, NOON)
    limits.allow(ANOTHER, ANNA, 0, NOON + timedelta(hours=25))
    assert len(limits) == 1


def test_memory_is_bounded_and_the_longest_unused_goes_first() -> None:
    limits = Limits(secrets.token_bytes(32), capacity=10)
    for person in range(1, 12):
        limits.allow(ONE, person, CIRCLE, NOON)
    assert len(limits) == 10
    assert not limits.allow(ONE, 11, CIRCLE, NOON)
    assert limits.allow(ONE, 1, CIRCLE, NOON)


def test_a_restart_forgets_everybody() -> None:
    for _ in range(2):
        assert Limits(secrets.token_bytes(32)).allow(ONE, ANNA, CIRCLE, NOON)


def test_no_id_and_no_secret_can_be_read_out() -> None:
    secret = secrets.token_bytes(32)
    limits = Limits(secret)
    limits.allow(ONE, ANNA, CIRCLE, NOON)
    kept = repr(vars(limits)["_uses"])
    assert str(ANNA) not in kept
    assert repr(ANNA.to_bytes(8))[2:-1] not in kept
    assert repr(limits) == "Limits(1 remembered)"


def test_a_guessable_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Limits(b"short")


def test_who_is_over_a_limit_learns_when_there_is_room_again_and_then_there_is(limits: Limits) -> None:
    assert limits.full_until(THREE, ANNA, CIRCLE, NOON) is None
    for hour in range(3):
        limits.count(THREE, ANNA, CIRCLE, NOON + timedelta(hours=hour))

    again = limits.full_until(THREE, ANNA, CIRCLE, NOON + timedelta(hours=5))

    assert again == NOON + DAY
    assert limits.full_until(THREE, ANNA, CIRCLE, again - MINUTE) == again
    assert limits.full_until(THREE, ANNA, CIRCLE, again) is None


def test_asking_whether_there_is_room_counts_nothing(limits: Limits) -> None:
    for _ in range(10):
        assert limits.full_until(ONE, ANNA, CIRCLE, NOON) is None
    assert len(limits) == 0


def test_the_nearer_the_limit_the_longer_the_wait_and_the_first_half_never_waits(limits: Limits) -> None:
    limit = Limit("signs", 10, DAY, MINUTE, timedelta(seconds=10))
    waits = list[float]()
    for _ in range(10):
        waits.append(limits.slow_by(limit, ANNA, 0, NOON).total_seconds())
        limits.count(limit, ANNA, 0, NOON)
    assert waits == [0, 0, 0, 0, 0, 2, 4, 6, 8, 10]
    assert limits.slow_by(limit, BEN, 0, NOON) == timedelta(0)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_memory_does_not_say_to_the_minute_when_somebody_told(moment: datetime) -> None:
    limits = Limits(bytes(32))
    limits.count(STORIES, ANNA, CIRCLE, moment)
    limits.count(SMALL_CIRCLE_AT_A_STORY, ANNA, CIRCLE, moment)
    hour, day = (uses.times[0] for uses in limits._uses.values())
    assert timedelta(0) <= hour - moment < timedelta(hours=1)
    assert (hour.minute, hour.second, hour.microsecond) == (0, 0, 0)
    assert timedelta(0) <= day - moment < DAY
    assert day == datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_every_limit_has_a_name_of_its_own() -> None:
    found = [one.what for one in vars(rules).values() if isinstance(one, Limit)]
    assert len(found) == len(set(found)) == 13
