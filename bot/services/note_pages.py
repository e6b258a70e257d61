"""Private notes: reading them, closing them, taking them back, and the moment at which they appear."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, NotAllowed
from bot.rules.anonymity import Purpose
from bot.rules.promises import Waits
from bot.rules.receipts import receipt_hash
from bot.rules.stories import Voice
from bot.services.circles import CircleInfo, as_info
from bot.services.erasures import note_erased
from bot.services.note_drafts import Sender
from bot.services.own_stories import OwnStories
from bot.services.owned import OwnNote, own_note
from bot.services.telling import Telling
from db import erasures, notes, stories
from db.care_tables import Note
from db.story_tables import Story
from db.tables import Circle


@dataclass(frozen=True, slots=True, repr=False)
class ShownNote:
    """A note as the teller reads it, or the moderators what they wrote."""

    id: int
    sender: Sender
    text: str
    answer: str | None
    on_its_way: bool = False
    """For the moderators: it hasn't reached the teller yet."""
    number: int | None = None
    """Of the story, where notes to several stand together."""


@dataclass(frozen=True, slots=True, repr=False)
class TellersPage:
    """One note to a story, as its teller turns the pages."""

    story_id: int
    number: int | None
    closed: bool
    """The teller wants no further notes."""
    named: bool
    """It has got its teller's name, so that nobody can write notes any more."""
    note: ShownNote | None
    page: int
    pages: int


@dataclass(frozen=True, slots=True, repr=False)
class ModeratorsPage:
    """One note that moderators wrote in a circle."""

    circle: CircleInfo
    note: ShownNote | None
    page: int
    pages: int


class NotePages:
    """What tellers, senders and moderators do with notes that were sent."""

    def __init__(self, telling: Telling, own: OwnStories) -> None:
        self._telling = telling
        self._database = telling.database
        self._own = own

    # for the teller

    async def to_me(self, story_id: int, proof: str | None, user_id: int, page: int) -> TellersPage:
        """A note to one's story; ``page`` counts from 0. Raises Gone or NotAllowed."""
        async with self._database.read() as session:
            return await self._page(session, await self._mine(session, story_id, proof, user_id), page)

    async def close(self, story_id: int, proof: str | None, user_id: int, *, closed: bool) -> TellersPage:
        """No more notes to one's story, or again some. Raises Gone or NotAllowed.

        For others it holds a random while later, so that nobody learns by trying when the teller was here.
        Taken back before that, nobody ever learns it.
        """
        async with self._database.write() as session:
            story = await self._mine(session, story_id, proof, user_id)
            if story.notes_closed != closed:
                story.notes_closed = closed
                circle = await session.get_one(Circle, story.circle_id)
                turning = story.notes_turn_at is not None and story.notes_turn_at > self._telling.now()
                story.notes_turn_at = None if turning else self._telling.not_before(circle, Waits.REPLY)
                await session.flush()
            return await self._page(session, story, 0)

    async def _mine(self, session: AsyncSession, story_id: int, proof: str | None, user_id: int) -> Story:
        story = await self._own.proven(session, story_id, proof, user_id)
        if story.state == stories.REMOVED:
            raise Gone("refusals.story_removed")
        return story

    async def _page(self, session: AsyncSession, story: Story, page: int) -> TellersPage:
        rows = await notes.shown_to_teller(session, story.id)
        page = max(0, min(page, len(rows) - 1))
        note = rows[page] if rows else None
        shown = None if note is None else ShownNote(note.id, Sender(note.sender), note.text, note.answer)
        named = story.voice == Voice.NAMED
        number = story.number if story.state == stories.PUBLISHED else None
        return TellersPage(story.id, number, story.notes_closed, named, shown, page, len(rows))

    # for the sender

    async def mine(self, note_id: int, proof: str | None, user_id: int) -> OwnNote:
        """A note of one's own, by its code or being recognised. Raises Gone or NotAllowed."""
        async with self._database.read() as session:
            return await own_note(session, await self._sent(session, note_id, proof, user_id))

    async def withdraw(self, note_id: int, proof: str | None, user_id: int) -> None:
        """Take a note back: it is gone for both, with its answer. Raises Gone or NotAllowed."""
        async with self._database.write() as session:
            await self._go(session, await self._sent(session, note_id, proof, user_id))

    async def _sent(self, session: AsyncSession, note_id: int, proof: str | None, user_id: int) -> Note:
        note = await session.get(Note, note_id)
        if note is None or note.sender != notes.PEER:
            raise Gone("refusals.note_gone")
        if proof is not None and hmac.compare_digest(receipt_hash(proof), note.receipt_hash):
            return note
        story = await session.get_one(Story, note.story_id)
        tag = None
        if story.epoch is not None and note.tag is not None:
            tag = self._telling.keyring.tag(story.epoch, Purpose.NOTE, note.id, user_id)
        if tag is None or not hmac.compare_digest(tag, note.tag or b""):
            raise NotAllowed("refusals.note_not_yours")
        return note

    # for the moderators

    async def of_moderators(self, circle_id: int, page: int) -> ModeratorsPage:
        """A note that moderators wrote in a circle, with its answer when that has come; ``page`` counts from
        0. Whoever asks must have been found to be a moderator. Raises Gone."""
        async with self._database.read() as session:
            circle = await _circle(session, circle_id)
            rows = await notes.of_moderators(session, circle_id)
            page = max(0, min(page, len(rows) - 1))
            shown = None
            if rows:
                note, number = rows[page]
                seen = await own_note(session, note)
                shown = ShownNote(note.id, Sender.MODERATORS, note.text, seen.answer, seen.on_its_way, number)
            return ModeratorsPage(circle, shown, page, len(rows))

    async def circle_of(self, note_id: int) -> CircleInfo:
        """The circle of something that its moderators wrote. Raises Gone."""
        async with self._database.read() as session:
            note = await _of_moderators(session, note_id)
            story = await session.get_one(Story, note.story_id)
            return await _circle(session, story.circle_id)

    async def withdraw_moderators(self, note_id: int) -> None:
        """Take back what moderators wrote, by any of them. Raises Gone."""
        async with self._database.write() as session:
            await self._go(session, await _of_moderators(session, note_id))

    async def _go(self, session: AsyncSession, note: Note) -> None:
        await note_erased(session, erasures.NOTE, (note.id,), self._telling.now())
        await session.delete(note)

    # on the clock

    async def due(self, now: datetime) -> int:
        """Let appear what is due at ``now`` (aware UTC). Returns how much that was."""
        async with self._database.read() as session:
            moment = await notes.next_moment(session)
        if moment is None or moment > now:
            return 0
        async with self._database.write() as session:
            return await notes.let_appear(session, now)

    async def next_due(self) -> datetime | None:
        """When the next note or answer appears."""
        async with self._database.read() as session:
            return await notes.next_moment(session)


async def _circle(session: AsyncSession, circle_id: int) -> CircleInfo:
    circle = await session.get(Circle, circle_id)
    if circle is None:
        raise Gone("refusals.circle_gone")
    return as_info(circle, None)


async def _of_moderators(session: AsyncSession, note_id: int) -> Note:
    note = await session.get(Note, note_id)
    if note is None or note.sender != notes.MODERATORS:
        raise Gone("refusals.note_gone")
    return note
