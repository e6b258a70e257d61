"""Queries about what is somebody's own. None of them asks for a person: what they find is compared with
tags, or belongs to a story that is proven to be somebody's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db import reviews
from db.care_tables import Review
from db.deliveries import WAITING as OWED
from db.stories import PUBLISHED, REMOVED, WAITING, WITHDRAWN
from db.story_tables import Edit, PenName, Reply, Story, Update
from db.tables import Circle, Delivery

THERE = (WAITING, PUBLISHED)
KNOWN = (*THERE, REMOVED)
"""Also what moderators removed: whoever wrote it sees that they did."""


async def tagged_stories(
    session: AsyncSession, circles: Collection[int]
) -> Sequence[tuple[int, int | None, bytes | None]]:
    """Unnamed stories that may still be recognised: id, epoch and teller's tag."""
    rows = await session.execute(
        select(Story.id, Story.epoch, Story.teller_tag).where(
            Story.circle_id.in_(circles),
            Story.voice == "unnamed",
            Story.epoch.is_not(None),
            Story.state != WITHDRAWN,
        )
    )
    return [(story_id, epoch, tag) for story_id, epoch, tag in rows.all()]


async def tagged_pen_names(
    session: AsyncSession, circles: Collection[int]
) -> Sequence[tuple[int, int | None, str, bytes | None]]:
    """Pen names that may still be recognised: story, its epoch, name and tag."""
    rows = await session.execute(
        select(PenName.story_id, Story.epoch, PenName.name, PenName.tag)
        .join(Story, Story.id == PenName.story_id)
        .where(Story.circle_id.in_(circles), Story.epoch.is_not(None), PenName.tag.is_not(None))
    )
    return [(story_id, epoch, name, tag) for story_id, epoch, name, tag in rows.all()]


async def named_story_ids(session: AsyncSession, user_id: int, guild_id: int | None) -> Sequence[int]:
    """The stories that somebody told with their name, in one server or in all."""
    query = select(Story.id).where(Story.author_id == user_id, Story.state != WITHDRAWN)
    if guild_id is not None:
        query = query.join(Circle, Circle.id == Story.circle_id).where(Circle.guild_id == guild_id)
    return (await session.scalars(query)).all()


async def reply_ids(session: AsyncSession, story_id: int, pen_name: str | None) -> Sequence[int]:
    """What was replied in a thread under one pen name; None: by the teller. Also what was removed."""
    return (
        await session.scalars(
            select(Reply.id).where(
                Reply.story_id == story_id,
                Reply.pen_name.is_not_distinct_from(pen_name),
                Reply.state.in_(KNOWN),
            )
        )
    ).all()


async def update_ids(session: AsyncSession, story_id: int) -> Sequence[int]:
    """The updates of a story that wait, can be seen, or were removed."""
    return (
        await session.scalars(select(Update.id).where(Update.story_id == story_id, Update.state.in_(KNOWN)))
    ).all()


async def stories_by_id(session: AsyncSession, ids: Collection[int]) -> Sequence[Story]:
    """These stories."""
    return (await session.scalars(select(Story).where(Story.id.in_(ids)))).all()


async def updates_by_id(session: AsyncSession, ids: Collection[int]) -> Sequence[Update]:
    """These updates."""
    return (await session.scalars(select(Update).where(Update.id.in_(ids)))).all()


async def replies_by_id(session: AsyncSession, ids: Collection[int]) -> Sequence[Reply]:
    """These replies."""
    return (await session.scalars(select(Reply).where(Reply.id.in_(ids)))).all()


async def replies_shown(session: AsyncSession, story_id: int) -> int:
    """How many unnamed replies of others everybody can see in a thread."""
    count = select(func.count()).where(
        Reply.story_id == story_id, Reply.state == PUBLISHED, Reply.pen_name.is_not(None)
    )
    return (await session.execute(count)).scalar_one()


async def tellers_waiting(session: AsyncSession, story_id: int) -> tuple[int, int]:
    """How many updates and how many answers of the teller are on their way; not what moderators gave back or
    declined."""
    back = exists().where(
        Review.kind == reviews.UPDATE, Review.subject == Update.id, Review.state.in_(reviews.GIVEN_BACK)
    )
    updates = select(func.count()).where(Update.story_id == story_id, Update.state == WAITING, ~back)
    answers = select(func.count()).where(
        Reply.story_id == story_id, Reply.state == WAITING, Reply.pen_name.is_(None)
    )
    return (await session.execute(updates)).scalar_one(), (await session.execute(answers)).scalar_one()


async def is_changing(session: AsyncSession, story_id: int) -> bool:
    """Whether new words of a story are on their way; moderators may have them, but didn't give them back."""
    review = await session.get(Review, (reviews.EDIT, story_id))
    back = review is not None and review.state in reviews.GIVEN_BACK
    return not back and await session.get(Edit, ("story", story_id)) is not None


async def lock_to_come(session: AsyncSession, story_id: int, now: datetime) -> Delivery | None:
    """The closing or opening of a thread that nobody can see yet, because its wait isn't over."""
    return await session.scalar(
        select(Delivery).where(
            Delivery.kind == "lock",
            Delivery.subject == story_id,
            Delivery.state == OWED,
            Delivery.due_since > now,
        )
    )
