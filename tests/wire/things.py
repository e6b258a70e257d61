"""What a Discord is made of: plain state, without any behaviour of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.wire import shown

TEXT, DM, VOICE, THREAD, FORUM, MEDIA = 0, 1, 2, 11, 15, 16
"""Discord's numbers of channel types."""
DEFAULT, THREAD_STARTER = 0, 21
"""Discord's numbers of message types: a usual one, and the pointer with which a message's thread begins."""
EPHEMERAL, HAS_THREAD, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 5, 1 << 7, 1 << 15
"""Discord's flags of messages."""
REQUIRE_TAG = 1 << 4
"""Discord's flag of forums in which every post has a tag."""


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with an account; the bot has one too."""

    id: int
    name: str
    bot: bool = False
    dms_open: bool = True


@dataclass(slots=True, eq=False)
class Role:
    """A role, with what it allows."""

    id: int
    name: str
    permissions: int
    position: int


@dataclass(slots=True, eq=False)
class Overwrite:
    """What a channel changes for a role (kind 0) or a member (kind 1)."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True, eq=False)
class Guild:
    """A server. The bot is in it as long as it is among the members."""

    id: int
    name: str
    owner_id: int
    joined_at: datetime
    roles: dict[int, Role] = field(default_factory=dict[int, Role])
    members: dict[int, tuple[int, ...]] = field(default_factory=dict[int, tuple[int, ...]])
    """The ids of each member's roles, by the member's id."""
    channels: dict[int, Channel] = field(default_factory=dict[int, "Channel"])
    """Threads are among them, archived ones too."""


@dataclass(slots=True, eq=False)
class Thread:
    """What only threads have."""

    owner_id: int
    archived_at: datetime
    auto_archive: int = 10080
    archived: bool = False
    locked: bool = False
    tags: tuple[int, ...] = ()
    written: int = 0


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel, forum, private channel or thread, with its messages, the oldest first."""

    id: int
    type: int
    name: str
    guild: Guild | None = None
    parent: Channel | None = None
    overwrites: list[Overwrite] = field(default_factory=list[Overwrite])
    messages: dict[int, Message] = field(default_factory=dict[int, "Message"])
    thread: Thread | None = None
    tags: dict[int, str] = field(default_factory=dict[int, str])
    """A forum's, by their id."""
    flags: int = 0
    recipient: Person | None = None
    """Of a private channel: the person that the bot talks to."""
    old_edits: int = 0

    @property
    def guild_id(self) -> int | None:
        """The server's id; None for a private channel."""
        return self.guild.id if self.guild else None


@dataclass(slots=True, eq=False)
class Message:
    """A message, public or private, as it stands now."""

    id: int
    channel: Channel
    author: Person
    at: datetime
    type: int = DEFAULT
    content: str = ""
    components: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    embeds: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    attachments: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """The contents of attachments, by name."""
    flags: int = 0
    nonce: str | int | None = None
    edited_at: datetime | None = None
    versions: int = 1
    """How many faces it has had: one more with each edit."""
    reactions: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    metadata: dict[str, Any] | None = None
    """Who used which interaction, where it answers one."""

    @property
    def private(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    def text(self) -> str:
        """All that is read in it, labels of buttons and choices included."""
        return "\n".join(part for part in (self.content, shown.text_of(self.components)) if part)

    def custom_ids(self) -> list[str]:
        """The custom_ids on it, in order."""
        return shown.custom_ids(self.components)
