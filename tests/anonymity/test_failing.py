"""Whatever fails in whatever service, the log tells nothing of who pressed and what they wrote."""

from __future__ import annotations

import io
import logging
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from inspect import Parameter, iscoroutinefunction, signature
from pathlib import Path
from random import Random
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Refusal
from bot.services import Services
from bot.services.outbox import Lease
from tests.anonymity.town import Town, town
from tests.conftest import ErrorCollector

USER, NAME, WORD = 812_345_678_901_234_567, "marguerite quillfeather", "zwirbelwort"
RECEIPT = "0WJ4BJK2N1PGASBPE1AJ"
SENTINELS = (str(USER), NAME, WORD, RECEIPT)
SMALL = {"number": 1, "weekday": 1, "at_minute": 1, "count": 1}
DEEP = 5
"""So many of a method's questions to the database are made to fail, one at a time."""


@contextmanager
def fails_at(here: Town, number: int) -> Generator[list[int]]:
    """The ``number``-th statement from now on is refused by SQLite itself. Yields how many came."""
    came = [0]

    def refuse(*_arguments: Any) -> None:
        came[0] += 1
        if came[0] == number:
            raise sqlite3.IntegrityError("CHECK constraint failed: made up")

    engines = [here.database._writer.sync_engine, here.database._reader.sync_engine]
    for engine in engines:
        event.listen(engine, "do_execute", refuse)
    try:
        yield came
    finally:
        for engine in engines:
            event.remove(engine, "do_execute", refuse)


def methods(services: Services) -> list[tuple[str, Any]]:
    """Every public method of every service that talks to the database."""
    found = list[tuple[str, Any]]()
    for one in fields(services):
        service = getattr(services, one.name)
        for name in sorted(vars(type(service))):
            if name.startswith("_") or not iscoroutinefunction(getattr(service, name)):
                continue
            if AsyncSession not in get_type_hints(getattr(service, name)).values():  # others' transactions
                found.append((f"{one.name}.{name}", getattr(service, name)))
    return found


class Made:
    """Arguments by their types, full of what nobody may read."""

    def __init__(self, here: Town, known: dict[str, int]) -> None:
        self._here = here
        self._known = known

    def arguments(self, method: Any) -> dict[str, Any]:
        """For one call."""
        hints = get_type_hints(method)
        wanted = signature(method).parameters.values()
        return {
            one.name: self.value(one.name, hints[one.name])
            for one in wanted
            if one.kind not in {Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL}
        }

    def value(self, name: str, kind: Any) -> Any:
        """One value. Raises TypeError for a type that is new here."""
        origin = get_origin(kind)
        if name == "changes":  # names in the code, not what somebody typed
            return {"review": True}
        if origin in {Union, UnionType}:
            return self.value(name, next(one for one in get_args(kind) if one is not NoneType))
        if origin is not None and issubclass(origin, tuple | list):
            return origin([self.value(name, get_args(kind)[0])])
        if origin is not None:  # mappings and other collections
            return {WORD: WORD} if len(get_args(kind)) == 2 else {self.value(name, get_args(kind)[0])}
        plain: dict[Any, Any] = {
            bool: True, bytes: WORD.encode(), time: time(9), Random: Random(1), timedelta: timedelta(days=1),
            datetime: self._here.now() + timedelta(days=2), date: self._here.now().date(),
        }  # fmt: skip
        if kind is int:
            return self._known.get(name, USER)
        if kind is str:
            return RECEIPT if "receipt" in name else {"zone": "UTC", "language": "en"}.get(name, WORD)
        if kind in plain:
            return plain[kind]
        if isinstance(kind, type) and issubclass(kind, Enum):
            return next(iter(kind))
        if is_dataclass(kind):
            return self._dataclass(kind)
        raise TypeError(f"say here how to make a {kind} ({name})")

    def _dataclass(self, kind: Any) -> Any:
        hints = get_type_hints(kind)
        special = {"destination": f"dm:{USER}", "name": NAME, "kind": "reply"}
        special |= {"id": "a-delivery", "token": "its-lease"} if kind is Lease else {}
        values = {
            one.name: special.get(one.name) or self.value(one.name, hints[one.name])
            for one in fields(kind)
            if one.init and (one.default is MISSING and one.default_factory is MISSING)
        }
        return kind(**values)


@contextmanager
def logged_to(lines: io.StringIO) -> Generator[None]:
    """All that is logged, with nothing filtered."""
    root, handler = logging.getLogger(), logging.StreamHandler(lines)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)


async def fails(here: Town, number: int, log: logging.Logger, name: str, method: Any, made: Made) -> bool:
    """Call a method whose ``number``-th question to the database fails. Returns whether there was one."""
    arguments = made.arguments(method)
    with fails_at(here, number) as came:
        try:
            await method(**arguments)
        except Refusal:
            pass  # explained to whoever pressed, and logged nowhere
        except Exception as error:
            log.exception("%s failed: %r", name, error)
        return came[0] >= number


async def test_no_method_that_fails_says_who_or_what_in_the_log(
    tmp_path: Path, logged_errors: ErrorCollector
) -> None:
    lines, failed, log = io.StringIO(), set[str](), logging.getLogger("bot.made_up")
    async with town(tmp_path, Random(1), start=datetime(2026, 1, 2, tzinfo=UTC)) as here:
        await here.settle_in(1, delay_minutes=0)
        told = await here.tell(USER, f"The {WORD} told me off.")
        made = Made(here, {"story_id": told.story_id, "circle_id": here.circle_id} | SMALL)
        with logged_to(lines):
            for name, method in methods(here.services):
                for number in range(1, DEEP + 1):
                    if not await fails(here, number, log, name, method, made):
                        break
                    failed.add(name)
    logged_errors.records.clear()

    said = lines.getvalue()
    assert [one for one in SENTINELS if one.lower() in said.lower()] == []
    assert "CHECK constraint failed" in said
    assert len(failed) > 80
    assert {"stories.keep", "stories.post", "additions.post", "reminders.remind_weekly"} <= failed


def test_the_search_would_see_it(logged_errors: ErrorCollector) -> None:
    lines = io.StringIO()
    with logged_to(lines):
        for sentinel in SENTINELS:
            try:
                raise ValueError(sentinel)
            except ValueError:
                logging.getLogger("bot.made_up").exception("it failed")
    logged_errors.records.clear()

    assert [one for one in SENTINELS if one in lines.getvalue()] == list(SENTINELS)
