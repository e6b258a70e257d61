"""Connections that break, resume and start anew, and interactions told twice: nothing happens twice."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.wire import troubles
from tests.wire.bot_process import BotProcess
from tests.wire.circle import SLIP, Circle, make_circle
from tests.wire.discord_double import Double
from tests.wire.faults import Fault, Kind
from tests.wire.reply import NoAnswer
from tests.wire.things import Message, Person

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP and SIGKILL")
TWICE = 2
CALLBACK = r"/interactions/.*/callback"
"""Where the first answer to an interaction goes."""


@dataclass
class Evening:
    """A circle with its question, two people, and the bot."""

    discord: Double
    circle: Circle
    ann: Person
    ben: Person
    prompt: Message
    bot: BotProcess


@asynccontextmanager
async def evening(folder: Path, discord: Double) -> AsyncIterator[Evening]:
    """A circle that has been asked this week's question."""
    circle = make_circle(discord)
    ann, ben = (discord.world.add_person(name, circle.guild) for name in ("ann", "ben"))
    async with BotProcess(folder, discord, clock=True) as bot:
        await bot.ready()
        await circle.set_up()
        yield Evening(discord, circle, ann, ben, await circle.ask_now(), bot)
        assert bot.errors == []


def drafts_left(folder: Path) -> int:
    """How many drafts the bot keeps."""
    with closing(sqlite3.connect(folder / "data" / "good-enough.sqlite3")) as connection:
        return connection.execute("SELECT count(*) FROM drafts").fetchone()[0]


async def test_whatever_is_told_twice_happens_once(tmp_path: Path, discord: Double) -> None:
    async with evening(tmp_path, discord) as all_there:
        people, ann, ben = discord.people, all_there.ann, all_there.ben

        form = await people.press(ann, all_there.prompt, label="Share without my name", events=TWICE)
        written = await people.submit(ann, form, {"slip": SLIP}, events=TWICE)
        after = await people.press(ann, written, label="Post", events=TWICE)
        story = await discord.message(all_there.circle.channel, SLIP)
        (thread,) = await discord.until(lambda: discord.threads(all_there.circle.channel))
        opening = await discord.message(thread, "Just listen")
        sign = await people.press(ben, story, label="Thank you", events=TWICE)
        form = await people.press(ben, opening, label="Reply without my name", events=TWICE)
        replied = await people.submit(ben, form, {"text": "I have been there."}, events=TWICE)
        await people.press(ben, replied, label="Post", events=TWICE)
        all_there.bot.move_clock(minutes=4)
        await discord.message(thread, "I have been there.")
        await discord.message(all_there.circle.channel, "Thank you · 1")

        assert "Counted" in sign.text()
        assert len(all_there.circle.stories()) == 1
        assert sum("I have been there." in message.text() for message in discord.messages(thread)) == 1
        for reply in (form, written, after, sign, replied):
            assert reply.followups == []
        assert drafts_left(tmp_path) == 0
        question = await people.press(ann, after, label="Take it back", events=TWICE)
        await people.press(ann, question, label="Yes, take it back", events=TWICE)
        await discord.until(lambda: not all_there.circle.stories() and not discord.threads(story.channel))


@pytest.mark.parametrize("breaks", ["a dropped socket", "a request to reconnect", "a session to resume"])
async def test_what_was_pressed_while_the_connection_was_away_is_answered_after_it_resumes(
    tmp_path: Path, discord: Double, breaks: str
) -> None:
    async with evening(tmp_path, discord) as all_there:
        people = discord.people
        preview = await all_there.circle.write(all_there.ann, all_there.prompt)
        if breaks == "a dropped socket":
            discord.gateway.drop()
        elif breaks == "a request to reconnect":
            discord.gateway.reconnect()
        else:
            discord.gateway.invalidate(resumable=True)

        await people.press(all_there.ann, preview, label="Post")
        await discord.message(all_there.circle.channel, SLIP)

        assert len(all_there.circle.stories()) == 1
        assert len(discord.gateway.starts) == 1
        assert discord.gateway.resumes == 1


async def test_after_an_invalid_session_the_bot_begins_anew_and_a_second_press_makes_no_second_story(
    tmp_path: Path, discord: Double
) -> None:
    discord.desk.first_seconds = 0.5  # nobody shall wait long for what can't come
    async with evening(tmp_path, discord) as all_there:
        people = discord.people
        preview = await all_there.circle.write(all_there.ann, all_there.prompt)

        discord.gateway.invalidate(resumable=False)
        for _ in range(40):  # as somebody would press again
            try:
                done = await people.press(all_there.ann, preview, label="Post")
                break
            except NoAnswer:
                continue
        else:
            raise AssertionError("never answered again")
        await discord.message(all_there.circle.channel, SLIP)

        assert "Receipt" in done.text() or "code" in done.text()
        assert len(all_there.circle.stories()) == 1
        assert len(discord.gateway.starts) == 2


async def test_a_connection_that_breaks_again_and_again_loses_and_doubles_nothing(
    tmp_path: Path, discord: Double
) -> None:
    slips = [f"I was late for the {which} time" for which in ("first", "second", "third", "fourth")]
    async with evening(tmp_path, discord) as all_there:
        for slip in slips:
            preview = await all_there.circle.write(all_there.ann, all_there.prompt, slip)
            discord.gateway.drop()
            await discord.people.press(all_there.ann, preview, label="Post", events=TWICE)
        for slip in slips:
            await discord.message(all_there.circle.channel, slip)

        assert len(all_there.circle.stories()) == 4


@pytest.mark.parametrize("kind", ["close-before", "close-after"])
async def test_a_connection_that_breaks_under_an_answer_costs_no_word_and_no_second_story(
    tmp_path: Path, discord: Double, kind: Kind
) -> None:
    async with evening(tmp_path, discord) as all_there:
        people, ann = discord.people, all_there.ann
        form = await people.press(ann, all_there.prompt, label="Share without my name")
        discord.faults.add(Fault(kind=kind, method="POST", path=CALLBACK))

        shown = await people.submit(ann, form, {"slip": SLIP})
        assert SLIP in shown.text()
        preview = shown if kind == "close-after" else await all_there.circle.write(ann, all_there.prompt)
        await people.press(ann, preview, label="Post")
        await discord.message(all_there.circle.channel, SLIP)

        assert len(all_there.circle.stories()) == 1
        assert "the connection broke while answering" not in all_there.bot.log
        assert await all_there.bot.terminate() == 0
        assert "the connection broke while answering" in all_there.bot.log  # without the hour, at the stop


@pytest.mark.parametrize("kind", ["close-before", "close-after"])
async def test_words_that_could_not_be_given_back_early_stand_in_the_preview_that_follows(
    tmp_path: Path, discord: Double, kind: Kind
) -> None:
    """Storing takes long, and the connection breaks under the first answer."""
    async with evening(tmp_path, discord) as all_there:
        people, ann = discord.people, all_there.ann
        form = await people.press(ann, all_there.prompt, label="Share without my name")
        early = discord.faults.add(Fault(kind=kind, method="POST", path=CALLBACK))

        async with troubles.locked(all_there.bot):
            asked = asyncio.ensure_future(people.submit(ann, form, {"slip": SLIP}))
            await discord.until(lambda: early.hits)
        shown = await asked

        assert SLIP in shown.text()
