"""Queries about stories and what belongs to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import edits, reviews
from db.care_tables import Removal
from db.story_tables import Mute, PenName, Reply, Resonance, Story, StoryPage, Update
from db.tables import Circle, Delivery

WAITING, PUBLISHED, WITHDRAWN, REMOVED = "waiting", "published", "withdrawn", "removed"


async def by_receipt(session: AsyncSession, receipt_hash: bytes) -> Story | None:
    """The story that a receipt controls."""
    return await session.scalar(select(Story).where(Story.receipt_hash == receipt_hash))


async def update_by_receipt(session: AsyncSession, receipt_hash: bytes) -> Update | None:
    """The update that a receipt made."""
    return await session.scalar(select(Update).where(Update.receipt_hash == receipt_hash))


async def reply_by_receipt(session: AsyncSession, receipt_hash: bytes) -> Reply | None:
    """The reply that a receipt controls."""
    return await session.scalar(select(Reply).where(Reply.receipt_hash == receipt_hash))


async def by_number(session: AsyncSession, circle_id: int, number: int) -> Story | None:
    """A story by the number that everybody sees."""
    return await session.scalar(select(Story).where(Story.circle_id == circle_id, Story.number == number))


async def named_by(session: AsyncSession, user_id: int) -> Sequence[Story]:
    """The stories that somebody told with their name."""
    return (await session.scalars(select(Story).where(Story.author_id == user_id))).all()


async def at_place(session: AsyncSession, place_id: int) -> Story | None:
    """The story whose thread or message this is."""
    return await session.scalar(
        select(Story).where((Story.thread_id == place_id) | (Story.message_id == place_id))
    )


async def next_number(session: AsyncSession, circle_id: int) -> int:
    """The next story's number: one statement, so that two at once never get the same."""
    return (
        await session.execute(
            update(Circle)
            .where(Circle.id == circle_id)
            .values(stories_told=Circle.stories_told + 1)
            .returning(Circle.stories_told)
        )
    ).scalar_one()


async def latest_update(session: AsyncSession, story_id: int) -> Update | None:
    """The newest update that is published."""
    return await session.scalar(
        select(Update)
        .where(Update.story_id == story_id, Update.state == PUBLISHED)
        .order_by(Update.position.desc())
        .limit(1)
    )


async def next_position(session: AsyncSession, story_id: int) -> int:
    """The place of the next update of a story."""
    last = await session.scalar(select(func.max(Update.position)).where(Update.story_id == story_id))
    return (last or 0) + 1


async def last_update_due(session: AsyncSession, story_id: int) -> datetime | None:
    """When the last of a story's updates that still wait may appear."""
    return await _last_due(session, "update", select(Update.id).where(Update.story_id == story_id))


async def last_reply_due(session: AsyncSession, story_id: int, pen_name: str | None) -> datetime | None:
    """When the last reply that still waits under a pen name, or as the teller's, may appear."""
    replies = select(Reply.id).where(
        Reply.story_id == story_id, Reply.pen_name.is_not_distinct_from(pen_name)
    )
    return await _last_due(session, "reply", replies)


async def _last_due(session: AsyncSession, kind: str, subjects: Select[int]) -> datetime | None:
    return await session.scalar(
        select(func.max(Delivery.not_before)).where(
            Delivery.kind == kind, Delivery.subject.in_(subjects), Delivery.state == "waiting"
        )
    )


async def resonance_counts(session: AsyncSession, story_id: int) -> dict[str, int]:
    """How many resonate with a story, by kind."""
    rows = await session.execute(
        select(Resonance.kind, func.count()).where(Resonance.story_id == story_id).group_by(Resonance.kind)
    )
    return dict(rows.all())


async def belonging(session: AsyncSession, story_id: int) -> tuple[list[int], list[int]]:
    """The ids of a story's updates and replies."""
    updates = await session.scalars(select(Update.id).where(Update.story_id == story_id))
    replies = await session.scalars(select(Reply.id).where(Reply.story_id == story_id))
    return list(updates), list(replies)


async def forget_belonging(session: AsyncSession, story_id: int) -> None:
    """Everything that hung on a story goes: updates, replies, pen names, resonance and what was owed."""
    updates, replies = await belonging(session, story_id)
    for kind, ids in (("update", updates), ("reply", replies)):
        await session.execute(delete(Removal).where(Removal.kind == kind, Removal.subject.in_(ids)))
    await session.execute(
        delete(Delivery).where(
            (Delivery.kind.in_(("update", "retract_update")) & Delivery.subject.in_(updates))
            | (Delivery.kind.in_(("reply", "retract_reply")) & Delivery.subject.in_(replies))
        )
    )
    for table in (Update, Reply, PenName, Resonance, StoryPage):
        await session.execute(delete(table).where(table.story_id == story_id))
    await reviews.forget_story(session, story_id)


async def forget_tags(session: AsyncSession, story_id: int) -> None:
    """What recognises people at a story that was taken back goes at once, whatever Discord still shows."""
    for table in (PenName, Resonance):
        await session.execute(delete(table).where(table.story_id == story_id))


async def empty_texts(session: AsyncSession, story_id: int) -> None:
    """The words below a story go at once, whatever Discord still shows, and all that waited to change."""
    updates, replies = await belonging(session, story_id)
    for kind, ids in ((edits.STORY, [story_id]), (edits.UPDATE, updates), (edits.REPLY, replies)):
        await edits.forget(session, kind, ids)
    await reviews.forget_story(session, story_id)
    for table in (Update, Reply):
        await session.execute(update(table).where(table.story_id == story_id).values(text=""))


async def pen_name_of(session: AsyncSession, story_id: int, tag: bytes) -> str | None:
    """The pen name that somebody has in a thread already."""
    return await session.scalar(select(PenName.name).where(PenName.story_id == story_id, PenName.tag == tag))


async def tag_of(session: AsyncSession, story_id: int, name: str) -> bytes | None:
    """By what whoever bears a pen name in a thread can be recognised."""
    return await session.scalar(select(PenName.tag).where(PenName.story_id == story_id, PenName.name == name))


async def pen_names(session: AsyncSession, story_id: int) -> list[str]:
    """The pen names taken in a thread."""
    return list(await session.scalars(select(PenName.name).where(PenName.story_id == story_id)))


async def forget_deliveries(session: AsyncSession, kinds: Sequence[str], subject: int) -> None:
    """What was owed about a subject is owed no more."""
    await session.execute(delete(Delivery).where(Delivery.kind.in_(kinds), Delivery.subject == subject))


async def active_mutes(session: AsyncSession, circle_id: int, now: datetime) -> Sequence[Mute]:
    """The mutes of a circle that still hold."""
    rows = await session.scalars(select(Mute).where(Mute.circle_id == circle_id, Mute.until > now))
    return rows.all()
