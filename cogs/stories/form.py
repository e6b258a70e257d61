"""The form in which a story is told, and the one for a code."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui

from bot.content.words import Words
from bot.interactions import Press
from bot.rules.promises import Promise
from bot.rules.stories import LIMITS, Ask, StoryWords, Voice
from cogs.own_words import when_it_appears

PARTS = ("slip", "effect", "repair", "lesson")
ASK = "ask"
CODE = "code"


def story_form(
    words: Words,
    voice: Voice,
    custom_id: str,
    filled: StoryWords | None = None,
    ask: Ask = Ask.LISTEN,
    *,
    offers: Promise,
) -> ui.Modal:
    """The form, empty or with what was written before, and when it would appear. ``custom_id`` says what it
    leads to."""
    form = ui.Modal(title=words(f"stories.form.title_{voice}"), custom_id=custom_id, timeout=None)
    for name in PARTS:
        field: ui.TextInput[Any] = ui.TextInput(
            custom_id=name,
            style=discord.TextStyle.paragraph,
            max_length=LIMITS[name],
            required=name == "slip",
            default=getattr(filled, name) or None if filled else None,
        )
        key = f"stories.form.{name}"
        about = words(f"{key}_about") if name in {"slip", "repair"} else None
        form.add_item(ui.Label(text=words(key), description=about, component=field))
    then = _then(words, voice, offers)
    form.add_item(ui.Label(text=words("stories.form.ask"), description=then, component=_asks(words, ask)))
    return form


def _then(words: Words, voice: Voice, offers: Promise) -> str:
    """What comes after the form."""
    if voice is Voice.NAMED:
        return words("review.promise.form_named" if offers.reviewed else "stories.form.then_named")
    key = "review.promise.form_unnamed" if offers.reviewed else "stories.form.then"
    return words(key, when=when_it_appears(words, offers))


def receipt_form(words: Words, custom_id: str) -> ui.Modal:
    """The form for a code."""
    form = ui.Modal(title=words("stories.receipt.title"), custom_id=custom_id, timeout=None)
    field: ui.TextInput[ui.LayoutView] = ui.TextInput(custom_id=CODE, max_length=200, required=True)
    form.add_item(
        ui.Label(
            text=words("stories.receipt.label"), description=words("stories.receipt.about"), component=field
        )
    )
    return form


def read_form(press: Press) -> tuple[StoryWords, Ask]:
    """What was written and asked for. Raises Refusal for an empty slip or a part that is too long."""
    parts = {name: press.fields.get(name, "") for name in PARTS}
    chosen = press.fields.get(ASK, "")
    return StoryWords(**parts), Ask(chosen) if chosen in set(Ask) else Ask.LISTEN


def _asks(words: Words, chosen: Ask) -> ui.RadioGroup[Any]:
    return ui.RadioGroup(
        custom_id=ASK,
        options=[
            discord.RadioGroupOption(label=words(f"stories.ask.{ask}"), value=ask, default=ask is chosen)
            for ask in Ask
        ],
    )
