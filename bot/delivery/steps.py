"""The few things a delivery can ask of Discord, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from discord.ui import LayoutView


@dataclass(frozen=True, slots=True, repr=False)
class ForumPost:
    """What makes a message a post of its own, where the circle meets in a forum."""

    title: str
    """Up to 100 characters; a longer one is cut."""
    theme: str | None = None
    """The forum's tag of this name is put on the post, if there is one."""
    tags: tuple[str, ...] = ()
    """Other tags that fit, best first, for a forum that requires one."""


@dataclass(frozen=True, slots=True, repr=False)
class Send:
    """Send a message to a channel or thread; to a forum, as a post of its own."""

    channel_id: int
    view: LayoutView
    too_late: bool = False
    """Its time is over: only find out whether an earlier attempt arrived, and send nothing."""
    post: ForumPost | None = None
    """For what goes to a circle's channel, of whichever kind that is; None for what goes to a thread."""
    known_as: str | None = None
    """What marks the message after it was edited, where that can happen before we know that it arrived."""
    words_alone: bool = False
    """It is no part of a circle's channel: the bot only writes there, and looks at what it wrote."""


@dataclass(frozen=True, slots=True, repr=False)
class SendPrivately:
    """Send a private message to a person who asked for it."""

    user_id: int
    view: LayoutView
    too_late: bool = False
    """As for ``Send``."""


@dataclass(frozen=True, slots=True, repr=False)
class Edit:
    """Make a message look like this. A message that is gone counts as done."""

    channel_id: int
    message_id: int
    view: LayoutView
    thread_id: int | None = None
    """Its thread. In a forum the message stands in there: thread and first message are one post."""


@dataclass(frozen=True, slots=True, repr=False)
class OpenThread:
    """Open the thread of a message. One that is already open counts as done."""

    channel_id: int
    message_id: int
    name: str


@dataclass(frozen=True, slots=True, repr=False)
class LockThread:
    """Lock a thread, or unlock it. One that is gone counts as done."""

    thread_id: int
    locked: bool


@dataclass(frozen=True, slots=True, repr=False)
class Retract:
    """Take messages and a thread away; in a forum, the whole post. What is gone already counts as done.

    ``unsettled`` are deliveries, with the time of their first attempt, whose message may stand in
    Discord without our knowing its id: they are looked for by their marker. So is what marks a message
    that was edited since.
    """

    channel_id: int
    message_ids: tuple[int, ...] = ()
    thread_id: int | None = None
    unsettled: tuple[tuple[str, datetime], ...] = field(default=())


@dataclass(frozen=True, slots=True, repr=False)
class Rewrite:
    """Make several messages of a thread look like this, and take others away. What is gone counts as done."""

    thread_id: int
    views: tuple[tuple[int, LayoutView], ...]
    """Message ids, each with how the message must look."""
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class FindFirst:
    """Look for the bot's first messages in a thread: those with a text alone, up to the one that has a
    button with this custom_id."""

    thread_id: int
    last: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """Something else has to happen first: come back later."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Nothing:
    """The state asks for nothing any more: the delivery is dropped."""


@dataclass(frozen=True, slots=True)
class Rest:
    """It waits for people: looking at the state has put the delivery to rest already."""


Step = (
    Send | SendPrivately | Edit | OpenThread | LockThread | Retract | Rewrite | FindFirst | NotYet | Nothing
    | Rest
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """What Discord gave back: the id of the message or thread, where there is one."""

    message_id: int | None = None
    channel_id: int | None = None
    """Where the message stands; of one that was sent to a forum, its post's thread."""
    before: tuple[int, ...] | None = None
    """For ``FindFirst``: the messages before the last one, oldest first; the last one is ``message_id``."""
