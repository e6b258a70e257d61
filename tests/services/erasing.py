"""A process that is killed while it erases: ``python -m tests.services.erasing live|clean <folder>``."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import delete

from bot.content.library import load_library
from bot.content.words import load_words
from bot.services import make_services
from bot.services.keyring import Keyring
from db.database import open_database
from db.keys import FileKeyStore
from db.story_tables import Story
from db.tables import Circle

START = datetime(2026, 1, 1, tzinfo=UTC)
FILE = "test.sqlite3"
GONE, KEPT = "quokka", "platypus"
STORIES = 1600


async def live(folder: Path) -> None:
    """Many stories are told, and half of them taken back; then the process ends without a goodbye."""
    async with open_database(f"sqlite+aiosqlite:///{folder / FILE}") as database:
        async with database.write() as session:
            session.add(
                Circle(id=5, guild_id=1, channel_id=2, zone="UTC", language="en", size=9, delay_minutes=0)
            )
            await session.flush()
            session.add_all(told(number) for number in range(STORIES))
        async with database.write() as session:
            await session.execute(delete(Story).where(Story.id % 2 == 1))
        os._exit(0)


def told(number: int) -> Story:
    slip = f"The {GONE if number % 2 else KEPT} told me off. " * 60
    return Story(
        id=number, circle_id=5, voice="unnamed", slip=slip, effect="", repair="", lesson="", ask="listen",
        quote_lesson=False, state="published",
    )  # fmt: skip


async def clean(folder: Path) -> int:
    """The daily work of a process that has just started."""
    async with open_database(f"sqlite+aiosqlite:///{folder / FILE}") as database:
        keyring = Keyring(FileKeyStore(folder / "keys.json"), bytes(range(32)), 28)
        await keyring.open(START)
        services = make_services(
            database, keyring, load_library(), load_words(), now=lambda: START, random=Random(7),
            grace=timedelta(hours=12),
        )  # fmt: skip
        return await services.housekeeping.due(START)


if __name__ == "__main__":
    asyncio.run({"live": live, "clean": clean}[sys.argv[1]](Path(sys.argv[2])))
