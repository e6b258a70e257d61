"""The real process on the double: from the first command to a story that is taken back."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.wire.bot_process import BotProcess
from tests.wire.circle import SLIP, make_circle
from tests.wire.discord_double import Double
from tests.wire.faults import Fault
from tests.wire.reply import NoAnswer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP and SIGKILL")
MESSAGES = r"/channels/\d+/messages"


async def test_a_story_is_told_answered_and_taken_back(tmp_path: Path, discord: Double) -> None:
    circle = make_circle(discord)
    ann, ben = (discord.world.add_person(name, circle.guild) for name in ("ann", "ben"))
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        await bot.ready()
        await circle.set_up()
        prompt = await circle.ask_now()

        after = await circle.tell(ann, prompt)
        assert after.private
        story = await discord.message(circle.channel, SLIP)
        assert str(ann.id) not in str(story.components)
        assert story.metadata is None

        (thread,) = await discord.until(lambda: discord.threads(circle.channel))
        assert thread.id == story.id
        opening = await discord.message(thread, "Just listen")
        form = await discord.people.press(ben, opening, label="Reply without my name")
        preview = await discord.people.submit(ben, form, {"text": "I have been there."})
        await discord.people.press(ben, preview, label="Post")
        bot.move_clock(minutes=4)
        reply = await discord.message(thread, "I have been there.")
        assert str(ben.id) not in str(reply.components)

        question = await discord.people.press(ann, after, label="Take it back")
        await discord.people.press(ann, question, label="Yes, take it back")
        await discord.until(lambda: not circle.stories() and not discord.threads(circle.channel))

        assert await bot.terminate() == 0
    assert bot.errors == []
    assert discord.limits.refused == {}


async def test_a_reminder_comes_privately_at_its_time_and_not_to_whom_closed_the_door(
    tmp_path: Path, discord: Double
) -> None:
    circle, people = make_circle(discord), discord.people
    ann, ben = (discord.world.add_person(name, circle.guild) for name in ("ann", "ben"))
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        await bot.ready()
        await circle.set_up(place="Europe/London")
        soon = discord.clock.now() + timedelta(hours=2)
        when = {"day": soon.weekday(), "time": f"{soon:%H:%M}", "zone": "UTC"}
        for person in (ann, ben):
            await people.slash(person, circle.channel, "remind weekly", **when)
        ben.dms_open = False

        bot.move_clock(hours=2, minutes=1)

        (reminder,) = await discord.until(lambda: discord.private(ann))
        await discord.until(lambda: discord.limits.invalid)  # the one request that Discord refused
        assert discord.private(ben) == []
        stopped = await people.press(ann, reminder, label="Stop these reminders")
        assert stopped.kind == "deferred-update"
    assert bot.errors == []


async def test_a_dropped_connection_and_events_told_twice_make_no_second_story(
    tmp_path: Path, discord: Double
) -> None:
    circle, people = make_circle(discord), discord.people
    ann = discord.world.add_person("ann", circle.guild)
    async with BotProcess(tmp_path, discord) as bot:
        await bot.ready()
        await circle.set_up()
        prompt = await circle.ask_now()

        discord.gateway.drop()
        form = await people.press(ann, prompt, label="Share without my name", events=2)
        preview = await people.submit(ann, form, {"slip": SLIP}, events=2)
        discord.gateway.reconnect()
        await people.press(ann, preview, label="Post", events=2)
        await discord.message(circle.channel, SLIP)
        await discord.until(lambda: discord.threads(circle.channel))

        assert len(circle.stories()) == 1
        assert discord.gateway.resumes == 2
        assert len(discord.gateway.starts) == 1
    assert bot.errors == []


async def test_a_process_killed_before_it_hears_of_its_message_sends_it_once(
    tmp_path: Path, discord: Double
) -> None:
    circle = make_circle(discord)
    ann = discord.world.add_person("ann", circle.guild)
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        await bot.ready()
        await circle.set_up()
        prompt = await circle.ask_now()
        sent = discord.faults.hold("after", "POST", MESSAGES)

        await circle.tell(ann, prompt)
        await sent.reached()
        await bot.kill()
        sent.let_go()
        bot.move_clock(minutes=10)  # the nonce is forgotten
        await bot.start()
        await bot.ready()
        await discord.until(lambda: discord.threads(circle.channel))

        assert len(circle.stories()) == 1
    assert bot.errors == []


async def test_the_process_goes_on_after_discord_was_away_or_it_was_stopped_itself(
    tmp_path: Path, discord: Double
) -> None:
    circle = make_circle(discord)
    async with BotProcess(tmp_path, discord) as bot:
        await bot.ready()
        await circle.set_up()
        discord.faults.add(Fault(kind="status", status=502, method="POST", path=MESSAGES))
        prompt = await circle.ask_now()

        await discord.away()
        await discord.back()
        await discord.until(lambda: discord.gateway.resumes)

        bot.freeze()
        discord.desk.first_seconds = 0.3
        with pytest.raises(NoAnswer):
            await discord.people.press(circle.facilitator, prompt, label="How this works")
        bot.thaw()
        discord.desk.first_seconds = 3

        shown = await discord.people.press(circle.facilitator, prompt, label="How this works")
        assert shown.private
        assert len([m for m in discord.messages(circle.channel) if "This week" in m.text()]) == 1
