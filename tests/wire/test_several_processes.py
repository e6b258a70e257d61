"""Several real processes on one PostgreSQL and the double: killed, stopped, restarted, at work together."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.exits import Exit
from bot.delivery.pace import RESERVE
from bot.services.circles import CirclePlan, Circles
from db.database import open_database
from tests.conftest import POSTGRESQL
from tests.wire.bot_process import BotProcess
from tests.wire.circle import PROMPT, SLIP, make_circle
from tests.wire.discord_double import Double
from tests.wire.hurried import IDENTIFY_SECONDS, SHARE_SECONDS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP and SIGKILL")
MESSAGES = r"/channels/\d+/messages"
STANDING_BY = "standing by"
Start = Callable[..., Awaitable[BotProcess]]


@pytest.fixture
def engine() -> str:
    """One file bears one process."""
    return POSTGRESQL


@pytest.fixture
async def start(tmp_path: Path, discord: Double, database_url: str) -> AsyncGenerator[Start]:
    """Starts processes of one bot, each in a folder of its own, and ends them with the test."""
    discord.gateway.identify_seconds = IDENTIFY_SECONDS
    async with AsyncExitStack() as running:

        async def start(name: str, **settings: str) -> BotProcess:
            folder = tmp_path / name
            folder.mkdir()
            settings |= {"DATABASE_URL": database_url}
            process = BotProcess(folder, discord, settings=settings, hurried=True)
            return await running.enter_async_context(process)

        yield start


async def test_a_killed_process_is_followed_by_the_one_that_stands_by_and_nothing_comes_twice(
    discord: Double, start: Start
) -> None:
    circle = make_circle(discord)
    ann = discord.world.add_person("ann", circle.guild)
    first = await start("first")
    await first.ready()
    second = await start("second")
    await second.says(STANDING_BY)
    await circle.set_up()
    prompt = await circle.ask_now()
    sent = discord.faults.hold("after", "POST", MESSAGES)
    await circle.tell(ann, prompt)
    await sent.reached()
    assert len(discord.gateway.starts) == 1  # who stands by isn't connected

    await first.kill()
    sent.let_go()
    second.move_clock(minutes=10)  # the nonce is forgotten
    await second.ready()
    await discord.until(lambda: discord.threads(circle.channel))

    assert len(circle.stories()) == 1
    answer = await discord.people.press(ann, prompt, label="How this works")
    assert answer.private
    assert second.log.count(STANDING_BY) == 1
    assert first.errors == second.errors == []
    assert discord.state.registrations == 1
    assert await second.terminate() == Exit.FINE


async def test_a_process_that_was_stopped_past_its_lease_sends_nothing_any_more(
    discord: Double, start: Start
) -> None:
    circle = make_circle(discord)
    ann, ben = (discord.world.add_person(name, circle.guild) for name in ("ann", "ben"))
    first = await start("first")
    await first.ready()
    second = await start("second")
    await second.says(STANDING_BY)
    await circle.set_up()
    prompt = await circle.ask_now()
    preview = await circle.write(ben, prompt, "I was late, and said nothing.")
    sent = discord.faults.hold("before", "POST", MESSAGES)
    await circle.tell(ann, prompt)
    await sent.reached()

    first.freeze()
    sent.let_go()  # it arrives, and nobody hears of it
    await second.ready()
    await discord.people.press(ben, preview, label="Post")
    await discord.until(lambda: len(circle.stories()) == 2)
    await discord.until(
        lambda: [len(discord.messages(one)) for one in discord.threads(circle.channel)] == [1, 1]
    )
    asked = len(discord.requests)
    first.thaw()

    assert await first.ended() == Exit.SHARE_LOST
    assert "stand" in first.log.split("ready:")[-1]
    assert discord.requests[asked:] == []
    assert len(circle.stories()) == len(discord.threads(circle.channel)) == 2
    assert second.errors == []


async def test_who_stands_by_ends_at_once_when_asked(discord: Double, start: Start) -> None:
    first = await start("first")
    await first.ready()
    second = await start("second")
    await second.says(STANDING_BY)

    assert await second.terminate(5) == Exit.FINE
    assert len(discord.gateway.starts) == 1


async def test_a_rolling_restart_loses_no_press_and_asks_once(discord: Double, start: Start) -> None:
    circle = make_circle(discord)
    ann = discord.world.add_person("ann", circle.guild)
    old = await start("old")
    await old.ready()
    await circle.set_up()
    prompt = await circle.ask_now()
    preview = await circle.write(ann, prompt)
    new = await start("new")
    await new.says(STANDING_BY)

    begun = time.monotonic()
    assert await old.terminate() == Exit.FINE
    await new.says("working for group 0")
    taken = time.monotonic() - begun
    await new.ready()
    await discord.people.press(ann, preview, label="Post")  # what was opened before it
    await discord.message(circle.channel, SLIP)
    await discord.until(lambda: discord.threads(circle.channel))
    now = discord.clock.now()
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=9, minute=30)
    new.move_clock(seconds=(monday - now).total_seconds())
    await discord.message(circle.channel, PROMPT, after=[prompt])

    asked = [message for message in discord.messages(circle.channel) if PROMPT in message.text()]
    assert len(asked) == 2
    assert len(circle.stories()) == 1
    assert discord.state.registrations == 1
    assert discord.gateway.too_early == 0
    assert old.errors == new.errors == []
    assert taken < SHARE_SECONDS + 5  # it was let go, not left to run out


async def test_two_share_the_servers_and_the_first_has_private_messages_and_commands(
    discord: Double, start: Start
) -> None:
    circles = [make_circle(discord), make_circle(discord)]
    assert [circle.guild.id % (2 << 22) >> 22 for circle in circles] == [0, 1]
    both = {"SHARD_COUNT": "2", "SHARD_GROUPS": "2"}
    first, second = await asyncio.gather(start("first", **both), start("second", **both))
    await asyncio.gather(first.ready(), second.ready())

    for circle in circles:
        await circle.set_up(place="Europe/London")
        assert await circle.ask_now()
    soon = discord.clock.now() + timedelta(hours=2)
    when = {"day": soon.weekday(), "time": f"{soon:%H:%M}", "zone": "UTC"}
    people = [discord.world.add_person("somebody", circle.guild) for circle in circles]
    for person, circle in zip(people, circles, strict=True):
        await discord.people.slash(person, circle.channel, "remind weekly", **when)
    first.move_clock(hours=2, minutes=1)
    for person in people:
        (reminder,) = await discord.until(lambda person=person: discord.private(person))
        stopped = await discord.people.press(person, reminder, label="Stop these reminders")
        assert stopped.kind == "deferred-update"

    assert sorted((one.shard, one.count) for one in discord.gateway.starts) == [(0, 2), (1, 2)]
    assert discord.gateway.too_early == 0
    assert discord.state.registrations == 1
    assert first.errors == second.errors == []
    assert discord.limits.refused == {}


async def test_many_shards_in_many_processes_identify_one_after_the_other(
    discord: Double, start: Start
) -> None:
    discord.gateway.max_concurrency = 2
    parts = {"SHARD_COUNT": "6", "SHARD_GROUPS": "3"}

    processes = await asyncio.gather(*(start(name, **parts) for name in ("first", "second", "third")))
    await asyncio.gather(*(process.ready() for process in processes))

    assert sorted(one.shard for one in discord.gateway.starts) == list(range(6))
    assert discord.gateway.too_early == 0
    discord.gateway.invalidate()
    await discord.until(lambda: len(discord.gateway.starts) == 12, 60)
    assert discord.gateway.too_early == 0
    for process in processes:
        assert process.errors == []


async def test_together_they_keep_to_one_pace(discord: Double, start: Start, database_url: str) -> None:
    rate, each = 20, 25
    guilds = [discord.world.add_guild() for _ in range(2)]
    channels = [discord.world.add_channel(guild) for guild in guilds for _ in range(each)]
    monday = datetime(2030, 1, 7, 9, tzinfo=UTC)
    async with open_database(database_url) as database:
        circles = Circles(database, lambda: monday - timedelta(hours=1))
        for channel in channels:
            assert channel.guild is not None
            await circles.save(channel.guild.id, channel.id, CirclePlan("UTC", 0, 540, 9, 0), "en")
    discord.clock.offset = monday - timedelta(minutes=5) - datetime.now(UTC)
    both = {"SHARD_COUNT": "2", "SHARD_GROUPS": "2", "SEND_RATE": str(rate)}
    processes = await asyncio.gather(start("first", **both), start("second", **both))
    await asyncio.gather(*(process.ready() for process in processes))

    processes[0].move_clock(minutes=6)
    await discord.until(lambda: all(discord.messages(channel) for channel in channels), 60)

    assert [len(discord.messages(channel)) for channel in channels] == [1] * len(channels)
    for guild in guilds:
        sent = [
            one.at
            for one in discord.requests
            if one.method == "POST"
            and one.path.endswith("/messages")
            and discord.world.channels[int(one.path.split("/")[-2])].guild is guild
        ]
        # at the whole rate these would take less than a second, whoever sends them
        assert max(sent) - min(sent) >= 0.7 * (each - RESERVE) / (rate / 2)
    assert discord.limits.refused == {}
    assert all(process.errors == [] for process in processes)
