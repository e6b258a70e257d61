"""Problems: what stops a command, as one sentence for the operator and an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.exits import Exit
from bot.content.words import Words

if TYPE_CHECKING:  # so that a problem can be told also where python-dotenv isn't installed
    from bot.settings import SettingsError

_EXITS = {
    "missing_token": Exit.MISSING_TOKEN,
    "bad_token": Exit.BAD_TOKEN,
    "missing_contact": Exit.MISSING_CONTACT,
    "missing_pepper": Exit.MISSING_PEPPER,
    "bad_pepper": Exit.BAD_PEPPER,
}
"""Exit codes by SettingsError's keys; every other key is a malformed setting."""


class Problem(Exception):
    """Something that the operator can put right. ``key`` names its sentence below ``cli.``."""

    def __init__(self, exit: Exit, key: str, **values: object) -> None:
        super().__init__(key)
        self.exit = exit
        self.key = key
        self.values = values

    def sentence(self, words: Words) -> str:
        """What is wrong and what cures it, on one line."""
        return words(f"cli.{self.key}", **self.values)


def of_setting(error: SettingsError) -> Problem:
    """A setting that is missing or wrong, as a problem."""
    exit = _EXITS.get(error.key, Exit.BAD_SETTING)
    return Problem(exit, f"settings.{error.key}", setting=error.setting, **error.values)
