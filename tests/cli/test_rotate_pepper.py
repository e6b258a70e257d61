"""``rotate-pepper`` changes the pepper and loses nothing, at whatever moment it is cut off; with ``--lost``
what hung on the keys ends, and nothing else."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.__main__ import main
from bot.cli.env_file import changed
from bot.cli.environment import values_in
from bot.cli.exits import Exit
from bot.content.library import load_library
from bot.rules.anonymity import Purpose, WrongPepper, unwrap
from bot.services import Services, make_services
from bot.services.keyring import Keyring
from bot.settings import SETTINGS, read_environment, read_settings
from db.database import Database, open_database
from db.keys import FileKeyStore
from db.story_tables import Mute, Story
from tests.cli.commands import GOOD, NOBODY_LISTENS, ended
from tests.cli.conftest import Quickly
from tests.conftest import WORDS
from tests.services.desk import ANN, Desk

DATABASE, KEYS = "data/good-enough.sqlite3", "data/epoch-keys.json"
NO_SETTINGS: dict[str, str] = {}
COMMENT = "# what only its owner knows about it\n"


async def make_practice(folder: Path) -> Path:
    """A bot's folder: settings, and a database in which ANN has told something, and is muted."""
    lines = [f"{name}={value}\n" for name, value in GOOD.items()]
    (folder / ".env").write_text("".join([COMMENT, *lines, "LOG_LEVEL='DEBUG'\n"]))
    (folder / ".env").chmod(0o600)
    async with open_database(f"sqlite+aiosqlite:///{folder / DATABASE}") as database:
        keyring = Keyring(FileKeyStore(folder / KEYS), pepper_in(folder), 28)
        await keyring.open(utc_now())
        desk = await Desk(services_of(database, keyring)).open()
        told = await desk.tell(ANN, "The quokka told me off.")
        await desk.services.moderation.mute(told.story_id, utc_now() + timedelta(days=5))
    return folder


@pytest.fixture
async def practice(tmp_path: Path) -> Path:
    return await make_practice(tmp_path)


def utc_now() -> datetime:
    return datetime.now(UTC)


def services_of(database: Database, keyring: Keyring) -> Services:
    return make_services(
        database, keyring, load_library(), WORDS, now=utc_now, random=Random(7), grace=timedelta(hours=12)
    )


def pepper_in(folder: Path, name: str = "PEPPER") -> bytes:
    return read_settings({**GOOD, "PEPPER": values_in(folder)[name]}).pepper


async def keys_of(folder: Path, pepper: bytes) -> dict[int, bytes]:
    """The epochs' own keys. Raises WrongPepper."""
    stored = await FileKeyStore(folder / KEYS).look()
    assert stored
    return {epoch: unwrap(pepper, epoch, key.wrapped) for epoch, key in stored.items()}


async def recognised(folder: Path) -> bool:
    """Whether the bot still knows whose story it is."""
    async with open_database(f"sqlite+aiosqlite:///{folder / DATABASE}") as database:
        keyring = Keyring(FileKeyStore(folder / KEYS), pepper_in(folder), 28)
        await keyring.open(utc_now())
        async with database.read() as session:
            story = (await session.scalars(select(Story))).one()
        assert story.slip == "The quokka told me off."
        tag = keyring.tag(story.epoch or 0, Purpose.TELLER, story.id, ANN)
        return tag is not None and tag == story.teller_tag


async def test_the_pepper_is_another_one_and_all_goes_on(practice: Path, quickly: Quickly) -> None:
    old = pepper_in(practice)
    before = await keys_of(practice, old)

    end = await quickly("rotate-pepper", NO_SETTINGS)

    assert (end.code, end.err) == (Exit.FINE, "")
    assert "password manager" in end.out
    new = pepper_in(practice)
    assert new != old
    assert await keys_of(practice, new) == before
    with pytest.raises(WrongPepper):
        await keys_of(practice, old)
    assert await recognised(practice)
    content = (practice / ".env").read_text()
    assert GOOD["PEPPER"] not in content
    assert content.startswith(COMMENT)
    values = values_in(practice)
    assert values["PEPPER_BEFORE"] == ""
    assert (values["DISCORD_TOKEN"], values["LOG_LEVEL"]) == (GOOD["DISCORD_TOKEN"], "DEBUG")
    assert (practice / ".env").stat().st_mode & 0o777 == 0o600
    assert values["PEPPER"] not in end.out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_whenever_it_is_killed_nothing_is_lost_and_it_goes_on_from_there(tmp_path: Path) -> None:
    """A real process, killed right before each thing that it does to a file."""
    moments = 0
    while True:
        folder = tmp_path / str(moments)
        folder.mkdir()
        asyncio.run(make_practice(folder))
        before = asyncio.run(keys_of(folder, pepper_in(folder)))
        if died_before(moments, folder) != -signal.SIGKILL:
            break
        moments += 1
        values = values_in(folder)
        opening = pepper_in(folder, "PEPPER_BEFORE" if values.get("PEPPER_BEFORE") else "PEPPER")
        assert asyncio.run(opened_by_either(folder, pepper_in(folder), opening)) == before
        assert died_before(None, folder) == Exit.FINE  # once more
        assert asyncio.run(keys_of(folder, pepper_in(folder))) == before
        assert asyncio.run(recognised(folder))
        assert values_in(folder)["PEPPER_BEFORE"] == ""
        assert pepper_in(folder) != read_settings(GOOD).pepper
        assert {path.name for path in folder.iterdir()} == {".env", "data"}
    assert moments > 8


async def opened_by_either(folder: Path, *peppers: bytes) -> dict[int, bytes]:
    for pepper in peppers:
        try:
            return await keys_of(folder, pepper)
        except WrongPepper:
            continue
    raise AssertionError("no pepper that is kept opens the keys")


def died_before(moment: int | None, folder: Path) -> int:
    """How ``rotate-pepper`` ended that was killed before so many doings."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            os.chdir(folder)
            for name in SETTINGS:
                os.environ.pop(name, None)
            with open(os.devnull, "w") as nowhere:  # noqa: PTH123  # it has no path of ours
                os.dup2(nowhere.fileno(), 1)
                os.dup2(nowhere.fileno(), 2)
            if moment is not None:
                die_before(moment)
            code = main(["rotate-pepper"])
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die_before(moment: int) -> None:
    done = 0

    def watched(work: Callable[..., Any]) -> Callable[..., Any]:
        def doing(*arguments: Any, **more: Any) -> Any:
            nonlocal done
            if done == moment:
                os.kill(os.getpid(), signal.SIGKILL)
            done += 1
            return work(*arguments, **more)

        return doing

    for owner, name in ((os, "fsync"), (os, "pwrite"), (Path, "replace")):
        setattr(owner, name, watched(getattr(owner, name)))


async def test_a_start_that_finds_both_peppers_goes_on_from_there(practice: Path) -> None:
    before = await keys_of(practice, pepper_in(practice))
    fresh = {"PEPPER": "A" * 42 + "E", "PEPPER_BEFORE": GOOD["PEPPER"]}
    (practice / ".env").write_text(changed((practice / ".env").read_text(), fresh))

    end = await ended(practice, "run", values={"DISCORD_API_URL": NOBODY_LISTENS})

    assert end.code == Exit.DISCORD_UNREACHABLE
    assert values_in(practice)["PEPPER_BEFORE"] == ""
    assert await keys_of(practice, pepper_in(practice)) == before


async def test_check_says_that_it_was_cut_off_and_takes_either_pepper(
    practice: Path, quickly: Quickly
) -> None:
    fresh = {"PEPPER": "A" * 42 + "E", "PEPPER_BEFORE": GOOD["PEPPER"]}
    (practice / ".env").write_text(changed((practice / ".env").read_text(), fresh))

    end = await quickly("check", {"DISCORD_API_URL": NOBODY_LISTENS})

    assert "PEPPER_BEFORE is set" in end.out
    assert "doesn't open" not in end.out


async def test_a_pepper_in_the_environment_is_changed_by_hand_step_by_step(
    practice: Path, quickly: Quickly
) -> None:
    old, before = GOOD["PEPPER"], await keys_of(practice, pepper_in(practice))
    written = (practice / ".env").read_bytes()

    end = await quickly("rotate-pepper", {"PEPPER": old})
    assert end.code == Exit.PEPPER_BY_HAND
    assert "PEPPER_BEFORE" in end.sentence
    (new,) = re.findall(r"^PEPPER=(\S+)$", end.out, flags=re.MULTILINE)
    assert await keys_of(practice, read_settings(GOOD).pepper) == before  # nothing has happened yet

    end = await quickly("rotate-pepper", {"PEPPER": new, "PEPPER_BEFORE": old})
    assert end.code == Exit.PEPPER_BY_HAND
    assert "remove PEPPER_BEFORE" in end.sentence
    assert await keys_of(practice, read_settings({**GOOD, "PEPPER": new}).pepper) == before
    assert (practice / ".env").read_bytes() == written


async def test_it_waits_for_nobody_who_runs(practice: Path, quickly: Quickly) -> None:
    written = (practice / ".env").read_bytes()
    async with open_database(f"sqlite+aiosqlite:///{practice / DATABASE}"):
        for more in ((), ("--lost",)):
            end = await quickly("rotate-pepper", NO_SETTINGS, *more)
            assert end.code == Exit.DATABASE_BUSY
    assert (practice / ".env").read_bytes() == written


async def test_a_pepper_that_opens_nothing_is_not_changed(practice: Path, quickly: Quickly) -> None:
    wrong = changed((practice / ".env").read_text(), {"PEPPER": "A" * 42 + "E"})
    (practice / ".env").write_text(wrong)

    end = await quickly("rotate-pepper", NO_SETTINGS)

    assert end.code == Exit.WRONG_PEPPER
    assert (practice / ".env").read_text() == wrong


@pytest.mark.parametrize("pepper", ["", "A" * 42 + "E", "damaged"])
async def test_a_lost_pepper_ends_what_hung_on_the_keys_and_nothing_else(
    practice: Path, quickly: Quickly, pepper: str
) -> None:
    (practice / ".env").write_text(changed((practice / ".env").read_text(), {"PEPPER": pepper}))

    end = await quickly("rotate-pepper", NO_SETTINGS, "--lost")

    assert (end.code, end.err) == (Exit.FINE, "")
    async with open_database(f"sqlite+aiosqlite:///{practice / DATABASE}") as database:
        async with database.read() as session:
            story = (await session.scalars(select(Story))).one()
            assert (story.slip, story.teller_tag, story.epoch) == ("The quokka told me off.", None, None)
            assert story.receipt_hash is not None
            assert (await session.execute(select(func.count()).select_from(Mute))).scalar_one() == 0
        keyring = Keyring(FileKeyStore(practice / KEYS), pepper_in(practice), 28)
        await keyring.open(utc_now())
        await Desk(services_of(database, keyring)).open(channel_id=5)
    assert await FileKeyStore(practice / KEYS).look() == {}


async def test_what_isnt_lost_isnt_thrown_away(practice: Path, quickly: Quickly) -> None:
    end = await quickly("rotate-pepper", NO_SETTINGS, "--lost")
    assert end.code == Exit.PEPPER_NOT_LOST
    assert await recognised(practice)


async def test_a_damaged_key_file_is_lost_with_its_pepper(practice: Path, quickly: Quickly) -> None:
    (practice / KEYS).write_text("{")
    assert (await quickly("rotate-pepper", NO_SETTINGS, "--lost")).code == Exit.FINE
    assert await FileKeyStore(practice / KEYS).look() == {}


@given(st.lists(st.sampled_from(["# a word", "", "A=1", "export PEPPER=x", "PEPPER='y' # why", "B='=#$'"])))
def test_the_rest_of_the_settings_file_stays_as_its_owner_wrote_it(lines: list[str]) -> None:
    content = "\n".join(lines)
    made = changed(content, {"PEPPER": "new one's", "PEPPER_BEFORE": ""})
    kept = [line for line in lines if "PEPPER" not in line]
    assert [line for line in made.splitlines() if "PEPPER" not in line and line] == [
        one for one in kept if one
    ]
    assert len(re.findall(r"^PEPPER=", made, flags=re.MULTILINE)) == 1
    assert changed(made, {"PEPPER": "new one's", "PEPPER_BEFORE": ""}) == made


async def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(changed("A=1", {"PEPPER": "it's = \\so#", "PEPPER_BEFORE": ""}))
    read = read_environment(tmp_path)
    assert (read["A"], read["PEPPER"], read["PEPPER_BEFORE"]) == ("1", "it's = \\so#", "")
