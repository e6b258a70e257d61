"""What a plain discord.py client does with the same task: ``channel.send`` for each channel, all at once.

``python -m tests.bench.plain FOLDER``, as a process of its own, with the same intents and caches as the bot.
The folder's ``channels.json`` says where to send what, and when; without it the client only sits there,
which is what memory is compared with. It answers every press with an acknowledgement.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import discord

from bot.client import needed_intents
from bot.wire import ask_gateway, point_at


class Plain(discord.Client):
    """No outbox, no pace."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            intents=needed_intents(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self._folder = folder

    async def on_ready(self) -> None:
        """Send everything at its time, and tell what became of it."""
        print("ready:", file=sys.stderr, flush=True)  # noqa: T201  # whoever started it waits for this
        task = self._folder / "channels.json"
        if not task.exists():
            return
        what: dict[str, Any] = json.loads(task.read_text(encoding="utf-8"))
        await asyncio.sleep(max(0.0, what["at"] - time.time()))
        places = [self.get_partial_messageable(channel) for channel in what["channels"]]
        done = await asyncio.gather(*(place.send(what["text"]) for place in places), return_exceptions=True)
        failed = sum(isinstance(one, BaseException) for one in done)
        (self._folder / "done.json").write_text(json.dumps({"failed": failed}), encoding="utf-8")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """The least that anybody would do."""
        await interaction.response.defer(ephemeral=True, thinking=True)


async def main(folder: Path) -> None:
    """Connect and stay."""
    point_at(os.environ["DISCORD_API_URL"])
    async with Plain(folder) as client:
        await client.login(os.environ["DISCORD_TOKEN"])
        await ask_gateway(client)
        await client.connect()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
