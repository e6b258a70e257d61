"""Where the pepper stands, and changing it there."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from pathlib import Path

from bot.cli.env_file import change_settings
from bot.cli.environment import ENV_FILE
from bot.services.rotation import rewrap_keys
from bot.settings import Settings
from db.keys import KeyStore

NOW, BEFORE = "PEPPER", "PEPPER_BEFORE"


def as_text(pepper: bytes) -> str:
    """A pepper as the settings hold it."""
    return base64.urlsafe_b64encode(pepper).decode("ascii").rstrip("=")


def in_environment() -> bool:
    """Whether the environment sets a pepper, where no file can change it."""
    return NOW in os.environ or BEFORE in os.environ


def written(values: Mapping[str, str]) -> bool:
    """Write peppers into the settings file. Returns whether it could be; if not, nothing was changed."""
    if in_environment():
        return False
    try:
        change_settings(Path.cwd() / ENV_FILE, values)
    except OSError:
        return False
    return True


async def finish_rotation(settings: Settings, store: KeyStore) -> None:
    """At a start that finds both peppers: go on from where ``rotate-pepper`` was cut off.

    Raises WrongPepper and what the key store raises. That the file can't be changed is no reason not to
    start: ``check`` says so.
    """
    if settings.pepper_before is not None:
        await rewrap_keys(store, settings.pepper_before, settings.pepper)
        written({BEFORE: ""})
