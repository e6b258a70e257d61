"""The few things a delivery can ask of Discord, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from discord.ui import LayoutView


@dataclass(frozen=True, slots=True)
class Send:
    """Send a message to a channel or thread."""

    channel_id: int
    view: LayoutView
    too_late: bool = False
    """Its time is over: only find out whether an earlier attempt arrived, and send nothing."""


@dataclass(frozen=True, slots=True)
class SendPrivately:
    """Send a private message to a person who asked for it."""

    user_id: int
    view: LayoutView
    too_late: bool = False
    """As for ``Send``."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Make a message look like this. A message that is gone counts as done."""

    channel_id: int
    message_id: int
    view: LayoutView


@dataclass(frozen=True, slots=True)
class OpenThread:
    """Open the thread of a message. One that is already open counts as done."""

    channel_id: int
    message_id: int
    name: str


@dataclass(frozen=True, slots=True)
class LockThread:
    """Lock a thread, or unlock it. One that is gone counts as done."""

    thread_id: int
    locked: bool


@dataclass(frozen=True, slots=True)
class Retract:
    """Take messages and a thread away. What is gone already counts as done.

    ``unsettled`` are deliveries, with the time of their first attempt, whose message may stand in
    Discord without our knowing its id: they are looked for by their marker.
    """

    channel_id: int
    message_ids: tuple[int, ...] = ()
    thread_id: int | None = None
    unsettled: tuple[tuple[str, datetime], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class NotYet:
    """Something else has to happen first: come back later."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Nothing:
    """The state asks for nothing any more: the delivery is dropped."""


Step = Send | SendPrivately | Edit | OpenThread | LockThread | Retract | NotYet | Nothing


@dataclass(frozen=True, slots=True)
class Shown:
    """What Discord gave back: the id of the message or thread, where there is one."""

    message_id: int | None = None
    channel_id: int | None = None
