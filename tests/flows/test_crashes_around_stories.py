"""The process dies, or Discord fails, between any two steps of a story: nothing twice, nothing lost, and
nothing that was taken back stays."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from bot.delivery import discord_side
from tests.conftest import IN_BOTH, POSTGRESQL, SQLITE, Circle, ErrorCollector, Stage, seen
from tests.flows.people import ask_now, code_in, custom_id, reply_unnamed, stories_in, tell, told_to
from tests.forums import ForumHandle

pytestmark = IN_BOTH
KINDS = ("story", "thread", "opening", "update", "reply")
CRASHES = [
    *((SQLITE, kind, sent) for kind in KINDS for sent in (False, True)),
    *((POSTGRESQL, kind, True) for kind in ("story", "reply")),
]
"""The engine, what is on its way, and whether it was sent when the process dies."""


def die_at(stage: Stage, kind: str, *, sent: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies at the next delivery of a kind: before it is sent, or before that is recorded.

    What it did then is cut off in the middle; ``stage.restart()`` is the next process.
    """

    async def dies(*_: Any) -> Any:
        raise asyncio.CancelledError

    renderer = stage.bot.deliverer._renderers[kind]  # the place where a crash is told apart
    monkeypatch.setattr(renderer, "record" if sent else "prepare", dies)


async def everything_said(circle: Circle) -> list[str]:
    """The texts of a story's message and of all messages in its thread."""
    threads = [message for thread in circle.channel.threads for message in thread.history()]
    return [seen(message) for message in (*stories_in(circle), *threads)]


@pytest.mark.parametrize(("engine", "kind", "sent"), CRASHES)
async def test_a_crash_at_any_step_doubles_and_loses_nothing(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, kind: str, sent: bool
) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    if kind in {"story", "thread", "opening"}:
        die_at(stage, kind, sent=sent, monkeypatch=monkeypatch)
    after = await tell(circle, ann)
    if kind in {"update", "reply"}:
        die_at(stage, kind, sent=sent, monkeypatch=monkeypatch)
        await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
        panel = (await ann.click(after.message, label="My story")).response
        opened = await ann.click(panel.message, label="Add how it went")
        shown = (await ann.submit_modal(opened, {"text": "It went well."})).response
        await ann.click(shown.message, label="Post")
    if kind == "reply":
        await stage.pass_time(minutes=4)

    await stage.restart()
    await stage.pass_time(minutes=20)
    if kind not in {"update", "reply"}:
        await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
        await stage.pass_time(minutes=5)

    said = await everything_said(circle)
    assert len(stories_in(circle)) == len(circle.channel.threads) == 1
    assert sum("no advice unless asked" in text for text in said) == 1
    assert sum("I hear you." in text for text in said) == 1
    if kind in {"update", "reply"}:
        assert sum("An update from the teller" in text for text in said) == 1
        assert "It went well." in said[0]


@pytest.mark.parametrize("kind", ["story", "thread", "opening"])
@pytest.mark.parametrize("sent", [False, True], ids=["before it is sent", "before it is recorded"])
async def test_a_story_withdrawn_after_a_crash_leaves_nothing_whatever_had_arrived(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, kind: str, sent: bool
) -> None:
    stage, ann = circle.stage, circle.peers[0]
    die_at(stage, kind, sent=sent, monkeypatch=monkeypatch)
    after = await tell(circle, ann)
    await stage.restart()

    await withdraw(ann, after)
    await stage.pass_time(minutes=20)

    assert stories_in(circle) == circle.channel.threads == []
    assert await left_of(stage) == []


async def test_a_story_withdrawn_while_it_is_being_sent_goes_by_its_id(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, side, services = circle.stage, circle.stage.bot.side, circle.stage.bot.services
    make = side.make

    async def overtaken(step: Any, delivery_id: str) -> Any:
        shown = await make(step, delivery_id)
        monkeypatch.setattr(side, "make", make)
        await services.own_stories.withdraw(await only_story(stage), None, circle.peers[0].id)
        return shown

    await ask_now(circle)
    monkeypatch.setattr(side, "make", overtaken)
    await tell(circle, circle.peers[0])
    await stage.pass_time(minutes=5)

    assert stories_in(circle) == circle.channel.threads == []
    assert await left_of(stage) == []


async def test_a_reply_withdrawn_after_a_crash_is_found_by_its_marker(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    await tell(circle, ann)
    die_at(stage, "reply", sent=True, monkeypatch=monkeypatch)
    after = await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    await stage.pass_time(minutes=4)
    await stage.restart()
    assert any("I hear you." in text for text in await everything_said(circle))

    question = (await ben.click(after.message, label="Take it back")).response
    await ben.click(question.message, label="Yes, take it back")
    await stage.pass_time(minutes=20)

    assert not any("I hear you." in text for text in await everything_said(circle))
    assert len(stories_in(circle)) == 1


@pytest.mark.parametrize("sent", [False, True], ids=["before it is sent", "before it is recorded"])
async def test_an_update_withdrawn_after_a_crash_is_found_by_its_marker(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, sent: bool
) -> None:
    stage, ann = circle.stage, circle.peers[0]
    after = await tell(circle, ann)
    die_at(stage, "update", sent=sent, monkeypatch=monkeypatch)
    panel = (await ann.click(after.message, label="My story")).response
    opened = await ann.click(panel.message, label="Add how it went")
    preview = (await ann.submit_modal(opened, {"text": "It went well."})).response
    added = (await ann.click(preview.message, label="Post")).response
    await stage.restart()
    assert any("It went well." in text for text in await everything_said(circle)) == sent

    question = (await ann.click(added.message, label="Take it back")).response
    await ann.click(question.message, label="Yes, take it back")
    await stage.pass_time(minutes=20)

    assert not any("It went well." in text for text in await everything_said(circle))
    assert len(stories_in(circle)) == 1


async def test_a_retraction_that_can_not_look_waits_until_it_can(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, ann = circle.stage, circle.peers[0]
    die_at(stage, "story", sent=True, monkeypatch=monkeypatch)
    after = await tell(circle, ann)
    await stage.restart()
    with monkeypatch.context() as blind:
        blind.setattr(discord_side, "may_read", lambda _channel: False)
        await withdraw(ann, after)
        await stage.pass_time(hours=1)
        assert len(stories_in(circle)) == 1
    status = await circle.facilitator.slash(circle.channel, "circle status")
    assert "permissions" in told_to(status)

    await stage.pass_time(hours=1)

    assert stories_in(circle) == []
    assert await left_of(stage) == []


@pytest.mark.parametrize("sent", [False, True], ids=["before it is sent", "before it is recorded"])
async def test_a_story_in_doubt_is_only_looked_for_during_a_pause(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, sent: bool
) -> None:
    stage = circle.stage
    die_at(stage, "story", sent=sent, monkeypatch=monkeypatch)
    await tell(circle, circle.peers[0])
    await stage.restart()
    await stage.bot.services.circles.pause((await circle.info).id, None)

    await stage.pass_time(hours=1)
    assert len(stories_in(circle)) == sent
    await stage.bot.services.circles.resume((await circle.info).id)
    await stage.pass_time(hours=1)

    assert len(stories_in(circle)) == len(circle.channel.threads) == 1


async def test_nobody_speaks_before_a_long_story_has_been_told_to_its_end(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, logged_errors: ErrorCollector
) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    renderer = stage.bot.deliverer._renderers["opening"]
    right = renderer.record

    async def then_fails(*arguments: Any) -> None:
        await right(*arguments)
        fails_once(renderer, "prepare", monkeypatch)

    monkeypatch.setattr(renderer, "record", then_fails)
    await tell(circle, ann, "*" * 1800, repair="*" * 800)
    (thread,) = circle.channel.threads
    assert len(thread.history()) == 1
    await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    assert len(thread.history()) == 1
    await stage.pass_time(minutes=5)

    said = [seen(message) for message in thread.history()]
    assert "no advice unless asked" in said[1]
    assert "I hear you." in said[2]
    logged_errors.records.clear()


@pytest.mark.parametrize("status", [500, 503])
async def test_a_thread_that_fails_for_a_while_never_repeats_the_story(circle: Circle, status: int) -> None:
    stage = circle.stage
    stage.env.inject_error("POST", "/channels/*/messages/*/threads", status=status, times=7)

    await tell(circle, circle.peers[0])
    await stage.pass_time(hours=1)

    assert len(stories_in(circle)) == len(circle.channel.threads) == 1


async def test_a_send_that_fails_for_a_while_publishes_once(circle: Circle) -> None:
    stage = circle.stage
    await ask_now(circle)
    where = "/channels/*/threads" if in_forum(circle) else "/channels/*/messages"
    stage.env.inject_error("POST", where, status=503, times=3)

    await tell(circle, circle.peers[0])
    assert stories_in(circle) == []
    await stage.pass_time(hours=1)

    assert len(stories_in(circle)) == len(circle.channel.threads) == 1


@pytest.mark.parametrize("step", ["prepare", "record"])
async def test_a_mistake_of_ours_at_every_step_is_logged_without_words_and_made_good(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, logged_errors: ErrorCollector, step: str
) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    everything = (*KINDS, "retract", "retract_reply", "retract_update")
    for kind in everything:
        fails_once(stage.bot.deliverer._renderers[kind], step, monkeypatch)
    after = await tell(circle, ann)
    await stage.pass_time(minutes=5)
    shown = await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    panel = (await ann.click(after.message, label="My story")).response
    opened = await ann.click(panel.message, label="Add how it went")
    preview = (await ann.submit_modal(opened, {"text": "It went well."})).response
    added = (await ann.click(preview.message, label="Post")).response
    await stage.pass_time(minutes=5)
    said = await everything_said(circle)
    assert sum("I hear you." in text for text in said) == 1
    assert sum("An update from the teller" in text for text in said) == 1

    for person, page in ((ben, shown), (ann, added)):
        question = (await person.click(page.message, label="Take it back")).response
        await person.click(question.message, label="Yes, take it back")
        await stage.pass_time(minutes=5)
    said = await everything_said(circle)
    assert not any("I hear you." in text or "It went well." in text for text in said)
    await withdraw(ann, after)
    await stage.pass_time(minutes=5)

    assert stories_in(circle) == circle.channel.threads == []
    assert await left_of(stage) == []
    logged = "".join(record.getMessage() for record in logged_errors.records)
    assert all(f"({kind})" in logged for kind in everything if kind != "thread" or not in_forum(circle))
    for telling in ("bakery", "hear you", "went well", str(ann.id), str(ben.id)):
        assert telling not in logged
    logged_errors.records.clear()


def in_forum(circle: Circle) -> bool:
    """Whether stories are posts of their own, with a thread from the beginning."""
    return isinstance(circle.channel, ForumHandle)


def fails_once(renderer: Any, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug of ours that shows once."""
    right = getattr(renderer, step)

    async def mistaken(*arguments: Any) -> Any:
        monkeypatch.setattr(renderer, step, right)
        raise RuntimeError("a mistake")

    monkeypatch.setattr(renderer, step, mistaken)


async def withdraw(person: Any, after: Any) -> None:
    """*Take it back* on what the teller saw after posting, and yes."""
    assert code_in(after)
    question = (await person.click(after.message, label="Take it back")).response
    assert custom_id(question, "withdraw-sure")
    await person.click(question.message, label="Yes, take it back")


async def only_story(stage: Stage) -> int:
    """The id of the only story."""
    (row,) = await rows(stage, "SELECT id FROM stories")
    return row[0]


async def left_of(stage: Stage) -> list[Any]:
    """What the database still has of stories, and what is owed about them."""
    tables = ("stories", "updates", "replies", "pen_names", "resonances")
    left = [row for table in tables for row in await rows(stage, f"SELECT * FROM {table}")]  # noqa: S608
    kinds = "'story', 'thread', 'opening', 'update', 'reply', 'retract', 'retract_reply', 'retract_update'"
    owed = f"SELECT kind, state FROM deliveries WHERE state != 'sent' AND kind IN ({kinds})"  # noqa: S608
    return left + await rows(stage, owed)


async def rows(stage: Stage, query: str) -> list[Any]:
    """What a query finds."""
    async with stage.database.read() as session:
        return list((await session.execute(text(query))).all())
