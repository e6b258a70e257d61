"""One process on one SQLite file: a lock that dies with the process."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from db.errors import DatabaseBusy, FolderUnwritable


class ProcessLock:
    """An advisory lock on a small file beside the database; the system frees it when we end, however."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    @classmethod
    @contextmanager
    def beside(cls, database: Path) -> Generator[None]:
        """Hold the lock of a database file. Raises what ``take`` raises."""
        lock = cls(database.with_suffix(database.suffix + ".lock"))
        lock.take()
        try:
            yield
        finally:
            lock.release()

    def take(self) -> None:
        """Take the lock. Raises DatabaseBusy when another process holds it, or FolderUnwritable."""
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise FolderUnwritable(str(self.path.parent)) from error
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            raise DatabaseBusy(str(self.path.with_suffix(""))) from error
        self._handle = handle

    def release(self) -> None:
        """Let go. Harmless when the lock isn't held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
