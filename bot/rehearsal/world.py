"""The rehearsal's world: a made-up server with two circles and five people.

The circles are set up by pressing through the bot's own page, as a facilitator would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import discord
from simcord import Env
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle
from simcord.results import InteractionResult, ResponseMessage

from bot.content.words import Words
from bot.rehearsal.faces import face

ZONE = "Europe/Berlin"
OPENING = datetime(2026, 5, 4, 6, 50, tzinfo=UTC)
"""When the world begins: a Monday, ten minutes before the first question is asked (in Berlin)."""
DELAYS = {"first": 0, "second": 30}
"""How many minutes stories wait in each circle, at most."""
COLOURS = {
    "facilitator": "#8a5a44",
    "moderator": "#4f6d7a",
    "peer_one": "#5b7553",
    "peer_two": "#7d5a7a",
    "peer_three": "#a0703a",
}
"""The people and the colours of their faces; white letters stand out on all of them."""
BOT_COLOUR = "#2f6b4f"
_CHOOSE = "circles:v2:choose:{}:"
_FACES = "https://cdn.simcord.invalid/avatars/{}/{}.png"
_NO_FACE = "https://cdn.simcord.invalid/embed/avatars/{}.png"
"""Where simcord looks for the picture of somebody without one: here only the bot, which can't get one."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the people: who acts for them, what they are called, and what they may do."""

    actor: MemberActor
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class CirclePlace:
    """A circle's channel, and what is special about it."""

    channel: ChannelHandle
    note: str


@dataclass(frozen=True, slots=True)
class World:
    """The made-up server. People: facilitator, moderator, then three peers."""

    people: tuple[Somebody, ...]
    circles: tuple[CirclePlace, ...]
    faces: Mapping[str, tuple[str, bytes]]
    """Pictures by the address at which simcord looks for them: file name and PNG."""


async def build(env: Env, words: Words) -> World:
    """Make the server and set its circles up. To be called once, at ``OPENING``."""
    guild = env.create_guild(_say(words, "server"))
    roles = _Roles(
        guild.create_role(
            _say(words, "roles.facilitators"), permissions=discord.Permissions(manage_guild=True)
        ),
        guild.create_role(_say(words, "roles.moderators")),
    )
    given = {"facilitator": [roles.facilitators], "moderator": [roles.moderators]}
    people = tuple(_join(env, guild, words, key, given.get(key, [])) for key in COLOURS)
    places = tuple(
        CirclePlace(
            guild.create_text_channel(_say(words, f"circles.{key}")), _say(words, f"circles.{key}_note")
        )
        for key in DELAYS
    )
    for place, delay in zip(places, DELAYS.values(), strict=True):
        await _set_up(people[0].actor, place.channel, roles, delay)
    return World(people, places, _faces(env, people, _say(words, "bot")))


@dataclass(frozen=True, slots=True)
class _Roles:
    facilitators: RoleHandle
    moderators: RoleHandle


def _say(words: Words, key: str) -> str:
    return words(f"rehearsal.world.{key}")


def _faces(env: Env, people: tuple[Somebody, ...], bot: str) -> dict[str, tuple[str, bytes]]:
    faces = {
        _FACES.format(one.actor.id, key): (f"{key}.png", face(one.name, colour))
        for one, (key, colour) in zip(people, COLOURS.items(), strict=True)
    }
    if env.bot.user is not None:
        shape = (env.bot.user.id >> 22) % 6  # Discord's rule for those without a picture
        faces[_NO_FACE.format(shape)] = ("bot.png", face(bot, BOT_COLOUR))
    return faces


def _join(env: Env, guild: GuildHandle, words: Words, key: str, roles: list[RoleHandle]) -> Somebody:
    name = _say(words, f"people.{key}")
    user = env.create_user(name.lower(), global_name=name, avatar=key)
    return Somebody(guild.add_member(user, roles=roles), name, _say(words, f"can.{key}"))


async def _set_up(facilitator: MemberActor, channel: ChannelHandle, roles: _Roles, delay: int) -> None:
    shown = await facilitator.slash(channel, "circle setup", place=ZONE, time="09:00")
    for what, chosen in (("f", roles.facilitators), ("m", roles.moderators), ("w", str(delay))):
        page = _page(shown)
        custom_id = _select(page.components, _CHOOSE.format(what))
        shown = await facilitator.select(page.message, [chosen], custom_id=custom_id)
    page = _page(shown)
    await facilitator.click(page.message, custom_id=_select(page.components, "circles:v3:save:"))


def _page(shown: InteractionResult) -> ResponseMessage:
    """What the bot answered. Raises LookupError when it didn't."""
    if shown.response is None:
        raise LookupError("no page")
    return shown.response


def _select(components: list[dict[str, object]], begins: str) -> str:
    """The custom_id of the page's button or select that begins so. Raises LookupError."""
    for component in _walk(components):
        found = component.get("custom_id")
        if isinstance(found, str) and found.startswith(begins):
            return found
    raise LookupError(begins)


def _walk(components: list[dict[str, object]]) -> Iterator[dict[str, object]]:
    for component in components:
        yield component
        yield from _walk(component.get("components", []))  # pyright: ignore[reportArgumentType]
