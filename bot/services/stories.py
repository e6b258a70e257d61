"""Telling a story: from the form to the preview, from the preview to the circle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.rules.anonymity import Purpose
from bot.rules.care import CarePlan
from bot.rules.fitting import unfit_story
from bot.rules.promises import Promise, Waits
from bot.rules.receipts import new_receipt, receipt_hash
from bot.rules.stories import StoryDraft, StoryWords, Voice
from bot.services.batches import release_if_full
from bot.services.caring import care_of
from bot.services.circles import CircleInfo, told_in
from bot.services.drafts import Drafts, opened, store
from bot.services.telling import STORY, Telling, owe_for_circle
from db import drafts, stories
from db.batches import WAITS
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
    other_promise: bool = False
    """The circle can't keep any more what the pressed preview said: this one says what it can."""
    asks: bool = False
    """Something is left in it that surely identifies somebody: whether to post it all the same."""


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
    promise: Promise
    """When it appears, of an unnamed one."""
    again: bool = False
    """It had been accepted before."""


Admit = Callable[[CircleInfo, CarePlan], None]
"""Asked right before a story is accepted; raises Refusal."""


class Stories:
    """Takes stories."""

    def __init__(self, telling: Telling, drafts_: Drafts) -> None:
        self._telling = telling
        self._drafts = drafts_

    async def begin(self, circle_id: int, user_id: int) -> CircleInfo:
        """Before the form opens: whether this person may tell here now. Raises Gone or Refusal."""
        async with self._telling.database.read() as session:
            return await told_in(session, await self._telling.open_circle(session, circle_id, user_id))

    async def keep(self, draft: StoryDraft) -> OpenDraft:
        """Keep what was submitted, before anything else happens with it. Raises Gone."""
        receipt = new_receipt()
        async with self._telling.database.write() as session:
            circle = await told_in(session, await _circle(session, draft.circle_id))
            draft = replace(draft, promise=circle.offers(Waits.STORY))
            await store(session, receipt, draft.as_payload(), self._drafts.keep_until())
            return OpenDraft(receipt, draft, circle)

    async def draft(self, receipt: str) -> OpenDraft:
        """A draft as it stands. Raises Gone."""
        async with self._telling.database.read() as session:
            draft = StoryDraft.from_payload(await opened(session, receipt))
            circle = await told_in(session, await _circle(session, draft.circle_id))
            return OpenDraft(receipt, draft, circle)

    async def revise(self, receipt: str, revision: int, *, typed: bool = False, **changes: Any) -> OpenDraft:
        """Change a draft. From an older revision only what was ``typed`` is taken over; choices there show
        the newest. Raises Gone.
        """
        async with self._telling.database.write() as session:
            draft = StoryDraft.from_payload(await opened(session, receipt))
            circle = await told_in(session, await _circle(session, draft.circle_id))
            if draft.revision != revision and not typed:
                return OpenDraft(receipt, draft, circle, older=True)
            draft = draft.changed(**changes, promise=circle.offers(Waits.STORY))
            await store(session, receipt, draft.as_payload(), self._drafts.keep_until())
            return OpenDraft(receipt, draft, circle)

    async def discard(self, receipt: str) -> None:
        """Forget a draft. Raises Gone when there is none: it may have been posted meanwhile."""
        await self._drafts.forget(receipt)

    async def post(
        self, receipt: str, revision: int, teller: Teller, admit: Admit = lambda _circle, _care: None
    ) -> Told | OpenDraft:
        """Accept a story: from now on nothing of it is lost.

        Pressed twice it makes one story. From an older preview it posts nothing and returns the newest; so
        it does where the circle can't keep what the preview said, and once where marks are left. ``admit`` is
        asked with the circle and its choices, and may refuse. Raises Gone when the draft was discarded, or
        Refusal (the draft stays).
        """
        telling = self._telling
        epoch = await telling.keyring.current(telling.now())
        async with telling.database.write() as session:
            known = await stories.by_receipt(session, receipt_hash(receipt))
            if known is not None and known.state == stories.REMOVED:
                raise Gone("refusals.story_removed")
            if known is not None:
                info = await told_in(session, await _circle(session, known.circle_id))
                return _told(known, receipt, info, info.offers(Waits.STORY), again=True)
            draft = StoryDraft.from_payload(await opened(session, receipt))
            circle = await telling.open_circle(session, draft.circle_id, teller.user_id)
            info = await told_in(session, circle)
            if draft.revision != revision:
                return OpenDraft(receipt, draft, info, older=True)
            unnamed, offers = draft.voice is Voice.UNNAMED, info.offers(Waits.STORY)
            promise = draft.promise or offers
            if draft.promise is None or not _kept(draft.promise, offers, unnamed=unnamed):
                return await self._promise_anew(session, receipt, draft, info)
            care = await care_of(session, circle.id)
            if (refusal := unfit_story(draft.words, care)) is not None:
                raise refusal
            if draft.checked.asks:
                return await self._ask(session, receipt, draft, info)
            admit(info, care)
            story = self._story(draft, receipt, teller, epoch)
            session.add(story)
            await drafts.discard(session, receipt_hash(receipt))
            await session.flush()
            now = telling.now()
            due = telling.not_before(circle, Waits.STORY, promise) if unnamed else now
            await owe_for_circle(session, circle, STORY, story.id, due)
            if unnamed and promise.batch_of is not None:
                story.batch = WAITS
                await session.flush()
                await release_if_full(session, circle, promise.batch_of, now, telling.random)
            return _told(story, receipt, info, promise)

    async def _promise_anew(
        self, session: AsyncSession, receipt: str, draft: StoryDraft, circle: CircleInfo
    ) -> OpenDraft:
        """Nothing is posted on the strength of a promise that can't be kept: say what can."""
        offers = circle.offers(Waits.STORY)
        draft = draft.changed(promise=offers, thin=draft.thin or offers.small)
        await store(session, receipt, draft.as_payload(), self._drafts.keep_until())
        return OpenDraft(receipt, draft, circle, other_promise=True)

    async def _ask(
        self, session: AsyncSession, receipt: str, draft: StoryDraft, circle: CircleInfo
    ) -> OpenDraft:
        """Nothing is posted yet: asked once for these words."""
        draft = draft.changed(checked=replace(draft.checked, asked=True))
        await store(session, receipt, draft.as_payload(), self._drafts.keep_until())
        return OpenDraft(receipt, draft, circle, asks=True)

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


def _kept(promise: Promise, offers: Promise, *, unnamed: bool) -> bool:
    """Whether a preview's promise can be kept. With a name it says only whether a moderator looks first."""
    return promise.kept_by(offers) if unnamed else promise.reviewed == offers.reviewed


def words_of(story: Story) -> StoryWords:
    """A story's words as a value."""
    return StoryWords(story.slip, story.effect, story.repair, story.lesson)


def note_of(story: Story) -> str | None:
    """The content note that stands before a story: the moderators', as long as there is one."""
    return story.moderators_note or story.content_note


def _told(story: Story, receipt: str, circle: CircleInfo, promise: Promise, *, again: bool = False) -> Told:
    return Told(story.id, receipt, Voice(story.voice), circle, promise, again)


async def _circle(session: AsyncSession, circle_id: int) -> Circle:
    circle = await session.get(Circle, circle_id)
    if circle is None:
        raise Gone("refusals.circle_gone")
    return circle
