"""The deliverer between a real outbox and a Discord that does what each test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from random import Random

import pytest

from bot import screen
from bot.delivery import deliverer as deliverer_module
from bot.delivery.deliverer import AT_ONCE, TRIES_WITH_ERRORS, Deliverer
from bot.delivery.places import NoAccess
from bot.delivery.steps import LockThread, Nothing, NotYet, OpenThread, Send, Step
from bot.services import Services
from bot.services.outbox import Lease
from db import set_aside
from db.database import Database
from db.errors import LeaseLost
from db.tables import Delivery
from tests.conftest import ErrorCollector, Now
from tests.services.made_up_discord import MadeUpDiscord, Post, Things, refused
from tests.services.test_outbox import run_out


@pytest.fixture
async def post(services: Services, database: Database, now: Now) -> AsyncIterator[Post]:
    """A deliverer of things."""
    side, things = MadeUpDiscord(now), Things(services)
    made = Post(
        services, database, now, side, things,
        Deliverer(services.outbox, side, {"thing": things}, Random(3)),
    )  # fmt: skip
    yield made
    side.hanging.set()
    await made.deliverer.stop()


async def test_what_is_due_arrives_once_and_is_settled(post: Post) -> None:
    owed = [await post.owe(number, f"channel:{number}") for number in range(150)]

    await post.deliverer.drained()

    assert sorted(post.side.arrived) == sorted(owed)
    assert {await post.state(one) for one in owed} == {"sent"}
    assert 1 < post.side.most_at_once <= AT_ONCE


async def test_one_destination_is_served_in_order_one_after_the_other(post: Post) -> None:
    owed: list[str] = []
    for number in range(5):
        owed.append(await post.owe(number))
        post.now.forward(seconds=1)

    await post.deliverer.drained()

    assert post.side.arrived == owed
    assert post.side.most_at_once == 1


async def test_woken_many_times_at_once_it_sends_once(post: Post) -> None:
    await post.owe()

    await asyncio.gather(*(post.deliverer.drained() for _ in range(5)))

    assert len(post.side.arrived) == 1


async def test_a_request_that_hangs_holds_up_its_own_destination_alone(post: Post) -> None:
    stuck = await post.owe(1, "channel:1")
    post.side.hangs.add(stuck)
    post.deliverer.wake()
    await _until(lambda: post.side.most_at_once == 1)
    other, same = await post.owe(2, "channel:2"), await post.owe(3, "channel:1")

    post.deliverer.wake()
    await _until(lambda: post.side.arrived == [other])
    assert await post.state(same) == "waiting"

    post.side.hanging.set()
    await post.deliverer.drained()
    assert post.side.arrived == [other, stuck, same]


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():  # noqa: ASYNC110  # what is waited for has no event of its own
            await asyncio.sleep(0.001)


async def test_an_attempt_that_stood_still_past_its_lease_is_given_up_before_the_next(post: Post) -> None:
    sent = await post.owe()
    post.side.hangs.add(sent)
    post.deliverer.wake()
    await _until(lambda: post.side.most_at_once == 1)
    await run_out(post.database)
    post.side.hangs.clear()

    await post.deliverer.drained()

    assert post.side.arrived == [sent]
    assert post.side.most_at_once == 1
    assert post.things.recorded == [sent]


async def test_killed_between_sending_and_recording_nothing_is_sent_twice(post: Post) -> None:
    sent = await post.owe()
    post.side.after.append(asyncio.CancelledError())
    await post.deliverer.drained()
    assert await post.state(sent) == "leased"

    await post.restart()
    await post.deliverer.drained()

    assert post.side.arrived == [sent]
    assert post.side.refreshed == [sent]
    assert post.things.recorded == [sent]


async def test_killed_before_sending_it_is_sent_after_the_restart(post: Post) -> None:
    sent = await post.owe()
    post.side.before.append(asyncio.CancelledError())
    await post.deliverer.drained()

    await post.restart()
    await post.deliverer.drained()

    assert post.side.arrived == [sent]
    assert post.things.recorded == [sent]


@pytest.mark.parametrize("error", [RuntimeError("a mistake"), OSError("disk full")])
async def test_an_error_while_recording_neither_loses_nor_doubles(
    post: Post, error: Exception, logged_errors: ErrorCollector
) -> None:
    sent = await post.owe()
    post.things.recording.append(error)
    await post.deliverer.drained()
    assert post.things.recorded == []
    post.now.forward(minutes=1)

    await post.deliverer.drained()

    assert post.side.arrived == [sent]
    assert post.things.recorded == [sent]
    logged_errors.records.clear()


async def test_a_lease_lost_while_recording_is_left_to_who_has_it(post: Post) -> None:
    sent = await post.owe()
    post.things.recording.append(LeaseLost(sent))
    await post.deliverer.drained()
    await run_out(post.database)

    await post.deliverer.drained()

    assert post.side.arrived == [sent]
    assert post.things.recorded == [sent]


async def test_an_unknown_outcome_with_unreadable_history_is_never_sent_again(post: Post) -> None:
    unsure = await post.owe()
    post.side.after.append(ConnectionResetError())
    await post.deliverer.drained()
    post.side.unreadable = True
    for _ in range(20):
        post.now.forward(hours=1)
        await post.deliverer.drained()
    post.side.unreadable = False
    await post.restart()
    await post.deliverer.drained()

    assert post.side.arrived == [unsure]
    assert await post.state(unsure) == "unsure"


@pytest.mark.parametrize("trouble", [refused(500, 0), refused(503, 0), TimeoutError(), OSError()])
async def test_when_discord_is_away_it_is_tried_again_slower_and_slower_without_end(
    post: Post, trouble: Exception
) -> None:
    sent = await post.owe()
    waits: list[float] = []
    for _ in range(TRIES_WITH_ERRORS + 3):
        post.side.before.append(trouble)
        await post.deliverer.drained()
        due = await post.services.outbox.next_due()
        assert due is not None
        waits.append((due - post.now()).total_seconds())
        post.now.at = due

    await post.deliverer.drained()

    assert post.side.arrived == [sent]
    assert waits[0] <= 7.5
    assert max(waits) <= 1.5 * 15 * 60


async def test_what_is_too_late_is_only_looked_for(post: Post) -> None:
    owed = await post.owe()
    post.things.step = lambda: Send(1, screen.screen(screen.text("a thing")), too_late=True)
    post.side.before.append(asyncio.CancelledError())
    await post.services.outbox.claim(1)
    await post.restart()
    post.side.before.clear()
    states: list[bool] = []
    prepare = post.things.prepare

    async def prepared(lease: Lease) -> Step:
        states.append(lease.uncertain)
        return await prepare(lease) if lease.uncertain else Nothing()

    post.things.prepare = prepared
    await post.deliverer.drained()

    assert states == [True, False]
    assert post.side.arrived == []
    assert await post.state(owed) == "gone"


async def test_what_has_to_wait_for_something_else_goes_out_after_it(post: Post) -> None:
    owed = await post.owe()
    ready, post.things.step = post.things.step, lambda: NotYet(timedelta(seconds=30))
    await post.deliverer.drained()
    post.things.step = ready
    await post.deliverer.drained()
    assert post.side.arrived == []
    post.now.forward(seconds=30)

    await post.deliverer.drained()

    assert post.side.arrived == [owed]


async def test_a_refusal_of_the_channel_closes_it_and_what_waits_goes_out_when_it_opens(post: Post) -> None:
    first, second = await post.owe(1), await post.owe(2)
    post.side.before.append(NoAccess("send_messages"))
    await post.deliverer.drained()
    assert post.side.arrived == []
    assert await post.services.outbox.closed_destinations() == ("channel:1",)

    await post.services.outbox.open_destination("channel:1")
    await post.deliverer.drained()

    assert sorted(post.side.arrived) == sorted([first, second])


async def test_a_refusal_that_could_not_be_foreseen_is_not_asked_for_at_every_tick(post: Post) -> None:
    await post.owe()
    asked = 0
    for _ in range(120):  # ten minutes of ticks
        post.side.before = [refused(403, 50013)]
        await post.services.outbox.open_destination("channel:1")
        await post.deliverer.drained()
        asked += 1 - len(post.side.before)
        post.now.forward(seconds=5)

    assert asked <= 10


@pytest.mark.parametrize("step", [
    Send(2, screen.screen(screen.text("in a thread"))), OpenThread(1, 5, "the message is gone"),
])  # fmt: skip
async def test_a_thread_or_message_that_is_gone_fails_alone(post: Post, step: Step) -> None:
    gone, other = await post.owe(1), await post.owe(2)
    steps = iter([step, Send(1, screen.screen(screen.text("a thing")))])
    post.things.step = lambda: next(steps)
    post.side.before.append(refused(404, 10003 if isinstance(step, Send) else 10008))

    await post.deliverer.drained()

    assert sorted([await post.state(gone), await post.state(other)]) == ["failed", "sent"]
    assert await post.services.outbox.closed_destinations() == ()


async def test_a_mistake_of_ours_is_tried_for_an_hour_and_then_set_aside(
    post: Post, logged_errors: ErrorCollector
) -> None:
    broken = await post.owe()

    def fail() -> Step:
        raise KeyError("a text that isn't there")

    post.things.step = fail
    for _ in range(TRIES_WITH_ERRORS):
        assert await post.state(broken) == "waiting"
        await post.deliverer.drained()
        post.now.forward(minutes=30)

    assert await post.state(broken) == "failed"
    assert len(logged_errors.records) == TRIES_WITH_ERRORS
    logged_errors.records.clear()


async def test_what_discord_finds_malformed_is_set_aside_and_logged(
    post: Post, logged_errors: ErrorCollector
) -> None:
    broken = await post.owe()
    post.side.before.append(refused(400, 50035))

    await post.deliverer.drained()

    assert await post.state(broken) == "failed"
    assert len(logged_errors.records) == 1
    logged_errors.records.clear()


@pytest.mark.parametrize("code", [30046, 40003, 160006])
async def test_too_much_of_something_is_tried_again_later(post: Post, code: int) -> None:
    owed = await post.owe()
    post.side.before.append(refused(400, code))
    await post.deliverer.drained()
    assert await post.state(owed) == "waiting"
    post.now.forward(minutes=10)

    await post.deliverer.drained()

    assert post.side.arrived == [owed]


async def test_a_database_that_refuses_is_asked_again_at_the_next_tick(
    post: Post, logged_errors: ErrorCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed = await post.owe()

    async def full(_count: int) -> list[Lease]:
        raise OSError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(post.services.outbox, "claim", full)
        await post.deliverer.drained()
    await post.deliverer.drained()

    assert post.side.arrived == [owed]
    assert len(logged_errors.records) == 1
    logged_errors.records.clear()


async def test_stopping_lets_what_is_under_way_finish_and_takes_nothing_new(post: Post) -> None:
    first, second = await post.owe(1), await post.owe(2)
    post.side.hangs.update((first, second))
    post.deliverer.wake()
    await _until(lambda: post.side.most_at_once == 1)

    stopping = asyncio.create_task(post.deliverer.stop())
    await asyncio.sleep(0)
    post.side.hanging.set()
    await stopping

    assert len(post.things.recorded) == 1
    assert sorted([await post.state(first), await post.state(second)]) == ["sent", "waiting"]


async def test_stopping_does_not_wait_for_ever(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliverer_module, "STOP_SECONDS", 0.01)
    stuck = await post.owe()
    post.side.hangs.add(stuck)
    post.deliverer.wake()
    await _until(lambda: post.side.most_at_once == 1)

    await post.deliverer.stop()

    assert await post.state(stuck) == "leased"


@pytest.mark.parametrize("unreadable", [True, False])
async def test_what_somebody_lets_send_is_sent_where_no_look_is_possible_and_else_only_if_it_is_not_there(
    post: Post, unreadable: bool
) -> None:
    sent = await post.owe()
    post.side.after.append(ConnectionResetError())
    post.side.unreadable = True
    await post.deliverer.drained()
    post.now.forward(hours=1)
    await post.deliverer.drained()
    assert await post.state(sent) == "unsure"
    async with post.database.write() as session:
        await set_aside.take_up(session, await session.get_one(Delivery, sent), post.now(), by_hand=True)
    post.side.unreadable = unreadable

    await post.deliverer.drained()

    assert await post.state(sent) == "sent"
    assert post.side.arrived == ([sent, sent] if unreadable else [sent])


async def test_what_is_no_message_and_is_refused_in_the_end_failed_and_keeps_nothing_from_being_owed_again(
    post: Post, logged_errors: ErrorCollector
) -> None:
    post.things.step = lambda: LockThread(5, locked=True)
    first = await post.owe()
    post.side.before += [refused(503, 0), refused(400, 50035)]
    await post.deliverer.drained()
    post.now.forward(hours=1)
    await post.deliverer.drained()
    logged_errors.records.clear()

    again = await post.owe()
    await post.deliverer.drained()

    assert await post.state(first) == "failed"
    assert await post.state(again) == "sent"


async def test_what_was_owed_again_during_an_attempt_that_became_unsure_is_not_sent(post: Post) -> None:
    sent = await post.owe()
    post.side.after.append(ConnectionResetError())
    await post.deliverer.drained()
    post.now.forward(hours=1)
    (lease,) = await post.services.outbox.claim(1)

    newer = await post.owe()
    await post.services.outbox.set_aside(lease, "unsure", "history")
    await post.deliverer.drained()

    assert await post.state(newer) == "gone"
    assert post.side.arrived == [sent]
