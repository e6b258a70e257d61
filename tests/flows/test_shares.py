"""A process that shares the servers with others: it works for its own, and leaves the rest to them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.rules.shares import share_of
from tests.conftest import Stage, make_settings


@pytest.fixture
async def second(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    """The second of two processes."""
    settings = make_settings(tmp_path, database_url=database_url, shard_count=2)
    stage = Stage(tmp_path, settings, share_of(1, 2, 2))
    await stage.open()
    yield stage
    await stage.close()


async def test_the_one_without_shard_0_leaves_the_commands_to_the_other(second: Stage) -> None:
    assert [one.path for one in second.env.http_requests if "commands" in one.path] == []


async def test_it_connects_its_own_shards_alone(second: Stage) -> None:
    guild = second.env.create_guild(shard_id=1)

    assert list(second.bot.shards) == [1]
    assert second.bot.get_guild(guild.id) is not None
