"""Discord can't be reached for an hour: afterwards what fell due goes out once, by the grace, in order."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from statistics import median

import pytest

from bot.services.circles import CirclePlan, Circles
from db.database import open_database
from tests.wire.bot_process import BotProcess
from tests.wire.circle import PROMPT, SLIP, Circle, make_circle
from tests.wire.discord_double import Double
from tests.wire.reply import Reply
from tests.wire.things import Channel, Guild, Message

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP and SIGKILL")
GROUP = 70
"""Circles due at the same minute: more than the bot works on at once, so that an order can be seen."""
A_TICK = 5.5
"""Seconds in which the bot looks once what is due, by a clock that nobody moves."""


async def circles_due(discord: Double, folder: Path, guild: Guild, *minutes: int) -> list[Channel]:
    """Circles that are asked so many minutes from now, each in a channel of its own."""
    channels: list[Channel] = []
    (folder / "data").mkdir(exist_ok=True)
    async with open_database(f"sqlite+aiosqlite:///{folder}/data/good-enough.sqlite3") as database:
        for number in minutes:
            channel = discord.world.add_channel(guild)
            at = discord.clock.now() + timedelta(minutes=number)
            plan = CirclePlan("UTC", at.weekday(), at.hour * 60 + at.minute, size=9, delay_minutes=0)
            await Circles(database, discord.clock.now).save(guild.id, channel.id, plan, "en")
            channels.append(channel)
    return channels


def prompts(discord: Double, channel: Channel) -> list[Message]:
    """The questions that stand in a channel."""
    return [message for message in discord.messages(channel) if PROMPT in message.text()]


async def status(circle: Circle, channel: Channel) -> Reply:
    """What a facilitator reads about a circle."""
    return await circle.discord.people.slash(circle.facilitator, channel, "circle status")


async def test_after_an_hour_away_everything_due_goes_out_once_and_what_was_due_first_goes_first(
    tmp_path: Path, discord: Double
) -> None:
    circle = make_circle(discord)
    ann = discord.world.add_person("ann", circle.guild)
    due = [55] * GROUP + [5] * GROUP + [30] * GROUP
    channels = await circles_due(discord, tmp_path, circle.guild, *due)
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        await bot.ready()
        await circle.set_up()
        asked = await circle.ask_now()
        preview = await circle.write(ann, asked)
        held = discord.faults.hold("before", "POST", rf"/channels/{circle.channel.id}/messages")
        await discord.people.press(ann, preview, label="Post")
        await held.reached()

        await discord.away()  # also the story's request breaks off
        held.let_go()
        for _ in range(2):
            bot.move_clock(minutes=30)
            await asyncio.sleep(A_TICK)
        assert not any(prompts(discord, channel) for channel in channels)
        await discord.back()
        bot.move_clock(minutes=25)  # past the longest wait between two tries
        await discord.until(lambda: all(prompts(discord, channel) for channel in channels), 90)
        await discord.message(circle.channel, SLIP, 60)
        bot.move_clock(minutes=60)
        await asyncio.sleep(A_TICK)

        assert [len(prompts(discord, channel)) for channel in channels] == [1] * len(channels)
        assert len(circle.stories()) == 1
        shown = [prompts(discord, channel)[0].id for channel in channels]
        assert median(shown[GROUP : 2 * GROUP]) < median(shown[2 * GROUP :]) < median(shown[:GROUP])
    assert bot.errors == []


async def test_what_is_older_than_its_grace_is_left_out_and_facilitators_are_told(
    tmp_path: Path, discord: Double
) -> None:
    circle = make_circle(discord)
    early, late = await circles_due(discord, tmp_path, circle.guild, 5, 118)
    async with BotProcess(tmp_path, discord, clock=True, settings={"PROMPT_GRACE_HOURS": "1"}) as bot:
        await bot.ready()
        await discord.away()
        bot.move_clock(minutes=10)
        await asyncio.sleep(A_TICK)
        bot.move_clock(minutes=110)
        await asyncio.sleep(A_TICK)
        await discord.back()
        bot.move_clock(minutes=25)
        await discord.message(late, PROMPT, 60)
        await discord.until(lambda: discord.gateway.resumes or len(discord.gateway.starts) > 1, 60)

        async with asyncio.timeout(60):
            while "could not be asked in time" not in (await status(circle, early)).text():  # noqa: ASYNC110  # each look is a press
                await asyncio.sleep(0.5)

        assert prompts(discord, early) == []
        assert len(prompts(discord, late)) == 1
    assert bot.errors == []
