"""Who has left: people whose name or reminder is kept, and servers that the bot was removed from.

Discord tells the bot of no member who leaves, so it asks about those whose data is kept, once a week,
one at a time. What is kept of somebody who left, or of a server, goes after a grace; who comes back before
that finds all as it was.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.kept import Kept
from bot.rules.shares import Share
from bot.services.erasures import note_erased
from bot.services.outbox import channel_destination
from bot.services.reminders import DELIVERY as REMINDER
from bot.services.retracting import retract_story
from db import circles, erasures, notices, people, reminders, stories
from db.database import Database
from db.people_tables import Leaver, LeftServer
from db.tables import Circle, Memo

GRACE = timedelta(days=30)
NOTICE = timedelta(days=7)
"""So long before the end of the grace facilitators are told."""
MEMO = "members"
"""The memo of the week (its Monday) in which it was asked, and up to which server: no person stands there."""
DONE = "done"
SERVERS_AT_A_LOOK = 50
AFTER_A_FAILURE = timedelta(minutes=5)
WARNED, BACK = "people_left", "server_back"
"""Kinds of the notices to facilitators."""


class Leaving:
    """Notices who has left, and forgets them after the grace."""

    def __init__(self, database: Database, now: Callable[[], datetime], share: Share) -> None:
        self._database = database
        self._now = now
        self._share = share
        self._queue: deque[tuple[int, int]] = deque()
        """Whom to ask about next: server and person. In memory alone."""
        self._week: str | None = None
        self._server = 0
        self._day: date | None = None
        self._swept_on: date | None = None
        self._not_before: datetime | None = None

    # people

    async def next_question(self, now: datetime) -> tuple[int, int] | None:
        """The server and the person to ask Discord about now, at an aware ``now``; None when nobody is.

        Of several processes the one with shard 0 asks about everybody.
        """
        if not self._share.first or (self._not_before is not None and now < self._not_before):
            return None
        today = now.astimezone(UTC).date()
        if self._day != today:
            await self._begin_day(today)
        if not self._queue:
            await self._fill(today)
        return self._queue.popleft() if self._queue else None

    def ask_later(self, guild_id: int, user_id: int) -> None:
        """Discord gave no answer."""
        self._queue.appendleft((guild_id, user_id))
        self._not_before = self._now() + AFTER_A_FAILURE

    async def answered(self, guild_id: int, user_id: int, *, here: bool) -> None:
        """Discord said whether somebody is in a server. After the grace, what is kept of who isn't goes."""
        now = self._now()
        today = now.astimezone(UTC).date()
        async with self._database.read() as session:
            known = await session.get(Leaver, (guild_id, user_id))
            if here and known is None:
                return
        async with self._database.write() as session:
            row = await session.get(Leaver, (guild_id, user_id))
            if here or (row is not None and row.since + GRACE <= today):
                if not here:
                    await self._forget(session, guild_id, user_id, now)
                if row is not None:
                    await session.delete(row)
            elif row is None and user_id in await people.kept_in(session, guild_id):
                session.add(Leaver(guild_id=guild_id, user_id=user_id, since=today))

    async def kept(self, user_id: int) -> Sequence[Kept]:
        """For *what is kept about me*."""
        async with self._database.read() as session:
            return [
                Kept(
                    "left",
                    {"day": row.since.isoformat(), "until": (row.since + GRACE).isoformat()},
                    {"what": "that you left a server", "server": str(row.guild_id),
                     "noticed_on": row.since.isoformat()},
                )
                for row in await people.leavers_of(session, user_id)
            ]  # fmt: skip

    async def erase(self, user_id: int) -> int:
        """Forget that somebody left. Returns how many rows that were."""
        async with self._database.write() as session:
            rows = await people.leavers_of(session, user_id)
            for row in rows:
                await session.delete(row)
            return len(rows)

    async def _forget(self, session: AsyncSession, guild_id: int, user_id: int, now: datetime) -> None:
        for story in await people.named_in(session, guild_id, user_id):
            await retract_story(session, story, stories.WITHDRAWN, now)
        rows = await people.reminders_in(session, guild_id, user_id)
        await note_erased(session, erasures.REMINDER, [row.id for row in rows], now)
        await reminders.remove(session, REMINDER, rows)

    async def _begin_day(self, today: date) -> None:
        """Once a day: warn facilitators, and ask at once about those whose grace is over."""
        async with self._database.read() as session:
            leaving = await people.leavers_since(session, today - (GRACE - NOTICE))
        for guild_id, since in sorted({(row.guild_id, row.since) for row in leaving}):
            async with self._database.write() as session:
                together = [row for row in leaving if (row.guild_id, row.since) == (guild_id, since)]
                await _warn(session, together)
        self._queue.extend((row.guild_id, row.user_id) for row in leaving if row.since + GRACE <= today)
        self._day = today

    async def _fill(self, today: date) -> None:
        """Go on to the next servers in which something is kept of anybody, until the week's round is done."""
        week = (today - timedelta(days=today.weekday())).isoformat()
        if self._week is None:
            await self._where_it_was(week)
        if self._week != week:
            self._week, self._server = week, 0
        elif self._server < 0:
            return
        async with self._database.read() as session:
            left = {row.guild_id for row in await people.left_servers(session)}
            for _ in range(SERVERS_AT_A_LOOK):
                found = await people.next_server(session, self._server)
                self._server = -1 if found is None else found
                if found is None or found in left:
                    if found is None:
                        break
                    continue
                if those := await people.kept_in(session, found):
                    self._queue.extend((found, user_id) for user_id in sorted(those))
                    break
        if self._queue or self._server < 0:
            await self._remember(week)

    async def _where_it_was(self, week: str) -> None:
        async with self._database.read() as session:
            memo = await session.get(Memo, MEMO)
        known, _, server = (memo.value if memo is not None else "").partition(" ")
        self._week = known or None
        if known == week:
            # the server that it was at is asked about once more
            self._server = -1 if server == DONE else int(server or "1") - 1

    async def _remember(self, week: str) -> None:
        server = DONE if self._server < 0 else str(self._server)
        async with self._database.write() as session:
            await session.merge(Memo(name=MEMO, value=f"{week} {server}"))

    # servers

    async def removed(self, guild_id: int) -> None:
        """The bot was removed from a server: from now the grace runs, if it keeps anything of it."""
        async with self._database.write() as session:
            await self._note_left(session, guild_id)

    async def returned(self, guild_id: int) -> bool:
        """The bot is in a server again. Returns whether it had been removed; then facilitators are told."""
        async with self._database.read() as session:
            if await session.get(LeftServer, guild_id) is None:
                return False
        async with self._database.write() as session:
            return await self._note_back(session, guild_id)

    async def compare(self, here: Collection[int]) -> None:
        """At a start: what happened to the servers of our share while nobody looked. ``here`` are those
        that the bot is in."""
        async with self._database.read() as session:
            kept = {guild_id for guild_id in await people.servers(session) if self._share.owns(guild_id)}
            left = {row.guild_id for row in await people.left_servers(session)}
        gone, back = kept - set(here) - left, left & set(here)
        if not gone and not back:
            return
        async with self._database.write() as session:
            for guild_id in sorted(gone):
                await self._note_left(session, guild_id)
            for guild_id in sorted(back):
                await self._note_back(session, guild_id)

    async def forget_servers(self, now: datetime, still_gone: Callable[[int], bool]) -> int:
        """Let one circle go of a server whose grace is over at an aware ``now``. Returns how many went.

        ``still_gone`` says whether the bot is still not in a server.
        """
        today = now.astimezone(UTC).date()
        if self._swept_on == today:
            return 0
        async with self._database.read() as session:
            over = [
                row.guild_id
                for row in await people.left_servers(session)
                if row.since + GRACE <= today and self._share.owns(row.guild_id) and still_gone(row.guild_id)
            ]
        if not over:
            self._swept_on = today
            return 0
        async with self._database.write() as session:
            found = await circles.of_guild(session, over[0])
            if not found:
                await people.forget_leavers(session, over[0])
                row = await session.get(LeftServer, over[0])
                if row is not None:
                    await session.delete(row)
            for circle in found[:1]:
                await wipe_circle(session, circle, now)
            return 1

    async def _note_left(self, session: AsyncSession, guild_id: int) -> None:
        if await session.get(LeftServer, guild_id) is None and await circles.of_guild(session, guild_id):
            session.add(LeftServer(guild_id=guild_id, since=self._now().astimezone(UTC).date()))

    async def _note_back(self, session: AsyncSession, guild_id: int) -> bool:
        row = await session.get(LeftServer, guild_id)
        if row is None:
            return False
        day = row.since.isoformat()
        await session.delete(row)
        for circle in await circles.of_guild(session, guild_id):
            await notices.tell(session, circle.id, BACK, day, {"day": day})
        return True


async def wipe_circle(session: AsyncSession, circle: Circle, now: datetime) -> None:
    """A circle goes for good, with all that belongs to it, inside somebody's transaction."""
    await note_erased(session, erasures.CIRCLE, (circle.id,), now)
    await people.wipe(session, circle, channel_destination(circle.channel_id))


async def _warn(session: AsyncSession, leaving: Sequence[Leaver]) -> None:
    """How many stories go of people who were noticed in a server on one day, and when: of whom, facilitators
    needn't be told."""
    told: dict[int, int] = {}
    for row in leaving:
        for story in await people.named_in(session, row.guild_id, row.user_id):
            told[story.circle_id] = told.get(story.circle_id, 0) + 1
    day = (leaving[0].since + GRACE).isoformat()
    for circle_id, count in told.items():
        await notices.tell(session, circle_id, WARNED, day, {"count": str(count), "day": day})
