"""Queries for recognising what somebody has told without a name, by tags that only a living key can make."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.stories import PUBLISHED, REMOVED, WAITING
from db.story_tables import PenName, Reply, Resonance, Story

PRESENT = (WAITING, PUBLISHED)


@dataclass(frozen=True, slots=True)
class Tagged:
    """A story of an epoch, with the tag of its teller."""

    id: int
    epoch: int
    voice: str
    teller_tag: bytes | None


async def tagged_after(
    session: AsyncSession, last_id: int, epochs: Collection[int], limit: int
) -> Sequence[Tagged]:
    """The stories of some epochs that are there, or that moderators removed, in pages by id."""
    rows = await session.execute(
        select(Story.id, Story.epoch, Story.voice, Story.teller_tag)
        .where(Story.id > last_id, Story.epoch.in_(tuple(epochs)), Story.state.in_((*PRESENT, REMOVED)))
        .order_by(Story.id)
        .limit(limit)
    )
    return [Tagged(*row) for row in rows.all() if row[1] is not None]


async def pen_names_of(session: AsyncSession, story_ids: Collection[int]) -> Sequence[tuple[int, str, bytes]]:
    """The pen names below some stories that still have a tag: story, name, tag."""
    rows = await session.execute(
        select(PenName.story_id, PenName.name, PenName.tag).where(
            PenName.story_id.in_(tuple(story_ids)), PenName.tag.is_not(None)
        )
    )
    return [(story_id, name, tag) for story_id, name, tag in rows.all() if tag is not None]


async def signs_of(session: AsyncSession, story_ids: Collection[int]) -> Sequence[tuple[int, str, bytes]]:
    """The signs at some stories: story, sign, tag."""
    rows = await session.execute(
        select(Resonance.story_id, Resonance.kind, Resonance.tag).where(
            Resonance.story_id.in_(tuple(story_ids))
        )
    )
    return [(story_id, kind, tag) for story_id, kind, tag in rows.all()]


async def replies_under(session: AsyncSession, story_id: int, name: str) -> Sequence[int]:
    """The ids of the replies that stand or wait under a pen name, or that moderators removed there."""
    states = (*PRESENT, REMOVED)
    rows = await session.scalars(
        select(Reply.id).where(Reply.story_id == story_id, Reply.pen_name == name, Reply.state.in_(states))
    )
    return rows.all()


async def epochs_there(session: AsyncSession) -> set[int]:
    """All epochs that a story refers to."""
    found = await session.scalars(select(Story.epoch).where(Story.epoch.is_not(None)).distinct())
    return {epoch for epoch in found if epoch is not None}
