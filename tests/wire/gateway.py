"""The gateway: sockets, who they are, and what they are told."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from aiohttp import WSMsgType, web

from tests.wire import payloads
from tests.wire.sessions import Session, Sessions, may_hear
from tests.wire.world import World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
"""Discord's numbers of gateway operations."""
TOO_OFTEN, BAD_TOKEN, BAD_SHARD, NEEDS_SHARDS, NOT_ALLOWED = 4008, 4004, 4010, 4011, 4014
"""Discord's close codes."""
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
MOST_SENDS, IN_SECONDS = 120, 60.0
BREATH = 100
"""So many servers are told before anything else has its turn."""


@dataclass(eq=False)
class Socket:
    """One connection, with what waits to be sent on it."""

    ws: web.WebSocketResponse
    request: web.BaseRequest
    compressing: Any
    session: Session | None = None
    queue: asyncio.Queue[str] = field(default_factory=asyncio.Queue[str])
    sent: deque[float] = field(default_factory=deque[float])
    """When the last messages came in, by the loop's time."""

    def put(self, text: str) -> None:
        """Send it soon, in order."""
        self.queue.put_nowait(text)

    def say(self, op: int, data: Any = None) -> None:
        """Send an operation that isn't an event."""
        self.put(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def write(self) -> None:
        """Send what waits, until the socket is closed."""
        while True:
            text = await self.queue.get()
            try:
                if self.compressing is None:
                    await self.ws.send_str(text)
                else:
                    data = self.compressing.compress(text.encode())
                    await self.ws.send_bytes(data + self.compressing.flush(zlib.Z_SYNC_FLUSH))
            except (ConnectionError, RuntimeError):  # it was closed meanwhile
                return

    def cut(self) -> None:
        """Let the connection break, without a goodbye."""
        if self.request.transport is not None:
            self.request.transport.abort()


@dataclass(frozen=True, slots=True)
class Start:
    """One identify that was welcome: which shard of how many, and when by the loop's time."""

    shard: int
    count: int
    at: float


class Gateway:
    """Everybody who is connected."""

    def __init__(
        self,
        random: Random,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        token: Callable[[], str],
    ) -> None:
        self._monotonic = monotonic
        self._token = token
        self.sessions = Sessions(random, now)
        self.sockets: set[Socket] = set()
        self.world: World | None = None
        self.url = ""
        self.shards = 1
        """The number of shards that ``GET /gateway/bot`` recommends."""
        self.guilds_a_shard = 2500
        """A shard of more is sent away (Discord's rule)."""
        self.max_concurrency = 1
        self.identify_seconds = 0.0
        """Between two identifies of shards with the same remainder by ``max_concurrency``; Discord's is 5."""
        self.starts_left = 1000
        self.heartbeat_seconds = 41.25
        self.closes_with: int | None = None
        """A close code for whoever says who it is, instead of a welcome."""
        self.starts: list[Start] = []
        self.too_early = 0
        """Identifies that came too early and were told to try again."""
        self.resumes = 0
        self.replayed = 0
        """Events that were told again after a resume."""
        self._last_start: dict[int, float] = {}

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """A connection, until it ends."""
        ws = web.WebSocketResponse(compress=False, timeout=0.5)
        await ws.prepare(request)
        stream = request.query.get("compress") == "zlib-stream"
        socket = Socket(ws, request, zlib.compressobj(1) if stream else None)
        self.sockets.add(socket)
        writing = asyncio.create_task(socket.write(), name="gateway writer")
        try:
            socket.say(HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000)})
            await self._listen(socket)
        finally:
            writing.cancel()
            self.sockets.discard(socket)
            self._gone(socket)
        return ws

    async def _listen(self, socket: Socket) -> None:
        while True:
            try:
                message = await socket.ws.receive(timeout=self.heartbeat_seconds * 2)
            except TimeoutError:
                await socket.ws.close(code=4000)
                return
            if message.type is not WSMsgType.TEXT:
                return
            said = message.json()
            code = self._too_often(socket) or await self._hear(socket, said["op"], said["d"])
            if code is not None:
                await socket.ws.close(code=code)
                return

    def _too_often(self, socket: Socket) -> int | None:
        now = self._monotonic()
        socket.sent.append(now)
        while socket.sent[0] <= now - IN_SECONDS:
            socket.sent.popleft()
        return TOO_OFTEN if len(socket.sent) > MOST_SENDS else None

    async def _hear(self, socket: Socket, op: int, data: Any) -> int | None:
        """Do what a connection asks; a close code when it must end."""
        if op == HEARTBEAT:
            socket.say(ACK)
            return None
        if op not in {IDENTIFY, RESUME}:
            return 4001
        if data["token"].removeprefix("Bot ") != self._token():
            return BAD_TOKEN
        if self.closes_with is not None:
            return self.closes_with
        return await self._identify(socket, data) if op == IDENTIFY else self._resume(socket, data)

    async def _identify(self, socket: Socket, data: Mapping[str, Any]) -> int | None:
        shard, count = data.get("shard") or (0, 1)
        assert self.world is not None
        guilds = [one for one in self.world.guilds.values() if (one.id >> 22) % count == shard]
        guilds = [one for one in guilds if self.world.me.id in one.members]
        if not 0 <= shard < count:
            return BAD_SHARD
        if data["intents"] & PRIVILEGED:
            return NOT_ALLOWED
        if len(guilds) > self.guilds_a_shard:
            return NEEDS_SHARDS
        now, place = self._monotonic(), shard % self.max_concurrency
        if now - self._last_start.get(place, -1e9) < self.identify_seconds:
            self.too_early += 1
            socket.say(INVALID, False)
            return None
        self._last_start[place] = now
        self.starts.append(Start(shard, count, now))
        self.starts_left -= 1
        session = self.sessions.begin(shard, count, data["intents"])
        socket.session, session.socket = session, socket
        session.tell("READY", json.dumps(self._ready(session, [str(one.id) for one in guilds])))
        for number, guild in enumerate(guilds):
            if may_hear(session, "GUILD_CREATE", guild.id):
                session.tell("GUILD_CREATE", json.dumps(payloads.guild(guild, self.world.me)))
            if number % BREATH == BREATH - 1:
                await asyncio.sleep(0)
        return None

    def _ready(self, session: Session, guild_ids: list[str]) -> dict[str, Any]:
        assert self.world is not None
        me = self.world.me
        return {
            "v": 10,
            "user": payloads.user(me),
            "guilds": [{"id": id, "unavailable": True} for id in guild_ids],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.count],
            "application": {"id": str(me.id), "flags": 0},
        }

    def _resume(self, socket: Socket, data: Mapping[str, Any]) -> None:
        session = self.sessions.find(data["session_id"])
        missed = None if session is None else session.since(data["seq"])
        if session is None or missed is None:
            socket.say(INVALID, False)
            return
        if isinstance(session.socket, Socket):
            session.socket.session = None
        socket.session, session.socket = session, socket
        self.resumes += 1
        self.replayed += len(missed)
        for text in missed:
            socket.put(text)
        session.tell("RESUMED", "{}")

    def _gone(self, socket: Socket) -> None:
        if socket.session is not None and socket.session.socket is socket:
            self.sessions.lost(socket.session)
            if socket.ws.close_code in {
                1000,
                1001,
            }:  # a proper goodbye ends the session (Discord's reference)
                self.sessions.end(socket.session)

    def emit(self, event: str, guild_id: int | None, payload: Callable[[], Mapping[str, Any]]) -> None:
        """Tell an event to whom it concerns: the sessions of the server's shard, or shard 0."""
        told: str | None = None
        for session in self.sessions.all():
            if may_hear(session, event, guild_id):
                told = told or json.dumps(payload())
                session.tell(event, told)

    def drop(self, shard: int | None = None) -> None:
        """Let connections break; their sessions can be resumed."""
        for socket in self._of(shard):
            socket.cut()

    def reconnect(self, shard: int | None = None) -> None:
        """Ask connections to connect anew, and resume."""
        for socket in self._of(shard):
            socket.say(RECONNECT)

    def invalidate(self, shard: int | None = None, *, resumable: bool = False) -> None:
        """Tell connections that their session is invalid; it is then, unless it is ``resumable``."""
        for socket in self._of(shard):
            if socket.session is not None and not resumable:
                self.sessions.end(socket.session)
            socket.say(INVALID, resumable)

    def _of(self, shard: int | None) -> list[Socket]:
        return [one for one in self.sockets if one.session and shard in {None, one.session.shard}]
