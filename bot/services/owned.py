"""What is somebody's own, as they see it: stories, replies and updates as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.stories import Voice
from bot.services.circles import CircleInfo, told_in
from bot.services.reviewed import Verdict, verdict
from db import notes, own, removals, reviews, stories
from db.care_tables import Note
from db.story_tables import Reply, Story, Update
from db.tables import Circle


@dataclass(frozen=True, slots=True, repr=False)
class OnItsWay:
    """What a teller has done that nobody else can see yet."""

    updates: int = 0
    answers: int = 0
    words: bool = False
    """New words of the story itself."""
    lock: bool = False
    """The closing or opening of its thread."""


@dataclass(frozen=True, slots=True, repr=False)
class OwnStory:
    """A story as its teller sees it."""

    id: int
    number: int | None
    """None while it waits."""
    voice: Voice
    removed: bool
    """By moderators."""
    locked: bool
    """By a moderator."""
    circle: CircleInfo
    message_id: int | None
    closed: bool = False
    """By the teller."""
    resonance: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many gave each sign."""
    replies: int = 0
    """How many unnamed replies of others can be seen."""
    on_its_way: OnItsWay = OnItsWay()
    added: int = 0
    """How many updates and answers of the teller's there are, shown or waiting."""
    text: str = ""
    notes: int = 0
    """How many private notes there are to read."""
    unanswered: int = 0
    notes_closed: bool = False
    verdict: Verdict | None = None
    """How it stands with the moderators, as long as it hasn't appeared."""
    of_edit: Verdict | None = None
    """How its new words stand with them."""
    hidden: bool = False
    """Moderators removed it a few minutes ago and can still bring it back; until then it can be withdrawn."""
    moderators_note: str | None = None
    """A content note that moderators put before it."""

    @property
    def with_moderators(self) -> bool:
        """They have it, or gave it back: nothing is added to it."""
        return self.number is None and self.verdict is not None


@dataclass(frozen=True, slots=True, repr=False)
class OwnReply:
    """An unnamed reply as its writer sees it."""

    id: int
    story_id: int
    story_number: int | None
    published: bool
    circle: CircleInfo
    pen_name: str | None = None
    """None: it is the teller's answer in the thread of their own story."""
    text: str = ""
    removed: bool = False
    """By moderators."""
    hidden: bool = False
    """As for a story."""


@dataclass(frozen=True, slots=True, repr=False)
class OwnUpdate:
    """An update as its teller sees it."""

    id: int
    story_id: int
    story_number: int | None
    published: bool
    circle: CircleInfo
    named: bool = False
    text: str = ""
    removed: bool = False
    hidden: bool = False
    """Both as for a reply."""
    verdict: Verdict | None = None
    of_edit: Verdict | None = None
    """As of a story."""


@dataclass(frozen=True, slots=True, repr=False)
class OwnNote:
    """A private note as its sender sees it."""

    id: int
    story_id: int
    story_number: int | None
    circle: CircleInfo
    on_its_way: bool
    answer: str | None = None
    """None: there is none yet, or it is on its way."""
    text: str = ""


OwnThing: TypeAlias = OwnStory | OwnReply | OwnUpdate | OwnNote


async def own_story(session: AsyncSession, story: Story, now: datetime) -> OwnStory:
    """A story's row as its teller sees it at an aware ``now``."""
    circle = await session.get_one(Circle, story.circle_id)
    updates, answers = await own.tellers_waiting(session, story.id)
    lock = await own.lock_to_come(session, story.id, now)
    count, unanswered = await notes.counts(session, story.id)
    added = [*await own.update_ids(session, story.id), *await own.reply_ids(session, story.id, None)]
    return OwnStory(
        id=story.id,
        number=story.number if story.message_id is not None or story.state == stories.REMOVED else None,
        voice=Voice(story.voice),
        removed=story.state == stories.REMOVED,
        locked=story.locked,
        circle=await told_in(session, circle),
        message_id=story.message_id,
        closed=story.closed,
        resonance=await stories.resonance_counts(session, story.id),
        replies=await own.replies_shown(session, story.id),
        on_its_way=OnItsWay(updates, answers, await own.is_changing(session, story.id), lock is not None),
        added=len(added),
        text=story.slip,
        notes=count,
        unanswered=unanswered,
        notes_closed=story.notes_closed,
        verdict=await verdict(session, reviews.STORY, story.id),
        of_edit=await verdict(session, reviews.EDIT, story.id),
        hidden=await removals.hidden_until(session, story) is not None,
        moderators_note=story.moderators_note,
    )


async def own_reply(session: AsyncSession, reply: Reply) -> OwnReply:
    """A reply's row as its writer sees it."""
    number, circle, _ = await _below(session, reply.story_id)
    published = reply.state == stories.PUBLISHED
    removed, hidden = await _removed(session, reply)
    return OwnReply(
        reply.id, reply.story_id, number, published, circle, reply.pen_name, reply.text, removed, hidden
    )


async def own_update(session: AsyncSession, update: Update) -> OwnUpdate:
    """An update's row as its teller sees it."""
    number, circle, named = await _below(session, update.story_id)
    published = update.state == stories.PUBLISHED
    removed, hidden = await _removed(session, update)
    return OwnUpdate(
        update.id, update.story_id, number, published, circle, named, update.text, removed, hidden,
        verdict=await verdict(session, reviews.UPDATE, update.id),
        of_edit=await verdict(session, reviews.EDIT, update.id),
    )  # fmt: skip


async def own_note(session: AsyncSession, note: Note) -> OwnNote:
    """A note's row as its sender sees it: an answer only when its moment has come."""
    number, circle, _ = await _below(session, note.story_id)
    answer = note.answer if note.appears_at is None else None
    return OwnNote(note.id, note.story_id, number, circle, note.state == notes.WAITING, answer, note.text)


async def _removed(session: AsyncSession, row: Reply | Update) -> tuple[bool, bool]:
    """Whether moderators removed it, and whether they can still bring it back."""
    return row.state == stories.REMOVED, await removals.hidden_until(session, row) is not None


async def _below(session: AsyncSession, story_id: int) -> tuple[int | None, CircleInfo, bool]:
    story = await session.get_one(Story, story_id)
    circle = await session.get_one(Circle, story.circle_id)
    return story.number, await told_in(session, circle), story.voice == Voice.NAMED


async def closed_by_now(session: AsyncSession, story: Story, now: datetime) -> bool:
    """Whether others may know that the teller wants no replies: they do once the thread's turn has come, so
    that nobody learns by trying when the teller was here."""
    to_come = await own.lock_to_come(session, story.id, now)
    return story.closed if to_come is None else not story.closed


def notes_closed_by_now(story: Story, now: datetime) -> bool:
    """Whether others may know that the teller wants no private notes: a random while after it was chosen."""
    turning = story.notes_turn_at is not None and story.notes_turn_at > now
    return story.notes_closed != turning
