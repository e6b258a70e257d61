"""How often one person may do something: refused kindly, without a loss of words, and nobody else slowed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.gate import Gate
from bot.rules.limits import CODES_TO_DM, DRAFTS, REPLIES, SIGNS, STORIES, WRONG_CODES, Limits
from bot.rules.receipts import new_receipt, shown
from tests.conftest import Circle, Stage, seen
from tests.flows.people import (
    SLIP,
    ask_now,
    code_in,
    press_at_once,
    reply_unnamed,
    stories_in,
    tell,
    told_to,
    write,
)


@pytest.fixture
def slept(circle: Circle) -> list[float]:
    """How many seconds somebody had to wait, each time; nobody waits in truth."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    circle.stage.bot.gate = Gate(Limits(bytes(32)), circle.stage.bot.now, sleep)
    return waits


def fill(circle: Circle, limit: Any, person: Any, times: int, scope: int = 0) -> None:
    """Somebody has done it so often already."""
    for _ in range(times):
        circle.stage.bot.gate.count(limit, person.id, scope)


async def circle_id(circle: Circle) -> int:
    """The circle's id."""
    return (await circle.stage.bot.services.circles.at(circle.channel.id)).id


async def test_the_sixth_story_of_a_day_waits_in_its_preview_until_there_is_room(
    circle: Circle, slept: list[float]
) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    preview = await write(circle, ann)
    fill(circle, STORIES, ann, 5, await circle_id(circle))

    refused = await ann.click(preview.message, label="Post")

    assert "You have told several stories here today" in told_to(refused)
    assert "<t:" in told_to(refused)
    assert stories_in(circle) == []
    assert code_in(await tell(circle, ben, "Somebody else's."))
    await stage.later(hours=25)
    assert code_in((await ann.click(preview.message, label="Post")).response)


async def test_whoever_has_no_room_left_is_told_before_they_write(circle: Circle, slept: list[float]) -> None:
    prompt = await ask_now(circle)
    fill(circle, STORIES, circle.peers[0], 5, await circle_id(circle))

    refused = await circle.peers[0].click(prompt, label="Share without my name")

    assert refused.modal is None
    assert "several stories here today" in told_to(refused)


async def test_a_story_posted_twice_counts_once_and_shows_its_code_also_at_the_limit(
    circle: Circle, slept: list[float]
) -> None:
    ann = circle.peers[0]
    fill(circle, STORIES, ann, 4, await circle_id(circle))
    preview = await write(circle, ann)

    first, second = await press_at_once(preview.message, (ann, "Post"), (ann, "Post"))

    assert code_in(first.response) == code_in(second.response)
    assert len(stories_in(circle)) == 1
    assert slept == [10]


async def test_typed_words_come_back_from_a_form_that_is_one_too_many(
    circle: Circle, slept: list[float]
) -> None:
    ann = circle.peers[0]
    opened = await ann.click(await ask_now(circle), label="Share without my name")
    fill(circle, DRAFTS, ann, DRAFTS.most)

    refused = await ann.submit_modal(
        opened, {"slip": SLIP, "effect": "", "repair": "", "lesson": "", "ask": "listen"}
    )

    assert "You have sent many forms within the hour" in told_to(refused)
    assert SLIP in told_to(refused)


async def test_a_reply_too_many_stays_in_its_preview(circle: Circle, slept: list[float]) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)
    opened = await ben.click(story, label="Reply without my name")
    preview = (await ben.submit_modal(opened, {"text": "I hear you."})).response
    fill(circle, REPLIES, ben, REPLIES.most)

    refused = await ben.click(preview.message, label="Post")

    assert "You have replied many times" in told_to(refused)
    assert "under the name" in seen(await reply_unnamed(cem, story, "And I."))
    await circle.stage.later(hours=2)
    assert "under the name" in seen((await ben.click(preview.message, label="Post")).response)


async def test_signs_slow_down_and_then_rest(circle: Circle, slept: list[float]) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)
    for _ in range(4):
        assert "Counted" in told_to(await ben.click(story, label="Thank you"))
        assert "ack" in told_to(await ben.click(story, label="Thank you"))  # taken back
    assert slept == []
    fill(circle, SIGNS, ben, SIGNS.most - 9)

    last = await ben.click(story, label="Thank you")
    refused = await ben.click(story, label="I learned")

    assert "Counted" in told_to(last)
    assert slept == [10]
    assert "You have given many signs" in told_to(refused)


async def with_code(person: Any, channel: Any, code: str) -> str:
    """Somebody types a code; what they are told."""
    return told_to(await person.submit_modal(await person.slash(channel, "story receipt"), {"code": code}))


async def test_only_wrong_codes_count_and_buttons_that_bear_theirs_are_never_asked(
    circle: Circle, slept: list[float]
) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann)
    for _ in range(WRONG_CODES.most + 1):
        assert "Your story 1" in await with_code(ann, circle.channel, code_in(after))
    for _ in range(WRONG_CODES.most):
        assert "I know nothing with this code" in await with_code(ann, circle.channel, shown(new_receipt()))

    refused = await with_code(ann, circle.channel, code_in(after))

    assert "Several codes didn't fit" in refused
    assert code_in(after) in refused.replace("\\", "")
    assert slept == sorted(slept)
    assert slept[-1] == 10
    assert "Your story 1" in told_to(await ann.click(after.message, label="My story"))
    await circle.stage.later(minutes=20)
    assert "Your story 1" in await with_code(ann, circle.channel, code_in(after))


async def test_what_is_no_code_at_all_is_no_guess(circle: Circle, slept: list[float]) -> None:
    for _ in range(WRONG_CODES.most + 1):
        assert "five groups of four" in await with_code(circle.peers[0], circle.channel, "hello")


async def test_codes_are_sent_to_private_messages_only_so_often(circle: Circle, slept: list[float]) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann)
    fill(circle, CODES_TO_DM, ann, CODES_TO_DM.most)
    warned = (await ann.click(after.message, label="Send the code to my DMs")).response

    refused = await ann.click(warned.message, label="Send it")

    assert "look into your private messages" in told_to(refused)
    assert code_in(after)


async def test_a_restart_forgives_everything(circle: Circle, stage: Stage, slept: list[float]) -> None:
    fill(circle, STORIES, circle.peers[0], 5, await circle_id(circle))

    await stage.restart()

    assert code_in(await tell(circle, circle.peers[0]))
