"""What is put right in a copy of the database, one thing at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.errors import Refusal
from bot.rules.calendar import WeeklyTime
from bot.rules.mutes import MuteFor
from bot.services import Services
from bot.services.restoring import LONG_AGO, Restored, Restoring, look_at_remains
from db.care_tables import Note
from db.copying import COPIED_AT, back_up, unpacked
from db.database import Database, open_database
from db.story_tables import Mute, Story, Update
from db.tables import Circle, Delivery, Memo, Reminder, Schedule
from tests.conftest import SQLITE, Now
from tests.services.desk import ANN, BEN, CEM, CHANNEL, Desk, remove_for_good

Repaired = Callable[..., Awaitable[Restored]]
EVERY_EPOCH = range(1_000_000)


@pytest.fixture
def engine() -> str:
    """A copy is a file."""
    return SQLITE


@pytest.fixture
async def desk(services: Services) -> Desk:
    return await Desk(services).open()


@asynccontextmanager
async def copy_of(database: Database, folder: Path, now: Now) -> AsyncGenerator[Database]:
    """A copy as it is unpacked, made at this moment, before anything is put right."""
    assert database.path is not None
    back_up(database.path, folder / "copy.sqlite3", now())
    with unpacked(folder / "copy.sqlite3", folder / "unpacked.sqlite3") as path:
        async with open_database(f"sqlite+aiosqlite:///{path}", alone=False) as copy:
            yield copy


async def repair(copy: Database, now: Now, old: Database | None = None) -> Restored:
    """Put the copy right; ``old`` is the database that it replaces, if that can be read."""
    remains = await look_at_remains(old) if old is not None else None
    return await Restoring(copy, EVERY_EPOCH).repair(now(), remains, remains.erased if remains else ())


async def owed(database: Database) -> dict[str, str]:
    """The state of every delivery by its kind, but for those that are settled."""
    async with database.read() as session:
        rows = await session.scalars(select(Delivery).where(Delivery.state != "sent"))
        return {row.kind: row.state for row in rows.all()}


def a_delivery(kind: str, state: str, subject: int) -> Delivery:
    return Delivery(
        id=f"{kind}-{state}", kind=kind, subject=subject, destination=f"channel:{CHANNEL}", priority=0,
        state=state, not_before=LONG_AGO, lease_token="t" if state == "leased" else None,
    )  # fmt: skip


async def test_only_what_can_be_done_twice_still_waits(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    shown = await desk.tell(ANN)
    kinds = {
        "prompt": "unsure", "welcome": "unsure", "opening": "unsure", "update": "unsure", "reply": "unsure",
        "thread": "waiting", "lock": "waiting", "retract": "waiting", "retract_reply": "waiting",
        "retract_update": "waiting",
        "edit": "waiting", "pages": "waiting",
    }  # fmt: skip
    async with database.write() as session:
        session.add_all(a_delivery(kind, "leased", 77) for kind in kinds)
        session.add(a_delivery("story", "waiting", shown.story_id))  # its message is to be refreshed
        session.add(a_delivery("reminder", "waiting", 78))
    async with copy_of(database, tmp_path, now) as copy:
        await repair(copy, now)
        found = await owed(copy)
        async with copy.read() as session:
            leases = set(await session.scalars(select(Delivery.lease_token)))
            since = set(
                await session.scalars(select(Delivery.first_attempt_at).where(Delivery.state == "unsure"))
            )
    assert found == kinds | {"story": "waiting"}
    assert leases == {None}
    assert since == {now()}  # from when on their messages have to be looked for


async def test_what_was_refused_may_have_been_tried_again_since(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    shown = await desk.tell(ANN)
    async with database.write() as session:
        session.add(a_delivery("reply", "failed", 77))
        session.add(a_delivery("lock", "failed", 77))
        session.add(a_delivery("story", "failed", shown.story_id))  # the refreshing of its message
    async with copy_of(database, tmp_path, now) as copy:
        done = await repair(copy, now)
        assert await owed(copy) == {"reply": "unsure", "lock": "failed", "story": "failed"}
    assert done.unsure == 1


async def test_schedules_and_reminders_go_on_from_now(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    await desk.services.reminders.remind_weekly(BEN, desk.circle_id, WeeklyTime(2, time(9), "UTC"))
    async with copy_of(database, tmp_path, now) as copy:
        now.forward(days=30)
        await repair(copy, now)
        async with copy.read() as session:
            reminder = (await session.scalars(select(Reminder.next_due_at))).one()
            schedule = (await session.scalars(select(Schedule.next_due_at))).one()
    assert reminder is not None
    assert now() < reminder <= now() + timedelta(days=7)
    assert schedule is not None
    assert now() + timedelta(days=1) < schedule <= now() + timedelta(days=12)


async def test_a_reminder_that_was_stopped_since_stays_stopped(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    await desk.services.reminders.remind_weekly(BEN, desk.circle_id, WeeklyTime(2, time(9), "UTC"))
    async with copy_of(database, tmp_path, now) as copy:
        await desk.services.reminders.stop_all(BEN)
        done = await repair(copy, now, database)
        async with copy.read() as session:
            assert (await session.scalars(select(Reminder))).all() == []
    assert done.erased == 1


async def test_a_mute_given_since_holds_and_one_that_was_lifted_stays_lifted(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    first, second = await desk.tell(ANN), await desk.tell(BEN)
    moderation = desk.services.moderation
    until = (await moderation.mute_end(first.story_id, MuteFor.ONE_WEEK)).until
    await moderation.mute(first.story_id, until)
    async with copy_of(database, tmp_path, now) as copy:
        await moderation.unmute(desk.circle_id, 1)
        await moderation.mute(second.story_id, until)
        done = await repair(copy, now, database)
        async with copy.read() as session:
            muted = set(await session.scalars(select(Mute.story_id)))
    assert muted == {second.story_id}
    assert done.lost_mutes == ()
    with pytest.raises(Refusal):
        await desk.services.stories.begin(desk.circle_id, BEN)


async def test_a_mute_given_again_since_ends_when_it_was_said_last(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    told = await desk.tell(ANN)
    moderation = desk.services.moderation
    until = (await moderation.mute_end(told.story_id, MuteFor.ONE_WEEK)).until
    await moderation.mute(told.story_id, until)
    async with copy_of(database, tmp_path, now) as copy:
        sooner = await moderation.mute(told.story_id, until - timedelta(days=5))
        await repair(copy, now, database)
        async with copy.read() as session:
            assert (await session.scalars(select(Mute.until))).all() == [sooner]


async def test_a_mute_without_its_key_is_lost_and_named(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    told = await desk.tell(ANN)
    until = (await desk.services.moderation.mute_end(told.story_id, MuteFor.ONE_WEEK)).until
    await desk.services.moderation.mute(told.story_id, until)
    async with copy_of(database, tmp_path, now) as copy:
        done = await Restoring(copy, ()).repair(now(), None, ())
        async with copy.read() as session:
            assert (await session.scalars(select(Mute))).all() == []
    assert [(mute.channel_id, mute.number) for mute in done.lost_mutes] == [(CHANNEL, 1)]


@pytest.mark.parametrize("took_back", ["teller", "moderator"])
async def test_a_published_story_that_was_taken_back_since_is_emptied_and_its_going_is_owed(
    desk: Desk, database: Database, now: Now, tmp_path: Path, took_back: str
) -> None:
    told = await desk.tell(ANN, "The wombat.")
    async with copy_of(database, tmp_path, now) as copy:
        if took_back == "teller":
            await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)
        else:
            await remove_for_good(desk.services, told.story_id)
        await repair(copy, now, database)
        async with copy.read() as session:
            story = await session.get_one(Story, told.story_id)
        assert story.slip == ""
        assert (story.receipt_hash is None) == (took_back == "teller")
        assert (await owed(copy))["retract"] == "waiting"


async def test_a_reply_that_was_withdrawn_since_is_withdrawn_again(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    told = await desk.tell(ANN)
    reply = await desk.reply(BEN, told.story_id, "I know that.")
    now.forward(minutes=5)
    await desk.deliver()
    async with copy_of(database, tmp_path, now) as copy:
        await desk.services.own_stories.withdraw_reply(reply.receipt)
        done = await repair(copy, now, database)
        assert (await owed(copy))["retract_reply"] == "waiting"
    assert done.erased == 1


@pytest.mark.parametrize("shown", [True, False])
async def test_an_update_that_was_withdrawn_since_does_not_come_back(
    desk: Desk, database: Database, now: Now, tmp_path: Path, shown: bool
) -> None:
    told = await desk.tell(ANN)
    update = await desk.update(ANN, told.story_id, "The wombat is well.")
    if shown:
        await desk.deliver()
    async with copy_of(database, tmp_path, now) as copy:
        await desk.deliver()
        await desk.services.own_stories.withdraw_update(update.id, update.receipt, ANN)
        done = await repair(copy, now, database)
        assert (await owed(copy))["retract_update"] == "waiting"  # it may stand there in either case
        async with copy.read() as session:
            assert list(await session.scalars(select(Update.text))) == [""]
    assert done.erased == 1


async def test_done_again_it_changes_nothing_more(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    told = await desk.tell(ANN)
    async with copy_of(database, tmp_path, now) as copy:
        await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)
        await repair(copy, now, database)
        before = await owed(copy)
        done = await repair(copy, now, database)
        assert await owed(copy) == before
    assert (done.unsure, done.erased, done.weeks) == (0, 0, 0)


async def test_a_copy_that_backup_did_not_make_counts_from_its_last_clean_up(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    await desk.services.housekeeping.due(now())
    day = now()
    async with copy_of(database, tmp_path, now) as copy:
        async with copy.write() as session:
            await session.delete(await session.get_one(Memo, COPIED_AT))
        now.forward(hours=30)
        assert (await repair(copy, now)).copied_at == day
        assert (await repair(copy, now)).copied_at == LONG_AGO


async def test_what_the_replaced_database_knows_is_used_only_where_the_copy_has_the_circle(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    async with copy_of(database, tmp_path, now) as copy:
        other = await Desk(desk.services).open(channel_id=CHANNEL + 1)
        await other.tell(ANN)
        await desk.services.prompts.post_now(other.circle_id)
        await repair(copy, now, database)
        async with copy.read() as session:
            assert set(await session.scalars(select(Circle.id))) == {desk.circle_id}


async def test_a_note_that_was_taken_back_since_stays_gone_and_another_stays(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    told = await desk.tell(ANN)
    gone = await desk.note(BEN, told.story_id, "Too sharp.")
    await desk.note(CEM, told.story_id, "Kind.")
    async with copy_of(database, tmp_path, now) as copy:
        await desk.services.note_pages.withdraw(gone.id, gone.receipt, BEN)
        done = await repair(copy, now, database)
        async with copy.read() as session:
            assert [note.text for note in await session.scalars(select(Note))] == ["Kind."]
    assert done.erased == 1
