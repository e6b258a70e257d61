"""What a role allows and a channel changes, by Discord's numbers of permissions."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.wire.things import Channel, Guild


class Allow(IntFlag):
    """The permissions that matter here (Discord's reference of permissions)."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


PEOPLE = (
    Allow.VIEW_CHANNEL
    | Allow.SEND_MESSAGES
    | Allow.READ_MESSAGE_HISTORY
    | Allow.ADD_REACTIONS
    | Allow.USE_APPLICATION_COMMANDS
    | Allow.SEND_MESSAGES_IN_THREADS
)
"""What everybody may do in a usual server."""
OURS = (
    Allow.VIEW_CHANNEL
    | Allow.SEND_MESSAGES
    | Allow.READ_MESSAGE_HISTORY
    | Allow.MANAGE_THREADS
    | Allow.CREATE_PUBLIC_THREADS
    | Allow.SEND_MESSAGES_IN_THREADS
)
"""What the link that invites the bot asks for."""
EVERYTHING = Allow((1 << 53) - 1)


def in_guild(guild: Guild, person_id: int) -> int:
    """What somebody's roles allow."""
    if person_id == guild.owner_id:
        return EVERYTHING
    allowed = guild.roles[guild.id].permissions
    for role_id in guild.members.get(person_id, ()):
        allowed |= guild.roles[role_id].permissions
    return EVERYTHING if allowed & Allow.ADMINISTRATOR else allowed


def in_channel(channel: Channel, person_id: int) -> int:
    """What somebody may do in a channel, or in the channel that a thread hangs on: the overwrites for
    everybody, then for roles, then for the person, in Discord's order."""
    guild = channel.guild
    if guild is None:
        return PEOPLE | OURS
    place = channel.parent or channel
    allowed = in_guild(guild, person_id)
    if allowed == EVERYTHING or not place.overwrites:
        return allowed
    roles = guild.members.get(person_id, ())
    everybody = [one for one in place.overwrites if one.id == guild.id]
    of_roles = [one for one in place.overwrites if one.kind == 0 and one.id in roles]
    own = [one for one in place.overwrites if one.kind == 1 and one.id == person_id]
    for group in (everybody, of_roles, own):
        for one in group:
            allowed &= ~one.deny
        for one in group:
            allowed |= one.allow
    return allowed
