"""What could give a person away, in every form in which it might be written down."""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def forms(user_id: int, names: tuple[str, ...]) -> dict[str, bytes]:
    """Everything that stands for a person, as bytes to look for; letters in lower case where that loses
    nothing."""
    text = str(user_id).encode()
    found = {
        "the id": text,
        "the id in hexadecimal": f"{user_id:x}".encode(),
        "the id in base 36": base36(user_id).encode(),
        "the id's bytes, biggest first": user_id.to_bytes(8, "big"),
        "the id's bytes, smallest first": user_id.to_bytes(8, "little"),
    }
    for raw, what in (
        (text, "id"),
        (user_id.to_bytes(8, "big"), "bytes"),
        (user_id.to_bytes(8, "little"), "reversed bytes"),
    ):
        for shift in range(3):
            found[f"the {what} in base 64, {shift} further"] = inside_base64(raw, shift)
    for algorithm in ("md5", "sha1", "sha256"):  # without a key: anybody could try all members
        found[f"{algorithm} of the id"] = hashlib.new(algorithm, text).digest()
        found[f"{algorithm} of the id, in hexadecimal"] = hashlib.new(algorithm, text).hexdigest().encode()
    return found | {f"the name {name}": name.lower().encode() for name in names}


def base36(number: int) -> str:
    """As ids are often shortened."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits


def inside_base64(raw: bytes, shift: int) -> bytes:
    """The letters that stand for ``raw`` in any base 64 in which it begins ``shift`` bytes into a group."""
    whole = base64.b64encode(bytes(shift) + raw + bytes(3))
    first, last = -(-shift * 4 // 3), (shift + len(raw)) * 4 // 3
    return whole[first:last]


def found_in(haystack: bytes, wanted: dict[str, bytes]) -> set[str]:
    """Which forms stand in some bytes; base 64 in either alphabet, letters large or small."""
    usual = haystack.replace(b"-", b"+").replace(b"_", b"/")
    lower = haystack.lower()
    return {what for what, form in wanted.items() if form in haystack or form in usual or form in lower}


def columns(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every value of every column of every table, through a connection of our own."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            cursor = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # the name is SQLite's
            names = [column[0] for column in cursor.description]
            for row in cursor:
                for name, value in zip(names, row, strict=True):
                    yield f"{table}.{name}", value if isinstance(value, bytes) else str(value).encode()


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of all files: the database, its log and index, the keys, the lock."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.name.encode() + b"\n" + path.read_bytes()


def requests(env: Any) -> Iterator[tuple[str, bytes]]:
    """What was asked of Discord, but for the opening of a private channel, which has to name a person."""
    for entry in env.http_requests:
        if entry.path != "/users/@me/channels":
            asked = [entry.path, entry.params, entry.json, entry.reason]
            yield f"{entry.method} {entry.path}", json.dumps(asked, ensure_ascii=False, default=repr).encode()
