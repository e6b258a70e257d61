"""Answering requests: faults first, then who asks, limits, and at last what is asked."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from typing import Any

import aiohttp
from aiohttp import web

from tests import openapi
from tests.wire.clock import Clock
from tests.wire.errors import Refused
from tests.wire.faults import Fault, Faults
from tests.wire.limits import Limits
from tests.wire.requests import Request, read
from tests.wire.rest import all_routes
from tests.wire.state import State

JSON_TYPE = "application/json"
"""Exactly this: discord.py takes any other type, as a 429 without ``Via``, for a ban (its http.py)."""


class Server:
    """Discord's HTTP side."""

    def __init__(
        self,
        state: State,
        clock: Clock,
        limits: Limits,
        faults: Faults,
        token: Callable[[], str],
        *,
        validate: bool,
    ) -> None:
        self._state = state
        self._clock = clock
        self._limits = limits
        self._faults = faults
        self._token = token
        self._routes = all_routes()
        self.validate = validate
        self.keep = True
        """Whether requests are kept, to be looked at afterwards."""
        self.requests: list[Request] = []
        self.problems: list[str] = []

    async def serve(self, given: web.BaseRequest) -> web.StreamResponse:
        """A connection to the gateway, or a request."""
        if given.path.startswith("/gateway"):
            return await self._state.gateway.serve(given)
        try:
            request = await read(given, asyncio.get_running_loop().time())
        except (ConnectionError, aiohttp.ClientError, web.RequestPayloadError):
            return web.Response(status=400)  # it never arrived whole; nobody reads this
        if self.keep:
            self.requests.append(request)
        self._routes.find(request)
        fault = self._faults.of(request)
        await self._faults.reach("before", request)
        if fault is not None:
            early = await self._early(given, request, fault)
            if early is not None:
                return early
        answer = await self._answer(request)
        await self._faults.reach("after", request)
        if fault is not None and fault.kind == "close-after":
            return _cut(given)
        request.status = answer.status
        return answer

    async def _early(self, given: web.BaseRequest, request: Request, fault: Fault) -> web.Response | None:
        """What a fault answers instead of doing what is asked."""
        match fault.kind:
            case "status":
                request.status = fault.status
                return self._made(request, {"message": "made up", "code": fault.code}, fault.status)
            case "429":
                request.status = 429
                headers = {"Retry-After": str(fault.seconds), "X-RateLimit-Scope": "user"}
                body = {"message": "made up", "retry_after": fault.seconds, "global": False}
                return self._made(request, body, 429, headers)
            case "foreign":
                request.status = fault.status
                return web.Response(status=fault.status, text=fault.text, content_type="text/html")
            case "close-before":
                return _cut(given)
            case "hang":
                await fault.over.wait()
                return _cut(given)
            case "delay":
                await asyncio.sleep(fault.seconds)
                return None
            case _:
                return None

    async def _answer(self, request: Request) -> web.Response:
        route = request.route
        if route is None:
            self.problems.append(f"501: {request.method} {request.path}")
            return self._made(request, {"message": "The double doesn't know this", "code": 0}, 501)
        if route.counts and request.authorization != f"Bot {self._token()}":
            self.problems.append(f"401: {request.method} {request.path}")
            return self._refusal(request, Refused(0))
        if self.validate:
            self.problems += openapi.problems(request)
        if too_many := self._limits.take(request):
            return self._made(request, too_many.body, 429, too_many.headers)
        try:
            done = route.handler(self._state, request)
            data = await done if inspect.isawaitable(done) else done
        except Refused as refused:
            return self._refusal(request, refused)
        except (NotImplementedError, KeyError, ValueError) as error:
            self.problems.append(f"{request.method} {request.path}: {type(error).__name__}: {error}")
            return self._refusal(request, Refused(50035, str(error)))
        return self._made(request, data, 204 if data is None else 200)

    def _refusal(self, request: Request, refused: Refused) -> web.Response:
        return self._made(request, refused.body, refused.status)

    def _made(
        self, request: Request, data: Any, status: int, more: Mapping[str, str] | None = None
    ) -> web.Response:
        self._limits.answered(request, status)
        headers = {"Via": "1.1 double", "Date": format_datetime(self._clock.now(), usegmt=True)}
        headers |= self._limits.headers(request) | dict(more or {})
        if data is None:
            return web.Response(status=status, headers=headers)
        return web.Response(
            body=json.dumps(data).encode(), status=status, headers=headers | {"Content-Type": JSON_TYPE}
        )


def _cut(given: web.BaseRequest) -> web.Response:
    """End the connection without an answer."""
    if given.transport is not None:
        given.transport.abort()
    return web.Response()
