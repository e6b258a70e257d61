"""``/metrics`` and ``/healthz`` on a port of this computer, while the bot runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.client import Bot
from bot.operating.measures import Measures
from bot.operating.prometheus import PrometheusMeasures
from bot.services.checkup import Queue

PATIENCE_SECONDS = 2
"""For the database to answer."""
SILENCE_SECONDS = 120
"""A bot that neither looks what is due nor delivers anything for so long hangs."""
TEXT_FORMAT = "text/plain; version=0.0.4"
"""Prometheus' own name of its text format."""


class Watch:
    """Answers whoever watches the bot."""

    def __init__(self, bot: Bot, measures: PrometheusMeasures) -> None:
        self._bot = bot
        self._measures = measures

    async def metrics(self, _request: web.Request) -> web.Response:
        """All numbers; those of the database are read at this moment."""
        page = self._measures.page(await self._queue(), connected=self._connected())
        return web.Response(body=page, headers={"Content-Type": f"{TEXT_FORMAT}; charset=utf-8"})

    async def healthz(self, _request: web.Request) -> web.Response:
        """200 when all is well, else 503; the body says of each part whether it is."""
        parts = {
            "discord": self._connected(),
            "database": await self._queue() is not None,
            "ticks": self._measures.silence() < SILENCE_SECONDS,
        }
        return web.json_response(parts, status=200 if all(parts.values()) else 503)

    def _connected(self) -> bool:
        return self._bot.is_ready() and not self._bot.is_closed()

    async def _queue(self) -> Queue | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._bot.services.checkup.queue(self._bot.now())
        except Exception:  # whatever is wrong with the database, that is the answer
            return None


@asynccontextmanager
async def watched(bot: Bot, measures: Measures, host: str, port: int) -> AsyncGenerator[str]:
    """Answer on ``host`` and ``port`` (0: a free one) inside ``async with``; gives the address.

    Raises OSError when the port can't be had.
    """
    if not isinstance(measures, PrometheusMeasures):
        raise TypeError("there is nothing to show")
    watch = Watch(bot, measures)
    application = web.Application()
    application.router.add_get("/metrics", watch.metrics)
    application.router.add_get("/healthz", watch.healthz)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
