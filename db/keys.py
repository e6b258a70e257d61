"""Where the wrapped keys of the epochs are kept: apart from the database, and left out of its backups.

The keyring in the services decides which keys live; a store only keeps them. What it keeps is useless
without the pepper, which is never stored with it.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, cast

from db.errors import DatabaseProblem
from db.files import Overwritten, sync_folder, write_new

FORMAT = "good-enough epoch keys 1"


class KeyFileBroken(DatabaseProblem):
    """The key file is there and can't be read or understood. It is left as it is.

    ``where`` is its path, ``reason`` says what is wrong; neither holds anything of its content.
    """

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(where)
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"The file with the epoch keys, {self.where}, can't be used: {self.reason}. Nothing was changed. "
            "If it can't be mended, move it away and start again: mutes and pen names of the current window "
            "end, and tellers need their receipts; nothing else is lost."
        )


@dataclass(frozen=True, slots=True)
class StoredKey:
    """The wrapped key of one epoch. The epoch lasts from ``starts_at`` to ``ends_at``, the key until
    ``destroy_at`` (all aware, UTC)."""

    epoch: int
    starts_at: datetime
    ends_at: datetime
    destroy_at: datetime
    wrapped: bytes = field(repr=False)


class KeyStore(Protocol):
    """Keeps the wrapped keys of the epochs that are still alive."""

    @property
    def shared(self) -> bool:
        """Whether other processes may make and destroy keys in it."""
        ...

    async def load(self) -> dict[int, StoredKey]:
        """All keys by epoch; empty when none was ever saved."""
        ...

    def changing(self) -> AbstractAsyncContextManager[dict[int, StoredKey]]:
        """All keys by epoch, to be changed inside ``async with`` with nobody in between.

        Exactly what is in there at its end is kept: when it is left those keys survive a crash, and the
        others are gone. When the block raises, nothing changes.
        """
        ...


class FileKeyStore:
    """A small JSON file that only its owner can read. For one process at a time."""

    shared = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self._unfinished = path.with_name(path.name + ".new")

    def __repr__(self) -> str:
        return f"FileKeyStore({str(self.path)!r})"

    async def load(self) -> dict[int, StoredKey]:
        """All keys by epoch; empty when there is no file. Raises KeyFileBroken."""
        return await asyncio.to_thread(self._load)

    async def look(self) -> dict[int, StoredKey]:
        """All keys, without touching anything: for a command beside the process that owns the file,
        whose half-written successor ``load`` would remove. Raises KeyFileBroken."""
        return await asyncio.to_thread(self._read)

    @asynccontextmanager
    async def changing(self) -> AsyncGenerator[dict[int, StoredKey]]:
        """All keys, to be changed. Raises KeyFileBroken, or OSError when the file can't be written."""
        keys = await self.load()
        before = dict(keys)
        yield keys
        if keys != before:
            await self.save(keys)

    async def save(self, keys: Mapping[int, StoredKey]) -> None:
        """Replace the file as a whole, or leave it as it was. Raises OSError when it can't be written."""
        await asyncio.to_thread(self._save, dict(keys))

    def _load(self) -> dict[int, StoredKey]:
        # What a crash left half-written may hold keys that have been destroyed since.
        with suppress(FileNotFoundError):
            self._unfinished.unlink()
        return self._read()

    def _read(self) -> dict[int, StoredKey]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise KeyFileBroken(str(self.path), error.strerror or "it can't be read") from None
        try:
            return _parsed(content)
        except ValueError as error:
            raise KeyFileBroken(str(self.path), str(error)) from None

    def _save(self, keys: dict[int, StoredKey]) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            self._unfinished.unlink()
        write_new(self._unfinished, _rendered(keys))
        with Overwritten(self.path):
            self._unfinished.replace(self.path)
            sync_folder(self.path.parent)


def _rendered(keys: dict[int, StoredKey]) -> bytes:
    rows = [
        {
            "epoch": key.epoch,
            "starts_at": key.starts_at.astimezone(UTC).isoformat(),
            "ends_at": key.ends_at.astimezone(UTC).isoformat(),
            "destroy_at": key.destroy_at.astimezone(UTC).isoformat(),
            "wrapped": base64.b64encode(key.wrapped).decode("ascii"),
        }
        for key in sorted(keys.values(), key=lambda key: key.epoch)
    ]
    return (json.dumps({"format": FORMAT, "keys": rows}, indent=1) + "\n").encode("ascii")


def _parsed(content: bytes) -> dict[int, StoredKey]:
    """The keys in a file's content. Raises ValueError with a reason that holds nothing of the content."""
    try:
        data: object = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("it is empty, cut off or not JSON") from None
    if not isinstance(data, dict) or cast("dict[str, object]", data).get("format") != FORMAT:
        raise ValueError("it isn't a key file of this version")
    rows = cast("dict[str, object]", data).get("keys")
    if not isinstance(rows, list):
        raise ValueError("its list of keys is missing")
    keys = [_key(row) for row in cast("list[object]", rows)]
    found = {key.epoch: key for key in keys}
    if len(found) != len(keys):
        raise ValueError("it names an epoch twice")
    return found


def _key(row: object) -> StoredKey:
    try:
        fields = cast("dict[str, object]", row)
        epoch = fields["epoch"]
        if type(epoch) is not int:
            raise TypeError
        starts_at, ends_at = _moment(fields["starts_at"]), _moment(fields["ends_at"])
        destroy_at = _moment(fields["destroy_at"])
        wrapped = base64.b64decode(cast("str", fields["wrapped"]), validate=True)
    except (KeyError, TypeError, ValueError):
        raise ValueError("an entry is damaged") from None
    if not starts_at < ends_at <= destroy_at:
        raise ValueError("an entry's times are out of order")
    return StoredKey(epoch, starts_at, ends_at, destroy_at, wrapped)


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(cast("str", value))
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment
