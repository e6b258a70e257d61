"""The settings as the commands need them: strictly to run, leniently to look around."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv.parser import Original, parse_stream

from bot.cli.exits import Exit
from bot.cli.problems import Problem, of_setting
from bot.settings import PEPPER_BYTES, Settings, SettingsError, read_environment, read_settings

ENV_FILE = ".env"
_STAND_INS = {
    "DISCORD_TOKEN": "MA.none.none",
    "OPERATOR_CONTACT": "nobody",
    "PEPPER": base64.urlsafe_b64encode(bytes(PEPPER_BYTES)).decode("ascii"),
}
"""Well-formed values for settings without a default, so that the others can be read."""


@dataclass(frozen=True, slots=True)
class Known:
    """The settings that could be read. Those in ``wrong`` hold a stand-in or their default."""

    settings: Settings
    wrong: Mapping[str, Problem]
    """What is wrong, by the setting's name."""


def all_settings(values: Mapping[str, str]) -> Settings:
    """Every setting. Raises Problem at the first that is missing or wrong."""
    try:
        return read_settings(values)
    except SettingsError as error:
        raise of_setting(error) from None


def known_settings(values: Mapping[str, str]) -> Known:
    """As many settings as can be read, and what is wrong with the others."""
    given, wrong = dict(values), dict[str, Problem]()
    while True:
        try:
            return Known(read_settings(given), wrong)
        except SettingsError as error:
            wrong[error.setting] = of_setting(error)
            given[error.setting] = _STAND_INS.get(error.setting, "")


def values_in(folder: Path) -> dict[str, str]:
    """What the environment and the .env file in ``folder`` say, unchecked. Raises Problem."""
    _check_file(folder / ENV_FILE)
    return read_environment(folder)


def peppers(values: Mapping[str, str]) -> tuple[str, ...]:
    """The secrets among the settings beside the token, to be hidden wherever they might be logged."""
    return tuple(values.get(name, "") for name in ("PEPPER", "PEPPER_BEFORE"))


def names_in(folder: Path) -> list[str]:
    """The names that the .env file sets, known or not. Raises Problem."""
    return _check_file(folder / ENV_FILE)


def _check_file(path: Path) -> list[str]:
    """python-dotenv skips a line that it doesn't understand; we say which one it is, not what it holds."""
    try:
        with path.open(encoding="utf-8") as file:
            bindings = list(parse_stream(file))
    except FileNotFoundError:
        return []
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Problem(Exit.BAD_ENV_FILE, "env.unreadable", file=path.name, reason=reason) from None
    except UnicodeDecodeError:
        raise Problem(Exit.BAD_ENV_FILE, "env.not_utf8", file=path.name) from None
    for binding in bindings:
        # a name alone, without "=", is no error to the parser, and no setting either
        if binding.error or (binding.key is not None and binding.value is None):
            raise Problem(Exit.BAD_ENV_FILE, "env.bad_line", file=path.name, line=_line(binding.original))
    return [binding.key for binding in bindings if binding.key is not None]


def _line(original: Original) -> int:
    """Where a statement stands; empty lines before it are part of what the parser calls original."""
    text = original.string
    return original.line + text[: len(text) - len(text.lstrip())].count("\n")


def application_id(token: str) -> int:
    """The application's id: a token begins with it, in base64, as every example in Discord's reference
    shows. Raises Problem for a token that doesn't.
    """
    first = token.split(".", 1)[0]
    try:
        digits = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        digits = ""
    if not re.fullmatch(r"[0-9]{1,20}", digits):
        raise Problem(Exit.BAD_TOKEN, "settings.bad_token", setting="DISCORD_TOKEN")
    return int(digits)
