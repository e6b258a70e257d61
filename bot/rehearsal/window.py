"""The window: simcord's preview, passed on through the rehearsal's own address.

Simcord serves one channel at one port and refuses to be framed. Passed on through here, it can stand
beside the controls on one page with one address, whichever channel it shows; and every press goes
through the stage, which does one thing at a time (simcord refuses overlapping operations).
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import cast

import aiohttp
from aiohttp import web

from bot.rehearsal.scene import Stage

# What only looks around in the preview. Everything else is a press that may make something due.
LOOKING = frozenset(
    {
        "autocomplete_command",
        "browse_candidates",
        "browse_messages",
        "close",
        "configure_presentation",
        "focus",
        "history",
        "refresh",
        "viewer",
    }
)
# Only what the preview reads is passed on; Host and Origin are checked at our own door.
_PASSED_ON = ("Accept", "Content-Type", "X-Simcord-Capability", "X-Simcord-Context")
_PASSED_BACK = (
    "Cache-Control",
    "Content-Disposition",
    "Content-Type",
    "Referrer-Policy",
    "X-Content-Type-Options",
)
_PATIENCE = 120  # seconds: a press waits while time is being skipped
LARGEST_REQUEST = 32 * 1024 * 1024  # bytes; simcord itself refuses uploads above 26 MiB


class Window:
    """Passes the browser's requests on to the preview that the stage shows at the moment."""

    def __init__(self, stage: Stage, stylesheet: str) -> None:
        """``stylesheet`` is the address of the style that leaves out the preview's own tool bars."""
        self._stage = stage
        self._link = f'<link rel="stylesheet" href="{stylesheet}"></head>'.encode()
        self._client: aiohttp.ClientSession | None = None

    async def opened(self, _: web.Application) -> AsyncIterator[None]:
        """Keep the client that asks the preview open as long as the application is served."""
        # No connection is kept alive: the preview waits for its connections when it closes.
        connector = aiohttp.TCPConnector(force_close=True, limit=0)
        timeout = aiohttp.ClientTimeout(total=_PATIENCE)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as self._client:
            yield
        self._client = None

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request of the framed page."""
        if self._client is None or (request.path == "/" and "view" not in request.query):
            raise web.HTTPNotFound
        body = await request.read()
        press = _press(request, body)
        acting = press is not None and press.get("kind") not in LOOKING
        async with self._stage.window(acting=acting) as origin:
            answer = await self._pass_on(self._client, request, origin, body)
            if press and (revision := _newer_revision(answer)) is not None:
                # The world moved on between the press and the page's last look, half a second ago at
                # most. Discord takes such a press; whether the button is still there is checked anew.
                again = json.dumps({**press, "published_revision": revision}).encode()
                answer = await self._pass_on(self._client, request, origin, again)
            return answer

    async def _pass_on(
        self, client: aiohttp.ClientSession, request: web.Request, origin: str, body: bytes
    ) -> web.Response:
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        try:
            async with client.request(
                request.method, f"{origin}{request.rel_url}", headers=headers, data=body or None
            ) as answer:
                return self._answer(request.path, answer.status, answer.headers, await answer.read())
        except aiohttp.ClientError:
            raise web.HTTPBadGateway from None

    def _answer(self, path: str, status: int, given: Mapping[str, str], content: bytes) -> web.Response:
        headers = {name: given[name] for name in given if name in _PASSED_BACK or name.startswith("X-")}
        headers["X-Frame-Options"] = "SAMEORIGIN"
        if policy := given.get("Content-Security-Policy"):
            headers["Content-Security-Policy"] = policy.replace(
                "frame-ancestors 'none'", "frame-ancestors 'self'"
            )
        if path.startswith("/fonts/"):
            # Megabytes that never change: without this, each change of place would load them again.
            headers["Cache-Control"] = "private, max-age=86400"
        if path == "/":
            content = content.replace(b"</head>", self._link, 1)
        return web.Response(status=status, body=content, headers=headers)


def _press(request: web.Request, body: bytes) -> dict[str, object] | None:
    """What the page asks the preview to do; None when it only reads. Files come without a readable kind."""
    if request.method != "POST" or request.path != "/api/action":
        return None
    return _object(body) or {}


def _newer_revision(answer: web.Response) -> int | None:
    """The preview's present revision, when that is why it refused a press."""
    told = _object(answer.body) if isinstance(answer.body, bytes) else None
    if (
        told is None
        or told.get("rejected") is not True
        or "stale-revision" not in str(told.get("diagnostics"))
    ):
        return None
    revision = told.get("revision")
    return revision if isinstance(revision, int) else None


def _object(text: bytes) -> dict[str, object] | None:
    try:
        read: object = json.loads(text)
    except ValueError:
        return None
    return cast(dict[str, object], read) if isinstance(read, dict) else None
