"""The teller's own: finding a story again with all that hangs on it, closing its replies, taking it back."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, NotAllowed
from bot.rules.promises import Waits
from bot.rules.receipts import receipt_hash
from bot.rules.stories import Voice
from bot.services.own_lists import (
    OwnPage,
    is_writer,
    own_page,
    sent_by,
    told_by,
    written_by,
)
from bot.services.owned import (
    OwnNote,
    OwnReply,
    OwnStory,
    OwnThing,
    OwnUpdate,
    closed_by_now,
    own_note,
    own_reply,
    own_story,
    own_update,
)
from bot.services.retracting import retract_reply, retract_story, retract_update
from bot.services.telling import LOCK, Telling, owe_for_circle
from db import notes, own, removals, stories
from db.story_tables import Reply, Story, Update
from db.tables import Circle

__all__ = ["OwnNote", "OwnPage", "OwnReply", "OwnStories", "OwnStory", "OwnThing", "OwnUpdate"]


AT_ONCE = 6
"""So many things on one page."""
PRESENT = frozenset({stories.WAITING, stories.PUBLISHED})
KNOWN = PRESENT | {stories.REMOVED}
"""Also what moderators removed: whoever wrote it sees that they did."""


class OwnStories:
    """What tellers and repliers do with what is theirs. The proof is a receipt, or being recognised."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._database = telling.database

    # finding

    async def find(self, receipt: str) -> OwnThing:
        """What a receipt controls. Raises Gone, the same for a wrong receipt as for something withdrawn."""
        digest = receipt_hash(receipt)
        async with self._database.read() as session:
            story = await stories.by_receipt(session, digest)
            if story is not None and story.state != stories.WITHDRAWN:
                return await own_story(session, story, self._telling.now())
            reply = await stories.reply_by_receipt(session, digest)
            if reply is not None and reply.state in KNOWN:
                return await own_reply(session, reply)
            update = await stories.update_by_receipt(session, digest)
            if update is not None and update.state in KNOWN:
                return await own_update(session, update)
            note = await notes.by_receipt(session, digest)
            if note is not None and note.sender == notes.PEER:
                return await own_note(session, note)
            raise Gone("refusals.receipt_unknown")

    async def page(
        self, guild_id: int | None, circles: Collection[int], user_id: int, number: int
    ) -> OwnPage:
        """A page of what is this person's: named stories of a server (None: of all), and what tags recognise
        in ``circles``, the ids of those that the person sees. ``number`` counts from 0."""
        keyring = self._telling.keyring
        async with self._database.read() as session:
            told = [
                *await own.named_story_ids(session, user_id, guild_id),
                *await told_by(session, keyring, circles, user_id),
            ]
            replies = await written_by(session, keyring, circles, user_id)
            sent = await sent_by(session, keyring, circles, user_id)
            return await own_page(session, self._telling, told, replies, number, AT_ONCE, notes_sent=sent)

    async def added(self, story_id: int, receipt: str | None, user_id: int, number: int) -> OwnPage:
        """A page of what a teller added to their story. Raises Gone or NotAllowed."""
        async with self._database.read() as session:
            story = await self.proven(session, story_id, receipt, user_id)
            return await own_page(session, self._telling, [story.id], [], number, AT_ONCE, only_added=True)

    async def mine(self, story_id: int, receipt: str | None, user_id: int) -> OwnStory:
        """A story, if it is this person's. Raises Gone or NotAllowed."""
        async with self._database.read() as session:
            story = await self.proven(session, story_id, receipt, user_id)
            return await own_story(session, story, self._telling.now())

    async def my_reply(self, reply_id: int, receipt: str | None, user_id: int) -> OwnReply:
        """A reply, if it is this person's. Raises Gone or NotAllowed."""
        async with self._database.read() as session:
            return await own_reply(session, await self.proven_reply(session, reply_id, receipt, user_id))

    async def my_update(self, update_id: int, receipt: str | None, user_id: int) -> OwnUpdate:
        """An update, if it is this person's. Raises Gone or NotAllowed."""
        async with self._database.read() as session:
            return await own_update(session, await self.proven_update(session, update_id, receipt, user_id))

    async def my_words(self, story: bool, subject: int, receipt: str | None, user_id: int) -> dict[str, str]:
        """All words of one's own ``story``, or update, by their part. Raises Gone or NotAllowed."""
        async with self._database.read() as session:
            if not story:
                return {"text": (await self.proven_update(session, subject, receipt, user_id)).text}
            row = await self.proven(session, subject, receipt, user_id)
            return {name: getattr(row, name) for name in ("slip", "effect", "repair", "lesson")}

    # proving

    async def proven(self, session: AsyncSession, story_id: int, receipt: str | None, user_id: int) -> Story:
        """The story's row, if receipt, name or tag prove that it is this person's.

        Raises Gone when it isn't there, NotAllowed when nothing proves it.
        """
        story = await session.get(Story, story_id)
        if story is None or story.state == stories.WITHDRAWN:
            raise Gone("refusals.story_gone")
        if not self._tellers(story, receipt, user_id):
            raise NotAllowed("refusals.not_yours")
        return story

    async def proven_reply(
        self, session: AsyncSession, reply_id: int, receipt: str | None, user_id: int
    ) -> Reply:
        """A reply's row, by its own receipt or its pen name's tag; one that its story's teller gave as such,
        by whatever proves the story. Raises Gone or NotAllowed."""
        reply = await session.get(Reply, reply_id)
        story = await session.get(Story, reply.story_id) if reply is not None else None
        if reply is None or story is None or not await _still_theirs(session, reply, story):
            raise Gone("refusals.reply_gone")
        if not _opens(receipt, reply.receipt_hash) and not await self._writes(
            session, reply, story, receipt, user_id
        ):
            raise NotAllowed("refusals.reply_not_yours")
        return reply

    async def proven_update(
        self, session: AsyncSession, update_id: int, receipt: str | None, user_id: int
    ) -> Update:
        """An update's row, by its own receipt or whatever proves the story. Raises Gone or NotAllowed."""
        update = await session.get(Update, update_id)
        story = await session.get(Story, update.story_id) if update is not None else None
        if update is None or story is None or not await _still_theirs(session, update, story):
            raise Gone("refusals.update_gone")
        if not _opens(receipt, update.receipt_hash) and not self._tellers(story, receipt, user_id):
            raise NotAllowed("refusals.update_not_yours")
        return update

    def _tellers(self, story: Story, receipt: str | None, user_id: int) -> bool:
        return _opens(receipt, story.receipt_hash) or self._telling.is_teller(story, user_id)

    async def _writes(
        self, session: AsyncSession, reply: Reply, story: Story, receipt: str | None, user_id: int
    ) -> bool:
        if reply.pen_name is None:
            return self._tellers(story, receipt, user_id)
        tag = await stories.tag_of(session, story.id, reply.pen_name)
        return is_writer(self._telling.keyring, story, tag, user_id)

    # closing

    async def close(self, story_id: int, receipt: str | None, user_id: int, *, closed: bool) -> OwnStory:
        """No more replies to one's story, or again some. Raises Gone or NotAllowed.

        For others it holds when the thread shows it: a random while later, so that the hour doesn't tell when
        the teller was here. Taken back before that, nobody ever sees it.
        """
        now = self._telling.now()
        async with self._database.write() as session:
            story = await self.proven(session, story_id, receipt, user_id)
            if story.state == stories.REMOVED:
                raise Gone("refusals.story_removed")
            if story.closed != closed:
                story.closed = closed
                if story.thread_id is not None:  # else the thread is closed when it opens
                    await self._show_later(session, story, now)
                await session.flush()
            return await own_story(session, story, now)

    async def _show_later(self, session: AsyncSession, story: Story, now: datetime) -> None:
        to_come = await own.lock_to_come(session, story.id, now)
        if to_come is not None:
            await session.delete(to_come)
            return
        circle = await session.get_one(Circle, story.circle_id)
        named = story.voice == Voice.NAMED
        due = now if named else self._telling.not_before(circle, Waits.REPLY)
        await owe_for_circle(session, circle, LOCK, story.id, due)

    async def closed_for_others(self, session: AsyncSession, story: Story) -> bool:
        """Whether the teller wants no replies, as far as others may know it by now."""
        return await closed_by_now(session, story, self._telling.now())

    # taking back

    async def withdraw(self, story_id: int, receipt: str | None, user_id: int) -> bool:
        """Take a story back: text, message and thread go. Returns whether it may have been seen.

        While moderators could still bring it back, too: then it is gone for good. Raises Gone or NotAllowed.
        """
        async with self._database.write() as session:
            story = await self.proven(session, story_id, receipt, user_id)
            if story.state == stories.REMOVED and await removals.hidden_until(session, story) is None:
                raise Gone("refusals.addition_removed")
            return await retract_story(session, story, stories.WITHDRAWN, self._telling.now())

    async def withdraw_reply(self, receipt: str) -> bool:
        """Take an unnamed reply back by its receipt. Returns whether it may have been seen. Raises Gone."""
        async with self._database.write() as session:
            reply = await stories.reply_by_receipt(session, receipt_hash(receipt))
            if reply is None or reply.state not in KNOWN:
                raise Gone("refusals.receipt_unknown")
            return await self._retract(session, reply)

    async def withdraw_my_reply(self, reply_id: int, receipt: str | None, user_id: int) -> bool:
        """Take a reply back. Returns whether it may have been seen. Raises Gone or NotAllowed."""
        async with self._database.write() as session:
            return await self._retract(session, await self.proven_reply(session, reply_id, receipt, user_id))

    async def withdraw_update(self, update_id: int, receipt: str | None, user_id: int) -> bool:
        """Take an update back; the story's line falls back to the one before. Returns whether it may have
        been seen. Raises Gone or NotAllowed."""
        async with self._database.write() as session:
            return await self._retract(
                session, await self.proven_update(session, update_id, receipt, user_id)
            )

    async def erase_named(self, user_id: int) -> int:
        """Take back everything that somebody told with their name. Returns how many stories that were."""
        async with self._database.write() as session:
            rows = await stories.named_by(session, user_id)
            for story in rows:
                await retract_story(session, story, stories.WITHDRAWN, self._telling.now())
            return len(rows)

    async def _retract(self, session: AsyncSession, row: Reply | Update) -> bool:
        if row.state == stories.REMOVED and await removals.hidden_until(session, row) is None:
            raise Gone("refusals.addition_removed")
        story = await session.get_one(Story, row.story_id)
        circle = await session.get_one(Circle, story.circle_id)
        if isinstance(row, Reply):
            return await retract_reply(session, row, circle, self._telling.now())
        return await retract_update(session, row, circle, self._telling.now())


async def _still_theirs(session: AsyncSession, row: Reply | Update, story: Story) -> bool:
    """Whether something is there below a story that is there, or may come back; or was removed there."""
    below = story.state in PRESENT or await removals.hidden_until(session, story) is not None
    return row.state in KNOWN and below


def _opens(receipt: str | None, digest: bytes | None) -> bool:
    """Whether a receipt is the one with this hash."""
    return receipt is not None and hmac.compare_digest(receipt_hash(receipt), digest or b"")
