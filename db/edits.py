"""Queries about edits: new words on their way, and the messages that they have to reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.care_tables import Removal, Review
from db.story_tables import Edit, Reply, Story, StoryPage, Update
from db.tables import Delivery

STORY, UPDATE, REPLY = "story", "update", "reply"
TABLES = {STORY: Story, UPDATE: Update, REPLY: Reply}
"""What can be edited, by the kind of its edit."""
PRESENT = ("waiting", "published")
Columns: TypeAlias = dict[str, str | bool | None]
"""Columns of something told, with what stands in them."""


async def pending(session: AsyncSession, kind: str, subject: int) -> Columns:
    """The words that wait to take the place of what is shown; nothing when none do."""
    row = await session.get(Edit, (kind, subject))
    return dict(row.words) if row is not None else {}


async def changing(session: AsyncSession, subject: int) -> Story | Update | Reply | None:
    """What waits to be changed, by its id alone (see ``take``)."""
    kind = await session.scalar(select(Edit.kind).where(Edit.subject == subject))
    return await session.get(TABLES[kind], subject) if kind is not None else None


async def put(session: AsyncSession, kind: str, subject: int, words: Mapping[str, str | bool | None]) -> None:
    """These words wait now, whatever waited before."""
    await session.merge(Edit(kind=kind, subject=subject, words=dict(words)))


async def take(session: AsyncSession, subject: int) -> tuple[Story | Update | Reply | None, Columns]:
    """The words that wait for a subject, which wait no longer, and its row if it is still there.

    Ids are random over all kinds, so that a delivery need not say of which kind its subject is.
    """
    row = await session.scalar(select(Edit).where(Edit.subject == subject))
    if row is None:
        return None, {}
    words = dict(row.words)
    await session.delete(row)
    found = await session.get(TABLES[row.kind], subject)
    return (found if found is not None and found.state in PRESENT else None), words


async def subject_of(session: AsyncSession, subject: int) -> Story | Update | Reply | None:
    """The row that words wait for, without taking them."""
    row = await session.scalar(select(Edit).where(Edit.subject == subject))
    return await session.get(TABLES[row.kind], subject) if row is not None else None


async def drop(session: AsyncSession, subject: int) -> bool:
    """The words that wait for a subject are forgotten. Returns whether any did."""
    gone = await session.execute(delete(Edit).where(Edit.subject == subject).returning(Edit.subject))
    return bool(gone.all())


async def forget(session: AsyncSession, kind: str, subjects: Iterable[int]) -> None:
    """No words wait for these any more, nor is anything owed or to be decided about them."""
    ids = tuple(subjects)
    await session.execute(delete(Edit).where(Edit.kind == kind, Edit.subject.in_(ids)))
    await session.execute(delete(Delivery).where(Delivery.kind == "edit", Delivery.subject.in_(ids)))
    await session.execute(delete(Review).where(Review.kind == "edit", Review.subject.in_(ids)))


async def forget_orphans(session: AsyncSession) -> None:
    """Words that wait for something that isn't there any more, whichever way it went. What moderators can
    still bring back comes back with them."""
    for kind, table in TABLES.items():
        there = exists().where(table.id == Edit.subject, table.state.in_(PRESENT))
        hidden = exists().where(Removal.kind == Edit.kind, Removal.subject == Edit.subject)
        await session.execute(delete(Edit).where(Edit.kind == kind, ~there, ~hidden))


async def pages(session: AsyncSession, story_id: int) -> dict[int, int]:
    """The first messages of a story's thread: message ids by position."""
    rows = await session.execute(
        select(StoryPage.position, StoryPage.message_id)
        .where(StoryPage.story_id == story_id)
        .order_by(StoryPage.position)
    )
    return dict(rows.all())


async def forget_pages(session: AsyncSession, story_id: int, *, first: int = 0) -> None:
    """The messages from this position on are there no more."""
    await session.execute(
        delete(StoryPage).where(StoryPage.story_id == story_id, StoryPage.position >= first)
    )
