"""The end of a circle: asked for by one person, agreed to by a second, and a day later everything goes.

Nobody can do it alone, whatever they press and on however many devices: the second is another account. For a
day the whole circle can read of it, and whoever leads or keeps it can stop it with one press. Then its
stories go from Discord, a few at a time, and at last all that is kept of the circle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules.kept import Kept
from bot.services.acts import Did, Role, note_act
from bot.services.circles import CircleInfo, as_info
from bot.services.duty import tell_on_duty
from bot.services.leaving import wipe_circle
from bot.services.outbox import Lease, Priority
from bot.services.retracting import retract_story
from bot.services.telling import RETRACT, owe_for_circle
from db import deliveries, notices, stories, wipes
from db.care_tables import Wipe
from db.database import Database
from db.tables import Circle

WIPE = "wipe"
"""The kind of the delivery that tells the circle of its end, and that it was stopped."""
ASKED = "wipe_asked"
"""The kind of what those on duty are told."""
ASKING = timedelta(days=7)
"""Within so long the second person has to agree."""
GRACE = timedelta(days=1)
"""So long everybody can read of it, and it can be stopped."""
PATIENCE = timedelta(days=3)
"""So long what is kept waits for Discord to take the stories away; then it goes all the same."""
AT_A_LOOK = 10


@dataclass(frozen=True, slots=True, repr=False)
class WipeInfo:
    """The end of a circle, as far as it has come."""

    id: int
    circle: CircleInfo
    mine: bool
    """Whoever asks now is who asked for it."""
    final_at: datetime | None
    """When it goes (aware UTC); None until a second person has agreed."""
    going: bool
    """Its day is over: it can't be stopped any more."""


@dataclass(frozen=True, slots=True, repr=False)
class WipePost:
    """What the circle must be told."""

    id: int
    channel_id: int
    message_id: int | None
    final_at: datetime
    stopped: bool


class Wipes:
    """Two people end a circle; neither of them can alone."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def of(self, circle_id: int, user_id: int) -> WipeInfo | None:
        """How far the end of a circle has come; None when nobody wants it. One read."""
        async with self._database.read() as session:
            wipe = await self._living(session, await wipes.of_circle(session, circle_id))
            return await _info(session, wipe, user_id) if wipe is not None else None

    async def get(self, wipe_id: int, user_id: int) -> WipeInfo:
        """The same by its own id. Raises Gone when nobody wants it any more."""
        async with self._database.read() as session:
            return await _info(session, await self._there(session, wipe_id), user_id)

    async def ask(self, circle_id: int, user_id: int, role: Role) -> WipeInfo:
        """Ask for the end of a circle. Who finds that somebody asked already has changed nothing: they can
        agree. Raises Gone."""
        try:
            return await self._ask(circle_id, user_id, role)
        except IntegrityError:  # two people at once: the second finds what the first asked for
            return await self._ask(circle_id, user_id, role)

    async def _ask(self, circle_id: int, user_id: int, role: Role) -> WipeInfo:
        now = self._now()
        async with self._database.write() as session:
            circle = await session.get(Circle, circle_id)
            if circle is None:
                raise Gone("refusals.circle_gone")
            before = await wipes.of_circle(session, circle_id)
            if (living := await self._living(session, before)) is not None:
                return await _info(session, living, user_id)
            if before is not None:  # it lapsed, or was stopped
                await _forget(session, before)
            wipe = Wipe(circle_id=circle_id, state=wipes.ASKED, user_id=user_id, asked_at=now)
            session.add(wipe)
            await session.flush()
            await note_act(session, circle, Did.WIPE_ASKED, role, now)
            day = (now + ASKING).date().isoformat()
            await tell_on_duty(session, circle, ASKED, str(wipe.id), {"day": day}, now)
            return await _info(session, wipe, user_id)

    async def agree(self, wipe_id: int, user_id: int, role: Role) -> WipeInfo:
        """The second person agrees: from now the day runs, and the circle is told. Agreed to twice is once.

        Raises Gone when it lapsed or was stopped, Refusal for whoever asked for it.
        """
        now = self._now()
        async with self._database.write() as session:
            wipe = await self._there(session, wipe_id)
            if wipe.state != wipes.ASKED:
                return await _info(session, wipe, user_id)
            if wipe.user_id is None or wipe.user_id == user_id:
                raise Refusal("refusals.wipe_needs_another")
            circle = await session.get_one(Circle, wipe.circle_id)
            wipe.state, wipe.final_at, wipe.user_id = wipes.AGREED, now + GRACE, None
            await session.flush()
            await note_act(session, circle, Did.WIPE_AGREED, role, now)
            await notices.forget(session, circle.id, ASKED, str(wipe.id))
            await owe_for_circle(session, circle, WIPE, wipe.id, now)
            return await _info(session, wipe, user_id)

    async def stop(self, wipe_id: int, user_id: int, role: Role) -> CircleInfo:
        """Nothing goes. Raises Gone when there is nothing to stop, or when it is too late."""
        now = self._now()
        async with self._database.write() as session:
            wipe = await self._there(session, wipe_id)
            if wipe.state == wipes.GOING or (wipe.final_at is not None and wipe.final_at <= now):
                raise Gone("refusals.wipe_too_late")
            circle = await session.get_one(Circle, wipe.circle_id)
            await note_act(session, circle, Did.WIPE_STOPPED, role, now)
            await notices.forget(session, circle.id, ASKED, str(wipe.id))
            if wipe.state == wipes.ASKED:
                await session.delete(wipe)
            else:  # what the channel was told has to follow
                wipe.state = wipes.STOPPED
                await session.flush()
                await owe_for_circle(session, circle, WIPE, wipe.id, now)
            return as_info(circle, None)

    async def _living(self, session: AsyncSession, wipe: Wipe | None) -> Wipe | None:
        if wipe is None or wipe.state == wipes.STOPPED:
            return None
        lapsed = wipe.state == wipes.ASKED and wipe.asked_at + ASKING <= self._now()
        return None if lapsed else wipe

    async def _there(self, session: AsyncSession, wipe_id: int) -> Wipe:
        wipe = await self._living(session, await session.get(Wipe, wipe_id))
        if wipe is None:
            raise Gone("refusals.wipe_gone")
        return wipe

    # what the circle is told

    async def post(self, lease: Lease) -> WipePost | None:
        """What the circle's channel must show; None when there is nothing to show."""
        async with self._database.write() as session:
            wipe = await session.get(Wipe, lease.subject)
            if wipe is None or wipe.final_at is None:
                return None
            stopped = wipe.state == wipes.STOPPED
            if stopped and wipe.message_id is None and not lease.uncertain:
                await session.delete(wipe)  # it was stopped before anybody was told
                return None
            circle = await session.get_one(Circle, wipe.circle_id)
            return WipePost(wipe.id, circle.channel_id, wipe.message_id, wipe.final_at, stopped)

    async def shown(self, lease: Lease, message_id: int) -> None:
        """The channel shows it. Raises LeaseLost.

        What was stopped is forgotten once the channel says so; if it was stopped while this was on its way,
        that is owed still.
        """
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, message_id)
            wipe = await session.get(Wipe, lease.subject)
            if wipe is None:
                return
            wipe.message_id = message_id
            owed = await deliveries.about(session, (WIPE,), wipe.id)
            if wipe.state == wipes.STOPPED and not any(one.state == deliveries.WAITING for one in owed):
                await session.delete(wipe)

    # the end

    async def due(self, now: datetime) -> int:
        """Do a little of what is due at an aware ``now``: forget what nobody agreed to, let a few stories go
        of a circle whose day is over, and at last the circle. Returns how much that was; nothing while
        Discord still has to take stories away.
        """
        async with self._database.read() as session:
            lapsed = await wipes.lapsed(session, now - ASKING)
            ending = [
                one for one in await wipes.over(session, now) if await self._has_work(session, one, now)
            ]
        if lapsed:
            async with self._database.write() as session:
                for wipe_id in lapsed:
                    wipe = await session.get(Wipe, wipe_id)
                    if wipe is not None and wipe.state == wipes.ASKED:
                        await notices.forget(session, wipe.circle_id, ASKED, str(wipe.id))
                        await _forget(session, wipe)
        for wipe_id in ending:
            async with self._database.write() as session:
                wipe = await session.get(Wipe, wipe_id)
                if wipe is not None and wipe.state in {wipes.AGREED, wipes.GOING}:
                    await self._go_on(session, wipe, now)
        return len(lapsed) + len(ending)

    async def _has_work(self, session: AsyncSession, wipe_id: int, now: datetime) -> bool:
        """Whether there is something to do, and not only to wait for Discord."""
        wipe = await session.get_one(Wipe, wipe_id)
        begun = wipe.state == wipes.GOING and not await wipes.with_words(session, wipe.circle_id, 1)
        return not (begun and await self._waits(session, wipe, now))

    async def _waits(self, session: AsyncSession, wipe: Wipe, now: datetime) -> bool:
        patient = wipe.final_at is not None and now < wipe.final_at + PATIENCE
        return patient and await wipes.still_shown(session, wipe.circle_id, RETRACT)

    async def _go_on(self, session: AsyncSession, wipe: Wipe, now: datetime) -> None:
        """The circle rests for good, its stories go, then all that is left."""
        circle = await session.get_one(Circle, wipe.circle_id)
        wipe.state = wipes.GOING
        circle.paused, circle.paused_until = True, None
        found = await wipes.with_words(session, circle.id, AT_A_LOOK)
        for story in found:
            await retract_story(session, story, stories.WITHDRAWN, now, Priority.DIGEST)
        await session.flush()
        if not found and not await self._waits(session, wipe, now):
            await wipe_circle(session, circle, now)

    async def next_due(self) -> datetime | None:
        """When the next day is over."""
        async with self._database.read() as session:
            return await wipes.next_over(session)

    # whoever asked

    async def kept(self, user_id: int) -> Sequence[Kept]:
        """For *what is kept about me*: that somebody asked first, until a second person agrees."""
        async with self._database.read() as session:
            return [
                Kept(
                    "wipe",
                    {"channel": f"<#{circle.channel_id}>", "day": wipe.asked_at.date().isoformat()},
                    {"what": "that you asked for the end of a circle", "server": str(circle.guild_id),
                     "channel": str(circle.channel_id), "asked_at": wipe.asked_at.isoformat()},
                )
                for wipe, circle in await wipes.asked_by(session, user_id)
            ]  # fmt: skip

    async def erase(self, user_id: int) -> int:
        """Take back what somebody asked for, and with it who asked. Returns how many those were."""
        async with self._database.write() as session:
            rows = await wipes.asked_by(session, user_id)
            for wipe, circle in rows:
                await notices.forget(session, circle.id, ASKED, str(wipe.id))
                await _forget(session, wipe)
            return len(rows)


async def _forget(session: AsyncSession, wipe: Wipe) -> None:
    await stories.forget_deliveries(session, (WIPE,), wipe.id)
    await session.delete(wipe)
    await session.flush()


async def _info(session: AsyncSession, wipe: Wipe, user_id: int) -> WipeInfo:
    circle = as_info(await session.get_one(Circle, wipe.circle_id), None)
    mine = wipe.user_id is not None and wipe.user_id == user_id
    return WipeInfo(wipe.id, circle, mine, wipe.final_at, wipe.state == wipes.GOING)
