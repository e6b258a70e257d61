"""A first reply that doesn't come: those on duty are told once, so that nobody is left alone with a story."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.care import FIRST_REPLY_DAYS
from bot.rules.places import channel_link
from bot.rules.shares import EVERYTHING, Share
from bot.services.circles import is_paused
from bot.services.duty import tell_on_duty
from db import first_replies, notices, stories
from db.database import Database
from db.story_tables import Story
from db.tables import Circle

NO_REPLY = "no_reply"
"""The kind of the notice that a story has no reply yet."""
PAGE = 100
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, repr=False)
class Unanswered:
    """A story below which nothing of ours stands: Discord knows whether somebody wrote there by name."""

    story_id: int
    thread_id: int
    named_teller: int | None
    """Of a story that bears its teller's name: what they write themselves is no reply."""


class FirstReplies:
    """Looks once a day, and at each story until there is something to say about it, once."""

    def __init__(self, database: Database, now: Callable[[], datetime], share: Share = EVERYTHING) -> None:
        self._database = database
        self._now = now
        self._share = share
        self._day: date | None = None
        self._last: int | None = 0
        """The last story of today's round that was looked at; None: the round is done."""
        self._queue = deque[Unanswered]()

    async def next_question(self, now: datetime) -> Unanswered | None:
        """The next story in whose thread somebody may have written, at an aware ``now``; None: for now there
        is none."""
        today = now.astimezone(UTC).date()
        if self._day != today:
            self._day, self._last = today, 0
            self._queue.clear()
        if not self._queue and self._last is not None:
            await self._fill(now, today, self._last)
        return self._queue.popleft() if self._queue else None

    async def looked(self, asked: Unanswered, *, replied: bool, now: datetime) -> None:
        """Somebody has ``replied`` in its thread, or its thread is gone; or nobody did, and those on duty are
        told. What has changed meanwhile counts."""
        async with self._database.write() as session:
            story = await session.get(Story, asked.story_id)
            if story is None or story.state != stories.PUBLISHED or story.reply_looked_for:
                return
            circle = await session.get_one(Circle, story.circle_id)
            there = replied or bool(await first_replies.answered(session, (story.id,)))
            if not there and not _asks_for_one(story, circle, now):
                return
            story.reply_looked_for = True
            if not there:
                values = {
                    "number": str(story.number),
                    "link": channel_link(circle.guild_id, asked.thread_id),
                }
                await tell_on_duty(session, circle, NO_REPLY, str(story.id), values, now)

    async def _fill(self, now: datetime, today: date, last: int) -> None:
        async with self._database.read() as session:
            found = await first_replies.waiting_after(session, last, today - DAY, PAGE)
            ripe = [
                story
                for story, circle, days in found
                if self._share.owns(circle.guild_id) and _ripe(story, circle, days, now, today)
            ]
            answered = await first_replies.answered(session, [story.id for story in ripe])
        self._last = found[-1][0].id if found else None
        self._queue.extend(
            Unanswered(story.id, story.thread_id, story.author_id)
            for story in ripe
            if story.id not in answered and story.thread_id is not None
        )
        if answered:
            async with self._database.write() as session:
                await first_replies.looked_for(session, answered)


async def first_reply_is_there(session: AsyncSession, story_id: int) -> None:
    """A reply appeared: inside the transaction that says so, nothing more is told about the story."""
    story = await session.get(Story, story_id)
    if story is not None:
        await notices.forget(session, story.circle_id, NO_REPLY, str(story.id))


def _ripe(story: Story, circle: Circle, days: int | None, now: datetime, today: date) -> bool:
    """Whether a story has waited for as long as its circle says; its day is rounded up."""
    waited = timedelta(days=FIRST_REPLY_DAYS if days is None else days)
    return (
        story.published_on is not None
        and story.published_on + waited <= today
        and _asks_for_one(story, circle, now)
    )


def _asks_for_one(story: Story, circle: Circle, now: datetime) -> bool:
    """Whether replies are possible and wanted just now; else it is looked at again another day."""
    return not (story.locked or story.closed or is_paused(circle, now))
