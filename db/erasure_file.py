"""The mirror of the erasures: a small file beside the database that only its owner can read."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import cast

from db.erasures import CIRCLE, DECLINED, EDIT_DROPPED, KINDS, NOTE, REPORT, UPDATE, Erased
from db.errors import DatabaseProblem
from db.files import sync_folder, write_new

FORMAT = "good-enough erasures {}"
FIRST, SECOND = 1, 2
"""The second knows updates, circles, notes, reports and what moderators declined, too. It is written only
where they are, so that whatever an earlier version can understand it also reads."""
ONLY_IN_SECOND = frozenset({UPDATE, CIRCLE, NOTE, REPORT, DECLINED, EDIT_DROPPED})


class ErasureFileBroken(DatabaseProblem):
    """The file is there and can't be read or understood. ``reason`` holds nothing of its content."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(where)
        self.reason = reason


class ErasureFileNewer(ErasureFileBroken):
    """A newer version has written the file: it knows kinds of erasures that this one doesn't."""

    def __init__(self, where: str) -> None:
        super().__init__(where, "a newer version has written it")


class ErasureFile:
    """Keeps erasures outside of the database."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def load(self) -> frozenset[Erased]:
        """All that is written there; nothing when there is no file.

        Raises ErasureFileBroken, or ErasureFileNewer.
        """
        return await asyncio.to_thread(self._load)

    async def save(self, erased: Collection[Erased], day: date | None = None) -> None:
        """Replace the file as a whole, or leave it as it was; with a ``day`` (UTC) its time says no more than
        that. Raises OSError."""
        await asyncio.to_thread(self._save, erased, day)

    def _load(self) -> frozenset[Erased]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise ErasureFileBroken(str(self.path), error.strerror or "it can't be read") from None
        try:
            return _parsed(content)
        except _NewerFormat:
            raise ErasureFileNewer(str(self.path)) from None
        except ValueError as error:
            raise ErasureFileBroken(str(self.path), str(error)) from None

    def _save(self, erased: Collection[Erased], day: date | None) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self.path.with_name(self.path.name + ".new")
        with suppress(FileNotFoundError):
            unfinished.unlink()
        write_new(unfinished, _rendered(erased))
        if day is not None:
            midnight = datetime.combine(day, time(), UTC).timestamp()
            os.utime(unfinished, (midnight, midnight))
        unfinished.replace(self.path)
        sync_folder(self.path.parent)


def beside(database: Path) -> Path:
    """Where the mirror of a database file lies."""
    return database.with_name(database.name + ".erasures")


class _NewerFormat(ValueError):
    """Of a later number than ours."""


def _rendered(erased: Collection[Erased]) -> bytes:
    """In the order of the ids: in which order things were taken back is nobody's business."""
    rows = [[one.kind, one.subject, one.day.isoformat()] for one in sorted(erased)]
    number = SECOND if any(one.kind in ONLY_IN_SECOND for one in erased) else FIRST
    return (json.dumps({"format": FORMAT.format(number), "erased": rows}) + "\n").encode("ascii")


def _parsed(content: bytes) -> frozenset[Erased]:
    """Raises _NewerFormat, or ValueError with a reason that holds nothing of the content."""
    try:
        data: object = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("it is empty, cut off or not JSON") from None
    said = cast("dict[str, object]", data).get("format") if isinstance(data, dict) else None
    number = re.fullmatch(FORMAT.format(r"(\d{1,6})"), said) if isinstance(said, str) else None
    if number is None or int(number[1]) < FIRST:
        raise ValueError("it isn't a list of erasures")
    if int(number[1]) > SECOND:
        raise _NewerFormat
    rows = cast("dict[str, object]", data).get("erased")
    if not isinstance(rows, list):
        raise ValueError("its list is missing")
    return frozenset(_erased(row) for row in cast("list[object]", rows))


def _erased(row: object) -> Erased:
    try:
        kind, subject, day = cast("list[object]", row)
        if kind not in KINDS or type(subject) is not int:
            raise TypeError
        return Erased(kind, subject, date.fromisoformat(cast("str", day)))
    except (TypeError, ValueError):
        raise ValueError("an entry is damaged") from None
