"""The double itself: a Discord on a free port of the loopback, in the test's own process and loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from aiohttp import web

from tests.cli.commands import APPLICATION, TOKEN
from tests.wire.clock import Clock, Snowflakes
from tests.wire.desk import Desk
from tests.wire.faults import Faults
from tests.wire.gateway import Gateway
from tests.wire.limits import Limits
from tests.wire.people import People
from tests.wire.posts import Posts
from tests.wire.requests import Request
from tests.wire.server import Server
from tests.wire.state import State
from tests.wire.things import DEFAULT, Channel, Message, Person
from tests.wire.world import World


class Double:
    """A small Discord.

    ``validate``: hold every request against Discord's own description, where that is at hand (slow).
    ``monotonic``: the seconds by which limits and the three seconds of an interaction are measured.
    All that a well-behaved bot never does is told in ``problems``.
    """

    def __init__(
        self,
        *,
        seed: int = 7,
        validate: bool = True,
        name: str = "Good Enough",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        random = Random(seed)
        self.token = TOKEN
        self.clock = Clock()
        self.faults = Faults()
        self.limits = Limits(monotonic)
        self.gateway = Gateway(random, self.clock.now, monotonic, self._its_token)
        emit, me = self.gateway.emit, Person(APPLICATION, name, bot=True)
        self.world = World(self.clock, Snowflakes(self.clock), me, emit)
        self.gateway.world = self.world
        self.posts = Posts(self.world)
        self.desk = Desk(self.world, self.posts, emit, random, monotonic)
        self.state = State(self.world, self.posts, self.desk, self.gateway)
        self.people = People(self.state)
        self.server = Server(
            self.state, self.clock, self.limits, self.faults, self._its_token, validate=validate
        )
        self._runner: web.ServerRunner | None = None
        self._port = 0

    def _its_token(self) -> str:
        return self.token

    @property
    def url(self) -> str:
        """The base address of its API."""
        return f"http://127.0.0.1:{self._port}/api/v10"

    @property
    def problems(self) -> list[str]:
        """Requests that it doesn't know, invalid bodies, wrong tokens: none, with a bot that behaves."""
        return self.server.problems

    @property
    def requests(self) -> list[Request]:
        """Every request so far."""
        return self.server.requests

    @property
    def asked(self) -> list[str]:
        """The same, as method and path."""
        return [f"{request.method} {request.path}" for request in self.requests]

    async def __aenter__(self) -> Double:
        await self.back()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        self.faults.clear()
        await self.away()

    async def away(self) -> None:
        """Break every connection and refuse new ones."""
        if self._runner is None:
            return
        runner, self._runner = self._runner, None
        for site in list(runner.sites):
            await site.stop()
        server: Any = runner.server
        for connection in list(server.connections):
            if connection.transport is not None:
                connection.transport.abort()
        self.gateway.drop()
        await runner.cleanup()

    async def back(self) -> None:
        """Listen, again on the same port."""
        if self._runner is not None:
            return
        runner = web.ServerRunner(web.Server(self.server.serve, access_log=None), shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = runner.addresses[0][1]
        self.gateway.url = f"ws://127.0.0.1:{self._port}/gateway"
        self._runner = runner

    def messages(self, channel: Channel | int) -> list[Message]:
        """What is read in a channel, thread or private channel, the oldest first."""
        found = self.world.channels.get(channel if isinstance(channel, int) else channel.id)
        messages = () if found is None else found.messages.values()
        return [message for message in messages if message.type == DEFAULT]

    def threads(self, channel: Channel | int) -> list[Channel]:
        """A channel's threads, or a forum's posts, in the order in which they were opened."""
        id = channel if isinstance(channel, int) else channel.id
        return [one for one in self.world.channels.values() if one.parent is not None and one.parent.id == id]

    def private(self, person: Person) -> list[Message]:
        """What the bot and a person wrote to each other."""
        return self.messages(self.world.private_channel(person))

    async def until(self, condition: Any, seconds: float = 30) -> Any:
        """Wait until something is true, and return it. Raises TimeoutError, telling what isn't."""
        end = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > end:
                raise TimeoutError(f"not within {seconds} s: {condition}")
            await asyncio.sleep(0.02)
        return found

    async def message(
        self, channel: Channel | int, text: str, seconds: float = 30, *, after: Sequence[Message] = ()
    ) -> Message:
        """The first message in which a text stands, as soon as there is one."""

        def found() -> Message | None:
            return next((m for m in self.messages(channel) if text in m.text() and m not in after), None)

        return await self.until(found, seconds)
