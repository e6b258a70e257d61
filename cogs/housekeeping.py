"""Housekeeping on the clock: nobody sees it, and nobody has to ask for it."""

from __future__ import annotations

from bot.client import Bot
from bot.feature import DueSource, Feature


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    housekeeping, retention = bot.services.housekeeping, bot.services.retention
    return Feature(
        name="housekeeping",
        due=(
            DueSource("retention", retention.due, retention.next_due),
            DueSource("housekeeping", housekeeping.due, housekeeping.next_due),
        ),
    )
