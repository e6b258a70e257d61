"""What an operator is told about PostgreSQL, its table of keys, and settings for several processes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.cli.exits import Exit
from bot.rules.anonymity import epoch_of
from bot.services.keyring import Keyring
from bot.settings import SettingsError, read_settings
from db.database import open_database
from db.key_table import TableKeyStore
from db.story_tables import Mute, Story
from db.tables import Circle
from tests.cli.commands import GOOD, NOBODY_LISTENS, Ended, ended
from tests.cli.conftest import Quickly
from tests.cli.test_check import findings
from tests.conftest import POSTGRESQL
from tests.wire.discord_double import Double

SERVER = {"DATABASE_URL": "postgresql+asyncpg://somebody@somewhere/good-enough"}
Checked = Callable[[], Awaitable[Ended]]


@pytest.fixture
def engine() -> str:
    """The other engine has its own tests."""
    return POSTGRESQL


@pytest.fixture
def checked(quickly: Quickly, discord: Double, database_url: str) -> Checked:
    """``check`` with well-formed settings and a Discord on this computer."""

    async def check() -> Ended:
        return await quickly("check", GOOD | {"DISCORD_API_URL": discord.url, "DATABASE_URL": database_url})

    return check


async def made_a_key(database_url: str, *, pepper: bytes | None = None, ago: timedelta = timedelta()) -> None:
    """What a run has left in the table."""
    async with open_database(database_url) as database:
        keyring = Keyring(TableKeyStore(database), pepper or read_settings(GOOD).pepper, 28)
        await keyring.epoch(datetime.now(UTC) - ago)


async def test_after_a_run_all_is_well(checked: Checked, database_url: str) -> None:
    await made_a_key(database_url)

    assert findings(await checked()) == []


@pytest.mark.parametrize(
    ("pepper", "ago", "told"),
    [(bytes(32), timedelta(), "PEPPER"), (None, timedelta(days=40), "time is over")],
)
async def test_keys_that_dont_open_or_should_be_gone_are_findings(
    checked: Checked, database_url: str, pepper: bytes | None, ago: timedelta, told: str
) -> None:
    await made_a_key(database_url, pepper=pepper, ago=ago)

    (found,) = findings(await checked())

    assert told in found
    assert "epoch_keys" in found


@pytest.mark.parametrize("statement", ["TRUNCATE epoch_keys", "DROP TABLE epoch_keys"])
async def test_a_table_of_keys_that_was_not_put_back_is_a_finding_and_no_hindrance(
    checked: Checked, database_url: str, statement: str
) -> None:
    await made_a_key(database_url)
    async with open_database(database_url) as database, database.write() as session:
        await session.execute(text(statement))

    (found,) = findings(await checked())
    assert "epoch_keys is empty or gone" in found

    await made_a_key(database_url)
    assert findings(await checked()) == []


async def test_putting_a_copy_right_keeps_the_mutes_whose_keys_are_in_the_table(
    quickly: Quickly, database_url: str
) -> None:
    now = datetime.now(UTC)
    await made_a_key(database_url)
    async with open_database(database_url) as database, database.write() as session:
        circle = Circle(
            guild_id=1, channel_id=2, zone="UTC", language="en", size=8, delay_minutes=30, stories_told=2
        )
        session.add(circle)
        await session.flush()
        for number, epoch in ((1, epoch_of(now, 28)), (2, epoch_of(now - timedelta(days=20), 28))):
            story = Story(
                circle_id=circle.id, voice="unnamed", slip="", effect="", repair="", lesson="", ask="listen",
                state="published", number=number, receipt_hash=bytes([number]) * 32, epoch=epoch,
                quote_lesson=False,
            )  # fmt: skip
            session.add(story)
            await session.flush()
            session.add(
                Mute(
                    circle_id=circle.id,
                    story_id=story.id,
                    number=number,
                    epoch=epoch,
                    tag=bytes(32),
                    until=now + timedelta(days=5),
                )
            )

    end = await quickly("restore", GOOD | {"DATABASE_URL": database_url}, "--in-place")

    assert end.code == Exit.FINE, end.err
    async with open_database(database_url) as database, database.read() as session:
        assert list(await session.scalars(select(Mute.number))) == [1]


async def test_a_start_with_another_pepper_than_the_one_of_the_keys_is_refused(
    tmp_path: Path, database_url: str
) -> None:
    await made_a_key(database_url, pepper=bytes(32))

    end = await ended(
        tmp_path, values=GOOD | {"DATABASE_URL": database_url, "DISCORD_API_URL": NOBODY_LISTENS}
    )

    assert end.code == Exit.WRONG_PEPPER
    assert "epoch_keys" in end.sentence


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"SHARD_GROUPS": "2"}, "groups_on_sqlite"),
        ({"SHARD_GROUPS": "2", "SHARD_COUNT": "4"}, "groups_on_sqlite"),
        (SERVER | {"SHARD_GROUPS": "2"}, "too_many_groups"),
        (SERVER | {"SHARD_GROUPS": "5", "SHARD_COUNT": "4"}, "too_many_groups"),
    ],
)
def test_groups_that_cannot_be_are_refused(changes: dict[str, str], key: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings(GOOD | changes)

    assert (refused.value.setting, refused.value.key) == ("SHARD_GROUPS", key)


@pytest.mark.parametrize(("shards", "groups"), [(0, 1), (1, 1), (4, 1), (4, 4), (5, 2)])
def test_groups_that_can_be_are_taken(shards: int, groups: int) -> None:
    settings = read_settings(GOOD | SERVER | {"SHARD_COUNT": str(shards), "SHARD_GROUPS": str(groups)})

    assert (settings.shard_count, settings.shard_groups) == (shards, groups)
