"""Dates as people read them, in a circle's own time zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.content.words import Words


def local_moment(words: Words, moment: datetime, zone: str) -> str:
    """An aware moment as local date and time: "Tuesday, 4 May 2026, 09:00"."""
    local = moment.astimezone(ZoneInfo(zone))
    return words("common.moment", **_parts(words, local.date()), time=f"{local:%H:%M}")


def local_date(words: Words, day: date) -> str:
    """A date: "Tuesday, 4 May 2026"."""
    return words("common.date", **_parts(words, day))


def _parts(words: Words, day: date) -> dict[str, object]:
    return {
        "weekday": words.several("common.weekdays")[day.weekday()],
        "day": day.day,
        "month": words.several("common.months")[day.month - 1],
        "year": day.year,
    }


def place_of(zone: str) -> str:
    """The city in a zone's name: "Berlin" for Europe/Berlin."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")
