"""Reviewing: moderators look at what is told before anybody else sees it, and decide.

Whoever takes something keeps others from deciding about the same thing for a while; a secret in their
private message shows that it is theirs, so that nobody's id is kept. A decision says nothing of the teller,
and nothing here touches or shows another story of theirs.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.rules.anonymity import rounded_up_day
from bot.rules.stories import written
from bot.services.acts import Did, Role, note_act
from bot.services.caring import care_of
from bot.services.circles import CircleInfo, told_in
from bot.services.duty import tell_on_duty
from bot.services.erasures import note_erased
from bot.services.in_review import InReview, in_review
from bot.services.retracting import retract_story, retract_update
from bot.services.reviewed import KEPT, LATE_NOTICE, OWED, QUEUE, late_before, settled
from bot.services.telling import EDIT, Telling, owe_for_circle
from db import deliveries, edits, erasures, reviews, stories
from db.care_tables import Review
from db.story_tables import Story, Update
from db.tables import Circle

A_CLAIM = timedelta(minutes=30)
"""How long something that somebody looks at is kept for them."""
AT_ONCE = 5
"""So many on a page of the queue."""
REASON_LIMIT = 600
"""Characters of the moderators' words to a teller."""


class Decision(StrEnum):
    """What moderators may decide; each value is the state in which it leaves a review."""

    PUBLISH = reviews.APPROVED
    RETURN = reviews.RETURNED
    DECLINE = reviews.DECLINED


DID = {
    Decision.PUBLISH: Did.APPROVED,
    Decision.RETURN: Did.RETURNED,
    Decision.DECLINE: Did.DECLINED,
}


@dataclass(frozen=True, slots=True, repr=False)
class Queue:
    """One page of what waits in a circle."""

    circle: CircleInfo
    things: Sequence[InReview]
    number: int
    more: bool
    """Another page follows."""


class Reviewing:
    """The moderators' queue, and what becomes of it."""

    def __init__(self, telling: Telling, *, first: bool) -> None:
        """``first``: this process does the daily work."""
        self._telling = telling
        self._database = telling.database
        self._first = first
        self._done_on: date | None = None

    # looking

    async def queue(self, circle_id: int, number: int = 0) -> Queue:
        """What waits, in no order; ``number`` counts pages from 0. Raises Gone."""
        now = self._telling.now()
        async with self._database.read() as session:
            circle = await session.get(Circle, circle_id)
            if circle is None:
                raise Gone("refusals.circle_gone")
            rows = await reviews.held(session, circle_id)
            last = max(len(rows) - 1, 0) // AT_ONCE
            number = min(max(number, 0), last)
            some = rows[number * AT_ONCE : (number + 1) * AT_ONCE]
            things = [await in_review(session, row, now) for row in some]
            return Queue(await told_in(session, circle), things, number, more=number < last)

    async def look(self, kind: str, subject: int, user_id: int) -> InReview:
        """One of them, whole. Raises Gone when it is decided, or was taken back."""
        async with self._database.read() as session:
            return await self._seen(session, await _held(session, kind, subject), user_id)

    # taking

    async def take(self, kind: str, subject: int, user_id: int) -> InReview:
        """Keep it for whoever presses, for half an hour; while somebody else has it, it comes back without a
        token. Raises Gone."""
        now, token = self._telling.now(), secrets.token_urlsafe(12)
        async with self._database.write() as session:
            row = await _held(session, kind, subject)
            if row.claim_until is not None and row.claim_until > now:
                return await self._seen(session, row, user_id)
            row.claim, row.claim_until = _digest(token), now + A_CLAIM
            return replace(await self._seen(session, row, user_id), token=token)

    async def give_back(self, kind: str, subject: int, token: str) -> None:
        """Somebody else may look at it now. Raises Gone when it is decided, or is theirs no more."""
        async with self._database.write() as session:
            row = await _held(session, kind, subject, token)
            row.claim = row.claim_until = None

    async def taken(self, kind: str, subject: int, token: str) -> CircleInfo:
        """The circle of something that this secret still holds, before a form opens. Raises Gone."""
        async with self._database.read() as session:
            story = await session.get_one(Story, (await _held(session, kind, subject, token)).story_id)
            return await told_in(session, await session.get_one(Circle, story.circle_id))

    # deciding

    async def decide(
        self, kind: str, subject: int, token: str, decision: Decision, reason: str = ""
    ) -> InReview:
        """It appears, goes back to its teller, or won't appear; ``reason`` is for the teller alone.

        Raises Gone when it is decided already or is theirs no more, Refusal for a reason that is empty or too
        long.
        """
        words = written(reason, REASON_LIMIT) if decision is not Decision.PUBLISH else None
        now = self._telling.now()
        async with self._database.write() as session:
            row = await _held(session, kind, subject, token)
            seen = await in_review(session, row, now)
            row.state, row.reason, row.claim, row.claim_until = decision, words, None, None
            row.decided_on = None if decision is Decision.PUBLISH else rounded_up_day(now)
            story = await session.get_one(Story, row.story_id)
            circle = await session.get_one(Circle, story.circle_id)
            if decision is Decision.PUBLISH:
                await self._publish(session, row, circle, now)
            elif decision is Decision.DECLINE:
                await _decline(session, row, now)
            await note_act(session, circle, DID[decision], Role.MODERATOR, now, number=seen.number)
            await settled(session, circle.id, now, (await care_of(session, circle.id)).review_days)
            return seen

    async def _publish(self, session: AsyncSession, row: Review, circle: Circle, now: datetime) -> None:
        """What was owed when it was told is due now; new words are owed anew."""
        kind = OWED.get(row.kind, EDIT)
        if not await deliveries.hurry(session, kind, row.subject, now):
            await owe_for_circle(session, circle, kind, row.subject, now)

    async def _seen(self, session: AsyncSession, row: Review, user_id: int) -> InReview:
        return await in_review(session, row, self._telling.now(), self._telling, user_id)

    # what is due

    async def due(self, now: datetime) -> int:
        """Once a day: tell those on duty, once, of what has waited for long, and let go what was kept for its
        writer for long enough, one at a look. Returns how much went."""
        today = now.astimezone(UTC).date()
        if not self._first or self._done_on == today:
            return 0
        async with self._database.read() as session:
            circles = await reviews.circles_with_held(session)
            over = await reviews.decided_before(session, _kept_since(now)) is not None
        if over and await self._let_go(now):
            return 1
        for circle_id in circles:
            await self._tell_late(circle_id, now)
        self._done_on = today
        return 0

    async def next_due(self) -> datetime | None:
        """Never: nobody waits for it."""
        return None

    async def _tell_late(self, circle_id: int, now: datetime) -> None:
        async with self._database.read() as session:
            days = (await care_of(session, circle_id)).review_days
            if not await reviews.count_held(session, circle_id, late_before(now, days)):
                return
        async with self._database.write() as session:
            circle = await session.get(Circle, circle_id)
            if circle is not None:
                await tell_on_duty(session, circle, LATE_NOTICE, QUEUE, {"days": str(days)}, now)

    async def _let_go(self, now: datetime) -> bool:
        async with self._database.write() as session:
            row = await reviews.decided_before(session, _kept_since(now))
            if row is None:
                return False
            story = await session.get_one(Story, row.story_id)
            if row.kind == reviews.STORY:
                await retract_story(session, story, stories.WITHDRAWN, now)
                return True
            if row.kind == reviews.EDIT:
                await edits.drop(session, row.subject)
                await reviews.forget(session, row.kind, (row.subject,))
                return True
            update = await session.get(Update, row.subject)
            circle = await session.get_one(Circle, story.circle_id)
            if update is not None:
                await retract_update(session, update, circle, now)
            await reviews.forget(session, row.kind, (row.subject,))
            return True


async def _decline(session: AsyncSession, row: Review, now: datetime) -> None:
    """It won't appear, whatever copy of the database is put back; new words are dropped at once."""
    if row.kind == reviews.EDIT:
        await edits.drop(session, row.subject)
        await note_erased(session, erasures.EDIT_DROPPED, (row.subject,), now)
    else:
        await note_erased(session, erasures.DECLINED, (row.subject,), now)


async def _held(session: AsyncSession, kind: str, subject: int, token: str | None = None) -> Review:
    """The review, if it waits for a decision; with a token, if that holds it. Raises Gone."""
    row = await reviews.of(session, kind, subject)
    if row is None or row.state != reviews.HELD:
        raise Gone("refusals.review_decided")
    if token is not None and not hmac.compare_digest(_digest(token), row.claim or b""):
        raise Gone("refusals.review_not_yours")
    return row


def _digest(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _kept_since(now: datetime) -> date:
    return rounded_up_day(now) - KEPT
