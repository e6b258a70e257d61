"""What a tick costs when there are very many circles and nothing is due."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bot.client import Bot
from bot.content.library import load_library
from bot.services import make_services
from bot.services.keyring import Keyring
from db.database import open_database
from db.keys import FileKeyStore
from tests.bench import seed
from tests.bench.report import Row, percentile
from tests.conftest import PEPPER, WORDS, make_settings

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)


async def measure(folder: Path, circles: int, ticks: int) -> list[Row]:
    """The real bot's own look at what is due, on a real file, without Discord."""
    settings = make_settings(folder)
    async with open_database(settings.database_url) as database:
        keyring = Keyring(FileKeyStore(settings.key_file), PEPPER, settings.window_days)
        await keyring.open(NOW)
        services = make_services(
            database, keyring, load_library(), WORDS, now=lambda: NOW, random=Random(1), grace=settings.grace
        )
        places = [(1_000_000 + number // 5, 9_000_000 + number) for number in range(circles)]
        await seed.circles(database, places, due_at=MONDAY, weekday=0, at_minute=9 * 60)
        began = time.perf_counter()
        await services.prompts.recompute(NOW)
        recomputed = time.perf_counter() - began
        bot = Bot(settings, services, WORDS, now=lambda: NOW, random=Random(1), ticking=False)
        await bot.tick()  # the day's clean-up belongs to the first one
        costs = [await _one(bot) for _ in range(ticks)]
        await bot.deliverer.stop()
    median = statistics.median(costs) * 1000
    return [
        Row(
            f"a tick with {circles:,} circles and nothing due, median of {ticks} (95th percentile)",
            f"{median:.1f} ms ({percentile(costs, 0.95) * 1000:.1f} ms)",
            "≤ 5 ms",
            median <= 5,
        ),
        Row(
            f"computing all {circles:,} due times anew, at start",
            f"{recomputed:.1f} s ({recomputed / circles * 1e6:.0f} µs each)",
        ),
    ]


async def _one(bot: Bot) -> float:
    began = time.perf_counter()
    await bot.look()
    cost = time.perf_counter() - began
    await bot.deliverer.drained()
    return cost
