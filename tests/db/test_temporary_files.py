"""No word of anybody leaves the data folder: SQLite makes no temporary file, whatever it does for us.

A temporary file of SQLite is unlinked as soon as it is made: no search finds it, but the disk keeps it.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IN_CREATE = 0x100
"""Of ``inotify``: the watched folder has a new name in it, for however short a time."""

LIVE = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import text
from db.copying import back_up, unpacked
from db.database import open_database
from db.tables import Memo

folder = Path(sys.argv[1])
path = folder / "test.sqlite3"

async def live() -> None:
    async with open_database(f"sqlite+aiosqlite:///{path}") as database:
        async with database.write() as session:  # far more than what is kept of the file in memory
            await session.execute(text("CREATE TABLE words (text TEXT)"))
            for number in range(3000):
                await session.execute(text("INSERT INTO words VALUES (:text)"), {"text": str(number) * 500})
        async with database.read() as session:  # sorted by what has no index
            (await session.execute(text("SELECT text FROM words ORDER BY text DESC"))).all()
        async with database.write() as session:
            await session.execute(text("DELETE FROM words WHERE rowid % 2"))
        assert await database.erase_traces()
    back_up(path, folder / "copy", datetime.now(UTC))
    with unpacked(folder / "copy", folder / "again.sqlite3"):
        pass

asyncio.run(live())
"""
PLAIN = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1] + "/test.sqlite3")
connection.execute("PRAGMA cache_size=-64")
connection.execute("VACUUM")
connection.close()
"""
"""The same file, rewritten by somebody who asks SQLite for nothing special."""


def names_made_in(folder: Path, work: Callable[[], object]) -> set[str]:
    """Every name that appeared in a folder during some work, also those that are gone again."""
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(watch, os.fsencode(folder), IN_CREATE) >= 0
    try:
        work()
        try:
            events = os.read(watch, 65536)
        except BlockingIOError:
            return set()
    finally:
        os.close(watch)
    names = set[str]()
    while events:
        length = int.from_bytes(events[12:16], sys.byteorder)
        names.add(events[16 : 16 + length].rstrip(b"\0").decode())
        events = events[16 + length :]
    return names


@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux's")
def test_nothing_is_written_into_the_systems_temporary_folder(tmp_path: Path) -> None:
    data, temporary = tmp_path / "data", tmp_path / "tmp"
    data.mkdir()
    temporary.mkdir()
    surroundings = os.environ | {
        "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary),
    }  # fmt: skip

    def run(code: str) -> None:
        subprocess.run([sys.executable, "-c", code, str(data)], env=surroundings, check=True)

    assert names_made_in(temporary, lambda: run(LIVE)) == set()
    assert names_made_in(temporary, lambda: run(PLAIN))  # the watch sees what SQLite makes and unlinks
