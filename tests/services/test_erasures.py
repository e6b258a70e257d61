"""What was taken back is remembered for a restored copy, in the database and beside it, and of nobody."""

from __future__ import annotations

import json
import stat
from datetime import time, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.rules.anonymity import rounded_up_day
from bot.rules.calendar import WeeklyTime
from bot.rules.care import CarePlan
from bot.rules.mutes import MuteFor
from bot.rules.reports import Reason
from bot.rules.stories import StoryWords
from bot.services import Services
from bot.services.edited import What
from bot.services.erasures import KEPT, Erasures
from bot.services.leaving import wipe_circle
from bot.services.reports import Place
from bot.services.reviewing import Decision
from db import erasures
from db.database import Database
from db.erasure_file import ONLY_IN_SECOND, ErasureFile, ErasureFileBroken, ErasureFileNewer, beside
from db.erasures import Erased
from db.tables import Circle
from tests.conftest import SQLITE, ErrorCollector, Now
from tests.services.columns import everything_kept
from tests.services.desk import ANN, BEN, CEM, CHANNEL, Desk, remove_for_good


@pytest.fixture
def engine() -> str:
    """The mirror lies beside a file."""
    return SQLITE


@pytest.fixture
async def desk(services: Services) -> Desk:
    return await Desk(services).open()


@pytest.fixture
def file(database: Database) -> ErasureFile:
    assert database.path is not None
    return ErasureFile(beside(database.path))


async def noted(database: Database) -> set[tuple[str, int]]:
    async with database.read() as session:
        return {(one.kind, one.subject) for one in await erasures.everything(session)}


async def test_everything_that_somebody_takes_back_is_noted_with_its_day_alone(
    desk: Desk, database: Database, now: Now
) -> None:
    services = desk.services
    told, taken, named = [await desk.tell(ANN, slip) for slip in ("One.", "Two.", "Three.")]
    reply = await desk.reply(BEN, named.story_id, "I know that.")
    update = await desk.update(ANN, named.story_id, "It went well.")
    note = await desk.note(BEN, taken.story_id, "Thank you.")
    await services.reports.report(Place(desk.circle_id, CHANNEL, 4711), BEN, Reason.HURTS, "Please look.")
    now.forward(minutes=10)
    await services.reports.due(now())
    await desk.deliver()
    reminder = await services.reminders.remind_weekly(BEN, desk.circle_id, WeeklyTime(0, time(9), "UTC"))
    until = (await services.moderation.mute_end(named.story_id, MuteFor.ONE_WEEK)).until
    await services.moderation.mute(named.story_id, until)
    assert await noted(database) == set()

    await services.own_stories.withdraw(told.story_id, told.receipt, ANN)
    await services.note_pages.withdraw(note.id, note.receipt, BEN)
    await remove_for_good(services, taken.story_id)
    await services.own_stories.withdraw_reply(reply.receipt)
    await services.own_stories.withdraw_update(update.id, None, ANN)
    await services.reminders.stop(BEN, reminder.id)
    await services.moderation.unmute(desk.circle_id, 3)
    reported = await services.report_desk.page(desk.circle_id, 0)
    assert reported is not None
    await services.report_desk.close(reported.id)
    change = await services.edits.keep(What.STORY, named.story_id, None, ANN, words=StoryWords("Four."))
    await services.edits.save(change.receipt, change.revision, ANN)
    await desk.deliver()
    unwanted = await _declined(desk)
    changed = await _dropped(desk, named.story_id)

    async with database.write() as session:
        await wipe_circle(session, await session.get_one(Circle, desk.circle_id), now())

    kinds = dict(await noted(database))
    assert kinds.keys() == set(erasures.KINDS)
    assert kinds["circle"] == desk.circle_id
    assert kinds["withdrawn"] == told.story_id
    assert kinds["removed"] == taken.story_id
    assert kinds["update"] == update.id
    assert kinds["note"] == note.id
    assert kinds["edited"] == named.story_id
    assert kinds["reminder"] == reminder.id
    assert kinds["report"] == reported.id
    assert (kinds["declined"], kinds["edit_dropped"]) == (unwanted, changed)
    async with database.read() as session:
        days = {one.day for one in await erasures.everything(session)}
    assert days == {rounded_up_day(now())}
    assert not [value for value in await everything_kept(database) if str(BEN) in value]


async def _declined(desk: Desk) -> int:
    """Moderators don't let a story appear."""
    await desk.services.caring.change(desk.circle_id, CarePlan(review=True))
    told = await desk.tell(CEM, "Five.")
    await _decline(desk, "story", told.story_id)
    return told.story_id


async def _dropped(desk: Desk, story_id: int) -> int:
    """Nor a change of one that has appeared."""
    edits = desk.services.edits
    change = await edits.keep(What.STORY, story_id, None, ANN, words=StoryWords("Six."))
    await edits.save(change.receipt, change.revision, ANN)
    await desk.deliver()
    await _decline(desk, "edit", story_id)
    return story_id


async def _decline(desk: Desk, kind: str, subject: int) -> None:
    taken = await desk.services.reviewing.take(kind, subject, CEM)
    await desk.services.reviewing.decide(kind, subject, taken.token or "", Decision.DECLINE, "Because.")


async def test_the_file_beside_the_database_follows_hours_later_and_is_its_owners_alone(
    desk: Desk, file: ErasureFile, database: Database, now: Now
) -> None:
    """Written at once, its time would say when somebody took something back."""
    now.forward(hours=2)
    told = await desk.tell(ANN)
    await desk.services.housekeeping.due(now())
    before = file.path.stat()
    await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)
    waited = 0
    while file.path.stat().st_ino == before.st_ino:
        await desk.services.housekeeping.due(now.forward(minutes=1))
        waited += 1

    assert 60 <= waited <= 6 * 60 + 1
    assert {(one.kind, one.subject) for one in await file.load()} == await noted(database) != set()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert file.path.stat().st_mtime == now().replace(hour=0, minute=0).timestamp()


async def test_how_long_it_waits_is_random(
    desk: Desk, file: ErasureFile, database: Database, now: Now
) -> None:
    waits = set[int]()
    for seed in range(4):
        mirror = Erasures(database, file.path, Random(seed))
        await mirror.mirror(now())
        told = await desk.tell(ANN)
        await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)
        before, waited = file.path.stat().st_ino, 0
        while file.path.stat().st_ino == before:
            await mirror.mirror(now.forward(minutes=10))
            waited += 1
        waits.add(waited)
    assert len(waits) > 1


async def test_at_the_daily_clean_up_and_at_a_stop_nothing_is_missing_in_it(
    desk: Desk, file: ErasureFile, database: Database, now: Now
) -> None:
    """The database may be moved or put back then, and the moment is the bot's or the operator's."""
    housekeeping = desk.services.housekeeping
    await housekeeping.due(now())
    for moment in (lambda: housekeeping.clean(now()), lambda: housekeeping.stopped(now())):
        told = await desk.tell(ANN)
        await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)
        await housekeeping.due(now.forward(seconds=5))
        await moment()
        assert {(one.kind, one.subject) for one in await file.load()} == await noted(database)
        assert file.path.stat().st_mtime == now().replace(hour=0, minute=0, second=0).timestamp()

    before = file.path.stat().st_ino
    await housekeeping.stopped(now())
    assert file.path.stat().st_ino == before  # nothing is written when nothing is missing


@pytest.mark.parametrize("kind", erasures.KINDS)
async def test_what_an_earlier_version_can_understand_it_can_read(
    file: ErasureFile, now: Now, kind: str
) -> None:
    one = Erased(kind, 5, now().date())
    await file.save({one, Erased("withdrawn", 6, now().date())})

    content = json.loads(file.path.read_text())
    assert content["format"] == f"good-enough erasures {2 if kind in ONLY_IN_SECOND else 1}"
    assert one in await file.load()


async def test_a_file_of_a_newer_version_is_said_to_be_so_and_left_as_it_is(
    desk: Desk, file: ErasureFile, database: Database, now: Now, logged_errors: ErrorCollector
) -> None:
    written = '{"format": "good-enough erasures 3", "erased": [["something", 5, "2026-01-01"]]}'
    file.path.write_text(written)
    with pytest.raises(ErasureFileNewer):
        await file.load()
    told = await desk.tell(ANN)
    await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)

    for _ in range(3):
        await desk.services.housekeeping.due(now.forward(hours=9))

    assert file.path.read_text() == written
    (record,) = logged_errors.records
    assert "newer version" in record.getMessage()
    logged_errors.records.clear()


async def test_what_only_the_file_remembers_stays_in_it(
    file: ErasureFile, database: Database, now: Now
) -> None:
    """A new, empty database before a copy is put back must not cost the memory of what was taken back."""
    lost = Erased("withdrawn", 5, now().date())
    await file.save({lost})

    await Erasures(database, file.path).mirror(now())

    assert await file.load() == {lost}


async def test_a_tick_writes_nothing_when_nothing_was_taken_back(
    desk: Desk, file: ErasureFile, database: Database, now: Now
) -> None:
    mirror = Erasures(database, file.path)
    await mirror.mirror(now())
    file.path.unlink()

    await mirror.mirror(now.forward(seconds=5))
    assert not file.path.exists()

    told = await desk.tell(ANN)
    await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)
    await mirror.mirror(now.forward(seconds=5))
    assert not file.path.exists()
    await mirror.mirror(now.forward(hours=6))
    assert len(await file.load()) == 1


async def test_it_is_forgotten_when_no_copy_can_be_so_old(
    desk: Desk, file: ErasureFile, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)
    await desk.services.housekeeping.due(now())
    assert await file.load()

    await desk.services.housekeeping.due(now.forward(days=KEPT / timedelta(days=1) + 2))

    assert await noted(database) == set()
    assert await file.load() == frozenset()


@pytest.mark.parametrize("content", ["", "{", '{"format": "another"}', "[]"])
async def test_a_damaged_file_is_told_and_then_written_anew(
    file: ErasureFile, database: Database, now: Now, content: str
) -> None:
    file.path.write_text(content)
    with pytest.raises(ErasureFileBroken):
        await file.load()

    await Erasures(database, file.path).mirror(now())

    assert await file.load() == frozenset()


async def test_a_folder_that_cannot_be_written_is_said_once_and_holds_up_nothing(
    desk: Desk, file: ErasureFile, tmp_path: Path, now: Now, logged_errors: ErrorCollector
) -> None:
    file.path.with_name(file.path.name + ".new").mkdir()  # no file can be made there
    for _ in range(2):
        now.forward(days=1)
        assert await desk.services.housekeeping.due(now()) == 1

    assert len(logged_errors.records) == 1
    logged_errors.records.clear()
