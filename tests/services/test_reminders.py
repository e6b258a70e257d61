"""Reminders as the service keeps them: on time in one's own zone, once, never late, nobody else's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.errors import Gone, NotAllowed
from bot.rules.calendar import WeeklyTime
from bot.services import Services
from bot.services.circles import CircleInfo, CirclePlan
from bot.services.outbox import Lease
from db.database import Database
from db.tables import Delivery, Reminder
from tests.conftest import Now

PLAN = CirclePlan("Europe/Berlin", weekday=0, at_minute=9 * 60, size=9, delay_minutes=0)
TUESDAY_NINE = WeeklyTime(1, time(9), "America/New_York")
ANN, BEN = 11, 12


@pytest.fixture
async def circle(services: Services) -> CircleInfo:
    """A circle in Berlin, Mondays at nine."""
    return (await services.circles.save(1, 2, PLAN, "en")).circle


async def claimed(services: Services) -> list[Lease]:
    """The reminders that would be sent now."""
    return [lease for lease in await services.outbox.claim(100) if lease.kind == "reminder"]


async def test_it_is_due_at_the_persons_own_local_time_also_after_the_clocks_change(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    sent: list[datetime] = []
    for _ in range(12):
        due = await services.reminders.next_due()
        assert due is not None
        now.at = due
        await services.reminders.due(now())
        for lease in await claimed(services):
            assert await services.reminders.to_send(lease) is not None
            await services.reminders.sent(lease)
            sent.append(now())

    assert len(sent) == 12
    assert sent[0] == datetime(2026, 1, 6, 14, tzinfo=UTC)
    assert {moment.hour for moment in sent if moment < datetime(2026, 3, 8, tzinfo=UTC)} == {14}
    assert {moment.hour for moment in sent if moment > datetime(2026, 3, 8, tzinfo=UTC)} == {13}


async def test_a_time_that_the_clocks_leave_out_is_moved_and_not_skipped(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    now.at = datetime(2026, 4, 20, tzinfo=UTC)

    info = await services.reminders.remind_weekly(ANN, circle.id, WeeklyTime(4, time(0), "Africa/Cairo"))

    assert info.coming.moved
    assert info.coming.at == datetime(2026, 4, 23, 22, tzinfo=UTC)


@pytest.mark.parametrize(("asleep", "sent"), [(timedelta(hours=11), 1), (timedelta(hours=13), 0)])
async def test_what_was_slept_through_for_long_is_not_sent_late(
    services: Services, now: Now, circle: CircleInfo, asleep: timedelta, sent: int
) -> None:
    info = await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    now.at = info.coming.at + timedelta(weeks=2) + asleep

    await services.reminders.due(now())

    assert len(await claimed(services)) == sent
    assert await services.reminders.next_due() == info.coming.at + timedelta(weeks=3)


async def test_a_tick_twice_at_once_owes_one_reminder(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    info = await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    now.at = info.coming.at

    await asyncio.gather(services.reminders.due(now()), services.reminders.due(now()))

    assert len(await claimed(services)) == 1


async def test_an_attempt_that_takes_too_long_is_given_up(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    info = await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    now.at = info.coming.at
    await services.reminders.due(now())
    (lease,) = await claimed(services)

    now.forward(hours=13)

    assert await services.reminders.to_send(lease) is None


async def test_an_unsure_one_does_not_silence_the_weeks_after_it(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    info = await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    now.at = info.coming.at
    await services.reminders.due(now())
    (lease,) = await claimed(services)
    await services.outbox.set_aside(lease, "unsure", "history")

    now.forward(weeks=1)
    await services.reminders.due(now())

    assert len(await claimed(services)) == 1


async def test_many_at_the_same_minute_go_out_one_after_the_other(
    services: Services, database: Database, now: Now, circle: CircleInfo
) -> None:
    for person in range(45):
        info = await services.reminders.remind_weekly(100 + person, circle.id, TUESDAY_NINE)
    now.at = info.coming.at

    batches = [await services.reminders.due(now()) for _ in range(4)]
    assert sum(batches) == 45
    assert batches[-1] == 0

    async with database.read() as session:
        moments = sorted(moment for moment in await session.scalars(select(Delivery.not_before)) if moment)
    assert moments[0] == info.coming.at
    assert moments[-1] - moments[0] == 44 * timedelta(milliseconds=250)
    assert len(set(moments)) == 45


async def test_in_a_paused_circle_nothing_is_sent_nor_made_up(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    info = await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    await services.circles.pause(circle.id, datetime(2026, 1, 7).date())  # noqa: DTZ001  # a local day
    now.at = info.coming.at
    await services.reminders.due(now())
    assert await claimed(services) == []

    now.forward(weeks=1)
    await services.reminders.due(now())

    assert len(await claimed(services)) == 1


async def test_set_twice_at_once_is_one_reminder(services: Services, circle: CircleInfo) -> None:
    later = WeeklyTime(3, time(18), "Europe/Berlin")

    await asyncio.gather(
        *(services.reminders.remind_weekly(ANN, circle.id, when) for when in (TUESDAY_NINE, later))
    )

    assert len(await services.reminders.of(ANN)) == 1


async def test_a_change_takes_the_old_time_back(services: Services, now: Now, circle: CircleInfo) -> None:
    info = await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    now.at = info.coming.at
    await services.reminders.due(now())

    await services.reminders.remind_weekly(ANN, circle.id, WeeklyTime(3, time(18), "Europe/Berlin"))

    assert await claimed(services) == []
    assert await services.reminders.next_due() == datetime(2026, 1, 8, 17, tzinfo=UTC)


async def test_nobody_sees_or_stops_anothers_reminder(services: Services, circle: CircleInfo) -> None:
    info = await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)

    assert await services.reminders.of(BEN) == ()
    assert not await services.reminders.stop_in(BEN, circle.id)
    assert await services.reminders.stop_all(BEN) == 0
    with pytest.raises(NotAllowed):
        await services.reminders.stop(BEN, info.id)

    assert [mine.id for mine in await services.reminders.of(ANN)] == [info.id]


async def test_stopping_while_it_is_owed_leaves_no_trace_of_the_person(
    services: Services, database: Database, now: Now, circle: CircleInfo
) -> None:
    info = await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    now.at = info.coming.at
    await services.reminders.due(now())

    await services.reminders.stop(ANN, info.id)
    await services.reminders.stop(ANN, info.id)

    async with database.read() as session:
        assert (await session.scalars(select(Delivery))).all() == []
        assert (await session.scalars(select(Reminder))).all() == []


async def test_stopping_while_it_is_being_sent_settles_it(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    info = await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    now.at = info.coming.at
    await services.reminders.due(now())
    (lease,) = await claimed(services)

    assert await services.reminders.stop_all(ANN) == 1

    assert await services.reminders.to_send(lease) is None
    await services.reminders.sent(lease)
    assert (await services.outbox.counts()).waiting == 0


async def test_closed_private_messages_put_it_to_sleep_until_it_is_set_again(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    info = await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    now.at = info.coming.at
    await services.reminders.due(now())
    (lease,) = await claimed(services)

    await services.reminders.refused(lease)

    assert [mine.closed for mine in await services.reminders.of(ANN)] == [True]
    await services.reminders.recompute(now())
    assert await services.reminders.next_due() is None
    await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    assert [mine.closed for mine in await services.reminders.of(ANN)] == [False]
    assert await services.reminders.next_due() == info.coming.at + timedelta(weeks=1)


async def test_a_start_follows_changed_zone_rules_and_loses_nothing_that_is_due(
    services: Services, database: Database, now: Now, circle: CircleInfo
) -> None:
    mine = await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    await services.reminders.remind_weekly(BEN, circle.id, TUESDAY_NINE)
    overdue = now() - timedelta(hours=1)
    async with database.write() as session:
        for row in await session.scalars(select(Reminder)):
            row.next_due_at = overdue if row.user_id == BEN else now() + timedelta(days=40)

    await services.reminders.recompute(now())

    async with database.read() as session:
        due = {row.user_id: row.next_due_at for row in await session.scalars(select(Reminder))}
    assert due == {ANN: mine.coming.at, BEN: overdue}


async def test_a_zone_that_is_no_longer_known_holds_up_nobody_else(
    services: Services, database: Database, now: Now, circle: CircleInfo
) -> None:
    info = await services.reminders.remind_weekly(ANN, circle.id, TUESDAY_NINE)
    await services.reminders.remind_weekly(BEN, circle.id, TUESDAY_NINE)
    async with database.write() as session:
        for row in await session.scalars(select(Reminder).where(Reminder.user_id == BEN)):
            row.zone = "Atlantis/Capital"
    now.at = info.coming.at

    await services.reminders.due(now())

    assert len(await claimed(services)) == 1


async def test_a_circle_that_is_gone_has_no_reminders(services: Services) -> None:
    with pytest.raises(Gone):
        await services.reminders.remind_weekly(ANN, 404, TUESDAY_NINE)
