"""What every feature hands over, and what Discord, the deliverer and the people in it rely on."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from discord import AppCommandOptionType, app_commands
from sqlalchemy import Table, insert, select

import bot.services
from bot.client import FEATURES
from bot.feature import Feature
from bot.services import Services
from db.database import Database
from db.types import Base
from tests.conftest import WORDS
from tests.contracts.features import bot_of

ROOT = Path(__file__).parents[2]
ANN, BEN = 800_000_000_000_000_011, 800_000_000_000_000_012
OWING = {"owe": "kind", "owe_for_circle": 2, "owe_now": 2}
"""The functions that owe a delivery, and where its kind stands."""


def service_modules() -> list[str]:
    """The names of all modules that can owe something."""
    return [module.name for module in pkgutil.iter_modules(bot.services.__path__, "bot.services.")]


def kinds_owed() -> Iterator[tuple[str, str]]:
    """Every kind of delivery that a service owes, with the place: the constants in the calls."""
    for name in service_modules():
        module = importlib.import_module(name)
        path = Path(str(module.__file__))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            function = (
                node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            )
            where = OWING.get(function)
            given = None
            if isinstance(where, int) and where < len(node.args):
                given = node.args[where]
            elif isinstance(where, str):
                given = next((word.value for word in node.keywords if word.arg == where), None)
            kind = getattr(module, given.id, None) if isinstance(given, ast.Name) else None
            if isinstance(kind, str):
                yield f"{path.name}:{node.lineno}", kind


async def test_every_feature_hands_over_a_feature_of_its_own_name(services: Services) -> None:
    features = bot_of(services).features

    assert all(isinstance(feature, Feature) for feature in features)
    assert [f"cogs.{feature.name}" for feature in features] == list(FEATURES)


def test_every_feature_that_is_there_is_loaded() -> None:
    with_setup = {
        f"cogs.{module.name}"
        for module in pkgutil.iter_modules([str(ROOT / "cogs")])
        if hasattr(importlib.import_module(f"cogs.{module.name}"), "setup")
    }

    assert with_setup == set(FEATURES)


async def test_each_kind_of_delivery_that_is_owed_has_exactly_one_renderer(services: Services) -> None:
    owed = {kind for _place, kind in kinds_owed()}
    renderers = [kind for feature in bot_of(services).features for kind in feature.renderers]

    assert len(owed) > 5
    assert sorted(renderers) == sorted(owed)


async def test_sources_of_due_work_have_names_of_their_own(services: Services) -> None:
    names = [source.name for source in bot_of(services).due_sources()]

    assert len(names) == len(set(names))


def commands(tree: Any) -> Iterator[Any]:
    """Every command and group, nested ones too."""
    for command in tree.get_commands():
        yield command
        if isinstance(command, app_commands.Group):
            yield from command.walk_commands()


async def test_commands_fit_into_discords_limits(services: Services) -> None:
    tree = bot_of(services).tree
    payload = [command.to_dict(tree) for command in tree.get_commands()]

    assert len(payload) <= 100
    for kind in (2, 3):
        assert sum(one.get("type", 1) == kind for one in payload) <= 5
    for one in payload:
        assert _length(one) <= 8000, one["name"]
        _check_command(one)


def _check_command(one: dict[str, Any]) -> None:
    menu = one.get("type", 1) in {2, 3} and "options" not in one
    assert 1 <= len(one["name"]) <= 32
    if menu:
        return
    assert one["name"] == one["name"].lower()
    assert 1 <= len(one["description"]) <= 100, one["name"]
    options = one.get("options", [])
    assert len(options) <= 25
    for option in options:
        _check_command(option)
        for choice in option.get("choices", []):
            assert 1 <= len(choice["name"]) <= 100
    required = [option.get("required", False) for option in options]
    assert required == sorted(required, reverse=True)


def _length(one: dict[str, Any]) -> int:
    """Discord's sum of names, descriptions and values of a command with all that is in it."""
    own = len(one.get("name", "")) + len(one.get("description", "")) + len(str(one.get("value", "")))
    return own + sum(_length(part) for part in (*one.get("options", ()), *one.get("choices", ())))


async def test_no_command_takes_a_story_or_a_code_as_text(services: Services) -> None:
    texts = {
        parameter.name
        for command in commands(bot_of(services).tree)
        if isinstance(command, app_commands.Command)
        for parameter in command.parameters
        if parameter.type is AppCommandOptionType.string
    }

    assert texts.isdisjoint({"story", "text", "receipt", "code", "slip", "reply", "message"})


async def test_personal_data_is_said_in_plain_words(services: Services) -> None:
    for feature in bot_of(services).features:
        for data in feature.personal_data:
            assert len(WORDS(data.what)) > 20


PERSONAL = {"user_id", "author_id", "member_id", "teller_id", "person_id"}
A_CIRCLE = {"id": 5, "guild_id": 1, "channel_id": 2, "zone": "UTC", "language": "en", "size": 9,
            "delay_minutes": 0, "paused": False, "stories_told": 1}  # fmt: skip
ROWS: dict[str, dict[str, Any]] = {
    "stories": {"circle_id": 5, "number": 1, "voice": "named", "author_id": ANN, "author_name": "Ann",
                "slip": "s", "effect": "", "repair": "", "lesson": "", "ask": "listen",
                "quote_lesson": False, "state": "published", "message_id": 9, "thread_id": 9, "opened": 1,
                "locked": False, "content_note": None, "theme": None, "id": 77,
                "published_on": date(2026, 1, 5)},
    "reminders": {"id": 78, "user_id": ANN, "circle_id": 5, "weekday": 0, "at_minute": 0, "zone": "UTC",
                  "state": "on", "next_due_at": datetime(2026, 1, 5, tzinfo=UTC)},
    "nudges": {"user_id": ANN, "due_on": date(2026, 2, 5)},
    "wipes": {"id": 79, "circle_id": 5, "state": "asked", "user_id": ANN,
              "asked_at": datetime(2026, 1, 5, tzinfo=UTC)},
    "leavers": {"guild_id": 1, "user_id": ANN, "since": date(2026, 1, 5)},
}  # fmt: skip
"""A row about Ann for each table that says who somebody is. A new such table is entered here."""


def personal_tables() -> list[Table]:
    """The tables with a column that says who somebody is."""
    return [table for table in Base.metadata.sorted_tables if PERSONAL & set(table.columns.keys())]


async def test_whoever_asks_for_it_is_erased_from_every_table(services: Services, database: Database) -> None:
    assert {table.name for table in personal_tables()} == set(ROWS)
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    async with database.write() as session:
        await session.execute(insert(tables["circles"]).values(A_CIRCLE))
        for name, values in ROWS.items():
            await session.execute(insert(tables[name]).values(values))
        for kind in ("reminder", "nudge"):
            waiting = {"kind": kind, "subject": 78, "destination": f"dm:{ANN}", "priority": 3, "id": kind,
                       "state": "waiting", "not_before": datetime(2026, 1, 5, tzinfo=UTC)}  # fmt: skip
            await session.execute(insert(tables["deliveries"]).values(waiting))
        closed = {"destination": f"dm:{ANN}", "reason": "code 50007"}
        await session.execute(insert(tables["closed_destinations"]).values(closed))
    assert await _where(database, ANN) >= {*ROWS, "deliveries", "closed_destinations"}

    declared = [data for feature in bot_of(services).features for data in feature.personal_data]
    assert [one for data in declared for one in await data.show(BEN)] == []
    assert {one.kind for data in declared for one in await data.show(ANN)} >= {
        "story", "reminder", "nudge", "left", "private", "wipe",
    }  # fmt: skip
    assert sum([await data.erase(BEN) for data in declared]) == 0
    assert sum([await data.erase(ANN) for data in declared]) >= len(ROWS)

    assert await _where(database, ANN) == set()


async def _where(database: Database, person: int) -> set[str]:
    """The tables in which somebody's id stands anywhere."""
    found: set[str] = set()
    async with database.read() as session:
        for table in Base.metadata.sorted_tables:
            rows = (await session.execute(select(table))).all()
            if any(str(person) in str(value) for row in rows for value in row):
                found.add(table.name)
    return found


IMPORTING = textwrap.dedent("""
    import asyncio, gc, importlib, os, pkgutil, sys, threading

    root, opened = sys.argv[1], []
    ours = tuple(os.path.join(root, name) for name in ("bot", "cogs", "db", "data", "config", ".env"))
    sys.path.insert(0, root)

    def watch(event, arguments):
        if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(ours):
            if not arguments[0].endswith((".py", ".pyc")) and "__pycache__" not in arguments[0]:
                opened.append(arguments[0])
        elif event in {"socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen"}:
            opened.append(event)

    sys.addaudithook(watch)
    for name in ("bot", "cogs", "db"):
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, name + "."):
            if not module.name.startswith("db.migrations."):  # alembic runs those
                importlib.import_module(module.name)

    from sqlalchemy.engine import Engine
    engines = [thing for thing in gc.get_objects() if isinstance(thing, Engine)]
    threads = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    loops = (asyncio.Task, asyncio.AbstractEventLoop)
    tasks = [thing for thing in gc.get_objects() if isinstance(thing, loops)]
    assert not (opened or engines or threads or tasks), (opened, engines, threads, tasks)
""")


def test_importing_everything_opens_starts_and_connects_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTING, str(ROOT)], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
