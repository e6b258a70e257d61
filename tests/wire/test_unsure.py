"""Killed before it heard of its message, and not allowed to read: only somebody's decision goes on."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.wire.bot_process import BotProcess
from tests.wire.circle import make_circle
from tests.wire.discord_double import Double
from tests.wire.permissions import Allow

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
MESSAGES = r"/channels/\d+/messages"


async def test_what_nobody_can_see_is_never_sent_twice_and_a_look_finds_it_when_looking_is_allowed(
    tmp_path: Path, discord: Double
) -> None:
    circle, people = make_circle(discord), discord.people
    ann, fay = discord.world.add_person("ann", circle.guild), circle.facilitator
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        await bot.ready()
        await circle.set_up()
        prompt = await circle.ask_now()
        sent = discord.faults.hold("after", "POST", MESSAGES)
        await circle.tell(ann, prompt)
        await sent.reached()
        discord.world.change_channel(circle.channel, deny=Allow.READ_MESSAGE_HISTORY)
        await bot.kill()
        sent.let_go()
        bot.move_clock(minutes=10)  # the nonce is forgotten

        await bot.start()
        await bot.ready()
        await asyncio.sleep(1)
        await bot.kill()
        bot.move_clock(hours=1)
        await bot.start()
        await bot.ready()
        status = await people.slash(fay, circle.channel, "circle status")
        page = await people.press(fay, status, label="What waits for you")
        assert "may or may not have arrived" in page.text()
        assert len(circle.stories()) == 1
        assert discord.threads(circle.channel) == []

        discord.world.allow_everything(circle.channel)
        await people.press(fay, page, label="Look again")
        await discord.until(lambda: discord.threads(circle.channel))

        assert len(circle.stories()) == 1
        assert bot.errors == []
