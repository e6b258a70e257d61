"""Telling a story: from the form to the preview, from the preview to the circle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.rules.anonymity import Purpose
from bot.rules.receipts import new_receipt, receipt_hash
from bot.rules.stories import StoryDraft, StoryWords, Voice
from bot.services.circles import CircleInfo, as_info
from bot.services.drafts import Drafts, opened, store
from bot.services.telling import STORY, Telling, owe_for_circle
from db import drafts, stories
from db.story_tables import Story
from db.tables import Circle
from db.types import random_id


@dataclass(frozen=True, slots=True, repr=False)
class OpenDraft:
    """A draft with its receipt, and the circle it is for."""

    receipt: str
    draft: StoryDraft
    circle: CircleInfo
    older: bool = False
    """What was pressed belonged to an older revision: this is the newest."""


@dataclass(frozen=True, slots=True, repr=False)
class Teller:
    """Who presses, held in memory while the press is answered and no longer."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """A story was accepted."""

    story_id: int
    receipt: str
    voice: Voice
    circle: CircleInfo


class Stories:
    """Takes stories."""

    def __init__(self, telling: Telling, drafts_: Drafts) -> None:
        self._telling = telling
        self._drafts = drafts_

    async def begin(self, circle_id: int, user_id: int) -> CircleInfo:
        """Before the form opens: whether this person may tell here now. Raises Gone or Refusal."""
        async with self._telling.database.read() as session:
            return as_info(await self._telling.open_circle(session, circle_id, user_id), None)

    async def keep(self, draft: StoryDraft) -> OpenDraft:
        """Keep what was submitted, before anything else happens with it. Raises Gone."""
        receipt = new_receipt()
        async with self._telling.database.write() as session:
            circle = await _circle(session, draft.circle_id)
            await store(session, receipt, draft.as_payload(), self._drafts.keep_until())
            return OpenDraft(receipt, draft, as_info(circle, None))

    async def draft(self, receipt: str) -> OpenDraft:
        """A draft as it stands. Raises Gone."""
        async with self._telling.database.read() as session:
            draft = StoryDraft.from_payload(await opened(session, receipt))
            return OpenDraft(receipt, draft, as_info(await _circle(session, draft.circle_id), None))

    async def revise(self, receipt: str, revision: int, **changes: Any) -> OpenDraft:
        """Change a draft. From an older revision only words are taken over; choices there show the newest.

        Raises Gone.
        """
        async with self._telling.database.write() as session:
            draft = StoryDraft.from_payload(await opened(session, receipt))
            circle = as_info(await _circle(session, draft.circle_id), None)
            if draft.revision != revision and "words" not in changes:
                return OpenDraft(receipt, draft, circle, older=True)
            draft = draft.changed(**changes)
            await store(session, receipt, draft.as_payload(), self._drafts.keep_until())
            return OpenDraft(receipt, draft, circle)

    async def discard(self, receipt: str) -> None:
        """Forget a draft. Raises Gone when there is none: it may have been posted meanwhile."""
        await self._drafts.forget(receipt)

    async def post(self, receipt: str, revision: int, teller: Teller) -> Told | OpenDraft:
        """Accept a story: from now on nothing of it is lost.

        Pressed twice it makes one story. From an older preview it posts nothing and returns the newest.
        Raises Gone when the draft was discarded, or Refusal (the draft stays).
        """
        telling = self._telling
        epoch = await telling.keyring.current(telling.now())
        async with telling.database.write() as session:
            known = await stories.by_receipt(session, receipt_hash(receipt))
            if known is not None and known.state == stories.REMOVED:
                raise Gone("refusals.story_removed")
            if known is not None:
                return _told(known, receipt, await _circle(session, known.circle_id))
            draft = StoryDraft.from_payload(await opened(session, receipt))
            circle = await telling.open_circle(session, draft.circle_id, teller.user_id)
            if draft.revision != revision:
                return OpenDraft(receipt, draft, as_info(circle, None), older=True)
            story = self._story(draft, receipt, teller, epoch)
            session.add(story)
            await drafts.discard(session, receipt_hash(receipt))
            await session.flush()
            now = telling.now()
            due = now + telling.wait(circle) if draft.voice is Voice.UNNAMED else now
            await owe_for_circle(session, circle, STORY, story.id, due)
            return _told(story, receipt, circle)

    def _story(self, draft: StoryDraft, receipt: str, teller: Teller, epoch: int) -> Story:
        named = draft.voice is Voice.NAMED
        story_id = random_id()
        return Story(
            id=story_id,
            circle_id=draft.circle_id,
            voice=draft.voice,
            author_id=teller.user_id if named else None,
            author_name=teller.name[:100] if named else None,
            slip=draft.words.slip,
            effect=draft.words.effect,
            repair=draft.words.repair,
            lesson=draft.words.lesson,
            ask=draft.ask,
            theme=draft.theme,
            content_note=draft.content_note,
            quote_lesson=draft.quote_lesson,
            state=stories.WAITING,
            receipt_hash=receipt_hash(receipt),
            epoch=epoch,
            teller_tag=self._telling.keyring.tag(epoch, Purpose.TELLER, story_id, teller.user_id),
        )


def words_of(story: Story) -> StoryWords:
    """A story's words as a value."""
    return StoryWords(story.slip, story.effect, story.repair, story.lesson)


def _told(story: Story, receipt: str, circle: Circle) -> Told:
    return Told(story.id, receipt, Voice(story.voice), as_info(circle, None))


async def _circle(session: AsyncSession, circle_id: int) -> Circle:
    circle = await session.get(Circle, circle_id)
    if circle is None:
        raise Gone("refusals.circle_gone")
    return circle
