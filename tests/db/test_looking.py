"""Opening says what is wrong; looking changes nothing, also beside the process that owns the data."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from db.database import look_at_database, open_database
from db.errors import DatabaseBusy, DatabaseTooNew, DatabaseUnusable, FolderUnwritable
from db.keys import FileKeyStore


def url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def things_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def from_the_future(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    connection.close()


async def made(path: Path) -> Path:
    async with open_database(url(path)):
        return path


async def test_looking_makes_no_database(tmp_path: Path) -> None:
    async with look_at_database(url(tmp_path / "data" / "here.sqlite3")) as database:
        assert database is None
    assert things_in(tmp_path) == []


async def test_looking_works_beside_the_process_that_owns_the_database(tmp_path: Path) -> None:
    path = tmp_path / "here.sqlite3"
    async with open_database(url(path)), look_at_database(url(path)) as database:
        assert database is not None
        assert not await database.behind()


async def test_looking_brings_no_table_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "here.sqlite3"
    path.touch()
    async with look_at_database(url(path)) as database:
        assert database is not None
        assert await database.behind()
        assert await database.behind()


async def test_a_second_process_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "here.sqlite3"
    async with open_database(url(path)):
        with pytest.raises(DatabaseBusy) as busy:
            await made(path)
    assert busy.value.where == str(path)


async def test_tables_of_a_newer_bot_are_refused_and_left_alone(tmp_path: Path) -> None:
    path = await made(tmp_path / "here.sqlite3")
    from_the_future(path)
    with pytest.raises(DatabaseTooNew):
        await made(path)
    async with look_at_database(url(path)) as database:
        assert database is not None
        with pytest.raises(DatabaseTooNew):
            await database.behind()


async def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.sqlite3"
    path.write_text("Dear colleague, " * 100)
    for opened in (open_database(url(path)), look_at_database(url(path))):
        with pytest.raises(DatabaseUnusable, match=r"letter\.sqlite3"):
            async with opened:
                raise AssertionError("it was opened")
    assert path.read_text() == "Dear colleague, " * 100


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderUnwritable) as problem:
        await made(tmp_path / "file" / "here.sqlite3")
    assert problem.value.where == str(tmp_path / "file")


async def test_a_malformed_address_is_refused_without_showing_its_password() -> None:
    with pytest.raises(DatabaseUnusable) as problem:
        async with look_at_database("postgresql+asyncpg://bot:secret@host:port/name"):
            raise AssertionError("it was opened")
    assert "secret" not in f"{problem.value}{problem.value.__cause__}"


async def test_looking_at_the_keys_leaves_alone_what_their_owner_is_writing(tmp_path: Path) -> None:
    path, unfinished = tmp_path / "keys.json", tmp_path / "keys.json.new"
    unfinished.touch()
    assert await FileKeyStore(path).look() == {}
    assert unfinished.exists()
