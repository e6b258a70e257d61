"""Faults that come again and again, such as a database that is locked: told once, and when they are over."""

from __future__ import annotations

import logging
from types import TracebackType


class Recurring:
    """Remembers which of the things that are tried again and again fail just now, and with what."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._failing: dict[str, type[BaseException]] = {}

    def watched(self, what: str) -> Try:
        """For one try of *what*, in a ``with``. A fault doesn't leave the block: it is logged with all that
        is known about it, unless the try before failed in the same way. The first try that succeeds again
        says so in a line."""
        return Try(self, what)

    def ended(self, what: str, error: BaseException | None) -> bool:
        """Whether this end of a try was an ordinary fault, and is dealt with here."""
        if error is None:
            if self._failing.pop(what, None) is not None:
                self._log.info("%s works again", what)
            return False
        if not isinstance(error, Exception):
            return False
        if self._failing.get(what) is not type(error):
            self._log.error("%s failed", what, exc_info=error)
        self._failing[what] = type(error)
        return True


class Try:
    """One try. Its ``bool`` tells the type checker that it may swallow what is raised inside."""

    def __init__(self, recurring: Recurring, what: str) -> None:
        self._recurring = recurring
        self._what = what

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _where: TracebackType | None
    ) -> bool:
        """Tell how it ended."""
        return self._recurring.ended(self._what, error)
