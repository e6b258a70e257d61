"""The teller's own: finding a story again, and taking it back."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, NotAllowed
from bot.rules.receipts import receipt_hash
from bot.rules.stories import Voice
from bot.services.circles import CircleInfo, as_info
from bot.services.retracting import retract_reply, retract_story
from bot.services.telling import Telling
from db import stories
from db.story_tables import Reply, Story
from db.tables import Circle


@dataclass(frozen=True, slots=True, repr=False)
class OwnStory:
    """A story as its teller sees it."""

    id: int
    number: int | None
    """None while it waits."""
    voice: Voice
    removed: bool
    locked: bool
    circle: CircleInfo
    message_id: int | None


@dataclass(frozen=True, slots=True, repr=False)
class OwnReply:
    """An unnamed reply as its writer sees it."""

    id: int
    story_number: int | None
    published: bool
    circle: CircleInfo


class OwnStories:
    """What tellers and repliers do with what is theirs. The proof is a receipt, or being recognised."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._database = telling.database

    async def find(self, receipt: str) -> OwnStory | OwnReply:
        """What a receipt controls. Raises Gone, the same for a wrong receipt as for something withdrawn."""
        digest = receipt_hash(receipt)
        async with self._database.read() as session:
            story = await stories.by_receipt(session, digest)
            if story is not None:
                return await _own_story(session, story)
            reply = await stories.reply_by_receipt(session, digest)
            if reply is None or reply.state == stories.WITHDRAWN:
                raise Gone("refusals.receipt_unknown")
            return await _own_reply(session, reply)

    async def mine(self, story_id: int, receipt: str | None, user_id: int) -> OwnStory:
        """A story, if it is this person's. Raises Gone or NotAllowed."""
        async with self._database.read() as session:
            return await _own_story(session, await self.proven(session, story_id, receipt, user_id))

    async def proven(self, session: AsyncSession, story_id: int, receipt: str | None, user_id: int) -> Story:
        """The story's row, if receipt, name or tag prove that it is this person's.

        Raises Gone when it isn't there, NotAllowed when nothing proves it.
        """
        story = await session.get(Story, story_id)
        if story is None or story.state == stories.WITHDRAWN:
            raise Gone("refusals.story_gone")
        by_receipt = receipt is not None and hmac.compare_digest(
            receipt_hash(receipt), story.receipt_hash or b""
        )
        if not by_receipt and not self._telling.is_teller(story, user_id):
            raise NotAllowed("refusals.not_yours")
        return story

    async def withdraw(self, story_id: int, receipt: str | None, user_id: int) -> bool:
        """Take a story back: text, message and thread go. Returns whether it may have been seen.

        Raises Gone or NotAllowed.
        """
        async with self._database.write() as session:
            story = await self.proven(session, story_id, receipt, user_id)
            if story.state == stories.REMOVED:
                raise Gone("refusals.story_removed")
            return await retract_story(session, story, stories.WITHDRAWN, self._telling.now())

    async def erase_named(self, user_id: int) -> int:
        """Take back everything that somebody told with their name. Returns how many stories that were."""
        async with self._database.write() as session:
            rows = await stories.named_by(session, user_id)
            for story in rows:
                await retract_story(session, story, stories.WITHDRAWN, self._telling.now())
            return len(rows)

    async def withdraw_reply(self, receipt: str) -> CircleInfo:
        """Take an unnamed reply back. Raises Gone."""
        async with self._database.write() as session:
            reply = await stories.reply_by_receipt(session, receipt_hash(receipt))
            if reply is None or reply.state not in {stories.WAITING, stories.PUBLISHED}:
                raise Gone("refusals.receipt_unknown")
            story = await session.get_one(Story, reply.story_id)
            circle = await session.get_one(Circle, story.circle_id)
            await retract_reply(session, reply, circle, self._telling.now())
            return as_info(circle, None)


async def _own_story(session: AsyncSession, story: Story) -> OwnStory:
    if story.state == stories.WITHDRAWN:
        raise Gone("refusals.receipt_unknown")
    circle = await session.get_one(Circle, story.circle_id)
    return OwnStory(
        id=story.id,
        number=story.number if story.message_id is not None or story.state == stories.REMOVED else None,
        voice=Voice(story.voice),
        removed=story.state == stories.REMOVED,
        locked=story.locked,
        circle=as_info(circle, None),
        message_id=story.message_id,
    )


async def _own_reply(session: AsyncSession, reply: Reply) -> OwnReply:
    story = await session.get_one(Story, reply.story_id)
    circle = await session.get_one(Circle, story.circle_id)
    return OwnReply(reply.id, story.number, reply.state == stories.PUBLISHED, as_info(circle, None))
