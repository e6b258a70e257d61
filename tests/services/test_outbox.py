"""What is owed to Discord: in order, once, by whoever holds the lease. No Discord here."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.services import Services
from bot.services.circles import CirclePlan
from bot.services.outbox import Priority
from db import deliveries
from db.database import Database
from db.errors import LeaseLost
from db.tables import Delivery, Notice
from tests.conftest import Now

GUILD, CHANNEL = 600_000_000_000_000_001, 600_000_000_000_000_002
SOON = timedelta(seconds=5)


@pytest.fixture
async def circle_id(services: Services) -> int:
    """A circle, so that somebody can be told."""
    plan = CirclePlan("Europe/Berlin", weekday=0, at_minute=540, size=9, delay_minutes=0)
    return (await services.circles.save(GUILD, CHANNEL, plan, "en")).circle.id


async def owe(
    database: Database, now: Now, subject: int = 1, *, kind: str = "thing", to: str = "channel:1",
    priority: Priority = Priority.PERSON, circle_id: int | None = None,
) -> str:  # fmt: skip
    """Owe one thing that is due now."""
    async with database.write() as session:
        return await deliveries.owe(
            session, kind=kind, subject=subject, destination=to, priority=priority,
            not_before=now(), circle_id=circle_id,
        )  # fmt: skip


async def _a_minute_later(database: Database, now: Now, place: int) -> str:
    """Owe one thing in a place of its own."""
    now.forward(minutes=1)
    return await owe(database, now, place, to=f"channel:{place}")


async def row(database: Database, delivery_id: str) -> Delivery | None:
    """A delivery as it stands."""
    async with database.read() as session:
        return await session.get(Delivery, delivery_id)


async def notices(database: Database) -> list[tuple[str, bool]]:
    """What facilitators are told, and whether they were."""
    async with database.read() as session:
        return [(row.kind, row.told) for row in await session.scalars(select(Notice))]


async def run_out(database: Database) -> None:
    """The leases' time passes."""
    async with database.write() as session:
        clock = await database.clock(session)
        await session.execute(update(Delivery).values(lease_until=clock - timedelta(seconds=1)))


async def test_what_is_owed_twice_is_one_delivery(database: Database, now: Now) -> None:
    first = await owe(database, now)

    assert await owe(database, now) == first
    assert await owe(database, now, kind="other") != first


async def test_a_destination_is_served_one_at_a_time_by_urgency_then_by_time(
    services: Services, database: Database, now: Now
) -> None:
    late = await owe(database, now, 1, priority=Priority.PROMPT)
    now.forward(seconds=1)
    second = await owe(database, now, 2)
    now.forward(seconds=1)
    third = await owe(database, now, 3)
    elsewhere = await owe(database, now, 4, to="channel:2", priority=Priority.DIGEST)
    order: list[str] = []
    while leases := await services.outbox.claim(10):
        assert len({lease.destination for lease in leases}) == len(leases)
        assert await services.outbox.claim(10) == []
        order += [lease.id for lease in leases]
        for lease in leases:
            await services.outbox.finish(lease)

    assert order == [second, elsewhere, third, late]


async def test_much_that_is_due_in_one_place_hides_nothing_elsewhere(
    services: Services, database: Database, now: Now
) -> None:
    for subject in range(300):
        await owe(database, now, subject)
    others = [await owe(database, now, 900 + place, to=f"channel:{place}") for place in range(2, 9)]

    leases = await services.outbox.claim(64)

    assert len(leases) == 8
    assert {lease.id for lease in leases} > set(others)


async def test_what_failed_for_a_while_goes_out_in_the_order_in_which_it_was_due(
    services: Services, database: Database, now: Now
) -> None:
    order = [await _a_minute_later(database, now, n) for n in range(6)]
    for wait, lease in zip((50, 10, 40, 30, 20, 0), await services.outbox.claim(10), strict=True):
        await services.outbox.postpone(lease, timedelta(minutes=wait), uncertain=True, trouble="unreachable")
    now.forward(hours=1)

    leases = await services.outbox.claim(10)

    assert [lease.id for lease in leases] == order


async def test_what_discord_did_not_answer_is_due_as_soon_as_it_answers_but_not_private_messages(
    services: Services, database: Database, now: Now
) -> None:
    order = [await _a_minute_later(database, now, n) for n in range(3)]
    private = await owe(database, now, 4, to="dm:1")
    refused = await owe(database, now, 5, to="channel:5")
    for lease in await services.outbox.claim(10):
        trouble = "code 1" if lease.id == refused else deliveries.UNREACHABLE
        await services.outbox.postpone(lease, timedelta(minutes=20), uncertain=True, trouble=trouble)

    assert await services.outbox.hurry_unreachable() == 3

    assert [lease.id for lease in await services.outbox.claim(10)] == order
    now.forward(minutes=20)
    assert {lease.id for lease in await services.outbox.claim(10)} == {private, refused}


async def test_nothing_goes_out_before_its_time(services: Services, database: Database, now: Now) -> None:
    await owe(database, now)
    now.forward(seconds=-1)

    assert await services.outbox.claim(10) == []


async def test_a_result_is_only_accepted_from_who_holds_the_lease(
    services: Services, database: Database, now: Now
) -> None:
    await owe(database, now)
    (lost,) = await services.outbox.claim(1)
    await run_out(database)
    (held,) = await services.outbox.claim(1)

    for settle in (
        services.outbox.finish(lost, 7),
        services.outbox.drop(lost),
        services.outbox.postpone(lost, SOON),
        services.outbox.set_aside(lost, "failed", "late"),
        services.outbox.never_arrived(lost),
        services.outbox.close_destination(lost, "late", SOON),
    ):
        with pytest.raises(LeaseLost):
            await settle
    assert held.uncertain
    await services.outbox.finish(held, 8)
    settled = await row(database, held.id)
    assert settled is not None
    assert (settled.state, settled.message_id) == ("sent", 8)


async def test_when_it_was_due_is_forgotten_with_the_sending(
    services: Services, database: Database, now: Now
) -> None:
    sent = await owe(database, now)
    (lease,) = await services.outbox.claim(1)
    await services.outbox.finish(lease, 8)

    settled = await row(database, sent)

    assert settled is not None
    assert (settled.not_before, settled.first_attempt_at, settled.lease_until) == (None, None, None)


async def test_a_lease_that_runs_out_beside_newer_work_becomes_one_uncertain_delivery(
    services: Services, database: Database, now: Now
) -> None:
    older = await owe(database, now)
    await services.outbox.claim(1)
    newer = await owe(database, now)
    assert newer != older

    assert await services.outbox.start(alone=True) == 1

    (lease,) = await services.outbox.claim(5)
    assert (lease.id, lease.uncertain) == (older, True)
    assert await row(database, newer) is None


async def test_a_failed_attempt_makes_room_for_newer_work(
    services: Services, database: Database, now: Now
) -> None:
    older = await owe(database, now)
    (lease,) = await services.outbox.claim(1)
    newer = await owe(database, now)

    await services.outbox.postpone(lease, SOON, trouble="code 1")

    assert await row(database, older) is None
    (lease,) = await services.outbox.claim(1)
    assert lease.id == newer


async def test_an_attempt_that_may_have_arrived_outlives_newer_work(
    services: Services, database: Database, now: Now
) -> None:
    older = await owe(database, now)
    (lease,) = await services.outbox.claim(1)
    newer = await owe(database, now)

    await services.outbox.postpone(lease, SOON, uncertain=True, trouble="unreachable")

    assert await row(database, newer) is None
    assert await services.outbox.claim(1) == []
    now.forward(seconds=5)
    (lease,) = await services.outbox.claim(1)
    assert (lease.id, lease.uncertain, lease.attempts) == (older, True, 2)


async def test_waiting_for_something_else_is_no_attempt(
    services: Services, database: Database, now: Now
) -> None:
    await owe(database, now)
    for _ in range(5):
        (lease,) = await services.outbox.claim(1)
        await services.outbox.postpone(lease, SOON)
        now.forward(seconds=5)

    (lease,) = await services.outbox.claim(1)

    assert lease.attempts == 1
    assert lease.first_attempt_at == now()


async def test_what_is_unsure_is_never_owed_anew_by_itself(
    services: Services, database: Database, now: Now
) -> None:
    unsure = await owe(database, now)
    (lease,) = await services.outbox.claim(1)
    await services.outbox.set_aside(lease, "unsure", "history")

    assert await owe(database, now) == unsure
    assert await services.outbox.claim(5) == []


async def test_a_closed_destination_waits_and_is_told_once_until_access_was_back(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    await owe(database, now, 1, circle_id=circle_id)
    await owe(database, now, 2, circle_id=circle_id)
    (lease,) = await services.outbox.claim(1)
    await services.outbox.close_destination(lease, "send_messages", timedelta())
    assert await services.outbox.claim(5) == []
    assert await services.outbox.next_due() is None

    await services.outbox.open_destination("channel:1")
    (lease,) = await services.outbox.claim(1)
    await services.outbox.close_destination(lease, "send_messages", timedelta())
    assert [notice.kind for notice in await services.circles.notices(circle_id)] == ["no_access"]
    assert await services.circles.notices(circle_id) == ()

    await services.outbox.open_destination("channel:1")
    while leases := await services.outbox.claim(1):
        await services.outbox.finish(leases[0], 1)
    await owe(database, now, 3, circle_id=circle_id)
    (lease,) = await services.outbox.claim(1)
    await services.outbox.close_destination(lease, "send_messages", timedelta())
    assert [notice.kind for notice in await services.circles.notices(circle_id)] == ["no_access"]


async def test_failures_are_told_together_and_again_when_more_fail_later(
    services: Services, database: Database, now: Now, circle_id: int
) -> None:
    async def fail(subject: int) -> None:
        await owe(database, now, subject, circle_id=circle_id)
        (lease,) = await services.outbox.claim(1)
        await services.outbox.set_aside(lease, "failed", "code 50035")

    await fail(1)
    await fail(2)
    assert len(await services.circles.notices(circle_id)) == 1
    assert len(await services.circles.notices(circle_id)) == 0
    await fail(3)
    assert len(await services.circles.notices(circle_id)) == 1
    counts = await services.outbox.counts(circle_id)
    assert (counts.waiting, counts.unsure, counts.failed) == (0, 0, 3)
