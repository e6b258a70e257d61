"""Limits hold for one person, and remember nobody."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.limits import Limits

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ANNA, BEN = 812345678901234567, 812345678901234568
CIRCLE, OTHER_CIRCLE = 1, 2


@pytest.fixture
def limits() -> Limits:
    return Limits(secrets.token_bytes(32))


def test_three_stories_a_day_are_allowed_and_a_fourth_isnt(limits: Limits) -> None:
    told = [limits.allow("story", ANNA, CIRCLE, NOON, 3, DAY) for _ in range(4)]
    assert told == [True, True, True, False]


def test_people_circles_and_purposes_dont_count_for_each_other(limits: Limits) -> None:
    assert limits.allow("story", ANNA, CIRCLE, NOON, 1, DAY)
    assert limits.allow("story", BEN, CIRCLE, NOON, 1, DAY)
    assert limits.allow("story", ANNA, OTHER_CIRCLE, NOON, 1, DAY)
    assert limits.allow("receipt", ANNA, CIRCLE, NOON, 1, DAY)
    assert not limits.allow("story", ANNA, CIRCLE, NOON, 1, DAY)


def test_room_comes_back_as_time_passes_even_for_who_keeps_asking(limits: Limits) -> None:
    for hour in range(3):
        assert limits.allow("story", ANNA, CIRCLE, NOON + timedelta(hours=hour), 3, DAY)
    for hour in range(3, 24):
        assert not limits.allow("story", ANNA, CIRCLE, NOON + timedelta(hours=hour), 3, DAY)
    assert limits.allow("story", ANNA, CIRCLE, NOON + DAY, 3, DAY)
    assert not limits.allow("story", ANNA, CIRCLE, NOON + DAY, 3, DAY)


def test_a_limit_of_nothing_allows_nothing(limits: Limits) -> None:
    assert not limits.allow("story", ANNA, CIRCLE, NOON, 0, DAY)
    assert len(limits) == 0


@given(st.lists(st.integers(0, 500), max_size=60), st.integers(1, 5), st.integers(1, 100))
def test_no_stretch_of_time_ever_holds_more_than_the_limit(gaps: list[int], limit: int, per: int) -> None:
    limits = Limits(bytes(32))
    now, allowed = NOON, list[datetime]()
    for gap in gaps:
        now += timedelta(minutes=gap)
        if limits.allow("story", ANNA, CIRCLE, now, limit, timedelta(minutes=per)):
            allowed.append(now)
    for first, beyond in zip(allowed, allowed[limit:], strict=False):
        assert beyond - first >= timedelta(minutes=per)


def test_what_is_over_is_forgotten(limits: Limits) -> None:
    for person in range(100):
        limits.allow("story", person, CIRCLE, NOON, 3, DAY)
    limits.allow("receipt", ANNA, 0, NOON + timedelta(hours=25), 5, DAY)
    assert len(limits) == 1


def test_memory_is_bounded_and_the_longest_unused_goes_first() -> None:
    limits = Limits(secrets.token_bytes(32), capacity=10)
    for person in range(1, 12):
        limits.allow("story", person, CIRCLE, NOON, 1, DAY)
    assert len(limits) == 10
    assert not limits.allow("story", 11, CIRCLE, NOON, 1, DAY)
    assert limits.allow("story", 1, CIRCLE, NOON, 1, DAY)


def test_a_restart_forgets_everybody() -> None:
    for _ in range(2):
        assert Limits(secrets.token_bytes(32)).allow("story", ANNA, CIRCLE, NOON, 1, DAY)


def test_no_id_and_no_secret_can_be_read_out() -> None:
    secret = secrets.token_bytes(32)
    limits = Limits(secret)
    limits.allow("story", ANNA, CIRCLE, NOON, 1, DAY)
    kept = repr(vars(limits)["_uses"])
    assert str(ANNA) not in kept
    assert repr(ANNA.to_bytes(8))[2:-1] not in kept
    assert repr(limits) == "Limits(1 remembered)"


def test_a_guessable_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Limits(b"short")
