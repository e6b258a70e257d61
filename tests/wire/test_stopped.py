"""Stopped past its leases while something is on its way, the process goes on and doubles nothing."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.wire.bot_process import BotProcess
from tests.wire.circle import make_circle
from tests.wire.discord_double import Double
from tests.wire.faults import Fault
from tests.wire.hurried import DELIVERY_SECONDS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")
MESSAGES = r"/channels/\d+/messages"


@pytest.mark.parametrize("arrives", [True, False])
async def test_what_was_on_its_way_when_the_process_stood_still_past_its_lease_stands_once(
    tmp_path: Path, discord: Double, arrives: bool
) -> None:
    circle = make_circle(discord)
    ann, ben = (discord.world.add_person(name, circle.guild) for name in ("ann", "ben"))
    async with BotProcess(tmp_path, discord, hurried=True) as bot:
        await bot.ready()
        await circle.set_up()
        prompt = await circle.ask_now()
        preview = await circle.write(ben, prompt, "I was late, and said nothing.")
        sent = discord.faults.hold("before", "POST", MESSAGES)
        if not arrives:
            discord.faults.add(Fault(kind="close-before", method="POST", path=MESSAGES))
        await circle.tell(ann, prompt)
        await sent.reached()

        bot.freeze()
        sent.let_go()
        await asyncio.sleep(DELIVERY_SECONDS + 0.5)  # by the database's clock, which nobody moves
        bot.move_clock(minutes=10)  # the nonce is forgotten
        assert len(circle.stories()) == arrives
        bot.thaw()
        await discord.people.press(ben, preview, label="Post")
        await discord.until(lambda: len(discord.threads(circle.channel)) == 2)

        assert len(circle.stories()) == 2
    assert bot.errors == []
