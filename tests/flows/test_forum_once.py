"""In a forum nothing comes twice and nothing is lost, though posts have no nonce; and each finds its tag."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from simcord.enums import OverwriteType

from bot.delivery import discord_side
from tests.conftest import Circle, ErrorCollector, Stage, make_circle
from tests.flows.people import (
    SLIP,
    ask_now,
    custom_id,
    tell,
    told_to,
    write,
)
from tests.flows.test_crashes_around_stories import left_of, withdraw
from tests.forums import deny, only_post, require_tags


@pytest.fixture
async def circle(stage: Stage) -> Circle:
    """A circle in a forum, whose stories appear at once."""
    return await make_circle(stage, tags=("Silence", "Stories"))


def tag_names(circle: Circle, post: Any) -> list[str]:
    """The tags on a post."""
    names = {int(tag["id"]): tag["name"] for tag in circle.channel._channel.available_tags}
    return [names[tag] for tag in post._channel.applied_tags]


def cut(circle: Circle, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> list[Any]:
    """The connection is lost at the next post: before Discord hears of it, or after it made it.

    What was on its way is returned in a list, to arrive later.
    """
    http, on_its_way = circle.stage.bot.http, list[Any]()
    request = http.request

    async def lost(route: Any, **kwargs: Any) -> Any:
        if route.path != "/channels/{channel_id}/threads":
            return await request(route, **kwargs)
        monkeypatch.setattr(http, "request", request)
        if after:
            await request(route, **kwargs)
        else:
            on_its_way.append(lambda: request(route, **kwargs))
        raise aiohttp.ServerDisconnectedError

    monkeypatch.setattr(http, "request", lost)
    return on_its_way


async def arrive(stage: Stage, request: Any) -> None:
    """What was on its way reaches Discord."""
    arriving = stage.bot.inside.run(asyncio.create_task, request())
    await stage.env.settle()
    arriving.result()


@pytest.mark.parametrize("after", [True, False], ids=["after it was made", "before it was made"])
async def test_a_cut_connection_doubles_and_loses_no_post(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    await ask_now(circle)
    cut(circle, monkeypatch, after=after)

    await tell(circle, circle.peers[0])
    await circle.stage.pass_time(minutes=2)

    assert len(only_post(circle).history()) == 1
    assert len(posts_sent(circle)) == 2  # the question and the story


def posts_sent(circle: Circle) -> list[Any]:
    """The requests for posts that reached Discord."""
    return [one for one in circle.stage.env.http_requests if one.path.endswith("/threads")]


async def test_a_post_that_comes_late_is_waited_for(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    await ask_now(circle)
    on_its_way = cut(circle, monkeypatch, after=False)
    await tell(circle, circle.peers[0])
    await circle.stage.pass_time(seconds=20)
    assert circle.channel.threads == []

    await arrive(circle.stage, *on_its_way)
    await circle.stage.pass_time(minutes=5)

    assert len(only_post(circle).history()) == 1


async def test_a_story_taken_back_while_its_post_is_on_its_way_goes_too(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = circle.stage
    await ask_now(circle)
    on_its_way = cut(circle, monkeypatch, after=False)
    after = await tell(circle, circle.peers[0])
    await withdraw(circle.peers[0], after)
    await stage.pass_time(seconds=15)

    await arrive(stage, *on_its_way)
    await stage.pass_time(minutes=5)

    assert circle.channel.threads == []
    assert await left_of(stage) == []


async def test_a_lost_post_is_found_also_when_it_was_archived_meanwhile(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ask_now(circle)
    cut(circle, monkeypatch, after=True)
    await tell(circle, circle.peers[0])
    only_post(circle)._channel.thread_metadata.archived = True
    only_post(circle)._channel.thread_metadata.archive_timestamp = circle.stage.now().isoformat()

    await circle.stage.pass_time(minutes=2)

    assert len(only_post(circle).history()) == 1


async def test_where_the_history_can_not_be_read_facilitators_decide(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = circle.stage
    await ask_now(circle)
    cut(circle, monkeypatch, after=True)
    me = stage.env.backend.bot_user.id
    await tell(circle, circle.peers[0])
    deny(stage, circle.channel, me, OverwriteType.MEMBER, read_message_history=True)
    await stage.pass_time(hours=2)
    deny(stage, circle.channel, me, OverwriteType.MEMBER)
    await stage.pass_time(days=1)

    status = await circle.facilitator.slash(circle.channel, "circle status")

    assert "may or may not have arrived" in told_to(status)
    assert len(circle.channel.threads) == 1


async def test_who_decides_is_told_that_a_tag_is_missing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle = await make_circle(stage, tags=())
    await ask_now(circle)
    cut(circle, monkeypatch, after=False)
    monkeypatch.setattr(discord_side, "FARTHEST", -1)
    await tell(circle, circle.peers[0])
    await stage.pass_time(hours=1)
    status = (await circle.facilitator.slash(circle.channel, "circle status")).response
    page = (await circle.facilitator.click(status.message, label="What waits for you")).response
    require_tags(circle)

    told = told_to(await circle.facilitator.click(page.message, label="It isn't there: send it"))

    assert "requires a tag on every post and has none" in told
    assert circle.channel.threads == []


async def test_more_posts_than_can_be_looked_through_make_it_unsure(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = circle.stage
    await ask_now(circle)
    cut(circle, monkeypatch, after=False)
    monkeypatch.setattr(discord_side, "FARTHEST", 0)

    await tell(circle, circle.peers[0])
    await stage.pass_time(hours=2)

    assert circle.channel.threads == []
    assert (await stage.bot.services.outbox.counts()).unsure == 1


@pytest.mark.parametrize(("tags", "theme", "required", "wanted"), [
    (("silence ", "Stories"), "Silence", False, ["silence "]),
    (("Stories",), "Silence", False, []),
    (("Other", "Stories"), "Silence", True, ["Stories"]),
    (("(Announcements)", "Other"), "Silence", True, ["Other"]),
    (("(Announcements)",), "Silence", True, ["Announcements"]),
    (("The room and its int",), "The room and its interruptions", False, ["The room and its int"]),
    ((), "Silence", False, []),
])  # fmt: skip
async def test_the_tag_of_a_post_is_its_themes_or_what_the_forum_needs(
    stage: Stage, tags: tuple[str, ...], theme: str, required: bool, wanted: list[str]
) -> None:
    circle = await make_circle(stage, tags=tags)
    await ask_now(circle)
    ann = circle.peers[0]
    preview = await write(circle, ann)
    await stage.bot.services.stories.revise(*_draft_in(preview), theme=theme)
    if required:
        require_tags(circle)

    preview = (await ann.click(preview.message, label="Post")).response  # an older one by now
    await ann.click(preview.message, label="Post")

    assert tag_names(circle, only_post(circle)) == wanted


def _draft_in(preview: Any) -> tuple[str, int]:
    receipt, revision = custom_id(preview, "post").split(":")[-2:]
    return receipt, int(revision)


async def test_a_required_tag_that_is_missing_is_told_and_what_waits_comes_when_it_is_there(
    stage: Stage,
) -> None:
    circle = await make_circle(stage, tags=())
    require_tags(circle)
    await tell_without_a_question(circle)
    status = told_to(await circle.facilitator.slash(circle.channel, "circle status"))
    assert "requires a tag that isn't there" in status
    assert "This forum requires a tag on every post and has none" in status
    assert posts_sent(circle) == []

    stage.bot.get_channel(circle.channel.id)._flags = 0
    await stage.pass_time(minutes=1)

    assert [post.name for post in circle.channel.threads] == ["Story 1"]


async def tell_without_a_question(circle: Circle) -> Any:
    """Told at any time, by the command."""
    opened = await circle.peers[0].slash(circle.channel, "share")
    values = {"slip": SLIP, "effect": "", "repair": "", "lesson": "", "ask": "listen"}
    preview = (await circle.peers[0].submit_modal(opened, values)).response
    return await circle.peers[0].click(preview.message, label="Post")


async def test_a_tag_that_only_discord_misses_is_told_and_asked_for_less_and_less(
    circle: Circle, logged_errors: ErrorCollector
) -> None:
    stage = circle.stage
    stage.env.inject_error("POST", "/channels/*/threads", status=400, code=40067, times=None)
    await tell_without_a_question(circle)
    for _ in range(60):
        await stage.later(seconds=5)
    assert len(posts_sent(circle)) <= 8
    status = told_to(await circle.facilitator.slash(circle.channel, "circle status"))
    assert "requires a tag that isn't there" in status

    stage.env.backend.faults.clear()
    await stage.pass_time(hours=1)

    assert len(only_post(circle).history()) == 1
    assert logged_errors.records == []
