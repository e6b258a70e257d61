"""Discord is away for an hour: what fell due is asked afterwards, once, in order, within its grace."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.wire import troubles
from tests.wire.bot_process import BotProcess
from tests.wire.circle import PROMPT, SLIP, Circle, make_circle
from tests.wire.discord_double import Double
from tests.wire.faults import Fault

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP and SIGKILL")
STEP = 5
"""Minutes between one circle's time and the next one's, and in which the hour goes by."""
CIRCLES = 60 // STEP
PATIENCE = 120
"""Seconds; discord.py waits longer and longer before it connects again, up to half a minute here."""
RATE = 10
RESERVE = 5
"""So many requests go at once after a quiet time; among them the order isn't certain."""
DECIDED = "SELECT count(*) FROM deliveries WHERE kind = 'prompt' AND state = 'waiting' AND attempts > 0"


async def hour_goes_by(bot: BotProcess) -> None:
    """Step by step, so that the bot tries each prompt as soon as it is due, and again and again."""
    for due in range(1, CIRCLES + 1):
        bot.move_clock(minutes=STEP)
        await bot.discord.until(lambda due=due: troubles.asked(bot, DECIDED) == [(due,)])


def about_to_be_tried(bot: BotProcess) -> set[int]:
    """The channels whose prompt is tried again within a minute, and so may notice that Discord is back; then
    the others follow, in order."""
    soon = bot.discord.clock.now() + timedelta(minutes=1)
    question = "SELECT destination FROM deliveries WHERE kind = 'prompt' AND not_before < ?"
    found = troubles.asked(bot, question, f"{soon:%Y-%m-%d %H:%M:%S}")
    return {int(str(destination).removeprefix("channel:")) for (destination,) in found}


async def meet_in_turn(circles: list[Circle], start: datetime) -> None:
    """One after the other within the hour; who comes first was not set up first."""
    for place, circle in sorted(enumerate(circles), key=lambda one: one[0] * 5 % CIRCLES):
        await circle.meet_at(start + timedelta(minutes=STEP * (place + 1)))


@pytest.mark.parametrize(
    ("settings", "too_late"),
    [({}, 0), ({"PROMPT_GRACE_HOURS": "0.55"}, CIRCLES // 2 - 1)],
    ids=["all", "some"],
)
async def test_what_fell_due_while_discord_was_away_is_asked_once_in_order_and_within_its_grace(
    tmp_path: Path, discord: Double, settings: Mapping[str, str], too_late: int
) -> None:
    circles = [make_circle(discord) for _ in range(CIRCLES)]
    async with BotProcess(
        tmp_path, discord, settings={"SEND_RATE": str(RATE), **settings}, hurried=True
    ) as bot:
        await bot.ready()
        await meet_in_turn(circles, discord.clock.now())

        await discord.away()
        await hour_goes_by(bot)
        tried_soon = about_to_be_tried(bot)
        asked_before = len(discord.requests)
        await discord.back()

        for circle in circles[too_late:]:
            await discord.message(circle.channel, PROMPT, PATIENCE)
        await discord.until(lambda: troubles.asked(bot, DECIDED) == [(0,)])
        assert [len(discord.messages(circle.channel)) for circle in circles] == [
            int(place >= too_late) for place in range(CIRCLES)
        ]
        patient = [circle for circle in circles[too_late:] if circle.channel.id not in tried_soon]
        arrived = sorted(patient, key=lambda circle: discord.messages(circle.channel)[0].id)
        moved = [abs(place - arrived.index(circle)) for place, circle in enumerate(patient)]
        assert max(moved) <= RESERVE, f"{moved}"
        sent = [one for one in discord.requests[asked_before:] if "/channels/" in one.path]
        # twice: the first of them may have been slow to arrive
        assert len(sent) <= RESERVE + 2 * RATE * (sent[-1].at - sent[0].at)
        left_out = "SELECT count(*) FROM notices WHERE kind = 'prompt_missed'"
        assert troubles.asked(bot, left_out) == [(too_late,)]  # one for the facilitators of each circle
    assert bot.errors == []


async def test_stories_that_were_on_their_way_when_discord_went_away_stand_once(
    tmp_path: Path, discord: Double
) -> None:
    circles = [make_circle(discord) for _ in range(2)]
    arrived, lost = circles
    async with BotProcess(tmp_path, discord, hurried=True) as bot:
        await bot.ready()
        for circle in circles:
            await circle.set_up()
        prompts = [await circle.ask_now() for circle in circles]
        for circle, kind in ((arrived, "close-after"), (lost, "close-before")):
            path = f"/channels/{circle.channel.id}/messages"
            discord.faults.add(Fault(kind=kind, method="POST", path=path))
        for circle, prompt in zip(circles, prompts, strict=True):
            await circle.tell(circle.facilitator, prompt)
        tried = "SELECT count(*) FROM deliveries WHERE kind = 'story' AND state = 'waiting' AND attempts > 0"
        await discord.until(lambda: troubles.asked(bot, tried) == [(2,)])

        await discord.away()
        bot.move_clock(hours=1)
        again = "SELECT count(*) FROM deliveries WHERE kind = 'story' AND state = 'waiting' AND attempts > 1"
        await discord.until(lambda: troubles.asked(bot, again) == [(2,)])
        await discord.back()

        await discord.until(lambda: all(discord.threads(circle.channel) for circle in circles))
        assert [[SLIP in story.text() for story in circle.stories()] for circle in circles] == [
            [True],
            [True],
        ]
    assert bot.errors == []
