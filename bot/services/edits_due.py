"""Edits whose moment has come: new words take the place of the earlier ones, and Discord has to follow."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.erasures import note_erased
from bot.services.outbox import Lease
from bot.services.reviewed import hold, must_wait
from bot.services.telling import PAGES, REPLY, STORY, UPDATE, Telling, owe_for_circle
from db import deliveries, edits, erasures, removals, reviews, stories
from db.story_tables import Reply, Story, Update
from db.tables import Circle


class EditsDue:
    """Applies edits, as the deliverer asks for it."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling

    async def apply(self, lease: Lease) -> timedelta | None:
        """The words that waited are the words now: earlier ones are gone, and every message with them is
        owed anew. Done again it changes nothing.

        Returns how long they wait on: in a pause where moderators look first, and where moderators can still
        bring back what they took away. Where they look first, that begins now instead. Raises LeaseLost.
        """
        async with self._telling.database.write() as session:
            await deliveries.held(session, lease.id, lease.token)
            if (hidden := await _hidden_until(session, lease.subject)) is not None:
                return self._telling.wait_until(hidden)
            subject = await edits.subject_of(session, lease.subject)
            if isinstance(subject, Story | Update):
                stays = await self._reviewed(session, lease, subject)
                if stays is not None:
                    return stays or None
            row, words = await edits.take(session, lease.subject)
            if row is None:
                return None
            for name, value in words.items():
                setattr(row, name, value)
            await session.flush()
            await note_erased(session, erasures.EDITED, (row.id,), self._telling.now())
            if row.message_id is None:
                return None  # it is still on its way, and appears with these words
            story = row if isinstance(row, Story) else await session.get_one(Story, row.story_id)
            await self._owe(session, row, story, words)
            return None

    async def _reviewed(self, session: AsyncSession, lease: Lease, row: Story | Update) -> timedelta | None:
        """What moderators have to do with new words: None when these take their place now; else how long
        they wait, which is no time at all when the moderators have them now, or don't want them."""
        kind = reviews.STORY if isinstance(row, Story) else reviews.UPDATE
        whole = await reviews.of(session, kind, row.id)
        if whole is not None and whole.state == reviews.DECLINED:
            await edits.forget(session, kind, (row.id,))
            return timedelta(0)
        if whole is not None and whole.state != reviews.APPROVED:
            await reviews.let_claims_go(session, kind, row.id)  # it is looked at as it is now
            return None
        if row.message_id is None and whole is None:
            return None  # moderators will see it with these words
        story = row if isinstance(row, Story) else await session.get_one(Story, row.story_id)
        circle, now = await session.get_one(Circle, story.circle_id), self._telling.now()
        if not await must_wait(session, circle, reviews.EDIT, row.id):
            await reviews.forget(session, reviews.EDIT, (row.id,))
            return None
        if (wait := await self._telling.held_back(session, circle, lease)) is not None:
            return wait
        await hold(session, circle, reviews.EDIT, row.id, story.id, now)
        return timedelta(0)

    async def _owe(
        self, session: AsyncSession, row: Story | Update | Reply, story: Story, words: edits.Columns
    ) -> None:
        circle, now = await session.get_one(Circle, story.circle_id), self._telling.now()
        if isinstance(row, Reply):
            await owe_for_circle(session, circle, REPLY, row.id, now)
            return
        await owe_for_circle(session, circle, STORY, story.id, now)
        if isinstance(row, Update):
            await owe_for_circle(session, circle, UPDATE, row.id, now)
            return
        await owe_for_circle(session, circle, PAGES, story.id, now)
        if "content_note" in words:  # updates stand behind the story's note too
            shown = select(Update.id).where(Update.story_id == story.id, Update.state == stories.PUBLISHED)
            for update_id in (await session.scalars(shown)).all():
                await owe_for_circle(session, circle, UPDATE, update_id, now)


async def _hidden_until(session: AsyncSession, subject: int) -> datetime | None:
    row = await edits.changing(session, subject)
    hidden = await removals.hidden_until(session, row)
    if hidden is None and isinstance(row, Update | Reply):
        hidden = await removals.hidden_until(session, await session.get(Story, row.story_id))
    return hidden
