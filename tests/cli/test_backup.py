"""``backup`` copies the database while the bot runs, whole and without keys, and overwrites nothing."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.exits import Exit
from db.database import open_database
from db.tables import Memo
from tests.cli.commands import GOOD, ended
from tests.cli.conftest import Quickly

DATABASE = "data/good-enough.sqlite3"
NO_SETTINGS: dict[str, str] = {}


@pytest.fixture
async def used(tmp_path: Path) -> Path:
    """A database in its usual place, with something in it."""
    previous = os.umask(0o077)
    async with (
        open_database(f"sqlite+aiosqlite:///{tmp_path}/{DATABASE}") as database,
        database.write() as session,
    ):
        session.add(Memo(name="first", value="kept"))
    os.umask(previous)
    return tmp_path


def memos_in(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return dict(connection.execute("SELECT name, value FROM memos").fetchall())


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_a_copy_taken_while_the_bot_writes_is_whole_and_one_file(used: Path, quickly: Quickly) -> None:
    async with open_database(f"sqlite+aiosqlite:///{used}/{DATABASE}") as database:
        async with database.write() as session:
            session.add(Memo(name="in the log", value="kept"))  # it stands in the log, not yet in the file
        async with database.write() as session:
            session.add(Memo(name="half", value="not yet"))
            await session.flush()
            end = await quickly("backup", NO_SETTINGS, "copy.sqlite3")  # and a write is under way

    assert end.code == Exit.FINE, end.err
    assert names_in(used) == {"data", "copy.sqlite3"}
    found = memos_in(used / "copy.sqlite3")
    assert "in the log" in found
    assert "half" not in found
    assert "copied_at" in found
    assert "copied_at" not in memos_in(used / DATABASE)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
async def test_as_a_process_of_its_own_it_needs_no_secrets_and_makes_a_private_file(used: Path) -> None:
    end = await ended(used, "backup", "copy.sqlite3")
    assert end.code == Exit.FINE, end.err
    assert stat.S_IMODE((used / "copy.sqlite3").stat().st_mode) == 0o600
    assert "keys" in end.out


async def test_it_never_overwrites_a_file(used: Path, quickly: Quickly) -> None:
    (used / "copy.sqlite3").write_text("the only one")
    (used / "link.sqlite3").symlink_to(used / "elsewhere")
    for name in ("copy.sqlite3", "link.sqlite3"):
        end = await quickly("backup", NO_SETTINGS, name)
        assert end.code == Exit.BACKUP_EXISTS
        assert name in end.sentence
    assert (used / "copy.sqlite3").read_text() == "the only one"
    assert not (used / "elsewhere").exists()


async def test_what_was_deleted_before_and_the_keys_are_not_in_it(used: Path, quickly: Quickly) -> None:
    with closing(sqlite3.connect(used / DATABASE)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS epoch_keys (epoch INTEGER PRIMARY KEY, wrapped BLOB)")
        connection.execute("INSERT INTO epoch_keys (epoch, wrapped) VALUES (1, ?)", (b"a wrapped key",))
        connection.execute("INSERT INTO memos VALUES ('gone', 'the wombat, at length')")
        connection.execute("DELETE FROM memos WHERE name = 'gone'")
    await quickly("backup", NO_SETTINGS, "copy.sqlite3")
    content = (used / "copy.sqlite3").read_bytes()
    assert b"a wrapped key" not in content
    assert b"wombat" not in content


@pytest.mark.parametrize(
    ("content", "exit"), [(None, Exit.NO_DATABASE), ("Dear colleague, " * 100, Exit.NOT_A_BACKUP)]
)
async def test_what_is_no_database_is_told_and_leaves_nothing(
    tmp_path: Path, quickly: Quickly, content: str | None, exit: Exit
) -> None:
    if content is not None:
        (tmp_path / "data").mkdir()
        (tmp_path / DATABASE).write_text(content)
    end = await quickly("backup", NO_SETTINGS, "copy.sqlite3")
    assert end.code == exit
    assert "good-enough.sqlite3" in end.sentence
    assert names_in(tmp_path) <= {"data"}


async def test_a_folder_that_is_not_there_is_told(used: Path, quickly: Quickly) -> None:
    end = await quickly("backup", NO_SETTINGS, "nowhere/copy.sqlite3")
    assert end.code == Exit.UNWRITABLE
    assert "nowhere" in end.sentence
    assert "DATABASE_URL" not in end.sentence


async def test_for_postgresql_it_shows_the_line_without_the_password(quickly: Quickly) -> None:
    url = "postgresql+asyncpg://bot:secret@example.org:5433/circles"
    end = await quickly("backup", {"DATABASE_URL": url}, "copy.dump")
    assert end.code == Exit.NOT_A_FILE
    line = 'pg_dump --format=custom --exclude-table=epoch_keys --file="copy.dump"'
    assert f'{line} "postgresql://bot@example.org:5433/circles"' in end.sentence
    assert "secret" not in end.sentence


async def test_a_malformed_place_is_told_and_other_settings_do_not_matter(
    used: Path, quickly: Quickly
) -> None:
    assert (await quickly("backup", {"DATABASE_URL": "here"}, "copy.sqlite3")).code == Exit.BAD_SETTING
    wrong = GOOD | {"DISCORD_TOKEN": "none", "SEND_RATE": "many"}
    assert (await quickly("backup", wrong, "copy.sqlite3")).code == Exit.FINE
