"""``init``: writes the settings file, readable by its owner alone, with a fresh pepper."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from getpass import getpass
from importlib.resources import files
from pathlib import Path

from bot.cli.env_file import quoted
from bot.cli.environment import ENV_FILE, known_settings
from bot.cli.exits import Exit
from bot.cli.problems import Problem
from bot.content.words import Words
from bot.settings import PEPPER_BYTES


def work(arguments: argparse.Namespace, words: Words) -> int:
    """Ask for token and contact, write .env, say what comes next. Raises Problem."""
    path = Path.cwd() / ENV_FILE
    if path.is_symlink() or path.exists():
        raise Problem(Exit.ENV_EXISTS, "init.exists", file=path)
    token = _token(arguments, words)
    contact = _contact(arguments, words)
    values = {
        "DISCORD_TOKEN": token,
        "OPERATOR_CONTACT": contact,
        "PEPPER": secrets.token_urlsafe(PEPPER_BYTES),
    }
    write_privately(path, filled_in(example(), values))
    print(words("cli.init.written", file=path))
    for key in ("back_up", "keep_apart", "never_back_up"):
        print(f"  - {words(f'cli.init.{key}', file=path)}")
    missing = [name for name in ("DISCORD_TOKEN", "OPERATOR_CONTACT") if not values[name]]
    if missing:
        print(words("cli.init.fill_in", names=", ".join(missing)))
    print(words("cli.init.next"))
    return Exit.FINE


def example() -> str:
    """The settings file as it is shipped: every setting with its explanation."""
    return files("bot").joinpath("config.example.env").read_text(encoding="utf-8")


def filled_in(template: str, values: Mapping[str, str]) -> str:
    """The template with values behind their names."""
    lines = template.splitlines()
    for number, line in enumerate(lines):
        name = line.partition("=")[0]
        if name in values:
            lines[number] = f"{name}={quoted(values[name])}"
    return "\n".join(lines) + "\n"


def write_privately(path: Path, content: str) -> None:
    """Write a new file that nobody else could read at any moment. Raises Problem, also when it exists."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Problem(Exit.ENV_EXISTS, "init.exists", file=path) from None
    except OSError as error:
        raise _unwritable(path) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise _unwritable(path) from error


def _unwritable(path: Path) -> Problem:
    return Problem(Exit.UNWRITABLE, "start.unwritable", where=path.parent)


def _token(arguments: argparse.Namespace, words: Words) -> str:
    """Never an argument: everybody on the machine can read those in the list of processes."""
    if arguments.token_stdin:
        given = sys.stdin.readline().strip()
        if problem := _wrong("DISCORD_TOKEN", given):
            raise problem
        return given
    return _asked("DISCORD_TOKEN", words("cli.init.ask_token"), getpass, words)


def _contact(arguments: argparse.Namespace, words: Words) -> str:
    if arguments.contact is not None:
        given = " ".join(arguments.contact.split())
        if problem := _wrong("OPERATOR_CONTACT", given):
            raise problem
        return given
    return _asked("OPERATOR_CONTACT", words("cli.init.ask_contact"), input, words)


def _asked(name: str, question: str, ask: Callable[[str], str], words: Words) -> str:
    """Ask until the answer is well-formed or empty; without a person at the terminal it stays empty."""
    while sys.stdin.isatty():
        given = " ".join(ask(f"{question} ").split())
        problem = _wrong(name, given)
        if problem is None or not given:
            return given
        print(problem.sentence(words), file=sys.stderr)
    return ""


def _wrong(name: str, given: str) -> Problem | None:
    return known_settings({name: given}).wrong.get(name)
