"""Queries about what moderators look at before anybody else sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.care_tables import Review
from db.story_tables import Story, Update

STORY, UPDATE, EDIT = "story", "update", "edit"
"""What is looked at: a story, an update, or new words of either."""
HELD, RETURNED, DECLINED, APPROVED = "held", "returned", "declined", "approved"
REMOVED = "removed"
"""The state of a story or update that moderators took away."""
GIVEN_BACK = (RETURNED, DECLINED)
"""Their writer has it again, and it doesn't appear by itself."""


async def of(session: AsyncSession, kind: str, subject: int) -> Review | None:
    """The review of something, if moderators have to do with it."""
    return await session.get(Review, (kind, subject))


async def held(session: AsyncSession, circle_id: int) -> Sequence[Review]:
    """All that waits for a decision in a circle, in an order that says nothing: by its random ids. What other
    moderators have just removed and can bring back isn't decided about meanwhile."""
    query = (
        select(Review)
        .join(Story, Story.id == Review.story_id)
        .outerjoin(Update, Update.id == Review.subject)
        .where(Story.circle_id == circle_id, Review.state == HELD)
        .where(Story.state != REMOVED, or_(Update.id.is_(None), Update.state != REMOVED))
    )
    return (await session.scalars(query.order_by(Review.subject, Review.kind))).all()


async def count_held(session: AsyncSession, circle_id: int, before: date | None = None) -> int:
    """How much waits for a decision in a circle; with ``before``, only what has since a day before that."""
    query = (
        select(func.count())
        .select_from(Review)
        .join(Story, Story.id == Review.story_id)
        .where(Story.circle_id == circle_id, Review.state == HELD)
    )
    if before is not None:
        query = query.where(Review.held_on < before)
    return (await session.execute(query)).scalar_one()


async def circles_with_held(session: AsyncSession) -> Sequence[int]:
    """The circles in which something waits for a decision."""
    query = select(Story.circle_id).join(Review, Review.story_id == Story.id).where(Review.state == HELD)
    return (await session.scalars(query.distinct())).all()


async def decided_before(session: AsyncSession, day: date) -> Review | None:
    """One of those that were returned or declined before a day."""
    query = select(Review).where(Review.state.in_(GIVEN_BACK), Review.decided_on < day)
    return await session.scalar(query.limit(1))


async def forget(session: AsyncSession, kind: str, subjects: Iterable[int]) -> None:
    """Moderators have nothing to do with these any more."""
    await session.execute(
        delete(Review)
        .where(Review.kind == kind, Review.subject.in_(tuple(subjects)))
        .execution_options(synchronize_session="fetch")
    )


async def forget_story(session: AsyncSession, story_id: int) -> None:
    """Nor with a story and all that hangs on it."""
    await session.execute(
        delete(Review).where(Review.story_id == story_id).execution_options(synchronize_session="fetch")
    )


async def let_claims_go(session: AsyncSession, kind: str, subject: int) -> None:
    """What somebody was looking at has changed: whoever decides looks at it anew."""
    await session.execute(
        update(Review)
        .where(Review.kind == kind, Review.subject == subject)
        .values(claim=None, claim_until=None)
        .execution_options(synchronize_session="fetch")
    )
