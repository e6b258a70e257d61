"""The hurried command line, with switches on its database that a test turns by files in the working folder:
``python -m tests.wire.switches [command]``.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

READ_ONLY = "read-only"
"""While it is there SQLite refuses every change, as on a disk that is read-only."""
DIES_WITH = "dies-with"
"""Holds the beginning of a statement: the process kills itself when the transaction in which that was said is
about to be kept, once."""

BUSY_MS = 2_000
"""Longer than a form's words may take to be stored, as the bot's own limit is."""


def _begin(connection: Connection) -> None:
    connection.info["said"] = []
    connection.exec_driver_sql(f"PRAGMA query_only={Path(READ_ONLY).exists():d}")


def _say(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
    connection.info.setdefault("said", []).append(statement)


def _commit(connection: Connection) -> None:
    switch = Path(DIES_WITH)
    if switch.exists() and any(said.startswith(switch.read_text()) for said in connection.info["said"]):
        switch.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def launch() -> int:
    """Put the switches in, and run the command line."""
    from db import database
    from tests.wire import hurried

    database.BUSY_TIMEOUT_MS = BUSY_MS
    event.listen(Engine, "begin", _begin)
    event.listen(Engine, "before_cursor_execute", _say)
    event.listen(Engine, "commit", _commit)
    return hurried.launch()


if __name__ == "__main__":
    sys.exit(launch())
