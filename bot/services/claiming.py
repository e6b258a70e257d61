"""Claiming: the teller of an unnamed story puts their name to it. There is no way back: it was seen.

Inside the window the person's own tag must match, so that a code found somewhere claims nothing; afterwards
there is nothing but the code to go by. Who may not is told the same as with a wrong code.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, NotAllowed, Refusal
from bot.rules.anonymity import Purpose
from bot.rules.receipts import receipt_hash
from bot.rules.stories import Voice
from bot.services.circles import CircleInfo, as_info
from bot.services.own_stories import OwnStories
from bot.services.stories import Teller
from bot.services.telling import REPLY, STORY, UPDATE, Telling, owe_for_circle
from db import deliveries, edits, stories
from db.story_tables import Reply, Story, Update
from db.tables import Circle


@dataclass(frozen=True, slots=True, repr=False)
class Claimable:
    """A story that somebody may put their name to."""

    id: int
    number: int | None
    """None while it waits: then it appears with the name, at the moment at which it would have."""
    spoken: int
    """Updates, and replies as the teller, that become theirs."""
    named: bool
    """It bears their name already."""
    circle: CircleInfo


class Claiming:
    """Puts names to stories."""

    def __init__(self, telling: Telling, own: OwnStories) -> None:
        self._telling = telling
        self._own = own

    async def begin(self, story_id: int, receipt: str | None, user_id: int) -> Claimable:
        """What would happen. Raises Gone, or NotAllowed when this person may not."""
        async with self._telling.database.read() as session:
            return await self._claimable(session, await self._proven(session, story_id, receipt, user_id))

    async def claim(self, story_id: int, receipt: str | None, teller: Teller) -> Claimable:
        """The story is its teller's by name, from now on proven by their account alone; again is enough.

        Tag and mutes stay as they are. Raises Gone, or NotAllowed when this person may not.
        """
        async with self._telling.database.write() as session:
            story = await self._proven(session, story_id, receipt, teller.user_id)
            before = await self._claimable(session, story)
            if before.named:
                return before
            story.voice, story.receipt_hash = Voice.NAMED, None
            story.author_id, story.author_name = teller.user_id, teller.name[:100]
            await session.flush()
            await self._owe(session, story)
            return before

    async def _owe(self, session: AsyncSession, story: Story) -> None:
        """What Discord shows, or is just being sent, gets the name now; what waits when it appears."""
        circle, now = await session.get_one(Circle, story.circle_id), self._telling.now()
        if await _shown(session, STORY, story):
            await owe_for_circle(session, circle, STORY, story.id, now)
        for update in await _updates(session, story.id):
            if await _shown(session, UPDATE, update):
                await owe_for_circle(session, circle, UPDATE, update.id, now)
        for reply in await _as_teller(session, story.id):
            if await _shown(session, REPLY, reply):
                await owe_for_circle(session, circle, REPLY, reply.id, now)

    async def _proven(self, session: AsyncSession, story_id: int, receipt: str | None, user_id: int) -> Story:
        story = await self._own.proven(session, story_id, receipt, user_id)
        if story.state == stories.REMOVED:
            raise Gone("refusals.story_removed")
        tag = None
        if story.author_id is None and story.epoch is not None and story.teller_tag is not None:
            tag = self._telling.keyring.tag(story.epoch, Purpose.TELLER, story.id, user_id)
        if story.author_id is not None:
            proven = story.author_id == user_id
        elif tag is not None:
            proven = hmac.compare_digest(tag, story.teller_tag or b"")
        else:
            proven = receipt is not None and hmac.compare_digest(
                receipt_hash(receipt), story.receipt_hash or b""
            )
        if not proven:
            raise NotAllowed("refusals.not_yours")
        if not story.slip:
            raise Refusal("refusals.words_unknown")
        return story

    async def _claimable(self, session: AsyncSession, story: Story) -> Claimable:
        circle = await session.get_one(Circle, story.circle_id)
        spoken = len(await _updates(session, story.id)) + len(await _as_teller(session, story.id))
        number = story.number if story.message_id is not None else None
        return Claimable(story.id, number, spoken, story.voice == Voice.NAMED, as_info(circle, None))


async def _shown(session: AsyncSession, kind: str, row: Story | Update | Reply) -> bool:
    if row.message_id is not None:
        return True
    owed = await deliveries.about(session, (kind,), row.id)
    return any(one.state == deliveries.LEASED for one in owed)


async def _updates(session: AsyncSession, story_id: int) -> list[Update]:
    query = select(Update).where(Update.story_id == story_id, Update.state.in_(edits.PRESENT))
    return list(await session.scalars(query))


async def _as_teller(session: AsyncSession, story_id: int) -> list[Reply]:
    query = select(Reply).where(
        Reply.story_id == story_id, Reply.pen_name.is_(None), Reply.state.in_(edits.PRESENT)
    )
    return list(await session.scalars(query))
