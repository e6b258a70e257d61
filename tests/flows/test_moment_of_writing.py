"""What people read before they post: when it appears, who can see what, and what can't be called back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Circle, Stage, make_circle, seen
from tests.flows.people import SLIP, ask_now, custom_id, reply_unnamed, stories_in, tell, told_to, write

ON_A_PHONE = 220
"""Characters of one small line: about four lines of a phone."""


def small_print(shown: Any) -> list[str]:
    """The quiet lines of a preview."""
    return [line.removeprefix("-# ") for line in seen(shown).splitlines() if line.startswith("-# ")]


WHEN = [
    (0, "it appears at once."),
    (30, "it appears within 30 minutes."),
    (720, "it appears within 12 hours."),
    ("b3", "it appears shuffled with others, by the next 19:15 at the latest."),
]


@pytest.mark.parametrize(("delay", "when"), WHEN)
async def test_the_form_says_that_a_preview_comes_first_and_when_the_story_appears(
    stage: Stage, delay: int | str, when: str
) -> None:
    circle = await make_circle(stage, delay=delay)
    prompt = await ask_now(circle)

    unnamed = await circle.peers[0].click(prompt, label="Share without my name")
    named = await circle.peers[0].click(prompt, label="Share with my name")

    assert "First a preview." in str(unnamed.modal)
    assert when in str(unnamed.modal)
    assert "it appears at once, with your name" in str(named.modal)


@pytest.mark.parametrize(("delay", "when"), [
    (0, "Appears at once, without your name."),
    (30, "Appears within 30 minutes, without your name."),
    ("b5", "Appears shuffled with others, by the next 19:15 at the latest, without your name."),
])  # fmt: skip
async def test_the_preview_says_it_all_in_a_few_short_lines(
    stage: Stage, delay: int | str, when: str
) -> None:
    circle = await make_circle(stage, delay=delay, size=6)

    preview = await write(circle, circle.peers[0])

    lines = small_print(preview)[1:-1]  # the first is the story's own, the last what no program sees
    assert when in lines[0]
    assert "take it back at any time" in lines[0]
    assert "For up to 28 days I can recognise you at it" in lines[1]
    assert "Discord and whoever runs this bot can see who presses" in lines[1]
    assert any("In a small circle" in line for line in lines)
    assert any("hour may tell" in line for line in lines) == (delay == 0)
    assert any("it appears alone" in line for line in lines) == (delay == "b5")
    assert len(lines) <= 4
    assert all(len(line) <= ON_A_PHONE for line in lines)


async def test_what_is_said_after_posting_is_what_was_read(stage: Stage) -> None:
    circle = await make_circle(stage, delay="b3")

    after = await tell(circle, circle.peers[0])

    assert "It appears shuffled with others, by the next 19:15 at the latest, without your name" in seen(
        after
    )
    assert "it appears alone" in seen(after)
    assert "writing there yourself shows your name" in seen(after)


async def test_a_preview_whose_promise_has_changed_is_shown_anew_and_posts_nothing(stage: Stage) -> None:
    circle = await make_circle(stage, delay=30)
    ann = circle.peers[0]
    preview = await write(circle, ann)
    page = (await circle.facilitator.slash(circle.channel, "circle settings")).response
    page = (
        await circle.facilitator.select(page.message, ["0"], custom_id=custom_id(page, "choose:w"))
    ).response
    await circle.facilitator.click(page.message, label="Save")

    again = (await ann.click(preview.message, label="Post")).response
    await stage.pass_time(hours=2)

    assert stories_in(circle) == []
    assert "can't keep any more what this preview said" in seen(again)
    assert SLIP in seen(again)
    assert "Appears at once" in seen(again)
    after = (await ann.click(again.message, label="Post")).response
    assert "It appears in a moment, without your name" in seen(after)
    assert len(stories_in(circle)) == 1


async def test_replies_and_updates_say_when_who_sees_it_and_that_the_thread_shows_names(stage: Stage) -> None:
    circle = await make_circle(stage, delay=30, size=6)
    ann, ben, _ = circle.peers
    after = await tell(circle, ann)
    await stage.pass_time(minutes=31)
    (story,) = stories_in(circle)

    opened = await ben.click(story, label="Reply without my name")
    assert "it appears within 3 minutes" in str(opened.modal)
    reply = (await ben.submit_modal(opened, {"text": "I hear you."})).response
    of_reply = small_print(reply)[1:-1]  # the first is what the teller asks for
    replied = (await ben.click(reply.message, label="Post")).response
    panel = (await ann.click(after.message, label="My story")).response
    opened = await ann.click(panel.message, label="Add how it went")
    assert "it appears within 30 minutes" in str(opened.modal)
    update = (await ann.submit_modal(opened, {"text": "It went well."})).response
    of_update = small_print(update)[:-1]
    added = (await ann.click(update.message, label="Post")).response

    for lines, when in ((of_reply, "Appears within 3 minutes"), (of_update, "Appears within 30 minutes")):
        assert when in lines[0]
        assert "Discord and whoever runs this bot can see who presses" in lines[1]
        assert "In a small circle" in lines[2]
        assert len(lines) == 3
        assert all(len(line) <= ON_A_PHONE for line in lines)
    assert "For up to 28 days" in of_reply[1]
    for shown in (replied, added):
        assert "writing in the thread yourself shows your name" in seen(shown)


async def test_a_small_circle_is_mentioned_once_in_threads_and_never_where_a_name_stands(
    stage: Stage,
) -> None:
    circle = await make_circle(stage, size=6)
    ann, ben, _ = circle.peers
    await tell(circle, ann, named=True)
    (story,) = stories_in(circle)
    previews = list[Any]()
    for _ in range(2):
        opened = await ben.click(story, label="Reply without my name")
        previews.append((await ben.submit_modal(opened, {"text": "I hear you."})).response)
    panel = (await ann.click(story, label="This is mine")).response
    opened = await ann.click(panel.message, label="Add how it went")
    update = (await ann.submit_modal(opened, {"text": "It went well."})).response

    assert ["In a small circle" in seen(one) for one in previews] == [True, False]
    assert "In a small circle" not in seen(update)
    assert "Appears at once" in seen(update)


async def test_before_something_is_withdrawn_it_is_said_what_can_not_be_called_back(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    after = await tell(circle, ann)
    reply = await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    panel = (await ann.click(after.message, label="My story")).response

    story = await ann.click(panel.message, label="Withdraw the story")
    replied = await ben.click(reply.message, label="Take it back")

    for question in (story, replied):
        assert "Notifications, and copies that people or other bots have made" in told_to(question)
        assert "can't be called back" in told_to(question)


async def test_of_what_nobody_has_seen_nothing_has_to_be_called_back(stage: Stage) -> None:
    circle = await make_circle(stage, delay=30)
    after = await tell(circle, circle.peers[0])

    question = await circle.peers[0].click(after.message, label="Take it back")

    assert "Nobody has seen it yet" in told_to(question)
    assert "called back" not in told_to(question)
