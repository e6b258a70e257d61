"""The weekly prompt comes once: decided by the database, whatever happens around it. No Discord here."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from bot.errors import Refusal
from bot.services import Services
from bot.services.circles import CirclePlan
from bot.services.outbox import Lease
from bot.services.prompts import DELIVERY, PromptPost
from db.database import Database
from db.tables import Circle, Delivery, Notice, Occurrence, Schedule
from tests.conftest import ErrorCollector, Now

GUILD, CHANNEL = 600_000_000_000_000_001, 600_000_000_000_000_002
MONDAYS = CirclePlan("Europe/Berlin", weekday=0, at_minute=540, size=9, delay_minutes=0)
FIRST = datetime(2026, 1, 5, 8, tzinfo=UTC)
"""The first Monday at nine in Berlin after the tests' beginning."""


@pytest.fixture
async def circle_id(services: Services) -> int:
    """A circle in Berlin, asked on Mondays at nine."""
    return (await services.circles.save(GUILD, CHANNEL, MONDAYS, "en")).circle.id


async def weeks(database: Database, state: str = "given") -> list[str]:
    """The weeks with an occurrence in a state, in order."""
    async with database.read() as session:
        rows = await session.scalars(select(Occurrence.week).where(Occurrence.state == state))
        return sorted(rows)


async def owed(database: Database) -> list[Delivery]:
    """The prompts that Discord is owed, or has been."""
    async with database.read() as session:
        return list(await session.scalars(select(Delivery).where(Delivery.kind == DELIVERY)))


async def told(services: Services, circle_id: int) -> list[str]:
    """What the facilitators hear at their next visit."""
    return [notice.kind for notice in await services.circles.notices(circle_id)]


async def post(services: Services) -> Lease:
    """Take what is due and settle it as sent."""
    (lease,) = await services.outbox.claim(5)
    await services.prompts.posted(lease, 1)
    return lease


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


async def test_after_a_short_downtime_the_prompt_goes_out_once(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST + timedelta(hours=11, minutes=59)
    await services.prompts.recompute(now())
    await services.prompts.due(now())
    await services.prompts.due(now.forward(minutes=1))

    assert await weeks(database) == ["2026-W02"]
    assert len(await owed(database)) == 1


async def test_after_a_long_downtime_it_is_left_out_and_facilitators_hear_it(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST + timedelta(hours=12)
    await services.prompts.recompute(now())
    await services.prompts.due(now())

    assert await owed(database) == []
    assert await weeks(database, "missed") == ["2026-W02"]
    assert await told(services, circle_id) == ["prompt_missed"]
    assert await told(services, circle_id) == []


async def test_after_weeks_of_downtime_there_is_no_heap(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST + timedelta(weeks=5, hours=2)
    await services.prompts.due(now())

    assert await weeks(database) == ["2026-W07"]
    assert await weeks(database, "missed") == []
    assert len(await owed(database)) == 1


async def test_a_week_that_was_missed_can_be_asked_by_hand(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST + timedelta(hours=20)
    await services.prompts.due(now())

    await services.prompts.post_now(circle_id)

    assert await weeks(database) == ["2026-W02"]


async def test_what_was_paused_is_not_made_up(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    await services.circles.pause(circle_id, None)
    now.at = FIRST + timedelta(hours=1)
    await services.prompts.due(now())
    await services.circles.resume(circle_id)
    await services.prompts.due(now.forward(minutes=1))

    assert await owed(database) == []
    assert await told(services, circle_id) == []
    now.at = FIRST + timedelta(weeks=1)
    await services.prompts.due(now())
    assert await weeks(database) == ["2026-W03"]


async def test_a_pause_that_ended_during_a_downtime_is_not_made_up_either(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    await services.circles.pause(circle_id, date(2026, 1, 6))
    now.at = FIRST + timedelta(hours=15, minutes=30)  # it is Tuesday in Berlin
    services.prompts._grace = timedelta(hours=72)  # pyright: ignore[reportPrivateUsage]
    await services.prompts.due(now())

    assert await owed(database) == []
    assert await told(services, circle_id) == []


async def test_a_pause_with_a_day_ends_by_itself_and_is_no_longer_shown(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    await services.circles.pause(circle_id, date(2026, 1, 7))
    now.at = datetime(2026, 1, 6, 22, 59, tzinfo=UTC)
    assert (await services.circles.get(circle_id)).paused
    now.at = datetime(2026, 1, 6, 23, tzinfo=UTC)

    info = await services.circles.get(circle_id)

    assert not info.paused
    assert info.paused_until is None


async def test_a_prompt_that_waits_while_the_circle_is_paused_is_not_sent_late(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST
    await services.prompts.due(now())
    await services.circles.pause(circle_id, None)
    (lease,) = await services.outbox.claim(5)
    wait = await services.prompts.to_post(lease)
    assert isinstance(wait, timedelta)
    await services.outbox.postpone(lease, wait)
    now.forward(days=2)
    await services.circles.resume(circle_id)

    (lease,) = await services.outbox.claim(5)

    assert await services.prompts.to_post(lease) is None
    assert lease.attempts == 1
    assert await told(services, circle_id) == ["prompt_missed"]


async def test_what_may_have_arrived_before_a_long_downtime_is_only_looked_for(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    now.at = FIRST
    await services.prompts.due(now())
    await services.outbox.claim(5)
    now.forward(days=5)
    assert await services.outbox.start(alone=True) == 1

    (lease,) = await services.outbox.claim(5)
    found = await services.prompts.to_post(lease)
    assert lease.uncertain
    assert isinstance(found, PromptPost)
    assert found.too_late
    await services.outbox.never_arrived(lease)
    (lease,) = await services.outbox.claim(5)

    assert await services.prompts.to_post(lease) is None
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


async def test_new_zone_rules_that_move_a_due_moment_neither_lose_nor_hurry_it(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    async def stored(at: datetime) -> None:
        async with database.write() as session:
            await session.execute(update(Schedule).values(next_due_at=at))

    await stored(FIRST - timedelta(hours=1))  # by the old rules an hour earlier
    now.at = FIRST - timedelta(minutes=30)
    await services.prompts.recompute(now())
    await services.prompts.due(now())
    assert await weeks(database) == []
    now.at = FIRST
    await services.prompts.due(now())
    assert await weeks(database) == ["2026-W02"]

    await stored(FIRST + timedelta(weeks=1, hours=1))  # by the old rules an hour later
    now.at = FIRST + timedelta(weeks=1, hours=1)
    await services.prompts.due(now())
    assert await weeks(database) == ["2026-W02", "2026-W03"]


@pytest.mark.parametrize(("zone", "weekday", "minute", "start", "expected"), [
    # the clocks go forward at two: half past two doesn't exist, three does
    ("Europe/Berlin", 6, 150, (2026, 3, 23), [(3, 29, 1, 0), (4, 5, 0, 30)]),
    # they go back at three: half past two comes twice, and is asked at the first
    ("Europe/Berlin", 6, 150, (2026, 10, 19), [(10, 25, 0, 30), (11, 1, 1, 30)]),
    # local midnight doesn't exist
    ("Africa/Cairo", 4, 0, (2026, 4, 20), [(4, 23, 22, 0), (4, 30, 21, 0)]),
    ("America/Santiago", 6, 0, (2026, 9, 1), [(9, 6, 4, 0), (9, 13, 3, 0)]),
])  # fmt: skip
async def test_it_comes_once_on_time_in_the_weeks_the_clocks_change(
    services: Services,
    database: Database,
    now: Now,
    zone: str,
    weekday: int,
    minute: int,
    start: tuple[int, int, int],
    expected: list[tuple[int, int, int, int]],
) -> None:
    now.at = datetime(*start, tzinfo=UTC)
    plan = CirclePlan(zone, weekday, minute, size=9, delay_minutes=0)
    await services.circles.save(GUILD, CHANNEL, plan, "en")
    asked: list[tuple[int, int, int, int]] = []

    while (due := await services.prompts.next_due() or now()) < now() + timedelta(days=9) and len(asked) < 2:
        for moment in (due - timedelta(seconds=1), due, due + timedelta(hours=1), due + timedelta(hours=2)):
            now.at = moment  # also in the hour that is repeated
            await services.prompts.due(now())
            for lease in await services.outbox.claim(5):
                await services.prompts.posted(lease, 1)
                asked.append((now().month, now().day, now().hour, now().minute))

    assert asked == expected


async def test_whatever_is_pressed_and_however_long_it_sleeps_no_week_is_asked_twice(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    random, skips = Random(11), list[int]()
    for _ in range(80):
        now.forward(minutes=random.choice([1, 60, 600, 1440, 5000, 20000]))
        await _something(random, services, circle_id, skips)
        await services.prompts.due(now())
        for lease in await services.outbox.claim(5):
            if isinstance(await services.prompts.to_post(lease), PromptPost):
                await services.prompts.posted(lease, random.getrandbits(60))
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


async def test_a_notice_names_the_week_once_for_each_that_was_left_out(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    for week in range(2):
        now.at = FIRST + timedelta(weeks=week, hours=13)
        await services.prompts.due(now())
        await services.prompts.due(now())

    async with database.read() as session:
        assert sorted(await session.scalars(select(Notice.subject))) == ["2026-W02", "2026-W03"]
