"""Publishing stories: what Discord must show of one, and what is remembered when it does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.anonymity import rounded_up_day
from bot.rules.stories import Ask, StoryWords, Voice, first_missing
from bot.services.batches import begun
from bot.services.circles import is_paused
from bot.services.outbox import Lease
from bot.services.reviewed import RESTING, Resting, hold, must_wait
from bot.services.stories import note_of, words_of
from bot.services.telling import (
    LEFT_TO_THE_RETRACTION,
    LOCK,
    OPENING,
    PAGES,
    THREAD,
    Telling,
    owe_for_circle,
)
from db import deliveries, edits, removals, reviews, stories
from db.story_tables import Story, StoryPage
from db.tables import Circle

UNKNOWN = "…"
PRESENT = frozenset({stories.WAITING, stories.PUBLISHED})


@dataclass(frozen=True, slots=True, repr=False)
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
    pages: dict[int, int] = field(default_factory=dict[int, int])
    """The thread's first messages, by position; see ``first_missing``."""
    unlisted: int = 0
    """So many more of them are there, of a time when nobody noted which."""
    locked: bool = False
    words_known: bool = True
    """False where a copy was put back that knows only earlier words: what stands in Discord is left alone."""
    held: bool = False
    """The circle is paused, or moderators look at it first or took it away: only find out whether it has
    appeared already."""
    hidden: bool = False
    """Moderators took it away and can still bring it back: none of its words may be shown."""


class Publishing:
    """The state of stories as the deliverer needs it."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._database = telling.database

    # the story's message

    async def story(self, lease: Lease) -> StoryPost | timedelta | Resting | None:
        """A story to send or refresh; a wait while the circle is paused; RESTING from when moderators have to
        look at it first; None when it was taken back.

        Its number is given here, when it is about to appear, and only once. One that may have appeared
        already is only looked for during a pause or a review; one that is shown follows its state all the
        same.
        """
        async with self._database.write() as session:
            story = await session.get(Story, lease.subject)
            hidden = await removals.hidden_until(session, story)
            if story is None or not (story.state in PRESENT or hidden):
                return LEFT_TO_THE_RETRACTION if lease.uncertain and story is not None else None
            if story.message_id is not None and not story.slip:
                return None
            if hidden and story.message_id is None and not lease.uncertain:
                return self._telling.wait_until(hidden)
            circle = await session.get_one(Circle, story.circle_id)
            # what everybody sees already follows its state also in a pause: what was taken back goes from it
            paused = story.message_id is None and is_paused(circle, self._telling.now())
            unsent = not lease.uncertain and story.message_id is None
            if story.batch is not None:
                await begun(session, story)
            if unsent and (wait := await self._telling.held_back(session, circle, lease)) is not None:
                return wait
            reviewed = story.message_id is None and await must_wait(session, circle, reviews.STORY, story.id)
            if reviewed and unsent:
                await hold(session, circle, reviews.STORY, story.id, story.id, self._telling.now())
                await deliveries.park(session, lease.id, lease.token)
                return RESTING
            if story.number is None:
                story.number = await stories.next_number(session, circle.id)
            held = story.message_id is None and (paused or reviewed or hidden is not None)
            return replace(await _post(session, story, circle), held=held)

    async def story_shown(self, lease: Lease, message_id: int, place_id: int) -> None:
        """Discord shows the story in a channel or post; its thread is the next step. Raises LeaseLost.

        A message that doesn't stand in the circle's channel stands in a post of its own: that is the thread.
        """
        now = self._telling.now()
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, message_id)
            story = await session.get(Story, lease.subject)
            if story is None or story.message_id is not None:
                return
            circle = await session.get_one(Circle, story.circle_id)
            await reviews.forget(session, reviews.STORY, (story.id,))
            is_post = place_id != circle.channel_id
            story.message_id, story.thread_id = message_id, place_id if is_post else None
            if story.state != stories.WAITING:
                return  # taken back meanwhile: the retraction finds it by its ids now
            story.state = stories.PUBLISHED
            story.published_on = rounded_up_day(now)
            if story.voice == Voice.NAMED:
                story.receipt_hash = (
                    None  # it made *Post* safe to press twice; from now on the name proves it
                )
            if is_post:
                await owe_for_circle(session, circle, OPENING, story.id, now)
                await _close(session, circle, story, now)
            else:
                await owe_for_circle(session, circle, THREAD, story.id, now)

    # its thread

    async def published(self, story_id: int) -> StoryPost | None:
        """A story whose message is there; also one that moderators can still bring back."""
        async with self._database.read() as session:
            story = await session.get(Story, story_id)
            if story is None or story.message_id is None or not await _is_there(session, story):
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
                    circle, now = await session.get_one(Circle, story.circle_id), self._telling.now()
                    await owe_for_circle(session, circle, OPENING, story.id, now)
                    await _close(session, circle, story, now)

    async def opening_shown(self, lease: Lease, message_id: int, messages: int) -> None:
        """One of the thread's ``messages`` first messages is there. Raises LeaseLost.

        When the story became shorter meanwhile it may be one too many: then it goes again.
        """
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, message_id)
            story = await session.get(Story, lease.subject)
            if story is None:
                return
            known = await edits.pages(session, story.id)
            position = first_missing(messages, known, story.opened - len(known))
            surplus = position is None
            place = max(messages, *known, 0) + 1 if position is None else position
            session.add(StoryPage(story_id=story.id, position=place, message_id=message_id))
            story.opened += 1
            if story.state == stories.PUBLISHED and (surplus or story.opened < messages):
                circle = await session.get_one(Circle, story.circle_id)
                kind = PAGES if surplus else OPENING
                await owe_for_circle(session, circle, kind, story.id, self._telling.now())

    # its first messages, when the words have changed

    async def pages_found(self, lease: Lease, pages: tuple[int, ...], ask: int | None) -> None:
        """Where the thread's first messages are, of a story from before that was noted. Raises LeaseLost."""
        found = dict(enumerate(pages, 1)) | ({0: ask} if ask is not None else {})
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, None)
            story = await session.get(Story, lease.subject)
            if story is None or not await _is_there(session, story):
                return
            await edits.forget_pages(session, story.id)
            for position, message_id in found.items():
                session.add(StoryPage(story_id=story.id, position=position, message_id=message_id))
            story.opened = len(found)
            circle = await session.get_one(Circle, story.circle_id)
            await owe_for_circle(session, circle, PAGES, story.id, self._telling.now())

    async def pages_shown(self, lease: Lease, messages: int) -> None:
        """The thread's first messages show the words of now; those beyond ``messages`` are gone, and what is
        missing comes next. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, None)
            story = await session.get(Story, lease.subject)
            if story is None or story.state != stories.PUBLISHED:
                return  # what is hidden has as many of them as before
            await edits.forget_pages(session, story.id, first=messages)
            known = await edits.pages(session, story.id)
            story.opened = len(known)
            if first_missing(messages, known) is not None:
                circle = await session.get_one(Circle, story.circle_id)
                await owe_for_circle(session, circle, OPENING, story.id, self._telling.now())


async def _is_there(session: AsyncSession, story: Story) -> bool:
    """Whether a story can be seen, or can come back."""
    published = story.state == stories.PUBLISHED
    return published or await removals.hidden_until(session, story) is not None


async def _close(session: AsyncSession, circle: Circle, story: Story, now: datetime) -> None:
    """A story whose teller wanted no replies before it appeared has a closed thread from the beginning."""
    if story.closed:
        await owe_for_circle(session, circle, LOCK, story.id, now)


async def _post(session: AsyncSession, story: Story, circle: Circle) -> StoryPost:
    update = await stories.latest_update(session, story.id)
    pages = await edits.pages(session, story.id)
    return StoryPost(
        id=story.id,
        circle_id=circle.id,
        channel_id=circle.channel_id,
        number=story.number or 0,
        voice=Voice(story.voice),
        author_name=story.author_name,
        words=words_of(story) if story.slip else StoryWords(UNKNOWN),
        ask=Ask(story.ask),
        theme=story.theme,
        content_note=note_of(story),
        latest_update=update.text if update else None,
        resonance=await stories.resonance_counts(session, story.id),
        message_id=story.message_id,
        thread_id=story.thread_id,
        pages=pages,
        unlisted=story.opened - len(pages),
        locked=story.locked,
        words_known=bool(story.slip),
        hidden=story.state == stories.REMOVED,
    )
