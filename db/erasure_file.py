"""The mirror of the erasures: a small file beside the database that only its owner can read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import cast

from db.erasures import KINDS, Erased
from db.errors import DatabaseProblem
from db.files import sync_folder, write_new

FORMAT = "good-enough erasures 1"


class ErasureFileBroken(DatabaseProblem):
    """The file is there and can't be read or understood. ``reason`` holds nothing of its content."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(where)
        self.reason = reason


class ErasureFile:
    """Keeps erasures outside of the database."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def load(self) -> frozenset[Erased]:
        """All that is written there; nothing when there is no file. Raises ErasureFileBroken."""
        return await asyncio.to_thread(self._load)

    async def save(self, erased: Collection[Erased]) -> None:
        """Replace the file as a whole, or leave it as it was. Raises OSError."""
        await asyncio.to_thread(self._save, erased)

    def _load(self) -> frozenset[Erased]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise ErasureFileBroken(str(self.path), error.strerror or "it can't be read") from None
        try:
            return _parsed(content)
        except ValueError as error:
            raise ErasureFileBroken(str(self.path), str(error)) from None

    def _save(self, erased: Collection[Erased]) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = self.path.with_name(self.path.name + ".new")
        with suppress(FileNotFoundError):
            unfinished.unlink()
        write_new(unfinished, _rendered(erased))
        unfinished.replace(self.path)
        sync_folder(self.path.parent)


def beside(database: Path) -> Path:
    """Where the mirror of a database file lies."""
    return database.with_name(database.name + ".erasures")


def _rendered(erased: Collection[Erased]) -> bytes:
    """In the order of the ids: in which order things were taken back is nobody's business."""
    rows = [[one.kind, one.subject, one.day.isoformat()] for one in sorted(erased)]
    return (json.dumps({"format": FORMAT, "erased": rows}) + "\n").encode("ascii")


def _parsed(content: bytes) -> frozenset[Erased]:
    """Raises ValueError with a reason that holds nothing of the content."""
    try:
        data: object = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("it is empty, cut off or not JSON") from None
    if not isinstance(data, dict) or cast("dict[str, object]", data).get("format") != FORMAT:
        raise ValueError("it isn't a list of erasures of this version")
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
