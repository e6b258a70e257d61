"""What moderators look at before anybody else sees it: how that is held back, inside somebody's transaction.

What is told waits first, as it would wait to appear; only then it is held, so that the hour at which
moderators get to see it says no more than the hour at which it would have appeared. Nothing here says who
told what.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.anonymity import rounded_up_day
from bot.services.caring import care_of
from bot.services.duty import tell_on_duty
from bot.services.telling import STORY, UPDATE
from db import deliveries, notices, reviews
from db.care_tables import Review
from db.tables import Circle

HELD_NOTICE, LATE_NOTICE = "held", "review_waits"
"""What those on duty are told: that something waits to be looked at, and that it does for long."""
QUEUE = "queue"
"""The subject of both: several that wait are told as one."""
KEPT = timedelta(days=30)
"""How long the words of what was returned or declined are kept for their writer."""
OWED = {reviews.STORY: STORY, reviews.UPDATE: UPDATE}
"""The kind of delivery that shows what was looked at."""


@dataclass(frozen=True, slots=True)
class Resting:
    """A delivery was put to rest in the transaction that found out why: it waits for people."""


RESTING = Resting()


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """How something of one's own stands with the moderators."""

    state: str
    """*held*, *returned*, *declined* or *approved*, as in ``db.reviews``."""
    reason: str | None = None
    """Their words; of what was returned or declined."""
    kept_until: date | None = None
    """The day on which the words of what was returned or declined go at the latest."""

    @property
    def held(self) -> bool:
        """It waits for a decision."""
        return self.state == reviews.HELD

    @property
    def returned(self) -> bool:
        """They ask for a change."""
        return self.state == reviews.RETURNED

    @property
    def declined(self) -> bool:
        """They don't let it appear."""
        return self.state == reviews.DECLINED


async def verdict(session: AsyncSession, kind: str, subject: int) -> Verdict | None:
    """How something stands with the moderators; None when they have nothing to do with it, or not yet."""
    row = await reviews.of(session, kind, subject)
    if row is None:
        return None
    kept = row.decided_on + KEPT if row.decided_on is not None else None
    return Verdict(row.state, row.reason, kept)


async def must_wait(session: AsyncSession, circle: Circle, kind: str, subject: int) -> bool:
    """Whether something mustn't appear now, because moderators look at it first."""
    row = await reviews.of(session, kind, subject)
    if row is not None:
        return row.state != reviews.APPROVED
    return (await care_of(session, circle.id)).review


async def hold(
    session: AsyncSession, circle: Circle, kind: str, subject: int, story_id: int, now: datetime
) -> None:
    """From now on moderators see it, and those on duty know that something waits."""
    if await reviews.of(session, kind, subject) is not None:
        return
    session.add(
        Review(kind=kind, subject=subject, story_id=story_id, state=reviews.HELD, held_on=rounded_up_day(now))
    )
    await session.flush()
    await tell_on_duty(session, circle, HELD_NOTICE, QUEUE, {}, now)


async def send_again(session: AsyncSession, kind: str, subject: int, due: datetime) -> None:
    """What was returned is told anew: it waits until an aware ``due``, and then is held again."""
    await reviews.forget(session, kind, (subject,))
    await deliveries.hurry(session, OWED[kind], subject, due)


async def settled(session: AsyncSession, circle_id: int, now: datetime, days: int) -> None:
    """Something doesn't wait any more. When nothing does, those on duty will be told of the next; when
    nothing has waited for so many ``days``, they will be told of the next that does."""
    await session.flush()
    if not await reviews.count_held(session, circle_id):
        await notices.forget(session, circle_id, HELD_NOTICE, QUEUE)
    if not await reviews.count_held(session, circle_id, late_before(now, days)):
        await notices.forget(session, circle_id, LATE_NOTICE, QUEUE)


async def forgotten(session: AsyncSession, circle: Circle, now: datetime) -> None:
    """Something was taken back: those on duty needn't look for it."""
    await settled(session, circle.id, now, (await care_of(session, circle.id)).review_days)


def late_before(now: datetime, days: int) -> date:
    """What was held, by its rounded day, before this day has waited for so many full days at an aware
    ``now``."""
    return rounded_up_day(now) - timedelta(days=days)


def days_waited(held_on: date | None, now: datetime) -> int:
    """For how many days something has waited; 0 is since today."""
    return max(0, (rounded_up_day(now) - held_on).days) if held_on is not None else 0
