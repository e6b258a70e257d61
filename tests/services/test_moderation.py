"""Moderators remove, lock and mute without learning who told what."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from bot.errors import Gone, Refusal
from bot.rules.mutes import MuteFor
from bot.services import Services
from db.database import Database
from db.story_tables import Mute, Story
from tests.conftest import Now
from tests.services.columns import everything_kept
from tests.services.desk import ANN, BEN, CHANNEL, Desk, remove_for_good


@pytest.fixture
async def desk(services: Services) -> Desk:
    return await Desk(services).open()


async def mutes(database: Database) -> int:
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(Mute))).scalar_one()


async def refused(desk: Desk, person: int) -> bool:
    try:
        await desk.services.stories.begin(desk.circle_id, person)
    except Refusal as refusal:
        return refusal.key == "refusals.muted"
    return False


async def mute(desk: Desk, story_id: int, asked: MuteFor | date = MuteFor.ONE_WEEK) -> None:
    end = await desk.services.moderation.mute_end(story_id, asked)
    await desk.services.moderation.mute(story_id, end.until)


@pytest.mark.parametrize("named", [False, True])
async def test_a_muted_teller_can_neither_tell_nor_reply_nor_add_and_others_can(
    desk: Desk, named: bool
) -> None:
    mine = await desk.tell(ANN, named=named)
    other = await desk.tell(BEN)
    await mute(desk, mine.story_id)

    for attempt in (
        desk.tell(ANN, "Another one."),
        desk.tell(ANN, "By name?", named=True),
        desk.reply(ANN, other.story_id, "Hm."),
        desk.update(ANN, mine.story_id, "By the way."),
    ):
        with pytest.raises(Refusal, match=r"refusals\.muted"):
            await attempt
    await desk.tell(BEN, "Still here.")
    await desk.reply(BEN, mine.story_id, "I hear you.")


async def test_the_words_of_somebody_who_is_muted_meanwhile_stay_in_their_draft(desk: Desk) -> None:
    told = await desk.tell(ANN)
    kept = await desk.services.additions.keep(
        (await desk.reply(BEN, told.story_id, "First.")).kind, told.story_id, "Second."
    )
    await mute(desk, told.story_id)

    with pytest.raises(Refusal, match=r"refusals\.muted"):
        await desk.services.additions.post(kept.receipt, 1, ANN)

    assert (await desk.services.additions.draft(kept.receipt)).addition.text == "Second."


async def test_a_mute_holds_in_its_own_circle_alone(desk: Desk, services: Services) -> None:
    elsewhere = await Desk(services).open(channel_id=CHANNEL + 1)
    await mute(desk, (await desk.tell(ANN)).story_id)

    assert await refused(desk, ANN)
    assert not await refused(elsewhere, ANN)


async def test_a_mute_ends_by_itself(desk: Desk, now: Now) -> None:
    await mute(desk, (await desk.tell(ANN)).story_id)

    now.forward(days=7, seconds=-1)
    assert await refused(desk, ANN)
    now.forward(seconds=1)
    assert not await refused(desk, ANN)


async def test_a_mute_never_outlives_the_key_that_recognises_the_teller(desk: Desk, now: Now) -> None:
    told = await desk.tell(ANN)
    now.forward(days=16)

    end = await desk.services.moderation.mute_end(told.story_id, MuteFor.TWO_WEEKS)
    given = await desk.services.moderation.mute(told.story_id, end.until + timedelta(days=300))

    # told on the first day of an epoch, which began on 1 January at 00:00 UTC and lives for 28 days
    assert end.shortened
    assert (
        given == end.until == (await desk.services.moderation.mute_end(told.story_id, MuteFor.LONGEST)).until
    )
    assert given.date() == date(2026, 1, 29)


async def test_after_the_window_nobody_can_be_muted_for_a_story(desk: Desk, now: Now) -> None:
    told = await desk.tell(ANN)
    end = await desk.services.moderation.mute_end(told.story_id, MuteFor.LONGEST)
    now.at = end.until
    await desk.services.keyring.destroy_due(now())

    with pytest.raises(Refusal, match=r"refusals\.mute_too_late"):
        await desk.services.moderation.mute_end(told.story_id, MuteFor.ONE_WEEK)
    with pytest.raises(Refusal, match=r"refusals\.mute_too_late"):
        await desk.services.moderation.mute(told.story_id, end.until + timedelta(days=1))


async def test_a_date_is_the_first_day_on_which_they_may_tell_again(desk: Desk, now: Now) -> None:
    told = await desk.tell(ANN)
    await mute(desk, told.story_id, date(2026, 1, 5))

    now.at = now.at.replace(day=4, hour=22, minute=59)  # 23:59 in Berlin
    assert await refused(desk, ANN)
    now.forward(minutes=1)
    assert not await refused(desk, ANN)
    with pytest.raises(Refusal, match=r"refusals\.date_past"):
        await desk.services.moderation.mute_end(told.story_id, date(2026, 1, 5))


async def test_muting_again_for_the_same_story_sets_the_new_end(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    await mute(desk, told.story_id, MuteFor.LONGEST)
    await mute(desk, told.story_id, date(2026, 1, 3))

    assert await mutes(database) == 1
    now.forward(days=3)
    assert not await refused(desk, ANN)


async def test_two_moderators_at_once_make_one_mute(desk: Desk, database: Database, now: Now) -> None:
    told = await desk.tell(ANN)
    ends = [now() + timedelta(days=days) for days in (3, 9)]

    await asyncio.gather(*(desk.services.moderation.mute(told.story_id, end) for end in ends))

    assert await mutes(database) == 1
    assert await refused(desk, ANN)


async def test_one_person_muted_for_two_stories_is_answered_alike_and_lifted_one_by_one(
    desk: Desk, database: Database
) -> None:
    first, second = await desk.tell(ANN, "One."), await desk.tell(ANN, "Two.")
    stranger = await desk.tell(BEN, "Three.")
    for told in (first, second, stranger):
        await mute(desk, told.story_id)
    async with database.read() as session:
        tags = list(await session.scalars(select(Mute.tag)))
    assert len(set(tags)) == 3  # nothing in the rows says that two of them are one person

    assert await desk.services.moderation.unmute(desk.circle_id, 1) is None
    assert await refused(desk, ANN)
    assert await desk.services.moderation.unmute(desk.circle_id, 1) is None  # not muted: the same
    assert await desk.services.moderation.unmute(desk.circle_id, 2) is None
    assert not await refused(desk, ANN)
    assert await refused(desk, BEN)


async def test_a_mute_stays_and_can_be_lifted_when_the_story_was_taken_back(desk: Desk) -> None:
    told = await desk.tell(ANN)
    await mute(desk, told.story_id)
    await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)
    await desk.deliver()

    assert await refused(desk, ANN)
    await desk.services.moderation.unmute(desk.circle_id, 1)
    assert not await refused(desk, ANN)


async def test_the_teller_of_a_removed_story_can_still_be_muted(desk: Desk) -> None:
    told = await desk.tell(ANN)
    await remove_for_good(desk.services, told.story_id)
    await desk.deliver()

    assert (await desk.services.moderation.numbered(desk.circle_id, 1)).removed
    await mute(desk, told.story_id)
    assert await refused(desk, ANN)


async def test_a_removed_story_leaves_no_word_anywhere_and_its_teller_sees_why(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN, "The quokka told me off.")
    await desk.reply(BEN, told.story_id, "A wombat once did that to me.")
    now.forward(minutes=3)
    await desk.deliver()
    await desk.update(ANN, told.story_id, "The platypus forgave me.")
    await desk.deliver()
    for word in ("quokka", "wombat", "platypus"):
        assert any(word in text for text in await everything_kept(database))
    assert len(desk.posted) == 3

    await remove_for_good(desk.services, told.story_id)
    for word in ("quokka", "wombat", "platypus"):  # at once, before Discord was asked
        assert not any(word in text for text in await everything_kept(database))
    await desk.deliver()

    assert not any("quokka" in text for text in desk.posted.values())
    panel = await desk.services.own_stories.mine(told.story_id, told.receipt, ANN)
    assert panel.removed
    async with database.read() as session:
        row = await session.get_one(Story, told.story_id)
        assert (row.message_id, row.thread_id) == (None, None)
    with pytest.raises(Gone, match=r"refusals\.removed_already"):
        await remove_for_good(desk.services, told.story_id)


async def test_a_closed_thread_refuses_unnamed_replies_until_it_is_opened(desk: Desk) -> None:
    told = await desk.tell(ANN)

    await desk.services.moderation.lock(told.story_id, locked=True)
    await desk.services.moderation.lock(told.story_id, locked=True)
    await desk.deliver()
    with pytest.raises(Refusal, match=r"refusals\.thread_locked"):
        await desk.reply(BEN, told.story_id, "Hm.")
    await desk.update(ANN, told.story_id, "It went well.")  # the teller may still say how it went on
    await desk.services.moderation.lock(told.story_id, locked=False)
    await desk.deliver()

    await desk.reply(BEN, told.story_id, "Hm.")
    assert desk.locks == [True, False]


async def test_unknown_numbers_are_told_so_and_change_nothing(desk: Desk, database: Database) -> None:
    await desk.tell(ANN)
    moderation = desk.services.moderation

    for number in (0, 2, -1, 10**9):
        with pytest.raises(Gone, match=r"refusals\.story_unknown"):
            await moderation.numbered(desk.circle_id, number)
        with pytest.raises(Gone, match=r"refusals\.story_unknown"):
            await moderation.unmute(desk.circle_id, number)
    assert await mutes(database) == 0


async def test_nothing_kept_says_who_told_or_who_moderated(desk: Desk, database: Database) -> None:
    told = await desk.tell(ANN)
    await mute(desk, told.story_id)
    await desk.services.moderation.lock(told.story_id, locked=True)
    await remove_for_good(desk.services, told.story_id)

    assert not any(str(ANN) in text for text in await everything_kept(database))
