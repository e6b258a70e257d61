"""Opening the rehearsal's world: the real bot, a throw-away database, a simulated Discord."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import simcord

from bot.content.library import load_library
from bot.content.words import Words
from bot.rehearsal.log import Log, RehearsalBot
from bot.rehearsal.stage import SimcordStage
from bot.rehearsal.world import OPENING, ZONE, build
from bot.services import make_services
from bot.services.keyring import Keyring
from bot.settings import PEPPER_BYTES, Settings
from db.database import open_database
from db.keys import FileKeyStore

PATIENCE = 60.0  # real seconds in which the bot must come to rest after each thing that happens


class _WorldClock:
    """The simulated Discord's time; before there is one, the moment at which its world will begin."""

    def __init__(self) -> None:
        self.env: simcord.Env | None = None

    def __call__(self) -> datetime:
        return max(self.env.now(), OPENING) if self.env else OPENING


@asynccontextmanager
async def open_stage(words: Words, random: Random) -> AsyncGenerator[SimcordStage]:
    """The world with its first question asked, shown to a peer. Everything is erased at the end."""
    clock = _WorldClock()
    with TemporaryDirectory(prefix="good-enough-rehearsal-", ignore_cleanup_errors=True) as folder:
        settings = made_up_settings(Path(folder), words)
        async with open_database(settings.database_url) as database:
            keyring = Keyring(FileKeyStore(settings.key_file), settings.pepper, settings.window_days)
            services = make_services(
                database, keyring, load_library(), words, now=clock, random=random, grace=settings.grace
            )
            log = Log(words, clock, ZONE)
            bot = RehearsalBot(settings, services, words, log, now=clock, random=random)
            reporter = bot.tree.on_error
            async with simcord.run(bot, settle_timeout=PATIENCE, check_errors=False) as env:
                clock.env = env
                # simcord put its own in front, which takes a refusal, kindly told, for a failure
                bot.tree.on_error = reporter
                await env.advance_time((OPENING - env.now()).total_seconds())
                if bot.user is not None:
                    await bot.user.edit(username=words("rehearsal.world.bot"))
                stage = SimcordStage(env, bot, await build(env, words), words, log)
                await stage.open()
                try:
                    yield stage
                finally:
                    await stage.close()


def made_up_settings(folder: Path, words: Words) -> Settings:
    """Settings that lead nowhere: no token of anybody, files in ``folder``, a pepper of its own."""
    return Settings(
        token="made.up.token",  # noqa: S106  # opens nothing: simcord never asks Discord
        contact=words("rehearsal.world.contact"),
        pepper=secrets.token_bytes(PEPPER_BYTES),
        database_url=f"sqlite+aiosqlite:///{folder / 'rehearsal.sqlite3'}",
        key_file=folder / "epoch-keys.json",
        window_days=28,
        retention_days=None,
        grace=timedelta(hours=12),
        send_rate=50,
        shard_count=1,
        shard_groups=1,
        api_url=None,
        log_level="WARNING",
        log_format="plain",
        metrics_host="127.0.0.1",
        metrics_port=None,
    )
