"""The real command line with another clock: ``python -m tests.wire.launched [command]``.

The clock is ahead of the computer's by as many seconds as the file in the working folder says, read
anew each time, so that it can be moved while the bot runs.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

OFFSET_FILE = "clock-is-ahead-by"


def moved_now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC) + timedelta(seconds=float(Path(OFFSET_FILE).read_text()))


def launch() -> int:
    """Hand the clock to the command line, and run it."""
    from bot.__main__ import main
    from bot.cli import opening

    opening.utc_now = moved_now
    return main()


if __name__ == "__main__":
    sys.exit(launch())
