"""What somebody may ask for about themself: what is kept with their name, and that all of theirs goes.

What was told without a name is recognised once, at the press, and then waits in memory alone, without the
person, for a moment of its own within a day: all of somebody's unnamed words that vanished in one minute
would tell everybody that they had one teller.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.kept import Kept
from bot.rules.text import shorten
from bot.services.erasures import note_erased
from bot.services.outbox import private_destination
from bot.services.recognising import Recognised, Recognising
from bot.services.reported import take_back_voice
from bot.services.resonating import COUNT_WAIT
from bot.services.retracting import retract_reply, retract_story
from bot.services.telling import STORY, Telling, owe_for_circle
from db import erasures, people, recognising, removals, stories
from db.care_tables import Note
from db.story_tables import PenName, Reply, Resonance, Story
from db.tables import Circle

GOES_WITHIN = timedelta(days=1)
"""By then what was recognised is gone."""
START_OF_TEXT = 80


class Privacy:
    """Shows, and lets go."""

    def __init__(self, telling: Telling, random: Random) -> None:
        self._telling = telling
        self._database = telling.database
        self._recognising = Recognising(telling)
        self._random = random
        self._going: dict[Recognised, datetime] = {}
        """What goes, and when; whose it is stands nowhere."""

    async def let_go(self, user_id: int) -> None:
        """Let all that is recognised as this person's go, each thing at a random moment within a day.

        Nothing is written now, and nothing is said about what was found, or whether anything was. Pen names
        are forgotten after the replies under them: by these they are recognised, should a restart forget what
        goes and the person ask once more.
        """
        now = self._telling.now()
        found = await self._recognising.everywhere(user_id)
        pen_names = {one for one in found if one.kind == "pen_name"}
        for one in found - pen_names:
            self._going.setdefault(one, self._between(now, now + GOES_WITHIN))
        replies = [self._going[one] for one in found if one.kind == "reply"]
        for one in pen_names:
            self._going[one] = self._between(max(replies, default=now), now + GOES_WITHIN)

    def _between(self, earliest: datetime, latest: datetime) -> datetime:
        second = timedelta(seconds=1)
        return earliest + second * self._random.randint(1, max(1, (latest - earliest) // second))

    async def due(self, now: datetime) -> int:
        """Let at most one thing go at a look, in a transaction of its own: always 0, so that the next one
        waits for another tick."""
        ready = [(at, one) for one, at in self._going.items() if at <= now]
        if ready:
            _, first = min(ready, key=lambda pair: pair[0])
            async with self._database.write() as session:
                await self._go(session, first, now)
            self._going.pop(first, None)
        return 0

    async def next_due(self) -> datetime | None:
        """When the next thing goes."""
        return min(self._going.values(), default=None)

    async def _go(self, session: AsyncSession, one: Recognised, now: datetime) -> None:
        if one.kind == "reply":
            await self._reply_goes(session, one.subject, now)
            return
        if one.kind == "note":
            note = await session.get(Note, one.subject)
            if note is not None:
                await note_erased(session, erasures.NOTE, (note.id,), now)
                await session.delete(note)
            return
        if one.kind == "pen_name":
            row = await session.get(PenName, (one.subject, one.name))
            if row is not None:
                row.tag = None  # the name stays, so that nobody else speaks under it
            return
        if one.kind == "report":
            await take_back_voice(session, one.subject, one.tag, now)
            return
        story = await session.get(Story, one.subject)
        if story is None or not await _there(session, story):
            return
        if one.kind == "story":
            await retract_story(session, story, stories.WITHDRAWN, now)
            return
        sign = await session.get(Resonance, (story.id, one.name, one.tag))
        if sign is not None:
            await session.delete(sign)
            await session.flush()
            circle = await session.get_one(Circle, story.circle_id)
            await owe_for_circle(session, circle, STORY, story.id, now + COUNT_WAIT)

    async def _reply_goes(self, session: AsyncSession, reply_id: int, now: datetime) -> None:
        reply = await session.get(Reply, reply_id)
        if reply is None or not await _there(session, reply):
            return
        story = await session.get_one(Story, reply.story_id)
        await retract_reply(session, reply, await session.get_one(Circle, story.circle_id), now)

    async def named_stories(self, user_id: int) -> Sequence[Kept]:
        """The stories that somebody told with their name, with what they added."""
        async with self._database.read() as session:
            found = await people.named_everywhere(session, user_id)
            return [await _kept(session, story, circle) for story, circle in found]

    async def private_messages(self, user_id: int) -> Sequence[Kept]:
        """That Discord doesn't let the bot write to somebody, and what still waits to be written."""
        destination = private_destination(user_id)
        async with self._database.read() as session:
            closed, owed = await people.of_destination(session, destination)
        file = {"what": "private messages to you", "waiting": owed, "closed": closed}
        return (Kept("private", {"count": str(owed)}, file),) if closed or owed else ()

    async def forget_private(self, user_id: int) -> int:
        """Forget both. Returns how many things that were."""
        async with self._database.write() as session:
            return await people.drop_destination(session, private_destination(user_id))


async def _there(session: AsyncSession, row: Story | Reply) -> bool:
    """Whether it is there, or moderators could still bring it back."""
    return row.state in recognising.PRESENT or await removals.hidden_until(session, row) is not None


async def _kept(session: AsyncSession, story: Story, circle: Circle) -> Kept:
    added = await people.updates_of(session, story.id)
    day = story.published_on.isoformat() if story.published_on else ""
    begins = shorten(" ".join(story.slip.split()), START_OF_TEXT)
    line = {
        "number": str(story.number or ""), "channel": f"<#{circle.channel_id}>",
        "name": story.author_name or "", "day": day, "begins": begins,
    }  # fmt: skip
    file = {
        "what": "story with your name", "server": str(circle.guild_id), "channel": str(circle.channel_id),
        "number": story.number, "name": story.author_name, "your_id": str(story.author_id),
        "published_on_or_before": day or None, "what_happened": story.slip, "what_it_stirred": story.effect,
        "repair": story.repair, "what_stays": story.lesson, "ask": story.ask, "theme": story.theme,
        "content_note": story.content_note, "lesson_may_be_quoted": story.quote_lesson,
        "message": str(story.message_id) if story.message_id else None,
        "updates": [update.text for update in added],
    }  # fmt: skip
    return Kept("story" if day else "story_waiting", line, file)
