"""Who may facilitate, moderate, and set circles up.

Discord's own command permissions are only a default that admins can change, so the bot checks again.
"""

from __future__ import annotations

import discord

from bot.errors import Gone, NotAllowed, Refusal
from bot.interactions import Interaction
from bot.services.acts import Role
from bot.services.circles import CircleInfo


def manages_server(interaction: Interaction) -> bool:
    """Whether the person has Manage Server."""
    return interaction.permissions.manage_guild or interaction.permissions.administrator


def has_role(interaction: Interaction, role_id: int | None) -> bool:
    """Whether the person has a role; nobody has one that isn't set."""
    member = interaction.user
    return role_id is not None and isinstance(member, discord.Member) and member.get_role(role_id) is not None


def facilitates(interaction: Interaction, circle: CircleInfo) -> bool:
    """Whether the person leads the circle: the facilitators' role, or Manage Server."""
    return manages_server(interaction) or has_role(interaction, circle.plan.facilitator_role_id)


def moderates(interaction: Interaction, circle: CircleInfo) -> bool:
    """Whether the person keeps the circle safe: the moderators' role, or Manage Server."""
    return manages_server(interaction) or has_role(interaction, circle.plan.moderator_role_id)


def require_facilitator(interaction: Interaction, circle: CircleInfo) -> None:
    """Raises NotAllowed, saying who has the right; Gone for a circle of another server."""
    require_here(interaction, circle)
    if not facilitates(interaction, circle):
        raise NotAllowed("refusals.facilitators_only", who=_who(interaction, circle.plan.facilitator_role_id))


def require_moderator(interaction: Interaction, circle: CircleInfo) -> None:
    """Raises NotAllowed, saying who has the right; Gone for a circle of another server."""
    require_here(interaction, circle)
    if not moderates(interaction, circle):
        raise NotAllowed("refusals.moderators_only", who=_who(interaction, circle.plan.moderator_role_id))


def require_either(interaction: Interaction, circle: CircleInfo) -> None:
    """For what facilitators and moderators may both do. Raises NotAllowed, or Gone."""
    require_here(interaction, circle)
    if not moderates(interaction, circle):
        require_facilitator(interaction, circle)


def acting_as(interaction: Interaction, circle: CircleInfo) -> Role:
    """As which somebody does what facilitators and moderators may both do, for the open log."""
    return Role.FACILITATOR if facilitates(interaction, circle) else Role.MODERATOR


def require_manager(interaction: Interaction) -> None:
    """For the first set-up of a circle. Raises NotAllowed."""
    if not manages_server(interaction):
        raise NotAllowed("refusals.managers_only")


def _who(interaction: Interaction, role_id: int | None) -> str:
    words = interaction.client.words
    return f"<@&{role_id}>" if role_id is not None else words("refusals.server_managers")


def circle_channel_id(interaction: Interaction) -> int:
    """The channel that an interaction belongs to; of a thread, the channel that it hangs on.

    Raises Refusal outside of a server.
    """
    channel = interaction.channel
    if interaction.guild_id is None or channel is None:
        raise Refusal("refusals.only_in_server")
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return channel.id


def require_here(interaction: Interaction, circle: CircleInfo) -> None:
    """A circle is only ever reached from its own server, whatever a custom_id names. Raises Gone."""
    if circle.guild_id != interaction.guild_id:
        raise Gone("refusals.circle_gone")


def sees(interaction: Interaction, circle: CircleInfo) -> bool:
    """Whether the person can see the circle's channel: nobody reaches a circle that is closed to them."""
    channel, person = interaction.client.get_channel(circle.channel_id), interaction.user
    return (
        isinstance(channel, discord.abc.GuildChannel)
        and isinstance(person, discord.Member)
        and channel.permissions_for(person).view_channel
    )


def require_member(interaction: Interaction, circle: CircleInfo) -> None:
    """For telling, replying, quiet signs and the log: whoever can see where the circle meets.

    Raises Gone for a circle of another server, and NotAllowed for one whose channel is closed to the person.
    """
    require_here(interaction, circle)
    if not sees(interaction, circle):
        raise NotAllowed("refusals.not_in_circle")


async def this_circle(interaction: Interaction) -> CircleInfo:
    """The circle of the channel where something was done; else the only one that the person can see.

    Raises Refusal when there is none, or when it isn't clear which one is meant.
    """
    services = interaction.client.services
    found = await services.circles.at(circle_channel_id(interaction))
    if found is not None:
        return found
    all_here = await services.circles.of_guild(interaction.guild_id or 0)
    others = [circle for circle in all_here if sees(interaction, circle)]
    if len(others) == 1:
        return await services.circles.get(others[0].id)
    if others:
        raise Refusal("refusals.which_circle", channels=", ".join(f"<#{one.channel_id}>" for one in others))
    raise Refusal("refusals.no_circle")
