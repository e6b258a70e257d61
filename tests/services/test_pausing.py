"""After a pause what waited comes apart, and in no order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from bot.services import Services
from bot.services.pausing import EACH, LONGEST
from db.database import Database
from db.deliveries import HELD
from db.story_tables import Reply, Story
from db.tables import Delivery
from tests.conftest import ON_BOTH, ON_SQLITE, Now
from tests.services.desk import ANN, BEN, CEM, Desk

UNTIL = date(2026, 1, 5)
"""A Monday; the tests begin on the Thursday before."""


@pytest.fixture
async def desk(services: Services) -> Desk:
    """A circle whose stories appear at once."""
    return await Desk(services).open()


async def waiting(database: Database, kind: str = "story") -> Sequence[Delivery]:
    """What is owed and waits."""
    query = select(Delivery).where(Delivery.kind == kind, Delivery.state == "waiting")
    async with database.read() as session:
        return (await session.scalars(query)).all()


async def tell_while_paused(desk: Desk, now: Now, count: int, until: date | None = None) -> list[int]:
    """So many stories wait when the circle is paused; returns their ids in the order of telling."""
    deliver, told = desk.deliver, list[int]()

    async def nothing() -> None:
        """What is told isn't shown yet."""

    desk.deliver = nothing  # type: ignore[method-assign]
    for number in range(count):
        told.append((await desk.tell(ANN + number, f"Number {number}.")).story_id)
    desk.deliver = deliver  # type: ignore[method-assign]
    await desk.services.circles.pause(desk.circle_id, until)
    for _ in range(8):
        await desk.deliver()
        now.forward(minutes=13)
    assert desk.posted == {}
    return told


@ON_BOTH
async def test_fifteen_stories_come_over_some_hours_and_never_as_one_heap(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await tell_while_paused(desk, now, 15)
    assert {row.trouble for row in await waiting(database)} == {HELD}

    await desk.services.circles.resume(desk.circle_id)
    began, moments = now(), {row.subject: row.not_before for row in await waiting(database)}

    times = sorted(moment for moment in moments.values() if moment is not None)
    assert moments.keys() == set(told)
    assert began <= times[0]
    assert times[-1] <= began + 15 * EACH
    for slot in range(15):  # each has a slot of its own
        inside = [one for one in times if began + slot * EACH <= one < began + (slot + 1) * EACH]
        assert len(inside) == 1
    for _ in range(16):
        shown = len(desk.posted)
        now.forward(minutes=15)
        await desk.deliver()
        assert len(desk.posted) - shown <= 2
    assert len(desk.posted) == 15
    assert {row.trouble for row in await waiting(database)} <= {None}


@ON_SQLITE
async def test_the_order_has_nothing_to_do_with_the_order_of_telling(
    desk: Desk, database: Database, now: Now
) -> None:
    """Two stories, again and again: about as often the first comes first as last."""
    first = 0
    for _ in range(30):
        told = await tell_while_paused(desk, now, 2)
        await desk.services.circles.resume(desk.circle_id)
        moments = {row.subject: row.not_before for row in await waiting(database)}
        first += moments[told[0]] < moments[told[1]]  # pyright: ignore[reportOptionalOperand]
        now.forward(hours=1)
        await desk.deliver()
        desk.posted.clear()
    assert 5 <= first <= 25


async def test_however_much_it_was_it_has_come_after_six_hours(
    desk: Desk, database: Database, now: Now
) -> None:
    await tell_while_paused(desk, now, 40)

    await desk.services.circles.resume(desk.circle_id)

    last = max(row.not_before for row in await waiting(database) if row.not_before is not None)
    assert now() + timedelta(hours=5) < last <= now() + LONGEST


@pytest.mark.parametrize("who", ["the deliverer", "the clock", "a facilitator"])
async def test_a_pause_that_ends_by_itself_spreads_it_too_whoever_notices_first(
    desk: Desk, database: Database, now: Now, who: str
) -> None:
    await tell_while_paused(desk, now, 15, UNTIL)
    now.at = datetime(2026, 1, 5, 9, tzinfo=now().tzinfo)

    if who == "the deliverer":
        await desk.deliver()
    elif who == "the clock":
        await desk.services.prompts.due(now())
    else:
        await desk.services.circles.resume(desk.circle_id)
    if who != "the clock":  # it owes the week's question as well
        await desk.deliver()

    assert len(desk.posted) <= 1
    times = sorted(row.not_before for row in await waiting(database) if row.not_before is not None)
    assert len(times) + len(desk.posted) == 15
    assert times[-1] - now() > timedelta(hours=3)
    assert {row.trouble for row in await waiting(database)} == {None}
    info = await desk.services.circles.get(desk.circle_id)
    assert not info.paused


async def test_what_fell_into_a_pause_is_not_asked_because_a_story_ended_it(desk: Desk, now: Now) -> None:
    await tell_while_paused(desk, now, 1, UNTIL + timedelta(days=1))
    now.at = datetime(2026, 1, 6, 1, tzinfo=now().tzinfo)

    await desk.deliver()
    await desk.services.prompts.due(now())

    async with desk.services.circles._database.read() as session:
        kinds = set(await session.scalars(select(Delivery.kind)))
    assert "prompt" not in kinds


async def test_what_one_person_says_in_a_thread_keeps_its_order(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(CEM)
    replies = [(await desk.reply(BEN, told.story_id, f"Ben {number}.")).id for number in range(6)]
    other = (await desk.reply(ANN, told.story_id, "Ann.")).id
    await desk.services.circles.pause(desk.circle_id, None)
    for _ in range(8):
        now.forward(minutes=13)
        await desk.deliver()

    await desk.services.circles.resume(desk.circle_id)

    moments = {row.subject: row.not_before for row in await waiting(database, "reply")}
    ordered = [moments[one] for one in replies]
    assert all(a < b for a, b in pairwise(ordered))  # type: ignore[operator]
    assert other in moments
    now.forward(hours=3)
    await desk.deliver()
    async with database.read() as session:
        assert {row.state for row in await session.scalars(select(Reply))} == {"published"}


async def test_what_the_pause_did_not_hold_back_keeps_its_promise(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    await tell_while_paused(desk, now, 3)
    async with database.write() as session:
        one = (await session.scalars(select(Delivery).where(Delivery.kind == "story"))).first()
        assert one is not None
        one.trouble, one.not_before = None, now() + timedelta(minutes=7)
        kept = one.subject

    await services.circles.resume(desk.circle_id)

    moments = {row.subject: row.not_before for row in await waiting(database)}
    assert moments[kept] == now() + timedelta(minutes=7)
    async with database.read() as session:
        assert len((await session.scalars(select(Story))).all()) == 3
