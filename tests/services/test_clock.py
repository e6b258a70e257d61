"""The clock asks again and again; what it has begun is never broken off."""

from __future__ import annotations

import asyncio

import pytest

from bot import clock
from bot.clock import Clock
from tests.conftest import ErrorCollector


class Looks:
    """Stands in for the bot: a look ends when it is let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0
        self.fault: Exception | None = None
        self.has_begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def look(self) -> None:
        self.begun += 1
        self.has_begun.set()
        await self.may_end.wait()
        if self.fault is not None:
            raise self.fault
        self.ended += 1


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    monkeypatch.setattr(clock, "TICK_SECONDS", 0.01)
    return Looks()


async def test_a_look_that_has_begun_when_the_clock_stops_goes_on_to_its_end(looks: Looks) -> None:
    ticking = Clock(looks.look)
    ticking.start()
    await looks.has_begun.wait()

    ticking.stop()
    await asyncio.sleep(0)
    looks.may_end.set()
    for _ in range(5):
        await asyncio.sleep(0)

    assert (looks.begun, looks.ended) == (1, 1)


async def test_looks_neither_overlap_nor_heap_up(looks: Looks) -> None:
    ticking = Clock(looks.look)
    ticking.start()
    await looks.has_begun.wait()
    for _ in range(10):
        await ticking._begin()  # pyright: ignore[reportPrivateUsage]  # what the scheduler calls

    assert looks.begun == 1
    ticking.stop()
    looks.may_end.set()


async def test_after_a_look_that_failed_the_next_one_looks_again(
    looks: Looks, logged_errors: ErrorCollector
) -> None:
    looks.fault = OSError("away")
    looks.may_end.set()
    ticking = Clock(looks.look)
    ticking.start()

    async with asyncio.timeout(10):
        while looks.begun < 3:
            looks.has_begun.clear()
            await looks.has_begun.wait()
    ticking.stop()

    assert {record.message for record in logged_errors.records} == {"looking what is due failed"}
    logged_errors.records.clear()
