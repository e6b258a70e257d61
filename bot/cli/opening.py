"""Opening what a running bot needs, in one visible order; and what each thing that can fail means."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from secrets import SystemRandom

import aiohttp
import discord

from bot.cli.exits import Exit
from bot.cli.peppers import finish_rotation
from bot.cli.problems import Problem
from bot.cli.sharing import Kept, taken_share
from bot.client import Bot
from bot.content.library import load_library
from bot.content.words import Words
from bot.operating.measures import Measures
from bot.rules.anonymity import WrongPepper
from bot.services import make_services
from bot.services.keyring import Keyring
from bot.services.memos import Memos
from bot.services.shard_groups import ShardGroups
from bot.settings import Settings
from bot.wire import ask_gateway, point_at
from db.copying import COPIED_AT, FileThere, NotOurs, PutBackByHand
from db.database import Database, database_file, open_database
from db.erasure_file import ErasureFileNewer, beside
from db.errors import DatabaseBusy, DatabaseProblem, DatabaseTooNew, FolderUnwritable
from db.key_table import TableKeyStore
from db.keys import FileKeyStore, KeyFileBroken, KeyStore

AUTHENTICATION_FAILED = 4004
"""Discord's close code for a token that isn't valid any more."""


def utc_now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_share(settings: Settings, stop: asyncio.Event) -> AsyncGenerator[Kept | None]:
    """The database, the keys tried, and this process's share of the servers; it stands by until one is free.

    None when ``stop`` was set before. Raises what ``explained`` turns into Problems.
    """
    async with open_database(settings.database_url) as database:
        await _not_a_copy(database)
        await _try_keys(database, settings)
        groups = ShardGroups(database, settings.shard_count, settings.shard_groups)
        async with taken_share(database, groups, stop) as kept:
            yield kept


@asynccontextmanager
async def open_bot(settings: Settings, words: Words, kept: Kept) -> AsyncGenerator[Bot]:
    """A bot for a share, with everything it needs, not yet connected. Raises what ``explained`` turns into
    Problems."""
    random = SystemRandom()
    point_at(settings.api_url)
    # made here, and not before standing by: a process that waits for weeks must hold no keys
    keyring = Keyring(key_store(kept.database, settings), settings.pepper, settings.window_days)
    await keyring.open(utc_now())
    services = make_services(
        kept.database, keyring, load_library(), words, now=utc_now, random=random, grace=settings.grace,
        erasure_file=erasure_file(settings), share=kept.share, retention_days=settings.retention_days,
    )  # fmt: skip
    measures = _measures(settings)
    bot = Bot(
        settings, services, words, now=utc_now, random=random, measures=measures, still_ours=kept.still_ours
    )
    async with bot, _watched(bot, measures):
        yield bot
    await services.housekeeping.stopped(utc_now())


def key_store(database: Database, settings: Settings) -> KeyStore:
    """Where the epoch keys are kept: apart from SQLite's file; where all processes see them on PostgreSQL."""
    return FileKeyStore(settings.key_file) if database.is_sqlite else TableKeyStore(database)


def _measures(settings: Settings) -> Measures:
    """What counts, if a port is set on which somebody may read it."""
    if settings.metrics_port is None:
        return Measures()
    from bot.operating.prometheus import PrometheusMeasures

    return PrometheusMeasures(version("good-enough"))


@asynccontextmanager
async def _watched(bot: Bot, measures: Measures) -> AsyncGenerator[None]:
    """Let the bot be watched, if that is wanted. Raises Problem when the port can't be had."""
    host, port = bot.settings.metrics_host, bot.settings.metrics_port
    if port is None:
        yield
        return
    from bot.operating.server import watched

    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(watched(bot, measures, host, port))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise Problem(
                Exit.BAD_SETTING, "start.bad_metrics_port", host=host, port=port, reason=reason
            ) from None
        yield


def erasure_file(settings: Settings) -> Path:
    """Where erasures are mirrored: beside the database's file, or else beside the keys."""
    path = database_file(settings.database_url)
    return beside(path) if path is not None else settings.key_file.with_name("erasures")


async def living_epochs(database: Database, settings: Settings, now: datetime) -> frozenset[int]:
    """The epochs whose keys still live at an aware ``now``. Changes nothing. Raises KeyFileBroken."""
    if database.is_sqlite:
        keys = await FileKeyStore(settings.key_file).look()
    else:
        keys = await TableKeyStore(database).load()
    return frozenset(number for number, key in keys.items() if key.destroy_at > now)


async def _not_a_copy(database: Database) -> None:
    """A copy that was put back by hand would ask twice, and show what was taken back: ``restore`` first."""
    if await Memos(database).get(COPIED_AT) is not None:
        raise PutBackByHand(database.where)


async def connect(bot: Bot) -> None:
    """Log in and stay connected until the bot is closed. Raises Problem when Discord doesn't let us.

    A connection that breaks later is mended by discord.py, again and again, and doesn't end this.
    """
    with asking(bot, bot.settings):
        await bot.login(bot.settings.token)
        gateway = await ask_gateway(bot)
        bot.identify_buckets = gateway.identify_buckets
        if bot.settings.shard_count == 0:
            bot.shard_count = gateway.shards
        await bot.connect()


@contextmanager
def asking(client: discord.Client, settings: Settings) -> Generator[None]:
    """Turn what keeps ``client`` from logging in, or ends its connection, into a Problem."""
    try:
        yield
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise of_discord(error, settings) from error
    except (TypeError, LookupError) as error:
        if client.application_id is not None:
            raise
        # who answered isn't Discord: a login page of the network, or a wrong address
        raise of_discord(error, settings) from error


async def _try_keys(database: Database, settings: Settings) -> None:
    """Open the keys and make today's: a folder that can't be written is found now, not when somebody
    tells a story, and a wrong pepper not when this process is needed."""
    store = key_store(database, settings)
    keyring = Keyring(store, settings.pepper, settings.window_days)
    try:
        await finish_rotation(settings, store)
        await keyring.open(utc_now())
        await keyring.epoch(utc_now())
    except OSError as error:
        raise FolderUnwritable(str(settings.key_file.parent)) from error


@contextmanager
def explained(settings: Settings) -> Generator[None]:
    """Turn what is wrong with database and keys into a Problem; other errors stay faults of ours."""
    try:
        yield
    except (DatabaseProblem, WrongPepper) as error:
        raise of_files(error, settings) from error


def of_files(error: DatabaseProblem | WrongPepper, settings: Settings) -> Problem:
    """What is wrong with the database or the epoch keys."""
    match error:
        case WrongPepper() if not settings.on_sqlite:
            return Problem(Exit.WRONG_PEPPER, "start.wrong_pepper_table")
        case WrongPepper():
            return Problem(Exit.WRONG_PEPPER, "start.wrong_pepper", file=settings.key_file)
        case KeyFileBroken():
            return Problem(Exit.BAD_KEY_FILE, "start.bad_key_file", file=error.where, reason=error.reason)
        case DatabaseBusy():
            return Problem(Exit.DATABASE_BUSY, "start.database_busy", where=error.where)
        case DatabaseTooNew():
            return Problem(Exit.DATABASE_TOO_NEW, "start.database_too_new", where=error.where)
        case FileThere():
            return Problem(Exit.BACKUP_EXISTS, "backup.exists", file=error.where)
        case PutBackByHand():
            return Problem(Exit.RESTORE_UNFINISHED, "restore.by_hand", where=error.where)
        case NotOurs():
            return Problem(Exit.NOT_A_BACKUP, "restore.not_ours", file=error.where, reason=error.reason)
        case ErasureFileNewer():
            return Problem(Exit.DATABASE_TOO_NEW, "restore.newer_erasures", file=error.where)
        case FolderUnwritable():
            return Problem(Exit.UNWRITABLE, "start.unwritable", where=error.where)
        case _:
            return Problem(
                Exit.DATABASE_UNUSABLE, "start.database_unusable", where=error.where, reason=_reason(error)
            )


def of_discord(error: Exception, settings: Settings) -> Problem:
    """Why Discord could not be reached, or what it refused."""
    where = settings.api_url or "discord.com"
    match error:
        case discord.LoginFailure():
            return Problem(Exit.TOKEN_REFUSED, "start.token_refused")
        case discord.ConnectionClosed(code=code) if code == AUTHENTICATION_FAILED:
            return Problem(Exit.TOKEN_REFUSED, "start.token_refused")
        case discord.ConnectionClosed(code=code):
            return Problem(Exit.DISCORD_REFUSED, "start.discord_refused", where=where, answer=code)
        case discord.HTTPException(status=status, code=code) if status < 500:
            answer = f"{status}/{code}"
            return Problem(Exit.DISCORD_REFUSED, "start.discord_refused", where=where, answer=answer)
        case _:
            reason = type(error).__name__
            return Problem(Exit.DISCORD_UNREACHABLE, "start.discord_unreachable", where=where, reason=reason)


def _reason(error: BaseException) -> str:
    """The driver's own short words, such as "file is not a database", on one line."""
    cause = error.__cause__ or error
    original = getattr(cause, "orig", None) or cause
    return " ".join(str(original).split())[:200] or type(original).__name__
