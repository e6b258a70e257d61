"""The operator's guide says what the program does."""

from __future__ import annotations

import re

import pytest

from bot.__main__ import COMMANDS
from bot.cli.exits import Exit
from bot.cli.invite import needed
from bot.content.words import load_words
from bot.settings import DEFAULT_DATABASE, read_settings
from tests.cli.commands import GOOD, ROOT

GUIDE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def test_every_exit_code_is_explained_by_its_name_and_number() -> None:
    rows = re.findall(r"^\| (\d+) \| ([A-Z_]*) \|", GUIDE, flags=re.MULTILINE)
    assert [(int(number), name) for number, name in rows if name] == [
        (exit.value, exit.name) for exit in Exit
    ]


def test_every_permission_that_the_invitation_asks_for_is_explained() -> None:
    words = load_words()
    for name in needed():
        assert words(f"cli.permissions.{name}") in GUIDE


@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in {"run", "rehearse"}])
def test_every_command_of_the_operator_is_in_the_steps(command: str) -> None:
    assert re.search(rf"^\.venv/bin/python -m bot {command}\b", GUIDE, flags=re.MULTILINE)


def test_the_files_are_named_as_they_are_by_default() -> None:
    assert DEFAULT_DATABASE.partition("///")[2] in GUIDE
    assert read_settings(GOOD).key_file.as_posix() in GUIDE


def test_every_text_of_the_command_line_is_one_line_that_can_be_filled_in() -> None:
    words = load_words()
    keys = [key for key in words.keys() if key.startswith("cli.")]  # noqa: SIM118  # not a dict
    assert keys
    for key in keys:
        assert "\n" not in words(key), key
