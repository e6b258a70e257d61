"""Words that sound like danger: their writer, alone, sees where to turn to, and loses no word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import Circle, seen
from tests.flows.people import (
    ask_now,
    change,
    labels,
    post,
    press_at_once,
    reply_unnamed,
    stories_in,
    tell,
    told_to,
    write,
)
from tests.services.columns import everything_kept

DANGER = "I can't go on. I want to kill myself tonight, and I wrote the letters."
CHOICES = ["Post it", "Keep it for later", "Discard it"]


async def submit(person: Any, shown: Any, button: str, **values: str) -> Any:
    """A button, its form, submitted; returns the answer."""
    opened = await person.click(getattr(shown, "message", shown), label=button)
    return (await person.submit_modal(opened, values)).response


async def test_the_writer_reads_where_to_turn_to_before_the_preview_and_goes_on(circle: Circle) -> None:
    ann = circle.peers[0]
    page = await write(circle, ann, DANGER)

    assert page.ephemeral
    assert labels(page) == CHOICES
    assert "findahelpline.com" in seen(page)
    assert "Nobody is told" in seen(page)
    assert "999" not in seen(page)  # no country was chosen
    preview = (await ann.click(page.message, label="Post it")).response
    assert "kill myself" in seen(preview)
    assert "Nothing is posted yet" in seen(preview)
    await ann.click(preview.message, label="Post")
    assert "kill myself" in seen(stories_in(circle)[0])


async def test_the_circles_own_lines_come_first_then_its_country_and_ping_nobody(circle: Circle) -> None:
    services = circle.stage.bot.services
    here = await circle.info
    plan = replace(await services.caring.plan(here.id), country="GB", help_lines=("Fay, @everyone **12**",))
    await services.caring.change(here.id, plan)

    text = seen(await write(circle, circle.peers[0], DANGER))

    assert text.index("\\@everyone \\*\\*12\\*\\*") < text.index("999 or 112") < text.index("findahelpline")
    assert "Samaritans" in text


async def test_the_same_words_are_not_asked_about_twice_and_others_are(circle: Circle) -> None:
    ann = circle.peers[0]
    page = await write(circle, ann, DANGER)
    preview = (await ann.click(page.message, label="Post it")).response
    whole = {"effect": "", "repair": "", "lesson": "", "ask": "listen"}

    for words in (DANGER, "I was late again and said so.", DANGER):
        preview = await submit(ann, preview, "Edit", slip=words, **whole)
        assert "Nothing is posted yet" in seen(preview)
    new = await submit(ann, preview, "Edit", slip=DANGER + " Nobody knows.", **whole)
    assert labels(new) == CHOICES


async def test_kept_words_come_back_by_button_and_by_code_also_after_a_restart(circle: Circle) -> None:
    ann = circle.peers[0]
    page = await write(circle, ann, DANGER)
    kept = (await ann.click(page.message, label="Keep it for later")).response
    assert "nobody sees them" in seen(kept)
    assert "They stay until" in seen(kept)
    code = seen(kept).split("`")[1]
    await circle.stage.restart()

    preview = (await ann.click(kept.message, label="Come back to it")).response
    assert "kill myself" in seen(preview)
    opened = await ann.slash(circle.channel, "story receipt")
    preview = (await ann.submit_modal(opened, {"code": code})).response
    assert "kill myself" in seen(preview)
    await ann.click(preview.message, label="Post")
    assert len(stories_in(circle)) == 1


async def test_discarding_asks_once_and_nothing_is_left(circle: Circle) -> None:
    ann = circle.peers[0]
    page = await write(circle, ann, DANGER)
    question = (await ann.click(page.message, label="Discard it")).response
    await ann.click(question.message, label="Discard it")

    assert "kill" not in str(await everything_kept(circle.stage.database))
    assert stories_in(circle) == []


async def test_replies_updates_answers_and_edits_are_heard_too(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    after = await tell(circle, ann)
    (story,) = stories_in(circle)

    assert labels(await submit(ben, story, "Reply without my name", text=DANGER)) == CHOICES
    after_reply = await reply_unnamed(ben, story, "I hear you.")
    assert labels(await change(ben, after_reply, text=DANGER)) == CHOICES
    panel = (await ann.click(after.message, label="My story")).response
    assert labels(await change(ann, panel, slip=DANGER)) == CHOICES
    assert labels(await submit(ann, panel, "Add how it went", text=DANGER)) == CHOICES


async def test_an_edit_of_words_that_stand_there_already_is_not_asked_about(circle: Circle) -> None:
    ann = circle.peers[0]
    page = await write(circle, ann, DANGER)
    preview = (await ann.click(page.message, label="Post it")).response
    after = await post(ann, preview)
    panel = (await ann.click(after.message, label="My story")).response

    assert "Nothing is changed yet" in seen(await change(ann, panel, ask="ideas"))


async def test_two_at_once_each_see_their_own_page(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    of_ann = await write(circle, ann, DANGER)
    of_ben = await write(circle, ben, "I was late again.")

    first, *_ = await press_at_once(of_ann.message, (ann, "Post it"), (ann, "Keep it for later"))
    await ben.click(of_ben.message, label="Post")

    assert "late again" in seen(stories_in(circle)[0])
    assert "late again" not in told_to(first)


async def test_nobody_else_is_told_and_nothing_is_stored_or_logged_of_it(
    circle: Circle, caplog: pytest.LogCaptureFixture
) -> None:
    await ask_now(circle)
    caplog.set_level("DEBUG", "bot")
    before = [str(await everything_kept(circle.stage.database)), len(circle.channel.history())]
    sent = len(circle.stage.env.http_requests)

    page = await write(circle, circle.peers[0], DANGER)
    await circle.stage.pass_time(hours=3)

    kept = str(await everything_kept(circle.stage.database))
    assert len(circle.channel.history()) == before[1]
    paths = [one.path for one in circle.stage.env.http_requests[sent:]]
    assert all("/interactions/" in path or "/webhooks/" in path for path in paths), paths
    for word in ("danger", "self", "kill", "warned"):
        assert word not in kept
    assert "danger" not in caplog.text
    assert labels(page) == CHOICES
