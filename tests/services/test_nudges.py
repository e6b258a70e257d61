"""The nudge: the press writes nothing, the day tells nothing, it comes once, and one press stops it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.services import Services
from bot.services.nudges import NUDGE, NudgeInfo
from bot.services.outbox import Lease
from db.database import Database
from db.people_tables import Nudge
from db.tables import ClosedDestination, Delivery
from tests.conftest import ON_SQLITE, Now

ANN, BEN = 800_000_000_000_000_011, 800_000_000_000_000_012


async def rows(database: Database) -> dict[int, date | None]:
    """Everybody's nudge, as it is written down."""
    async with database.read() as session:
        return {row.user_id: row.due_on for row in await session.scalars(select(Nudge))}


async def written_down(services: Services, now: Now, *people: int) -> None:
    """They ask, and some hours pass."""
    for person in people:
        services.nudges.ask(person)
    now.forward(hours=13)
    while await services.nudges.due(now()):
        pass


async def owed(services: Services) -> list[Lease]:
    """The nudges that would be sent now."""
    return [lease for lease in await services.outbox.claim(100) if lease.kind == NUDGE]


@ON_SQLITE
async def test_the_press_writes_nothing_and_hours_later_one_row_is_written_by_itself(
    services: Services, database: Database, now: Now
) -> None:
    before = database.writes
    services.nudges.ask(ANN)
    now.forward(minutes=59)
    assert await services.nudges.due(now()) == 0
    assert database.writes == before
    assert await services.nudges.of(ANN) == NudgeInfo(None)

    now.forward(hours=12)
    assert await services.nudges.due(now()) == 1

    assert set(await rows(database)) == {ANN}


async def test_each_row_is_written_in_a_transaction_of_its_own(
    services: Services, database: Database, now: Now
) -> None:
    services.nudges.ask(ANN)
    services.nudges.ask(BEN)
    now.forward(hours=13)

    assert await services.nudges.due(now()) == 1
    assert len(await rows(database)) == 1


async def test_its_day_is_random_so_that_it_does_not_tell_when_it_was_asked_for(
    services: Services, database: Database, now: Now
) -> None:
    people = range(1, 60)
    await written_down(services, now, *people)

    days = {day for day in (await rows(database)).values() if day is not None}

    today = now().date()
    assert today + timedelta(days=21) <= min(days)
    assert max(days) <= today + timedelta(days=35)
    assert len(days) > 8


async def test_it_comes_once_in_the_day_at_a_moment_of_its_own_and_nothing_of_it_stays(
    services: Services, database: Database, now: Now
) -> None:
    await written_down(services, now, ANN)
    day = (await rows(database))[ANN]
    assert day is not None
    now.at = datetime(day.year, day.month, day.day, tzinfo=UTC)

    assert await services.nudges.due(now()) == 1
    assert await owed(services) == []
    now.forward(hours=19)
    (lease,) = await owed(services)
    await services.nudges.sent(lease)

    for table in (Nudge, Delivery):
        async with database.read() as session:
            assert await session.scalar(select(func.count()).select_from(table)) == 0
    now.forward(days=60)
    assert await services.nudges.due(now()) == 0


async def test_after_downtime_it_still_comes_within_hours(
    services: Services, database: Database, now: Now
) -> None:
    await written_down(services, now, ANN)
    now.forward(days=50, hours=10)

    await services.nudges.due(now())
    now.forward(hours=2)

    assert len(await owed(services)) == 1


@pytest.mark.parametrize("stage", ["asked", "written", "owed"])
async def test_one_press_stops_it_whenever_it_comes(
    services: Services, database: Database, now: Now, stage: str
) -> None:
    services.nudges.ask(ANN)
    if stage != "asked":
        await written_down(services, now)
    if stage == "owed":
        now.forward(days=36)
        await services.nudges.due(now())

    assert await services.nudges.stop(ANN) == 1

    now.forward(days=70)
    while await services.nudges.due(now()):
        pass
    assert await owed(services) == []
    assert await services.nudges.of(ANN) is None
    assert await services.nudges.stop(ANN) == 0


async def test_asking_twice_is_one(services: Services, database: Database, now: Now) -> None:
    await written_down(services, now, ANN)
    first = await rows(database)

    await written_down(services, now, ANN, ANN)

    assert await rows(database) == first


async def test_closed_private_messages_put_it_to_sleep_until_it_is_asked_for_again(
    services: Services, database: Database, now: Now
) -> None:
    await written_down(services, now, ANN)
    now.forward(days=36)
    await services.nudges.due(now())
    now.forward(hours=20)
    (lease,) = await owed(services)

    await services.nudges.refused(lease)

    assert await services.nudges.of(ANN) == NudgeInfo(None, closed=True)
    now.forward(days=60)
    assert await services.nudges.due(now()) == 0
    await written_down(services, now, ANN)
    info = await services.nudges.of(ANN)
    assert info is not None
    assert info.on is not None


async def test_the_erased_do_not_come_back_through_a_refusal(
    services: Services, database: Database, now: Now
) -> None:
    await written_down(services, now, ANN)
    now.forward(days=36)
    await services.nudges.due(now())
    now.forward(hours=20)
    (lease,) = await owed(services)
    await services.nudges.stop(ANN)

    with pytest.raises(Exception, match=lease.id):
        await services.nudges.refused(lease)

    assert await rows(database) == {}
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(ClosedDestination)) == 0
