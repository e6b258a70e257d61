"""What is read page by page is what SQLite itself reads."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

from tests.anonymity.pages import SqliteFile


def test_every_row_and_entry_is_found_where_it_lies(tmp_path: Path) -> None:
    random, path = Random(1), tmp_path / "a.sqlite3"
    rows = [
        (random.getrandbits(62), random.choice([None, 1.5, "ä" * random.randrange(9000), -3, 0, 1]))
        for _ in range(700)
    ]
    blobs = [(random.randbytes(16), random.randbytes(random.randrange(3000))) for _ in range(300)]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, what)")
        connection.execute("CREATE INDEX by_what ON things (what)")
        connection.execute("CREATE TABLE secrets (key BLOB PRIMARY KEY, sealed BLOB) WITHOUT ROWID")
        connection.executemany("INSERT INTO things VALUES (?, ?)", rows)
        connection.executemany("INSERT INTO secrets VALUES (?, ?)", blobs)
        connection.commit()
        kept = connection.execute("SELECT id, what FROM things ORDER BY id").fetchall()
        listed = connection.execute("SELECT what, id FROM things ORDER BY what, id").fetchall()
    cells = list(SqliteFile(path).cells())

    assert [(c.values[0], c.values[2]) for c in cells if c.name == "things"] == kept
    assert [c.values for c in cells if c.name == "by_what"] == listed
    assert [c.values for c in cells if c.name == "secrets"] == sorted(blobs)
    assert [c.place for c in cells if c.name == "secrets"] == list(range(300))
    content = path.read_bytes()
    for cell in cells:
        if cell.name == "secrets":
            key = cell.values[0]
            assert isinstance(key, bytes)
            assert key in content[cell.offset : cell.offset + 40]
            assert (cell.page - 1) * 4096 <= cell.offset < cell.page * 4096
