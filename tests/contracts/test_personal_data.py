"""The page about personal data names every column there is, and says of each what it is."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import LargeBinary, Text

from bot.services.keyring import Keyring
from db import care_tables, people_tables, process_tables, story_tables, tables
from db.database import open_database
from db.erasure_file import ErasureFile, beside
from db.erasures import Erased
from db.keys import FileKeyStore
from db.process_tables import EPOCH_KEYS
from db.types import Base
from tests.conftest import PEPPER, START

PAGE = (Path(__file__).parents[2] / "docs" / "personal-data.md").read_text(encoding="utf-8")
REGISTERED = (care_tables, people_tables, process_tables, story_tables, tables)
"""Imported for the tables that they register."""
TABLES = {table.name: table for table in (*Base.metadata.sorted_tables, EPOCH_KEYS)}
CLASSES = {"person", "tag", "receipt", "words", "none"}
NAMES_SOMEBODY = re.compile(r"(user|author|member|teller|person|recipient)_(id|name)|destination")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the page's table of columns."""

    table: str
    columns: tuple[str, ...]
    kind: str
    purpose: str
    until: str


def section(title: str) -> list[list[str]]:
    """The cells of the table in one section of the page, without its head."""
    text = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def entries() -> list[Entry]:
    """All lines about columns."""
    found: list[Entry] = []
    for table, columns, kind, purpose, until in section("In the database"):
        found.append(Entry(table.strip("`"), tuple(re.findall(r"`(\w+)`", columns)), kind, purpose, until))
    return found


def kinds() -> dict[tuple[str, str], str]:
    """The class of every column that the page names."""
    return {(entry.table, column): entry.kind for entry in entries() for column in entry.columns}


def test_every_column_of_every_table_stands_there_once() -> None:
    named = [(entry.table, column) for entry in entries() for column in entry.columns]

    assert sorted(named) == sorted(
        (name, column.name) for name, table in TABLES.items() for column in table.columns
    )


def test_each_has_a_class_a_purpose_and_an_end() -> None:
    for entry in entries():
        assert entry.kind in CLASSES, entry
        assert entry.purpose, entry
        assert entry.until, entry


def test_what_says_who_somebody_is_is_called_so() -> None:
    for (table, column), kind in kinds().items():
        if NAMES_SOMEBODY.fullmatch(column):
            assert kind == "person", (table, column)


def test_tags_codes_and_words_are_called_so() -> None:
    for (table, column), kind in kinds().items():
        made = TABLES[table].columns[column]
        if column.endswith("tag"):
            assert kind == "tag", (table, column)
        if column.endswith("receipt_hash"):
            assert kind == "receipt", (table, column)
        if isinstance(made.type, Text):
            assert kind == "words", (table, column)
        if isinstance(made.type, LargeBinary):
            assert kind != "none" or table == EPOCH_KEYS.name, (table, column)


async def test_every_file_that_is_left_behind_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    async with open_database(f"sqlite+aiosqlite:///{path}"):
        await Keyring(FileKeyStore(tmp_path / "epoch-keys.json"), PEPPER, 28).epoch(START)
        await ErasureFile(beside(path)).save({Erased("reply", 5, date(2026, 1, 1))})
        left = {name.removeprefix("x.sqlite3") for name in os.listdir(tmp_path)}  # noqa: PTH208  # no I/O to speak of
    named = " ".join(row[0] for row in section("In files"))

    assert left >= {"", "-wal", ".lock", ".erasures", "epoch-keys.json"}
    assert [name for name in left if f"`{name}`" not in named and name] == []
