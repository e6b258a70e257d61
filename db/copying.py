"""Copying an SQLite database as a whole: to keep a backup, and to look at one before it is put back.

With SQLite's own online backup (https://www.sqlite.org/backup.html), in one step: what a running bot
writes meanwhile waits in its log and is neither half in the copy nor held up.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from db.errors import DatabaseProblem, FolderUnwritable
from db.files import sync_folder

COPIED_AT = "copied_at"
"""The memo that only a copy has: when it was made, in ISO format with UTC."""
KEY_TABLE = "epoch_keys"
"""Where the wrapped keys are where they aren't a file. No copy has them."""
OURS = frozenset({"alembic_version", "circles", "deliveries", "memos", "stories"})
PATIENCE_SECONDS = 10
_MODE = 0o600


class FileThere(DatabaseProblem):
    """There already is a file of that name, which is left as it is."""


class PutBackByHand(DatabaseProblem):
    """A copy lies where the database should, and wasn't put right."""


class NotOurs(DatabaseProblem):
    """That is no database of this bot, or a damaged one. ``reason`` is SQLite's or our own."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(where)
        self.reason = " ".join(reason.split())  # SQLite's reports may have several lines


def back_up(source: Path, target: Path, now: datetime) -> int:
    """Copy the database at ``source``, also while a bot works on it, to a new file of ``target``'s name.

    The copy is one file, whole, checked, without keys and without the remains of deleted texts; it knows
    when it was made (``now``, aware). Returns its size in bytes. Raises FileThere, FolderUnwritable
    or NotOurs.
    """
    if target.is_symlink() or target.exists():
        raise FileThere(str(target))
    unfinished = target.with_name(target.name + ".unfinished")
    with _new_file(unfinished):
        copy_to(source, unfinished)
        _prepare(unfinished, source, now)
        check(unfinished, source)
        _put_in_place(unfinished, target)
    return target.stat().st_size


def copy_to(source: Path, target: Path) -> None:
    """Copy ``source``, its log included, into the empty file ``target``. Raises NotOurs."""
    try:
        with closing(_open(source)) as taken, closing(_open(target)) as made:
            taken.backup(made)
            made.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise NotOurs(str(source), str(error)) from error


def check(path: Path, named: Path) -> None:
    """Look through a whole file, also for tables that must be there. Raises NotOurs, of ``named``."""
    try:
        with closing(_open(path, read_only=True)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise NotOurs(str(named), str(found))
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            if not OURS.issubset(name for (name,) in names):
                raise NotOurs(str(named), "its tables aren't this bot's")
    except sqlite3.Error as error:
        raise NotOurs(str(named), str(error)) from error


@contextmanager
def unpacked(source: Path, target: Path) -> Generator[Path]:
    """A checked copy of ``source`` beside ``target``, to be put right before ``put_back``.

    Raises NotOurs or FolderUnwritable; what is not put back is gone afterwards.
    """
    unfinished = target.with_name(target.name + ".restoring")
    with _new_file(unfinished):
        copy_to(source, unfinished)
        check(unfinished, source)
        yield unfinished


def put_back(made: Path, target: Path) -> None:
    """Let a database that nobody has open take the place of another one, of which nothing is kept.

    The log of the old one goes first: it would be taken for the new one's. Raises OSError.
    """
    for ending in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    made.replace(target)
    sync_folder(target.parent)


@contextmanager
def _new_file(path: Path) -> Generator[None]:
    """A new file that nobody else could read at any moment; gone afterwards, whatever happens."""
    with suppress(FileNotFoundError):
        path.unlink()  # what an attempt has left that was cut off
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE))
    except OSError as error:
        raise FolderUnwritable(str(path.parent)) from error
    try:
        yield
    except OSError as error:
        raise FolderUnwritable(str(path.parent)) from error
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def _prepare(path: Path, named: Path, now: datetime) -> None:
    """Leave in a copy only what belongs there, and note when it was made."""
    try:
        with closing(_open(path)) as connection:
            known = connection.execute(
                "SELECT name FROM sqlite_master WHERE name = ?", (KEY_TABLE,)
            ).fetchone()
            if known is not None:
                connection.execute(f"DELETE FROM {KEY_TABLE}")  # noqa: S608  # a name of ours
            stamp = now.astimezone(UTC).isoformat(timespec="seconds")
            connection.execute("INSERT OR REPLACE INTO memos (name, value) VALUES (?, ?)", (COPIED_AT, stamp))
            connection.execute("VACUUM")  # a deleted text may still lie between the rows
    except sqlite3.Error as error:
        raise NotOurs(str(named), str(error)) from error


def _put_in_place(made: Path, target: Path) -> None:
    """Give the finished file its name, never in the place of another file. Raises FileThere or OSError."""
    handle = os.open(made, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(made, target)
    except FileExistsError:
        raise FileThere(str(target)) from None
    except OSError:  # a file system without a second name for one file
        if target.exists():
            raise FileThere(str(target)) from None
        made.rename(target)
    sync_folder(target.parent)


def _open(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Never makes a file, not even a temporary one. Each statement is a transaction of its own."""
    mode = "ro" if read_only else "rw"
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, timeout=PATIENCE_SECONDS, isolation_level=None)
    connection.execute("PRAGMA temp_store=MEMORY")
    return connection
