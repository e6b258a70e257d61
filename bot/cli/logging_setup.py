"""What is logged, and what never is."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable

import aiohttp
import discord

from bot.cli.held_back import HoldingBack, time_of

OURS = ("bot", "cogs", "db")
LIBRARIES = ("discord", "aiosqlite", "sqlalchemy", "asyncpg", "asyncio", "aiohttp", "alembic")
"""At DEBUG these write down what people typed (aiosqlite and sqlalchemy the values that are stored,
discord.py the payloads), so they stay at INFO whatever the operator asks for."""
_HIDDEN = "[hidden]"
_ID = re.compile(r"\d{17,20}")
_CHATTY = ("discord.client", "alembic", "apscheduler", "sqlalchemy")
"""Loggers whose INFO lines tell an operator nothing; sqlalchemy would write down every statement."""
_TELL_OF_CONNECTIONS = ("discord.client", "discord.shard")
_OF_NO_USE = "voice will NOT be supported"
"""Two warnings of discord.py, at each start, about what this bot doesn't do."""


class Discreet(logging.Formatter):
    """One plain line for a record, in UTC, without secrets and without the ids of persons and places."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """The line, with tracebacks."""
        return self.hidden(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # logging's
        """When it was logged, or the day alone."""
        return time_of(record, datefmt)

    def hidden(self, text: str) -> str:
        """A part of a record as it may be read. Whoever logged it: an address that a library asked may name
        a person by their id, also in the traceback of an error of ours."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _ID.sub(_HIDDEN, text)


class DiscreetJson(Discreet):
    """One JSON object a line: time (UTC), level, logger, message, and the traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The object; each part is as discreet as a plain line."""
        parts = {
            "time": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "logger": record.name,
            "message": self.hidden(record.getMessage()),
        }
        if record.exc_info:
            parts["traceback"] = self.hidden(self.formatException(record.exc_info))
        if record.stack_info:
            parts["stack"] = self.hidden(self.formatStack(record.stack_info))
        return json.dumps(parts, ensure_ascii=False)


FORMATS = {"plain": Discreet, "json": DiscreetJson}
"""By the values of the setting LOG_FORMAT."""


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


def set_up_logging(level: str, secrets: Iterable[str], form: str = "plain") -> None:
    """Log to stderr: our own loggers from ``level`` on, every other one never below INFO.

    ``secrets`` are replaced wherever they would stand in a line; ``form`` is one of ``FORMATS``. What is
    logged while somebody tells comes later (``bot.cli.held_back``).
    """
    handler = HoldingBack()
    handler.setFormatter(FORMATS[form](secrets))
    asked = logging.getLevelNamesMapping()[level]
    logging.basicConfig(handlers=[handler], level=max(asked, logging.INFO), force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(asked)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(max(asked, logging.INFO))
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(asked, logging.WARNING))
    for name in _TELL_OF_CONNECTIONS:
        logging.getLogger(name).addFilter(_brief)
