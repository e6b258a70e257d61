"""Retracting: what was taken back goes from Discord, and only then what is remembered of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from secrets import SystemRandom

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.batches import leave
from bot.services.erasures import note_erased
from bot.services.outbox import Lease, Priority
from bot.services.reported import close_about, close_about_story
from bot.services.reviewed import forgotten
from bot.services.telling import (
    HIDE,
    LOCK,
    OPENING,
    PAGES,
    REPLY,
    RETRACT,
    RETRACT_REPLY,
    RETRACT_UPDATE,
    STORY,
    THREAD,
    UPDATE,
    Telling,
    known_as,
    owe_for_circle,
)
from db import deliveries, edits, erasures, notes, removals, reviews, stories
from db.story_tables import Reply, Story, Update
from db.tables import Circle, Delivery

STORY_KINDS = (STORY, THREAD, OPENING, PAGES, LOCK, HIDE)
"""All that can be owed about a story itself."""


@dataclass(frozen=True, slots=True, repr=False)
class Retraction:
    """What has to go."""

    channel_id: int
    message_ids: tuple[int, ...]
    thread_id: int | None
    unsettled: tuple[tuple[str, datetime], ...]


class Retracting:
    """What has to go, as the deliverer needs it."""

    def __init__(self, telling: Telling) -> None:
        self._database = telling.database

    async def retraction(self, lease: Lease) -> Retraction | None:
        """What has to go of a withdrawn or removed story.

        A thread that we never heard of goes by the message's id, which it shares: it would stay behind.
        """
        async with self._database.read() as session:
            story = await session.get(Story, lease.subject)
            if story is None or story.state not in {stories.WITHDRAWN, stories.REMOVED}:
                return None
            circle = await session.get_one(Circle, story.circle_id)
            unsettled = await _unsettled(session, STORY, story.id) if story.message_id is None else ()
            unsettled += tuple((known_as(story.id), since) for _, since in unsettled)
            messages = (story.message_id,) if story.message_id is not None else ()
            thread_id = story.thread_id or story.message_id
            return Retraction(circle.channel_id, messages, thread_id, unsettled)

    async def retracted(self, lease: Lease) -> None:
        """Nothing is left in Discord: nothing is kept here either. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, None)
            story = await session.get(Story, lease.subject)
            if story is not None:
                await stories.forget_deliveries(session, STORY_KINDS, story.id)
                await stories.forget_belonging(session, story.id)
                story.message_id = story.thread_id = None
                if story.state == stories.WITHDRAWN:
                    await session.delete(story)

    async def reply_retraction(self, lease: Lease) -> Retraction | None:
        """What has to go of a withdrawn reply."""
        async with self._database.read() as session:
            return await _in_thread(session, await session.get(Reply, lease.subject), REPLY)

    async def reply_retracted(self, lease: Lease) -> None:
        """The reply is gone from Discord, and from here. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, None)
            await _forget(session, await session.get(Reply, lease.subject), REPLY)

    async def update_retraction(self, lease: Lease) -> Retraction | None:
        """What has to go of a withdrawn update; its line on the story goes by refreshing that."""
        async with self._database.read() as session:
            return await _in_thread(session, await session.get(Update, lease.subject), UPDATE)

    async def update_retracted(self, lease: Lease) -> None:
        """The update is gone from Discord, and from here. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, None)
            await _forget(session, await session.get(Update, lease.subject), UPDATE)


async def retract_story(
    session: AsyncSession, story: Story, state: str, now: datetime, priority: Priority = Priority.PERSON
) -> bool:
    """Take a story back, inside somebody's transaction: its words are gone at once, and for good.

    What Discord may show of it is owed as a retraction, with this ``priority``; a story that was never sent
    needs none. Returns whether it may have been seen.
    """
    story.state = state
    story.slip = story.effect = story.repair = story.lesson = ""
    story.content_note = story.moderators_note = story.theme = None
    if state == stories.WITHDRAWN:
        story.receipt_hash = story.teller_tag = story.epoch = None
        story.author_id = story.author_name = None
    await session.flush()
    await removals.forget(session, edits.STORY, (story.id,))
    await note_erased(session, state, (story.id,), now)
    await close_about_story(session, story, now)
    await stories.empty_texts(session, story.id)
    await stories.forget_tags(session, story.id)
    await notes.forget_of(session, story.id)
    circle = await session.get_one(Circle, story.circle_id)
    await forgotten(session, circle, now)
    await leave(session, story, circle, now, SystemRandom())
    owed = await deliveries.about(session, (STORY,), story.id)
    if story.message_id is None and not any(may_have_arrived(row) for row in owed):
        await stories.forget_deliveries(session, STORY_KINDS, story.id)
        await stories.forget_belonging(session, story.id)
        if state == stories.WITHDRAWN:
            await session.delete(story)
        return False
    await owe_for_circle(session, circle, RETRACT, story.id, now, priority)
    return True


async def retract_reply(
    session: AsyncSession, reply: Reply, circle: Circle, now: datetime, state: str = stories.WITHDRAWN
) -> bool:
    """Take an unnamed reply back, inside somebody's transaction; as for a story. Returns whether it may
    have been seen. Of one that moderators took away (``state``) it stays known that they did."""
    await note_erased(session, erasures.REPLY, (reply.id,), now)
    await close_about(session, reply, now)
    if not await _left_behind(session, reply, REPLY, state):
        return False
    await owe_for_circle(session, circle, RETRACT_REPLY, reply.id, now)
    return True


async def retract_update(
    session: AsyncSession, update: Update, circle: Circle, now: datetime, state: str = stories.WITHDRAWN
) -> bool:
    """Take an update back, inside somebody's transaction; the story's line falls back to the one before.
    Returns whether it may have been seen; ``state`` as for a reply."""
    await note_erased(session, erasures.UPDATE, (update.id,), now)
    await close_about(session, update, now)
    on_the_story = update.state == stories.PUBLISHED
    await reviews.forget(session, reviews.UPDATE, (update.id,))
    await edits.forget(session, UPDATE, (update.id,))
    await forgotten(session, circle, now)
    if not await _left_behind(session, update, UPDATE, state):
        return False
    await owe_for_circle(session, circle, RETRACT_UPDATE, update.id, now)
    if on_the_story:
        await owe_for_circle(session, circle, STORY, update.story_id, now)
    return True


async def _left_behind(session: AsyncSession, row: Reply | Update, kind: str, state: str) -> bool:
    """Its words go at once. Returns whether Discord may show something of it."""
    owed = await deliveries.about(session, (kind,), row.id)
    row.state, row.text = state, ""
    await removals.forget(session, kind, (row.id,))
    await edits.forget(session, kind, (row.id,))
    await session.flush()
    if row.message_id is None and not any(may_have_arrived(one) for one in owed):
        await _forget(session, row, kind)
        return False
    return True


async def _in_thread(session: AsyncSession, row: Reply | Update | None, kind: str) -> Retraction | None:
    """What has to go of something in a thread that was taken back."""
    story = await session.get(Story, row.story_id) if row is not None else None
    if row is None or story is None or story.thread_id is None or row.state == stories.PUBLISHED:
        return None
    unsettled = await _unsettled(session, kind, row.id) if row.message_id is None else ()
    unsettled += tuple((known_as(row.id, kind), since) for _, since in unsettled)
    messages = (row.message_id,) if row.message_id is not None else ()
    return Retraction(story.thread_id, messages, None, unsettled)


async def _forget(session: AsyncSession, row: Reply | Update | None, kind: str) -> None:
    """Nothing is kept; of what moderators took away, that they did."""
    if row is None:
        return
    await stories.forget_deliveries(session, (kind,), row.id)
    await edits.forget(session, kind, (row.id,))
    if row.state == stories.REMOVED:
        row.message_id = None
    else:
        await session.delete(row)


def may_have_arrived(row: Delivery) -> bool:
    """Whether Discord may show something of a delivery whose message we don't know."""
    return row.state in {deliveries.LEASED, deliveries.UNSURE} or row.uncertain


async def _unsettled(session: AsyncSession, kind: str, subject: int) -> tuple[tuple[str, datetime], ...]:
    rows = await deliveries.about(session, (kind,), subject)
    return tuple((row.id, row.first_attempt_at) for row in rows if row.first_attempt_at is not None)
