"""Circles without Discord whose time is moved by hand: the proofs need hundreds of stories in weeks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import text

from bot.content.library import load_library
from bot.rules.calendar import WeeklyTime
from bot.rules.reports import WAIT, Reason
from bot.rules.stories import StoryDraft, StoryWords, Voice
from bot.services import make_services
from bot.services.circles import CirclePlan
from bot.services.keyring import Keyring
from bot.services.outbox import Lease
from bot.services.reports import Place
from bot.services.stories import Teller, Told
from db.database import Database, open_database
from db.key_table import TableKeyStore
from db.keys import FileKeyStore, KeyStore
from tests.conftest import PEPPER, START, WORDS, Now
from tests.services.desk import Desk
from tests.wire.clock import at_time

GUILD, FIRST_CHANNEL = 600_000_000_000_000_001, 610_000_000_000_000_000
FILE, KEYS = "good-enough.sqlite3", "epoch-keys.json"
TICK = timedelta(seconds=5)
"""How long something that is due may wait for the clock."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A story as everybody sees it: when it appeared, and the message's id, which tells that too."""

    at: datetime
    message_id: int


@dataclass
class Town(Desk):
    """Several circles of one server. Ids of messages tell their time, as Discord's do."""

    folder: Path = Path()
    database: Database = field(init=False)
    now: Now = field(default_factory=Now)
    random: Random = field(default_factory=Random)
    circles: list[int] = field(default_factory=list[int])
    shown: dict[int, Shown] = field(default_factory=dict[int, Shown])
    """By the story's id."""
    listeners: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    """Called whenever something may have been written: who watches the folder, for instance."""

    async def settle_in(self, circles: int, delay_minutes: int, **plan: Any) -> Town:
        """Set circles up whose unnamed stories wait so long at most."""
        for number in range(circles):
            wishes = CirclePlan("UTC", weekday=0, at_minute=540, size=12, delay_minutes=delay_minutes, **plan)
            saved = await self.services.circles.save(GUILD, FIRST_CHANNEL + number, wishes, "en")
            self.circles.append(saved.circle.id)
        self.circle_id = self.circles[0]
        self._ids: Any = self._times()
        return self

    def _times(self) -> Iterator[int]:
        last = 0
        while True:
            last = max(last + 1, at_time(self.now()))
            yield last

    async def write(self, slip: str, *, circle: int | None = None, named: bool = False) -> str:
        """A form is sent off; the draft's code."""
        voice = Voice.NAMED if named else Voice.UNNAMED
        draft = StoryDraft(circle or self.circle_id, voice, StoryWords(slip))
        return (await self.services.stories.keep(draft)).receipt

    async def post(self, receipt: str, person: int, name: str = "Somebody") -> Told:
        """*Post*; where the preview has changed since, once more."""
        told = await self.services.stories.post(receipt, 1, Teller(person, name))
        if not isinstance(told, Told):
            told = await self.services.stories.post(receipt, told.draft.revision, Teller(person, name))
        assert isinstance(told, Told)
        return told

    async def remind(self, person: int, circle: int | None = None) -> None:
        """Somebody wants to be reminded weekly, by name."""
        at = time(self.random.randrange(24), self.random.randrange(60))
        when = WeeklyTime(self.random.randrange(7), at, "UTC")
        await self.services.reminders.remind_weekly(person, circle or self.circle_id, when)

    async def report(self, person: int, story_id: int, words: str = "") -> int:
        """Somebody reports a story, and moderators can see it; the report's id."""
        story = await self.services.publishing.published(story_id)
        assert story is not None
        assert story.message_id is not None
        place = Place(story.circle_id, story.channel_id, story.message_id)
        await self.services.reports.report(place, person, Reason.HURTS, words)
        await self.until(self.now() + WAIT)
        found = await self.services.report_desk.page(story.circle_id, 10**6)
        assert found is not None
        return found.id

    async def until(self, moment: datetime) -> None:
        """Time passes with the bot awake: it looks at every due moment, a little late as its clock is, and
        does at midnight what it does at every tick."""
        while True:
            coming = [
                await self.services.outbox.next_due(),
                await self.services.note_pages.next_due(),
                await self.services.reports.next_due(),
            ]
            due = min((moment for moment in coming if moment is not None), default=None)
            midnight = (self.now() + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
            step = min(midnight, due + TICK * self.random.random() if due else midnight)
            if step > moment:
                break
            self.now.at = max(step, self.now.at)
            await self.tick(whole=step == midnight)
        self.now.at = max(moment, self.now.at)

    async def tick(self, *, whole: bool = True) -> None:
        """What the clock's tick does; not ``whole``: what is due is delivered."""
        services = self.services
        for source in (services.housekeeping, services.reminders) if whole else ():
            while await source.due(self.now()):
                pass
        while await services.note_pages.due(self.now()):
            pass
        while await services.reports.due(self.now()):
            pass
        await self.deliver()
        for listener in self.listeners:
            listener()

    async def clean(self) -> None:
        """The daily work, now."""
        assert await self.services.housekeeping.clean(self.now())

    async def _settle(self, lease: Lease) -> None:
        if lease.kind == "reminder":
            await self.services.reminders.sent(lease)
            return
        await super()._settle(lease)
        if lease.kind == "story" and lease.subject not in self.shown:
            story = await self.services.publishing.published(lease.subject)
            if story is not None and story.message_id is not None:
                self.shown[lease.subject] = Shown(self.now(), story.message_id)

    async def rows(self, query: str) -> list[Any]:
        """Past all queries of the bot's own."""
        async with self.database.read() as session:
            return list(await session.execute(text(query)))


@asynccontextmanager
async def town(
    folder: Path, random: Random, *, url: str | None = None, start: datetime = START
) -> AsyncGenerator[Town]:
    """Services on a new database in ``folder``, or at ``url``; no circle yet. On SQLite without waiting for
    the disk: nothing crashes here."""
    now = Now(start)
    async with open_database(url or f"sqlite+aiosqlite:///{folder / FILE}") as database:
        store: KeyStore = FileKeyStore(folder / KEYS) if database.is_sqlite else TableKeyStore(database)
        if database.is_sqlite:
            await _without_waiting(database)
        keyring = Keyring(store, PEPPER, 28)
        await keyring.open(now())
        services = make_services(
            database, keyring, load_library(), WORDS, now=now, random=random, grace=timedelta(hours=12)
        )
        made = Town(services, folder=folder, now=now, random=Random(random.random()))
        made.database = database
        yield made


async def _without_waiting(database: Database) -> None:
    async with database._writer.connect() as connection:
        await connection.run_sync(lambda one: one.connection.cursor().execute("PRAGMA synchronous=OFF"))


def person_ids(count: int, random: Random) -> list[int]:
    """Ids of people, in no order that means anything."""
    first = at_time(datetime(2019, 1, 1, tzinfo=UTC))
    last = at_time(datetime(2025, 1, 1, tzinfo=UTC))
    return [random.randrange(first, last) for _ in range(count)]


def run(coroutine: Any) -> Any:
    """For the command line."""
    return asyncio.run(coroutine)
