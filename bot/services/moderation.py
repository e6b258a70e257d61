"""Moderation: keeping a circle safe without learning who told what.

Nothing here notes who moderated, and nothing tells more than about the one story that was named: whether
its teller told other stories, or is muted already for one, changes no answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules.mutes import MuteEnd, MuteFor, mute_end
from bot.services.acts import Did, Role, Why, note_act
from bot.services.circles import CircleInfo, as_info
from bot.services.erasures import note_erased
from bot.services.outbox import Lease, Priority
from bot.services.owned import closed_by_now
from bot.services.stories import note_of
from bot.services.telling import (
    LOCK,
    PAGES,
    STORY,
    THREAD_NOT_THERE_YET,
    UPDATE,
    Telling,
    owe_for_circle,
    owe_now,
)
from db import erasures, moderation, own, removals, stories
from db.story_tables import Story
from db.tables import Circle


@dataclass(frozen=True, slots=True, repr=False)
class ModeratedStory:
    """A story as a moderator needs to see it, to be sure that it is the one they mean."""

    id: int
    number: int
    circle: CircleInfo
    slip: str
    """What everybody can read; empty while the story isn't published, and when it was removed."""
    content_note: str | None
    """What stands before it; the others say who chose that."""
    tellers_note: str | None
    moderators_note: str | None
    removed: bool
    closed: bool = False
    """Its teller wants no replies, and everybody can know it."""


@dataclass(frozen=True, slots=True, repr=False)
class ThreadLock:
    """How a story's thread must be."""

    thread_id: int
    locked: bool


@dataclass(frozen=True, slots=True, repr=False)
class _Recognisable:
    epoch: int
    tag: bytes = field(repr=False)
    ends: datetime


class Moderation:
    """What moderators can do with a story that everybody sees by its number."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._database = telling.database

    async def numbered(self, circle_id: int, number: int) -> ModeratedStory:
        """The story with a number; also a removed one. Raises Gone."""
        async with self._database.read() as session:
            return await _moderated(session, await stories.by_number(session, circle_id, number), number)

    async def story(self, story_id: int) -> ModeratedStory:
        """A story by its id; also a removed one. Raises Gone."""
        async with self._database.read() as session:
            return await _moderated(session, await session.get(Story, story_id))

    async def lock(self, story_id: int, *, locked: bool, why: Why | None = None) -> ModeratedStory:
        """No more replies in the story's thread, or again some. Raises Gone.

        What its teller closed stays closed. Where the teller's closing or opening is still to come, it comes
        with the moderators'.
        """
        now = self._telling.now()
        async with self._database.write() as session:
            story = await _present(session, story_id)
            if story.locked != locked:
                story.locked = locked
                to_come = await own.lock_to_come(session, story.id, now)
                if to_come is not None:
                    await session.delete(to_come)
                    await session.flush()
                circle = await session.get_one(Circle, story.circle_id)
                await owe_for_circle(session, circle, LOCK, story.id, now, Priority.MODERATION)
                did = Did.LOCKED if locked else Did.UNLOCKED
                await note_act(session, circle, did, Role.MODERATOR, now, why=why, number=story.number)
            return replace(await _moderated(session, story), closed=await closed_by_now(session, story, now))

    async def note(self, story_id: int, note: str | None, why: Why | None = None) -> ModeratedStory:
        """Put a content note before a story, or take the moderators' off: then its teller's own stands there,
        if they chose one. No edit by the teller changes it. Raises Gone.
        """
        now = self._telling.now()
        async with self._database.write() as session:
            story = await _present(session, story_id)
            if story.moderators_note != note:
                before, story.moderators_note = note_of(story), note
                await session.flush()
                circle = await session.get_one(Circle, story.circle_id)
                did = Did.NOTED if note is not None else Did.NOTE_TAKEN_OFF
                await note_act(session, circle, did, Role.MODERATOR, now, why=why, number=story.number)
                if before != note_of(story):
                    await show_note(session, circle, story, now)
            return await _moderated(session, story)

    async def mute_end(self, story_id: int, asked: MuteFor | date) -> MuteEnd:
        """Until when a mute would last, before it is given.

        Raises Gone, or Refusal for a day in the past or when its teller can't be recognised any more.
        """
        async with self._database.read() as session:
            story = await session.get(Story, story_id)
            seen = await _moderated(session, story)
            ends = self._recognisable(story).ends
            return mute_end(asked, self._telling.now(), seen.circle.zone, ends)

    async def mute(self, story_id: int, until: datetime, why: Why = Why.CARE) -> datetime:
        """The teller of a story may not tell or reply in its circle; returns until when (aware UTC).

        Given again for the same story it sets the new moment. Never longer than the story's key lives.
        Raises Gone, or Refusal when the teller can't be recognised any more or the moment has passed.
        """
        try:
            return await self._mute(story_id, until, why)
        except IntegrityError:  # two moderators at once: the second one changes what the first one made
            return await self._mute(story_id, until, why)

    async def _mute(self, story_id: int, until: datetime, why: Why) -> datetime:
        """The same line in the log whether somebody is muted already or not."""
        now = self._telling.now()
        async with self._database.write() as session:
            story = await session.get(Story, story_id)
            seen = await _moderated(session, story)
            teller = self._recognisable(story)
            until = min(until, teller.ends)
            if until <= now:
                raise Refusal("refusals.date_past")
            circle = await session.get_one(Circle, seen.circle.id)
            await note_act(session, circle, Did.MUTED, Role.MODERATOR, now, why=why)
            await moderation.mute(
                session,
                circle_id=seen.circle.id,
                story_id=story_id,
                number=seen.number,
                epoch=teller.epoch,
                tag=teller.tag,
                until=until,
            )
            return until

    async def unmute(self, circle_id: int, number: int) -> None:
        """End the mute given for a story, if there is one: also when its teller took the story back.

        The log has a line either way. Raises Gone when no story ever had this number.
        """
        now = self._telling.now()
        async with self._database.write() as session:
            circle = await session.get(Circle, circle_id)
            if circle is None or not 1 <= number <= circle.stories_told:
                raise Gone("refusals.story_unknown", number=number)
            lifted = await moderation.unmute(session, circle_id, number)
            await note_erased(session, erasures.MUTE, lifted, now)
            await note_act(session, circle, Did.UNMUTED, Role.MODERATOR, now)

    def _recognisable(self, story: Story | None) -> _Recognisable:
        """By what a story's teller can be recognised. Raises Refusal when nobody can any more."""
        if story is not None and story.epoch is not None and story.teller_tag is not None:
            ends = self._telling.keyring.ends(story.epoch)
            if ends is not None and ends > self._telling.now():
                return _Recognisable(story.epoch, story.teller_tag, ends)
        raise Refusal("refusals.mute_too_late")

    async def thread_lock(self, lease: Lease) -> ThreadLock | timedelta | None:
        """How a thread must be; a wait until it is there; None when its story is gone."""
        async with self._database.read() as session:
            story = await session.get(Story, lease.subject)
            if story is None or story.state not in {stories.WAITING, stories.PUBLISHED}:
                return None
            if story.thread_id is None:
                return THREAD_NOT_THERE_YET
            return ThreadLock(story.thread_id, story.locked or story.closed)


async def show_note(session: AsyncSession, circle: Circle, story: Story, now: datetime) -> None:
    """A story stands behind another note, or behind none: all that shows it has to follow, inside somebody's
    transaction. Updates tell on what the story told, so they stand behind its note too."""
    if story.message_id is None:
        return  # it appears with the note
    await owe_now(session, circle, STORY, story.id, now)
    if story.thread_id is not None:
        await owe_now(session, circle, PAGES, story.id, now)
    for update in (await removals.below(session, story.id))[0]:
        if update.message_id is not None:
            await owe_now(session, circle, UPDATE, update.id, now)


async def _present(session: AsyncSession, story_id: int) -> Story:
    story = await session.get(Story, story_id)
    if story is not None and story.state == stories.REMOVED:
        raise Gone("refusals.removed_already")
    if story is None or story.state == stories.WITHDRAWN:
        raise Gone("refusals.story_gone")
    return story


async def _moderated(session: AsyncSession, story: Story | None, number: int | None = None) -> ModeratedStory:
    if story is None or story.number is None or story.state == stories.WITHDRAWN:
        if number is None:
            raise Gone("refusals.story_gone")
        raise Gone("refusals.story_unknown", number=number)
    published = story.state == stories.PUBLISHED
    return ModeratedStory(
        id=story.id,
        number=story.number,
        circle=as_info(await session.get_one(Circle, story.circle_id), None),
        slip=story.slip if published else "",
        content_note=note_of(story) if published else None,
        tellers_note=story.content_note if published else None,
        moderators_note=story.moderators_note if published else None,
        removed=story.state == stories.REMOVED,
    )
