"""No value that the bot hands around shows what it holds: a repr ends up in a traceback, a log, a debugger.

Every dataclass of the services, the rules, the deliveries and the presses is looked at. One that shows words,
receipts, names or ids needs ``repr=False`` in its decorator.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
import traceback
from collections.abc import Iterator
from enum import Enum
from types import ModuleType
from typing import Any

import pytest

import bot.delivery
import bot.interactions
import bot.rules
import bot.services
import cogs
from bot.errors import Gone, NotAllowed, OutOfStep, Refusal

OPEN = {
    "bot.delivery.steps.Shown", "bot.rules.calendar.Occurrence", "bot.rules.calendar.WeeklyTime",
    "bot.rules.pen_names.PenNameWords", "bot.rules.shares.GroupLease", "bot.rules.shares.Share",
    "bot.rules.zones.ZoneChoice", "bot.rules.zones._Place", "bot.services.Services",
    "bot.services.checkup.Calendar", "bot.services.checkup.Owed", "bot.services.checkup.Place",
    "bot.services.checkup.Queue", "bot.services.checkup.Stuck", "bot.services.circles.CirclePlan",
    "bot.services.outbox.Counts", "bot.services.restoring.LostMute", "bot.services.restoring.Restored",
    "bot.interactions.Route", "cogs.circles.status.Lacking",
}  # fmt: skip
"""Of times, numbers, settings and places that everybody sees; nothing of what somebody told, or of who."""
TIMES = {"bool", "datetime", "date", "time", "timedelta", "None"}
PLAIN = TIMES | {"tuple", "dict", "Mapping", "Sequence", "list", "frozenset", "deque"}
SENTINEL = "what-nobody-may-read"


def values() -> Iterator[type[Any]]:
    """Every dataclass that is defined there."""
    for module in modules():
        for found in vars(module).values():
            if (
                isinstance(found, type)
                and dataclasses.is_dataclass(found)
                and found.__module__ == module.__name__
            ):
                yield found


def modules() -> Iterator[ModuleType]:
    yield bot.interactions
    for package in (bot.services, bot.rules, bot.delivery, cogs):
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def tells(kind: type[Any], annotation: str) -> bool:
    """Whether a field of this type may hold something of its own; dataclasses are looked at themselves."""
    names = set(re.findall(r"[A-Za-z_][\w.]*", annotation)) - PLAIN
    module = vars(importlib.import_module(kind.__module__))
    return any(not plain(resolved(module, name)) for name in names)


def resolved(module: dict[str, Any], name: str) -> Any:
    first, *rest = name.split(".")
    found = module.get(first)
    for part in rest:
        found = getattr(found, part, None)
    return found


def plain(kind: Any) -> bool:
    return isinstance(kind, type) and (issubclass(kind, Enum) or dataclasses.is_dataclass(kind))


def filled(kind: type[Any]) -> Any:
    """One of a kind, with the sentinel wherever words, numbers or bytes may stand."""
    made = object.__new__(kind)
    for field in dataclasses.fields(kind):
        holds = SENTINEL if tells(kind, str(field.type)) else None
        object.__setattr__(made, field.name, holds)
    return made


def named(kind: type[Any]) -> str:
    return f"{kind.__module__}.{kind.__name__}"


ALL = {named(kind): kind for kind in values()}


@pytest.mark.parametrize("name", sorted(ALL.keys() - OPEN))
def test_nothing_of_a_value_shows(name: str) -> None:
    made = filled(ALL[name])
    assert SENTINEL not in f"{made!r}{made!s}{[made]}"
    with pytest.raises(ValueError) as raised:
        raise ValueError(made)
    assert SENTINEL not in "".join(traceback.format_exception(raised.value))


def test_those_that_may_show_are_there() -> None:
    assert ALL.keys() >= OPEN
    assert len(ALL) > 50


def test_the_search_finds_what_shows() -> None:
    @dataclasses.dataclass
    class Careless:
        words: str
        seen: bool

    assert SENTINEL in repr(filled(Careless))


@pytest.mark.parametrize("kind", [Refusal, Gone, NotAllowed, OutOfStep])
def test_a_refusal_shows_its_key_alone(kind: type[Refusal]) -> None:
    made = kind("refusals.x", words=SENTINEL)
    assert SENTINEL not in f"{made!r}{made!s}"
