"""Reports: everybody counts once, nobody is known, and nothing is left when moderators have looked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.errors import Gone, Refusal
from bot.rules.anonymity import Purpose
from bot.rules.care import CarePlan
from bot.rules.reports import WAIT, Reason
from bot.rules.stories import StoryWords
from bot.services import Services
from bot.services.edited import What
from bot.services.report_desk import OpenReport
from bot.services.reports import Place
from bot.services.restoring import Restoring
from db.care_tables import Act, Report, ReportVoice
from db.database import Database
from db.erasures import everything
from db.tables import Delivery, Notice
from tests.conftest import Now
from tests.services.columns import everything_kept
from tests.services.desk import ANN, BEN, CEM, CHANNEL, Desk

TEXT, WORDS = "What somebody wrote by name.", "It names my client."
MESSAGE = 730_000_000_000_000_001
DUTY_CHANNEL = 610_000_000_000_000_077


@pytest.fixture
async def desk(services: Services) -> Desk:
    return await Desk(services).open()


def place(desk: Desk, message_id: int = MESSAGE) -> Place:
    """A message in the circle's channel."""
    return Place(desk.circle_id, CHANNEL, message_id)


async def report(desk: Desk, person: int, words: str = WORDS, message_id: int = MESSAGE) -> bool:
    """The menu, and its form."""
    await desk.services.reports.begin(place(desk, message_id), TEXT, person)
    return await desk.services.reports.report(place(desk, message_id), person, Reason.IDENTIFIES, words)


async def appear(desk: Desk, now: Now) -> None:
    """The longest wait passes."""
    await desk.services.reports.due(now.forward(minutes=10))


async def page(desk: Desk) -> OpenReport:
    found = await desk.services.report_desk.page(desk.circle_id, 0)
    assert found is not None
    return found


async def rows(database: Database, table: type) -> list:
    async with database.read() as session:
        return list((await session.scalars(select(table))).all())


async def test_moderators_hear_of_it_at_a_random_moment_within_the_wait(
    desk: Desk, database: Database, now: Now
) -> None:
    waits = set[timedelta]()
    for number in range(6):
        at = now.forward(minutes=1)
        await report(desk, BEN, message_id=MESSAGE + number)
        due = {voice.appears_at for voice in await rows(database, ReportVoice)}
        waits.add(max(moment for moment in due if moment is not None) - at)

    assert all(timedelta(0) < wait <= WAIT for wait in waits)
    assert len(waits) > 3
    await appear(desk, now)
    assert all(voice.appears_at is None for voice in await rows(database, ReportVoice))


async def test_everybody_counts_once_and_nobodys_id_stands_anywhere(
    desk: Desk, database: Database, now: Now
) -> None:
    assert await report(desk, BEN) is False
    assert await report(desk, BEN, "Again.") is True
    assert await report(desk, CEM) is False
    await appear(desk, now)

    found = await page(desk)

    assert sorted(voice.words for voice in found.voices) == sorted(["Again.", WORDS])
    kept = await everything_kept(database)
    assert not [value for value in kept if str(BEN) in value or str(CEM) in value]
    assert {str(BEN), str(CEM)}.isdisjoint(repr(found))


async def test_a_tag_belongs_to_one_report_and_says_nothing_about_another(
    desk: Desk, database: Database
) -> None:
    await report(desk, BEN)
    await report(desk, BEN, message_id=MESSAGE + 1)

    tags = {voice.tag for voice in await rows(database, ReportVoice)}

    assert len(tags) == 2


async def test_closing_leaves_nothing_but_that_the_message_was_looked_at(
    desk: Desk, database: Database, now: Now
) -> None:
    await desk.services.caring.change(desk.circle_id, CarePlan(moderators_channel_id=DUTY_CHANNEL))
    await report(desk, BEN)
    await appear(desk, now)
    found = await page(desk)
    await desk.services.report_desk.close(found.id)

    (row,) = await rows(database, Report)
    assert (row.state, row.text, row.epoch) == ("closed", None, None)
    assert await rows(database, ReportVoice) == []
    assert await rows(database, Notice) == []
    (act,) = await rows(database, Act)
    assert (act.kind, act.role, act.number) == ("report_closed", "moderator", None)
    assert not [value for value in await everything_kept(database) if TEXT in value or WORDS in value]
    with pytest.raises(Gone, match="report_closed"):
        await desk.services.report_desk.close(found.id)
    await desk.deliver()
    assert desk.posted == {}  # nobody had been told yet, and it is settled


async def test_after_thirty_days_it_is_forgotten_that_it_was_looked_at(
    desk: Desk, database: Database, now: Now
) -> None:
    await report(desk, BEN)
    await appear(desk, now)
    await desk.services.report_desk.close((await page(desk)).id)
    await desk.services.housekeeping.clean(now.forward(days=29))
    assert len(await rows(database, Report)) == 1

    await desk.services.housekeeping.clean(now.forward(days=3))

    assert await rows(database, Report) == []


async def test_when_the_key_is_destroyed_nobody_can_be_tested_and_new_ones_count_still(
    desk: Desk, database: Database, now: Now
) -> None:
    await report(desk, BEN)
    await appear(desk, now)
    (before,) = await rows(database, Report)
    (voice,) = await rows(database, ReportVoice)
    keyring = desk.services.keyring
    assert keyring.tag(before.epoch, Purpose.REPORT, before.id, BEN) == voice.tag

    await desk.services.housekeeping.due(now.forward(days=29))
    await desk.services.housekeeping.clean(now())

    (after,) = await rows(database, Report)
    (unlinked,) = await rows(database, ReportVoice)
    assert after.epoch is None
    assert unlinked.tag != voice.tag
    assert await report(desk, CEM) is False
    assert await report(desk, CEM) is True
    await appear(desk, now)
    assert len((await page(desk)).voices) == 2


async def test_between_the_end_of_the_key_and_the_clean_up_the_old_tags_go_with_the_first_new_report(
    desk: Desk, database: Database, now: Now
) -> None:
    await report(desk, BEN)
    (voice,) = await rows(database, ReportVoice)
    now.forward(days=29)
    await desk.services.keyring.destroy_due(now())
    await desk.services.keyring.epoch(now())

    assert await report(desk, CEM) is False

    assert voice.tag not in {one.tag for one in await rows(database, ReportVoice)}
    assert await report(desk, CEM) is True


async def test_whoever_erases_what_is_theirs_takes_their_words_out_of_a_report(
    desk: Desk, database: Database, now: Now
) -> None:
    await report(desk, BEN)
    await report(desk, CEM, "Somebody else's words.")
    await appear(desk, now)
    privacy = desk.services.privacy

    await privacy.let_go(BEN)
    await privacy.due(now.forward(days=1))
    assert [voice.words for voice in (await page(desk)).voices] == ["Somebody else's words."]
    await privacy.let_go(CEM)
    await privacy.due(now.forward(days=1))

    assert await desk.services.report_desk.page(desk.circle_id, 0) is None
    assert not [value for value in await everything_kept(database) if TEXT in value]


async def test_ones_own_is_known_inside_the_window_and_a_story_that_is_gone_is_said_to_be(
    desk: Desk, database: Database
) -> None:
    told = await desk.tell(ANN)
    message_id = next(iter(desk.posted))
    with pytest.raises(Refusal, match="report_own"):
        await report(desk, ANN, message_id=message_id)
    await desk.services.reports.begin(place(desk, message_id), "", BEN)
    await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)

    with pytest.raises(Gone, match="story_gone"):
        await desk.services.reports.report(place(desk, message_id), BEN, Reason.HURTS, "")
    assert await rows(database, Report) == []


async def test_a_story_that_is_taken_back_takes_what_was_reported_of_it_along(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN, "A slip with a name in it.")
    await report(desk, BEN, message_id=next(iter(desk.posted)))
    await appear(desk, now)
    assert (await page(desk)).text == "A slip with a name in it."

    await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)

    assert await desk.services.report_desk.page(desk.circle_id, 0) is None
    kept = await everything_kept(database)
    assert not [value for value in kept if "a name in it" in value or WORDS in value]
    assert await rows(database, Act) == []  # no moderator did anything
    assert await rows(database, Notice) == []


async def test_a_copy_that_is_put_back_does_not_bring_back_what_was_closed(
    desk: Desk, database: Database, now: Now
) -> None:
    await report(desk, BEN)
    await report(desk, CEM, message_id=MESSAGE + 1)
    await appear(desk, now)
    first = await page(desk)
    async with database.read() as session:
        (copied,) = (await session.scalars(select(Report).where(Report.id == first.id))).all()
    await desk.services.report_desk.close(first.id)
    async with database.read() as session:
        erased = await everything(session)
    async with database.write() as session:  # the copy knows nothing of it
        row = await session.get_one(Report, first.id)
        row.state, row.text, row.day = copied.state, TEXT, copied.day
        session.add(ReportVoice(report_id=row.id, tag=b"t" * 32, reason="hurts", words=WORDS, shown=True))

    await Restoring(database, ()).repair(now(), None, erased)

    left = await desk.services.report_desk.page(desk.circle_id, 0)
    assert left is not None
    assert left.id != first.id
    assert left.pages == 1


async def test_a_copy_that_is_put_back_tells_nobody_on_duty_twice(
    desk: Desk, database: Database, now: Now
) -> None:
    await desk.services.caring.change(desk.circle_id, CarePlan(moderators_channel_id=DUTY_CHANNEL))
    await report(desk, BEN)
    await appear(desk, now)
    assert [row.kind for row in await rows(database, Delivery)] == ["duty"]

    await Restoring(database, ()).repair(now(), None, ())

    assert await rows(database, Delivery) == []
    told = await desk.services.circles.notices(desk.circle_id)
    assert "reported" in {notice.kind for notice in told}


async def test_of_what_the_bot_posted_there_is_no_copy_so_that_what_was_edited_out_is_not_kept(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN, "A slip with a name in it.")
    await report(desk, BEN, message_id=next(iter(desk.posted)))
    await appear(desk, now)
    edits = desk.services.edits
    change = await edits.keep(What.STORY, told.story_id, None, ANN, words=StoryWords("A slip."))
    await edits.save(change.receipt, change.revision, ANN)
    now.forward(hours=3)
    await desk.deliver()

    assert (await page(desk)).text == "A slip."
    assert not [value for value in await everything_kept(database) if "a name in it" in value]
