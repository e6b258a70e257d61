"""Several processes of the bot on one PostgreSQL: each with connections, keys and services of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from bot.content.library import load_library
from bot.rules.shares import Share
from bot.services import Services, make_services
from bot.services.keyring import Keyring
from bot.services.shard_groups import ShardGroups, StandBy
from db.database import Database, open_database
from db.key_table import TableKeyStore
from tests.conftest import PEPPER, WORDS, Now


@dataclass
class Process:
    """One process. What it does for Discord isn't here."""

    database: Database
    groups: ShardGroups
    keyring: Keyring
    now: Now

    async def share(self) -> Share:
        """Take a share; there must be one."""
        found = await self.groups.take()
        assert not isinstance(found, StandBy), found
        return found

    def services(self, share: Share) -> Services:
        """Its services, for a share."""
        return make_services(
            self.database,
            self.keyring,
            load_library(),
            WORDS,
            now=self.now,
            random=Random(7),
            grace=timedelta(hours=12),
            share=share,
        )

    async def work(self) -> Services:
        """Take a share, and work for it."""
        return self.services(await self.share())


@asynccontextmanager
async def process(url: str, now: Now, *, shards: int = 0, groups: int = 1) -> AsyncGenerator[Process]:
    """A process that has opened its database."""
    async with open_database(url) as database:
        keyring = Keyring(TableKeyStore(database), PEPPER, 28)
        await keyring.open(now())
        yield Process(database, ShardGroups(database, shards, groups), keyring, now)
