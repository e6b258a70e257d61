"""Restoring: what has to be put right in a copy of the database before the bot goes on with it.

The copy doesn't know what has happened since it was made. So nothing that it still owes is sent by
itself, no week is asked about twice, nothing that was taken back comes back, and nothing overdue is made
up. What the replaced database or the mirror of erasures still knows is used.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.housekeeping import MEMO as CLEANED_UP
from bot.services.nudges import NUDGE
from bot.services.reminders import DELIVERY as REMINDER
from bot.services.reminders import coming
from bot.services.replaying import replay
from bot.services.restored_weeks import set_right
from bot.services.telling import EDIT, HIDE, LOCK, PAGES, RETRACT, RETRACT_REPLY, RETRACT_UPDATE, THREAD
from bot.services.wipes import WIPE
from db import erasures, notices, reminders, restoring
from db.copying import COPIED_AT
from db.database import Database
from db.deliveries import DUTY
from db.erasures import Erased
from db.restoring import Remains
from db.story_tables import Mute
from db.tables import Circle, Memo

HARMLESS = (THREAD, LOCK, HIDE, RETRACT, RETRACT_REPLY, RETRACT_UPDATE, EDIT, PAGES)
"""Kinds of deliveries that can be done twice: Discord then looks like the state, as it should."""
SYNCED = "commands"
"""The memo of the commands that Discord knows: they may have changed since."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LostMute:
    """A mute whose key is destroyed: where it was, and for which story it was given."""

    channel_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put right."""

    copied_at: datetime
    """When the copy was made (aware UTC); of one that ``backup`` didn't make, the last day before that on
    which it was cleaned up, or ``LONG_AGO`` when it doesn't know even that."""
    unsure: int
    """Deliveries that may have arrived since."""
    erased: int
    """Things that were taken back since, and are gone again."""
    weeks: int
    """Circles in which nobody can say whether this week's question was asked."""
    lost_mutes: tuple[LostMute, ...]


async def look_at_remains(database: Database) -> Remains | None:
    """What the database that will be replaced still knows; None when it can't be read any more."""
    try:
        async with database.read() as session:
            return await restoring.remains(session)
    except SQLAlchemyError:
        return None


class Restoring:
    """Puts a copy right, in one transaction."""

    def __init__(self, database: Database, epochs: Collection[int]) -> None:
        """``epochs`` are those whose keys still live."""
        self._database = database
        self._epochs = epochs

    async def repair(self, now: datetime, remains: Remains | None, erased: Collection[Erased]) -> Restored:
        """Put everything right at an aware ``now``. Done again it changes nothing more.

        ``erased`` is what the mirror remembers, ``remains`` what the replaced database knows.
        """
        async with self._database.write() as session:
            copied_at = await _copied_at(session)
            unsure = await _doubt(session, copied_at)
            known = {*erased, *(remains.erased if remains else ())}
            await erasures.add(session, known)
            gone = await replay(session, _since(known, copied_at), now)
            if remains is not None:
                await _carry_over(session, remains, now)
            # who stopped a nudge since, or came back, stands in no erasure: those hold no person
            await restoring.only_these_people(session, remains.people if remains is not None else ())
            lost = await self._lost_mutes(session, now)
            weeks = await set_right(session, remains, now)
            await _reminders(session, now)
            # who agreed since, or stopped it, is unknown: nothing ends on the strength of a copy
            await restoring.drop_wipes(session)
            await restoring.drop_deliveries(session, WIPE)
            await _tell(session, copied_at, now)
            for name in (COPIED_AT, CLEANED_UP, SYNCED):
                if (memo := await session.get(Memo, name)) is not None:
                    await session.delete(memo)
            return Restored(copied_at, unsure, gone, weeks, lost)

    async def _lost_mutes(self, session: AsyncSession, now: datetime) -> tuple[LostMute, ...]:
        lost: list[LostMute] = []
        for mute, channel_id in await restoring.mutes(session):
            if mute.until <= now:
                await session.delete(mute)
            elif mute.epoch not in self._epochs:
                lost.append(LostMute(channel_id, mute.number))
                await session.delete(mute)
        return tuple(lost)


async def _copied_at(session: AsyncSession) -> datetime:
    """When the copy was made. One that ``backup`` didn't make tells at least its last daily clean-up."""
    for name in (COPIED_AT, CLEANED_UP):
        memo = await session.get(Memo, name)
        if memo is not None:
            moment = datetime.fromisoformat(memo.value)
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return LONG_AGO


def _since(known: Collection[Erased], copied_at: datetime) -> set[Erased]:
    """What a copy of that time can't know. What was edited on its day may have been edited after it; other
    things are taken back once, so that whatever is there again was taken back since."""
    day = copied_at.astimezone(UTC).date()
    return {one for one in known if one.kind not in erasures.AGAIN or one.day > day}


async def _doubt(session: AsyncSession, copied_at: datetime) -> int:
    """What goes to a person is about a moment that is over, and what those on duty weren't told yet stands at
    ``/circle status``; all else that would be sent may be there."""
    for kind in (REMINDER, NUDGE, DUTY):
        await restoring.drop_deliveries(session, kind)
    await restoring.release(session, HARMLESS)
    return await restoring.doubt(session, HARMLESS, copied_at)


async def _carry_over(session: AsyncSession, remains: Remains, now: datetime) -> None:
    """Numbers that were given and mutes that were spoken since the copy hold on."""
    known = {(mute.circle_id, mute.story_id): mute for mute, _ in await restoring.mutes(session)}
    for circle_id, told in remains.told.items():
        circle = await session.get(Circle, circle_id)
        if circle is not None:
            circle.stories_told = max(circle.stories_told, told)
    for mute in remains.mutes:
        older = known.get((mute.circle_id, mute.story_id))
        if older is not None:
            older.until = mute.until  # it may have been given again since
        elif mute.until > now and await session.get(Circle, mute.circle_id) is not None:
            session.add(Mute(**restoring.again(mute)))
    await session.flush()


async def _reminders(session: AsyncSession, now: datetime) -> None:
    """Each is due next in the future; what was missed isn't made up."""
    last = 0
    while found := await reminders.after(session, last, 200):
        for row in found:
            row.next_due_at = coming(row, now)
        last = found[-1].id


async def _tell(session: AsyncSession, copied_at: datetime, now: datetime) -> None:
    """Facilitators learn that something may be missing, and where something may be there unseen."""
    subject = now.isoformat(timespec="minutes")
    kind, values = "restored", {"day": copied_at.date().isoformat()}
    if copied_at == LONG_AGO:
        kind, values = "restored_undated", dict[str, str]()
    await notices.tell_many(session, await restoring.circle_ids(session), kind, subject, values)
    in_doubt = await restoring.circles_in_doubt(session)
    await notices.tell_many(session, in_doubt, "restored_unsure", subject, {})
