"""The database is locked, slow or full: words come back, nothing accepted is lost, and the bot recovers."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import WORDS
from tests.wire.bot_process import BotProcess
from tests.wire.circle import SLIP, Circle, make_circle
from tests.wire.discord_double import Double
from tests.wire.reply import Reply
from tests.wire.things import Message, Person

resource = pytest.importorskip("resource", reason="Windows limits no running process")
pytestmark = pytest.mark.skipif(
    not hasattr(resource, "prlimit"), reason="only Linux limits a running process"
)
FILE = Path("data") / "good-enough.sqlite3"
SLOW = WORDS("errors.slow")
APOLOGY = WORDS("errors.apology", reference="{}", contact="{}").partition("{}")[0].strip()


@dataclass
class Evening:
    """A circle with its question, somebody who tells, and the bot."""

    discord: Double
    circle: Circle
    ann: Person
    prompt: Message
    bot: BotProcess

    async def form(self) -> Reply:
        """The form, open."""
        return await self.discord.people.press(self.ann, self.prompt, label="Share without my name")

    async def post_until_it_goes(self, preview: Reply) -> Reply:
        """*Post*, again and again, as somebody would who is told that it didn't work."""
        for _ in range(40):
            done = await self.discord.people.press(self.ann, preview, label="Post")
            if ":panel:" in str(done.components):
                return done
            await asyncio.sleep(0.25)
        raise AssertionError("it never went")


@asynccontextmanager
async def evening(folder: Path, discord: Double) -> AsyncIterator[Evening]:
    """A circle that has been asked this week's question."""
    circle = make_circle(discord)
    ann = discord.world.add_person("ann", circle.guild)
    discord.people.patience = 20.0  # longer than SQLite waits for a lock
    async with BotProcess(folder, discord, hurried=True) as bot:
        await bot.ready()
        await circle.set_up()
        yield Evening(discord, circle, ann, await circle.ask_now(), bot)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Somebody else writes, and doesn't come to an end."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(bot: BotProcess) -> Iterator[None]:
    """No file can grow any more: what SQLite sees is a disk that is full."""
    before = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (1, before[1]))
    yield
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, before)


async def test_while_it_is_slow_the_words_come_first_and_the_preview_after_them(
    tmp_path: Path, discord: Double
) -> None:
    async with evening(tmp_path, discord) as there:
        form = await there.form()
        with locked(tmp_path):
            reply = await discord.people.submit(there.ann, form, {"slip": SLIP})
            assert reply.acknowledged_after < 3
            assert SLOW in reply.text()
            assert SLIP in reply.text()
        await discord.until(lambda: ":post:" in str(reply.components))

        assert SLIP in reply.text()
        await discord.people.press(there.ann, reply, label="Post")
        await discord.message(there.circle.channel, SLIP)

        assert len(there.circle.stories()) == 1
        assert there.bot.errors == []


async def test_while_it_is_locked_words_come_back_and_afterwards_all_goes_on(
    tmp_path: Path, discord: Double
) -> None:
    async with evening(tmp_path, discord) as there:
        form, waiting = await there.form(), await there.circle.write(there.ann, there.prompt, "I came late")
        with locked(tmp_path):
            reply = await discord.people.submit(there.ann, form, {"slip": SLIP})
            assert SLIP in reply.text()
            told = await discord.people.press(there.ann, waiting, label="Post")
            assert APOLOGY in told.text()
            await discord.until(lambda: len(reply.followups) == 1)
            assert SLIP in reply.followups[0].text()

        again = await discord.people.submit(there.ann, form, {"slip": SLIP})
        await there.post_until_it_goes(again)
        await there.post_until_it_goes(waiting)
        await discord.message(there.circle.channel, SLIP)
        await discord.message(there.circle.channel, "I came late")

        assert len(there.circle.stories()) == 2


async def test_while_the_disk_is_full_words_come_back_and_nothing_accepted_is_lost(
    tmp_path: Path, discord: Double
) -> None:
    async with evening(tmp_path, discord) as there:
        form, waiting = await there.form(), await there.circle.write(there.ann, there.prompt, "I came late")
        accepted = await there.circle.tell(there.ann, there.prompt, "I forgot the hour")
        with full(there.bot):
            reply = await discord.people.submit(there.ann, form, {"slip": SLIP})
            assert SLIP in reply.text()
            assert APOLOGY in reply.text()
            told = await discord.people.press(there.ann, waiting, label="Post")
            assert APOLOGY in told.text()
            there.bot.move_clock(minutes=1)
            await asyncio.sleep(6)  # a tick that can't write anything

        again = await discord.people.submit(there.ann, form, {"slip": SLIP})
        await there.post_until_it_goes(again)
        await there.post_until_it_goes(waiting)
        there.bot.move_clock(minutes=10)
        for slip in (SLIP, "I came late", "I forgot the hour"):
            await discord.message(there.circle.channel, slip)
        await discord.until(lambda: len(discord.threads(there.circle.channel)) == 3)

        assert ":panel:" in str(accepted.components)
        assert len(there.circle.stories()) == 3
        assert there.bot.running


async def test_killed_while_the_disk_is_full_it_starts_again_with_everything_that_was_accepted(
    tmp_path: Path, discord: Double
) -> None:
    async with evening(tmp_path, discord) as there:
        sent = discord.faults.hold("after", "POST", r"/channels/\d+/messages")
        await there.circle.tell(there.ann, there.prompt)
        await sent.reached()
        with full(there.bot):
            sent.let_go()
            await asyncio.sleep(0.5)  # it can't note that the story is there
        await there.bot.kill()
        await there.bot.start()
        await there.bot.ready()
        await discord.until(lambda: discord.threads(there.circle.channel))

        assert len(there.circle.stories()) == 1
