"""One game: people tell for weeks, and everything that an adversary could have is put aside."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bot.cli.logging_setup import Discreet
from bot.rules.anonymity import unwrap
from db.keys import FileKeyStore
from tests.anonymity.linking.world import World
from tests.anonymity.pages import Cell, SqliteFile
from tests.anonymity.town import FILE, KEYS, Town, town
from tests.conftest import PEPPER

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS_OF_A_STORY = 300
DAY, WINDOW = timedelta(days=1), timedelta(days=28)
CHANGES_WITH_EVERYTHING = (FILE, f"{FILE}-wal", f"{FILE}-shm")
"""Written at each press, whatever it is: who watches that watches a running bot."""

Breaking = Callable[[Town], AbstractContextManager[None]]
"""Breaks a promise of the bot's for the time of a game, to see that the attacker notices."""


@dataclass(frozen=True, slots=True)
class Story:
    """A story as everybody sees it."""

    id: int
    circle: int
    at: datetime
    teller: int
    """Which member: the answer, which the attacker is told of every second story."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that stood somewhere."""

    at: datetime
    source: str
    story: int | None = None
    """The id of the story beside which it stands; None: anybody's."""


@dataclass
class Loot:
    """What a thief has at one moment."""

    cells: list[Cell]
    keys: dict[int, bytes] = field(default_factory=dict[int, bytes])
    """By their epochs: opened with the pepper."""


@dataclass
class Played:
    """All that came of a game."""

    world: World
    delay: timedelta
    stories: list[Story] = field(default_factory=list[Story])
    inside: Loot = field(default_factory=lambda: Loot([]))
    """Everything on the day after the last story."""
    after: Loot = field(default_factory=lambda: Loot([]))
    """Everything when the window of the last story has passed."""
    moments: list[Moment] = field(default_factory=list[Moment])
    """Times of files, seen once a day, and of lines in the log."""


async def play(
    folder: Path,
    world: World,
    random: Random,
    *,
    delay: int,
    batch: int | None = None,
    breaking: Breaking = lambda _: nullcontext(),
    to_the_end: bool = True,
) -> Played:
    """Let everybody tell in a world, with this longest wait in minutes, or in batches; ``to_the_end`` of the
    window."""
    played = Played(world, timedelta(minutes=delay) if batch is None else DAY)
    circles = max(member.circle for member in world.members) + 1
    async with town(folder, random) as here:
        await here.settle_in(circles, delay, **({"batch_of": batch} if batch else {}))
        files, lines = _Files(here), _Lines(here)
        with breaking(here), lines:
            await _weeks(here, world, played, files)
            await here.until(here.now() + DAY)
            await here.clean()
            played.inside = await _loot(here)
            if to_the_end:
                await here.until(here.now() + WINDOW)
                await here.clean()
                played.after = await _loot(here)
        played.moments = files.found + lines.found
    return played


async def _weeks(here: Town, world: World, played: Played, files: _Files) -> None:
    told: dict[int, int] = {}
    asked = set[int]()
    for telling in world.tellings:
        await here.until(telling.at)
        member = world.members[telling.member]
        circle = here.circles[member.circle]
        slip = "".join(here.random.choices(LETTERS, k=WORDS_OF_A_STORY))
        receipt = await here.write(slip, circle=circle)
        story = await here.post(receipt, member.id)
        told[story.story_id] = telling.member
        if telling.member not in asked:  # what bears a name is written beside what doesn't
            asked.add(telling.member)
            await here.remind(member.id, circle)
        files.look()
    await here.until(max(world.end, here.now() + played.delay + DAY))
    played.stories += [
        Story(story, world.members[teller].circle, here.shown[story].at, teller)
        for story, teller in told.items()
        if story in here.shown
    ]
    here.random.shuffle(played.stories)


async def _loot(here: Town) -> Loot:
    async with here.database._writer.connect() as connection:
        await connection.run_sync(
            lambda one: one.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        )
    stored = await FileKeyStore(here.folder / KEYS).look()
    keys = {epoch: unwrap(PEPPER, epoch, one.wrapped) for epoch, one in stored.items()}
    copy = here.folder / "stolen"
    shutil.copy(here.folder / FILE, copy)
    cells = list(SqliteFile(copy).cells())
    copy.unlink()
    return Loot(cells, keys)


class _Files:
    """A thief who comes every night and reads when each file was last changed."""

    def __init__(self, here: Town) -> None:
        self.found: list[Moment] = []
        self._here = here
        self._states: dict[Path, Any] = {}
        self._changed: dict[Path, datetime] = {}
        self._day = here.now().date()
        here.listeners.append(self.look)

    def look(self) -> None:
        """Notice what has changed, and at midnight steal the times."""
        now = self._here.now()
        if now.date() != self._day:
            self._day = now.date()
            self.found += [Moment(at, path.name) for path, at in self._changed.items()]
            self._changed.clear()
        for path in self._here.folder.iterdir():
            state = path.stat()
            new = (state.st_mtime_ns, state.st_ino)
            if path.name not in CHANGES_WITH_EVERYTHING and self._states.get(path) != new:
                self._states[path] = new
                self._changed[path] = now


class _Lines(logging.Handler):
    """A thief of the log, at DEBUG."""

    def __init__(self, here: Town) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(Discreet(()))
        self.found: list[Moment] = []
        self._here = here
        self._loggers = [logging.getLogger(name) for name in ("bot", "db", "cogs")]

    def emit(self, record: logging.LogRecord) -> None:
        self.format(record)
        self.found.append(Moment(self._here.now(), "the log"))

    def __enter__(self) -> _Lines:
        self._before = [logger.level for logger in self._loggers]
        for logger in self._loggers:
            logger.addHandler(self)
            logger.setLevel(logging.DEBUG)
        return self

    def __exit__(self, *_exception: object) -> None:
        for logger, level in zip(self._loggers, self._before, strict=True):
            logger.removeHandler(self)
            logger.setLevel(level)
