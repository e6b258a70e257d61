"""``restore``: a copy of the database is put back and put right, so that the bot can go on with it."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.cli.backup import settings_of_files
from bot.cli.exits import Exit
from bot.cli.opening import erasure_file, explained, living_epochs, utc_now
from bot.cli.problems import Problem
from bot.content.words import Words
from bot.services.restoring import LONG_AGO, Restored, Restoring, look_at_remains
from bot.settings import Settings
from db.copying import put_back, unpacked
from db.database import Database, database_file, look_at_database, make_folder, open_database
from db.erasure_file import ErasureFile, ErasureFileBroken, ErasureFileNewer
from db.erasures import Erased
from db.errors import DatabaseProblem, DatabaseTooNew
from db.lock import ProcessLock
from db.restoring import Remains


@dataclass(frozen=True, slots=True)
class Memory:
    """What is still known beside the copy."""

    mirrored: frozenset[Erased] | None
    """What the mirror of erasures remembers; None when there is none that can be read."""
    remains: Remains | None
    """What the replaced database knows; None when there is none that can be read."""

    @property
    def none_at_all(self) -> bool:
        """Nobody can tell what was taken back since the copy was made."""
        return self.mirrored is None and self.remains is None


def work(arguments: argparse.Namespace, words: Words) -> int:
    """Put the copy in place and right, and say what was lost. Raises Problem."""
    settings = settings_of_files(Path.cwd())
    with explained(settings):
        if arguments.in_place:
            done, memory = asyncio.run(put_right(settings, utc_now()))
        else:
            source = Path(arguments.file)
            done, memory = restore(settings, source, utc_now(), overwrite=arguments.overwrite)
    _tell(words, done, memory)
    return Exit.FINE


def restore(
    settings: Settings, source: Path, now: datetime, *, overwrite: bool = False
) -> tuple[Restored, Memory]:
    """Put the copy ``source`` in the place of the database, right for an aware ``now``, or change nothing.

    Raises Problem or DatabaseProblem.
    """
    target = database_file(settings.database_url)
    if target is None:
        raise Problem(Exit.NOT_A_FILE, "restore.postgres")
    if not source.is_file():
        raise Problem(Exit.NOT_A_BACKUP, "restore.no_file", file=source)
    make_folder(target)
    with ProcessLock.beside(target):
        if (target.exists() or target.is_symlink()) and not overwrite:
            raise Problem(Exit.WOULD_OVERWRITE, "restore.would_overwrite", where=target)
        with unpacked(source, target) as copy:
            done, memory = asyncio.run(_repaired(settings, copy.absolute(), source, now))
            put_back(copy, target)
            return done, memory


async def _repaired(settings: Settings, copy: Path, source: Path, now: datetime) -> tuple[Restored, Memory]:
    """The copy, of this version and right. What is wrong with it is said of the file that was named."""
    memory = Memory(await _mirrored(settings), await _remains(settings))
    try:
        async with open_database(f"sqlite+aiosqlite:///{copy}", alone=False) as database:
            done = await _repair(settings, database, memory, now)
            return done, memory
    except DatabaseTooNew as error:
        raise DatabaseTooNew(str(source)) from error


async def put_right(settings: Settings, now: datetime) -> tuple[Restored, Memory]:
    """The same for a copy that is in its place already, by other means. Raises Problem or DatabaseProblem."""
    async with look_at_database(settings.database_url) as found:
        if found is None:
            where = database_file(settings.database_url)
            raise Problem(Exit.NO_DATABASE, "backup.nothing", where=where)
        if await found.others():
            raise Problem(Exit.DATABASE_BUSY, "restore.others", where=found.where)
    async with open_database(settings.database_url) as database:
        memory = Memory(await _mirrored(settings), None)
        return await _repair(settings, database, memory, now), memory


async def _repair(settings: Settings, database: Database, memory: Memory, now: datetime) -> Restored:
    restoring = Restoring(database, await living_epochs(database, settings, now))
    done = await restoring.repair(now, memory.remains, memory.mirrored or frozenset())
    await database.erase_traces()
    return done


async def _mirrored(settings: Settings) -> frozenset[Erased] | None:
    path = erasure_file(settings)
    try:
        return await ErasureFile(path).load() if path.exists() else None
    except ErasureFileNewer:
        raise  # this version would bring back what that one knows to be gone
    except ErasureFileBroken:
        return None


async def _remains(settings: Settings) -> Remains | None:
    """Whatever is wrong with the database that is replaced must not keep the copy from taking its place."""
    try:
        async with look_at_database(settings.database_url) as database:
            return await look_at_remains(database) if database is not None else None
    except DatabaseProblem:
        return None


def _tell(words: Words, done: Restored, memory: Memory) -> None:
    """What the operator has to know, and has to tell the circles' facilitators."""
    if done.copied_at == LONG_AGO:
        print(words("cli.restore.done_undated"))
    else:
        print(words("cli.restore.done", moment=f"{done.copied_at:%Y-%m-%d %H:%M} UTC"))
    lines = [words("cli.restore.lost_since")]
    if memory.none_at_all:
        lines.append(words("cli.restore.no_memory"))
    else:
        lines.append(words("cli.restore.erased", count=done.erased))
    if done.unsure:
        lines.append(words("cli.restore.unsure", count=done.unsure))
    if done.weeks:
        lines.append(words("cli.restore.weeks", count=done.weeks))
    lines += [
        words("cli.restore.lost_mute", channel=mute.channel_id, number=mute.number)
        for mute in done.lost_mutes
    ]
    for line in lines:
        print(f"  - {line}")
    print(words("cli.restore.next"))
