"""A small Discord on this computer: the few requests of the command line, and a gateway that says READY."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aiohttp import WSMsgType, web

from tests.cli.commands import APPLICATION, TOKEN

USER: dict[str, Any] = {
    "id": str(APPLICATION),
    "username": "Good Enough",
    "discriminator": "0",
    "avatar": None,
    "bot": True,
}
SERVER, CHANNEL, ROLE = 2001, 3001, 4001
EVERYTHING_NEEDED = str(1 << 10 | 1 << 11 | 1 << 16 | 1 << 34 | 1 << 35 | 1 << 38)
"""View, send, read the history, manage threads, open threads, write in threads (Discord's reference)."""


@dataclass
class Double:
    """What this Discord answers; tests change it before they start the bot."""

    url: str = ""
    token: str = TOKEN
    permissions: str = EVERYTHING_NEEDED
    overwrites: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    is_member: bool = True
    channel_type: int | None = 0
    """Discord's number of the channel's type; None: the channel is gone."""
    application: dict[str, Any] = field(default_factory=dict[str, Any])
    clock: timedelta = timedelta(0)
    starts_left: int = 1000
    closes_with: int | None = None
    """The gateway's close code, instead of a welcome."""
    answers_instead: web.Response | None = None
    asked: list[str] = field(default_factory=list[str])
    identified: asyncio.Event = field(default_factory=asyncio.Event)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Any request to the API."""
        path = request.path.removeprefix("/api/v10")
        self.asked.append(f"{request.method} {path}")
        if self.answers_instead is not None:
            return self.answers_instead
        if request.headers.get("Authorization") != f"Bot {self.token}":
            return self._json({"message": "401: Unauthorized", "code": 0}, 401)
        data = self._data(path)
        if data is None:
            return self._json({"message": "Unknown", "code": 10003}, 404)
        return self._json(data, 200)

    def _data(self, path: str) -> Any:
        match path.strip("/").split("/"):
            case ["users", "@me"]:
                return USER
            case ["oauth2", "applications", "@me"]:
                return self._application()
            case ["applications", _, "commands"]:
                return []
            case ["gateway", "bot"]:
                limit = {"total": 1000, "remaining": self.starts_left, "reset_after": 7_200_000}
                address = self.url.replace("http", "ws", 1).replace("/api/v10", "/gateway")
                return {"url": address, "shards": 1, "session_start_limit": limit | {"max_concurrency": 1}}
            case ["guilds", _] if self.is_member:
                return {"id": str(SERVER), "name": "The practice", "owner_id": "1", "roles": self._roles()}
            case ["guilds", _, "members", _] if self.is_member:
                return {"user": USER, "roles": [str(ROLE)], "joined_at": None, "flags": 0}
            case ["channels", _] if self.channel_type is not None:
                return self._channel()
            case _:
                return None

    def _application(self) -> dict[str, Any]:
        made = {"id": str(APPLICATION), "name": "Good Enough", "description": "", "icon": None, "flags": 0}
        hidden = {"verify_key": "", "bot_public": True, "bot_require_code_grant": False, "owner": USER}
        return made | hidden | self.application

    def _roles(self) -> list[dict[str, Any]]:
        plain = {"color": 0, "hoist": False, "managed": False, "mentionable": False}
        everyone = {"id": str(SERVER), "name": "@everyone", "position": 0, "permissions": "0"}
        ours = {"id": str(ROLE), "name": "Good Enough", "position": 1, "permissions": self.permissions}
        return [plain | everyone, plain | ours]

    def _channel(self) -> dict[str, Any]:
        names = {"id": str(CHANNEL), "guild_id": str(SERVER), "name": "slips", "type": self.channel_type}
        voice = {"bitrate": 64_000, "user_limit": 0} if self.channel_type == 2 else {}
        return names | voice | {"position": 0, "permission_overwrites": self.overwrites}

    def _json(self, data: Any, status: int) -> web.Response:
        """With the headers by which discord.py knows that Discord itself answers: without a charset."""
        date = format_datetime(datetime.now(UTC) + self.clock, usegmt=True)
        headers = {"Via": "1.1 double", "Date": date, "Content-Type": "application/json"}
        return web.Response(body=json.dumps(data).encode(), status=status, headers=headers)

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        """Say hello, wait for the bot to say who it is, and answer that it is welcome."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}, "s": None, "t": None})
        async for message in socket:
            if self.closes_with is not None:
                await socket.close(code=self.closes_with)
            elif message.type == WSMsgType.TEXT and message.json()["op"] == 2:
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": self._ready()})
                self.identified.set()
        self.hung_up.set()
        return socket

    def _ready(self) -> dict[str, Any]:
        session = {"v": 10, "session_id": "s", "resume_gateway_url": self.url.replace("http", "ws", 1)}
        return session | {"user": USER, "guilds": [], "application": {"id": str(APPLICATION), "flags": 0}}


@asynccontextmanager
async def discord_double() -> AsyncGenerator[Double]:
    """A Discord on a free port of the loopback."""
    double = Double()
    application = web.Application()
    application.router.add_get("/gateway", double.gateway)
    application.router.add_route("*", "/api/v10/{path:.*}", double.answer)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        double.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10"
        yield double
    finally:
        await runner.cleanup()
