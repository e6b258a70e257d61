"""Dates and times as people type them into a command."""

from __future__ import annotations

import re
from datetime import date

from bot.errors import Refusal

_LONGEST_SHOWN = 40
_TIME = re.compile(r"\s*([01]?\d|2[0-3])[:.]([0-5]\d)\s*")


def read_date(given: str) -> date:
    """A day typed as year-month-day. Raises Refusal."""
    try:
        return date.fromisoformat(given.strip())
    except ValueError as error:
        raise Refusal("refusals.bad_date", given=given[:_LONGEST_SHOWN]) from error


def read_time(given: str) -> int:
    """A wall time typed as hours:minutes, as minutes after midnight. Raises Refusal."""
    found = _TIME.fullmatch(given)
    if found is None:
        raise Refusal("refusals.bad_time", given=given[:_LONGEST_SHOWN])
    return int(found[1]) * 60 + int(found[2])
