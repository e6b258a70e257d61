"""The rehearsal's page: who one is, where one looks, what time it is, and the window beside it."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from html import escape
from importlib.resources import files
from typing import cast

from aiohttp import web

from bot.content.words import MissingText, Words
from bot.rehearsal.scene import Busy, Skip, Stage
from bot.rehearsal.window import LARGEST_REQUEST, Window

HOST = "127.0.0.1"
_log = logging.getLogger(__name__)
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_TYPES = {"css": "text/css", "html": "text/html", "js": "text/javascript"}
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@asynccontextmanager
async def open_control(stage: Stage, words: Words, *, port: int = 0) -> AsyncGenerator[str]:
    """Serve the page to this computer alone; yields its address, which is a secret.

    ``port`` 0 takes a free one. Raises OSError when the port is taken.
    """
    token = secrets.token_urlsafe(24)
    runner = web.AppRunner(control_application(stage, words, token), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        taken = cast(tuple[str, int], runner.addresses[0])[1]
        yield f"http://{HOST}:{taken}/{token}/"
    finally:
        await runner.cleanup()


def control_application(stage: Stage, words: Words, token: str) -> web.Application:
    """The page and its questions under ``/token/``, the window at every other path.

    Who knows ``token`` may use the page. The window's paths ask for a secret of their own.
    """
    application = web.Application(middlewares=[_only_from_here], client_max_size=LARGEST_REQUEST)
    page = _Page(stage, words)
    window = Window(stage, f"/{token}/window.css")
    application.cleanup_ctx.append(window.opened)
    application.add_routes(
        [
            web.get(f"/{token}/", page.html),
            web.get(f"/{token}/{{name:(?:control|window)\\.(?:css|js)}}", page.file),
            web.get(f"/{token}/scene", page.scene),
            web.post(f"/{token}/skip", page.skip),
            web.post(f"/{token}/show", page.show),
            web.route("*", "/{path:.*}", window.handle),
        ]
    )
    return application


class _Page:
    """Answers what the page itself asks for."""

    def __init__(self, stage: Stage, words: Words) -> None:
        self._stage = stage
        self._words = words
        self._html = _filled(_read("index.html"), words)

    async def html(self, _: web.Request) -> web.Response:
        return _file("index.html", self._html)

    async def file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return _file(name, _read(name))

    async def scene(self, _: web.Request | None = None) -> web.Response:
        return web.json_response(asdict(self._stage.scene()), headers=_HEADERS)

    async def skip(self, request: web.Request) -> web.Response:
        (by,) = await _asked(request, "by")
        if by not in list(Skip):
            raise web.HTTPBadRequest
        return await self._after(self._stage.skip(Skip(by)))

    async def show(self, request: web.Request) -> web.Response:
        person, place = await _asked(request, "person", "place")
        return await self._after(self._stage.show(person, place))

    async def _after(self, done: Awaitable[None]) -> web.Response:
        try:
            await done
        except Busy:
            return self._sorry("busy", 503)
        except LookupError:
            return self._sorry("gone", 404)
        except Exception:
            _log.exception("The rehearsal stumbled")
            return self._sorry("failed", 500)
        return await self.scene()

    def _sorry(self, key: str, status: int) -> web.Response:
        return web.json_response(
            {"sorry": self._words(f"rehearsal.sorry.{key}")}, status=status, headers=_HEADERS
        )


@web.middleware
async def _only_from_here(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuse other names for this computer (DNS rebinding) and presses from other pages."""
    transport = request.transport
    port = cast(tuple[str, int], transport.get_extra_info("sockname"))[1] if transport else 0
    here = {f"{HOST}:{port}", f"localhost:{port}"}
    origin = request.headers.get("Origin")
    if request.host not in here or (origin is not None and origin != f"http://{request.host}"):
        raise web.HTTPForbidden
    return await handler(request)


async def _asked(request: web.Request, *names: str) -> tuple[str, ...]:
    """The named texts of a JSON question."""
    try:
        asked: object = await request.json()
    except ValueError:
        raise web.HTTPBadRequest from None
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest
    values = [cast(dict[str, object], asked).get(name) for name in names]
    if not all(isinstance(value, str) for value in values):
        raise web.HTTPBadRequest
    return tuple(str(value) for value in values)


def _read(name: str) -> str:
    return files("bot.rehearsal").joinpath("page", name).read_text(encoding="utf-8")


def _file(name: str, text: str) -> web.Response:
    return web.Response(text=text, content_type=_TYPES[name.rpartition(".")[2]], headers=_HEADERS)


def _filled(html: str, words: Words) -> str:
    """The page with its ``{{texts}}`` put in, lists as items. Raises MissingText where one isn't written."""
    return re.sub(r"\{\{([a-z_.]+)\}\}", lambda found: _said(words, f"rehearsal.{found[1]}"), html)


def _said(words: Words, key: str) -> str:
    try:
        return escape(words(key))
    except MissingText:
        return "".join(f"<li>{escape(item)}</li>" for item in words.several(key))
