"""Additions to a story: updates by its teller, and unnamed replies by others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules.anonymity import Purpose
from bot.rules.care import CarePlan
from bot.rules.checked import NOTHING, Checked
from bot.rules.fitting import unfit
from bot.rules.pen_names import PenNameWords, pen_name
from bot.rules.promises import Promise, Waits
from bot.rules.receipts import new_receipt, receipt_hash
from bot.rules.stories import REPLY_LIMIT, UPDATE_LIMIT, Ask, Voice, written
from bot.services.caring import care_of
from bot.services.circles import CircleInfo, told_in
from bot.services.drafts import Drafts, opened, store
from bot.services.own_stories import OwnStories
from bot.services.stories import note_of
from bot.services.telling import REPLY, UPDATE, Telling, owe_for_circle
from db import drafts, reviews, stories
from db.story_tables import PenName, Reply, Story, Update
from db.tables import Circle
from db.types import random_id

NEXT = timedelta(milliseconds=1)
"""Between two additions that would otherwise overtake each other."""


class Kind(StrEnum):
    """What is added."""

    UPDATE = "update"
    """How it went on, by the teller."""
    ANSWER = "answer"
    """A reply by the teller, whose story it is proven to be."""
    REPLY = "reply"
    """A reply by anybody; inside the window an unnamed teller is recognised all the same."""


WAITS = {Kind.UPDATE: Waits.CHANGE, Kind.ANSWER: Waits.REPLY, Kind.REPLY: Waits.REPLY}
LIMITS = {Kind.UPDATE: UPDATE_LIMIT, Kind.ANSWER: REPLY_LIMIT, Kind.REPLY: REPLY_LIMIT}


@dataclass(frozen=True, slots=True, repr=False)
class StoryRef:
    """The story that something is added to, as far as the writer needs to see it."""

    id: int
    number: int | None
    ask: Ask
    named: bool
    circle: CircleInfo
    content_note: bool = False
    teller_name: str | None = None
    """Of a story that bears its teller's name."""


@dataclass(frozen=True, slots=True, repr=False)
class Addition:
    """An addition on its way."""

    kind: Kind
    story_id: int
    text: str
    revision: int = 1
    promise: Promise | None = None
    """What its preview says about when it appears."""
    thin: bool = False
    """Its preview says that being without a name is thin in a small circle."""
    checked: Checked = NOTHING
    """What was noticed in its words, and what its writer decided about it."""


@dataclass(frozen=True, slots=True, repr=False)
class OpenAddition:
    """An addition with its receipt and its story."""

    receipt: str
    addition: Addition
    story: StoryRef
    older: bool = False
    other_promise: bool = False
    """The circle can't keep any more what the pressed preview said: this one says what it can."""
    asks: bool = False
    """Something is left in it that surely identifies somebody: whether to post it all the same."""


@dataclass(frozen=True, slots=True, repr=False)
class Added:
    """An addition was accepted. ``pen_name`` is None where it appears as the teller's."""

    id: int
    receipt: str
    kind: Kind
    story: StoryRef
    pen_name: str | None
    again: bool = False
    """It had been accepted before."""
    promise: Promise | None = None
    """When it appears, unless it had been accepted before."""


Admit = Callable[[Kind, CircleInfo, CarePlan], None]
"""Asked right before an addition is accepted; raises Refusal."""


class Additions:
    """Takes updates and unnamed replies."""

    def __init__(
        self, telling: Telling, drafts_: Drafts, own: OwnStories, names: PenNameWords, random: Random
    ) -> None:
        self._telling = telling
        self._drafts = drafts_
        self._own = own
        self._names = names
        self._random = random

    async def begin_reply(self, story_id: int, user_id: int) -> StoryRef:
        """Before the form opens: whether this person may reply here now. Raises Gone or Refusal."""
        async with self._telling.database.read() as session:
            return await self._replyable(session, story_id, user_id)

    async def begin_update(self, story_id: int, receipt: str | None, user_id: int) -> StoryRef:
        """Before the form opens: whether the story is this person's. Raises Gone, NotAllowed or Refusal."""
        async with self._telling.database.read() as session:
            story = await self._own.proven(session, story_id, receipt, user_id)
            if story.state == stories.REMOVED:
                raise Gone("refusals.story_removed")
            await self._refuse_reviewed(session, story)
            await self._telling.open_circle(session, story.circle_id, user_id)
            return await _ref(session, story)

    async def _refuse_reviewed(self, session: AsyncSession, story: Story) -> None:
        """Nothing is added to what moderators look at: it is changed instead. Raises Refusal."""
        if await reviews.of(session, reviews.STORY, story.id) is not None:
            raise Refusal("refusals.reviewed_first")

    async def begin_answer(self, story_id: int, receipt: str | None, user_id: int) -> StoryRef:
        """Before the form opens: whether the story is this person's, and takes replies.

        Raises Gone, NotAllowed or Refusal.
        """
        async with self._telling.database.read() as session:
            story = await self._own.proven(session, story_id, receipt, user_id)
            if story.closed:
                raise Refusal("refusals.you_closed")
            return await self._replyable(session, story_id, user_id)

    async def about(self, story_id: int) -> StoryRef:
        """The story that something is added to. Raises Gone."""
        async with self._telling.database.read() as session:
            return await _ref(session, await _story(session, story_id))

    async def at_place(self, place_id: int) -> int | None:
        """The id of the story whose message or thread this is."""
        async with self._telling.database.read() as session:
            story = await stories.at_place(session, place_id)
            return story.id if story is not None and story.state == stories.PUBLISHED else None

    async def keep(
        self, kind: Kind, story_id: int, text: str, *, thin: bool = False, checked: Checked = NOTHING
    ) -> OpenAddition:
        """Keep what was submitted. For the teller's own, ``begin_…`` must have proven whose story it is.

        Raises Gone, or Refusal for an empty or too long text.
        """
        text, receipt = written(text, LIMITS[kind]), new_receipt()
        async with self._telling.database.write() as session:
            ref = await _ref(session, await _story(session, story_id))
            promise = ref.circle.offers(WAITS[kind])
            addition = Addition(kind, story_id, text, promise=promise, thin=thin, checked=checked)
            await store(session, receipt, asdict(addition), self._drafts.keep_until())
            return OpenAddition(receipt, addition, ref)

    async def draft(self, receipt: str) -> OpenAddition:
        """An addition as it stands. Raises Gone."""
        async with self._telling.database.read() as session:
            addition = _addition(await opened(session, receipt))
            return OpenAddition(
                receipt, addition, await _ref(session, await _story(session, addition.story_id))
            )

    async def rewrite(
        self, receipt: str, text: str | None, checked: Checked = NOTHING, *, only: int | None = None
    ) -> OpenAddition:
        """Change the words, or what was decided about them; if ``only`` is given, of that revision alone.

        Raises Gone or Refusal.
        """
        async with self._telling.database.write() as session:
            old = _addition(await opened(session, receipt))
            if only is not None and old.revision != only:
                ref = await _ref(session, await _story(session, old.story_id))
                return OpenAddition(receipt, old, ref, older=True)
            ref = await _ref(session, await _story(session, old.story_id))
            text = old.text if text is None else written(text, LIMITS[old.kind])
            new = replace(
                old, text=text, revision=old.revision + 1,
                promise=ref.circle.offers(WAITS[old.kind]), checked=checked,
            )  # fmt: skip
            await store(session, receipt, asdict(new), self._drafts.keep_until())
            return OpenAddition(receipt, new, ref)

    async def discard(self, receipt: str) -> None:
        """Forget a draft. Raises Gone when there is none: it may have been posted meanwhile."""
        await self._drafts.forget(receipt)

    async def post(
        self, receipt: str, revision: int, user_id: int, admit: Admit = lambda _kind, _circle, _care: None
    ) -> Added | OpenAddition:
        """Accept an addition; pressed twice it is one. From an older preview returns the newest, and so it
        does where the circle can't keep what the preview said, and once where marks are left. ``admit`` is
        asked with the circle and its choices, and may refuse.

        Raises Gone, or Refusal (the draft stays).
        """
        async with self._telling.database.write() as session:
            known = await self._known(session, receipt)
            if known is not None:
                return known
            addition = _addition(await opened(session, receipt))
            story = await _story(session, addition.story_id)
            if addition.revision != revision:
                return OpenAddition(receipt, addition, await _ref(session, story), older=True)
            if (anew := await self._promise_anew(session, receipt, addition, story)) is not None:
                return anew
            care = await care_of(session, story.circle_id)
            if (refusal := unfit(addition.text, care)) is not None:
                raise refusal
            if addition.checked.asks:
                return await self._ask(session, receipt, addition, story)
            admit(addition.kind, (await _ref(session, story)).circle, care)
            if addition.kind is Kind.UPDATE:
                added = await self._post_update(session, receipt, addition, story, user_id)
            else:
                added = await self._post_reply(session, receipt, addition, story, user_id)
            await drafts.discard(session, receipt_hash(receipt))
            return added

    async def _ask(
        self, session: AsyncSession, receipt: str, addition: Addition, story: Story
    ) -> OpenAddition:
        """Nothing is posted yet: asked once for these words."""
        asked = replace(addition.checked, asked=True)
        addition = replace(addition, revision=addition.revision + 1, checked=asked)
        await store(session, receipt, asdict(addition), self._drafts.keep_until())
        return OpenAddition(receipt, addition, await _ref(session, story), asks=True)

    async def _promise_anew(
        self, session: AsyncSession, receipt: str, addition: Addition, story: Story
    ) -> OpenAddition | None:
        """The preview again, with what the circle can keep, if it can't keep what was promised."""
        ref = await _ref(session, story)
        offers = ref.circle.offers(WAITS[addition.kind])
        waits, promised = addition.kind is not Kind.UPDATE or not ref.named, addition.promise
        if promised is not None and promised.kept_by(offers):
            return None
        if not waits and promised is not None and promised.reviewed == offers.reviewed:
            return None
        thin = addition.thin or offers.small
        anew = replace(addition, revision=addition.revision + 1, promise=offers, thin=thin)
        await store(session, receipt, asdict(anew), self._drafts.keep_until())
        return OpenAddition(receipt, anew, ref, other_promise=True)

    async def _post_update(
        self, session: AsyncSession, receipt: str, addition: Addition, story: Story, user_id: int
    ) -> Added:
        circle = await self._telling.open_circle(session, story.circle_id, user_id)
        row = Update(
            id=random_id(), story_id=story.id, text=addition.text, receipt_hash=receipt_hash(receipt),
            state=stories.WAITING,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        telling, unnamed = self._telling, story.voice == Voice.UNNAMED
        due = telling.not_before(circle, Waits.CHANGE, addition.promise) if unnamed else telling.now()
        due = _not_before(due, await stories.last_update_due(session, story.id))
        await owe_for_circle(session, circle, UPDATE, row.id, due)
        ref = await _ref(session, story)
        return Added(row.id, receipt, Kind.UPDATE, ref, None, promise=addition.promise)

    async def _post_reply(
        self, session: AsyncSession, receipt: str, addition: Addition, story: Story, user_id: int
    ) -> Added:
        ref = await self._replyable(session, story.id, user_id)
        as_teller = addition.kind is Kind.ANSWER or self._recognised(story, user_id)
        name = None if as_teller else await self._pen_name(session, story, user_id)
        row = Reply(
            id=random_id(), story_id=story.id, text=addition.text, pen_name=name,
            receipt_hash=receipt_hash(receipt), state=stories.WAITING,
        )  # fmt: skip
        session.add(row)
        await session.flush()
        circle = await session.get_one(Circle, story.circle_id)
        due = self._telling.not_before(circle, Waits.REPLY, addition.promise)
        due = _not_before(due, await stories.last_reply_due(session, story.id, name))
        await owe_for_circle(session, circle, REPLY, row.id, due)
        return Added(row.id, receipt, Kind.REPLY, ref, name)

    def _recognised(self, story: Story, user_id: int) -> bool:
        """An unnamed teller bears the badge in their own thread; a named one speaks under a pen name here."""
        return story.voice == Voice.UNNAMED and self._telling.is_teller(story, user_id)

    async def _pen_name(self, session: AsyncSession, story: Story, user_id: int) -> str:
        """The person's name in this thread: the one they have, or a new one; after the window always new."""
        epoch = story.epoch
        tag = self._telling.keyring.tag(epoch, Purpose.PEN_NAME, story.id, user_id) if epoch else None
        known = await stories.pen_name_of(session, story.id, tag) if tag is not None else None
        if known is not None:
            return known
        name = pen_name(await stories.pen_names(session, story.id), self._names, self._random)
        session.add(PenName(story_id=story.id, name=name, tag=tag))
        return name

    async def _replyable(self, session: AsyncSession, story_id: int, user_id: int) -> StoryRef:
        story = await _story(session, story_id)
        if story.locked:
            raise Refusal("refusals.thread_locked")
        if await self._own.closed_for_others(session, story):
            raise Refusal("refusals.thread_closed")
        await self._telling.open_circle(session, story.circle_id, user_id)
        return await _ref(session, story)

    async def _known(self, session: AsyncSession, receipt: str) -> Added | None:
        digest = receipt_hash(receipt)
        reply = await stories.reply_by_receipt(session, digest)
        if reply is not None:
            story = await session.get_one(Story, reply.story_id)
            return Added(
                reply.id, receipt, Kind.REPLY, await _ref(session, story), reply.pen_name, again=True
            )
        update = await stories.update_by_receipt(session, digest)
        if update is not None:
            story = await session.get_one(Story, update.story_id)
            return Added(update.id, receipt, Kind.UPDATE, await _ref(session, story), None, again=True)
        return None


def _not_before(due: datetime, earlier: datetime | None) -> datetime:
    """What one person says in one thread appears in the order in which they said it."""
    return due if earlier is None else max(due, earlier + NEXT)


def _addition(payload: dict[str, Any]) -> Addition:
    return Addition(
        Kind(str(payload["kind"])),
        int(str(payload["story_id"])),
        str(payload["text"]),
        int(str(payload["revision"])),
        Promise.from_payload(payload.get("promise")),
        bool(payload.get("thin", False)),
        Checked.from_payload(payload.get("checked")),
    )


async def _story(session: AsyncSession, story_id: int) -> Story:
    story = await session.get(Story, story_id)
    if story is None or story.state not in {stories.WAITING, stories.PUBLISHED}:
        raise Gone("refusals.story_gone")
    return story


async def _ref(session: AsyncSession, story: Story) -> StoryRef:
    circle = await session.get_one(Circle, story.circle_id)
    number = story.number if story.state == stories.PUBLISHED else None
    named, noted = story.voice == Voice.NAMED, note_of(story) is not None
    info = await told_in(session, circle)
    return StoryRef(story.id, number, Ask(story.ask), named, info, noted, story.author_name)
