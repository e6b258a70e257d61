"""The weekly prompt comes once: decided by the database, whatever people do around it. No Discord here."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from bot.errors import Refusal
from bot.services import Services
from bot.services.circles import CirclePlan
from bot.services.prompt_posts import PromptPost
from db.database import Database
from db.tables import Circle, Delivery, Occurrence
from tests.conftest import ErrorCollector, Now
from tests.services.questions import CHANNEL, FIRST, GUILD, MONDAYS, owed, post, weeks


@pytest.fixture
async def circle_id(services: Services) -> int:
    """A circle in Berlin, asked on Mondays at nine."""
    return (await services.circles.save(GUILD, CHANNEL, MONDAYS, "en")).circle.id


async def test_two_ticks_at_once_ask_once(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST

    await asyncio.gather(*(services.prompts.due(now()) for _ in range(4)))

    assert await weeks(database) == ["2026-W02"]
    assert len(await owed(database)) == 1


async def test_two_post_now_at_once_ask_once_and_the_other_is_told(
    services: Services, database: Database, circle_id: int
) -> None:
    results = await asyncio.gather(
        *(services.prompts.post_now(circle_id) for _ in range(3)), return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, Refusal)]
    assert [refusal.key for refusal in refused] == ["refusals.already_asked"] * 2
    assert len(await owed(database)) == 1


async def test_a_tick_and_a_post_now_at_once_ask_once(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST

    await asyncio.gather(
        services.prompts.due(now()), services.prompts.post_now(circle_id), return_exceptions=True
    )

    assert await weeks(database) == ["2026-W02"]
    assert len(await owed(database)) == 1


async def test_asked_early_by_hand_the_week_is_not_asked_again(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST - timedelta(hours=1)
    coming = await services.prompts.post_now(circle_id)
    now.at = FIRST
    await services.prompts.due(now())

    assert coming.at == FIRST + timedelta(weeks=1)
    assert await weeks(database) == ["2026-W02"]


@pytest.mark.parametrize("plan", [
    dataclasses.replace(MONDAYS, weekday=2),
    dataclasses.replace(MONDAYS, at_minute=1380),
    dataclasses.replace(MONDAYS, zone="America/New_York", weekday=6),
])  # fmt: skip
async def test_a_schedule_edited_in_the_week_of_its_prompt_starts_next_week(
    services: Services, database: Database, now: Now, circle_id: int, plan: CirclePlan
) -> None:
    now.at = FIRST
    await services.prompts.due(now())
    now.forward(hours=1)

    saved = await services.circles.save(GUILD, CHANNEL, plan, "en")
    for _ in range(6):
        await services.prompts.due(now.forward(days=1))

    assert saved.coming[0].week == "2026-W03"
    assert await weeks(database) == ["2026-W02"]


async def test_saving_unchanged_settings_between_the_moment_and_its_tick_loses_no_prompt(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST + timedelta(seconds=2)

    await services.circles.save(GUILD, CHANNEL, dataclasses.replace(MONDAYS, size=12), "en")
    await services.prompts.due(now())

    assert await weeks(database) == ["2026-W02"]


async def test_skipping_between_the_moment_and_its_tick_skips_what_was_answered(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST + timedelta(seconds=2)

    done = await services.prompts.skip(circle_id)
    await services.prompts.due(now())

    assert done.skipped.week == "2026-W03"
    assert await weeks(database) == ["2026-W02"]
    assert await weeks(database, "skipped") == ["2026-W03"]


async def test_what_may_have_arrived_before_a_long_downtime_is_only_looked_for(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST
    await services.prompts.due(now())
    await services.outbox.claim(5)
    now.forward(days=5)
    assert await services.outbox.start(alone=True) == 1

    (lease,) = await services.outbox.claim(5)
    found = await services.prompt_posts.to_post(lease)
    assert lease.uncertain
    assert isinstance(found, PromptPost)
    assert found.too_late
    await services.outbox.never_arrived(lease)
    (lease,) = await services.outbox.claim(5)

    assert await services.prompt_posts.to_post(lease) is None
    assert await weeks(database, "missed") == ["2026-W02"]


async def test_facilitators_decide_about_a_prompt_of_which_nobody_knows(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST
    await services.prompts.due(now())
    (lease,) = await services.outbox.claim(5)
    await services.outbox.set_aside(lease, "unsure", "history")
    await services.prompts.due(now.forward(hours=1))
    assert await services.outbox.claim(5) == []

    await services.prompts.post_now(circle_id)

    await post(services)
    assert await weeks(database) == ["2026-W02"]
    with pytest.raises(Refusal):
        await services.prompts.post_now(circle_id)


async def test_a_skip_taken_back_brings_the_week_back(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    done = await services.prompts.skip(circle_id)
    assert done.next.week == "2026-W03"

    coming = await services.prompts.unskip(done.occurrence_id)
    now.at = FIRST
    await services.prompts.due(now())

    assert coming.at == FIRST
    assert await weeks(database) == ["2026-W02"]
    with pytest.raises(Refusal) as refused:
        await services.prompts.unskip(done.occurrence_id)
    assert refused.value.key == "refusals.skip_over"


async def test_a_skipped_week_is_not_asked_and_cannot_be_taken_back_after_its_time(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    done = await services.prompts.skip(circle_id)
    now.at = FIRST
    await services.prompts.due(now())

    assert await owed(database) == []
    with pytest.raises(Refusal):
        await services.prompts.unskip(done.occurrence_id)


async def test_one_circle_that_cannot_be_decided_holds_up_nobody(
    services: Services, database: Database, now: Now, circle_id: int, logged_errors: ErrorCollector
) -> None:
    other = (await services.circles.save(GUILD, CHANNEL + 1, MONDAYS, "en")).circle.id
    async with database.write() as session:
        await session.execute(update(Circle).where(Circle.id == circle_id).values(zone="Mars/Olympus"))
    now.at = FIRST

    await services.prompts.due(now())

    async with database.read() as session:
        asked = list(await session.scalars(select(Occurrence.circle_id)))
    assert asked == [other]
    assert len(logged_errors.records) == 2
    logged_errors.records.clear()
    async with database.write() as session:  # mended: within its grace it is still asked
        await session.execute(update(Circle).where(Circle.id == circle_id).values(zone="Europe/Berlin"))
    await services.prompts.due(now.forward(hours=1))
    assert len(await owed(database)) == 2


async def test_whatever_is_pressed_and_however_long_it_sleeps_no_week_is_asked_twice(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    random, skips = Random(11), list[int]()
    for _ in range(80):
        now.forward(minutes=random.choice([1, 60, 600, 1440, 5000, 20000]))
        await _something(random, services, circle_id, skips)
        await services.prompts.due(now())
        for lease in await services.outbox.claim(5):
            if isinstance(await services.prompt_posts.to_post(lease), PromptPost):
                await services.prompt_posts.posted(lease, random.getrandbits(60))
            else:
                await services.outbox.drop(lease)

    asked = await weeks(database)
    assert len(asked) > 8
    async with database.read() as session:
        sent = list(await session.scalars(select(Delivery.subject).where(Delivery.state == "sent")))
    assert len(sent) == len(set(sent)) <= len(asked)


async def _something(random: Random, services: Services, circle_id: int, skips: list[int]) -> None:
    """One press of a facilitator, or a restart; refusals are fine."""
    try:
        match random.randrange(6):
            case 0:
                await services.prompts.post_now(circle_id)
            case 1:
                plan = dataclasses.replace(
                    MONDAYS, weekday=random.randrange(7), at_minute=random.randrange(1440)
                )
                await services.circles.save(GUILD, CHANNEL, plan, "en")
            case 2:
                skips.append((await services.prompts.skip(circle_id)).occurrence_id)
            case 3:
                await services.prompts.unskip(random.choice(skips or [1]))
            case 4:
                await services.circles.pause(circle_id, None)
                await services.circles.resume(circle_id)
            case _:
                await services.prompts.recompute(services.prompts._now())  # pyright: ignore[reportPrivateUsage]
                await services.outbox.start(alone=True)
    except Refusal:
        pass
