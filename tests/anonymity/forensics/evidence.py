"""Everything that is kept, sent, logged or counted, and the search of it."""

from __future__ import annotations

import base64
import io
import json
import logging
import shutil
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.cli.logging_setup import LIBRARIES, OURS, DiscreetJson, set_up_logging
from tests.flows.traces import columns, found_in, inside_base64

Pieces = list[tuple[str, bytes]]
"""Where something stood, and what."""
Traces = dict[str, set[str]]
"""By where it stands: what was found there."""


def forms_of_word(word: str) -> dict[str, bytes]:
    """A word in every form in which a text may be written down."""
    plain = word.encode()
    found = {
        word: plain,
        f"{word}, escaped": json.dumps(word)[1:-1].encode(),
        f"{word}, in two bytes a letter": word.encode("utf-16-le"),
        f"{word}, in two bytes a letter, biggest first": word.encode("utf-16-be"),
        f"{word}, in an address": quote(word).lower().encode(),
        f"{word}, in hexadecimal": plain.hex().encode(),
    }
    return found | {f"{word}, in base 64, {n} further": inside_base64(plain, n) for n in range(3)}


def search(pieces: Iterable[tuple[str, bytes]], wanted: Mapping[str, bytes]) -> Traces:
    """Where some of the wanted stand."""
    found: Traces = {}
    for where, content in pieces:
        if there := found_in(content, dict(wanted)):
            found.setdefault(where, set()).update(there)
    return found


def in_folder(folder: Path) -> Pieces:
    """Names and bytes of all files."""
    return [
        (str(path.relative_to(folder)), path.name.encode() + b"\n" + path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


@contextmanager
def copied(database: Path) -> Generator[Path]:
    """A copy with its log: looking leaves the original alone."""
    with tempfile.TemporaryDirectory() as place:
        for path in database.parent.glob(f"{database.name}*"):
            if path.name in {database.name, f"{database.name}-wal"}:
                shutil.copy(path, place)
        copy = Path(place) / database.name
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield copy


def rows_of(database: Path) -> Pieces:
    """All values by table and column."""
    with copied(database) as copy:
        by_column = defaultdict[str, list[bytes]](list)
        for column, value in columns(copy):
            by_column[column].append(value)
        return [(column, b"\n".join(values)) for column, values in by_column.items()]


def times_in_file(database: Path, wanted: Collection[bytes]) -> int:
    """How often any of these bytes stand in a file."""
    content = database.read_bytes()
    return sum(content.count(one) for one in wanted)


def planted(pieces: Pieces, form: bytes) -> Pieces:
    """The same, with something put into the middle of each."""
    return [(where, c[: len(c) // 2] + form + c[len(c) // 2 :]) for where, c in pieces]


@dataclass
class Log:
    """All that is logged at DEBUG: as an operator reads it, as JSON, and whole as it was handed over."""

    plain: io.StringIO = field(default_factory=io.StringIO)
    as_json: io.StringIO = field(default_factory=io.StringIO)
    whole: io.StringIO = field(default_factory=io.StringIO)

    def pieces(self) -> Pieces:
        """For the search."""
        parts = {"log": self.plain, "log as JSON": self.as_json, "log, unfiltered": self.whole}
        return [(name, part.getvalue().encode()) for name, part in parts.items()]


@contextmanager
def everything_logged() -> Generator[Log]:
    """Logging as the command line sets it up for an operator who asks for everything."""
    root, log = logging.getLogger(), Log()
    names = (*OURS, *LIBRARIES, "discord.client", "discord.shard", "alembic", "apscheduler", "sqlalchemy")
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.level, logger.filters[:]) for logger in loggers]
    handlers, level = root.handlers[:], root.level
    set_up_logging("DEBUG", ())
    (discreet,) = root.handlers
    assert isinstance(discreet, logging.StreamHandler)
    discreet.setStream(log.plain)
    for stream, formatter in ((log.as_json, DiscreetJson(())), (log.whole, None)):
        handler: logging.Handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        root.addHandler(handler)
    for handler in handlers:
        root.addHandler(handler)
    try:
        yield log
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for logger, its_level, filters in before:
            logger.setLevel(its_level)
            logger.filters[:] = filters


def sent(entries: Iterable[Any]) -> Pieces:
    """What was asked of Discord: addresses, payloads with custom_ids and nonces, reasons. Only the opening
    of a private channel has to name a person."""
    return [
        (
            f"{entry.method} {entry.path}",
            json.dumps(
                [entry.path, entry.params, entry.json, entry.reason], ensure_ascii=False, default=repr
            ).encode(),
        )
        for entry in entries
        if entry.path != "/users/@me/channels"
    ]


def token(raw: bytes) -> str:
    """For made-up names."""
    return base64.b32encode(raw).decode().lower().rstrip("=")
