"""How long what is told without a name waits, so that the hour tells nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.rules.anonymity import phases, slot
from bot.rules.promises import Waits
from bot.rules.stories import StoryDraft, StoryWords, Voice
from bot.services import Services
from bot.services.stories import Teller, Told
from db.database import Database
from db.story_tables import Story
from db.tables import Delivery
from tests.conftest import Now
from tests.services.desk import ANN, BEN, CHANNEL, Desk


@pytest.fixture
async def slow(services: Services) -> Desk:
    """A circle whose unnamed stories wait up to half an hour."""
    desk = await Desk(services).open()
    circle = await services.circles.get(desk.circle_id)
    plan = replace(circle.plan, delay_minutes=30)
    await services.circles.save(circle.guild_id, CHANNEL, plan, "en")
    return desk


async def due(database: Database, kind: str) -> list[datetime]:
    """When the open deliveries of a kind may go out."""
    async with database.read() as session:
        rows = await session.scalars(
            select(Delivery.not_before).where(Delivery.kind == kind, Delivery.state == "waiting")
        )
        return [moment for moment in rows if moment is not None]


async def post(desk: Desk, *, named: bool = False) -> Told:
    """Tell a story, and leave it on its way."""
    voice = Voice.NAMED if named else Voice.UNNAMED
    kept = await desk.services.stories.keep(StoryDraft(desk.circle_id, voice, StoryWords("I was late.")))
    told = await desk.services.stories.post(kept.receipt, 1, Teller(ANN, "Ann"))
    assert isinstance(told, Told)
    return told


async def test_unnamed_stories_wait_a_random_time_each_their_own(
    slow: Desk, database: Database, now: Now
) -> None:
    for _ in range(40):
        await post(slow)

    waits = [moment - now() for moment in await due(database, "story")]

    assert all(timedelta(0) < wait <= timedelta(minutes=30) for wait in waits)
    assert len(set(waits)) == 40
    assert timedelta(minutes=13) < max(waits) - min(waits) <= timedelta(minutes=15)


@pytest.mark.parametrize("delay", [0, 30, 720])
async def test_replies_wait_some_minutes_in_every_circle(
    services: Services, database: Database, now: Now, delay: int
) -> None:
    desk = await Desk(services).open()
    told = await desk.tell(ANN)
    await choose(desk, delay)
    for person in range(BEN, BEN + 20):
        await desk.reply(person, told.story_id, "I hear you.")

    waits = [moment - now() for moment in await due(database, "reply")]

    assert all(timedelta(0) < wait <= timedelta(minutes=3) for wait in waits)
    assert len(set(waits)) == 20


async def choose(desk: Desk, delay: int, size: int = 9) -> None:
    """The facilitator chooses how long stories wait, and how large the group is."""
    circle = await desk.services.circles.get(desk.circle_id)
    plan = replace(circle.plan, delay_minutes=delay, size=size)
    await desk.services.circles.save(circle.guild_id, CHANNEL, plan, "en")


async def test_what_was_told_from_the_beginning_to_the_end_of_a_slot_appears_in_no_order(
    slow: Desk, database: Database, now: Now
) -> None:
    telling, half_an_hour = slow.services.stories._telling, timedelta(minutes=30)
    phase = phases(telling._secret, f"{slow.circle_id} {Waits.STORY} 30")
    as_told = 0
    for run in range(20):
        now.at = start = slot(now.forward(hours=5), half_an_hour, phase)[0]
        _, end = slot(start, half_an_hour, phase)
        for number, part in enumerate((0, 0.5, 0.99)):
            now.at = start + (end - start) * part
            await keep_waiting(slow, f"{run}.{number}")
        appear = await by_words(database, f"{run}.")
        assert all(end <= moment for moment in appear.values())
        as_told += sorted(appear, key=appear.__getitem__) == [f"{run}.{number}" for number in range(3)]

    assert as_told <= 10  # a sixth of 20, and four deviations above it


async def by_words(database: Database, begins: str) -> dict[str, datetime]:
    """When the waiting stories that begin so may appear."""
    async with database.read() as session:
        rows = await session.execute(
            select(Story.slip, Delivery.not_before)
            .join(Delivery, Delivery.subject == Story.id)
            .where(Story.slip.startswith(begins))
        )
        return {slip: moment for slip, moment in rows.all() if moment is not None}


async def test_after_an_outage_the_order_of_appearing_is_not_the_order_of_telling(
    slow: Desk, now: Now
) -> None:
    for number in range(25):
        await keep_waiting(slow, f"{number}")
        now.forward(minutes=16)  # each in a slot of its own
    now.forward(minutes=30)  # the last one is due, too

    await slow.deliver()

    order = [int(slip) for slip in slow.posted.values()]
    assert sorted(order) == list(range(25))
    pairs = [(one, other) for at, one in enumerate(order) for other in order[at + 1 :]]
    assert 0.2 < sum(one < other for one, other in pairs) / len(pairs) < 0.8


async def test_after_an_outage_named_stories_still_appear_in_their_order(slow: Desk, now: Now) -> None:
    for number in range(10):
        kept = await slow.services.stories.keep(
            StoryDraft(slow.circle_id, Voice.NAMED, StoryWords(f"{number}"))
        )
        await slow.services.stories.post(kept.receipt, 1, Teller(ANN, "Ann"))
        now.forward(minutes=16)

    await slow.deliver()

    assert [int(slip) for slip in slow.posted.values()] == list(range(10))


async def keep_waiting(desk: Desk, slip: str) -> Told:
    """Tell a story without a name, and leave it on its way."""
    kept = await desk.services.stories.keep(StoryDraft(desk.circle_id, Voice.UNNAMED, StoryWords(slip)))
    told = await desk.services.stories.post(kept.receipt, 1, Teller(ANN, "Ann"))
    assert isinstance(told, Told)
    return told


async def test_a_named_story_does_not_wait(slow: Desk, database: Database, now: Now) -> None:
    await post(slow, named=True)

    assert await due(database, "story") == [now()]


async def test_updates_wait_like_stories_and_replies_some_minutes(
    slow: Desk, database: Database, now: Now
) -> None:
    told = await post(slow)
    now.forward(minutes=31)
    await slow.deliver()
    for person in range(BEN, BEN + 20):
        await slow.reply(person, told.story_id, "I hear you.")
    await slow.update(ANN, told.story_id, "It went well.")

    updates = [moment - now() for moment in await due(database, "update")]
    replies = [moment - now() for moment in await due(database, "reply")]

    assert timedelta(0) < updates[0] <= timedelta(minutes=30)
    assert timedelta(0) < max(replies) <= timedelta(minutes=3)
    assert len(set(replies)) == 20


async def test_what_one_person_says_in_a_thread_appears_in_their_order(slow: Desk, now: Now) -> None:
    told = await post(slow)
    now.forward(minutes=31)
    await slow.deliver()
    said = [f"{kind} {number}" for number in range(8) for kind in ("update", "answer", "reply")]
    for text in said:
        if "update" in text:
            await slow.update(ANN, told.story_id, text)
        else:
            await slow.reply(ANN if "answer" in text else BEN, told.story_id, text)

    now.forward(minutes=31)
    await slow.deliver()

    appeared = list(slow.posted.values())[1:]
    for kind in ("update", "answer", "reply"):
        assert [text for text in appeared if kind in text] == [text for text in said if kind in text]


async def test_what_is_kept_of_the_time_is_the_day_after(slow: Desk, database: Database, now: Now) -> None:
    now.at = datetime(2026, 3, 3, 21, 17, 5, tzinfo=UTC)
    await post(slow)
    now.forward(minutes=31)

    await slow.deliver()

    async with database.read() as session:
        story = (await session.scalars(select(Story))).one()
        deliveries = (await session.scalars(select(Delivery))).all()
    assert story.published_on == date(2026, 3, 4)
    assert deliveries
    assert all(row.not_before is None and row.first_attempt_at is None for row in deliveries)


async def test_a_pause_holds_what_waits_and_lets_it_go_apart(
    slow: Desk, database: Database, now: Now
) -> None:
    for _ in range(20):
        await post(slow)
    await slow.services.circles.pause(slow.circle_id, None)
    for _ in range(6):
        now.forward(minutes=10)
        await slow.deliver()
    assert slow.posted == {}

    await slow.services.circles.resume(slow.circle_id)
    moments = await due(database, "story")

    assert len(set(moments)) == 20
    assert max(moments) - min(moments) > timedelta(hours=3)
    now.forward(hours=6)
    await slow.deliver()
    assert len(slow.posted) == 20
