"""Private notes: writing to the unnamed teller of a story, and answering.

A note is a sealed draft until it is sent, as a reply is; then a row that says neither who wrote it nor to
whom. It reaches the teller after a random wait, and the answer its sender. Nobody else ever reads either,
but the moderators what the moderators wrote, and its answer.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules.anonymity import Purpose
from bot.rules.fitting import unfit
from bot.rules.promises import Waits
from bot.rules.receipts import new_receipt, receipt_hash
from bot.rules.stories import NOTE_LIMIT, Voice, written
from bot.services.caring import care_of
from bot.services.circles import as_info
from bot.services.drafts import Drafts, opened, store
from bot.services.note_drafts import NoteDraft, NoteStory, OpenNote, Sender, SentNote, read_draft
from bot.services.own_stories import OwnStories
from bot.services.owned import notes_closed_by_now
from bot.services.telling import Telling
from db import drafts, notes, stories
from db.care_tables import Note
from db.story_tables import Story
from db.tables import Circle
from db.types import random_id

Admit = Callable[[NoteStory, NoteDraft], None]
"""Whether something may be sent now, as far as the services can't know. Raises Refusal."""


def admit_all(_story: NoteStory, _draft: NoteDraft) -> None:
    """Nothing more is asked."""


class Notes:
    """Takes notes and answers."""

    def __init__(self, telling: Telling, drafts_: Drafts, own: OwnStories) -> None:
        self._telling = telling
        self._database = telling.database
        self._drafts = drafts_
        self._own = own

    # before the form

    async def begin(self, story_id: int, user_id: int, sender: Sender) -> NoteStory:
        """Before the form opens: whether this person may write to the teller now. Whoever writes as a
        moderator must have been found to be one. Raises Gone or Refusal."""
        async with self._database.read() as session:
            return await self._reachable(session, story_id, user_id, sender)

    async def begin_answer(self, note_id: int, proof: str | None, user_id: int) -> OpenNote:
        """Before the form opens: whether the note is to this person, and can be answered now. The receipt is
        empty: there is no draft yet. Raises Gone, NotAllowed or Refusal."""
        async with self._database.read() as session:
            note = await self._answerable(session, note_id, proof, user_id)
            draft = NoteDraft(note.story_id, Sender(note.sender), "", note.id, proof)
            return await self._seen(session, "", draft)

    async def welcome(self, story_id: int) -> bool:
        """Whether a note to the teller of this story can be offered, to whoever it may be."""
        async with self._database.read() as session:
            story = await session.get(Story, story_id)
            if story is None or story.state != stories.PUBLISHED or story.voice != Voice.UNNAMED:
                return False
            return not notes_closed_by_now(story, self._telling.now())

    async def of(self, story_id: int) -> NoteStory:
        """The story whose teller is written to. Raises Gone."""
        async with self._database.read() as session:
            return await _ref(session, await _published(session, story_id))

    # the draft

    async def keep(self, story_id: int, sender: Sender, text: str, *, thin: bool = False) -> OpenNote:
        """Keep a note that was submitted. Raises Gone, or Refusal for an empty or too long text."""
        return await self._store(
            new_receipt(), NoteDraft(story_id, sender, written(text, NOTE_LIMIT), thin=thin)
        )

    async def keep_answer(self, note_id: int, proof: str | None, user_id: int, text: str) -> OpenNote:
        """Keep an answer that was submitted, by whom ``proof`` or being recognised shows to be the teller.

        Raises Gone, NotAllowed, or Refusal.
        """
        begun = await self.begin_answer(note_id, proof, user_id)
        return await self._store(new_receipt(), replace(begun.draft, text=written(text, NOTE_LIMIT)))

    async def draft(self, receipt: str) -> OpenNote:
        """A note or an answer as it stands. Raises Gone."""
        async with self._database.read() as session:
            return await self._seen(session, receipt, await _open(session, receipt))

    async def rewrite(self, receipt: str, text: str) -> OpenNote:
        """Change the words. Raises Gone or Refusal."""
        old = (await self.draft(receipt)).draft
        return await self._store(
            receipt, replace(old, text=written(text, NOTE_LIMIT), revision=old.revision + 1)
        )

    async def discard(self, receipt: str) -> None:
        """Forget a draft. Raises Gone when there is none: it may have been sent meanwhile."""
        await self.draft(receipt)
        await self._drafts.forget(receipt)

    async def _store(self, receipt: str, draft: NoteDraft) -> OpenNote:
        async with self._database.write() as session:
            if draft.revision > 1:
                await _open(session, receipt)  # it may have been sent or discarded in between
            seen = await self._seen(session, receipt, draft)
            await store(session, receipt, asdict(draft), self._drafts.keep_until())
            return seen

    # sending

    async def send(
        self, receipt: str, revision: int, user_id: int, admit: Admit = admit_all
    ) -> SentNote | OpenNote:
        """Accept a note or an answer; pressed twice it is one. From an older preview returns the newest.
        ``admit`` is asked for the story and the draft, and may refuse.

        Raises Gone, NotAllowed, or Refusal (the draft stays).
        """
        async with self._database.write() as session:
            known = await self._known(session, receipt)
            if known is not None:
                return known
            draft = await _open(session, receipt)
            if draft.revision != revision:
                return replace(await self._seen(session, receipt, draft), older=True)
            ref = await _ref(session, await _published(session, draft.story_id))
            if (refusal := unfit(draft.text, await care_of(session, ref.circle.id))) is not None:
                raise refusal
            admit(ref, draft)
            if draft.answers is None:
                return await self._send_note(session, receipt, draft, user_id)
            return await self._send_answer(session, receipt, draft, draft.answers, user_id)

    async def _send_note(
        self, session: AsyncSession, receipt: str, draft: NoteDraft, user_id: int
    ) -> SentNote:
        ref = await self._reachable(session, draft.story_id, user_id, draft.sender)
        story = await session.get_one(Story, draft.story_id)
        note_id, peer = random_id(), draft.sender is Sender.PEER
        note = Note(
            id=note_id, story_id=story.id, sender=draft.sender, text=draft.text, state=notes.WAITING,
            receipt_hash=receipt_hash(receipt), tag=self._tag(story, note_id, user_id) if peer else None,
            appears_at=await self._moment(session, story),
        )  # fmt: skip
        session.add(note)
        await drafts.discard(session, receipt_hash(receipt))
        return SentNote(note.id, receipt, draft, ref)

    async def _send_answer(
        self, session: AsyncSession, receipt: str, draft: NoteDraft, note_id: int, user_id: int
    ) -> SentNote:
        note = await self._answerable(session, note_id, draft.proof, user_id)
        story = await session.get_one(Story, note.story_id)
        note.answer, note.state = draft.text, notes.ANSWERED
        note.appears_at = await self._moment(session, story)
        left = replace(draft, text="", sent=True)
        await store(session, receipt, asdict(left), self._drafts.keep_until())
        return SentNote(note.id, receipt, left, await _ref(session, story))

    async def _known(self, session: AsyncSession, receipt: str) -> SentNote | None:
        """What this receipt has sent already. Of a note, whatever became of it since but its taking back."""
        note = await notes.by_receipt(session, receipt_hash(receipt))
        if note is not None:
            draft = NoteDraft(note.story_id, Sender(note.sender), "")
            ref = await _ref(session, await session.get_one(Story, note.story_id))
            return SentNote(note.id, receipt, draft, ref, again=True)
        draft = read_draft(await opened(session, receipt))
        if not draft.sent or draft.answers is None:
            return None
        ref = await _ref(session, await _published(session, draft.story_id))
        return SentNote(draft.answers, receipt, draft, ref, again=True)

    # who may

    async def _reachable(
        self, session: AsyncSession, story_id: int, user_id: int, sender: Sender
    ) -> NoteStory:
        """The story, if its teller can be written to by this sender now.

        Moderators may write in a pause, too, and whoever they are: they write as one, and what is theirs to
        do must not depend on what they told themselves.
        """
        story = await _published(session, story_id)
        if story.voice != Voice.UNNAMED:
            raise Refusal("refusals.note_to_named")
        if sender is Sender.PEER:
            if self._telling.is_teller(story, user_id):
                raise Refusal("refusals.note_to_yourself")
            await self._telling.open_circle(session, story.circle_id, user_id)
        if notes_closed_by_now(story, self._telling.now()):
            raise Refusal("refusals.notes_closed")
        for note_id, tag in await notes.unanswered(session, story.id, sender):
            if sender is Sender.MODERATORS or self._sent_by(story, note_id, tag, user_id):
                raise Refusal(f"refusals.note_unanswered_{sender}")
        return await _ref(session, story)

    async def _answerable(self, session: AsyncSession, note_id: int, proof: str | None, user_id: int) -> Note:
        """A note's row, if its story is this person's and it can be answered. What moderators wrote can be
        answered in a pause too, and by whom they muted. Raises Gone, NotAllowed or Refusal."""
        note = await session.get(Note, note_id)
        if note is None or note.state == notes.WAITING:
            raise Gone("refusals.note_gone")
        story = await self._own.proven(session, note.story_id, proof, user_id)
        if story.state != stories.PUBLISHED:
            raise Gone("refusals.note_gone")
        if note.sender == notes.PEER:
            await self._telling.open_circle(session, story.circle_id, user_id)
        if note.state == notes.ANSWERED:
            raise Refusal("refusals.note_answered")
        return note

    def _tag(self, story: Story, note_id: int, user_id: int) -> bytes | None:
        """What recognises the sender of one note; None when the key of its story is destroyed. It is bound to
        the note, so that no two notes look like one person's."""
        if story.epoch is None:
            return None
        return self._telling.keyring.tag(story.epoch, Purpose.NOTE, note_id, user_id)

    def _sent_by(self, story: Story, note_id: int, tag: bytes | None, user_id: int) -> bool:
        mine = self._tag(story, note_id, user_id)
        return mine is not None and tag is not None and hmac.compare_digest(mine, tag)

    async def _moment(self, session: AsyncSession, story: Story) -> datetime:
        circle = await session.get_one(Circle, story.circle_id)
        return self._telling.not_before(circle, Waits.REPLY)

    async def _seen(self, session: AsyncSession, receipt: str, draft: NoteDraft) -> OpenNote:
        """For the preview. Raises Gone when story or note aren't there any more."""
        ref = await _ref(session, await _published(session, draft.story_id))
        if draft.answers is None:
            return OpenNote(receipt, draft, ref)
        note = await session.get(Note, draft.answers)
        if note is None:
            raise Gone("refusals.note_gone")
        return OpenNote(receipt, draft, ref, note.text)


async def _open(session: AsyncSession, receipt: str) -> NoteDraft:
    """A draft that isn't sent yet. Raises Gone."""
    draft = read_draft(await opened(session, receipt))
    if draft.sent:
        raise Gone("refusals.draft_gone")
    return draft


async def _published(session: AsyncSession, story_id: int) -> Story:
    story = await session.get(Story, story_id)
    if story is None or story.state != stories.PUBLISHED:
        raise Gone("refusals.story_gone")
    return story


async def _ref(session: AsyncSession, story: Story) -> NoteStory:
    circle = await session.get_one(Circle, story.circle_id)
    return NoteStory(story.id, story.number, as_info(circle, None))
