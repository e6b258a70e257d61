"""What is logged, and what never is."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Iterable

import aiohttp
import discord

OURS = ("bot", "cogs", "db")
LIBRARIES = ("discord", "aiosqlite", "sqlalchemy", "asyncpg", "asyncio", "aiohttp", "alembic")
"""At DEBUG these write down what people typed (aiosqlite and sqlalchemy the values that are stored,
discord.py the payloads), so they stay at INFO whatever the operator asks for."""
_HIDDEN = "[hidden]"
_ID = re.compile(r"\d{17,20}")
_CHATTY = ("discord.client", "alembic", "apscheduler", "sqlalchemy")
"""Loggers whose INFO lines tell an operator nothing; sqlalchemy would write down every statement."""
_OF_NO_USE = "voice will NOT be supported"
"""Two warnings of discord.py, at each start, about what this bot doesn't do."""


class Discreet(logging.Formatter):
    """One plain line for a record, in UTC, without secrets and without the ids that libraries write."""

    converter = time.gmtime

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The line, with tracebacks; the address of a request may name a person by their id."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, _HIDDEN)
        return line if record.name.split(".")[0] in OURS else _ID.sub(_HIDDEN, line)


def _brief(record: logging.LogRecord) -> bool:
    """discord.py logs a full traceback whenever the connection breaks; the reason is enough."""
    if _OF_NO_USE in str(record.msg):
        return False
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, OSError | TimeoutError | aiohttp.ClientError | discord.ConnectionClosed):
        record.msg = f"{record.msg} (the connection broke: {type(error).__name__})"
        record.exc_info = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def set_up_logging(level: str, secrets: Iterable[str]) -> None:
    """Log to stderr: our own loggers from ``level`` on, every other one never below INFO.

    ``secrets`` are replaced wherever they would stand in a line.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(secrets))
    asked = logging.getLevelNamesMapping()[level]
    logging.basicConfig(handlers=[handler], level=max(asked, logging.INFO), force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(asked)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(max(asked, logging.INFO))
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(asked, logging.WARNING))
    logging.getLogger("discord.client").addFilter(_brief)
