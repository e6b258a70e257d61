"""What others can see of somebody unnamed: nothing, in any answer, message, thread or log line."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Circle, Stage, make_circle
from tests.flows.people import ask_now, custom_id, reply_unnamed, stories_in, tell, write
from tests.flows.test_notes import menu

EPHEMERAL = 64
NEW_ANSWERS = {4, 5}
"""Discord's types of answers that make a new message: at once, or announced."""


async def everything_unnamed(circle: Circle) -> None:
    """All that people can do without a name, also what is refused."""
    stage, (ann, ben, cem) = circle.stage, circle.peers
    preview = await write(circle, ann, "*" * 1800, repair="*" * 800, lesson="Breathe.")
    note = custom_id(preview, "note")
    page = (await ann.select(preview.message, ["Death and grief"], custom_id=note)).response
    page = (await ann.click(page.message, label="Quote my lesson: no")).response
    await ann.click(page.message, label="More about privacy…")
    after = (await ann.click(page.message, label="Post")).response
    await stage.pass_time(hours=1)
    (story,) = stories_in(circle)
    await ben.click(story, label="Thank you")
    reply = await reply_unnamed(ben, story, "I hear you.")
    await ben.click(reply.message, label="Send the code to my DMs")
    await cem.click(story, label="This is mine")
    opened = await menu(circle, cem, story)
    draft = (await cem.submit_modal(opened, {"text": "That took courage."})).response
    sent = (await cem.click(draft.message, label="Send")).response
    await cem.click(sent.message, label="My note")
    await stage.pass_time(minutes=4)
    panel = (await ann.click(story, label="This is mine")).response
    page = (await ann.click(panel.message, label="Private notes")).response
    opened = await ann.click(page.message, label="Answer")
    draft = (await ann.submit_modal(opened, {"text": "Thank you."})).response
    page = (await ann.click(draft.message, label="Send")).response
    page = (await ann.click(page.message, label="Private notes")).response
    await ann.click(page.message, label="No more notes")
    panel = (await ann.click(story, label="This is mine")).response
    answering = await ann.click(panel.message, label="Answer in the thread")
    draft = (await ann.submit_modal(answering, {"text": "Thank you."})).response
    await ann.click(draft.message, label="Post")
    panel = (await ann.click(story, label="This is mine")).response
    panel = (await ann.click(panel.message, label="Close replies")).response
    await ann.click(panel.message, label="Open replies again")
    listed = (await ben.slash(circle.channel, "story mine")).response
    mine = (await ben.click(listed.message, label="Look")).response
    await ben.click(mine.message, label="Withdraw the reply")
    opened = await ann.slash(circle.channel, "story receipt")
    await ann.submit_modal(opened, {"code": "not a code"})
    opened = await ann.slash(circle.channel, "share")
    empty = {"slip": " ", "effect": "", "repair": "", "lesson": "", "ask": "listen"}
    await ann.submit_modal(opened, empty)
    await stage.pass_time(minutes=10)
    question = (await ann.click(after.message, label="Take it back")).response
    await ann.click(question.message, label="Yes, take it back")
    await stage.pass_time(minutes=10)


@pytest.mark.parametrize("tags", [None, ()], ids=["text", "forum"])
async def test_every_answer_is_private_and_what_is_public_comes_from_the_bot_alone(
    stage: Stage, tags: tuple[str, ...] | None
) -> None:
    circle = await make_circle(stage, delay=30, tags=tags)
    await ask_now(circle)
    before = len(stage.env.http_requests)

    await everything_unnamed(circle)

    made = stage.env.http_requests[before:]
    assert len(made) > 30
    for one in made:
        assert one.reason is None
        assert "thread-members" not in one.path
        body: Any = one.json or {}
        if one.path.endswith("/callback") and body["type"] in NEW_ANSWERS:
            assert body["data"]["flags"] & EPHEMERAL
        if one.method == "POST" and one.path.startswith("/webhooks/"):
            assert body["flags"] & EPHEMERAL
    names = {thread["name"] for thread in (one.json for one in made) if thread and "name" in thread}
    assert names == {"Story 1"}
    public = [one for one in made if one.method == "POST" and one.path.endswith("/messages")]
    in_posts = sum(one.path == f"/channels/{circle.channel.id}/threads" for one in made)
    assert in_posts == (tags is not None)  # the story, where it is a post of its own
    assert len(public) == 5 - in_posts  # the story, two of its thread's messages, a reply and an answer
    for one in public:
        assert len(one.json["nonce"]) == 22
        assert "message_reference" not in one.json


class Everything(logging.Handler):
    """Keeps every record, of whatever level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.records.append(record)


@pytest.fixture
def our_log() -> Iterator[Everything]:
    """What our own loggers write at DEBUG; libraries are never asked for that (the command line's tests)."""
    kept = Everything()
    ours = [logging.getLogger(name) for name in ("bot", "cogs", "db")]
    levels = [one.level for one in ours]
    for one in ours:
        one.setLevel(logging.DEBUG)
        one.addHandler(kept)
    yield kept
    for one, level in zip(ours, levels, strict=True):
        one.setLevel(level)
        one.removeHandler(kept)


async def test_nothing_at_all_is_logged_while_somebody_tells(stage: Stage, our_log: Everything) -> None:
    circle = await make_circle(stage, delay=30)
    await ask_now(circle)
    our_log.records.clear()

    await tell(circle, circle.peers[0])
    await reply_unnamed_soon(circle)

    assert our_log.records == []


async def reply_unnamed_soon(circle: Circle) -> None:
    """A reply is accepted, and isn't shown yet."""
    await circle.stage.pass_time(minutes=31)
    await reply_unnamed(circle.peers[1], stories_in(circle)[0], "I hear you.")
