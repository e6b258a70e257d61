"""Killed between any two steps of a promise, the process keeps it. Random moments: ``test_kills.py``."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.wire.bot_process import BotProcess
from tests.wire.circle import PROMPT, SLIP, Circle, make_circle
from tests.wire.discord_double import Double
from tests.wire.kills.verdict import files_with, kept_texts, owed
from tests.wire.last_request import (
    ANSWER,
    CHANGE,
    END_OF_MESSAGE,
    END_OF_THREAD,
    LATER_ANSWER,
    MESSAGE,
    THREAD,
    again,
    dies,
    unanswered,
)
from tests.wire.requests import Request
from tests.wire.things import Message

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
NEWER = "I called a client by another client's name, and we both laughed too late."
LATER = "I double-booked an hour, and sent the wrong one home."
OPENING = "Just listen"
PAST_THE_NONCE = {"minutes": 4}
"""Longer than Discord remembers a nonce, so that only a look tells whether something arrived."""


async def begun(circle: Circle, bot: BotProcess) -> Message:
    """Ready, set up and asked."""
    await bot.ready()
    await circle.set_up()
    return await circle.ask_now()


async def settled(bot: BotProcess) -> None:
    """Nothing is owed to Discord any more."""
    await bot.discord.until(lambda: not owed(bot.folder))


async def test_killed_between_form_preview_and_thanks_nobody_writes_anything_again(
    tmp_path: Path, discord: Double
) -> None:
    circle, people = make_circle(discord), discord.people
    ann = discord.world.add_person("ann", circle.guild)
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        prompt = await begun(circle, bot)
        form = await people.press(ann, prompt, label="Share without my name")
        dies(bot, "lost", *ANSWER)
        await unanswered(bot, people.submit(ann, form, {"slip": SLIP}))
        await again(bot)

        dies(bot, "unheard", *ANSWER)
        preview = await people.submit(ann, form, {"slip": SLIP})  # Discord has kept the form
        await again(bot)
        form = await people.press(ann, preview, label="Edit")
        dies(bot, "unheard", *ANSWER)
        preview = await people.submit(ann, form, {"slip": NEWER})
        await again(bot)
        dies(bot, "lost", *LATER_ANSWER)
        await unanswered(bot, people.press(ann, preview, label="Post"))
        await again(bot)
        dies(bot, "unheard", *LATER_ANSWER)
        thanks = await people.press(ann, preview, label="Post")
        await again(bot)

        panel = await people.press(ann, thanks, label="My story")
        await discord.message(circle.channel, NEWER)
        await settled(bot)
        assert "Your story" in panel.text()
        assert len(circle.stories()) == 1
        assert len(discord.threads(circle.channel)) == 1
    assert bot.errors == []


async def test_thanked_and_killed_before_anything_else_the_story_appears(
    tmp_path: Path, discord: Double
) -> None:
    circle, people = make_circle(discord), discord.people
    ann = discord.world.add_person("ann", circle.guild)
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        preview = await circle.write(ann, await begun(circle, bot))
        dies(bot, "unheard", *LATER_ANSWER)

        await people.press(ann, preview, label="Post")
        await again(bot)

        await discord.until(lambda: discord.threads(circle.channel))
        await settled(bot)
        assert len(circle.stories()) == 1
    assert bot.errors == []


async def test_killed_around_every_step_that_shows_a_story_it_stands_once_with_one_thread(
    tmp_path: Path, discord: Double
) -> None:
    circle = make_circle(discord)
    ann = discord.world.add_person("ann", circle.guild)

    def in_channel(request: Request) -> bool:
        return request.number("channel_id") == circle.channel.id

    def in_thread(request: Request) -> bool:
        return not in_channel(request)

    async with BotProcess(tmp_path, discord, clock=True) as bot:
        preview = await circle.write(ann, await begun(circle, bot))
        dies(bot, "lost", *MESSAGE, about=in_channel)
        await discord.people.press(ann, preview, label="Post", wait=False)  # it may leave before the thanks
        for step, about in ((MESSAGE, in_channel), (THREAD, in_channel), (MESSAGE, in_thread)):
            await bot.ended()
            bot.move_clock(**PAST_THE_NONCE)
            dies(bot, "unheard", *step, about=about)
            await bot.start()
        await again(bot, **PAST_THE_NONCE)

        await settled(bot)
        (thread,) = discord.threads(circle.channel)
        assert len(circle.stories()) == 1
        assert [OPENING in message.text() for message in discord.messages(thread)] == [True]
    assert bot.errors == []


async def test_killed_while_stories_are_taken_back_nothing_of_them_stays_in_discord_or_in_any_file(
    tmp_path: Path, discord: Double
) -> None:
    circle, people = make_circle(discord), discord.people
    ann, ben, cem = (discord.world.add_person(name, circle.guild) for name in ("ann", "ben", "cem"))
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        prompt = await begun(circle, bot)
        bens, cems = await circle.tell(ben, prompt, NEWER), await circle.tell(cem, prompt, LATER)
        await settled(bot)

        # while the story is on its way
        on_its_way = discord.faults.hold("before", *MESSAGE)
        question = await people.press(ann, await circle.tell(ann, prompt), label="Take it back")
        await on_its_way.reached()
        done = await people.press(ann, question, label="Yes, take it back")
        assert "It is taken back" in done.text()
        dies(bot, "unheard", *MESSAGE)
        on_its_way.let_go()
        await bot.ended()
        assert len(circle.stories()) == 3
        await again(bot, **PAST_THE_NONCE)

        # as soon as it is confirmed
        question = await people.press(ben, bens, label="Take it back")
        dies(bot, "unheard", *LATER_ANSWER)
        done = await people.press(ben, question, label="Yes, take it back")
        assert "It is taken back" in done.text()
        await bot.ended()
        assert NEWER not in "\n".join(kept_texts(bot.folder))
        await again(bot)
        await settled(bot)

        # between its message and its thread
        question = await people.press(cem, cems, label="Take it back")
        dies(bot, "unheard", *END_OF_MESSAGE)
        await people.press(cem, question, label="Yes, take it back", wait=False)
        await bot.ended()
        dies(bot, "lost", *END_OF_THREAD)
        await bot.start()
        await again(bot, days=1)  # so that what is deleted goes from the files, too

        await settled(bot)
        assert circle.stories() == []
        assert discord.threads(circle.channel) == []
        await discord.until(lambda: not files_with(tmp_path, (SLIP, NEWER, LATER)))
    assert not any(words in bot.log for words in (SLIP, NEWER, LATER))
    assert bot.errors == []


async def test_killed_around_every_step_of_a_change_the_new_words_stand_once_and_no_earlier_ones(
    tmp_path: Path, discord: Double
) -> None:
    circle, people = make_circle(discord), discord.people
    ann = discord.world.add_person("ann", circle.guild)
    whole = {"slip": f"{NEWER} " + "It went on. " * 140, "effect": "e" * 490, "repair": "r " * 390}
    whole["lesson"] = LATER
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        thanks = await circle.tell(ann, await begun(circle, bot))
        await settled(bot)
        (thread,) = discord.threads(circle.channel)
        panel = await people.press(ann, thanks, label="My story")

        form = await people.press(ann, panel, label="Edit")
        dies(bot, "unheard", *ANSWER)
        preview = await people.submit(ann, form, whole)
        await again(bot)
        dies(bot, "lost", *CHANGE)
        await people.press(ann, preview, label="Save the change", wait=False)
        for step in (CHANGE, MESSAGE):
            await bot.ended()
            bot.move_clock(**PAST_THE_NONCE)
            dies(bot, "unheard", *step)
            await bot.start()
        await again(bot, days=1)  # so that what is deleted goes from the files, too

        await settled(bot)
        (story,) = circle.stories()
        assert NEWER in story.text()
        assert [LATER in message.text() for message in discord.messages(thread)] == [False, True]
        await discord.until(lambda: not files_with(tmp_path, (SLIP,)))
    assert bot.errors == []


async def test_killed_around_a_reply_and_a_sign_both_are_there_once(tmp_path: Path, discord: Double) -> None:
    circle, people = make_circle(discord), discord.people
    ann, ben = (discord.world.add_person(name, circle.guild) for name in ("ann", "ben"))
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        await circle.tell(ann, await begun(circle, bot))
        await settled(bot)
        (story,) = circle.stories()
        (thread,) = discord.threads(circle.channel)

        form = await people.press(ben, story, label="Reply without my name")
        dies(bot, "unheard", *ANSWER)
        preview = await people.submit(ben, form, {"text": LATER})
        await again(bot)
        dies(bot, "unheard", *LATER_ANSWER)
        thanks = await people.press(ben, preview, label="Post")
        assert "Thank you" in thanks.text()
        await bot.ended()
        bot.move_clock(minutes=4)  # replies wait up to three
        dies(bot, "unheard", *MESSAGE)
        await bot.start()
        await again(bot, **PAST_THE_NONCE)
        dies(bot, "unheard", *LATER_ANSWER)
        await people.press(ben, story, label="Thank you")
        await again(bot, minutes=1)

        await settled(bot)
        assert sum(LATER in message.text() for message in discord.messages(thread)) == 1
        assert "Thank you · 1" in story.text()
    assert bot.errors == []


async def test_killed_while_the_weeks_question_goes_out_it_is_asked_once(
    tmp_path: Path, discord: Double
) -> None:
    circle = make_circle(discord)
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        await bot.ready()
        await circle.meet_at(discord.clock.now() + timedelta(hours=2))
        await bot.kill()
        bot.move_clock(hours=2, minutes=1)
        for fate in ("lost", "unheard"):
            dies(bot, fate, *MESSAGE)
            await bot.start()
            await bot.ended()
            bot.move_clock(**PAST_THE_NONCE)
        await again(bot)

        await settled(bot)
        assert sum(PROMPT in message.text() for message in discord.messages(circle.channel)) == 1
    assert bot.errors == []
