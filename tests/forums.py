"""A forum in the simulation, seen as tests see a text channel: messages, and the threads below stories.

In a forum each message is the first one of a post of its own. ``history`` gives those first messages, and
``threads`` the posts of stories, each with what follows its first message.
"""

from __future__ import annotations

from typing import Any

import discord
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle
from simcord.enums import OverwriteType

OTHER_TITLES = ("This week: ", "Welcome")


class PostHandle(ChannelHandle):
    """A post in a forum, without its first message."""

    def history(self, **kwargs: Any) -> list[discord.Message]:
        """What stands below the first message, oldest first."""
        return super().history(**kwargs)[1:]

    def first(self) -> list[discord.Message]:
        """The first message, if it is there."""
        return super().history()[:1]


class ForumHandle(ChannelHandle):
    """A forum."""

    @property
    def posts(self) -> list[PostHandle]:
        """All posts, oldest first."""
        return [PostHandle(self._env, self.guild, thread._channel) for thread in super().threads]

    @property
    def threads(self) -> list[Any]:
        """The posts of stories."""
        return [post for post in self.posts if not (post.name or "").startswith(OTHER_TITLES)]

    def history(self, **_: Any) -> list[discord.Message]:
        """The first message of every post, oldest first."""
        return [message for post in self.posts for message in post.first()]


def create_forum(guild: Any, *tags: str) -> ForumHandle:
    """A forum with these tags; a tag in round brackets is for moderators only."""
    made = guild.create_forum_channel("circle")
    made._channel.available_tags = [
        {
            "id": str(guild._env.backend.snowflake()),
            "name": tag.strip("()"),
            "moderated": tag.startswith("("),
            "emoji_id": None,
            "emoji_name": None,
        }
        for tag in tags
    ]
    guild._env.backend.announce_channel_update(made.id)
    return ForumHandle(guild._env, guild, made._channel)


def only_post(circle: Any) -> Any:
    """The post of the only story."""
    (post,) = circle.channel.threads
    return post


def deny(stage: Any, channel: Any, who: int, kind: OverwriteType, **names: bool) -> None:
    """Take permissions away in a channel; without names, give them back."""
    denied = discord.Permissions(**names).value
    stage.env.backend.set_overwrite(channel.id, Overwrite(who, kind, deny=denied))


def require_tags(circle: Any) -> None:
    """The forum requires a tag on every post."""
    circle.stage.bot.get_channel(circle.channel.id)._flags = 1 << 4  # what the simulation doesn't send
