"""How long what is told without a name waits, so that the hour tells nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

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

    assert all(timedelta(0) <= wait <= timedelta(minutes=30) for wait in waits)
    assert len(set(waits)) == 40
    assert min(waits) < timedelta(minutes=6)
    assert max(waits) > timedelta(minutes=24)


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
    assert timedelta(minutes=1) < max(replies) <= timedelta(minutes=3)
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
    assert max(moments) - min(moments) > timedelta(minutes=5)
    now.forward(minutes=25)
    await slow.deliver()
    assert len(slow.posted) == 20
