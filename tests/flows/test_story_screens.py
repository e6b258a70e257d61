"""What people see of a story: literal, whole, within Discord's limits, with the words that were agreed."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rules.stories import LIMITS
from bot.rules.text import escape
from tests.conftest import Circle, Stage, make_circle, seen, walk
from tests.flows.people import (
    ask_now,
    custom_id,
    reply_unnamed,
    stories_in,
    tell,
    told_to,
    write,
)

HOSTILE = {
    "pings": "@everyone @here <@1234567890123456789> <@&123456789012345678> <#123456789012345678>",
    "masked link": "[our site](https://evil.example) <https://evil.example>",
    "spoilers": "||hidden|| |||| and one open ||",
    "code fences": "```py\nprint(1)\n``` and ` one",
    "headings and lists": "# big\n## smaller\n-# small\n> quoted\n>>> all quoted\n- one\n* two\n1. three",
    "emphasis": "**bold** __under__ ~~struck~~ _it_ ***all***",
    "timestamps, commands and emoji": "<t:1:R> </share:123456789012345678> <:a:123456789012345678> <id:home>",
    "components": '{"type": 2, "custom_id": "stories:v1:withdraw-sure:1:-"} ] } \\" \\\\',
    "receipt-like": "Receipt: `AAAA-BBBB-CCCC-DDDD-EEEE`",
}
DIRECTIONS = "left \u202eright\u202c \u2067isolated\u2069 zero\u200bwidth \U000e0041tag"


async def test_whatever_is_typed_is_shown_literally_and_pings_nobody(circle: Circle) -> None:
    ann, text = circle.peers[0], "\n\n".join(HOSTILE.values())

    await tell(circle, ann, text, lesson=HOSTILE["spoilers"])
    (story,) = stories_in(circle)
    await reply_unnamed(circle.peers[1], story, text)
    await circle.stage.pass_time(minutes=4)

    (thread,) = circle.channel.threads
    for message in (story, thread.last_message):
        assert escape(text) in seen(message)
        assert "@everyone" not in seen(message).replace("\\@", "")
    sent = [one.json for one in circle.stage.env.http_requests if one.path.endswith("/messages") and one.json]
    assert all(one["allowed_mentions"] == {"parse": []} for one in sent)


async def test_marks_that_hide_or_turn_text_are_left_out(circle: Circle) -> None:
    preview = await write(circle, circle.peers[0], DIRECTIONS)

    assert "left right isolated zerowidth tag" in seen(preview)


@pytest.mark.parametrize("sign", ["슬", "👩‍👩‍👧", "*", "é"])
async def test_the_longest_story_in_any_script_is_told_whole_and_can_be_read_before(
    circle: Circle, sign: str
) -> None:
    ann = circle.peers[0]
    full = {name: (sign * limit)[: limit // len(sign) * len(sign)] for name, limit in LIMITS.items()}
    opened = await ann.click(await ask_now(circle), label="Share with my name")
    answered = await ann.submit_modal(opened, full | {"ask": "questions"})
    assert told_to(answered).count(escape(sign)) == sum(text.count(sign) for text in full.values())

    await ann.click(answered.response.message, label="Post")

    (story,) = stories_in(circle)
    (thread,) = circle.channel.threads
    shown = seen(story) + "".join(seen(message) for message in thread.history())
    assert shown.count(escape(sign)) == sum(text.count(sign) for text in full.values())
    assert all(len(bytes_of_text(one)) <= 10_100 for one in (story, *thread.history()))


async def test_the_fullest_preview_fits_a_message_with_every_control(stage: Stage) -> None:
    small = await make_circle(stage, delay=30, size=6)
    ann = small.peers[0]
    full = {name: "|" * limit for name, limit in LIMITS.items()}
    opened = await ann.click(await ask_now(small), label="Share without my name")
    page = (await ann.submit_modal(opened, full | {"ask": "questions"})).response
    page = (
        await ann.select(page.message, ["Racism or discrimination"], custom_id=custom_id(page, "note"))
    ).response
    page = (await ann.click(page.message, label="Quote my lesson: no")).response

    labels = [item["label"] for item in walk(page.components) if item["type"] == 2]
    assert labels == ["Post", "Edit", "Use my name", "Quote my lesson: yes", "Discard", "More about privacy…"]
    assert "small circle" in seen(page)  # the limits themselves are looked at for every request
    assert len(bytes_of_text(page)) <= 10_100


async def test_the_promise_stands_at_the_moment_of_writing(stage: Stage) -> None:
    slow = await make_circle(stage, delay=30)

    preview = await write(slow, slow.peers[0])

    assert "Appears within 30 minutes, without your name" in seen(preview)
    assert "Discord and whoever runs this bot can see who presses" in seen(preview)
    (promise,) = [text for text in seen(preview).splitlines() if "Appears within" in text]
    assert len(promise.removeprefix("-# ")) <= 200
    more = await slow.peers[0].click(preview.message, label="More about privacy…")
    assert "The privacy facts" in told_to(more)


async def test_the_note_about_small_circles_is_said_once_a_person_and_stays_with_its_draft(
    stage: Stage,
) -> None:
    small = await make_circle(stage, size=6)
    ann, ben, _ = small.peers
    first = await write(small, ann)
    assert "In a small circle" in seen(first)
    changed = (await ann.click(first.message, label="Use my name")).response
    assert "In a small circle" not in seen(changed)
    changed = (await ann.click(changed.message, label="Without my name")).response
    assert "In a small circle" in seen(changed)

    second = await write(small, ann)
    themed = (await ann.select(second.message, ["none"], custom_id=custom_id(second, "theme"))).response

    assert "In a small circle" not in seen(second) + seen(themed)
    assert "In a small circle" in seen(await write(small, ben))


async def test_who_turns_to_being_unnamed_only_in_the_preview_is_told_too(stage: Stage) -> None:
    small = await make_circle(stage, size=6)
    preview = await write(small, small.peers[0], named=True)
    assert "In a small circle" not in seen(preview)

    changed = await small.peers[0].click(preview.message, label="Without my name")

    assert "In a small circle" in told_to(changed)


async def test_a_named_story_bears_the_name_and_needs_no_code(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    preview = await write(circle, ann, named=True)
    assert "· ann" in seen(preview)
    assert "Everybody in this channel will see that it is yours" in seen(preview)

    after = (await ann.click(preview.message, label="Post")).response

    (story,) = stories_in(circle)
    assert "· ann" in seen(story)
    assert "code" not in seen(after).lower()
    assert "This is mine" in seen(after)
    panel = await ann.click(story, label="This is mine")
    assert "Your story 1" in told_to(panel)
    assert "Answer in the thread" not in told_to(panel)  # they simply write there
    others = await ben.click(story, label="This is mine")
    assert others.modal is not None


async def test_the_ask_stands_where_others_answer(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann, ask="ideas")
    (story,) = stories_in(circle)
    (thread,) = circle.channel.threads

    opened = await ben.click(thread.history()[0], label="Reply without my name")

    assert "Ideas are welcome" in seen(story)
    assert "*Ideas* are welcome here" in seen(thread.history()[0])
    assert "welcomes ideas" in str(opened.modal)


async def test_a_content_note_covers_the_text_and_what_continues(circle: Circle) -> None:
    ann = circle.peers[0]
    opened = await ann.click(await ask_now(circle), label="Share without my name")
    full = {name: "*" * limit for name, limit in LIMITS.items()} | {"ask": "listen"}
    page = (await ann.submit_modal(opened, full)).response
    page = (await ann.select(page.message, ["Death and grief"], custom_id=custom_id(page, "note"))).response
    await ann.click(page.message, label="Post")

    (story,) = stories_in(circle)
    (thread,) = circle.channel.threads
    for message in (story, thread.history()[0]):
        (text,) = [one for one in blocks(message.components) if "\\*" in one]
        assert text.startswith("||")
        assert text.endswith("||")


def blocks(components: Any) -> list[str]:
    """Each block of text of a message."""
    found: list[str] = []
    for item in components:
        found += [item.content] if getattr(item, "content", None) else []
        found += blocks(getattr(item, "children", []))
    return found


def bytes_of_text(message: Any) -> bytes:
    """All text of a message as it is sent."""
    return seen(message).encode()
