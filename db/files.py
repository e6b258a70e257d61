"""Writing small files so that a crash leaves the old one or the new one, readable by their owner alone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_new(path: Path, content: bytes) -> None:
    """Write a file that isn't there yet, down to the disk. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename survive a crash. Windows has no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Overwritten:
    """Blanks the file that is replaced inside ``with``: its blocks would keep keys or a pepper for a while.

    Best effort: file systems that copy on write, and flash memory, may keep them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def __enter__(self) -> None:
        if os.name == "nt":  # an open file can't be replaced there
            return
        with suppress(OSError):
            self._handle = os.open(self._path, os.O_WRONLY)

    def __exit__(self, failed: type[BaseException] | None, *rest: object) -> None:
        if self._handle is None:
            return
        with suppress(OSError):
            if failed is None:
                os.pwrite(self._handle, bytes(os.fstat(self._handle).st_size), 0)
                os.fsync(self._handle)
        os.close(self._handle)
