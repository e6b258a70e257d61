"""The places where deliveries show: which kinds there are, and what the bot may do there.

Access is checked locally before anything is asked: thousands of refused requests in ten minutes would ban
our address.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeGuard

import discord

Place = discord.TextChannel | discord.Thread | discord.ForumChannel

NEEDED = (
    "view_channel",
    "send_messages",
    "read_message_history",
    "create_public_threads",
    "send_messages_in_threads",
    "manage_threads",
)
"""What the bot needs in a circle's text channel, by discord.py's names of permissions."""
NEEDED_IN_FORUM = tuple(name for name in NEEDED if name != "create_public_threads")
"""The same in a forum: there *Send Messages* allows to create posts (Discord's reference, Start Thread in
Forum or Media Channel)."""
FOR_WORDS = ("view_channel", "send_messages", "read_message_history")
"""What it needs in a channel where it only writes, such as the moderators'."""
IN_THREADS = ("view_channel", "send_messages_in_threads")
ARCHIVE_MINUTES = 10080
"""After so many quiet minutes a thread is archived: the longest time that Discord has."""
NO_TAG = "forum_tag"
"""What is missing in a forum that requires a tag on every post and has none, as a key of a text."""


class NoAccess(Exception):
    """The bot may not do this in the channel, or the channel isn't there."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreadable(Exception):
    """Whether the message arrived can't be seen."""


class NotCertainYet(Exception):
    """It isn't there, but a request may still be on its way: look again after ``wait``."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


def is_forum(channel: object) -> TypeGuard[discord.ForumChannel]:
    """Whether messages are posts of their own there.

    A media channel isn't meant: discord.py has it as a forum too, but its posts must carry a file.
    """
    return isinstance(channel, discord.ForumChannel) and not channel.is_media()


def needed_in(channel: object) -> tuple[str, ...]:
    """What the bot needs in a channel where a circle meets, by discord.py's names of permissions."""
    return NEEDED_IN_FORUM if is_forum(channel) else NEEDED


def missing(channel: object) -> str | None:
    """What the bot lacks to post in a channel or thread, as a key of a text; None when all is well."""
    if not isinstance(channel, Place) or (isinstance(channel, discord.ForumChannel) and channel.is_media()):
        return "not_text"
    known = _allowed(channel)
    if known is None:
        return None
    needed = IN_THREADS if isinstance(channel, discord.Thread) else needed_in(channel)
    lacking = next((name for name in needed if not getattr(known, name)), None)
    return NO_TAG if lacking is None and lacks_tag(channel) else lacking


def lacks_tag(channel: object) -> bool:
    """Whether a forum requires a tag on every post, and has none to choose from."""
    return is_forum(channel) and channel.flags.require_tag and not channel.available_tags


def may_read(channel: object) -> bool:
    """Without Read Message History Discord answers with nothing, and no error."""
    known = _allowed(channel) if isinstance(channel, Place) else None
    return known is not None and known.view_channel and known.read_message_history


def _allowed(channel: Place) -> discord.Permissions | None:
    """What the bot may do in a channel or thread; None when that isn't known here.

    A thread of a server that isn't available just now has no parent, and the server no members.
    """
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return None
    own: Any = channel.guild.me
    return None if own is None else channel.permissions_for(own)
