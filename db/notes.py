"""Queries about private notes. None of them asks for a person: tags are compared by whoever has the key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.care_tables import Note
from db.stories import PUBLISHED
from db.story_tables import Story

PEER, MODERATORS = "peer", "moderators"
"""From whom a note is."""
WAITING, OPEN, ANSWERED = "waiting", "open", "answered"
"""On its way; for its teller to read and answer; answered, and the answer perhaps on its way."""


async def by_receipt(session: AsyncSession, receipt_hash: bytes) -> Note | None:
    """The note that a receipt controls."""
    return await session.scalar(select(Note).where(Note.receipt_hash == receipt_hash))


async def by_id(session: AsyncSession, ids: Collection[int]) -> Sequence[Note]:
    """These notes."""
    return (await session.scalars(select(Note).where(Note.id.in_(ids)))).all()


async def unanswered(session: AsyncSession, story_id: int, sender: str) -> Sequence[tuple[int, bytes | None]]:
    """The notes to a story's teller whose senders can't have read an answer yet: id and tag."""
    rows = await session.execute(
        select(Note.id, Note.tag).where(
            Note.story_id == story_id,
            Note.sender == sender,
            (Note.state != ANSWERED) | Note.appears_at.is_not(None),
        )
    )
    return [(note_id, tag) for note_id, tag in rows.all()]


async def shown_to_teller(session: AsyncSession, story_id: int) -> Sequence[Note]:
    """What the teller of a story can read: unanswered ones first, else in no order that means anything."""
    rows = await session.scalars(
        select(Note)
        .where(Note.story_id == story_id, Note.state != WAITING)
        .order_by(Note.state.desc(), Note.id)
    )
    return rows.all()


async def counts(session: AsyncSession, story_id: int) -> tuple[int, int]:
    """How many notes the teller can read, and how many of them are unanswered."""
    rows = await session.execute(
        select(Note.state, func.count())
        .where(Note.story_id == story_id, Note.state != WAITING)
        .group_by(Note.state)
    )
    by_state: dict[str, int] = dict(rows.all())
    return sum(by_state.values()), by_state.get(OPEN, 0)


async def of_moderators(session: AsyncSession, circle_id: int) -> Sequence[tuple[Note, int]]:
    """What a circle's moderators wrote, with the number of each story, the newest story first."""
    rows = await session.execute(
        select(Note, Story.number)
        .join(Story, Story.id == Note.story_id)
        .where(Story.circle_id == circle_id, Story.state == PUBLISHED, Note.sender == MODERATORS)
        .order_by(Story.number.desc(), Note.id)
    )
    return [(note, number or 0) for note, number in rows.all()]


async def tagged(
    session: AsyncSession, circles: Collection[int]
) -> Sequence[tuple[int, int | None, bytes | None]]:
    """Notes that may still be recognised: id, the epoch of their story, and tag."""
    rows = await session.execute(
        select(Note.id, Story.epoch, Note.tag)
        .join(Story, Story.id == Note.story_id)
        .where(Story.circle_id.in_(circles), Story.epoch.is_not(None), Note.tag.is_not(None))
    )
    return [(note_id, epoch, tag) for note_id, epoch, tag in rows.all()]


async def tagged_at(session: AsyncSession, story_ids: Collection[int]) -> Sequence[tuple[int, int, bytes]]:
    """The notes to some stories that still have a tag: id, story, tag."""
    rows = await session.execute(
        select(Note.id, Note.story_id, Note.tag).where(Note.story_id.in_(story_ids), Note.tag.is_not(None))
    )
    return [(note_id, story_id, tag) for note_id, story_id, tag in rows.all() if tag is not None]


async def next_moment(session: AsyncSession) -> datetime | None:
    """When the next note or answer appears, or others may know that notes were closed or opened."""
    appears = await session.scalar(select(func.min(Note.appears_at)))
    turns = await session.scalar(select(func.min(Story.notes_turn_at)))
    return min((moment for moment in (appears, turns) if moment is not None), default=None)


async def let_appear(session: AsyncSession, now: datetime) -> int:
    """What is due can be seen, and the moment is forgotten. Returns how much that was."""
    came = await session.execute(
        update(Note)
        .where(Note.state == WAITING, Note.appears_at <= now)
        .values(state=OPEN, appears_at=None)
        .returning(Note.id)
        .execution_options(synchronize_session=False)
    )
    answered = await session.execute(
        update(Note)
        .where(Note.state == ANSWERED, Note.appears_at <= now)
        .values(appears_at=None)
        .returning(Note.id)
        .execution_options(synchronize_session=False)
    )
    turned = await session.execute(
        update(Story)
        .where(Story.notes_turn_at <= now)
        .values(notes_turn_at=None)
        .returning(Story.id)
        .execution_options(synchronize_session=False)
    )
    return sum(len(rows.all()) for rows in (came, answered, turned))


async def forget_of(session: AsyncSession, story_id: int) -> None:
    """The notes to a story go with it, and their answers."""
    await session.execute(delete(Note).where(Note.story_id == story_id))
