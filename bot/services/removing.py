"""Removing: moderators take something away, and for ten minutes they can bring it back.

At once nothing of it can be read any more: the messages that showed it are emptied, and its thread is closed.
The words stay here until the time is over, so that all can come back as it was; then they go as if their
teller had taken them back, except that it stays known that moderators did it. Whoever takes back what is
theirs during these minutes has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules.anonymity import rounded_up_day
from bot.services.acts import Did, Role, Why, note_act
from bot.services.circles import CircleInfo, as_info
from bot.services.edited import What
from bot.services.moderation import ThreadLock
from bot.services.outbox import Lease
from bot.services.owned import closed_by_now
from bot.services.retracting import may_have_arrived, retract_reply, retract_story, retract_update
from bot.services.stories import note_of
from bot.services.telling import (
    HIDE,
    PAGES,
    REPLY,
    STORY,
    THREAD,
    THREAD_NOT_THERE_YET,
    UPDATE,
    Telling,
    owe_now,
)
from db import deliveries, edits, own, removals, stories
from db.removals import Row
from db.story_tables import Reply, Story, Update
from db.tables import Circle

UNDO = timedelta(minutes=10)
"""So long can something be brought back."""
AT_A_LOOK = 10
REMOVED = {What.STORY: Did.REMOVED, What.UPDATE: Did.UPDATE_REMOVED, What.REPLY: Did.REPLY_REMOVED}
BROUGHT_BACK = {
    What.STORY: Did.BROUGHT_BACK,
    What.UPDATE: Did.UPDATE_BROUGHT_BACK,
    What.REPLY: Did.REPLY_BROUGHT_BACK,
}


@dataclass(frozen=True, slots=True, repr=False)
class Removable:
    """Something as a moderator needs to see it, to be sure that it is what they mean."""

    what: What
    id: int
    number: int
    """Of its story."""
    circle: CircleInfo
    text: str
    """What everybody can read; empty while it can't be read, and when it was removed."""
    content_note: bool
    removed: bool
    until: datetime | None
    """Until when it can be brought back (aware UTC), if it was removed and can be."""


class Removing:
    """Takes away, brings back, and lets go what nobody brought back."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._database = telling.database

    async def at_message(self, message_id: int, place_id: int) -> Removable:
        """What a message of the bot shows, that stands in a channel or thread. Raises Refusal, or Gone."""
        async with self._database.read() as session:
            found = await removals.at_message(session, message_id, place_id)
            if found is None:
                raise Refusal("refusals.not_to_be_removed")
            return await self._seen(session, await _row(session, What(found[0]), found[1]))

    async def look(self, what: What, subject: int) -> Removable:
        """Something by its kind and id; also what was removed. Raises Gone."""
        async with self._database.read() as session:
            return await self._seen(session, await _row(session, what, subject))

    async def numbered(self, circle_id: int, number: int) -> Removable:
        """The story with a number; also a removed one. Raises Gone."""
        async with self._database.read() as session:
            story = await stories.by_number(session, circle_id, number)
            if story is None or story.state == stories.WITHDRAWN:
                raise Gone("refusals.story_unknown", number=number)
            return await self._seen(session, story)

    async def remove(
        self, what: What, subject: int, why: Why = Why.CARE, role: Role = Role.MODERATOR
    ) -> Removable:
        """Take something away. It can be brought back until the answer's ``until``.

        Not so where a restored copy knows only earlier words than those that were there: that goes at once.
        Raises Gone when it isn't there any more, or was removed already.
        """
        now = self._telling.now()
        async with self._database.write() as session:
            row = await _row(session, what, subject)
            story, circle = await _around(session, row)
            if row.state == stories.REMOVED or (story.state == stories.REMOVED and not _words(story)):
                raise Gone("refusals.removed_already")
            await note_act(session, circle, REMOVED[what], role, now, why=why, number=story.number)
            if not _words(row):
                await self._let_go(session, row, circle, now)
            else:
                row.state = stories.REMOVED
                await session.flush()
                await removals.put(session, row, circle.id, now + UNDO)
                await session.flush()
                await self._owe_looks(session, row, circle, now)
            return await self._seen(session, row)

    async def bring_back(self, what: What, subject: int, role: Role = Role.MODERATOR) -> Removable:
        """Let something be there again, with all that belongs to it, as it was.

        Raises Gone when the time is over, or when its teller took it back meanwhile.
        """
        now = self._telling.now()
        async with self._database.write() as session:
            row = await _row(session, what, subject)
            final_at = await removals.hidden_until(session, row)
            if final_at is None and row.state != stories.REMOVED:
                raise Gone("refusals.there_already")
            if final_at is None or final_at <= now:
                raise Gone("refusals.too_late_to_bring_back")
            story, circle = await _around(session, row)
            await note_act(session, circle, BROUGHT_BACK[what], role, now, number=story.number)
            await removals.forget(session, what.value, (subject,))
            await self._as_it_was(session, row, now)
            await self._owe_looks(session, row, circle, now)
            return await self._seen(session, row)

    async def _as_it_was(self, session: AsyncSession, row: Row, now: datetime) -> None:
        """What has a message is published; it may have got it while it was hidden."""
        row.state = stories.WAITING if row.message_id is None else stories.PUBLISHED
        if row.state == stories.PUBLISHED and row.published_on is None:
            row.published_on = rounded_up_day(now)
            if isinstance(row, Update):
                row.position = await stories.next_position(session, row.story_id)
            if isinstance(row, Story) and row.author_id is not None:
                row.receipt_hash = None
        await session.flush()

    async def _owe_looks(self, session: AsyncSession, row: Row, circle: Circle, now: datetime) -> None:
        """Everything that shows something, or may be about to, has to look anew."""
        if isinstance(row, Story):
            await self._owe_all(session, row, circle, now)
            return
        await self._owe_if_seen(session, row, circle, now)
        if isinstance(row, Update):  # the story has a line about the newest one
            await owe_now(session, circle, STORY, row.story_id, now)

    async def _owe_all(self, session: AsyncSession, story: Story, circle: Circle, now: datetime) -> None:
        await owe_now(session, circle, STORY, story.id, now)
        if story.thread_id is None:
            if story.state == stories.PUBLISHED:
                await owe_now(session, circle, THREAD, story.id, now)
            return
        await owe_now(session, circle, PAGES, story.id, now)
        await owe_now(session, circle, HIDE, story.id, now)
        updates, replies = await removals.below(session, story.id)
        for row in (*updates, *replies):
            await self._owe_if_seen(session, row, circle, now)

    async def _owe_if_seen(
        self, session: AsyncSession, row: Update | Reply, circle: Circle, now: datetime
    ) -> None:
        kind = UPDATE if isinstance(row, Update) else REPLY
        owed = await deliveries.about(session, (kind,), row.id)
        if row.message_id is not None or any(may_have_arrived(one) for one in owed):
            await owe_now(session, circle, kind, row.id, now)

    # the thread of a story that is hidden

    async def thread(self, lease: Lease) -> ThreadLock | timedelta | None:
        """How the thread of a story must be that was hidden, or came back; a wait until it is there; None
        when its story is gone."""
        async with self._database.read() as session:
            story = await session.get(Story, lease.subject)
            if story is None:
                return None
            hidden = await removals.hidden_until(session, story) is not None
            if not hidden and story.state not in own.THERE:
                return None
            if story.thread_id is None:
                return THREAD_NOT_THERE_YET
            closed = await closed_by_now(session, story, self._telling.now())
            return ThreadLock(story.thread_id, hidden or story.locked or closed)

    # when the time is over

    async def due(self, now: datetime) -> int:
        """Let go, at an aware ``now``, what nobody brought back, each in a transaction of its own. Returns
        how many went."""
        async with self._database.read() as session:
            found = await removals.over(session, now, AT_A_LOOK)
        gone = 0
        for kind, subject in found:
            async with self._database.write() as session:
                row = await session.get(edits.TABLES[kind], subject)
                final_at = await removals.hidden_until(session, row)
                if row is None or final_at is None:
                    await removals.forget(session, kind, (subject,))
                elif final_at <= now:
                    _, circle = await _around(session, row)
                    await self._let_go(session, row, circle, now)
                    gone += 1
        return gone

    async def next_due(self) -> datetime | None:
        """When the next thing goes for good."""
        async with self._database.read() as session:
            return await removals.next_over(session)

    async def _let_go(self, session: AsyncSession, row: Row, circle: Circle, now: datetime) -> None:
        if isinstance(row, Story):
            await retract_story(session, row, stories.REMOVED, now)
        elif isinstance(row, Update):
            await retract_update(session, row, circle, now, stories.REMOVED)
        else:
            await retract_reply(session, row, circle, now, stories.REMOVED)

    async def _seen(self, session: AsyncSession, row: Row) -> Removable:
        story, circle = await _around(session, row)
        readable = stories.PUBLISHED == row.state == story.state
        return Removable(
            what=What(removals.kind_of(row)),
            id=row.id,
            number=story.number or 0,
            circle=as_info(circle, None),
            text=_words(row) if readable else "",
            content_note=note_of(story) is not None,
            removed=stories.REMOVED in {row.state, story.state},
            until=await removals.hidden_until(session, row),
        )


async def _row(session: AsyncSession, what: What, subject: int) -> Row:
    """Raises Gone when it isn't there, or has no number by which anybody could know it."""
    row = await session.get(edits.TABLES[what.value], subject)
    if row is None or row.state == stories.WITHDRAWN:
        raise Gone("refusals.story_gone" if what is What.STORY else "refusals.addition_gone")
    story = row if isinstance(row, Story) else await session.get_one(Story, row.story_id)
    if story.number is None or story.state == stories.WITHDRAWN:
        raise Gone("refusals.story_gone")
    return row


async def _around(session: AsyncSession, row: Row) -> tuple[Story, Circle]:
    story = row if isinstance(row, Story) else await session.get_one(Story, row.story_id)
    return story, await session.get_one(Circle, story.circle_id)


def _words(row: Row) -> str:
    return row.slip if isinstance(row, Story) else row.text
