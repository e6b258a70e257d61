"""Told many minutes apart, in one slot of the circle's: the order of telling is nowhere all the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.services import telling
from tests.anonymity import order
from tests.anonymity.slots import next_slot
from tests.anonymity.town import Town

PEOPLE, WINDOWS = 30, 3
NUMBER = "stories: value 4"
"""A story's number, which everybody sees."""


async def in_a_slot(here: Town) -> tuple[datetime, timedelta]:
    """From the beginning of one to its end."""
    begin, stretch = await next_slot(here)
    assert stretch > timedelta(minutes=9)
    return begin, stretch


async def test_told_minutes_apart_in_one_slot_the_order_of_stories_is_nowhere(tmp_path: Path) -> None:
    orders = await order.play(
        tmp_path, Random(1), windows=WINDOWS, people=PEOPLE, stretch=in_a_slot, stories_alone=True
    )

    assert order.leaks(orders.waiting) == {}
    assert order.leaks(orders.shown) == {}
    assert NUMBER in order.correlations(orders.shown)


async def test_a_random_wait_for_each_would_keep_that_order_and_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def each_for_itself(now: datetime, limit: timedelta, _phase: object, random: Random) -> datetime:
        return now + limit * random.random()

    monkeypatch.setattr(telling, "publication_moment", each_for_itself)

    orders = await order.play(
        tmp_path, Random(1), windows=WINDOWS, people=PEOPLE, stretch=in_a_slot, stories_alone=True
    )

    assert order.correlations(orders.shown)[NUMBER].deviations > 3
