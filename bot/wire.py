"""Where discord.py talks to: the works-around for what it has no setting for.

Read in discord.py 2.7.1: every request, interaction answers included, builds its address from
``discord.http.Route.BASE`` at the moment it is made; a client that knows its number of shards connects to
``DiscordWebSocket.DEFAULT_GATEWAY``, a constant, and never asks Discord for the gateway's address.
A session that is resumed uses the address that Discord gave with it, and an invalidated one goes back
to the constant. Both names belong to classes: they hold for every client of the process.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


def point_at(api_url: str | None) -> None:
    """Send requests to another base address, version included; None leaves Discord's own.

    To be called before the first request.
    """
    if api_url is not None:
        Route.BASE = api_url


@dataclass(frozen=True, slots=True)
class Gateway:
    """What Discord recommends to one who wants to connect."""

    shards: int
    identify_buckets: int
    """How many shards may identify themselves at once: ``max_concurrency``."""


async def ask_gateway(client: discord.Client) -> Gateway:
    """Connect to the gateway that ``GET /gateway/bot`` names, also behind another base address.

    Between ``login`` and ``connect``. Raises discord.GatewayNotFound when the question is refused.
    """
    shards, address, limits = await client.http.get_bot_gateway()
    DiscordWebSocket.DEFAULT_GATEWAY = URL(address)
    return Gateway(shards, max(1, limits["max_concurrency"]))


class OneAttempt:
    """Keeps discord.py from repeating a request that Discord may have carried out already.

    Its HTTP client asks again by itself after 500, 502, 504 and 524, and after a connection that was reset
    (as Windows and macOS number it). That makes a second thing where Discord knows no nonce. Handed to one
    request as aiohttp's ``skip_auto_headers`` (of which it skips none, but which aiohttp reads once an
    attempt) and ``raise_for_status``, this turns both into an error at once. A 429 may be repeated: what
    was refused was not done.
    """

    def __init__(self) -> None:
        self._begun = False

    def __iter__(self) -> Iterator[str]:
        if self._begun:
            raise ConnectionAbortedError("the connection was lost, and the request isn't repeated")
        self._begun = True
        return iter(())

    async def answered(self, response: aiohttp.ClientResponse) -> None:
        """Look at an answer before discord.py does. Raises discord.DiscordServerError from 500 on."""
        if response.status >= 500:
            raise discord.DiscordServerError(response, None)
        self._begun = response.status != 429
