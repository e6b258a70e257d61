"""``restore`` puts a copy back and says what was lost; whatever is wrong, the present database stays."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.exits import Exit
from db.copying import back_up
from db.database import open_database
from db.story_tables import Mute
from db.tables import Circle, Memo
from tests.cli.commands import GOOD, NOBODY_LISTENS, ended
from tests.cli.conftest import Quickly

DATABASE = "data/good-enough.sqlite3"
CHANNEL = 300_000_000_000_000_001
NOW = datetime.now(UTC)


def url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/{DATABASE}"


def a_circle() -> Circle:
    return Circle(
        id=5, guild_id=1, channel_id=CHANNEL, zone="UTC", language="en", size=8, delay_minutes=0,
        stories_told=4,
    )  # fmt: skip


def a_mute() -> Mute:
    tag, until = bytes(32), NOW + timedelta(days=3)
    return Mute(circle_id=5, story_id=7, number=4, epoch=1, tag=tag, until=until)


@pytest.fixture
async def copied(tmp_path: Path) -> Path:
    """A database with a copy of it, and one memo that is newer than the copy."""
    async with open_database(url(tmp_path)) as database:
        async with database.write() as session:
            session.add_all([a_circle(), Memo(name="then", value="kept")])
        async with database.write() as session:
            session.add(a_mute())
        back_up(tmp_path / DATABASE, tmp_path / "copy.sqlite3", NOW - timedelta(hours=1))
        async with database.write() as session:
            session.add(Memo(name="since", value="lost"))
    return tmp_path


def memos_in(path: Path) -> set[str]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM memos")}


async def test_it_refuses_to_overwrite_unless_told(copied: Path, quickly: Quickly) -> None:
    end = await quickly("restore", {}, "copy.sqlite3")
    assert end.code == Exit.WOULD_OVERWRITE
    assert "--overwrite" in end.sentence
    assert "since" in memos_in(copied / DATABASE)

    end = await quickly("restore", {}, "copy.sqlite3", "--overwrite")
    assert end.code == Exit.FINE, end.err
    assert memos_in(copied / DATABASE) == {"then"}


async def test_a_list_of_erasures_of_a_newer_version_stops_it_before_anything_comes_back(
    copied: Path, quickly: Quickly
) -> None:
    newer = '{"format": "good-enough erasures 3", "erased": []}'
    (copied / f"{DATABASE}.erasures").write_text(newer)

    end = await quickly("restore", {}, "copy.sqlite3", "--overwrite")

    assert end.code == Exit.DATABASE_TOO_NEW
    assert "newer version" in end.sentence
    assert "since" in memos_in(copied / DATABASE)
    assert (copied / f"{DATABASE}.erasures").read_text() == newer


async def test_nothing_is_kept_of_what_was_overwritten_and_nothing_of_the_work(
    copied: Path, quickly: Quickly
) -> None:
    await quickly("restore", {}, "copy.sqlite3", "--overwrite")
    assert {path.name for path in (copied / "data").iterdir()} == {
        "good-enough.sqlite3",
        "good-enough.sqlite3.lock",
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
async def test_as_a_process_of_its_own_on_another_computer_it_makes_private_files(
    copied: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    end = await ended(other, "restore", str(copied / "copy.sqlite3"))
    assert end.code == Exit.FINE, end.err
    modes = {stat.S_IMODE(path.stat().st_mode) for path in other.rglob("*")}
    assert modes == {0o600, 0o700}
    assert "list of erasures" in end.out


async def test_it_refuses_while_the_bot_runs(copied: Path, quickly: Quickly) -> None:
    async with open_database(url(copied)):
        for arguments in (("copy.sqlite3", "--overwrite"), ("--in-place",)):
            assert (await quickly("restore", {}, *arguments)).code == Exit.DATABASE_BUSY
    assert "since" in memos_in(copied / DATABASE)


async def test_a_mute_whose_key_is_destroyed_is_named_by_channel_and_story(
    copied: Path, quickly: Quickly
) -> None:
    end = await quickly("restore", {}, "copy.sqlite3", "--overwrite")
    assert f"the teller of story 4 in channel {CHANNEL}" in end.out
    async with open_database(url(copied)) as database, database.read() as session:
        assert await session.get(Mute, 7) is None


@pytest.mark.parametrize("damage", ["no file", "a letter", "cut off", "another program's", "scrambled"])
async def test_what_is_no_whole_copy_is_refused_and_changes_nothing(
    copied: Path, quickly: Quickly, damage: str
) -> None:
    copy, before = copied / "copy.sqlite3", (copied / DATABASE).read_bytes()
    content = copy.read_bytes()
    copy.unlink()
    if damage == "a letter":
        copy.write_text("Dear colleague, " * 100)
    elif damage == "cut off":
        copy.write_bytes(content[: len(content) // 2])
    elif damage == "scrambled":
        middle = len(content) // 2
        copy.write_bytes(content[:middle] + bytes(8192) + content[middle + 8192 :])
    elif damage == "another program's":
        with closing(sqlite3.connect(copy)) as connection, connection:
            connection.execute("CREATE TABLE letters (text TEXT)")
    end = await quickly("restore", {}, "copy.sqlite3", "--overwrite")
    assert end.code == Exit.NOT_A_BACKUP
    assert "copy.sqlite3" in end.sentence
    assert (copied / DATABASE).read_bytes() == before
    assert not list((copied / "data").glob("*.restoring*"))


async def test_a_copy_of_a_newer_version_is_refused(copied: Path, quickly: Quickly) -> None:
    with closing(sqlite3.connect(copied / "copy.sqlite3")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    end = await quickly("restore", {}, "copy.sqlite3", "--overwrite")
    assert end.code == Exit.DATABASE_TOO_NEW
    assert "copy.sqlite3" in end.sentence
    assert "since" in memos_in(copied / DATABASE)


async def test_a_database_that_is_damaged_gives_way_to_the_copy(copied: Path, quickly: Quickly) -> None:
    (copied / DATABASE).write_text("Dear colleague, " * 100)
    end = await quickly("restore", {}, "copy.sqlite3", "--overwrite")
    assert end.code == Exit.FINE, end.err
    assert "list of erasures" in end.out  # neither can be read
    assert memos_in(copied / DATABASE) == {"then"}


async def test_the_bot_refuses_a_copy_that_was_put_back_by_hand_until_it_is_put_right(
    copied: Path, quickly: Quickly
) -> None:
    (copied / "copy.sqlite3").replace(copied / DATABASE)
    values = GOOD | {"DISCORD_API_URL": NOBODY_LISTENS}
    end = await ended(copied, values=values)
    assert end.code == Exit.RESTORE_UNFINISHED
    assert "restore --in-place" in end.sentence

    assert (await quickly("restore", {}, "--in-place")).code == Exit.FINE
    assert (await ended(copied, values=values)).code == Exit.DISCORD_UNREACHABLE


async def test_a_copy_that_does_not_know_its_day_is_put_right_all_the_same(
    copied: Path, quickly: Quickly
) -> None:
    with closing(sqlite3.connect(copied / "copy.sqlite3")) as connection, connection:
        connection.execute("DELETE FROM memos WHERE name = 'copied_at'")
    end = await quickly("restore", {}, "copy.sqlite3", "--overwrite")
    assert end.code == Exit.FINE, end.err
    assert "1970" not in end.out
    with closing(sqlite3.connect(copied / DATABASE)) as connection:
        kinds = {kind for (kind,) in connection.execute("SELECT kind FROM notices")}
    assert kinds == {"restored_undated"}


async def test_in_place_needs_a_database_and_a_server_needs_to_be_in_place(quickly: Quickly) -> None:
    assert (await quickly("restore", {}, "--in-place")).code == Exit.NO_DATABASE
    end = await quickly("restore", {"DATABASE_URL": "postgresql+asyncpg://127.0.0.1:1/x"}, "copy.dump")
    assert end.code == Exit.NOT_A_FILE
    assert "pg_restore" in end.sentence
