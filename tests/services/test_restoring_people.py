"""A copy that is put back brings back no circle that went, and no nudge that was stopped."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.services import Services
from db.database import Database
from db.people_tables import Leaver, LeftServer, Nudge
from db.story_tables import Story
from db.tables import Circle, Delivery
from db.types import Base
from tests.conftest import SQLITE, Now
from tests.services.desk import ANN, BEN, GUILD, Desk
from tests.services.test_restoring import a_delivery, copy_of, repair

DAY = date(2026, 2, 2)


@pytest.fixture
def engine() -> str:
    """A copy is a file."""
    return SQLITE


@pytest.fixture
async def desk(services: Services) -> Desk:
    return await Desk(services).open()


async def rows(database: Database, table: type[Base]) -> int:
    """How many rows there are."""
    async with database.read() as session:
        return len((await session.scalars(select(table))).all())


async def test_a_circle_that_went_since_does_not_come_back(
    desk: Desk, services: Services, database: Database, now: Now, tmp_path: Path
) -> None:
    await desk.tell(ANN, "in the copy")
    await services.leaving.removed(GUILD)
    async with copy_of(database, tmp_path, now) as copy:
        now.forward(days=31)
        while await services.leaving.forget_servers(now(), lambda _: True):
            pass

        done = await repair(copy, now, database)

        assert done.erased == 1
        for table in (Circle, Story, LeftServer):
            assert await rows(copy, table) == 0


async def test_nudges_and_leavers_are_as_the_replaced_database_knows_them(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    async with database.write() as session:
        session.add(Nudge(user_id=ANN, due_on=DAY))
        session.add(Leaver(guild_id=GUILD, user_id=ANN, since=DAY))
    async with copy_of(database, tmp_path, now) as copy:
        async with database.write() as session:
            stopped = await session.get_one(Nudge, ANN)
            await session.delete(stopped)
            session.add(Nudge(user_id=BEN, due_on=DAY + timedelta(days=3)))
            await session.delete(await session.get_one(Leaver, (GUILD, ANN)))

        await repair(copy, now, database)
        await repair(copy, now, database)

        async with copy.read() as session:
            assert [row.user_id for row in await session.scalars(select(Nudge))] == [BEN]
        assert await rows(copy, Leaver) == 0


async def test_where_the_replaced_database_cannot_be_read_none_of_them_is_believed(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    async with database.write() as session:
        session.add(Nudge(user_id=ANN, due_on=DAY))
        session.add(Leaver(guild_id=GUILD, user_id=ANN, since=DAY))
        session.add(LeftServer(guild_id=GUILD, since=DAY))
    async with copy_of(database, tmp_path, now) as copy:
        await repair(copy, now)

        for table in (Nudge, Leaver, LeftServer):
            assert await rows(copy, table) == 0
        assert await rows(copy, Circle) == 1


async def test_a_nudge_on_its_way_when_the_copy_was_made_is_not_sent_again(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    async with database.write() as session:
        session.add(a_delivery("nudge", "waiting", 5))
    async with copy_of(database, tmp_path, now) as copy:
        await repair(copy, now)

        assert await rows(copy, Delivery) == 0
