"""Somebody deletes in Discord what the bot has posted: answers stay kind, and taking back still works."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Circle, ErrorCollector, Stage, make_circle, seen
from tests.flows.people import code_in, reply_unnamed, stories_in, tell, told_to
from tests.flows.test_crashes_around_stories import left_of, withdraw


async def add_update(person: Any, after: Any, text: str) -> Any:
    """*My story* → *Add how it went* → *Post*."""
    panel = (await person.click(after.message, label="My story")).response
    opened = await person.click(panel.message, label="Add how it went")
    preview = (await person.submit_modal(opened, {"text": text})).response
    return await person.click(preview.message, label="Post")


async def test_a_message_deleted_by_hand_leaves_the_thread_and_can_still_be_withdrawn(
    circle: Circle,
) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    after = await tell(circle, ann)
    (story,), (thread,) = stories_in(circle), circle.channel.threads
    await ben.click(story, label="Thank you")
    stage.env.backend.delete_message(circle.channel.id, story.id)

    updated = await add_update(ann, after, "It went well.")
    await reply_unnamed(ben, thread.history()[0], "I am glad.")
    await stage.pass_time(minutes=5)
    assert "Thank you" in told_to(updated)
    said = "".join(seen(message) for message in thread.history())
    assert "It went well." in said
    assert "I am glad." in said
    await withdraw(ann, after)
    await stage.pass_time(minutes=5)

    assert circle.channel.threads == []
    assert await left_of(stage) == []


async def test_what_has_no_thread_any_more_fails_alone_and_can_be_taken_back(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    after = await tell(circle, ann)
    (story,), (thread,) = stories_in(circle), circle.channel.threads
    stage.env.backend.delete_channel(thread.id)

    reply = await reply_unnamed(ben, story, "Nobody will read this.")
    await add_update(ann, after, "It went well.")
    await stage.pass_time(minutes=10)

    assert code_in(reply)
    status = await circle.facilitator.slash(circle.channel, "circle status")
    assert "Messages that Discord refused: 2." in told_to(status)
    question = (await ben.click(reply.message, label="Take it back")).response
    taken = await ben.click(question.message, label="Yes, take it back")
    assert "taken back" in told_to(taken)
    await withdraw(ann, after)
    await stage.pass_time(minutes=5)
    assert stories_in(circle) == []
    assert await left_of(stage) == []


async def test_a_story_deleted_before_its_thread_was_opened_fails_alone(circle: Circle) -> None:
    stage, ann = circle.stage, circle.peers[0]
    stage.env.inject_error("POST", "/channels/*/messages/*/threads", status=503)
    after = await tell(circle, ann)
    (story,) = stories_in(circle)
    stage.env.backend.delete_message(circle.channel.id, story.id)

    await stage.pass_time(minutes=5)
    await tell(circle, circle.peers[1], "Another story.")

    assert len(stories_in(circle)) == len(circle.channel.threads) == 1
    await withdraw(ann, after)
    assert len(stories_in(circle)) == 1


@pytest.mark.parametrize("published", [True, False])
async def test_a_story_whose_channel_was_deleted_can_be_taken_back(
    stage: Stage, logged_errors: ErrorCollector, published: bool
) -> None:
    slow = await make_circle(stage, delay=30)
    ann = slow.peers[0]
    code = code_in(await tell(slow, ann))
    if published:
        await stage.pass_time(minutes=31)
    elsewhere = slow.guild.create_text_channel("elsewhere")
    for thread in slow.channel.threads:  # Discord takes them along
        stage.env.backend.delete_channel(thread.id)
    stage.env.backend.delete_channel(slow.channel.id)
    await stage.env.settle()
    await stage.pass_time(minutes=40)

    opened = await ann.slash(elsewhere, "story receipt")
    panel = (await ann.submit_modal(opened, {"code": code})).response
    question = (await ann.click(panel.message, label="Withdraw the story")).response
    done = await ann.click(question.message, label="Yes, take it back")
    await stage.pass_time(minutes=20)

    assert "taken back" in told_to(done)
    assert await left_of(stage) == []
