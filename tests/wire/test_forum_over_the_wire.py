"""The real process in a forum, where Discord knows no nonce: whatever breaks, each story is one post."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.wire.bot_process import BotProcess
from tests.wire.circle import SLIP, make_circle
from tests.wire.circle import Circle as Place
from tests.wire.discord_double import Double
from tests.wire.faults import Fault
from tests.wire.reply import Reply
from tests.wire.things import REQUIRE_TAG, Channel, Person

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
POSTS = r"/channels/\d+/threads"


@dataclass
class Forum:
    """A circle that meets in a forum, and the process that serves it."""

    discord: Double
    bot: BotProcess
    channel: Channel
    ann: Person

    def posts(self, title: str) -> list[Channel]:
        """The bot's posts whose title begins so."""
        return [post for post in self.discord.threads(self.channel) if post.name.startswith(title)]

    async def tell(self) -> Reply:
        """Under the week's question; what the teller sees after it."""
        (prompt,) = self.discord.messages(self.posts("This week: ")[0])
        form = await self.discord.people.press(self.ann, prompt, label="Share without my name")
        preview = await self.discord.people.submit(self.ann, form, {"slip": SLIP})
        return await self.discord.people.press(self.ann, preview, label="Post")

    async def opened(self) -> Channel:
        """The story's post, as soon as something stands below its first message."""
        found = await self.discord.until(
            lambda: [post for post in self.posts("Story") if len(self.discord.messages(post)) > 1]
        )
        return found[0]


@pytest.fixture
async def forum(tmp_path: Path, discord: Double) -> AsyncIterator[Forum]:
    """Set up from somebody's post, with its first question asked; a tag is required."""
    circle = make_circle(discord, kind="forum")
    circle.channel.tags = {discord.world.ids.next(): "Stories"}
    circle.channel.flags = REQUIRE_TAG
    hello = discord.world.add_thread(circle.channel, discord.world.ids.next(), "Hello", circle.facilitator)
    async with BotProcess(tmp_path, discord, clock=True) as bot:
        await bot.ready()
        await Place(discord, circle.guild, hello, circle.facilitator).set_up()
        await discord.people.slash(circle.facilitator, hello, "prompt post-now")
        made = Forum(discord, bot, circle.channel, discord.world.add_person("ann", circle.guild))
        await discord.until(lambda: made.posts("This week: "))
        yield made
    assert bot.errors == []


async def test_a_story_is_a_post_that_changes_sleeps_and_goes(forum: Forum) -> None:
    discord, people = forum.discord, forum.discord.people
    after = await forum.tell()
    post = await forum.opened()
    (first, opening) = discord.messages(post)
    assert (post.id, post.name) == (first.id, "Story 1")
    assert "Just listen" in opening.text()
    assert first.metadata is None
    assert post.thread is not None
    assert post.thread.tags == tuple(forum.channel.tags)
    people.archive(post)

    await people.press(forum.ann, first, label="Thank you")
    forum.bot.move_clock(minutes=1)
    await discord.until(lambda: "Thank you · 1" in discord.messages(post)[0].text())
    people.archive(post, locked=True)
    question = await people.press(forum.ann, after, label="Take it back")
    await people.press(forum.ann, question, label="Yes, take it back")

    await discord.until(lambda: not forum.posts("Story"))


async def test_a_connection_that_was_cut_after_the_post_was_made_makes_no_second_one(forum: Forum) -> None:
    forum.discord.faults.add(Fault(kind="close-after", method="POST", path=POSTS))

    await forum.tell()
    await forum.discord.until(lambda: forum.posts("Story"))
    forum.bot.move_clock(minutes=1)
    await forum.opened()

    assert len(forum.posts("Story")) == 1


async def test_a_process_killed_before_it_hears_of_its_post_finds_it_again(forum: Forum) -> None:
    sent = forum.discord.faults.hold("after", "POST", POSTS)

    await forum.tell()
    await sent.reached()
    await forum.bot.kill()
    sent.let_go()
    forum.discord.people.archive(forum.posts("Story")[0])
    await forum.bot.start()
    await forum.bot.ready()
    await forum.opened()

    assert len(forum.posts("Story")) == 1


async def test_a_failing_discord_is_asked_once_and_only_again_when_nothing_came(forum: Forum) -> None:
    forum.discord.faults.add(Fault(kind="status", status=502, method="POST", path=POSTS))
    before = _asked(forum)

    await forum.tell()
    await forum.discord.until(lambda: _asked(forum) > before)
    forum.bot.move_clock(minutes=1)
    await forum.opened()

    assert _asked(forum) == before + 2
    assert len(forum.posts("Story")) == 1


def _asked(forum: Forum) -> int:
    """How often the bot asked for a post."""
    return forum.discord.asked.count(f"POST /channels/{forum.channel.id}/threads")
