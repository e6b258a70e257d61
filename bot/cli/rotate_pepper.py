"""``rotate-pepper``: another pepper in the place of the one there is, or of one that is lost.

Any moment is a safe one to be cut off at. The settings file gets the new pepper beside the one of before, the
keys are wrapped anew, all at once, and the one of before leaves the file: whoever finds both there, this
command or a start of the bot, goes on from where it was.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from secrets import SystemRandom

from bot.cli.environment import known_settings, values_in
from bot.cli.exits import Exit
from bot.cli.opening import erasure_file, explained, key_store, utc_now
from bot.cli.peppers import BEFORE, NOW, as_text, written
from bot.cli.problems import Problem
from bot.content.library import load_library
from bot.content.words import Words
from bot.rules.anonymity import WrongPepper
from bot.services import make_services
from bot.services.keyring import Keyring
from bot.services.rotation import forget_keys, rewrap_keys
from bot.settings import PEPPER_BYTES, Settings
from db.database import Database, look_at_database, open_database
from db.errors import FolderUnwritable
from db.keys import KeyFileBroken


def work(arguments: argparse.Namespace, words: Words) -> int:
    """Change the pepper, and say what the operator has to do now. Raises Problem."""
    values = values_in(Path.cwd())
    known = known_settings(values)
    needed = ("DATABASE_URL", "KEY_FILE", "ANONYMITY_WINDOW_DAYS")
    for name in needed if arguments.lost else (*needed, NOW, BEFORE):
        if problem := known.wrong.get(name):
            raise problem
    with explained(known.settings):
        try:
            if arguments.lost:
                asyncio.run(_lost(known.settings, NOW not in known.wrong, words))
            else:
                asyncio.run(_rotate(known.settings, values))
        except OSError as error:
            raise FolderUnwritable(str(known.settings.key_file.parent)) from error
    print(words(f"cli.rotate.{'lost' if arguments.lost else 'done'}"))
    if not known.settings.on_sqlite:
        print(f"  - {words('cli.rotate.logs')}")
    for key in ("keep", "others"):
        print(f"  - {words(f'cli.rotate.{key}')}")
    return Exit.FINE


async def _rotate(settings: Settings, values: Mapping[str, str]) -> None:
    async with _alone(settings) as database:
        store = key_store(database, settings)
        if settings.pepper_before is None:
            await Keyring(store, settings.pepper, settings.window_days).open(utc_now())
            fresh = secrets.token_bytes(PEPPER_BYTES)
            _write({NOW: as_text(fresh), BEFORE: values[NOW]}, "by_hand", as_text(fresh))
            settings = replace(settings, pepper=fresh, pepper_before=settings.pepper)
        await rewrap_keys(store, settings.pepper_before or settings.pepper, settings.pepper)
        await Keyring(store, settings.pepper, settings.window_days).open(utc_now())
        _write({BEFORE: ""}, "remove_by_hand")


async def _lost(settings: Settings, given: bool, words: Words) -> None:
    """The keys that nobody can open any more go, and with them at once all that hung on them."""
    async with _alone(settings) as database:
        store = key_store(database, settings)
        if given and await _opens(settings, database):
            raise Problem(Exit.PEPPER_NOT_LOST, "rotate.not_lost")
        await forget_keys(store)
        new = as_text(secrets.token_bytes(PEPPER_BYTES))
        done = written({NOW: new, BEFORE: ""})
        keyring = Keyring(store, bytes(PEPPER_BYTES), settings.window_days)  # there is no key to open
        await keyring.open(utc_now())
        services = make_services(
            database, keyring, load_library(), words, now=utc_now, random=SystemRandom(),
            grace=settings.grace, erasure_file=erasure_file(settings),
        )  # fmt: skip
        await services.housekeeping.clean(utc_now())
        if not done:
            print(f"{NOW}={new}")
            raise Problem(Exit.PEPPER_BY_HAND, "rotate.lost_by_hand")


async def _opens(settings: Settings, database: Database) -> bool:
    """Whether the pepper in the settings opens keys that are there."""
    store = key_store(database, settings)
    try:
        await Keyring(store, settings.pepper, settings.window_days).open(utc_now())
        return bool(await store.load())
    except (WrongPepper, KeyFileBroken):
        return False


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncGenerator[Database]:
    """The database, while nobody else works on it and on the keys. Raises Problem or DatabaseProblem."""
    async with look_at_database(settings.database_url) as found:
        if found is not None and await found.others():
            raise Problem(Exit.DATABASE_BUSY, "restore.others", where=found.where)
    async with open_database(settings.database_url) as database:
        yield database


def _write(values: Mapping[str, str], by_hand: str, new: str = "") -> None:
    """Write into the settings file; what can't be written there is the operator's to do. Raises Problem."""
    if written(values):
        return
    if new:
        print(f"{NOW}={new}")
    raise Problem(Exit.PEPPER_BY_HAND, f"rotate.{by_hand}")
