"""Batches: unnamed stories that wait for one another, so that they appear together and in no order.

Each waits for the circle's own moment of the day, and then appears perhaps alone. Once enough of them wait,
they appear earlier: not at once, which would time the last teller, but a random while later, each at a
moment of its own. What is taken back meanwhile lets the others go back to waiting, so that nobody learns
from the outside how many there were. That number is shown nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules import calendar
from bot.rules.anonymity import publication_delay
from db import batches
from db.story_tables import Story
from db.tables import Circle, Delivery
from db.types import random_id

TOGETHER_AT = time(19)
"""The local time at which a day's stories begin to appear, however few they are."""
DAILY_SPREAD = timedelta(minutes=15)
"""Over how long they appear; whoever is told *by* when is told the end of it."""
AFTER_THE_LAST = timedelta(hours=2)
"""The longest while between the story that makes a batch full and the first that appears."""
SPREAD_EACH = timedelta(minutes=5)
"""How much longer a batch takes to appear for every story in it."""


def daily_moment(zone: str, now: datetime) -> datetime:
    """When the stories that wait at an aware ``now`` begin to appear at the latest: the next such local time.

    It depends on nothing that was told, so what appears then says only that it was told in the day before.
    """
    day = now.astimezone(calendar.load_zone(zone)).date()
    while (moment := calendar.instant(day, TOGETHER_AT, zone)[0]) <= now:
        day += timedelta(days=1)
    return moment


def in_the_evening(circle: Circle, now: datetime, random: Random) -> datetime:
    """A moment of one story's own among those of the circle's next day's end."""
    return daily_moment(circle.zone, now) + publication_delay(DAILY_SPREAD, random)


async def release_if_full(
    session: AsyncSession, circle: Circle, size: int, now: datetime, random: Random
) -> None:
    """Let what waits appear earlier, if so many wait; not when the day's moment is near anyway.

    Called in the transaction that has added one; whether it released any is told to nobody.
    """
    evening = daily_moment(circle.zone, now)
    waiting = await batches.waiting(session, circle.id, evening)
    start, spread = now + publication_delay(AFTER_THE_LAST, random), SPREAD_EACH * len(waiting)
    if len(waiting) < size or start + spread >= evening:
        return
    _appear(waiting, start, spread, random)
    await batches.join(session, [row.subject for row in waiting], random_id())


async def begun(session: AsyncSession, story: Story) -> None:
    """A story is about to appear: its batch can't go back to waiting any more."""
    if story.batch == batches.WAITS:
        story.batch = None
    elif story.batch is not None:
        await batches.end(session, story.batch)


async def leave(session: AsyncSession, story: Story, circle: Circle, now: datetime, random: Random) -> None:
    """A story is taken back. If its batch hasn't begun and is too small now, the others wait again."""
    batch, story.batch = story.batch, None
    if batch is None or batch == batches.WAITS:
        return
    await session.flush()
    others = await batches.members(session, batch)
    if circle.batch_of is not None and len(others) >= circle.batch_of:
        return
    _appear(others, daily_moment(circle.zone, now), DAILY_SPREAD, random)
    await batches.join(session, [row.subject for row in others], batches.WAITS)


def _appear(rows: Sequence[Delivery], start: datetime, spread: timedelta, random: Random) -> None:
    for row in rows:
        row.not_before = row.due_since = start + publication_delay(spread, random)
