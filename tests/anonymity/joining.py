"""Which rows each transaction writes: those of somebody with a user id, and those of somebody without."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from functools import wraps
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services import Services
from db.types import Base

Row = tuple[Any, ...]
State = dict[str, dict[Row, dict[str, Any]]]
"""By table, and by key: the row."""

UNNAMED = frozenset(
    {"drafts", "pen_names", "resonances", "replies", "mutes", "notes", "reports", "report_voices"}
)
"""Tables whose rows come from somebody without a name, whatever story they stand at."""
OF_A_STORY = frozenset({"updates", "story_pages", "edits", "reviews"})
"""Those whose rows are without a name where their story is."""

NOBODY = "nobody"
_doing: ContextVar[str] = ContextVar("doing", default=NOBODY)


@dataclass(frozen=True, slots=True)
class Written:
    """What one transaction wrote."""

    by: str
    """The service's method, as ``Stories.post``."""
    with_person: frozenset[str]
    """Tables of the rows that hold a user id."""
    unnamed: frozenset[str]
    """Tables of the rows that come from somebody without a name."""

    @property
    def joined(self) -> bool:
        """Whether it puts somebody's id beside something without a name."""
        return bool(self.with_person and self.unnamed)


@dataclass
class Watch:
    """Notes every transaction. The people are those whose ids count."""

    file: Path
    people: frozenset[int]
    written: list[Written] = field(default_factory=list[Written])

    @contextmanager
    def over(self, services: Services, database: Any) -> Generator[Watch]:
        """From now until the end of the block, one after the other: nothing else may write meanwhile."""
        undo = [_named(getattr(services, one.name)) for one in fields(services)]
        write = database.write

        @asynccontextmanager
        async def watched() -> AsyncGenerator[AsyncSession]:
            before = self._state()
            async with write() as session:
                yield session
            self._note(before, self._state())

        database.write = watched
        try:
            yield self
        finally:
            del database.write
            for back in undo:
                back()

    def _note(self, before: State, after: State) -> None:
        changed: list[tuple[str, dict[str, Any]]] = []
        for table in after:
            for key in before[table].keys() | after[table].keys():
                old, new = before[table].get(key), after[table].get(key)
                if old != new:
                    changed += [(table, row) for row in (old, new) if row is not None]
        people = {str(person) for person in self.people}
        known = people | {f"dm:{person}" for person in people}
        persons = [one for one in changed if any(str(value) in known for value in one[1].values())]
        own_drafts = {row.get("receipt_hash") for table, row in persons if table == "stories"}
        named = self._ids("stories", before, after, lambda row: row["voice"] == "named")
        unnamed = [
            table
            for table, row in changed
            if _is_unnamed(table, row, named, own_drafts) and (table, row) not in persons
        ]
        tables = frozenset(table for table, _ in persons)
        self.written.append(Written(_doing.get(), tables, frozenset(unnamed)))

    @staticmethod
    def _ids(table: str, before: State, after: State, wanted: Any) -> set[Any]:
        rows = [*before[table].values(), *after[table].values()]
        return {row["id"] for row in rows if wanted(row)}

    def _state(self) -> State:
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            found: State = {}
            for name, table in Base.metadata.tables.items():
                keys = [column.name for column in table.primary_key]
                rows = [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608
                found[name] = {tuple(row[key] for key in keys): row for row in rows}
            return found


def _is_unnamed(table: str, row: dict[str, Any], named: set[Any], own_drafts: set[Any]) -> bool:
    if table == "drafts":
        return row["receipt_hash"] not in own_drafts
    if table in OF_A_STORY:
        return row.get("story_id", row.get("subject")) not in named
    if table == "stories":
        return row["voice"] == "unnamed"
    if table == "deliveries":
        return row["kind"] in {"story", "reply", "update"} and row["subject"] not in named
    return table in UNNAMED


def _named(service: Any) -> Any:
    """Let each public method of a service say that it is at work. Returns how to undo it."""
    kind = type(service)
    methods = {
        name: method
        for name, method in vars(kind).items()
        if not name.startswith("_") and iscoroutinefunction(method)
    }
    for name, method in methods.items():
        setattr(kind, name, _saying(f"{kind.__name__}.{name}", method))

    def undo() -> None:
        for name, method in methods.items():
            setattr(kind, name, method)

    return undo


def _saying(what: str, method: Any) -> Any:
    @wraps(method)
    async def saying(*arguments: Any, **more: Any) -> Any:
        if _doing.get() != NOBODY:  # inside another one
            return await method(*arguments, **more)
        before = _doing.set(what)
        try:
            return await method(*arguments, **more)
        finally:
            _doing.reset(before)

    return saying
