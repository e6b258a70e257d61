"""Finding a thread's first messages: once, for stories of a time when nobody noted where they are."""

from __future__ import annotations

import discord

from bot.delivery.steps import Shown

AMONG = 100
"""So many messages are looked at: people may write before all of the first messages are there."""


async def find_first(place: discord.PartialMessageable, own_id: int, last: str) -> Shown:
    """The bot's messages that are nothing but a text in a box, up to the one with a button ``last``.

    Replies and updates have a heading in their box, so that none is ever taken for one of these. Raises what
    discord.py raises.
    """
    before: list[int] = []
    async for message in place.history(limit=AMONG, oldest_first=True):
        if message.author.id != own_id:
            continue
        if _has_button(message, last):
            return Shown(message.id, place.id, tuple(before))
        if _is_text_alone(message):
            before.append(message.id)
    return Shown(None, place.id, tuple(before))


def _has_button(message: discord.Message, custom_id: str) -> bool:
    """Directly below its text. A story's own message, which in a forum comes first, has its in a box."""
    rows = (part for part in message.components if isinstance(part, discord.ActionRow))
    return any(getattr(item, "custom_id", None) == custom_id for row in rows for item in row.children)


def _is_text_alone(message: discord.Message) -> bool:
    if len(message.components) != 1 or not isinstance(box := message.components[0], discord.Container):
        return False
    return [type(part) for part in box.children] == [discord.TextDisplay]
