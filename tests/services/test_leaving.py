"""Who left is noticed, has a grace, and is forgotten; who comes back finds all as it was."""

from __future__ import annotations

from datetime import time, timedelta

from sqlalchemy import func, select

from bot.rules.calendar import WeeklyTime
from bot.rules.shares import share_of
from bot.services import Services
from bot.services.leaving import GRACE, Leaving
from db import erasures
from db.database import Database
from db.people_tables import Leaver, LeftServer
from db.story_tables import Edit, Story
from db.tables import Circle, ClosedDestination, Delivery, Memo, Reminder
from db.types import Base
from tests.conftest import Now
from tests.services.desk import ANN, BEN, CEM, GUILD, Desk

TUESDAY = WeeklyTime(1, time(9), "UTC")


async def rounds(services: Services, now: Now, gone: set[int], days: int) -> list[tuple[int, int]]:
    """Days pass, and Discord is asked whenever somebody is to be asked about. Returns whom it was about."""
    asked: list[tuple[int, int]] = []
    for _ in range(days):
        while (who := await services.leaving.next_question(now())) is not None:
            asked.append(who)
            await services.leaving.answered(*who, here=who[1] not in gone)
        now.forward(days=1)
    return asked


async def slips(database: Database) -> list[str]:
    """The stories' words that are there."""
    async with database.read() as session:
        return sorted([row.slip for row in await session.scalars(select(Story)) if row.slip])


async def count(database: Database, table: type[Base]) -> int:
    """How many rows there are."""
    async with database.read() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def peopled(services: Services) -> Desk:
    """A circle: Ann has told with and without her name, Ben has a reminder, Cem told without a name."""
    desk = await Desk(services).open()
    await desk.tell(ANN, "Ann, by name", named=True)
    await desk.tell(ANN, "Ann, unnamed")
    await desk.tell(CEM, "Cem, unnamed")
    await services.reminders.remind_weekly(BEN, desk.circle_id, TUESDAY)
    return desk


async def test_it_asks_once_a_week_about_those_whose_data_is_kept_and_about_nobody_else(
    services: Services, now: Now
) -> None:
    await peopled(services)

    asked = await rounds(services, now, set(), 14)

    # from a Thursday on, two weeks touch three Mondays' weeks
    assert sorted(asked) == sorted([(GUILD, ANN), (GUILD, BEN)] * 3)


async def test_who_left_loses_named_stories_and_reminders_after_the_grace_and_nothing_else_goes(
    services: Services, database: Database, now: Now
) -> None:
    desk = await peopled(services)
    await rounds(services, now, {ANN, BEN}, 30)
    assert len(await slips(database)) == 3
    assert await count(database, Reminder) == 1

    await rounds(services, now, {ANN, BEN}, 1)
    await desk.deliver()

    assert await slips(database) == ["Ann, unnamed", "Cem, unnamed"]
    assert await count(database, Reminder) == 0
    assert await count(database, Leaver) == 0
    assert "Ann, by name" not in desk.posted.values()
    async with database.read() as session:
        kinds = sorted([one.kind for one in await erasures.everything(session)])
    assert kinds == ["reminder", "withdrawn"]


async def test_who_is_back_in_time_loses_nothing_and_a_later_leaving_begins_anew(
    services: Services, database: Database, now: Now
) -> None:
    await peopled(services)
    await rounds(services, now, {ANN}, 25)
    await rounds(services, now, set(), 7)
    assert await count(database, Leaver) == 0

    await rounds(services, now, {ANN}, 25)

    assert "Ann, by name" in await slips(database)


async def test_at_the_end_of_the_grace_it_asks_once_more_before_anything_goes(
    services: Services, database: Database, now: Now
) -> None:
    await peopled(services)
    await rounds(services, now, {ANN}, 30)

    asked = await rounds(services, now, set(), 1)

    assert (GUILD, ANN) in asked
    assert "Ann, by name" in await slips(database)


async def test_facilitators_are_told_a_week_before_how_many_stories_and_not_whose(
    services: Services, now: Now
) -> None:
    desk = await peopled(services)
    since = now().date()
    await rounds(services, now, {ANN, BEN}, 23)
    assert await services.circles.notices(desk.circle_id) == ()

    await rounds(services, now, {ANN, BEN}, 3)

    (notice,) = await services.circles.notices(desk.circle_id)
    assert notice.kind == "people_left"
    assert notice.values == {"count": "1", "day": (since + GRACE).isoformat()}


async def test_the_week_s_round_goes_on_after_a_restart_and_no_person_is_written_down(
    services: Services, database: Database, now: Now
) -> None:
    await peopled(services)
    await rounds(services, now, set(), 1)

    fresh = Leaving(database, now, share_of(0, 1, 1))

    assert await fresh.next_question(now()) is None
    async with database.read() as session:
        memo = await session.get(Memo, "members")
    assert memo is not None
    assert str(ANN) not in memo.value
    assert await Leaving(database, now, share_of(1, 2, 2)).next_question(now()) is None


async def test_without_an_answer_the_same_person_is_asked_about_some_minutes_later(
    services: Services, now: Now
) -> None:
    await peopled(services)
    who = await services.leaving.next_question(now())
    assert who is not None

    services.leaving.ask_later(*who)

    assert await services.leaving.next_question(now()) is None
    now.forward(minutes=5)
    assert await services.leaving.next_question(now()) == who


async def test_a_server_s_circles_go_after_the_grace_with_everything_and_are_noted(
    services: Services, database: Database, now: Now
) -> None:
    desk = await peopled(services)
    async with database.write() as session:
        story = (await session.scalars(select(Story))).first()
        assert story is not None
        session.add(Edit(kind="story", subject=story.id, words={"slip": "new words"}))
        session.add(ClosedDestination(destination="channel:600000000000000002", reason="code 10003"))
    await services.leaving.removed(GUILD)
    now.forward(days=29)
    assert await services.leaving.forget_servers(now(), lambda _: True) == 0

    now.forward(days=1)
    while await services.leaving.forget_servers(now(), lambda _: True):
        pass

    for table in (Circle, Story, Edit, Reminder, Delivery, ClosedDestination, LeftServer, Leaver):
        assert await count(database, table) == 0, table
    async with database.read() as session:
        noted = {(one.kind, one.subject) for one in await erasures.everything(session)}
    assert noted == {(erasures.CIRCLE, desk.circle_id)}


async def test_a_server_that_is_there_after_all_keeps_everything(
    services: Services, database: Database, now: Now
) -> None:
    await peopled(services)
    await services.leaving.removed(GUILD)
    now.forward(days=40)

    assert await services.leaving.forget_servers(now(), lambda _: False) == 0
    assert await count(database, Circle) == 1


async def test_on_return_within_the_grace_facilitators_are_told_and_nothing_is_lost(
    services: Services, database: Database, now: Now
) -> None:
    desk = await peopled(services)
    await services.leaving.removed(GUILD)
    await services.leaving.removed(GUILD)
    day = now().date().isoformat()
    now.forward(days=29)

    assert await services.leaving.returned(GUILD)
    assert not await services.leaving.returned(GUILD)

    now.forward(days=5)
    assert await services.leaving.forget_servers(now(), lambda _: True) == 0
    (notice,) = await services.circles.notices(desk.circle_id)
    assert (notice.kind, notice.values) == ("server_back", {"day": day})
    assert len(await slips(database)) == 3


async def test_what_happened_while_the_bot_was_stopped_is_noticed_at_the_start(
    services: Services, database: Database, now: Now
) -> None:
    await peopled(services)
    await services.leaving.compare({GUILD})
    assert await count(database, LeftServer) == 0

    await services.leaving.compare({5})
    assert await count(database, LeftServer) == 1
    now.forward(days=3)
    await services.leaving.compare({5})
    async with database.read() as session:
        row = await session.get(LeftServer, GUILD)
    assert row is not None
    assert row.since == now().date() - timedelta(days=3)

    await services.leaving.compare({GUILD, 5})
    assert await count(database, LeftServer) == 0


async def test_a_process_speaks_for_the_servers_of_its_own_shards_alone(
    services: Services, database: Database, now: Now
) -> None:
    await peopled(services)
    elsewhere = share_of(1 - (GUILD >> 22) % 2, 2, 2)
    await Leaving(database, now, elsewhere).compare(set())
    assert await count(database, LeftServer) == 0

    await services.leaving.removed(GUILD)
    now.forward(days=40)
    assert await Leaving(database, now, elsewhere).forget_servers(now(), lambda _: True) == 0


async def test_nothing_is_asked_about_a_server_that_the_bot_is_not_in(services: Services, now: Now) -> None:
    await peopled(services)
    await services.leaving.removed(GUILD)

    assert await services.leaving.next_question(now()) is None


async def test_a_server_without_a_circle_is_nothing_to_remember(
    services: Services, database: Database
) -> None:
    await services.leaving.removed(42)

    assert await count(database, LeftServer) == 0
