"""What goes wrong while somebody tells: each has a clear answer, and no word is lost."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import interactions
from bot.rules import stories as story_rules
from bot.services.stories import Teller
from tests.conftest import Circle, ErrorCollector, Stage, make_circle, seen
from tests.flows.people import (
    SLIP,
    ask_now,
    code_in,
    custom_id,
    press_at_once,
    stories_in,
    tell,
    told_to,
    write,
)

NOTHING_ELSE = {"effect": "", "repair": "", "lesson": "", "ask": "listen"}


async def submit(circle: Circle, person: Any, slip: str, prompt: Any = None) -> Any:
    """*Share without my name* → form → submitted; returns all that the person was answered."""
    opened = await person.click(prompt or await ask_now(circle), label="Share without my name")
    return await person.submit_modal(opened, {"slip": slip} | NOTHING_ELSE)


async def test_words_that_are_too_long_come_back_whole(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story_rules, "LIMITS", {"slip": 40, "effect": 500, "repair": 800, "lesson": 400})

    answered = await submit(circle, circle.peers[0], SLIP)

    assert "longer than the 40 characters" in told_to(answered)
    assert SLIP in told_to(answered)
    assert answered.response.ephemeral


async def test_a_form_with_nothing_to_see_in_it_is_answered_kindly(circle: Circle) -> None:
    prompt = await ask_now(circle)
    for slip in ("   \n  ", "\u200b\u2060\ufeff", "\u202e\u200f \u00ad"):
        answered = await submit(circle, circle.peers[0], slip, prompt)
        assert "A sentence is enough" in told_to(answered)


async def test_long_words_in_a_script_of_many_bytes_come_back_as_a_file(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(story_rules, "LIMITS", {"slip": 40, "effect": 500, "repair": 800, "lesson": 400})
    ann = circle.peers[0]
    opened = await ann.click(await ask_now(circle), label="Share without my name")

    parts = {"slip": "슬" * 1800, "effect": "회" * 500, "repair": "복" * 800, "lesson": "배" * 400}
    answered = await ann.submit_modal(opened, parts | {"ask": "listen"})

    (file,) = answered.response.attachments
    text = (await file.read()).decode()
    assert all(part in text for part in parts.values())


async def test_two_people_with_the_same_form_open_each_see_their_own_words(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    prompt = await ask_now(circle)
    ann_opened = await ann.click(prompt, label="Share without my name")
    ben_opened = await ben.click(prompt, label="Share without my name")

    ben_sees = await ben.submit_modal(ben_opened, {"slip": "I forgot it."} | NOTHING_ELSE)
    ann_sees = await ann.submit_modal(ann_opened, {"slip": "I was late."} | NOTHING_ELSE)

    assert "I forgot it." in told_to(ben_sees)
    assert "I was late." in told_to(ann_sees)
    assert "I forgot it." not in told_to(ann_sees)


async def test_a_restart_at_every_step_loses_nothing(circle: Circle) -> None:
    stage, ann = circle.stage, circle.peers[0]
    opened = await ann.click(await ask_now(circle), label="Share without my name")
    await stage.restart()
    preview = await ann.submit_modal(opened, {"slip": SLIP} | NOTHING_ELSE)
    await stage.restart()
    edited = await ann.click(preview.response.message, label="Edit")
    await stage.restart()
    preview = await ann.submit_modal(edited, {"slip": SLIP + " Twice."} | NOTHING_ELSE)
    await stage.restart()

    await ann.click(preview.response.message, label="Post")

    (story,) = stories_in(circle)
    assert "Twice." in seen(story)


async def test_a_restart_between_post_and_delivery_publishes_once(stage: Stage) -> None:
    slow = await make_circle(stage, delay=30)
    await tell(slow, slow.peers[0])
    await stage.restart()
    assert stories_in(slow) == []

    await stage.pass_time(minutes=31)
    await stage.restart()
    await stage.pass_time(minutes=5)

    assert len(stories_in(slow)) == len(slow.channel.threads) == 1


async def test_post_on_an_older_preview_posts_nothing_and_shows_the_newest(circle: Circle) -> None:
    ann = circle.peers[0]
    older = await write(circle, ann)
    opened = await ann.slash(circle.channel, "share")  # any form of hers; the words below are the draft's
    edit = await ann.click(older.message, label="Edit")
    newest = (await ann.submit_modal(edit, {"slip": "The newest words."} | NOTHING_ELSE)).response
    assert opened.modal is not None
    stories, receipt = circle.stage.bot.services.stories, custom_id(newest, "discard").split(":")[-1]

    shown = await stories.post(receipt, 1, Teller(ann.id, "ann"))

    assert shown.older
    assert shown.draft.words.slip == "The newest words."
    assert stories_in(circle) == []
    again = await ann.click(newest.message, label="Post")
    assert "Your code" in told_to(again)


async def test_an_older_preview_that_still_stands_says_so_and_shows_the_newest(circle: Circle) -> None:
    ann, stage = circle.peers[0], circle.stage
    older = await write(circle, ann)
    receipt = custom_id(older, "discard").split(":")[-1]
    await stage.bot.services.stories.revise(receipt, 1, theme="Silence")  # from another device

    shown = await ann.click(older.message, label="Post")

    assert "nothing was posted or changed" in told_to(shown)
    assert "Silence" in told_to(shown)
    assert stories_in(circle) == []
    await ann.click(shown.response.message, label="Post")
    assert len(stories_in(circle)) == 1


async def test_post_pressed_twice_at_once_is_one_story_with_one_code(circle: Circle) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann)

    first, second = await press_at_once(preview.message, (ann, "Post"), (ann, "Post"))

    assert len(stories_in(circle)) == len(circle.channel.threads) == 1
    assert code_in(first.response) == code_in(second.response)
    assert first.followups == second.followups == []  # nobody is told that something went wrong


async def test_posting_and_discarding_at_once_tells_the_truth_to_both(circle: Circle) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann)
    services, receipt = circle.stage.bot.services, custom_id(preview, "discard").split(":")[-1]
    question = await ann.click(preview.message, label="Discard")
    await services.stories.post(receipt, 1, Teller(ann.id, "ann"))

    late = await ann.click(question.response.message, label="Discard it")

    assert "it was posted or discarded" in told_to(late)
    assert "Nothing of it is kept" not in told_to(late)


async def test_discarded_words_are_gone_and_the_second_press_says_so(circle: Circle) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann)
    question = (await ann.click(preview.message, label="Discard")).response

    first, second = await press_at_once(question.message, (ann, "Discard it"), (ann, "Discard it"))

    assert "Nothing of it is kept" in told_to(first) + told_to(second)
    assert "no longer open" in told_to(first) + told_to(second)


async def test_a_circle_paused_between_form_and_post_keeps_the_words(circle: Circle) -> None:
    ann, services = circle.peers[0], circle.stage.bot.services
    preview = await write(circle, ann)
    circle_id = (await circle.info).id
    await services.circles.pause(circle_id, None)

    refused = await ann.click(preview.message, label="Post")
    assert "your words are kept" in told_to(refused)
    assert stories_in(circle) == []
    await services.circles.resume(circle_id)
    await ann.click(preview.message, label="Post")

    assert len(stories_in(circle)) == 1


async def test_a_form_submitted_during_a_pause_is_kept_too(circle: Circle) -> None:
    ann, services = circle.peers[0], circle.stage.bot.services
    opened = await ann.click(await ask_now(circle), label="Share without my name")
    await services.circles.pause((await circle.info).id, None)

    preview = await ann.submit_modal(opened, {"slip": SLIP} | NOTHING_ELSE)

    assert "Nothing is posted yet" in told_to(preview)
    assert SLIP in told_to(preview)


async def test_a_slow_database_gives_the_words_back_first_and_the_preview_when_it_can(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactions, "PATIENCE", 0.01)
    stories, before = circle.stage.bot.services.stories, circle.stage.bot.services.stories.keep
    told_early: list[int] = []

    async def slow(draft: Any) -> Any:
        for _ in range(400):  # until the words were given back, however long that takes
            await asyncio.sleep(0.01)
            early = [one for one in circle.stage.env.http_requests if "callback" in one.path][-1]
            if "longer than usual" in str(early.json):
                told_early.append(1)
                break
        return await before(draft)

    monkeypatch.setattr(stories, "keep", slow)
    prompt = await ask_now(circle)

    answered = await submit(circle, circle.peers[0], SLIP, prompt)
    await circle.stage.env.advance_time(10)

    assert told_early
    assert "Nothing is posted yet" in told_to(answered)
    assert SLIP in told_to(answered)


async def test_a_database_that_fails_gives_the_words_back_with_a_reference(
    circle: Circle,
    monkeypatch: pytest.MonkeyPatch,
    logged_errors: ErrorCollector,
    caplog: pytest.LogCaptureFixture,
) -> None:
    prompt = await ask_now(circle)
    break_database(circle, monkeypatch)

    with caplog.at_level(logging.DEBUG, "bot"):
        answered = await submit(circle, circle.peers[0], SLIP, prompt)

    assert "it isn't your fault" in told_to(answered)
    assert SLIP in told_to(answered)
    reference = told_to(answered).split("`")[1]
    assert reference in caplog.text
    assert "bakery" not in caplog.text
    assert str(circle.peers[0].id) not in caplog.text
    logged_errors.records.clear()


async def test_post_while_the_database_fails_keeps_the_preview(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, logged_errors: ErrorCollector
) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann)
    with monkeypatch.context() as broken:
        break_database(circle, broken)
        failed = await ann.click(preview.message, label="Post")
    assert "it isn't your fault" in told_to(failed)
    logged_errors.records.clear()

    done = await ann.click(preview.message, label="Post")

    assert "Your code" in told_to(done)
    assert len(stories_in(circle)) == 1


def break_database(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every write fails, as with a full disk."""

    @asynccontextmanager
    async def full(*_: Any) -> Any:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))
        yield

    monkeypatch.setattr(circle.stage.database, "write", full)
