"""What is over is forgotten on time, and then can't be read in the files either."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.content.library import load_library
from bot.errors import Gone
from bot.rules.anonymity import Purpose, epoch_of, epoch_start
from bot.rules.mutes import MuteFor
from bot.rules.stories import StoryDraft, StoryWords, Voice
from bot.services import Services, make_services
from bot.services.resonating import Sign
from db.database import Database
from db.story_tables import Draft, Mute, PenName, Resonance, Story
from db.tables import Delivery
from db.types import Base
from tests.conftest import ON_SQLITE, WORDS, Now
from tests.services.desk import ANN, BEN, CEM, Desk

WINDOW = timedelta(days=28)


@pytest.fixture
async def desk(services: Services) -> Desk:
    return await Desk(services).open()


def in_the_files(folder: Path, *words: str) -> bool:
    """Whether one of these words stands in the bytes of any file of the folder."""
    return any(word.encode() in path.read_bytes() for path in folder.iterdir() for word in words)


async def clean(desk: Desk, now: Now) -> int:
    """What the clock's tick does."""
    return await desk.services.housekeeping.due(now())


@ON_SQLITE
async def test_a_withdrawn_story_leaves_no_byte_in_any_file(desk: Desk, now: Now, tmp_path: Path) -> None:
    words = ("quokka", "wombat", "platypus")
    told = await desk.tell(ANN, f"The {words[0]} told me off.")
    await desk.reply(BEN, told.story_id, f"A {words[1]} once did that to me.")
    now.forward(minutes=3)
    await desk.deliver()
    await desk.update(ANN, told.story_id, f"The {words[2]} forgave me.")
    await desk.deliver()
    assert all(in_the_files(tmp_path, word) for word in words)  # the search finds what is there

    await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)
    await desk.deliver()
    assert in_the_files(tmp_path, *words)  # deleting alone would not have been enough
    assert await clean(desk, now) == 1

    assert not in_the_files(tmp_path, *words)


@ON_SQLITE
async def test_keys_are_gone_from_their_file_when_the_window_has_passed(
    desk: Desk, now: Now, tmp_path: Path
) -> None:
    await desk.tell(ANN)
    epoch = epoch_of(now(), 28)
    key_file = tmp_path / "keys.json"
    planted = f'"epoch": {epoch}'

    now.at = epoch_start(epoch) + WINDOW - timedelta(seconds=1)
    await clean(desk, now)
    assert planted in key_file.read_text()
    now.forward(seconds=1)
    await clean(desk, now)  # the day's work is done already: keys don't wait for the next

    assert planted not in key_file.read_text()
    assert desk.services.keyring.key(epoch) is None


async def test_months_later_no_row_can_be_tested_against_anybody(
    desk: Desk, now: Now, database: Database
) -> None:
    first = await desk.tell(ANN)
    for week in range(6):
        told = await desk.tell(ANN, f"Week {week}.")
        for person in (BEN, CEM):
            await desk.reply(person, told.story_id, "I hear you.")
            await desk.services.resonating.press(told.story_id, Sign.THANKS, person)
        await desk.services.resonating.press(told.story_id, Sign.LEARNED, BEN)
        end = await desk.services.moderation.mute_end(told.story_id, MuteFor.LONGEST)
        await desk.services.moderation.mute(told.story_id, end.until)
        await desk.services.moderation.unmute(desk.circle_id, week + 2)
        now.forward(days=7)
        await desk.deliver()
        await clean(desk, now)
    async with database.read() as session:
        living = await session.scalars(select(Story.epoch).where(Story.teller_tag.is_not(None)))
        assert {epoch_start(epoch) + WINDOW > now() for epoch in living if epoch is not None} == {True}

    now.forward(days=28)
    await clean(desk, now)

    async with database.read() as session:
        assert await count(session, Story, Story.teller_tag.is_not(None) | Story.epoch.is_not(None)) == 0
        assert await count(session, PenName, PenName.tag.is_not(None)) == 0
        assert await count(session, PenName) == 12  # names stay taken, so that nobody gets another's
        assert await count(session, Mute) == 0
        tags = list(await session.scalars(select(Resonance.tag)))
    assert len(tags) == len(set(tags)) == 18  # all count, and no two look like one person's
    assert (await desk.services.own_stories.find(first.receipt)).id == first.story_id


async def test_a_resonance_counts_on_when_its_tag_is_gone(desk: Desk, now: Now, database: Database) -> None:
    told = await desk.tell(ANN)
    for sign in (Sign.THANKS, Sign.BEEN_THERE):
        await desk.services.resonating.press(told.story_id, sign, BEN)
    async with database.read() as session:
        before = set(await session.scalars(select(Resonance.tag)))
    assert len(before) == 2  # not even inside the window two signs look like one person's

    now.forward(days=29)
    await desk.deliver()
    await clean(desk, now)

    async with database.read() as session:
        rows = (await session.execute(select(Resonance.kind, Resonance.tag))).all()
    assert sorted(kind for kind, _ in rows) == ["been_there", "thanks"]
    assert len({tag for _, tag in rows} | before) == 4


async def test_a_sign_of_an_earlier_version_can_still_be_taken_back(desk: Desk, database: Database) -> None:
    told = await desk.tell(ANN)
    async with database.write() as session:
        story = await session.get_one(Story, told.story_id)
        tag = desk.services.keyring.tag(story.epoch or 0, Purpose.RESONANCE, story.id, BEN)
        session.add(Resonance(story_id=story.id, kind=Sign.THANKS, tag=tag))

    assert not await desk.services.resonating.press(told.story_id, Sign.THANKS, BEN)
    assert await desk.services.resonating.press(told.story_id, Sign.THANKS, BEN)
    async with database.read() as session:
        assert await count(session, Resonance) == 1


async def test_what_recognises_people_at_a_story_goes_with_its_words_and_not_with_its_message(
    desk: Desk, database: Database
) -> None:
    """A channel that is closed to the bot may keep the message for ever."""
    told = await desk.tell(ANN)
    await desk.reply(BEN, told.story_id, "I know that.")
    await desk.services.resonating.press(told.story_id, Sign.THANKS, CEM)

    await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)

    async with database.read() as session:
        story = await session.get_one(Story, told.story_id)
        assert (story.slip, story.teller_tag, story.receipt_hash) == ("", None, None)
        assert await count(session, PenName) == await count(session, Resonance) == 0


async def test_a_named_story_keeps_no_trace_of_a_code_once_it_is_published(
    desk: Desk, database: Database
) -> None:
    told = await desk.tell(ANN, named=True)
    async with database.read() as session:
        story = await session.get_one(Story, told.story_id)
        assert (story.state, story.receipt_hash) == ("published", None)
    assert (await desk.services.own_stories.mine(told.story_id, None, ANN)).id == told.story_id
    assert await desk.services.own_stories.withdraw(told.story_id, None, ANN)


async def test_what_ended_goes_and_what_lives_stays(desk: Desk, now: Now, database: Database) -> None:
    told = await desk.tell(ANN)
    other = await desk.tell(BEN)
    old = await desk.services.stories.keep(
        StoryDraft(desk.circle_id, Voice.UNNAMED, StoryWords("Never posted."))
    )
    await desk.services.moderation.mute(told.story_id, now() + timedelta(days=3))
    await desk.services.moderation.mute(other.story_id, now() + timedelta(days=20))
    now.forward(days=9)
    young = await desk.services.stories.keep(
        StoryDraft(desk.circle_id, Voice.UNNAMED, StoryWords("Today's."))
    )
    await desk.reply(CEM, told.story_id, "On its way.")

    await desk.services.housekeeping.clean(now())

    async with database.read() as session:
        assert list(await session.scalars(select(Mute.number))) == [2]
        assert await count(session, Draft) == 1
        assert list(await session.scalars(select(Delivery.kind))) == ["reply"]
    assert (await desk.services.stories.draft(young.receipt)).draft.words.slip == "Today's."
    with pytest.raises(Gone):
        await desk.services.stories.draft(old.receipt)


async def test_it_is_done_once_a_day_also_across_a_restart(desk: Desk, now: Now, database: Database) -> None:
    assert await clean(desk, now) == 1
    assert await clean(desk, now) == 0
    again = restarted(desk, database, now)
    assert await again.housekeeping.due(now()) == 0

    now.forward(days=1)
    assert await again.housekeeping.due(now()) == 1


async def test_a_crash_in_the_middle_does_no_harm_and_is_made_up_for(
    desk: Desk, now: Now, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.tell(ANN)
    now.forward(days=40)
    with monkeypatch.context() as patched:
        patched.setattr(database, "erase_traces", full_disk)
        with pytest.raises(OSError, match="No space"):
            await clean(desk, now)
        assert await clean(desk, now) == 0  # not at every tick
    again = restarted(desk, database, now)

    assert await again.housekeeping.due(now()) == 1


@ON_SQLITE
async def test_when_the_log_could_not_be_emptied_it_is_tried_again_soon(
    desk: Desk, now: Now, tmp_path: Path
) -> None:
    told = await desk.tell(ANN, "The quokka told me off.")
    await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)
    await desk.deliver()
    with somebody_reads(tmp_path / "test.sqlite3"):
        assert await clean(desk, now) == 0
        assert in_the_files(tmp_path, "quokka")

    now.forward(minutes=15)
    assert await clean(desk, now) == 1
    assert not in_the_files(tmp_path, "quokka")


@ON_SQLITE
async def test_somebody_who_writes_beside_us_puts_erasing_off_and_nothing_worse(
    database: Database, tmp_path: Path
) -> None:
    with somebody_writes(tmp_path / "test.sqlite3"):
        assert not await database.erase_traces()

    assert await database.erase_traces()


async def test_it_waits_for_a_quiet_moment_but_not_for_long(desk: Desk, now: Now) -> None:
    told = await desk.tell(ANN)
    await desk.reply(BEN, told.story_id, "Soon.")
    now.forward(minutes=5)

    assert await clean(desk, now) == 0
    now.forward(minutes=30)
    assert await clean(desk, now) == 0
    now.forward(minutes=30)
    assert await clean(desk, now) == 1


async def test_time_that_is_skipped_need_not_stop_for_it(desk: Desk) -> None:
    assert await desk.services.housekeeping.next_due() is None


@ON_SQLITE
def test_tables_tell_no_order_of_rows(tmp_path: Path, database: Database) -> None:
    """A table without an integer key has none, so SQLite numbers no row by its coming."""
    with sqlite3.connect(tmp_path / "test.sqlite3") as connection:
        for table in ("drafts", "pen_names", "resonances", "deliveries"):
            with pytest.raises(sqlite3.OperationalError, match="no such column: rowid"):
                connection.execute(f"SELECT rowid FROM {table}")  # noqa: S608  # named above
    connection.close()


async def count(session: AsyncSession, table: type[Base], *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table).where(*conditions)
    return (await session.execute(query)).scalar_one()


def restarted(desk: Desk, database: Database, now: Now) -> Services:
    """The services of a new process on the same database and keys."""
    return make_services(
        database,
        desk.services.keyring,
        load_library(),
        WORDS,
        now=now,
        random=Random(8),
        grace=timedelta(hours=12),
    )


async def full_disk() -> bool:
    raise OSError(28, "No space left on device")


@contextmanager
def somebody_writes(path: Path) -> Generator[None]:
    """A transaction from outside that has begun to write, and doesn't end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def somebody_reads(path: Path) -> Generator[None]:
    """Another program looks at the database and doesn't stop."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT * FROM stories").fetchall()
        yield
