"""All requests but answers to presses go out at a rate that Discord bears."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.delivery.pace import Pacer, pace_requests
from bot.pressing import pressed

RATE = 45


class Time:
    """A clock that moves when somebody sleeps; ``stalls`` are extra seconds that a sleep takes, by its
    number: the whole process stands still."""

    def __init__(self, stalls: dict[int, float] | None = None) -> None:
        self.now = 100.0
        self.sleeps = 0
        self.stalls = stalls or {}

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.sleeps += 1
        self.now += seconds + self.stalls.get(self.sleeps, 0.0)


async def passed(pacer: Pacer, clock: Time, moments: list[float]) -> list[float]:
    """When each request went that came at these moments."""
    gone: list[float] = []
    for moment in moments:
        clock.now = max(clock.now, moment)
        await pacer.turn()
        gone.append(clock.now)
    return gone


def most_in_a_second(gone: list[float]) -> int:
    """The most within any second, wherever it begins."""
    return max(sum(start <= one < start + 1 - 1e-9 for one in gone) for start in gone)


async def test_the_pace_is_kept_also_when_everybody_comes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Time()
    monkeypatch.setattr("bot.delivery.pace.asyncio.sleep", clock.sleep)

    gone = await passed(Pacer(RATE, clock), clock, [100.0] * 450 + [103.0] * 5 + [500.0] * 200)

    assert most_in_a_second(gone) <= 50
    assert gone[449] - gone[0] == pytest.approx(444 / RATE, abs=0.1)


async def test_after_a_moment_in_which_all_stood_still_they_do_not_go_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Time({20: 0.4, 70: 3.0, 75: 0.1, 200: 1.0})
    monkeypatch.setattr("bot.delivery.pace.asyncio.sleep", clock.sleep)

    gone = await passed(Pacer(RATE, clock), clock, [100.0] * 400)

    assert most_in_a_second(gone) <= 50


async def test_who_came_first_goes_first() -> None:
    pacer, order = Pacer(1000, asyncio.get_running_loop().time), list[int]()

    async def go(number: int) -> None:
        await pacer.turn()
        order.append(number)

    await asyncio.gather(*(go(number) for number in range(50)))

    assert order == list(range(50))


async def test_what_a_person_waits_for_goes_before_all_that_waits() -> None:
    pacer, order = Pacer(200, asyncio.get_running_loop().time), list[str]()

    async def go(whose: str) -> None:
        if whose == "a person's":
            pressed(open=False)
        await pacer.turn()
        order.append(whose)

    prompts = [asyncio.create_task(go("the bot's")) for _ in range(40)]
    await asyncio.sleep(0.02)
    came = len(order)
    await asyncio.gather(*(asyncio.create_task(go("a person's")) for _ in range(2)), *prompts)

    assert order[came : came + 4].count("a person's") == 2
    assert len(order) == 42


async def test_a_person_counts_for_the_pace_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Time()
    monkeypatch.setattr("bot.delivery.pace.asyncio.sleep", clock.sleep)
    pressed(open=True)

    gone = await passed(Pacer(RATE, clock), clock, [100.0] * 200)

    assert most_in_a_second(gone) <= 50


async def test_answers_to_presses_never_wait() -> None:
    async def fine(_request: web.Request) -> web.Response:
        return web.Response()

    class Counted(Pacer):
        turns = 0

        async def turn(self) -> None:
            self.turns += 1

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", fine)
    pacer = Counted(RATE, lambda: 0.0)
    trace = pace_requests(aiohttp.TraceConfig(), pacer)
    async with TestServer(app) as server, aiohttp.ClientSession(trace_configs=[trace]) as session:
        for path in (
            "interactions/1/token/callback",
            "webhooks/1/token/messages/@original",
            "webhooks/1/token",
        ):
            await session.post(server.make_url(f"/api/v10/{path}"))
        assert pacer.turns == 0
        for path in (
            "channels/1/messages",
            "channels/1/webhooks",
            "users/@me/channels",
            "guilds/1/threads/active",
        ):
            await session.post(server.make_url(f"/api/v10/{path}"))

    assert pacer.turns == 4
