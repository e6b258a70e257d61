"""Publishing stories: what Discord must show of them, and what is remembered when it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.anonymity import rounded_up_day
from bot.rules.stories import Ask, StoryWords, Voice
from bot.services.circles import is_paused
from bot.services.outbox import Lease, Priority
from bot.services.stories import STORY, words_of
from bot.services.telling import Telling, owe_for_circle
from db import deliveries, stories
from db.story_tables import Reply, Story, Update
from db.tables import Circle, Delivery

THREAD, OPENING, UPDATE, REPLY, RETRACT, RETRACT_REPLY, LOCK = (
    "thread",
    "opening",
    "update",
    "reply",
    "retract",
    "retract_reply",
    "lock",
)
"""Kinds of deliveries around a story."""

STORY_KINDS = (STORY, THREAD, OPENING, LOCK)
THREAD_NOT_THERE_YET = timedelta(seconds=45)
AFTER_A_PAUSE = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class StoryPost:
    """A story as it must be shown."""

    id: int
    circle_id: int
    channel_id: int
    number: int
    voice: Voice
    author_name: str | None
    words: StoryWords
    ask: Ask
    theme: str | None
    content_note: str | None
    latest_update: str | None = None
    resonance: dict[str, int] = field(default_factory=dict[str, int])
    message_id: int | None = None
    thread_id: int | None = None
    opened: int = 0
    locked: bool = False


@dataclass(frozen=True, slots=True)
class ThreadPost:
    """An update or reply as it must be shown in a thread."""

    id: int
    thread_id: int
    text: str
    message_id: int | None
    pen_name: str | None = None
    """Whose reply it is; None for the teller."""


@dataclass(frozen=True, slots=True)
class Retraction:
    """What has to go."""

    channel_id: int
    message_ids: tuple[int, ...]
    thread_id: int | None
    unsettled: tuple[tuple[str, datetime], ...]


class Publishing:
    """The state of stories as the deliverer needs it."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._database = telling.database

    # the story's message

    async def story(self, lease: Lease) -> StoryPost | timedelta | None:
        """A story to send or refresh; a wait while the circle is paused; None when it was taken back.

        Its number is given here, when it is about to appear, and only once.
        """
        async with self._database.write() as session:
            story = await session.get(Story, lease.subject)
            if story is None or story.state not in {stories.WAITING, stories.PUBLISHED}:
                # a send that may have arrived is left to the retraction, which looks for it
                return timedelta(minutes=1) if lease.uncertain and story is not None else None
            circle = await session.get_one(Circle, story.circle_id)
            if not lease.uncertain and is_paused(circle, self._telling.now()):
                return _random_wait(self._telling)
            if story.number is None:
                story.number = await stories.next_number(session, circle.id)
            return await _post(session, story, circle)

    async def story_shown(self, lease: Lease, message_id: int) -> None:
        """Discord shows the story; its thread is the next step. Raises LeaseLost."""
        now = self._telling.now()
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, message_id)
            story = await session.get(Story, lease.subject)
            if story is None or story.message_id is not None:
                return
            story.message_id = message_id
            if story.state != stories.WAITING:
                return  # taken back meanwhile: the retraction finds the message by its id now
            story.state = stories.PUBLISHED
            story.published_on = rounded_up_day(now)
            circle = await session.get_one(Circle, story.circle_id)
            await owe_for_circle(session, circle, THREAD, story.id, now)

    # its thread

    async def published(self, story_id: int) -> StoryPost | None:
        """A story whose message is there."""
        async with self._database.read() as session:
            story = await session.get(Story, story_id)
            if story is None or story.state != stories.PUBLISHED or story.message_id is None:
                return None
            return await _post(session, story, await session.get_one(Circle, story.circle_id))

    async def thread_opened(self, lease: Lease, thread_id: int) -> None:
        """The thread is there; its first message is the next step. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, None)
            story = await session.get(Story, lease.subject)
            if story is not None:
                story.thread_id = thread_id
                if story.state == stories.PUBLISHED:
                    circle = await session.get_one(Circle, story.circle_id)
                    await owe_for_circle(session, circle, OPENING, story.id, self._telling.now())

    async def opening_shown(self, lease: Lease, message_id: int, messages: int) -> None:
        """One of the thread's ``messages`` first messages is there. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, message_id)
            story = await session.get(Story, lease.subject)
            if story is None:
                return
            story.opened += 1
            if story.opened < messages and story.state == stories.PUBLISHED:
                circle = await session.get_one(Circle, story.circle_id)
                await owe_for_circle(session, circle, OPENING, story.id, self._telling.now())

    # what is added in the thread

    async def update(self, lease: Lease) -> ThreadPost | timedelta | None:
        """An update to show in the thread; a wait until there is one; None when it was withdrawn."""
        async with self._database.read() as session:
            update = await session.get(Update, lease.subject)
            if update is None or update.state != stories.WAITING:
                return None
            return await self._in_thread(session, update.story_id, update, None)

    async def update_shown(self, lease: Lease, message_id: int) -> None:
        """The thread shows the update; the story's message gets a line about it. Raises LeaseLost."""
        now = self._telling.now()
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, message_id)
            update = await session.get(Update, lease.subject)
            if update is None:
                return
            update.message_id, update.state = message_id, stories.PUBLISHED
            update.position = await stories.next_position(session, update.story_id)
            update.published_on = rounded_up_day(now)
            story = await session.get_one(Story, update.story_id)
            circle = await session.get_one(Circle, story.circle_id)
            await owe_for_circle(session, circle, STORY, story.id, now)

    async def reply(self, lease: Lease) -> ThreadPost | timedelta | None:
        """An unnamed reply to show; a wait until its thread is there; None when it was withdrawn."""
        async with self._database.read() as session:
            reply = await session.get(Reply, lease.subject)
            if reply is None or reply.state != stories.WAITING:
                return timedelta(minutes=1) if lease.uncertain and reply is not None else None
            return await self._in_thread(session, reply.story_id, reply, reply.pen_name)

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

    async def _in_thread(
        self, session: AsyncSession, story_id: int, row: Update | Reply, pen_name: str | None
    ) -> ThreadPost | timedelta | None:
        story = await session.get(Story, story_id)
        if story is None or story.state not in {stories.WAITING, stories.PUBLISHED}:
            return None
        circle = await session.get_one(Circle, story.circle_id)
        if is_paused(circle, self._telling.now()):
            return _random_wait(self._telling)
        if story.thread_id is None or story.opened == 0:
            return THREAD_NOT_THERE_YET
        return ThreadPost(row.id, story.thread_id, row.text, row.message_id, pen_name)

    # what goes

    async def retraction(self, lease: Lease) -> Retraction | None:
        """What has to go of a withdrawn or removed story."""
        async with self._database.read() as session:
            story = await session.get(Story, lease.subject)
            if story is None or story.state not in {stories.WITHDRAWN, stories.REMOVED}:
                return None
            circle = await session.get_one(Circle, story.circle_id)
            unsettled = await _unsettled(session, STORY, story.id) if story.message_id is None else ()
            messages = (story.message_id,) if story.message_id is not None else ()
            return Retraction(circle.channel_id, messages, story.thread_id, unsettled)

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
            reply = await session.get(Reply, lease.subject)
            story = await session.get(Story, reply.story_id) if reply is not None else None
            if reply is None or story is None or story.thread_id is None or reply.state == stories.PUBLISHED:
                return None
            unsettled = await _unsettled(session, REPLY, reply.id) if reply.message_id is None else ()
            messages = (reply.message_id,) if reply.message_id is not None else ()
            return Retraction(story.thread_id, messages, None, unsettled)

    async def reply_retracted(self, lease: Lease) -> None:
        """The reply is gone from Discord, and from here. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, None)
            await stories.forget_deliveries(session, (REPLY,), lease.subject)
            reply = await session.get(Reply, lease.subject)
            if reply is not None:
                await session.delete(reply)


async def retract_story(session: AsyncSession, telling: Telling, story: Story, state: str) -> None:
    """Take a story back, inside somebody's transaction: its words are gone at once.

    What Discord may show of it is owed as a retraction; a story that was never sent needs none.
    """
    story.state = state
    story.slip = story.effect = story.repair = story.lesson = ""
    story.content_note = story.theme = None
    if state == stories.WITHDRAWN:
        story.receipt_hash = story.teller_tag = story.epoch = None
        story.author_id = story.author_name = None
    await session.flush()
    await stories.empty_texts(session, story.id)
    circle = await session.get_one(Circle, story.circle_id)
    owed = await deliveries.about(session, (STORY,), story.id)
    if story.message_id is None and not any(_may_have_arrived(row) for row in owed):
        await stories.forget_deliveries(session, STORY_KINDS, story.id)
        await stories.forget_belonging(session, story.id)
        if state == stories.WITHDRAWN:
            await session.delete(story)
        return
    await owe_for_circle(session, circle, RETRACT, story.id, telling.now(), Priority.PERSON)


def _may_have_arrived(row: Delivery) -> bool:
    """Whether Discord may show something of a delivery whose message we don't know."""
    return row.state in {deliveries.LEASED, deliveries.UNSURE} or row.uncertain


async def _unsettled(session: AsyncSession, kind: str, subject: int) -> tuple[tuple[str, datetime], ...]:
    rows = await deliveries.about(session, (kind,), subject)
    return tuple((row.id, row.first_attempt_at) for row in rows if row.first_attempt_at is not None)


async def _post(session: AsyncSession, story: Story, circle: Circle) -> StoryPost:
    update = await stories.latest_update(session, story.id)
    return StoryPost(
        id=story.id,
        circle_id=circle.id,
        channel_id=circle.channel_id,
        number=story.number or 0,
        voice=Voice(story.voice),
        author_name=story.author_name,
        words=words_of(story),
        ask=Ask(story.ask),
        theme=story.theme,
        content_note=story.content_note,
        latest_update=update.text if update else None,
        resonance=await stories.resonance_counts(session, story.id),
        message_id=story.message_id,
        thread_id=story.thread_id,
        opened=story.opened,
        locked=story.locked,
    )


def _random_wait(telling: Telling) -> timedelta:
    """While paused: look again later, spread out, so that a resumed circle gets no heap."""
    return telling.spread(AFTER_A_PAUSE)
