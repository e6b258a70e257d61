"""What can happen to the file of a running bot, from outside: somebody else writes, the disk is full."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, suppress
from pathlib import Path

from tests.wire.bot_process import BotProcess
from tests.wire.switches import DIES_WITH, READ_ONLY

FILE = Path("data/good-enough.sqlite3")
"""Where the database stands in the bot's folder, unless a setting says something else."""

Trouble = Callable[[BotProcess], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def locked(bot: BotProcess) -> AsyncGenerator[None]:
    """Somebody else is writing, and doesn't come to an end. Reading goes on."""
    other = sqlite3.connect(bot.folder / FILE, isolation_level=None, timeout=0)
    with closing(other):
        await _begin(other)
        yield


async def _begin(other: sqlite3.Connection) -> None:
    """Take the lock between two transactions of the bot, without stopping the loop of the double."""
    while True:
        try:
            other.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError:
            await asyncio.sleep(0.01)


@asynccontextmanager
async def full(bot: BotProcess) -> AsyncGenerator[None]:
    """Not one byte more can be written to any file: as on a full disk, but for this process alone."""
    import resource

    before = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        with suppress(ProcessLookupError):  # it may have been killed meanwhile
            resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, before)


@asynccontextmanager
async def read_only(bot: BotProcess) -> AsyncGenerator[None]:
    """Nothing can be written any more; the bot has to be ``switched``."""
    switch = bot.folder / READ_ONLY
    switch.touch()
    try:
        yield
    finally:
        switch.unlink()


def dies_with(bot: BotProcess, statement: str) -> None:
    """Let a ``switched`` bot kill itself at the end of the next transaction with such a statement."""
    (bot.folder / DIES_WITH).write_text(statement)


def asked(bot: BotProcess, question: str, *values: object) -> list[tuple[object, ...]]:
    """Look into the database beside the bot."""
    with closing(sqlite3.connect(bot.folder / FILE, timeout=30)) as beside:
        return beside.execute(question, values).fetchall()
