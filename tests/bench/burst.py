"""Very many prompts due at the same minute, while people keep pressing; beside it the plain way."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.bench import scene
from tests.bench.crowd import Crowd, Waits
from tests.bench.report import Row, progress
from tests.cli.commands import GOOD, surroundings
from tests.wire.bot_process import BotProcess
from tests.wire.discord_double import Double
from tests.wire.things import Channel

RATE = 45
"""The bot's setting SEND_RATE, in requests a second; Discord allows 50."""
A_SECOND = 20
"""Presses a second, by everybody together."""
SPOTS = 50
BEFORE = timedelta(seconds=25)
"""For the bot to start before the minute comes."""
STANDSTILL = 45.0
"""Seconds without any new message after which it counts as over."""
PLAIN_TEXT = "How was your week?"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one burst."""

    due: int
    lost: int
    doubled: int
    too_many: int
    """Answers of 429."""
    seconds: float
    """From the first message to the last."""
    requests: int
    """All that counted against Discord's limit in that time: also what people caused."""
    waits: Waits

    @property
    def rate(self) -> float:
        """Requests a second."""
        return (self.requests - 1) / self.seconds if self.seconds else 0.0


async def ours(folder: Path, circles: int) -> Outcome:
    """The real process."""
    async with _discord() as discord:
        channels = scene.servers(discord, circles)
        due_at = _minute_after(datetime.now(UTC) + BEFORE + timedelta(milliseconds=2 * circles))
        spots = await scene.circles(folder, channels, due_at, spots=SPOTS, discord=discord)
        settings = {"SEND_RATE": str(RATE)}
        async with BotProcess(folder, discord, settings=settings) as bot:
            await bot.ready(120)
            over = asyncio.Event()
            crowd = Crowd(discord, spots, Random(3), a_second=A_SECOND, telling=True)
            progress(f"{circles:,} circles are due at {due_at:%H:%M:%S} UTC")
            await asyncio.sleep((due_at - datetime.now(UTC)).total_seconds())
            pressing = asyncio.create_task(crowd.press(over))
            outcome = await _watch(discord, channels, "This week", crowd.waits)
            over.set()
            await pressing
            assert bot.errors == [], bot.errors[:3]
        assert discord.problems == [], discord.problems[:3]
    return outcome


async def plain(folder: Path, circles: int) -> Outcome:
    """A plain client that sends everything at once."""
    async with _discord() as discord:
        channels = scene.servers(discord, circles)
        due_at = datetime.now(UTC) + timedelta(days=1)
        spots = await scene.circles(folder, channels, due_at, spots=SPOTS, discord=discord)
        at = datetime.now(UTC).timestamp() + 10 + circles / 500
        task = {"at": at, "text": PLAIN_TEXT, "channels": [channel.id for channel in channels]}
        (folder / "channels.json").write_text(json.dumps(task), encoding="utf-8")
        async with plain_process(folder, discord):
            over = asyncio.Event()
            crowd = Crowd(discord, spots, Random(3), a_second=A_SECOND, telling=False)
            await asyncio.sleep(at - datetime.now(UTC).timestamp())
            pressing = asyncio.create_task(crowd.press(over))
            outcome = await _watch(discord, channels, PLAIN_TEXT, crowd.waits, (folder / "done.json").exists)
            over.set()
            await pressing
    return outcome


@asynccontextmanager
async def plain_process(folder: Path, discord: Double) -> AsyncGenerator[int]:
    """The plain client, connected; its process's number."""
    values = {"DISCORD_API_URL": discord.url, "DISCORD_TOKEN": GOOD["DISCORD_TOKEN"]}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.plain", str(folder), cwd=folder,
        env=surroundings() | values, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    drain: asyncio.Task[bytes] | None = None
    try:
        async with asyncio.timeout(120):
            while b"ready:" not in (line := await process.stderr.readline()):
                assert line, "the plain client ended"
        drain = asyncio.create_task(process.stderr.read())
        yield process.pid
    finally:
        process.kill()
        await process.wait()
        if drain is not None:
            await drain


@asynccontextmanager
async def _discord() -> AsyncGenerator[Double]:
    """The double with all its limits; bodies aren't validated here, which would cost more than the rest."""
    gc.disable()  # a pause of the double would let requests arrive in heaps that left one after the other
    try:
        async with Double(validate=False) as discord:
            yield discord
    finally:
        gc.enable()


def _minute_after(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


async def _watch(
    discord: Double,
    channels: Sequence[Channel],
    text: str,
    waits: Waits,
    ended: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Wait until every channel has its message, nothing moves any more, or it has ended otherwise."""
    loop = asyncio.get_running_loop()
    before, began = len(discord.requests), loop.time()
    waiting, last_change, told = list(channels), loop.time(), loop.time()
    while waiting and loop.time() - last_change < STANDSTILL:
        await asyncio.sleep(0.5)
        if ended():
            break
        # only those that nothing was seen in yet: whatever is done here holds up the double
        left = [channel for channel in waiting if not channel.messages or not _count(channel, text)]
        if len(left) < len(waiting):
            waiting, last_change = left, loop.time()
        if loop.time() - told > 15:
            arrived = len(channels) - len(waiting)
            progress(f"{arrived:,} of {len(channels):,} after {loop.time() - began:.0f} s")
            told = loop.time()
    await asyncio.sleep(1.0)
    counts = Counter(min(_count(channel, text), 2) for channel in channels)
    shown = [moment for channel in channels for moment in _moments(channel, text)]
    behind = loop.time() - discord.clock.now().timestamp()  # from the double's clock to the loop's
    first, last = min(shown) + behind, max(shown) + behind
    counted = [
        request
        for request in discord.requests[before:]
        if request.route is not None and request.route.counts and first <= request.at <= last
    ]
    return Outcome(
        due=len(channels), lost=counts[0], doubled=counts[2], too_many=sum(discord.limits.refused.values()),
        seconds=last - first, requests=len(counted), waits=waits,
    )  # fmt: skip


def _moments(channel: Channel, text: str) -> list[float]:
    """When a text came to stand there, in seconds since 1970."""
    return [message.at.timestamp() for message in channel.messages.values() if text in message.text()]


def _count(channel: Channel, text: str) -> int:
    """How often a text stands there."""
    return len(_moments(channel, text))


async def measure(folder: Path, circles: int, *, beside: bool) -> list[Row]:
    """Ours, and where asked for the plain way beside it, in the same run."""
    progress(f"a burst of {circles:,}, ours")
    (folder / "ours").mkdir(parents=True)
    our = await ours(folder / "ours", circles)
    name = f"burst of {circles:,}"
    rows = [
        Row(f"{name}: lost, doubled, 429", f"{our.lost}, {our.doubled}, {our.too_many}", "0, 0, 0",
            our.lost == our.doubled == our.too_many == 0),
        Row(f"{name}: pace", f"{our.rate:.1f} requests/s over {our.seconds:.0f} s, "
            f"{our.rate / RATE:.1%} of {RATE}", "≥ 95 %", our.rate / RATE >= 0.95),
        Row(f"{name}: first answer to a press ({A_SECOND}/s, {our.waits.stories} stories told meanwhile)",
            our.waits.summary(), "p99 ≤ 250 ms", our.waits.percentile(0.99) <= 0.25),
    ]  # fmt: skip
    if beside:
        progress(f"a burst of {circles:,}, the plain way")
        (folder / "plain").mkdir(parents=True)
        other = await plain(folder / "plain", circles)
        ratio = other.waits.percentile(0.99) / our.waits.percentile(0.99)
        rows += [
            Row(f"{name}, plain `channel.send`: lost, doubled, 429",
                f"{other.lost:,}, {other.doubled}, {other.too_many:,}"),
            Row(f"{name}, plain `channel.send`: first answer to a press",
                f"{other.waits.summary()} ({ratio:.0f} × ours)"),
        ]  # fmt: skip
    return rows
