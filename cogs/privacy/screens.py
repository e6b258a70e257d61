"""What somebody sees of ``/privacy``: always private, and only their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from discord import ui
from discord.ui import LayoutView

from bot import screen
from bot.content.dates import local_date
from bot.content.words import Words
from bot.rules.kept import Kept
from bot.rules.text import escape
from cogs.custom_ids import KEEP, PRIVACY_ERASE, PRIVACY_ERASE_ASKED, PRIVACY_SHOW

AT_ONCE = 8
"""So many things stand on a page."""
AS_WRITTEN = {"channel", "count"}
"""Values of a line that Discord is meant to read, or that can hold nothing of its signs."""
DAYS = {"day", "until"}


def facts(words: Words, contact: str, window_days: int, kept_days: int | None) -> LayoutView:
    """The privacy facts: what is promised, and what isn't."""
    kept = words("privacy.facts.for_days", days=kept_days) if kept_days else words("privacy.facts.for_good")
    text = words("privacy.facts.text", contact=contact, days=window_days, kept=kept)
    return screen.screen(screen.text(text))


def kept_page(words: Words, kept: Sequence[Kept], page: int) -> LayoutView:
    """What is kept about somebody with their name, a few things at a time."""
    last = max(0, (len(kept) - 1) // AT_ONCE)
    page = min(page, last)
    shown = kept[page * AT_ONCE : (page + 1) * AT_ONCE]
    return screen.screen(
        screen.text(words("privacy.show.title")),
        *(screen.text(_line(words, one)) for one in shown),
        None if kept else screen.text(words("privacy.show.nothing")),
        screen.small(words("privacy.show.unnamed")),
        screen.row(
            screen.button(words("privacy.show.earlier"), PRIVACY_SHOW(page - 1)) if page > 0 else None,
            screen.button(words("privacy.show.further"), PRIVACY_SHOW(page + 1)) if page < last else None,
            screen.button(words("privacy.show.erase"), PRIVACY_ERASE_ASKED()),
        ),
    )


def exported(words: Words, name: str) -> LayoutView:
    """The file, and what to know about it."""
    file: ui.File[LayoutView] = ui.File(f"attachment://{name}")
    here, note = words("privacy.file.here"), words("privacy.file.note")
    return screen.screen(screen.text(here), file, screen.small(note))


def erase_question(words: Words, window_days: int) -> LayoutView:
    """What goes, and what can't, before anything does."""
    return screen.screen(
        screen.text(words("privacy.erase.question", days=window_days)),
        screen.small(words("privacy.erase.note")),
        screen.row(
            screen.grave_button(words("privacy.erase.all"), PRIVACY_ERASE("all")),
            screen.grave_button(words("privacy.erase.named"), PRIVACY_ERASE("named")),
            screen.button(words("privacy.erase.no"), KEEP()),
        ),
    )


def _line(words: Words, one: Kept) -> str:
    values = {name: _value(words, name, value) for name, value in one.line.items()}
    if "weekday" in values:
        values["weekday"] = words.several("common.weekdays")[int(values["weekday"])]
    return words(f"privacy.kept.{one.kind}", **values)


def _value(words: Words, name: str, value: str) -> str:
    if name in DAYS and value:
        return local_date(words, date.fromisoformat(value))
    return value if name in AS_WRITTEN else escape(value)
