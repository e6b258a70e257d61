"""What stood still for longer than its lease sends nothing any more, at whatever point it goes on."""

from __future__ import annotations

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.delivery.deadline import deadline, in_time, steady, watch_deadlines


class Door:
    """A server that counts who got through."""

    def __init__(self) -> None:
        self.came = 0

    async def enter(self, _request: web.Request) -> web.Response:
        """Count."""
        self.came += 1
        return web.Response(text="welcome")

    def server(self) -> TestServer:
        """Not yet open."""
        app = web.Application()
        app.router.add_post("/", self.enter)
        return TestServer(app)


async def test_nothing_leaves_after_the_deadline_and_everything_before_it() -> None:
    door = Door()
    async with (
        door.server() as server,
        aiohttp.ClientSession(trace_configs=[watch_deadlines(aiohttp.TraceConfig())]) as session,
    ):
        with deadline(steady() + 60):
            await session.post(server.make_url("/"))
        with deadline(steady() - 1), pytest.raises(TimeoutError):
            await session.post(server.make_url("/"))
        await session.post(server.make_url("/"))  # outside of a delivery there is no deadline

    assert door.came == 2


@pytest.mark.parametrize("reused", [True, False], ids=["a connection that is there", "a new connection"])
async def test_a_process_that_is_stopped_while_it_waits_for_its_connection_sends_nothing(
    monkeypatch: pytest.MonkeyPatch, reused: bool
) -> None:
    door, stopped = Door(), [0.0]
    real = steady()
    monkeypatch.setattr("bot.delivery.deadline.steady", lambda: real + stopped[0])
    trace = watch_deadlines(aiohttp.TraceConfig())

    async def stop(*_: object) -> None:
        stopped[0] = 120.0

    trace.on_request_start.append(stop)  # after the first look
    async with door.server() as server, aiohttp.ClientSession(trace_configs=[trace]) as session:
        if reused:
            await session.post(server.make_url("/"))
            stopped[0] = 0.0
        with deadline(real + 45), pytest.raises(TimeoutError):
            await session.post(server.make_url("/"))

    assert door.came == int(reused)


def test_without_a_deadline_there_is_always_time() -> None:
    in_time()
