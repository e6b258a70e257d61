"""What the tests on the double share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.wire.asker import Asker
from tests.wire.discord_double import Double


class Stopwatch:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
async def discord() -> AsyncIterator[Double]:
    """A small Discord on this computer; anything that it doesn't know, or minds, fails the test."""
    async with Double() as double:
        yield double
    assert double.problems == []


@pytest.fixture
def stopwatch() -> Stopwatch:
    """By it the small Discord ``still`` measures its limits."""
    return Stopwatch()


@pytest.fixture
async def still(stopwatch: Stopwatch) -> AsyncIterator[Double]:
    """A small Discord for which no second passes by itself."""
    async with Double(monotonic=stopwatch) as double:
        yield double
    assert double.problems == []


@pytest.fixture
async def ask(discord: Double) -> AsyncIterator[Asker]:
    """A simple client of ``discord``."""
    async with Asker(discord) as asker:
        yield asker


@pytest.fixture
async def ask_still(still: Double) -> AsyncIterator[Asker]:
    """A simple client of ``still``."""
    async with Asker(still) as asker:
        yield asker
