"""What the tests of the command line share."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Awaitable, Generator, Mapping
from pathlib import Path
from typing import Protocol

import pytest
from discord.http import Route

from bot.__main__ import main
from bot.cli.logging_setup import LIBRARIES, OURS
from bot.settings import SETTINGS
from tests.cli.commands import Ended
from tests.wire.discord_double import Double

SERVER, CHANNEL = 2_001_000_000_000_000_001, 3_001_000_000_000_000_001


class Quickly(Protocol):
    """A command with its arguments, and the settings of its environment."""

    def __call__(self, command: str, values: Mapping[str, str], *arguments: str) -> Awaitable[Ended]: ...


@pytest.fixture
async def discord() -> AsyncGenerator[Double]:
    """A small Discord on this computer, with one server and a channel in it."""
    async with Double() as double:
        guild = double.world.add_guild("The practice", id=SERVER, everybody=0)
        double.world.add_channel(guild, "slips", id=CHANNEL)
        yield double


@pytest.fixture
def usual_logging() -> Generator[None]:
    """Put the loggers back afterwards."""
    loggers = [logging.getLogger(name) for name in ("", *OURS, *LIBRARIES, "apscheduler")]
    told = [logging.getLogger(name) for name in ("discord.client", "discord.shard")]
    levels = [(logger, logger.level) for logger in [*loggers, *told]]
    handlers, filters = list(logging.root.handlers), [list(logger.filters) for logger in told]
    yield
    logging.root.handlers[:] = handlers
    for logger, before in zip(told, filters, strict=True):
        logger.filters[:] = before
    for logger, level in levels:
        logger.setLevel(level)


@pytest.fixture
def quickly(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    usual_logging: None,
) -> Generator[Quickly]:
    """A command in this process, which has everything imported already; what it changes is put back."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    previous = os.umask(0o022)

    async def run(command: str, values: Mapping[str, str], *arguments: str) -> Ended:
        for name in SETTINGS:
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = await asyncio.to_thread(main, [command, *arguments])
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    yield run
    os.umask(previous)
