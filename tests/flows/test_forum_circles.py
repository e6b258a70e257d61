"""A circle in a forum: each story is a post of its own, with all that belongs to it, and goes as a whole."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.conftest import Circle, Stage, make_circle, seen
from tests.flows.people import (
    SLIP,
    code_in,
    custom_id,
    reply_unnamed,
    stories_in,
    tell,
    told_to,
    write,
)
from tests.flows.test_crashes_around_stories import left_of, withdraw
from tests.forums import only_post


@pytest.fixture
async def circle(stage: Stage) -> Circle:
    """A circle in a forum, whose stories appear at once."""
    return await make_circle(stage, tags=("Silence", "Stories"))


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


async def test_an_update_wakes_a_closed_post_that_fell_asleep(circle: Circle) -> None:
    stage, ann = circle.stage, circle.peers[0]
    after = await tell(circle, ann)
    await stage.bot.services.moderation.lock(await only_story(stage), locked=True)
    await stage.pass_time(minutes=1)
    metadata = only_post(circle)._channel.thread_metadata
    metadata.archived = True
    panel = (await ann.click(after.message, label="My story")).response
    opened = await ann.click(panel.message, label="Add how it went")
    shown = (await ann.submit_modal(opened, {"text": "It went well."})).response
    path = f"/channels/{only_post(circle).id}/messages"
    stage.env.inject_error("POST", path, status=400, code=50083)

    await ann.click(shown.message, label="Post")
    await stage.pass_time(minutes=5)

    assert sum("It went well." in seen(message) for message in only_post(circle).history()) == 1
    assert (metadata.archived, metadata.locked) == (False, True)


async def test_a_story_taken_back_goes_as_a_whole_with_all_that_was_said(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    after = await tell(circle, ann)
    await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    await stage.pass_time(minutes=5)

    await withdraw(ann, after)
    await stage.pass_time(minutes=5)

    assert circle.channel.threads == []
    assert len(circle.channel.posts) == 1  # the week's question
    assert not any(f"/{circle.channel.id}/messages" in one.path for one in stage.env.http_requests)
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
    await circle.stage.pass_time(minutes=11)

    assert circle.channel.threads == []
    opened = await ann.slash(circle.channel, "story receipt")
    panel = (await ann.submit_modal(opened, {"code": code_in(after)})).response
    assert "removed by a moderator" in seen(panel)


async def test_a_post_whose_first_message_was_deleted_by_hand_goes_too(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    after = await tell(circle, ann)
    (story,) = stories_in(circle)
    await ben.click(story, label="Thank you")
    stage.env.backend.delete_message(story.channel.id, story.id)
    await stage.pass_time(minutes=10)

    await withdraw(ann, after)
    await stage.pass_time(minutes=5)

    assert circle.channel.threads == []
    assert await left_of(stage) == []


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


async def only_story(stage: Stage) -> int:
    """The id of the only story that is there."""
    async with stage.database.read() as session:
        return (await session.execute(text("SELECT id FROM stories"))).scalar_one()
