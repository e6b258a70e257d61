"""The end of a circle: asked for by one person, agreed to by a second, and a day later everything goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.rules.kept import Kept
from db import wipes
from db.database import Database

ASKING = timedelta(days=7)
"""Within so long the second person has to agree."""


class Wipes:
    """Two people end a circle; neither of them can alone."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def kept(self, user_id: int) -> Sequence[Kept]:
        """For *what is kept about me*: that somebody asked first, until a second person agrees."""
        async with self._database.read() as session:
            return [
                Kept(
                    "wipe",
                    {"channel": f"<#{circle.channel_id}>", "day": wipe.asked_at.date().isoformat()},
                    {"what": "that you asked for the end of a circle", "server": str(circle.guild_id),
                     "channel": str(circle.channel_id), "asked_at": wipe.asked_at.isoformat()},
                )
                for wipe, circle in await wipes.asked_by(session, user_id)
            ]  # fmt: skip

    async def erase(self, user_id: int) -> int:
        """Take back what somebody asked for, and with it who asked. Returns how many those were."""
        async with self._database.write() as session:
            rows = await wipes.asked_by(session, user_id)
            for wipe, _ in rows:
                await session.delete(wipe)
            return len(rows)
