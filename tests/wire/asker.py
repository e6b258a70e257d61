"""The simplest client of Discord, to ask the double what a bot would not ask."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.wire.discord_double import Double
from tests.wire.gateway import DISPATCH, IDENTIFY, RESUME

INTENTS = 1 << 0 | 1 << 10
"""The bot's own: servers, and reactions in them."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> int:
        """Discord's code of what went wrong."""
        return self.body["code"]


@dataclass
class Line:
    """A connection to the gateway."""

    ws: aiohttp.ClientWebSocketResponse
    token: str
    number: int | None = None
    """The last event's."""
    session: str | None = None
    heard: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    _unpacking: Any = field(default_factory=zlib.decompressobj)

    async def next(self) -> dict[str, Any]:
        """What is said next. Raises ConnectionError when the connection ended."""
        message = await self.ws.receive(timeout=10)
        if message.type is aiohttp.WSMsgType.BINARY:
            said = json.loads(self._unpacking.decompress(message.data))
        elif message.type is aiohttp.WSMsgType.TEXT:
            said = message.json()
        else:
            await self.ws.close()
            raise ConnectionError(self.ws.close_code)
        self.number = said["s"] or self.number
        self.heard.append(said)
        return said

    async def event(self, name: str) -> Any:
        """The data of the next event of that name."""
        while (said := await self.next())["t"] != name:
            pass
        return said["d"]

    async def operation(self, op: int) -> Any:
        """The data of the next operation of that number."""
        while (said := await self.next())["op"] != op:
            assert said["op"] == DISPATCH, said
        return said["d"]

    async def identify(self, shard: tuple[int, int] = (0, 1), intents: int = INTENTS) -> None:
        """Say who it is."""
        data = {"token": self.token, "intents": intents, "shard": shard, "properties": {}}
        await self.ws.send_json({"op": IDENTIFY, "d": data})

    async def ready(self, shard: tuple[int, int] = (0, 1), intents: int = INTENTS) -> Any:
        """The same, and what READY tells."""
        await self.identify(shard, intents)
        told = await self.event("READY")
        self.session = told["session_id"]
        return told

    async def resume(self, session: str | None, number: int | None) -> None:
        """Take up a session."""
        data = {"token": self.token, "session_id": session, "seq": number}
        await self.ws.send_json({"op": RESUME, "d": data})


class Asker:
    """Asks with the bot's token, or another."""

    def __init__(self, discord: Double) -> None:
        self._discord = discord
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Asker:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def __call__(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, **query: Any
    ) -> Answered:
        """One request, with JSON or a form. Raises aiohttp.ClientError."""
        assert self._session is not None
        headers = {"Authorization": f"Bot {token or self._discord.token}"}
        form = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
        async with self._session.request(
            method, self._discord.url + path, params=query, headers=headers, **form
        ) as response:
            text = await response.text()
            return Answered(response.status, json.loads(text) if text else None, dict(response.headers))

    async def line(self, *, compress: bool = False) -> Line:
        """A connection to the gateway, after its hello."""
        assert self._session is not None
        url = self._discord.gateway.url + ("?compress=zlib-stream" if compress else "")
        made = Line(await self._session.ws_connect(url), self._discord.token)
        await made.operation(10)
        return made

    async def answer(self, event: Mapping[str, Any], body: Any) -> Answered:
        """The first answer to an interaction, as its event told it."""
        path = f"/interactions/{event['id']}/{event['token']}/callback"
        return await self("POST", path, body, with_response=1)

    async def webhook(
        self, method: str, event: Mapping[str, Any], rest: str = "", body: Any = None
    ) -> Answered:
        """A further request about an interaction."""
        path = f"/webhooks/{event['application_id']}/{event['token']}{rest}"
        return await self(method, path, body)


async def soon(awaitable: Any) -> asyncio.Task[Any]:
    """Begin with something, and let it go until it waits."""
    task = asyncio.ensure_future(awaitable)
    await asyncio.sleep(0)
    return task
