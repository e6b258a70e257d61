"""Replaying erasures: what was taken back after a copy was made is taken back in the copy too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.outbox import channel_destination
from bot.services.reminders import DELIVERY
from bot.services.reported import close_report
from bot.services.retracting import retract_reply, retract_story, retract_update
from db import edits, erasures, people, reminders, removals, restoring, reviews, stories
from db.care_tables import Note, Report, Review
from db.erasures import Erased
from db.story_tables import Mute, Reply, Story, Update
from db.tables import Circle, Reminder

PRESENT = (stories.WAITING, stories.PUBLISHED)


async def replay(session: AsyncSession, erased: Collection[Erased], now: datetime) -> int:
    """Erase again what a copy has brought back, inside its repair. Returns how many things that were.

    What may still stand in Discord is owed as a retraction.
    """
    here = await restoring.ids_here(session)
    back = [one for one in sorted(erased) if one.subject in here[one.kind]]
    return sum([await _again(session, one, now) for one in back])


async def _again(session: AsyncSession, one: Erased, now: datetime) -> bool:
    match one.kind:
        case erasures.WITHDRAWN | erasures.REMOVED:
            return await _story(session, one, now)
        case erasures.REPLY:
            return await _addition(session, await session.get(Reply, one.subject), now)
        case erasures.UPDATE:
            return await _addition(session, await session.get(Update, one.subject), now)
        case erasures.EDITED:
            return await _edited(session, one.subject)
        case erasures.NOTE:
            note = await session.get(Note, one.subject)
            if note is not None:
                await session.delete(note)
            return note is not None
        case erasures.DECLINED:
            return await _declined(session, one)
        case erasures.EDIT_DROPPED:
            for kind in (edits.STORY, edits.UPDATE):
                await edits.forget(session, kind, (one.subject,))
            return True
        case erasures.REMINDER:
            reminder = await session.get(Reminder, one.subject)
            await reminders.remove(session, DELIVERY, [reminder] if reminder else [])
            return reminder is not None
        case erasures.CIRCLE:
            circle = await session.get(Circle, one.subject)
            if circle is not None:
                await people.wipe(session, circle, channel_destination(circle.channel_id))
            return circle is not None
        case erasures.REPORT:
            report = await session.get(Report, one.subject)
            if report is not None:
                await close_report(session, report, now)
            return report is not None
        case _:
            mute = await session.get(Mute, one.subject)
            if mute is not None:
                await session.delete(mute)
            return mute is not None


async def _story(session: AsyncSession, one: Erased, now: datetime) -> bool:
    story = await session.get(Story, one.subject)
    hidden = await removals.hidden_until(session, story) is not None
    if story is None or story.state == stories.WITHDRAWN or (story.state == one.kind and not hidden):
        return False
    await retract_story(session, story, one.kind, now)
    return True


async def _addition(session: AsyncSession, row: Reply | Update | None, now: datetime) -> bool:
    hidden = await removals.hidden_until(session, row) is not None
    if row is None or not (row.state in PRESENT or hidden):
        return False
    story = await session.get_one(Story, row.story_id)
    circle = await session.get_one(Circle, story.circle_id)
    if isinstance(row, Reply):
        await retract_reply(session, row, circle, now)
    else:
        await retract_update(session, row, circle, now)
    return True


async def _declined(session: AsyncSession, one: Erased) -> bool:
    """Moderators didn't let it appear; the copy doesn't know their words for its teller any more."""
    for kind, table in ((reviews.STORY, Story), (reviews.UPDATE, Update)):
        row = await session.get(table, one.subject)
        if row is None or row.state != stories.WAITING:
            continue
        known = await reviews.of(session, kind, row.id)
        if known is not None and known.state == reviews.DECLINED:
            return False
        await reviews.forget(session, kind, (row.id,))
        story_id = row.id if isinstance(row, Story) else row.story_id
        session.add(
            Review(
                kind=kind, subject=row.id, story_id=story_id, state=reviews.DECLINED,
                held_on=one.day, decided_on=one.day,
            )
        )  # fmt: skip
        await session.flush()
        return True
    return False


async def _edited(session: AsyncSession, subject: int) -> bool:
    """The copy holds earlier words than those that stand in Discord: it forgets them, and what stands there
    is left alone (see ``Publishing`` and ``ThreadPosts``)."""
    for kind, table in edits.TABLES.items():
        row = await session.get(table, subject)
        if row is None or row.state not in {stories.PUBLISHED, stories.REMOVED}:
            continue
        parts = ("slip", "effect", "repair", "lesson") if isinstance(row, Story) else ("text",)
        known = any(getattr(row, part) for part in parts)
        for part in parts:
            setattr(row, part, "")
        await edits.forget(session, kind, (subject,))
        return known
    return False
