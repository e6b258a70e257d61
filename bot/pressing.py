"""Whether what happens now happens because a person pressed something: then a person waits for it, and
whoever can see that it happened can see when somebody was there.

Remembered for a task and what it awaits or starts. A delivery that a press has woken is no longer its work.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum


class Press(Enum):
    """What kind of press something happens for."""

    NONE = "nobody's: the bot works by itself"
    OPEN = "about what isn't told: a circle's settings, a reminder"
    TELLING = "it may be somebody who tells: nothing may show when that was"


_PRESS = ContextVar("press", default=Press.NONE)


def pressed(*, open: bool) -> None:
    """From now on this task works for a press. ``open``: nobody tells with it."""
    _PRESS.set(Press.OPEN if open else Press.TELLING)


def for_a_person() -> bool:
    """Whether a person waits for what happens now."""
    return _PRESS.get() is not Press.NONE


def while_telling() -> bool:
    """Whether what happens now may happen because somebody tells, replies or takes something back."""
    return _PRESS.get() is Press.TELLING


@contextmanager
def by_itself() -> Generator[None]:
    """What happens inside is the bot's own work, whoever has woken it."""
    token = _PRESS.set(Press.NONE)
    try:
        yield
    finally:
        _PRESS.reset(token)
