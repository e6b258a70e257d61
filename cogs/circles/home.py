"""Where a circle meets: which channel is meant, and whether it, the person and the bot fit."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.content.words import Words
from bot.delivery.places import is_forum, lacks_tag, needed_in
from bot.errors import Refusal
from bot.interactions import Interaction
from bot.permissions import circle_channel_id


class HomeOption(app_commands.Transformer):
    """The option that names a channel; Discord offers text channels and forums. Gives the channel's id."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """A channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """No announcement channels, whose followers live in other servers, and no media channels, whose
        posts must carry a file."""
        return [discord.ChannelType.text, discord.ChannelType.forum]

    async def transform(
        self, _interaction: discord.Interaction[Any], value: app_commands.AppCommandChannel, /
    ) -> int:
        """Its id: the rest is looked up when it is needed."""
        return value.id


def meant(interaction: Interaction, named: int | None) -> int:
    """The channel that somebody named, or else the one where they are; of a forum's post, the forum.

    Raises Refusal for a thread in a text channel, and for a channel that this person can't see.
    """
    here = circle_channel_id(interaction)
    if named is not None and named != here:
        require_seen(interaction, named)
        return named
    if isinstance(interaction.channel, discord.Thread) and not is_forum(interaction.channel.parent):
        raise Refusal("refusals.channel_kind")
    return here


def require_seen(interaction: Interaction, channel_id: int) -> None:
    """Whatever a custom_id names: of other servers, and of closed rooms, nobody learns anything here.

    Raises Refusal.
    """
    channel, person = interaction.client.get_channel(channel_id), interaction.user
    if (
        not isinstance(channel, discord.abc.GuildChannel)
        or not isinstance(person, discord.Member)
        or channel.guild.id != interaction.guild_id
        or not channel.permissions_for(person).view_channel
    ):
        raise Refusal("refusals.channel_unseen")


def require_home(interaction: Interaction, channel_id: int) -> None:
    """Raises Refusal where a circle can't meet, or the bot can't work."""
    bot = interaction.client
    channel = bot.get_channel(channel_id)
    if channel is not None and not _may_be_home(channel):
        raise Refusal("refusals.channel_kind")
    if lacking := missing_words(bot.words, channel):
        raise Refusal("refusals.missing_permission", missing=lacking)
    if lacks_tag(channel):
        raise Refusal("refusals.forum_tag")


def _may_be_home(channel: object) -> bool:
    return is_forum(channel) or (isinstance(channel, discord.TextChannel) and not channel.is_news())


def missing_words(words: Words, channel: object, needed: tuple[str, ...] | None = None) -> str:
    """The permissions that the bot lacks in a channel, in words; empty when all is well. Unless told
    which are ``needed``, those that a circle needs where it meets."""
    if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
        return words("common.permissions.view_channel")
    allowed = channel.permissions_for(channel.guild.me)
    lacking = [name for name in needed or needed_in(channel) if not getattr(allowed, name)]
    return ", ".join(_name(words, name, channel) for name in lacking)


def _name(words: Words, name: str, channel: object) -> str:
    if name == "send_messages" and is_forum(channel):
        return words("common.permissions.create_posts")
    return words(f"common.permissions.{name}")
