"""What those on duty are told, and of which stories: on both engines, without Discord."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.rules.care import CarePlan
from bot.services import Services
from bot.services.duty import tell_on_duty
from bot.services.first_replies import FirstReplies, Unanswered
from bot.services.leaving import wipe_circle
from bot.services.outbox import channel_destination
from db.database import Database
from db.story_tables import Story
from db.tables import Circle
from tests.conftest import Now
from tests.services.desk import ANN, BEN, CHANNEL, Desk

DUTY, OTHER = 610_000_000_000_000_077, 610_000_000_000_000_078


@pytest.fixture
async def desk(services: Services) -> Desk:
    return await Desk(services).open()


async def choose(desk: Desk, **changes: int | None) -> None:
    await desk.services.caring.change(desk.circle_id, replace(CarePlan(), **changes))


async def tell(desk: Desk, database: Database, now: Now, subject: str = "7") -> None:
    async with database.write() as session:
        circle = await session.get_one(Circle, desk.circle_id)
        await tell_on_duty(session, circle, "no_reply", subject, {"number": subject}, now())


async def test_what_waits_goes_to_the_channel_of_the_moderators_and_follows_where_that_is(
    desk: Desk, database: Database, now: Now
) -> None:
    await choose(desk, moderators_channel_id=DUTY)
    await tell(desk, database, now)
    (lease,) = await desk.services.outbox.claim(5)
    assert lease.destination == channel_destination(DUTY)
    await desk.services.outbox.close_destination(lease, "view_channel", timedelta())
    assert await desk.services.outbox.closed_places() == {channel_destination(DUTY): True}

    await choose(desk, moderators_channel_id=OTHER)

    assert await desk.services.outbox.closed_places() == {}
    (lease,) = await desk.services.outbox.claim(5)
    assert lease.destination == channel_destination(OTHER)
    told = await desk.services.circles.notices(desk.circle_id)
    assert {notice.kind for notice in told} == {"no_reply"}


async def test_where_more_than_words_is_owed_more_has_to_be_allowed(
    desk: Desk, database: Database, now: Now
) -> None:
    await choose(desk, moderators_channel_id=CHANNEL)
    await tell(desk, database, now)
    await desk.services.circles.owe_welcome(desk.circle_id)
    (lease,) = await desk.services.outbox.claim(5)
    await desk.services.outbox.close_destination(lease, "view_channel", timedelta())

    assert await desk.services.outbox.closed_places() == {channel_destination(CHANNEL): False}


async def unanswered(looking: FirstReplies, now: Now) -> list[Unanswered]:
    found: list[Unanswered] = []
    while (one := await looking.next_question(now())) is not None:
        found.append(one)
    return found


async def test_stories_are_looked_at_once_a_day_when_they_are_old_enough_and_never_twice_in_the_end(
    desk: Desk, database: Database, now: Now
) -> None:
    await choose(desk, first_reply_days=2, moderators_channel_id=DUTY)
    first, second = await desk.tell(ANN, "One."), await desk.tell(ANN, "Two.")
    await desk.reply(BEN, second.story_id, "I hear you.")
    now.forward(minutes=5)
    await desk.deliver()
    looking = FirstReplies(database, now)
    assert await unanswered(looking, now) == []
    now.forward(days=1)
    assert await unanswered(looking, now) == []

    now.forward(days=2)
    (asked,) = await unanswered(looking, now)
    assert asked.story_id == first.story_id
    assert await unanswered(looking, now) == []  # today's round is over
    now.forward(days=1)
    (asked,) = await unanswered(looking, now)  # nobody knew the answer yesterday
    await looking.looked(asked, replied=False, now=now())
    await looking.looked(asked, replied=False, now=now())

    await desk.deliver()
    assert list(desk.posted.values()).count("no_reply") == 1
    async with database.read() as session:
        for told in (first, second):
            assert (await session.get_one(Story, told.story_id)).reply_looked_for
    now.forward(days=1)
    assert await unanswered(FirstReplies(database, now), now) == []


async def test_what_has_changed_while_discord_was_asked_counts(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    now.forward(days=5)
    looking = FirstReplies(database, now)
    (asked,) = await unanswered(looking, now)
    await desk.services.moderation.lock(told.story_id, locked=True)
    await looking.looked(asked, replied=False, now=now())
    assert await desk.services.circles.notices(desk.circle_id) == ()

    await desk.services.moderation.lock(told.story_id, locked=False)
    await desk.reply(BEN, told.story_id, "I hear you.")
    now.forward(minutes=5)
    await desk.deliver()
    await looking.looked(asked, replied=False, now=now())
    assert await desk.services.circles.notices(desk.circle_id) == ()


async def test_a_story_that_is_taken_back_is_settled(desk: Desk, database: Database, now: Now) -> None:
    told = await desk.tell(ANN)
    now.forward(days=5)
    looking = FirstReplies(database, now)
    (asked,) = await unanswered(looking, now)
    await looking.looked(asked, replied=False, now=now())

    await desk.services.own_stories.withdraw(told.story_id, told.receipt, ANN)

    assert await desk.services.circles.notices(desk.circle_id) == ()


async def test_with_a_circle_goes_also_that_its_moderators_channel_is_closed(
    desk: Desk, database: Database, now: Now
) -> None:
    await choose(desk, moderators_channel_id=DUTY)
    await tell(desk, database, now)
    (lease,) = await desk.services.outbox.claim(5)
    await desk.services.outbox.close_destination(lease, "view_channel", timedelta())

    async with database.write() as session:
        await wipe_circle(session, await session.get_one(Circle, desk.circle_id), now())

    assert await desk.services.outbox.closed_places() == {}
