"""Whatever stops a start is one sentence that names the setting or file and the cure, and a number."""

from __future__ import annotations

import base64
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.exits import Exit
from bot.services.keyring import Keyring
from db.database import open_database
from db.keys import FileKeyStore
from tests.cli.commands import GOOD, NOBODY_LISTENS, ended
from tests.wire.discord_double import Double
from tests.wire.faults import Fault

OFFLINE = GOOD | {"DISCORD_API_URL": NOBODY_LISTENS}
"""Well-formed settings that reach no Discord: files are looked at first."""
FILE = "sqlite+aiosqlite:///here.sqlite3"


async def test_without_any_settings_the_sentence_says_where_a_token_comes_from(tmp_path: Path) -> None:
    end = await ended(tmp_path)
    assert end.code == Exit.MISSING_TOKEN
    assert "DISCORD_TOKEN" in end.sentence
    assert "python -m bot init" in end.sentence
    assert end.out == ""


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("DISCORD_TOKEN", "", Exit.MISSING_TOKEN),
        ("DISCORD_TOKEN", "Bot abc.def.ghi", Exit.BAD_TOKEN),
        ("DISCORD_TOKEN", "my-password", Exit.BAD_TOKEN),
        ("OPERATOR_CONTACT", "", Exit.MISSING_CONTACT),
        ("OPERATOR_CONTACT", "x" * 201, Exit.BAD_SETTING),
        ("PEPPER", "", Exit.MISSING_PEPPER),
        ("PEPPER", "short", Exit.BAD_PEPPER),
        ("PEPPER", "ä" * 43, Exit.BAD_PEPPER),
        ("DATABASE_URL", "mysql://localhost/bot", Exit.BAD_SETTING),
        ("ANONYMITY_WINDOW_DAYS", "29", Exit.BAD_SETTING),
        ("ANONYMITY_WINDOW_DAYS", "4.5", Exit.BAD_SETTING),
        ("PROMPT_GRACE_HOURS", "a while", Exit.BAD_SETTING),
        ("SEND_RATE", "nan", Exit.BAD_SETTING),
        ("SHARD_COUNT", "-1", Exit.BAD_SETTING),
        ("SHARD_COUNT", "1.5", Exit.BAD_SETTING),
        ("SHARD_GROUPS", "0", Exit.BAD_SETTING),
        ("SHARD_GROUPS", "2", Exit.BAD_SETTING),
        ("DISCORD_API_URL", "discord.com", Exit.BAD_SETTING),
        ("LOG_LEVEL", "LOUD", Exit.BAD_SETTING),
        ("LOG_FORMAT", "xml", Exit.BAD_SETTING),
        ("METRICS_PORT", "70000", Exit.BAD_SETTING),
    ],
)
async def test_a_missing_or_malformed_setting_is_named(
    tmp_path: Path, name: str, value: str, code: Exit
) -> None:
    end = await ended(tmp_path, values=GOOD | {name: value})
    assert end.code == code
    assert end.sentence.startswith(name)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b"# a comment\n\nDISCORD_TOKEN\n", "Line 3"),
        (b"OPERATOR_CONTACT='Ann\n", "Line 1"),
        ("OPERATOR_CONTACT=Ann\n".encode("utf-16"), "UTF-8"),
    ],
)
async def test_a_settings_file_that_cannot_be_understood_is_named(
    tmp_path: Path, content: bytes, where: str
) -> None:
    (tmp_path / ".env").write_bytes(content)
    end = await ended(tmp_path, values=GOOD)
    assert end.code == Exit.BAD_ENV_FILE
    assert ".env" in end.sentence
    assert where in end.sentence


async def test_a_settings_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    end = await ended(tmp_path, values=GOOD)
    assert end.code == Exit.BAD_ENV_FILE
    assert ".env" in end.sentence


@pytest.mark.parametrize(
    "place", [{"DATABASE_URL": "sqlite+aiosqlite:///taken/here.sqlite3"}, {"KEY_FILE": "taken/keys.json"}]
)
async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, place: dict[str, str]) -> None:
    (tmp_path / "taken").touch()
    end = await ended(tmp_path, values=OFFLINE | place)
    assert end.code == Exit.UNWRITABLE
    assert "folder taken " in end.sentence


async def test_a_second_process_on_the_same_database_is_refused(tmp_path: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/here.sqlite3"):
        end = await ended(tmp_path, values=OFFLINE | {"DATABASE_URL": FILE})
    assert end.code == Exit.DATABASE_BUSY
    assert "here.sqlite3" in end.sentence


async def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "here.sqlite3"
    async with open_database(f"sqlite+aiosqlite:///{path}"):
        pass
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'later'")
    connection.close()
    end = await ended(tmp_path, values=OFFLINE | {"DATABASE_URL": FILE})
    assert end.code == Exit.DATABASE_TOO_NEW
    assert "here.sqlite3" in end.sentence


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "here.sqlite3").write_text("Dear colleague, " * 100)
    end = await ended(tmp_path, values=OFFLINE | {"DATABASE_URL": FILE})
    assert end.code == Exit.DATABASE_UNUSABLE
    assert "here.sqlite3" in end.sentence


async def test_another_pepper_than_the_one_of_the_keys_is_refused(tmp_path: Path) -> None:
    keyring = Keyring(FileKeyStore(tmp_path / "data" / "epoch-keys.json"), bytes(32), 28)
    await keyring.epoch(datetime.now(UTC))
    end = await ended(tmp_path, values=OFFLINE)
    assert end.code == Exit.WRONG_PEPPER
    assert "PEPPER" in end.sentence
    assert "epoch-keys.json" in end.sentence


async def test_a_broken_key_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text('{"format": "good-eno')
    end = await ended(tmp_path, values=OFFLINE | {"KEY_FILE": "keys.json"})
    assert end.code == Exit.BAD_KEY_FILE
    assert "keys.json" in end.sentence
    assert path.read_text() == '{"format": "good-eno'


async def test_a_discord_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    end = await ended(tmp_path, values=OFFLINE)
    assert end.code == Exit.DISCORD_UNREACHABLE
    assert NOBODY_LISTENS in end.sentence
    assert "DISCORD_API_URL" in end.sentence


async def test_a_token_that_discord_refuses_is_told_without_showing_it(
    tmp_path: Path, discord: Double
) -> None:
    discord.token = "another"
    end = await ended(tmp_path, values=GOOD | {"DISCORD_API_URL": discord.url})
    assert end.code == Exit.TOKEN_REFUSED
    assert "DISCORD_TOKEN" in end.sentence
    assert GOOD["DISCORD_TOKEN"] not in end.err


@pytest.mark.parametrize(
    ("status", "text", "code"),
    [
        (200, "<h1>Welcome to the guest network</h1>", Exit.DISCORD_UNREACHABLE),
        (404, "no such page", Exit.DISCORD_REFUSED),
        (503, "back soon", Exit.DISCORD_UNREACHABLE),
        (429, "banned for an hour", Exit.DISCORD_REFUSED),
    ],
)
async def test_an_answer_that_does_not_come_from_discord_is_told(
    tmp_path: Path, discord: Double, status: int, text: str, code: Exit
) -> None:
    discord.faults.add(Fault(kind="foreign", status=status, text=text, times=None))
    end = await ended(tmp_path, values=GOOD | {"DISCORD_API_URL": discord.url})
    assert end.code == code
    assert discord.url in end.sentence


@pytest.mark.parametrize(("command", "package"), [((), "dotenv"), (("rehearse",), "rehearse")])
async def test_a_package_that_is_not_installed_is_named(
    tmp_path: Path, command: tuple[str, ...], package: str
) -> None:
    end = await ended(tmp_path, *command, flags=("-S",))  # -S: nothing that pip has installed is found
    assert end.code == Exit.MISSING_PACKAGE
    assert package in end.sentence
    assert f"pip install {package}" not in end.sentence  # a name to import may be a stranger's package


def test_the_pepper_of_these_tests_is_well_formed() -> None:
    assert len(base64.urlsafe_b64decode(GOOD["PEPPER"])) == 32
