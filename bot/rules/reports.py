"""Reports: why somebody asks the moderators to look at a message, and how long what is about it is kept."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

MOST_WORDS = 500
"""Characters that somebody may add to the reason."""
MOST_TEXT = 4000
"""Characters of the reported message that are kept: as many as a message can have."""
WAIT = timedelta(minutes=10)
"""Within so long moderators hear of a report, at a random moment: that of a press says who was here."""
CLOSED_KEPT = timedelta(days=30)
"""So long it is remembered, without any words, that moderators have looked at a message before."""


class Reason(StrEnum):
    """Why; the key of its text below ``reports.reasons.``."""

    IDENTIFIES = "identifies"
    HURTS = "hurts"
    OFF_TOPIC = "off_topic"
    WORRIES = "worries"
    OTHER = "other"


def read_reason(given: str) -> Reason:
    """What was chosen in the form; *something else* for whatever no form of ours offers."""
    return Reason(given) if given in set(Reason) else Reason.OTHER


def days_since(day: date | None, today: date) -> int:
    """How many days ago a rounded-up day was; 0 on the day itself and on the one before it."""
    return max(0, (today - day).days) if day is not None else 0
