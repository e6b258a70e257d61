"""``init`` writes the settings file once, for its owner's eyes, and says what to keep and where not."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.environment import values_in
from bot.cli.exits import Exit
from bot.cli.init import example, filled_in, write_privately
from bot.cli.problems import Problem
from bot.settings import SETTINGS, read_environment, read_settings
from tests.cli.commands import ROOT, TOKEN, ended, surroundings

AWKWARD = 'Ann O\'Neil #1 "the\\first" ${HOME}, ann@example.org = ✓'


async def test_it_writes_well_formed_settings_with_a_pepper_of_their_own(tmp_path: Path) -> None:
    peppers = set[bytes]()
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        end = await ended(folder, "init", "--contact", AWKWARD, "--token-stdin", typed=f"{TOKEN}\n")
        assert end.code == Exit.FINE, end.err
        assert TOKEN not in end.out + end.err
        settings = read_settings(values_in(folder))
        assert settings.token == TOKEN
        assert settings.contact == AWKWARD
        peppers.add(settings.pepper)
    assert len(peppers) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
async def test_nobody_else_may_read_what_it_writes(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        write_privately(tmp_path / "direct", "PEPPER=…\n")
    finally:
        os.umask(previous)
    await ended(tmp_path, "init")
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("direct", ".env")} == {0o600}


async def test_it_never_overwrites_a_settings_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PEPPER=the only one\n")
    end = await ended(tmp_path, "init", "--contact", "Ann")
    assert end.code == Exit.ENV_EXISTS
    assert ".env" in end.sentence
    assert (tmp_path / ".env").read_text() == "PEPPER=the only one\n"


def test_a_settings_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".env").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem) as problem:
        write_privately(tmp_path / ".env", "PEPPER=another\n")
    assert problem.value.exit == Exit.ENV_EXISTS
    assert not (tmp_path / "elsewhere").exists()


async def test_it_says_what_to_back_up_and_where_not(tmp_path: Path) -> None:
    end = await ended(tmp_path, "init")
    for word in ("PEPPER", "database", "data/epoch-keys.json", "DISCORD_TOKEN, OPERATOR_CONTACT"):
        assert word in end.out


@pytest.mark.parametrize(
    ("arguments", "typed", "code"),
    [
        (("--token-stdin",), "Bot abc\n", Exit.BAD_TOKEN),
        (("--token-stdin",), "", Exit.MISSING_TOKEN),
        (("--contact", "x" * 201), "", Exit.BAD_SETTING),
        (("--contact", " "), "", Exit.MISSING_CONTACT),
    ],
)
async def test_a_malformed_answer_writes_nothing(
    tmp_path: Path, arguments: tuple[str, ...], typed: str, code: Exit
) -> None:
    end = await ended(tmp_path, "init", *arguments, typed=typed)
    assert end.code == code
    assert end.sentence
    assert not (tmp_path / ".env").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
async def test_it_asks_a_person_at_a_terminal_and_does_not_show_the_token(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "init", cwd=tmp_path, env=surroundings(), start_new_session=True,
        stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    said = ""
    for question, answer in (("token", "not a token"), ("token", TOKEN), ("Who", "Ann, ann@example.org")):
        said += await asyncio.to_thread(said_until, ours, question, "):")
        os.write(ours, f"{answer}\n".encode())
    said += await asyncio.to_thread(said_until, ours, "Next", "\n")
    assert await asyncio.wait_for(process.wait(), 30) == Exit.FINE
    os.close(ours)
    settings = read_settings(values_in(tmp_path))
    assert (settings.token, settings.contact) == (TOKEN, "Ann, ann@example.org")
    assert TOKEN not in said
    assert "not a token" not in said


def said_until(terminal: int, first: str, then: str) -> str:
    said = ""
    while then not in said.partition(first)[2]:
        said += os.read(terminal, 1000).decode(errors="replace")
    return said


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))).map(lambda text: text.strip()))
def test_whatever_contact_is_written_is_read_back(contact: str) -> None:
    from io import StringIO

    from dotenv import dotenv_values

    written = filled_in(example(), {"OPERATOR_CONTACT": contact})
    assert dotenv_values(stream=StringIO(written), interpolate=False)["OPERATOR_CONTACT"] == contact


def test_the_shipped_example_is_the_one_at_the_top_and_names_every_setting(tmp_path: Path) -> None:
    assert example() == (ROOT / "config.example.env").read_text(encoding="utf-8")
    (tmp_path / ".env").write_text(example(), encoding="utf-8")
    assert tuple(read_environment(tmp_path)) == SETTINGS
