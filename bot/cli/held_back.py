"""The handler of the log: what is logged while somebody tells is written later, and without its time.

Whoever reads the log, and whatever stamps its lines, would else learn to the second when somebody told; and
who hands in the reference of an error would be known with it.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import sys
import time
from itertools import count
from secrets import SystemRandom

from bot.pressing import while_telling

WAIT = (5 * 60, 60 * 60)
"""Seconds, from and to: each line waits a random time in between, or until the process ends."""
MOST = 1_000
"""Lines that are held at most; of more at once the first say enough."""
_MARK = "day_alone"


def time_of(record: logging.LogRecord, datefmt: str | None) -> str:
    """When something was logged, UTC: to the second, or the day alone of what was held back."""
    moment = time.gmtime(record.created)
    if getattr(record, _MARK, False):
        return time.strftime("%Y-%m-%d", moment)
    return f"{time.strftime(datefmt or '%Y-%m-%dT%H:%M:%S', moment)}Z"


class HoldingBack(logging.StreamHandler):  # pyright: ignore[reportMissingTypeArgument]  # no generic at run time
    """Writes to stderr: the bot's own work at once; what comes of a press with which somebody may tell only
    later, each line by itself, and only if it is a warning or worse. What is held is formatted already, so
    that no words stay in memory with it. A process that is killed takes along what it held."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self._held: dict[int, str] = {}
        self._numbers = count()

    def emit(self, record: logging.LogRecord) -> None:
        """Write it, hold it, or leave it."""
        if not while_telling():
            super().emit(record)
            return
        if record.levelno < logging.WARNING or len(self._held) >= MOST:
            return
        held = copy.copy(record)
        setattr(held, _MARK, True)
        number = next(self._numbers)
        self._held[number] = self.format(held)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # written at the end
        loop.call_later(SystemRandom().uniform(*WAIT), self._write, number)

    def close(self) -> None:
        """At the end of the process: write what is still held, in no order."""
        numbers = list(self._held)
        SystemRandom().shuffle(numbers)
        for number in numbers:
            self._write(number)
        super().close()

    def _write(self, number: int) -> None:
        line = self._held.pop(number, None)
        if line is not None:
            self.stream.write(line + self.terminator)
            self.flush()
