"""The order in which people told, held against every order that is kept: where rows and entries lie in the
file, what stands in their columns, numbers, and ids of messages.

Everybody does the same inside one window, one after the other. What somebody's own rows betray counts as
well: a reminder with a user id beside a story without one would join them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import inspect

from bot.rules.anonymity import Purpose, sign_subjects
from bot.rules.receipts import receipt_hash
from bot.rules.reports import Reason
from bot.services.reports import Place
from bot.services.resonating import Sign
from bot.services.stories import Told
from db.people_tables import Leaver, Nudge
from db.story_tables import Edit, StoryPage
from db.types import Base
from tests.anonymity.chance import Correlation, Group, within
from tests.anonymity.pages import SqliteFile, Value
from tests.anonymity.town import FILE, FIRST_CHANNEL, GUILD, Town, person_ids, town
from tests.conftest import START

Key = str | int | bytes
Found = dict[str, list[Group]]
"""By a table's or index' name and what is looked at: for each window what stands there, in both orders."""

DAYS = timedelta(days=2)


@dataclass
class Window:
    """So many people who told in one stretch of time, in this order."""

    people: list[int]
    handles: dict[Key, int] = field(default_factory=dict[Key, int])
    """Whatever can stand in a row or entry that comes from somebody, with that somebody's place."""


@dataclass
class Orders:
    """What came of some windows."""

    waiting: Found = field(default_factory=lambda: defaultdict(list))
    """While all of them waited, after the daily erasure."""
    shown: Found = field(default_factory=lambda: defaultdict(list))
    """When all had appeared, after the daily erasure."""
    unclean: Found = field(default_factory=lambda: defaultdict(list))
    """While all of them waited, before the daily erasure: only told, because it is known to be seen."""
    tables: set[str] = field(default_factory=set[str])
    """Those, and their indexes, in which something of somebody was found."""
    filled: set[str] = field(default_factory=set[str])
    """The tables that hold anything in the end."""


Stretch = Callable[[Town], Awaitable[tuple[datetime, timedelta]]]
"""When the people of a window begin, and how long it takes until the last of them has told."""


async def at_once(here: Town) -> tuple[datetime, timedelta]:
    """All within a second."""
    return here.now(), timedelta(seconds=1)


async def play(
    folder: Path,
    random: Random,
    *,
    windows: int,
    people: int,
    stretch: Stretch = at_once,
    stories_alone: bool = False,
    url: str | None = None,
) -> Orders:
    """Let people tell, one after the other, in windows that lie days apart. Unless ``stories_alone`` they
    also do everything else: what waits otherwise than stories can't be told in one stretch of each."""
    orders = Orders()
    async with town(folder, random, url=url) as here:
        await here.settle_in(1, delay_minutes=30)
        crowd = person_ids(people, random)
        life = Life(here, random)
        for person in (
            [] if stories_alone else random.sample(crowd, people) * 2
        ):  # what is added to, and what is taken back
            await life.tells(person)
        for _ in range(windows):
            await here.until(here.now() + DAYS)
            life.answered = (await here.tell(random.getrandbits(60), "All answer to this.")).story_id
            await here.until(here.now() + timedelta(hours=1))
            window = Window(random.sample(crowd, people))
            await life.everybody(window, *await stretch(here), stories_alone=stories_alone)
            await _collect(here, window, orders.unclean, orders)
            await here.clean()
            await _collect(here, window, orders.waiting, orders)
            await here.until(here.now() + timedelta(hours=1))
            await here.clean()
            await _collect(here, window, orders.shown, orders)
            await life.forget()
        orders.filled = await filled(here)
    return orders


@dataclass
class Life:
    """What each person does in a window, all in the same order."""

    here: Town
    random: Random
    answered: int = 0
    own: dict[int, list[Told]] = field(default_factory=lambda: defaultdict(list))
    _until: datetime = START
    """When mutes end: that is the moderators' doing."""

    async def everybody(
        self, window: Window, begin: datetime, stretch: timedelta, *, stories_alone: bool
    ) -> None:
        """One after the other."""
        here, count = self.here, len(window.people)
        self._until = begin + timedelta(days=1)
        for place, person in enumerate(window.people):
            await here.until(begin + stretch * place / count)
            for handle in await (self._tells(person) if stories_alone else self._lives(person)):
                window.handles[handle] = place
        for key, subject in await here.rows("SELECT id, subject FROM deliveries"):
            if subject in window.handles:
                window.handles[key] = window.handles[subject]

    async def tells(self, person: int) -> Told:
        """A story without a name; all have the same length."""
        slip = "".join(self.random.choices("abcdefghijklmnopqrstuvwxyz", k=200))
        told = await self.here.post(await self.here.write(slip), person)
        self.own[person].append(told)
        return told

    async def _tells(self, person: int) -> list[Key]:
        """A draft that stays and a story, and a reminder with a name right after it."""
        left, told = await self.here.write("Never posted."), await self.tells(person)
        await self.here.remind(person)
        hashes = [receipt_hash(left), receipt_hash(told.receipt)]
        return [told.story_id, person, f"dm:{person}", *hashes]

    async def _lives(self, person: int) -> list[Key]:
        """A draft stays; a story, an update, a withdrawal, a reply, a sign, a note, a mute; and what bears
        the name: a reminder. Returns whatever can stand in a row that comes of it."""
        here, services = self.here, self.here.services
        left = await here.write("Never posted.")
        gone, earlier = self.own[person].pop(0), self.own[person][0]
        told = await self.tells(person)
        update = await here.update(person, earlier.story_id, "It went on well enough.")
        await services.own_stories.withdraw(gone.story_id, gone.receipt, person)
        await here.deliver()  # everybody sees at once that it is gone
        reply = await here.reply(person, self.answered, "I know that well.")
        await services.resonating.press(self.answered, Sign.THANKS, person)
        note = await here.note(person, self.answered, "That took courage.")
        reported = await self._reports(person)
        await here.remind(person)
        await services.moderation.mute(earlier.story_id, self._until)
        await self._by_hand(person, told.story_id)
        receipts = [told.receipt, update.receipt, reply.receipt, note.receipt]
        hashes: list[Key] = [receipt_hash(receipt) for receipt in receipts]
        known: list[Key] = [receipt_hash(left), person, f"dm:{person}", told.story_id, gone.story_id]
        more = [earlier.story_id, note.id, reply.pen_name or "", await self._tag(person)]
        return [*known, *more, *hashes, *reported, *await self._ids(hashes)]

    async def _tag(self, person: int) -> bytes:
        epoch = (await self.here.rows(f"SELECT epoch FROM stories WHERE id = {self.answered}"))[0][0]  # noqa: S608
        subject, _ = sign_subjects(self.answered, Sign.THANKS)
        tag = self.here.services.keyring.tag(epoch, Purpose.RESONANCE, subject, person)
        assert tag is not None
        return tag

    async def _reports(self, person: int) -> list[Key]:
        """Each reports a message of their own; what can stand in a row that comes of it."""
        message_id = self.random.getrandbits(60)
        place = Place(self.here.circle_id, FIRST_CHANNEL, message_id)
        await self.here.services.reports.report(place, person, Reason.HURTS, "")
        ((report_id, tag),) = await self.here.rows(
            "SELECT reports.id, report_voices.tag FROM reports JOIN report_voices ON report_id = reports.id"  # noqa: S608
            f" WHERE message_id = {message_id}"
        )
        return [message_id, report_id, str(report_id), bytes(tag)]

    async def _ids(self, hashes: Collection[Key]) -> list[Key]:
        """The ids of updates and replies, which nobody is told."""
        return [
            row.id
            for table in ("updates", "replies")
            for row in await self.here.rows(f"SELECT id, receipt_hash FROM {table}")  # noqa: S608
            if bytes(row.receipt_hash) in hashes
        ]

    async def _by_hand(self, person: int, story_id: int) -> None:
        """Rows of tables that nothing here fills otherwise: what they are like betrays no order either."""
        page = StoryPage(story_id=story_id, position=1, message_id=self.random.getrandbits(60))
        edit = Edit(kind="story", subject=story_id, words={"slip": "Other words."})
        day = self.here.now().date() + timedelta(days=self.random.randrange(40))
        nudge, leaver = Nudge(user_id=person, due_on=day), Leaver(guild_id=GUILD, user_id=person, since=day)
        async with self.here.database.write() as session:
            for row in (page, edit, nudge, leaver):
                await session.merge(row)

    async def forget(self) -> None:
        """Everybody's reminder goes, so that the next window's are new."""
        for person in self.own:
            await self.here.services.reminders.stop_all(person)


async def _collect(here: Town, window: Window, into: Found, orders: Orders) -> None:
    """Every order in which something of the window's people lies, beside the order in which they told."""
    cells = await (_cells_of_file(here) if here.database.is_sqlite else _rows_of_server(here))
    seen: dict[str, dict[int, list[float | Value]]] = defaultdict(dict)
    for name, looks in cells:
        place = next((p for value in looks["values"] if (p := _place(window, value)) is not None), None)
        if place is None:
            continue
        orders.tables.add(name)
        for what, value in looks.items():
            if what != "values":
                seen[f"{name}: {what}"].setdefault(place, []).append(value)
        for number, value in enumerate(looks["values"]):
            seen[f"{name}: value {number + 1}"].setdefault(place, []).append(value)
    for what, by_place in seen.items():
        # several rows of one person: the first one stands for all
        values = {place: _first(found) for place, found in by_place.items()}
        into[what].append(_ranked({place: value for place, value in values.items() if value is not None}))


def _place(window: Window, value: Value) -> int | None:
    return window.handles.get(value) if isinstance(value, str | int | bytes) else None


def _first(found: Sequence[Any]) -> Any:
    there = [value for value in found if value is not None]
    return min(there, key=lambda value: (str(type(value)), value)) if there else None


def _ranked(values: dict[int, Any]) -> Group:
    """Values of any kind by their order: numbers, days as text, bytes."""
    order = sorted(set(values.values()), key=lambda value: (str(type(value)), value))
    rank = {value: number for number, value in enumerate(order)}
    return [(float(place), float(rank[value])) for place, value in values.items()]


async def _cells_of_file(here: Town) -> Iterable[tuple[str, dict[str, Any]]]:
    async with here.database._writer.connect() as connection:
        await connection.run_sync(
            lambda one: one.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        )
    return [
        (cell.name, {"place": cell.place, "page": cell.page, "offset": cell.offset, "values": cell.values})
        for cell in SqliteFile(here.folder / FILE).cells()
    ]


async def _rows_of_server(here: Town) -> Iterable[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for table in Base.metadata.tables:
        rows = await here.rows(f"SELECT ctid::text, xmin::text::bigint, * FROM {table}")  # noqa: S608
        for ctid, xmin, *values in rows:
            block, line = str(ctid).strip("()").split(",")
            plain = [v if v is None or isinstance(v, int | str | bytes) else str(v) for v in values]
            looks = {"ctid": int(block) * 10_000 + int(line), "xmin": int(xmin), "values": plain}
            found.append((table, looks))
    return found


async def filled(here: Town) -> set[str]:
    """The tables that hold anything."""
    async with here.database.read() as session:
        names = await (await session.connection()).run_sync(lambda one: inspect(one).get_table_names())
    return {name for name in names if await here.rows(f'SELECT 1 FROM "{name}" LIMIT 1')}  # noqa: S608


def correlations(found: Found) -> dict[str, Correlation]:
    """Each order's correlation with that of telling, where it tells anything apart."""
    all_of_them = {what: within(groups) for what, groups in sorted(found.items())}
    return {what: one for what, one in all_of_them.items() if one.groups}


def leaks(found: Found) -> dict[str, Correlation]:
    """Those that chance doesn't explain."""
    return {what: one for what, one in correlations(found).items() if one.surprising}
