"""The settings: read from the environment and ``.env``, checked, and frozen.

Every setting is described in ``config.example.env``; a test compares the two.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from dotenv import dotenv_values

from bot.content.resources import ResourcesError, load_resources

DEFAULT_DATABASE = "sqlite+aiosqlite:///data/good-enough.sqlite3"
PEPPER_BYTES = 32
DISCORD_RATE = 50
"""Requests a second that Discord allows to one token."""

SHORTEST_RETENTION, LONGEST_RETENTION = 60, 36_500
"""Days. A shorter one would let stories go before a repair could be looked back at."""

MOST_SHARDS = 1_000
"""Enough for two and a half million servers."""


class SettingsError(Exception):
    """A setting is missing or wrong: its name, and the key of a text with the cure."""

    def __init__(self, setting: str, key: str, **values: object) -> None:
        super().__init__(setting)
        self.setting = setting
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the operator decides. Secrets don't show in its repr."""

    token: str = field(repr=False)
    contact: str
    pepper: bytes = field(repr=False)
    database_url: str = field(repr=False)
    key_file: Path
    window_days: int
    retention_days: int | None
    """How long published stories are kept at most; None: until they are withdrawn."""
    grace: timedelta
    send_rate: float
    shard_count: int
    """Into how many shards Discord parts the servers; 0: as many as it recommends."""
    shard_groups: int
    """Into how many groups those are parted: so many processes work at once."""
    api_url: str | None
    log_level: str
    log_format: str
    """``plain`` or ``json``."""
    metrics_host: str
    metrics_port: int | None
    """None: nothing is counted, and nobody is answered."""
    help_file: Path | None = None
    """The operator's own list of where somebody in danger can turn to; None: the one that is shipped."""
    pepper_before: bytes | None = field(default=None, repr=False)
    """The pepper that keys may still be wrapped with, while it is being changed; None: it isn't."""

    @property
    def on_sqlite(self) -> bool:
        """Whether one process works alone on a file; otherwise on PostgreSQL, perhaps beside others."""
        return self.database_url.startswith("sqlite")


SETTINGS = (
    "DISCORD_TOKEN",
    "OPERATOR_CONTACT",
    "PEPPER",
    "PEPPER_BEFORE",
    "DATABASE_URL",
    "KEY_FILE",
    "ANONYMITY_WINDOW_DAYS",
    "RETENTION_DAYS",
    "PROMPT_GRACE_HOURS",
    "HELP_FILE",
    "SEND_RATE",
    "SHARD_COUNT",
    "SHARD_GROUPS",
    "DISCORD_API_URL",
    "LOG_LEVEL",
    "LOG_FORMAT",
    "METRICS_PORT",
    "METRICS_HOST",
)
"""The names of all settings, in the order of ``config.example.env``."""


def read_environment(folder: Path) -> dict[str, str]:
    """What the environment and ``.env`` in ``folder`` say; the environment wins."""
    read = dotenv_values(folder / ".env", interpolate=False)  # a contact may hold a $
    file = {name: value for name, value in read.items() if value is not None}
    return file | {name: os.environ[name] for name in SETTINGS if name in os.environ}


def read_settings(values: Mapping[str, str]) -> Settings:
    """Check every setting. Raises SettingsError at the first that is missing or wrong."""
    shard_count = int(_number(values, "SHARD_COUNT", 0, 0, MOST_SHARDS, whole=True))
    return Settings(
        token=_token(values),
        contact=_contact(values),
        pepper=_pepper(values),
        database_url=_database(values),
        key_file=Path(_text(values, "KEY_FILE", "data/epoch-keys.json")),
        window_days=int(_number(values, "ANONYMITY_WINDOW_DAYS", 28, 1, 28, whole=True)),
        retention_days=_retention(values),
        grace=timedelta(hours=_number(values, "PROMPT_GRACE_HOURS", 12, 0, 72)),
        help_file=_help_file(values),
        send_rate=_number(values, "SEND_RATE", 45, 1, DISCORD_RATE),
        shard_count=shard_count,
        shard_groups=_shard_groups(values, shard_count),
        api_url=_api_url(values),
        log_level=_log_level(values),
        log_format=_log_format(values),
        metrics_host=_text(values, "METRICS_HOST", "127.0.0.1"),
        metrics_port=_port(values),
        pepper_before=_secret(values, "PEPPER_BEFORE") if _text(values, "PEPPER_BEFORE") else None,
    )


def _text(values: Mapping[str, str], name: str, default: str = "") -> str:
    return values.get(name, "").strip() or default


def _token(values: Mapping[str, str]) -> str:
    token = _text(values, "DISCORD_TOKEN")
    if not token:
        raise SettingsError("DISCORD_TOKEN", "missing_token")
    if re.search(r"\s", token) or token.lower().startswith("bot ") or token.count(".") != 2:
        raise SettingsError("DISCORD_TOKEN", "bad_token")
    return token


def _contact(values: Mapping[str, str]) -> str:
    contact = _text(values, "OPERATOR_CONTACT")
    if not contact:
        raise SettingsError("OPERATOR_CONTACT", "missing_contact")
    if len(contact) > 200:
        raise SettingsError("OPERATOR_CONTACT", "long_contact")
    return contact


def _pepper(values: Mapping[str, str]) -> bytes:
    if not _text(values, "PEPPER"):
        raise SettingsError("PEPPER", "missing_pepper")
    return _secret(values, "PEPPER")


def _secret(values: Mapping[str, str], name: str) -> bytes:
    given = _text(values, name)
    try:
        pepper = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except (binascii.Error, ValueError):
        pepper = b""
    if len(pepper) != PEPPER_BYTES:
        raise SettingsError(name, "bad_pepper")
    return pepper


def _database(values: Mapping[str, str]) -> str:
    url = _text(values, "DATABASE_URL", DEFAULT_DATABASE)
    if not re.match(r"(sqlite\+aiosqlite:///.|postgresql\+asyncpg://.)", url):
        raise SettingsError("DATABASE_URL", "bad_database")
    return url


def _number(
    values: Mapping[str, str], name: str, default: float, low: float, high: float, *, whole: bool = False
) -> float:
    given = _text(values, name, str(default))
    try:
        number = int(given) if whole else float(given)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise SettingsError(name, "bad_number", low=low, high=high)
    return number


def _retention(values: Mapping[str, str]) -> int | None:
    if not _text(values, "RETENTION_DAYS"):
        return None
    low, high = SHORTEST_RETENTION, LONGEST_RETENTION
    return int(_number(values, "RETENTION_DAYS", 0, low, high, whole=True))


def _help_file(values: Mapping[str, str]) -> Path | None:
    """Read when the bot starts; a mistake in it is better told now than to somebody in need."""
    given = _text(values, "HELP_FILE")
    if not given:
        return None
    try:
        load_resources(Path(given))
    except ResourcesError as error:
        raise SettingsError("HELP_FILE", "bad_help_file", reason=error) from error
    return Path(given)


def _shard_groups(values: Mapping[str, str], shard_count: int) -> int:
    """Always the groups are said to be wrong: without them every count is right."""
    groups = int(_number(values, "SHARD_GROUPS", 1, 1, MOST_SHARDS, whole=True))
    if groups > 1 and _database(values).startswith("sqlite"):
        raise SettingsError("SHARD_GROUPS", "groups_on_sqlite")
    if groups > max(1, shard_count):
        raise SettingsError("SHARD_GROUPS", "too_many_groups", count=shard_count)
    return groups


def _api_url(values: Mapping[str, str]) -> str | None:
    url = _text(values, "DISCORD_API_URL")
    if url and not re.match(r"https?://[^/\s]+", url):
        raise SettingsError("DISCORD_API_URL", "bad_api_url")
    return url.rstrip("/") or None


def _log_level(values: Mapping[str, str]) -> str:
    level = _text(values, "LOG_LEVEL", "INFO").upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise SettingsError("LOG_LEVEL", "bad_log_level")
    return level


def _log_format(values: Mapping[str, str]) -> str:
    given = _text(values, "LOG_FORMAT", "plain").lower()
    if given not in {"plain", "json"}:
        raise SettingsError("LOG_FORMAT", "bad_log_format")
    return given


def _port(values: Mapping[str, str]) -> int | None:
    if not _text(values, "METRICS_PORT"):
        return None
    return int(_number(values, "METRICS_PORT", 0, 1, 65_535, whole=True))
