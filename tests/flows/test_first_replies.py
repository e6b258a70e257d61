"""A story to which nobody replies is brought to those on duty, once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import IN_BOTH, Circle, seen
from tests.flows.duty import choose, link_in, moderators_channel, told
from tests.flows.people import SLIP, lock, reply_unnamed, stories_in, tell


async def days(circle: Circle, count: int) -> None:
    """Days pass, with the bot awake: a few ticks a day."""
    for _ in range(count):
        await circle.stage.pass_time(days=1)
        for _again in range(4):
            await circle.stage.tick()


@IN_BOTH
async def test_a_story_without_a_reply_is_brought_up_once_with_the_way_to_it(circle: Circle) -> None:
    duty = await moderators_channel(circle)
    await tell(circle, circle.peers[0])

    await days(circle, 2)
    assert told(duty) == []
    await days(circle, 3)

    (word,) = told(duty)
    assert "Story 1 has no reply yet" in word
    assert SLIP not in word
    thread = circle.channel.threads[0]
    assert link_in(duty.last_message) == f"https://discord.com/channels/{circle.guild.id}/{thread.id}"
    await circle.stage.restart()
    await days(circle, 5)
    assert len(told(duty)) == 1


@pytest.mark.parametrize("ask", ["listen", "questions", "ideas"])
async def test_whatever_its_teller_wants_back(circle: Circle, ask: str) -> None:
    duty = await moderators_channel(circle, first_reply_days=1)
    await tell(circle, circle.peers[0], ask=ask)
    await days(circle, 3)

    assert len(told(duty)) == 1


async def written_in(circle: Circle, person: Any) -> None:
    (thread,) = circle.channel.threads
    await person.send(thread, "With my name: I know this.")


@pytest.mark.parametrize("how", ["unnamed", "by name", "answer"])
async def test_one_with_a_reply_isnt(circle: Circle, how: str) -> None:
    ann, ben, _ = circle.peers
    duty = await moderators_channel(circle)
    after = await tell(circle, ann)
    if how == "unnamed":
        await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    elif how == "by name":
        await written_in(circle, ben)
    else:
        panel = (await ann.click(after.message, label="My story")).response
        opened = await ann.click(panel.message, label="Answer in the thread")
        shown = (await ann.submit_modal(opened, {"text": "Thank you for reading."})).response
        await ann.click(shown.message, label="Post")
    await days(circle, 6)

    assert told(duty) == []
    status = await circle.facilitator.slash(circle.channel, "circle status")
    assert "no reply yet" not in seen(status.response)


async def test_what_a_named_teller_writes_below_their_own_story_is_no_reply(circle: Circle) -> None:
    ann = circle.peers[0]
    duty = await moderators_channel(circle)
    await tell(circle, ann, named=True)
    await written_in(circle, ann)
    await days(circle, 5)

    assert len(told(duty)) == 1


async def test_a_closed_thread_waits_for_nobody_until_it_is_open_again(circle: Circle) -> None:
    duty = await moderators_channel(circle)
    await tell(circle, circle.peers[0])
    await lock(circle, 1)
    await days(circle, 5)
    assert told(duty) == []

    await circle.moderator.slash(circle.channel, "moderate unlock", story=1)
    await days(circle, 2)
    assert len(told(duty)) == 1


async def test_a_paused_circle_waits(circle: Circle) -> None:
    duty = await moderators_channel(circle)
    await tell(circle, circle.peers[0])
    await circle.facilitator.slash(circle.channel, "circle pause")
    await days(circle, 5)
    assert told(duty) == []

    await circle.facilitator.slash(circle.channel, "circle resume")
    await days(circle, 2)
    assert len(told(duty)) == 1


async def test_a_reply_before_anybody_has_read_it_settles_it(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await choose(circle, first_reply_days=1)
    await tell(circle, ann)
    await days(circle, 3)
    await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    await circle.stage.pass_time(minutes=5)

    status = await circle.facilitator.slash(circle.channel, "circle status")
    assert "no reply yet" not in seen(status.response)


async def test_a_thread_that_somebody_deleted_is_no_question(circle: Circle) -> None:
    duty = await moderators_channel(circle)
    await tell(circle, circle.peers[0])
    (thread,) = circle.channel.threads
    circle.stage.env.backend.delete_channel(thread.id)
    await days(circle, 5)

    assert told(duty) == []


async def test_while_discord_does_not_answer_it_is_asked_again_another_day(circle: Circle) -> None:
    duty = await moderators_channel(circle)
    await tell(circle, circle.peers[0])
    (thread,) = circle.channel.threads
    circle.stage.env.inject_error("GET", f"/channels/{thread.id}/messages", status=403, code=50001)
    await days(circle, 4)
    await days(circle, 2)

    assert len(told(duty)) == 1
