"""A circle in a forum: each story a post of its own, with its theme's tag; nothing twice, nothing left."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import text

from bot.delivery import discord_side
from cogs.custom_ids import CIRCLE_SAVE_THERE
from tests.conftest import Circle, ErrorCollector, Stage, make_circle, seen
from tests.flows.people import (
    SLIP,
    ask_now,
    code_in,
    custom_id,
    reply_unnamed,
    stories_in,
    tell,
    told_to,
    write,
)
from tests.flows.test_crashes_around_stories import left_of, withdraw
from tests.flows.test_setting_up_goes_wrong import nothing_is_saved, server
from tests.forums import create_forum


@pytest.fixture
async def circle(stage: Stage) -> Circle:
    """A circle in a forum, whose stories appear at once."""
    return await make_circle(stage, tags=("Silence", "Stories"))


async def post_of(stage: Stage, person: Any, forum: Any) -> Any:
    """A post that somebody made in a forum."""
    made = stage.env.backend.create_thread(forum.id, name="Hello", type=11, owner_id=person.id)
    return next(post for post in forum.posts if post.id == made.id)


def only_post(circle: Circle) -> Any:
    """The post of the only story."""
    (post,) = circle.channel.threads
    return post


def tag_names(circle: Circle, post: Any) -> list[str]:
    """The tags on a post."""
    names = {int(tag["id"]): tag["name"] for tag in circle.channel._channel.available_tags}
    return [names[tag] for tag in post._channel.applied_tags]


def deny(stage: Stage, channel: Any, who: int, kind: OverwriteType, **names: bool) -> None:
    """Take permissions away in a channel; without names, give them back."""
    denied = discord.Permissions(**names).value
    stage.env.backend.set_overwrite(channel.id, Overwrite(who, kind, deny=denied))


def require_tags(circle: Circle) -> None:
    """The forum requires a tag on every post."""
    circle.stage.bot.get_channel(circle.channel.id)._flags = 1 << 4  # what the simulation doesn't send


# setting up


async def test_typed_in_a_post_the_circle_meets_in_the_forum(stage: Stage) -> None:
    guild, _channel, fay = await server(stage)
    forum = create_forum(guild)

    page = (await fay.slash(await post_of(stage, fay, forum), "circle setup", place="Europe/Berlin")).response
    assert f"<#{forum.id}>" in seen(page)
    ready = (await fay.click(page.message, label="Save")).response
    await fay.click(ready.message, label="Post a welcome")
    await fay.click(ready.message, label="Post the first question now")

    (circle,) = await stage.bot.services.circles.everywhere()
    assert circle.channel_id == forum.id
    assert [post.name for post in forum.posts][1] == "Welcome"
    assert forum.posts[2].name.startswith("This week: ")
    assert all("Share without my name" in seen(message) for message in forum.history())


async def test_a_forum_without_any_post_is_named_and_the_page_remembers_it(stage: Stage) -> None:
    guild, lobby, fay = await server(stage)
    forum = create_forum(guild)
    page = (await fay.slash(lobby, "circle setup", place="Europe/Berlin", channel=forum)).response
    assert f"<#{forum.id}>" in seen(page)
    await stage.restart()

    page = (await fay.select(page.message, ["4"], custom_id=custom_id(page, "pick:d"))).response
    page = (await fay.select(page.message, ["720"], custom_id=custom_id(page, "pick:w"))).response
    saved = (await fay.click(page.message, label="Save")).response

    assert "Friday, 2 January 2026, 09:00" in seen(saved)
    (circle,) = await stage.bot.services.circles.everywhere()
    assert circle.channel_id == forum.id
    assert circle.plan.delay_minutes == 720


async def test_settings_opened_elsewhere_change_the_circle_and_make_no_second_one(circle: Circle) -> None:
    elsewhere = circle.guild.create_text_channel("elsewhere")
    page = (await circle.facilitator.slash(elsewhere, "circle settings", time="07:45")).response

    saved = (await circle.facilitator.click(page.message, label="Save")).response

    assert "Saved." in seen(saved)
    (only,) = await circle.stage.bot.services.circles.everywhere()
    assert only.channel_id == circle.channel.id
    assert only.plan.zone == "Europe/Berlin"


@pytest.mark.parametrize(("name", "word"), [
    ("send_messages", "Create Posts"), ("send_messages_in_threads", "Send Messages in Threads"),
    ("manage_threads", "Manage Threads"), ("read_message_history", "Read Message History"),
])  # fmt: skip
async def test_what_the_bot_lacks_in_the_forum_is_named(stage: Stage, name: str, word: str) -> None:
    guild, lobby, fay = await server(stage)
    forum, me = create_forum(guild), stage.env.backend.bot_user.id
    deny(stage, forum, me, OverwriteType.MEMBER, **{name: True}, create_public_threads=True)

    refused = await fay.slash(lobby, "circle setup", place="Europe/Berlin", channel=forum)

    assert f"Please allow me, there: **{word}**." in seen(refused.response)
    deny(stage, forum, me, OverwriteType.MEMBER, create_public_threads=True)
    shown = await fay.slash(lobby, "circle setup", place="Europe/Berlin", channel=forum)
    assert "nothing is saved yet" in seen(shown.response)


async def test_a_forum_that_requires_a_tag_and_has_none_is_not_taken(stage: Stage) -> None:
    guild, lobby, fay = await server(stage)
    forum = create_forum(guild)
    stage.bot.get_channel(forum.id)._flags = 1 << 4

    refused = await fay.slash(lobby, "circle setup", place="Europe/Berlin", channel=forum)

    assert "requires a tag on every post and has none" in seen(refused.response)


async def test_nobody_starts_a_circle_in_a_channel_that_is_closed_to_them(stage: Stage) -> None:
    guild, lobby, fay = await server(stage)
    forum = create_forum(guild)
    page = (await fay.slash(lobby, "circle setup", place="Europe/Berlin", channel=forum)).response
    deny(stage, forum, fay.id, OverwriteType.MEMBER, view_channel=True)

    tried = await fay.click(page.message, label="Save")

    assert "you can't see it" in told_to(tried)
    assert await nothing_is_saved(stage)


async def test_a_forged_page_reaches_no_channel_of_another_server(circle: Circle) -> None:
    stage = circle.stage
    _guild, lobby, fay = await server(stage)
    page = (await fay.slash(lobby, "circle setup", place="Europe/Berlin")).response
    stored = stage.env.backend.get_message(page.message.channel.id, page.message.id)
    save = next(row for row in stored.components if row["type"] == 1 and row["components"][0]["type"] == 2)
    for channel_id in (circle.channel.id, 1, 2**63 - 1):
        forged = CIRCLE_SAVE_THERE("Europe/Berlin", "000f0", "-", "-", _base36(channel_id))
        save["components"][0]["custom_id"] = forged

        tried = await fay.click(page.message, custom_id=forged)

        assert "you can't see it" in told_to(tried)
    assert (await circle.info).plan.at_minute == 9 * 60


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits


# telling


async def test_a_story_is_a_post_of_its_own_with_the_ask_below(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    await tell(circle, ben, "Mine, openly.", named=True, ask="ideas")

    first, second = circle.channel.threads
    assert [first.name, second.name] == ["Story 1", "Story 2"]
    assert [SLIP in seen(message) for message in stories_in(circle)] == [True, False]
    assert "no advice unless asked" in seen(first.history()[0])
    assert "offered lightly" in seen(second.history()[0])
    assert "ben" in seen(stories_in(circle)[1])


async def test_nobody_but_the_bot_stands_on_a_post(circle: Circle) -> None:
    await tell(circle, circle.peers[0])

    sent = [one.json for one in circle.stage.env.http_requests if one.path.endswith("/threads")]
    assert len(sent) == 2  # the question and the story
    for message in circle.channel.history():
        assert message.author.id == circle.stage.bot.user.id
        assert message.interaction_metadata is None
    assert only_post(circle)._channel.owner_id == circle.stage.bot.user.id
    assert list(only_post(circle)._channel.thread_members) == [circle.stage.bot.user.id]


async def test_a_long_story_behind_a_content_note_goes_on_in_its_post(circle: Circle) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann, "*" * 1800, repair="*" * 800)
    note = custom_id(preview, "note")
    preview = (await ann.select(preview.message, ["Death and grief"], custom_id=note)).response
    await ann.click(preview.message, label="Post")

    (story,) = stories_in(circle)
    assert "Content note: Death and grief" in seen(story)
    below = [seen(message) for message in only_post(circle).history()]
    assert [text.startswith("||") for text in below] == [True, False]
    assert only_post(circle).name == "Story 1"


async def test_replies_updates_and_quiet_signs_work_in_a_post_that_fell_asleep(circle: Circle) -> None:
    stage, (ann, ben, cem) = circle.stage, circle.peers
    after = await tell(circle, ann)
    (story,) = stories_in(circle)
    metadata = only_post(circle)._channel.thread_metadata
    await stage.bot.services.moderation.lock(await only_story(stage), locked=True)
    await stage.pass_time(minutes=1)
    metadata.archived = True
    path = f"/channels/{story.channel.id}/messages/{story.id}"
    stage.env.inject_error("PATCH", path, status=400, code=50083)

    await ben.click(story, label="Thank you")
    await stage.pass_time(minutes=5)
    assert "Thank you · 1" in seen(stories_in(circle)[0])
    assert (metadata.archived, metadata.locked) == (False, True)
    refused = await cem.click(story, label="Reply without my name")
    assert "closed for replies" in told_to(refused)
    await stage.bot.services.moderation.lock(await only_story(stage), locked=False)
    await stage.pass_time(minutes=1)
    assert not metadata.locked

    await reply_unnamed(cem, story, "I hear you.")
    panel = (await ann.click(after.message, label="My story")).response
    opened = await ann.click(panel.message, label="Add how it went")
    shown = (await ann.submit_modal(opened, {"text": "It went well."})).response
    await ann.click(shown.message, label="Post")
    await stage.pass_time(minutes=5)

    said = "".join(seen(message) for message in only_post(circle).history())
    assert "I hear you." in said
    assert "It went well." in said
    assert "**Update:** It went well." in seen(stories_in(circle)[0])


async def only_story(stage: Stage) -> int:
    """The id of the only story that is there."""
    async with stage.database.read() as session:
        return (await session.execute(text("SELECT id FROM stories"))).scalar_one()


async def test_a_story_taken_back_goes_as_a_whole_with_all_that_was_said(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    after = await tell(circle, ann)
    await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    await stage.pass_time(minutes=5)

    await withdraw(ann, after)
    await stage.pass_time(minutes=5)

    assert circle.channel.threads == []
    assert len(circle.channel.posts) == 1  # the week's question
    assert await left_of(stage) == []


async def test_a_story_taken_back_before_it_appeared_makes_no_post(stage: Stage) -> None:
    circle = await make_circle(stage, delay=30, tags=())
    after = await tell(circle, circle.peers[0])

    await withdraw(circle.peers[0], after)
    await stage.pass_time(hours=1)

    assert circle.channel.threads == []
    assert sum(one.path.endswith("/threads") for one in stage.env.http_requests) == 1  # the question's
    assert await left_of(stage) == []


async def test_a_removed_story_is_gone_and_its_teller_sees_why(circle: Circle) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann)
    asked = (await circle.moderator.slash(circle.channel, "moderate remove", story=1)).response

    await circle.moderator.click(asked.message, label="Remove it")

    assert circle.channel.threads == []
    opened = await ann.slash(circle.channel, "story receipt")
    panel = (await ann.submit_modal(opened, {"code": code_in(after)})).response
    assert "removed by a moderator" in seen(panel)


async def test_a_post_deleted_by_hand_disturbs_nothing_and_can_still_be_taken_back(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    after = await tell(circle, ann)
    (story,) = stories_in(circle)
    await ben.click(story, label="Thank you")
    stage.env.backend.delete_channel(only_post(circle).id)
    await stage.pass_time(minutes=10)

    await withdraw(ann, after)
    await tell(circle, ben, "Another story.")
    await stage.pass_time(minutes=10)

    assert [post.name for post in circle.channel.threads] == ["Story 2"]


# once


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


# tags


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
