"""Where something stands in Discord, as an address."""

from __future__ import annotations


def channel_link(guild_id: int, channel_id: int) -> str:
    """The address of a channel or thread, which opens only for those who may see it."""
    return f"https://discord.com/channels/{guild_id}/{channel_id}"


def message_link(guild_id: int, channel_id: int, message_id: int) -> str:
    """The address of a message in it."""
    return f"{channel_link(guild_id, channel_id)}/{message_id}"
