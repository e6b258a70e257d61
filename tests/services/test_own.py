"""What is recognised as somebody's own, what its writer can do with it, and what nobody else learns by it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.errors import Gone, NotAllowed, Refusal
from bot.rules.receipts import new_receipt
from bot.services import Services
from bot.services.own_stories import AT_ONCE, OwnReply, OwnStory, OwnUpdate
from bot.services.resonating import Sign
from db.database import Database
from db.story_tables import Edit, Reply, Story, Update
from db.tables import Delivery
from tests.conftest import Now
from tests.services.columns import everything_kept
from tests.services.desk import ANN, BEN, CEM, CHANNEL, GUILD, Desk, remove_for_good

PAST_THE_WINDOW = 29


@pytest.fixture
async def desk(services: Services) -> Desk:
    return await Desk(services).open()


@pytest.fixture
async def slow(services: Services) -> Desk:
    """A circle whose unnamed stories wait up to half an hour, and replies some minutes."""
    desk = await Desk(services).open()
    circle = await services.circles.get(desk.circle_id)
    plan = replace(circle.plan, delay_minutes=30)
    await services.circles.save(circle.guild_id, CHANNEL, plan, "en")
    return desk


async def owed(database: Database, kind: str) -> list[Delivery]:
    async with database.read() as session:
        rows = await session.scalars(
            select(Delivery).where(Delivery.kind == kind, Delivery.state == "waiting")
        )
        return list(rows.all())


async def settle(desk: Desk, now: Now, minutes: float = 31) -> None:
    now.forward(minutes=minutes)
    await desk.deliver()


# recognising


async def test_tags_recognise_everything_unnamed_of_one_person_in_a_server_and_nothing_of_others(
    desk: Desk,
) -> None:
    own, other = await desk.tell(ANN, "Mine."), await desk.tell(BEN, "Another's.")
    named = await desk.tell(ANN, "With my name.", named=True)
    update = await desk.update(ANN, own.story_id, "It went well.")
    answer = await desk.reply(ANN, own.story_id, "Thank you.")
    reply = await desk.reply(ANN, other.story_id, "I know that.")
    below_named = await desk.reply(ANN, named.story_id, "By a pen name.")
    await desk.reply(BEN, own.story_id, "Not hers.")

    pages = desk.services.own_stories
    found = await pages.page(GUILD, [desk.circle_id], ANN, 0)

    theirs = {own.story_id, named.story_id, update.id, answer.id, reply.id, below_named.id}
    assert {thing.id for thing in found.things} == theirs
    assert (await pages.page(GUILD, [desk.circle_id], CEM, 0)).things == ()
    assert {one.id for one in (await pages.page(GUILD + 1, [], ANN, 0)).things}.isdisjoint(theirs)


async def test_when_the_keys_are_destroyed_nothing_unnamed_is_recognised_any_more(
    desk: Desk, now: Now
) -> None:
    told = await desk.tell(ANN)
    named = await desk.tell(ANN, "With my name.", named=True)
    other = await desk.tell(BEN)
    await desk.reply(ANN, other.story_id, "I know that.")

    await desk.services.housekeeping.due(now.forward(days=PAST_THE_WINDOW))

    own = desk.services.own_stories
    page = await own.page(GUILD, [desk.circle_id], ANN, 0)
    assert [thing.id for thing in page.things] == [named.story_id]
    assert (await own.find(told.receipt)).id == told.story_id


async def test_what_was_taken_back_or_removed_is_not_recognised_and_a_removal_is_told(desk: Desk) -> None:
    told, removed, other = await desk.tell(ANN), await desk.tell(ANN, "Two."), await desk.tell(BEN)
    reply = await desk.reply(ANN, other.story_id, "I know that.")
    own = desk.services.own_stories
    await own.withdraw(told.story_id, None, ANN)
    await remove_for_good(desk.services, removed.story_id)
    await own.withdraw_my_reply(reply.id, None, ANN)

    (thing,) = (await own.page(GUILD, [desk.circle_id], ANN, 0)).things
    assert isinstance(thing, OwnStory)
    assert thing.removed


async def test_asking_for_ones_own_writes_nothing(desk: Desk, database: Database) -> None:
    told = await desk.tell(ANN)
    await desk.update(ANN, told.story_id, "It went well.")
    before = await everything_kept(database)
    own = desk.services.own_stories

    await own.page(GUILD, [desk.circle_id], ANN, 0)
    await own.page(GUILD, [desk.circle_id], ANN, 0)
    await own.added(told.story_id, None, ANN, 0)
    await own.mine(told.story_id, None, ANN)

    assert await everything_kept(database) == before


# the list


async def test_the_list_has_pages_the_newest_first_and_each_thing_once(desk: Desk) -> None:
    told = [await desk.tell(ANN, f"Story {number}.") for number in range(5)]
    update = await desk.update(ANN, told[2].story_id, "It went well.")
    other = await desk.tell(BEN)
    replies = [await desk.reply(ANN, other.story_id, f"Reply {number}.") for number in range(4)]
    await desk.deliver()
    own, circles = desk.services.own_stories, [desk.circle_id]

    first = await own.page(GUILD, circles, ANN, 0)
    second = await own.page(GUILD, circles, ANN, 1)
    beyond = await own.page(GUILD, circles, ANN, 999)

    assert (len(first.things), first.more, second.more) == (AT_ONCE, True, False)
    assert beyond == second
    ids = [thing.id for page in (first, second) for thing in page.things]
    assert len(ids) == len(set(ids)) == len(told) + 1 + len(replies)
    assert set(ids[:4]) == {reply.id for reply in replies}  # below the newest story
    assert ids[4:] == [
        told[4].story_id, told[3].story_id, told[2].story_id, update.id, told[1].story_id, told[0].story_id,
    ]  # fmt: skip


async def test_what_waits_stands_first_and_channels_that_one_cannot_see_are_left_out(
    slow: Desk, now: Now
) -> None:
    await slow.tell(ANN, "Shown.")
    await settle(slow, now)
    waiting = await slow.tell(ANN, "Waiting.")
    named = await slow.tell(ANN, "Named.", named=True)
    own = slow.services.own_stories

    page = await own.page(GUILD, [slow.circle_id], ANN, 0)
    unseen = await own.page(GUILD, [], ANN, 0)
    private = await own.page(None, [], ANN, 0)

    assert page.things[0].id == waiting.story_id
    assert len(page.things) == 3
    assert [thing.id for thing in unseen.things] == [thing.id for thing in private.things] == [named.story_id]


# proofs


async def test_a_reply_is_its_writers_by_pen_name_or_code_and_nobody_elses(desk: Desk, now: Now) -> None:
    told, other = await desk.tell(ANN), await desk.tell(CEM)
    reply = await desk.reply(BEN, told.story_id, "I know that.")
    foreign = await desk.reply(BEN, other.story_id, "Another thread.")
    own = desk.services.own_stories

    assert (await own.my_reply(reply.id, None, BEN)).text == "I know that."
    assert (await own.my_reply(reply.id, reply.receipt, CEM)).id == reply.id
    for person, receipt in ((ANN, told.receipt), (ANN, None), (CEM, None), (CEM, foreign.receipt)):
        with pytest.raises(NotAllowed):
            await own.my_reply(reply.id, receipt, person)
        with pytest.raises(NotAllowed):
            await own.withdraw_my_reply(reply.id, receipt, person)

    await desk.services.housekeeping.due(now.forward(days=PAST_THE_WINDOW))
    with pytest.raises(NotAllowed):
        await own.my_reply(reply.id, None, BEN)
    assert (await own.my_reply(reply.id, reply.receipt, BEN)).id == reply.id


async def test_updates_and_answers_obey_their_own_code_and_whatever_proves_the_story(desk: Desk) -> None:
    told, other = await desk.tell(ANN), await desk.tell(CEM)
    update = await desk.update(ANN, told.story_id, "It went well.")
    answer = await desk.reply(ANN, told.story_id, "Thank you.")
    own = desk.services.own_stories

    for person, receipt in ((ANN, None), (BEN, told.receipt), (BEN, update.receipt)):
        assert (await own.my_update(update.id, receipt, person)).id == update.id
    for person, receipt in ((ANN, None), (BEN, told.receipt), (BEN, answer.receipt)):
        assert (await own.my_reply(answer.id, receipt, person)).pen_name is None
    for receipt in (None, other.receipt, new_receipt(), answer.receipt):
        with pytest.raises(NotAllowed):
            await own.withdraw_update(update.id, receipt, BEN)
    with pytest.raises(NotAllowed):
        await own.my_reply(answer.id, update.receipt, BEN)


async def test_a_code_finds_whatever_it_was_given_for(desk: Desk) -> None:
    told = await desk.tell(ANN)
    update = await desk.update(ANN, told.story_id, "It went well.")
    reply = await desk.reply(BEN, told.story_id, "I know that.")
    own = desk.services.own_stories

    assert isinstance(await own.find(told.receipt), OwnStory)
    assert isinstance(await own.find(update.receipt), OwnUpdate)
    assert isinstance(await own.find(reply.receipt), OwnReply)
    await own.withdraw_update(update.id, update.receipt, CEM)
    with pytest.raises(Gone):
        await own.find(update.receipt)


# updates go


async def test_an_update_taken_back_before_it_appeared_leaves_nothing(
    slow: Desk, database: Database, now: Now
) -> None:
    told = await slow.tell(ANN)
    await settle(slow, now)
    update = await slow.update(ANN, told.story_id, "Too early to say.")

    assert not await slow.services.own_stories.withdraw_update(update.id, None, ANN)
    await settle(slow, now)

    assert "Too early to say." not in slow.posted.values()
    async with database.read() as session:
        assert (await session.scalars(select(Update))).all() == []
    assert await owed(database, "update") == []


async def test_an_update_taken_back_goes_and_the_one_before_stands_on_the_story_again(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    for text in ("First.", "Second."):
        last = await desk.update(ANN, told.story_id, text)
        await settle(desk, now)
    own, publishing = desk.services.own_stories, desk.services.publishing
    post = await publishing.published(told.story_id)
    assert post is not None
    assert post.latest_update == "Second."

    assert await own.withdraw_update(last.id, None, ANN)
    async with database.read() as session:
        texts = set(await session.scalars(select(Update.text)))
    assert "Second." not in texts
    assert {row.subject for row in await owed(database, "story")} == {told.story_id}
    await settle(desk, now)

    assert "Second." not in desk.posted.values()
    post = await publishing.published(told.story_id)
    assert post is not None
    assert post.latest_update == "First."
    async with database.read() as session:
        assert list(await session.scalars(select(Update.text))) == ["First."]


async def test_an_update_that_may_have_arrived_unseen_is_looked_for(desk: Desk, database: Database) -> None:
    told = await desk.tell(ANN)
    update = await desk.update(ANN, told.story_id, "On its way.")
    (lease,) = await desk.services.outbox.claim(20)
    assert lease.kind == "update"

    assert await desk.services.own_stories.withdraw_update(update.id, None, ANN)  # nobody knows if it arrived
    await desk.services.thread_posts.update_shown(lease, 7)  # it did
    async with database.read() as session:
        row = await session.get_one(Update, update.id)
        assert (row.state, row.text, row.message_id) == ("withdrawn", "", 7)
    desk.posted[7] = "On its way."
    await desk.deliver()

    assert 7 not in desk.posted
    async with database.read() as session:
        assert await session.get(Update, update.id) is None


async def test_a_pause_does_not_keep_a_withdrawn_line_on_the_story(desk: Desk, database: Database) -> None:
    told = await desk.tell(ANN)
    update = await desk.update(ANN, told.story_id, "It went well.")
    await desk.deliver()
    await desk.services.circles.pause(desk.circle_id, None)

    await desk.services.own_stories.withdraw_update(update.id, None, ANN)
    await desk.deliver()

    assert await owed(database, "story") == await owed(database, "retract_update") == []


# closing


async def test_closing_shows_a_random_while_later_and_until_then_not_even_by_trying(
    slow: Desk, database: Database, now: Now
) -> None:
    told = await slow.tell(ANN)
    await settle(slow, now)
    own, additions = slow.services.own_stories, slow.services.additions

    story = await own.close(told.story_id, None, ANN, closed=True)
    assert story.closed
    assert story.on_its_way.lock
    (lock,) = await owed(database, "lock")
    assert lock.not_before is not None
    assert 0 < (lock.not_before - now()).total_seconds() <= 180
    await additions.begin_reply(told.story_id, BEN)
    with pytest.raises(Refusal) as refused:
        await additions.begin_answer(told.story_id, None, ANN)
    assert refused.value.key == "refusals.you_closed"

    await settle(slow, now, minutes=3)
    assert slow.locks == [True]
    with pytest.raises(Refusal) as refused:
        await additions.begin_reply(told.story_id, BEN)
    assert refused.value.key == "refusals.thread_closed"
    await additions.begin_update(told.story_id, None, ANN)
    assert not (await own.mine(told.story_id, None, ANN)).on_its_way.lock


async def test_opening_again_shows_later_too(slow: Desk, now: Now) -> None:
    told = await slow.tell(ANN)
    await settle(slow, now)
    own, additions = slow.services.own_stories, slow.services.additions
    await own.close(told.story_id, None, ANN, closed=True)
    await settle(slow, now, minutes=3)

    await own.close(told.story_id, None, ANN, closed=False)
    with pytest.raises(Refusal):
        await additions.begin_reply(told.story_id, BEN)
    await settle(slow, now, minutes=3)

    assert slow.locks == [True, False]
    await additions.begin_reply(told.story_id, BEN)


async def test_closing_and_opening_before_it_shows_leaves_nothing_to_see(
    slow: Desk, database: Database, now: Now
) -> None:
    told = await slow.tell(ANN)
    await settle(slow, now)
    own = slow.services.own_stories

    for closed in (True, True, False, False):
        await own.close(told.story_id, None, ANN, closed=closed)

    assert await owed(database, "lock") == []
    await slow.services.additions.begin_reply(told.story_id, BEN)


async def test_closed_before_it_appears_its_thread_is_closed_from_the_beginning(
    slow: Desk, database: Database, now: Now
) -> None:
    told = await slow.tell(ANN)
    story = await slow.services.own_stories.close(told.story_id, told.receipt, BEN, closed=True)
    assert not story.on_its_way.lock
    assert await owed(database, "lock") == []

    await settle(slow, now)

    assert slow.locks == [True]
    with pytest.raises(Refusal):
        await slow.services.additions.begin_reply(told.story_id, BEN)


async def test_new_words_on_their_way_go_with_what_they_were_for(desk: Desk, database: Database) -> None:
    told = await desk.tell(ANN)
    shown = await desk.update(ANN, told.story_id, "It went well.")
    await desk.deliver()
    waiting = await desk.update(ANN, told.story_id, "And on.")
    async with database.write() as session:
        session.add_all(
            Edit(kind="update", subject=one.id, words={"text": "Better words."}) for one in (shown, waiting)
        )

    for one in (shown, waiting):
        await desk.services.own_stories.withdraw_update(one.id, None, ANN)

    async with database.read() as session:
        assert (await session.scalars(select(Edit))).all() == []


async def test_a_moderator_neither_opens_what_the_teller_closed_nor_waits_for_them(
    slow: Desk, now: Now
) -> None:
    told = await slow.tell(ANN)
    await settle(slow, now)
    own, moderation = slow.services.own_stories, slow.services.moderation
    await own.close(told.story_id, None, ANN, closed=True)

    early = await moderation.lock(told.story_id, locked=True)
    await slow.deliver()
    assert early.closed  # with the moderators' closing everybody may know
    assert slow.locks == [True]
    late = await moderation.lock(told.story_id, locked=False)
    await slow.deliver()

    assert late.closed
    assert slow.locks == [True, True]
    await own.close(told.story_id, None, ANN, closed=False)
    await settle(slow, now, minutes=3)
    assert slow.locks == [True, True, False]
    assert not (await moderation.lock(told.story_id, locked=True)).closed


async def test_a_moderator_does_not_learn_of_a_closing_before_it_shows(slow: Desk, now: Now) -> None:
    told = await slow.tell(ANN)
    await settle(slow, now)
    await slow.services.own_stories.close(told.story_id, None, ANN, closed=True)

    assert not (await slow.services.moderation.lock(told.story_id, locked=False)).closed


async def test_the_owner_of_a_named_story_closes_it_at_once_and_a_stranger_never(
    slow: Desk, now: Now
) -> None:
    told = await slow.tell(ANN, named=True)
    await slow.services.own_stories.close(told.story_id, None, ANN, closed=True)
    await slow.deliver()
    assert slow.locks == [True]

    with pytest.raises(NotAllowed):
        await slow.services.own_stories.close(told.story_id, new_receipt(), BEN, closed=False)


# the panel


async def test_the_panel_tells_what_it_met_with_and_of_what_is_on_its_way_only_ones_own(
    slow: Desk, now: Now
) -> None:

    told = await slow.tell(ANN)
    await settle(slow, now)
    await slow.reply(BEN, told.story_id, "Shown.")
    await settle(slow, now, minutes=4)
    await slow.services.resonating.press(told.story_id, Sign.THANKS, BEN)
    await slow.reply(CEM, told.story_id, "Still waiting.")
    await slow.reply(ANN, told.story_id, "Thank you.")
    await slow.update(ANN, told.story_id, "It went well.")

    story = await slow.services.own_stories.mine(told.story_id, told.receipt, CEM)

    assert (story.replies, dict(story.resonance)) == (1, {"thanks": 1})
    assert (story.on_its_way.updates, story.on_its_way.answers) == (1, 1)
    assert story.added == 2
    assert "I was late." not in repr(story)


async def test_rows_of_closing_and_taking_back_name_nobody(slow: Desk, database: Database, now: Now) -> None:
    told = await slow.tell(ANN)
    await settle(slow, now)
    update = await slow.update(ANN, told.story_id, "It went well.")
    reply = await slow.reply(BEN, told.story_id, "I know that.")
    await settle(slow, now)
    own = slow.services.own_stories
    await own.close(told.story_id, None, ANN, closed=True)
    await own.withdraw_update(update.id, None, ANN)
    await own.withdraw_my_reply(reply.id, None, BEN)

    kept = await everything_kept(database)

    assert not [value for value in kept if str(ANN) in value or str(BEN) in value]
    async with database.read() as session:
        assert set(await session.scalars(select(Reply.text))) == {""}
        assert (await session.scalars(select(Story))).one().closed
