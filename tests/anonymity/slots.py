"""When the next slot of a circle begins: inside one, the order of telling must be nowhere, however far apart
people tell. Only the running bot knows it; the proof looks into its memory."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.rules.promises import Waits
from db.tables import Circle
from tests.anonymity.town import Town

TRIES = 400
PART = 0.9
"""Of a slot, how much is used: where it ends is only known from tries."""


async def next_slot(here: Town) -> tuple[datetime, timedelta]:
    """When the next slot for stories begins, and how long people may tell in it."""
    telling = here.services.stories._telling
    async with here.database.read() as session:
        circle = await session.get_one(Circle, here.circle_id)
        moments = [telling.not_before(circle, Waits.STORY) for _ in range(TRIES)]
    begin, end = min(moments), max(moments)
    return begin + (end - begin) * (1 - PART) / 2, (end - begin) * PART
