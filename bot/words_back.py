"""Giving people their words back: whatever went wrong, what they typed stands in front of them again."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING

import discord

from bot import screen
from bot.rules.text import clean, escape, message_length

if TYPE_CHECKING:
    from bot.client import Bot

ROOM = 3600
"""Characters of typed words, as ``message_length`` counts them, that fit beside the sentence; more come as a
file."""


async def words_back(interaction: discord.Interaction[Bot], sentence: str, fields: Mapping[str, str]) -> None:
    """Tell a person something, with what they typed below it, to copy.

    Always a message of its own: a preview that stands there keeps standing.
    """
    typed = [text for text in fields.values() if clean(text)]
    file = None
    parts: list[screen.Part] = [screen.text(sentence)]
    if typed:
        words = interaction.client.words
        shown = "\n\n".join(escape(text) for text in typed)
        parts.append(screen.small(words("errors.your_words")))
        if message_length(shown) <= ROOM:
            parts.append(screen.box(screen.text(shown)))
        else:
            name = words("errors.file_name")
            file = discord.File(io.BytesIO("\n\n".join(typed).encode()), filename=name)
            parts.append(discord.ui.File(f"attachment://{name}"))
    view = screen.screen(*parts)
    await _tell(interaction, view, file)


async def _tell(
    interaction: discord.Interaction[Bot], view: discord.ui.LayoutView, file: discord.File | None
) -> None:
    files = [file] if file else []
    if not interaction.response.is_done():
        await interaction.response.send_message(view=view, files=files, ephemeral=True)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(view=view, attachments=files)
    else:
        await interaction.followup.send(view=view, files=files, ephemeral=True)
