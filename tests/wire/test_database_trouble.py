"""The database in trouble, under the real process: words come back, nothing is lost, and it goes on."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.wire import troubles
from tests.wire.bot_process import BotProcess
from tests.wire.circle import PROMPT, SLIP, make_circle
from tests.wire.discord_double import Double
from tests.wire.faults import Fault
from tests.wire.reply import NoAnswer, Reply
from tests.wire.things import Message
from tests.wire.troubles import Trouble

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are Linux's")
OTHER_SLIP = "I called a client by another client's name, and we both laughed too late."
ACCEPTED = "I was late, and let somebody believe that it was the bus."
APOLOGY = "it isn't your fault"
PATIENCE = 40
"""Seconds for what has to fail first, however slow the computer is."""
MESSAGES = r"/channels/\d+/messages"
SLOW = "This takes longer than usual"


@pytest.mark.parametrize("trouble", [troubles.locked, troubles.full, troubles.read_only])
async def test_nothing_is_lost_while_nothing_can_be_written_and_all_goes_on_afterwards(
    tmp_path: Path, discord: Double, trouble: Trouble
) -> None:
    circle, other, people = make_circle(discord), make_circle(discord), discord.people
    people.patience = PATIENCE
    ann, ben = (discord.world.add_person(name, circle.guild) for name in ("ann", "ben"))
    async with BotProcess(tmp_path, discord, switched=True) as bot:
        await bot.ready()
        await circle.set_up()
        await other.meet_at(discord.clock.now() + timedelta(hours=2))
        prompt = await circle.ask_now()
        preview = await circle.write(ann, prompt)
        shown = preview.text()
        discord.faults.add(Fault(kind="close-before", method="POST", path=MESSAGES))
        await circle.tell(ben, prompt, ACCEPTED)

        async with trouble(bot):
            pressed = await people.press(ann, preview, label="Post")
            given_back = await circle.write(ben, prompt, OTHER_SLIP)
            await given_back.used.until(lambda: APOLOGY in given_back.text(), PATIENCE)
            bot.move_clock(hours=3)  # the other circle's prompt falls due
            await bot.says("due work prompts failed")

        assert APOLOGY in pressed.followups[0].text()
        assert pressed.followups[0].private
        assert preview.text() == shown
        assert OTHER_SLIP in given_back.text()
        assert given_back.private
        assert given_back.acknowledged_after < 3
        await discord.message(other.channel, PROMPT)
        await people.press(ann, preview, label="Post", events=2)
        await circle.tell(ben, prompt, OTHER_SLIP)
        await discord.message(circle.channel, OTHER_SLIP)
        await discord.until(lambda: len(discord.threads(circle.channel)) == 3)
        stories = [story.text() for story in circle.stories()]
        assert [sum(slip in one for one in stories) for slip in (ACCEPTED, SLIP, OTHER_SLIP)] == [1, 1, 1]
        assert len([one for one in discord.messages(other.channel) if PROMPT in one.text()]) == 1
        assert await bot.terminate() == 0


async def test_a_slow_database_gives_the_words_back_first_and_the_preview_follows(
    tmp_path: Path, discord: Double
) -> None:
    circle, people = make_circle(discord), discord.people
    ann = discord.world.add_person("ann", circle.guild)
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        await bot.ready()
        await circle.set_up()
        prompt = await circle.ask_now()

        async with troubles.locked(bot):
            told = await circle.write(ann, prompt)
            assert told.acknowledged_after < 3
            assert SLOW in told.text()
            assert SLIP in told.text()
            assert told.private

        assert await told.used.until(lambda: previews(told) != [], PATIENCE)
        assert SLIP in told.text()
        await people.press(ann, previews(told)[0], label="Post")
        await discord.message(circle.channel, SLIP)
        assert len(circle.stories()) == 1
    assert bot.errors == []


def previews(told: Reply) -> list[Message]:
    """Where a story can be posted: in place of the words, or beside them if both came at once."""
    seen = [one for one in (told.used.original, *told.followups) if one is not None]
    return [one for one in seen if ":post:" in str(one.custom_ids())]


@pytest.mark.parametrize("killed", [False, True], ids=["goes on", "killed"])
async def test_what_was_sent_and_could_not_be_noted_is_found_again_and_stands_once(
    tmp_path: Path, discord: Double, killed: bool
) -> None:
    circle = make_circle(discord)
    ann = discord.world.add_person("ann", circle.guild)
    async with BotProcess(tmp_path, discord, switched=True) as bot:
        await bot.ready()
        await circle.set_up()
        prompt = await circle.ask_now()
        sent = discord.faults.hold("after", "POST", MESSAGES)
        await circle.tell(ann, prompt)
        await sent.reached()

        async with troubles.full(bot):
            sent.let_go()
            await bot.says("could not be put back")
            if killed:
                await bot.kill()
            bot.move_clock(minutes=10)  # the nonce is forgotten
        if killed:
            await bot.start()

        await discord.until(lambda: discord.threads(circle.channel))
        assert len(circle.stories()) == 1


async def test_a_process_that_dies_in_a_transaction_has_changed_nothing_and_the_same_press_works_later(
    tmp_path: Path, discord: Double
) -> None:
    circle, people = make_circle(discord), discord.people
    ann = discord.world.add_person("ann", circle.guild)
    async with BotProcess(tmp_path, discord, switched=True) as bot:
        await bot.ready()
        await circle.set_up()
        prompt = await circle.ask_now()

        troubles.dies_with(bot, "INSERT INTO drafts")
        with pytest.raises(NoAnswer):  # so Discord leaves the form open, with the words in it
            await circle.write(ann, prompt)
        await bot.ended()
        await bot.start()
        await bot.ready()
        preview = await circle.write(ann, prompt)
        troubles.dies_with(bot, "INSERT INTO stories")
        await people.press(ann, preview, label="Post", wait=False)
        await bot.ended()
        await bot.start()
        await bot.ready()

        await people.press(ann, preview, label="Post")
        await discord.until(lambda: discord.threads(circle.channel))
        assert len(circle.stories()) == 1
        assert troubles.asked(bot, "SELECT count(*) FROM drafts") == [(0,)]
