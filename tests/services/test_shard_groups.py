"""Several processes on one PostgreSQL: who works for which servers, and that a lost share sends nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import time, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from bot.feature import DueWork
from bot.rules.anonymity import Purpose
from bot.rules.calendar import WeeklyTime
from bot.rules.shares import Share
from bot.services import Services
from bot.services.shard_groups import ShardGroups, StandBy
from db import deliveries
from db.database import Database
from db.errors import ShareLost
from db.process_tables import EPOCH_KEYS
from db.tables import Delivery, Occurrence
from tests.conftest import ON_SQLITE, POSTGRESQL, Now, run_out
from tests.services.process import Process, process
from tests.services.questions import CHANNEL, FIRST, GUILD, MONDAYS


@pytest.fixture
def engine() -> str:
    """On SQLite there is one process."""
    return POSTGRESQL


@pytest.fixture
async def two(database_url: str, now: Now) -> AsyncIterator[tuple[Process, Process]]:
    """Two processes that are set to do all alone: one works, one stands by."""
    async with process(database_url, now) as one, process(database_url, now) as other:
        yield one, other


@pytest.fixture
async def both(database_url: str, now: Now) -> AsyncIterator[tuple[Process, Process]]:
    """Two processes that share two shards."""
    async with (
        process(database_url, now, shards=2, groups=2) as one,
        process(database_url, now, shards=2, groups=2) as other,
    ):
        yield one, other


def guild_of(shard: int, of: int) -> int:
    """A server that belongs to a shard."""
    return (5040 + shard) << 22


async def owe(database: Database, now: Now, subject: int, guild_id: int | None) -> str:
    """Owe one thing to a server, or privately."""
    to = f"dm:{subject}" if guild_id is None else f"channel:{subject}"
    async with database.write() as session:
        return await deliveries.owe(
            session, kind="thing", subject=subject, destination=to, priority=0, not_before=now(),
            guild_id=guild_id,
        )  # fmt: skip


async def test_who_comes_second_stands_by_until_the_first_lets_go(two: tuple[Process, Process]) -> None:
    one, other = two
    share = await one.share()
    assert share.lease is not None

    assert await other.groups.take() is StandBy.ALL_TAKEN
    await one.groups.release(share.lease)

    assert (await other.share()).first


async def test_of_two_who_ask_at_once_one_gets_it(two: tuple[Process, Process]) -> None:
    found = await asyncio.gather(*(one.groups.take() for one in two for _ in range(3)))

    assert found.count(StandBy.ALL_TAKEN) == 5


async def test_a_killed_process_is_followed_when_its_lease_has_run_out_and_not_before(
    two: tuple[Process, Process], database_url: str
) -> None:
    one, other = two
    await one.share()
    assert await other.groups.take() is StandBy.ALL_TAKEN

    await run_out(database_url)

    assert (await other.share()).first


async def test_a_share_that_is_renewed_stays(two: tuple[Process, Process], database_url: str) -> None:
    one, other = two
    share = await one.share()
    assert share.lease is not None
    await run_out(database_url)

    await one.groups.renew(share.lease)  # nobody has come meanwhile

    assert await other.groups.take() is StandBy.ALL_TAKEN


async def test_who_stood_still_for_too_long_has_lost_its_share_and_takes_nothing_from_the_other(
    two: tuple[Process, Process], database_url: str
) -> None:
    one, other = two
    lost = await one.share()
    assert lost.lease is not None
    await run_out(database_url)
    await other.share()

    with pytest.raises(ShareLost):
        await one.groups.renew(lost.lease)
    await one.groups.release(lost.lease)

    assert await one.groups.take() is StandBy.ALL_TAKEN


async def test_a_process_that_lost_its_share_delivers_nothing(
    two: tuple[Process, Process], database_url: str, now: Now
) -> None:
    one, other = two
    stopped = await one.work()
    await run_out(database_url)
    at_work = await other.work()
    owed = await owe(one.database, now, 1, guild_of(0, 1))

    assert await stopped.outbox.claim(5) == []
    assert [lease.id for lease in await at_work.outbox.claim(5)] == [owed]


async def test_what_a_killed_process_was_sending_waits_for_its_lease_and_is_looked_for_then(
    two: tuple[Process, Process], database_url: str, now: Now
) -> None:
    one, other = two
    await owe(one.database, now, 1, guild_of(0, 1))
    killed = await one.work()
    (sending,) = await killed.outbox.claim(5)
    assert killed.share.lease is not None
    await one.groups.release(killed.share.lease)

    following = await other.work()
    assert await following.outbox.start(alone=following.alone) == 0
    assert await following.outbox.claim(5) == []  # the other may still be sending it
    await run_out(database_url)
    (again,) = await following.outbox.claim(5)

    assert again.id == sending.id
    assert again.uncertain


async def test_each_delivers_for_its_own_servers_and_one_of_them_privately(
    both: tuple[Process, Process], now: Now
) -> None:
    one, other = both
    first, second = await one.work(), await other.work()
    theirs = [await owe(one.database, now, shard, guild_of(shard, 2)) for shard in (0, 1, 2, 3)]
    private = await owe(one.database, now, 9, None)

    by_first = {lease.id for lease in await first.outbox.claim(9)}
    by_second = {lease.id for lease in await second.outbox.claim(9)}

    assert by_first == {theirs[0], theirs[2], private}
    assert by_second == {theirs[1], theirs[3]}


async def test_processes_that_part_the_shards_in_another_way_wait_for_each_other(
    database_url: str, now: Now
) -> None:
    async with (
        process(database_url, now, shards=2, groups=2) as old,
        process(database_url, now, shards=4, groups=4) as new,
    ):
        share = await old.share()
        assert share.lease is not None
        assert await new.groups.take() is StandBy.OTHER_SETTINGS

        await old.groups.release(share.lease)

        assert (await new.share()).count == 4
        assert await old.groups.take() is StandBy.OTHER_SETTINGS


async def test_two_who_tick_at_once_ask_once(both: tuple[Process, Process], now: Now) -> None:
    one, other = both
    services = await one.work(), await other.work()
    for number in range(30):
        await services[0].circles.save(GUILD, CHANNEL + number, MONDAYS, "en")
    now.at = FIRST

    done = await asyncio.gather(*(_all_due(each.prompts.due, now) for each in services))

    assert sum(done) == 30
    async with one.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Occurrence)) == 30
        assert await session.scalar(select(func.count()).select_from(Delivery)) == 30


async def _all_due(due: DueWork, now: Now) -> int:
    total = 0
    while done := await due(now()):
        total += done
    return total


async def test_what_two_owe_at_once_is_owed_once(both: tuple[Process, Process], now: Now) -> None:
    rows = [owe(each.database, now, 7, guild_of(0, 2)) for each in both for _ in range(10)]

    owed = await asyncio.gather(*rows)

    assert len(set(owed)) == 1


async def test_keys_made_by_one_are_known_to_the_other(both: tuple[Process, Process], now: Now) -> None:
    one, other = both
    epoch = await one.keyring.epoch(now())
    assert other.keyring.key(epoch) is None

    await other.keyring.follow()

    tags = [each.keyring.tag(epoch, Purpose.TELLER, 42, 7) for each in both]
    assert tags[0] is not None
    assert tags[0] == tags[1]
    assert await other.keyring.epoch(now()) == epoch


async def test_an_epoch_begun_by_two_at_once_has_one_key(both: tuple[Process, Process], now: Now) -> None:
    one, other = both

    epoch, same = await asyncio.gather(one.keyring.epoch(now()), other.keyring.epoch(now()))

    assert epoch == same
    assert one.keyring.key(epoch) is not None
    assert one.keyring.key(epoch) == other.keyring.key(epoch)


async def test_a_destroyed_key_is_gone_from_both_and_from_the_table(
    both: tuple[Process, Process], now: Now
) -> None:
    one, other = both
    epoch = await one.keyring.epoch(now())
    await other.keyring.follow()

    now.forward(days=28)
    for each in both:
        await each.keyring.destroy_due(now())

    assert one.keyring.key(epoch) is other.keyring.key(epoch) is None
    async with one.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(EPOCH_KEYS)) == 0


async def test_the_daily_work_is_done_by_the_one_with_shard_0(
    both: tuple[Process, Process], now: Now
) -> None:
    one, other = both
    first, second = await one.work(), await other.work()

    assert await second.housekeeping.due(now()) == 0
    assert await first.housekeeping.due(now()) == 1
    assert await first.housekeeping.due(now()) == 0


async def test_reminders_are_decided_by_the_one_who_sends_them(
    both: tuple[Process, Process], now: Now
) -> None:
    one, other = both
    first, second = await one.work(), await other.work()
    circle_id = (await first.circles.save(GUILD, CHANNEL, MONDAYS, "en")).circle.id
    await second.reminders.remind_weekly(7, circle_id, WeeklyTime(0, time(9), "Europe/Berlin"))
    now.at = FIRST

    assert await second.reminders.due(now()) == 0
    assert await first.reminders.due(now()) == 1


async def test_shards_of_one_bucket_identify_one_after_the_other_whichever_process_they_are_in(
    both: tuple[Process, Process],
) -> None:
    one, other = [(await each.work()).identifying for each in both]

    waits = [await who.wait(0) for who in (one, other, one, other)]
    elsewhere = await other.wait(1)

    assert elsewhere == timedelta(0)
    gaps = [later - earlier for earlier, later in pairwise(waits)]
    assert all(timedelta(seconds=5) < gap <= timedelta(seconds=5.5) for gap in gaps)


@ON_SQLITE
async def test_one_process_on_a_file_has_everything_and_waits_for_nobody(
    database: Database, services: Services
) -> None:
    share = await ShardGroups(database, shards=3, groups=1).take()

    assert share == Share((0, 1, 2), 3)
    assert await services.identifying.wait(0) == timedelta(0)
    assert await services.identifying.wait(0) > timedelta(seconds=5)
