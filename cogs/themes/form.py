"""The form in which a theme is written."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.content.words import Words
from bot.interactions import Press
from bot.rules.themes import INTRODUCTION_LIMIT, MOST_WEEKS, PROMPT_LIMIT, TITLE_LIMIT, TypedTheme

ROOM = 4000
"""What a text input of Discord's forms holds at most, in characters."""


def new_form(words: Words, custom_id: str) -> ui.Modal:
    """An empty form; the weeks were chosen with the command and travel in ``custom_id``."""
    form = ui.Modal(title=words("themes.form.new"), custom_id=custom_id, timeout=None)
    _add_texts(form, words, None)
    return form


def edit_form(words: Words, custom_id: str, typed: TypedTheme) -> ui.Modal:
    """The form with what was typed before, and with its weeks."""
    form = ui.Modal(title=words("themes.form.edit"), custom_id=custom_id, timeout=None)
    _add_texts(form, words, typed)
    start: ui.TextInput[Any] = ui.TextInput(custom_id="start", default=typed.start, max_length=20)
    about = words("themes.form.start_about")
    form.add_item(ui.Label(text=words("themes.form.start"), description=about, component=start))
    options = [
        discord.SelectOption(label=weeks_text(words, count), value=str(count), default=count == typed.weeks)
        for count in range(1, MOST_WEEKS + 1)
    ]
    weeks: ui.Select[Any] = ui.Select(custom_id="weeks", options=options)
    form.add_item(ui.Label(text=words("themes.form.weeks"), component=weeks))
    return form


def read_form(press: Press, start: str, weeks: int) -> TypedTheme:
    """What was typed; ``start`` and ``weeks`` for a form that doesn't ask for them."""
    fields = press.fields
    chosen = fields.get("weeks", "")
    return TypedTheme(
        title=fields.get("title", ""),
        introduction=fields.get("introduction", ""),
        prompts=fields.get("prompts", ""),
        start=fields.get("start", start),
        weeks=int(chosen) if chosen.isdecimal() else weeks,
    )


def weeks_text(words: Words, count: int) -> str:
    """A number of weeks in words."""
    return words("themes.week") if count == 1 else words("themes.weeks", count=count)


def _add_texts(form: ui.Modal, words: Words, typed: TypedTheme | None) -> None:
    for name, limit in (("title", TITLE_LIMIT), ("introduction", INTRODUCTION_LIMIT), ("prompts", ROOM)):
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id=name,
            style=discord.TextStyle.short if name == "title" else discord.TextStyle.paragraph,
            max_length=limit,
            required=name != "introduction",
            default=getattr(typed, name) or None if typed else None,
        )
        about = words(f"themes.form.{name}_about", limit=PROMPT_LIMIT)
        form.add_item(ui.Label(text=words(f"themes.form.{name}"), description=about, component=field))
