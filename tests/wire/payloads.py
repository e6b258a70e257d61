"""How Discord writes what there is: the objects of its reference, as far as discord.py reads them."""

from __future__ import annotations

from typing import Any

from tests.wire.permissions import in_channel
from tests.wire.things import (
    DM,
    FORUM,
    HAS_THREAD,
    MEDIA,
    THREAD_STARTER,
    VOICE,
    Channel,
    Guild,
    Message,
    Overwrite,
    Person,
    Role,
)

Payload = dict[str, Any]


def user(person: Person) -> Payload:
    """A user object."""
    return {
        "id": str(person.id),
        "username": person.name,
        "global_name": None if person.bot else person.name.capitalize(),
        "discriminator": "0",
        "avatar": None,
        "bot": person.bot,
    }


def member(guild: Guild, person: Person, channel: Channel | None = None) -> Payload:
    """A member object; with the permissions in a channel where an interaction carries it."""
    made: Payload = {
        "user": user(person),
        "nick": None,
        "avatar": None,
        "roles": [str(role) for role in guild.members[person.id]],
        "joined_at": guild.joined_at.isoformat(),
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }
    if channel is not None:
        made["permissions"] = str(in_channel(channel, person.id))
    return made


def role(given: Role) -> Payload:
    """A role object."""
    return {
        "id": str(given.id),
        "name": given.name,
        "permissions": str(int(given.permissions)),
        "position": given.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def overwrite(given: Overwrite) -> Payload:
    """A channel's overwrite."""
    return {
        "id": str(given.id),
        "type": given.kind,
        "allow": str(int(given.allow)),
        "deny": str(int(given.deny)),
    }


def channel(given: Channel) -> Payload:
    """A channel, thread or private channel object."""
    if given.thread is not None:
        return thread(given)
    made: Payload = {
        "id": str(given.id),
        "type": given.type,
        "last_message_id": _last(given),
        "flags": given.flags,
    }
    if given.type == DM:
        assert given.recipient is not None
        return made | {"recipients": [user(given.recipient)]}
    made |= {
        "guild_id": str(given.guild_id),
        "name": given.name,
        "position": 0,
        "nsfw": False,
        "parent_id": None,
        "topic": None,
        "rate_limit_per_user": 0,
        "permission_overwrites": [overwrite(one) for one in given.overwrites],
    }
    if given.type == VOICE:
        made |= {"bitrate": 64_000, "user_limit": 0}
    if given.type in {FORUM, MEDIA}:
        tags = [
            {"id": str(number), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
            for number, name in given.tags.items()
        ]
        made |= {
            "available_tags": tags,
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }
    return made


def thread(given: Channel) -> Payload:
    """A thread object; a forum's post is one."""
    own, parent = given.thread, given.parent
    assert own is not None
    assert parent is not None
    return {
        "id": str(given.id),
        "type": given.type,
        "guild_id": str(given.guild_id),
        "parent_id": str(parent.id),
        "owner_id": str(own.owner_id),
        "name": given.name,
        "last_message_id": _last(given),
        "message_count": own.written,
        "total_message_sent": own.written,
        "member_count": 1,
        "rate_limit_per_user": 0,
        "flags": given.flags,
        "applied_tags": [str(tag) for tag in own.tags],
        "thread_metadata": {
            "archived": own.archived,
            "locked": own.locked,
            "auto_archive_duration": own.auto_archive,
            "archive_timestamp": own.archived_at.isoformat(),
            "create_timestamp": own.archived_at.isoformat(),
        },
    }


def guild(given: Guild, me: Person, *, channels: bool = True) -> Payload:
    """A guild object; ``channels``: as the gateway tells it, with channels, open threads and our member."""
    made: Payload = {
        "id": str(given.id),
        "name": given.name,
        "owner_id": str(given.owner_id),
        "roles": [role(one) for one in given.roles.values()],
        "icon": None,
        "emojis": [],
        "stickers": [],
        "features": [],
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "system_channel_flags": 0,
    }
    if not channels:
        return made
    seen = [one for one in given.channels.values() if one.thread is None]
    threads = [one for one in given.channels.values() if one.thread is not None and not one.thread.archived]
    return made | {
        "unavailable": False,
        "large": False,
        "joined_at": given.joined_at.isoformat(),
        "member_count": len(given.members),
        "members": [member(given, me)],
        "channels": [channel(one) for one in seen],
        "threads": [thread(one) for one in threads],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def message(given: Message, me: Person) -> Payload:
    """A message object."""
    made: Payload = {
        "id": str(given.id),
        "channel_id": str(given.channel.id),
        "author": user(given.author),
        "type": given.type,
        "content": given.content,
        "timestamp": given.at.isoformat(),
        "edited_timestamp": given.edited_at.isoformat() if given.edited_at else None,
        "tts": False,
        "pinned": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": given.attachments,
        "embeds": given.embeds,
        "components": given.components,
        "flags": given.flags,
    }
    if given.nonce is not None:
        made["nonce"] = given.nonce
    if given.metadata is not None:
        made["interaction_metadata"] = given.metadata
    if given.reactions:
        made["reactions"] = [
            {
                "emoji": {"id": None, "name": emoji},
                "count": len(people),
                "count_details": {"burst": 0, "normal": len(people)},
                "me": me.id in people,
                "me_burst": False,
                "burst_colors": [],
            }
            for emoji, people in given.reactions.items()
            if people
        ]
    if given.flags & HAS_THREAD and given.channel.guild and given.id in given.channel.guild.channels:
        made["thread"] = thread(given.channel.guild.channels[given.id])
    if given.type == THREAD_STARTER:
        parent = given.channel.parent
        assert parent is not None
        made["message_reference"] = {
            "type": 0,
            "channel_id": str(parent.id),
            "message_id": str(given.channel.id),
            "guild_id": str(parent.guild_id),
        }
    return made


def _last(given: Channel) -> str | None:
    return str(next(reversed(given.messages))) if given.messages else None
