"""One request as the double reads it, and what a route says about how it is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

if TYPE_CHECKING:
    from tests.wire.state import State

PREFIX = re.compile(r"/api/v\d+")
MAJOR = ("channel_id", "guild_id", "webhook_id", "token")
"""The parts of a path by which Discord separates buckets (its rate limit documentation)."""


@dataclass(slots=True)
class Request:
    """A request, and what became of it. Also what ``tests.openapi`` reads."""

    method: str
    path: str
    query: Mapping[str, str]
    json: Any
    files: dict[str, bytes]
    authorization: str | None
    at: float
    """By the event loop's time, in seconds."""
    route: Route | None = None
    ids: Mapping[str, str] = field(default_factory=dict[str, str])
    status: int = 0
    """What was answered; 0 until then, and when the connection was closed instead."""

    def number(self, name: str) -> int:
        """An id of the path."""
        return int(self.ids[name])

    @property
    def major(self) -> str:
        """By what the route's bucket is separated from others."""
        return ":".join(self.ids[name] for name in MAJOR if name in self.ids)


Answer = Any
"""What is answered with 200; None: 204, without a body."""
Handler = Callable[["State", Request], Answer | Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that can be asked: how often in how many seconds, and whether it counts as one of the
    token's requests."""

    method: str
    template: str
    handler: Handler
    limit: tuple[int, float] | None = (50, 1.0)
    counts: bool = True

    @property
    def parts(self) -> tuple[str, ...]:
        """The template's parts."""
        return tuple(self.template.strip("/").split("/"))


class Routes:
    """Finds a request's route; the one with the most literal parts wins."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._known: dict[tuple[str, int], list[Route]] = {}
        for route in routes:
            self._known.setdefault((route.method, len(route.parts)), []).append(route)
        for group in self._known.values():
            group.sort(key=lambda route: sum(part.startswith("{") for part in route.parts))

    def find(self, request: Request) -> None:
        """Note the route and the ids in the path, if it is known."""
        given = request.path.strip("/").split("/")
        for route in self._known.get((request.method, len(given)), ()):
            ids: dict[str, str] = {}
            for part, value in zip(route.parts, given, strict=True):
                if part.startswith("{"):
                    ids[part[1:-1]] = value
                elif part != value:
                    break
            else:
                request.route, request.ids = route, ids
                return


async def read(given: web.BaseRequest, at: float) -> Request:
    """A request with its body. Raises ConnectionError or aiohttp's errors when it doesn't arrive whole."""
    files: dict[str, bytes] = {}
    if given.content_type.startswith("multipart/"):
        body, files = await _multipart(given)
    else:
        text = await given.read()
        body = json.loads(text) if text else None
    path = PREFIX.sub("", given.path, count=1)
    return Request(given.method, path, given.query, body, files, given.headers.get("Authorization"), at)


async def _multipart(given: web.BaseRequest) -> tuple[Any, dict[str, bytes]]:
    body, files = None, dict[str, bytes]()
    async for part in await given.multipart():
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read())
        if part.name == "payload_json":
            body = json.loads(content)
        else:
            files[part.filename or part.name or ""] = content
    return body, files
