"""What the rehearsal's page shows, and what it may ask of the stage."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Skip(StrEnum):
    """How far time is skipped: never past something due, which is done on the way."""

    HOUR = "hour"
    DAY = "day"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to act as. ``role`` says in a few words what they may do."""

    key: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to look: a channel, a thread, or one's private messages with the bot.

    ``opened_from`` is the id of the message that a thread hangs on, so that a press on the thread
    below that message can open it; None for everything else.
    """

    key: str
    name: str
    note: str = ""
    opened_from: str | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of what happened. ``moment`` is the circle's own time, written out for people."""

    moment: str
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything beside the window, ready to be shown. Happenings stand newest first.

    ``view`` grows whenever the window shows another place or person: the page then opens it anew
    with ``capability``, the secret that the window asks for.
    """

    moment: str
    next_due: str | None
    people: tuple[Person, ...]
    places: tuple[Place, ...]
    person: str
    place: str
    happenings: tuple[Happening, ...]
    view: int
    capability: str
    busy: bool = False


class Busy(Exception):
    """The bot didn't come to rest in time; what was asked can be asked again."""


class Stage(Protocol):
    """The world behind the page. One thing happens in it at a time; whoever comes second waits."""

    def scene(self) -> Scene:
        """How things stand. Doesn't wait, also while time is being skipped."""
        ...

    async def skip(self, by: Skip) -> None:
        """Move time on and let everything due on the way happen at its moment. Raises Busy."""
        ...

    async def show(self, person: str, place: str) -> None:
        """Look at ``place`` as ``person`` (their keys). Raises LookupError for a key that isn't there."""
        ...

    def window(self, *, acting: bool) -> AbstractAsyncContextManager[str]:
        """Hold the world still for one request of the window; yields the window's own origin.

        When ``acting``, whatever the request made due is done before the world is let go.
        """
        ...
