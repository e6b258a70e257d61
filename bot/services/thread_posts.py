"""What is added in a story's thread, as it must be shown: updates and unnamed replies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.anonymity import rounded_up_day
from bot.services.first_replies import first_reply_is_there
from bot.services.outbox import Lease
from bot.services.reviewed import RESTING, Resting, hold, must_wait
from bot.services.stories import note_of
from bot.services.telling import (
    LEFT_TO_THE_RETRACTION,
    OPENING,
    STORY,
    THREAD_NOT_THERE_YET,
    Telling,
    owe_for_circle,
)
from db import deliveries, removals, reviews, stories
from db.story_tables import Reply, Story, Update
from db.tables import Circle

PRESENT = (stories.WAITING, stories.PUBLISHED)


@dataclass(frozen=True, slots=True, repr=False)
class ThreadPost:
    """An update or reply as it must be shown in a thread."""

    id: int
    thread_id: int
    text: str
    message_id: int | None
    pen_name: str | None = None
    """Whose reply it is; None for the teller."""
    content_note: bool = False
    """The story stands behind one."""
    teller_name: str | None = None
    """Of a story that bears its teller's name."""
    hidden: bool = False
    """Moderators took it, or its story, away and can still bring it back: no word of it may be shown."""
    held: bool = False
    """Only find out whether it has appeared already: moderators took it away, or look at it first."""


class ThreadPosts:
    """The state of updates and replies as the deliverer needs it."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._database = telling.database

    async def update(self, lease: Lease) -> ThreadPost | timedelta | Resting | None:
        """An update to show in the thread, or to bring up to date there; a wait until there is a thread;
        RESTING from when moderators have to look at it first; None when it was withdrawn."""
        async with self._database.write() as session:
            update = await session.get(Update, lease.subject)
            if update is None or not await _is_there(session, update):
                return LEFT_TO_THE_RETRACTION if lease.uncertain and update is not None else None
            post = await self._in_thread(session, lease, update, None)
            if not isinstance(post, ThreadPost) or post.hidden or post.message_id is not None:
                return post
            story = await session.get_one(Story, update.story_id)
            circle = await session.get_one(Circle, story.circle_id)
            reviewed = await must_wait(session, circle, reviews.UPDATE, update.id)
            if reviewed and not lease.uncertain:
                await hold(session, circle, reviews.UPDATE, update.id, story.id, self._telling.now())
                await deliveries.park(session, lease.id, lease.token)
                return RESTING
            return replace(post, held=reviewed)

    async def update_shown(self, lease: Lease, message_id: int) -> None:
        """The thread shows the update; the story's message gets a line about it. Raises LeaseLost."""
        now = self._telling.now()
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, message_id)
            update = await session.get(Update, lease.subject)
            if update is None or update.state == stories.PUBLISHED:
                return
            update.message_id = message_id
            await reviews.forget(session, reviews.UPDATE, (update.id,))
            if update.state != stories.WAITING:
                return  # taken back meanwhile: the retraction finds it by its id now
            update.state = stories.PUBLISHED
            update.position = await stories.next_position(session, update.story_id)
            update.published_on = rounded_up_day(now)
            story = await session.get_one(Story, update.story_id)
            circle = await session.get_one(Circle, story.circle_id)
            await owe_for_circle(session, circle, STORY, story.id, now)

    async def reply(self, lease: Lease) -> ThreadPost | timedelta | None:
        """An unnamed reply to show, or to bring up to date; a wait until its thread is there; None when it
        was withdrawn."""
        async with self._database.write() as session:
            reply = await session.get(Reply, lease.subject)
            if reply is None or not await _is_there(session, reply):
                return LEFT_TO_THE_RETRACTION if lease.uncertain and reply is not None else None
            return await self._in_thread(session, lease, reply, reply.pen_name)

    async def reply_shown(self, lease: Lease, message_id: int) -> None:
        """The thread shows the reply. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, message_id)
            reply = await session.get(Reply, lease.subject)
            if reply is None:
                return
            reply.message_id = message_id
            if reply.state == stories.WAITING:
                reply.state, reply.published_on = stories.PUBLISHED, rounded_up_day(self._telling.now())
                await first_reply_is_there(session, reply.story_id)

    async def _in_thread(
        self, session: AsyncSession, lease: Lease, row: Update | Reply, pen_name: str | None
    ) -> ThreadPost | timedelta | None:
        story = await session.get(Story, row.story_id)
        if story is None or not await _is_there(session, story):
            return None
        circle = await session.get_one(Circle, story.circle_id)
        shown = row.message_id is not None
        if shown and not row.text:
            return None  # a restored copy doesn't know the words: what stands there is newer
        hidden = await removals.hidden_until(session, row) or await removals.hidden_until(session, story)
        if hidden is not None:
            if story.thread_id is None or not (shown or lease.uncertain):
                return self._telling.wait_until(hidden)
            return ThreadPost(
                row.id, story.thread_id, "", row.message_id, pen_name, hidden=True, held=not shown
            )
        if not shown and (wait := await self._telling.held_back(session, circle, lease)) is not None:
            return wait
        if story.thread_id is None and await reviews.of(session, reviews.STORY, story.id) is not None:
            return self._telling.look_later()  # days may pass
        if story.thread_id is None or (not shown and await _being_opened(session, story.id)):
            return THREAD_NOT_THERE_YET
        noted = note_of(story) is not None
        return ThreadPost(
            row.id, story.thread_id, row.text, row.message_id, pen_name, noted, story.author_name
        )


async def _is_there(session: AsyncSession, row: Story | Update | Reply) -> bool:
    """Whether it waits, can be seen, or can be brought back."""
    return row.state in PRESENT or await removals.hidden_until(session, row) is not None


async def _being_opened(session: AsyncSession, story_id: int) -> bool:
    """Whether one of the thread's first messages is still to come; one set aside isn't waited for."""
    owed = await deliveries.about(session, (OPENING,), story_id)
    return any(row.state in {deliveries.WAITING, deliveries.LEASED} for row in owed)
