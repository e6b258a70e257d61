"""What accepting a story costs, at the first ones and after ten thousand; and how soon the bot is ready."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, update

from db.database import open_database
from db.story_tables import Story
from db.tables import Circle
from db.types import random_id
from tests.bench import scene, seed
from tests.bench.report import Row, progress
from tests.wire.bot_process import BotProcess
from tests.wire.discord_double import Double

STORY = (
    "I was ten minutes late for a client and said nothing about it. She was quiet for most of the hour, and "
    "I was busy with my notes, and with somebody whom I had seen before. Only on the way home did I notice "
    "that I had been angry all day. The week after I told her that I had been late, and that I had seen her "
    "wait. She laughed and said that she had thought it was her. We stayed with that, and it was good."
)
"""About 400 characters, as people tell."""
WARM = 10
"""Not counted: the first ones compile statements."""


async def measure(folder: Path, stories: int, rounds: int) -> list[Row]:
    """The real process over the wire: from the form's or button's event to the answer's arrival."""
    progress(f"accepting a story, at the first ones and after {stories:,}")
    early = await _accept(folder / "early", 0, rounds)
    late = await _accept(folder / "late", stories, rounds)
    return [
        _row("form sent off → stored and answered (the preview)", early[0], late[0], stories),
        _row(
            "*Post* pressed → acknowledged, accepted and answered (two requests)", early[1], late[1], stories
        ),
    ]


def _row(what: str, early: Sequence[float], late: Sequence[float], stories: int) -> Row:
    first, last = statistics.median(early) * 1000, statistics.median(late) * 1000
    return Row(
        f"{what}, median of {len(early)}, over the wire",
        f"{first:.1f} ms; after {stories:,} stories {last:.1f} ms, ratio {last / first:.2f}",
        "≤ 10 ms, ratio ≤ 1.2",
        first <= 10 and last / first <= 1.2,
    )


async def _accept(folder: Path, stories: int, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds to the preview, and from *Post* to the receipt."""
    async with Double(validate=False) as discord:
        channels = scene.servers(discord, 1)
        far = datetime.now(UTC) + timedelta(days=3)
        (spot,) = await scene.circles(folder, channels, far, spots=1, discord=discord)
        await _told(folder, spot.circle_id, stories)
        people, kept, posted = discord.people, list[float](), list[float]()
        async with BotProcess(folder, discord) as bot:
            await bot.ready()
            for number in range(WARM + rounds):
                # somebody else each time: one person has a limit
                person = discord.world.add_person(f"teller {number}", spot.channel.guild)
                form = await people.press(person, spot.message, label="Share")
                preview = await people.submit(person, form, {"slip": STORY})
                began = time.perf_counter()
                await people.press(person, preview, label="Post")
                if number >= WARM:
                    kept.append(preview.acknowledged_after)
                    posted.append(time.perf_counter() - began)
                await asyncio.sleep(0.05)
            assert bot.errors == [], bot.errors[:3]
        return kept, posted


async def _told(folder: Path, circle_id: int, count: int) -> None:
    """So many stories stand in the circle already."""
    async with open_database(f"sqlite+aiosqlite:///{folder / scene.FILE}") as database:
        for first in range(0, count, seed.A_LOT):
            async with database.write() as session:
                await session.execute(
                    insert(Story),
                    [
                        _story(circle_id, number + 1)
                        for number in range(first, min(count, first + seed.A_LOT))
                    ],
                )
        async with database.write() as session:
            await session.execute(update(Circle).values(stories_told=count))


def _story(circle_id: int, number: int) -> dict[str, object]:
    return {
        "id": random_id(), "circle_id": circle_id, "number": number, "voice": "unnamed",
        "slip": "I was late. " * 20, "effect": "", "repair": "I said so.", "lesson": "", "ask": "listen",
        "quote_lesson": False, "state": "published", "receipt_hash": random_id().to_bytes(32, "big"),
        "epoch": 100, "teller_tag": random_id().to_bytes(32, "big"), "message_id": 10**18 + number,
        "thread_id": 10**18 + number, "opened": 1, "locked": False, "published_on": date(2026, 1, 1),
    }  # fmt: skip


async def start(folder: Path, circles: int) -> list[Row]:
    """From starting the process to *ready*, with one circle and with very many."""
    progress(f"start to ready, with 1 and with {circles:,} circles")
    few, many = await _start(folder / "few", 1), await _start(folder / "many", circles)
    return [
        Row(
            "start of the process → ready, median of 3",
            f"{few:.1f} s with one circle, {many:.1f} s with {circles:,}",
        )
    ]


async def _start(folder: Path, circles: int) -> float:
    async with Double(validate=False) as discord:
        channels = scene.servers(discord, circles)
        far = datetime.now(UTC) + timedelta(days=3)
        await scene.circles(folder, channels, far, spots=1, discord=discord)
        times: list[float] = []
        for _ in range(3):
            began = time.perf_counter()
            async with BotProcess(folder, discord) as bot:
                await bot.ready(180)
                times.append(time.perf_counter() - began)
        return statistics.median(times)
