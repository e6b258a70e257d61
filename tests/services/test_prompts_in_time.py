"""The weekly prompt comes on time, or not at all: downtime, pauses, changing clocks. No Discord here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.services import Services
from bot.services.circles import CirclePlan
from db.database import Database
from db.tables import Circle, Notice, Schedule
from tests.conftest import ErrorCollector, Now
from tests.services.questions import CHANNEL, FIRST, GUILD, MONDAYS, owed, told, weeks


@pytest.fixture
async def circle_id(services: Services) -> int:
    """A circle in Berlin, asked on Mondays at nine."""
    return (await services.circles.save(GUILD, CHANNEL, MONDAYS, "en")).circle.id


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
    wait = await services.prompt_posts.to_post(lease)
    assert isinstance(wait, timedelta)
    await services.outbox.postpone(lease, wait)
    now.forward(days=2)
    await services.circles.resume(circle_id)

    (lease,) = await services.outbox.claim(5)

    assert await services.prompt_posts.to_post(lease) is None
    assert lease.attempts == 1
    assert await told(services, circle_id) == ["prompt_missed"]


async def test_a_zone_that_is_no_longer_known_keeps_nobody_from_starting(
    services: Services, database: Database, now: Now, circle_id: int, logged_errors: ErrorCollector
) -> None:
    async with database.write() as session:
        await session.execute(update(Circle).values(zone="Mars/Olympus"))
    await services.circles.save(GUILD, CHANNEL + 1, MONDAYS, "en")
    async with database.write() as session:
        await session.execute(update(Schedule).values(next_due_at=None))

    await services.prompts.recompute(now())

    assert await services.prompts.next_due() == FIRST
    assert len(logged_errors.records) == 1
    logged_errors.records.clear()


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
                await services.prompt_posts.posted(lease, 1)
                asked.append((now().month, now().day, now().hour, now().minute))

    assert asked == expected


async def test_a_notice_names_the_week_once_for_each_that_was_left_out(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    for week in range(2):
        now.at = FIRST + timedelta(weeks=week, hours=13)
        await services.prompts.due(now())
        await services.prompts.due(now())

    async with database.read() as session:
        assert sorted(await session.scalars(select(Notice.subject))) == ["2026-W02", "2026-W03"]
