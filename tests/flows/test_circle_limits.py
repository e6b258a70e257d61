"""What doesn't fit a circle stays in its preview with the reason, and nothing of it is lost."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rules.care import CarePlan
from bot.rules.limits import STORIES
from tests.conftest import Circle, seen, walk
from tests.flows.people import (
    SLIP,
    ask_now,
    change,
    code_in,
    labels,
    panel_of,
    reply_unnamed,
    stories_in,
    tell,
    told_to,
    write,
)
from tests.flows.test_deleted_by_hand import add_update

LINK = "It is all in https://example.org/article."
INVITE = "Come to discord.gg/abcdef"
DISGUISED = "See [https://bank.example](https://evil.example)."
REASONS = {
    LINK: "doesn't want links",
    INVITE: "doesn't want invitations",
    DISGUISED: "shows another address than it leads to",
}


async def chose(circle: Circle, **changes: Any) -> None:
    """The circle's facilitators chose something."""
    services = circle.stage.bot.services
    circle_id = (await services.circles.at(circle.channel.id)).id
    await services.caring.choose(circle_id, changes)


async def posted(person: Any, preview: Any, label: str = "Post") -> str:
    """Press *Post*, and once more where it is asked; all that is said."""
    as_it_is = {"Post": "Post it as it is", "Save the change": "Save it as it is"}[label]
    label = as_it_is if as_it_is in labels(preview) else label
    done = await person.click(preview.message, label=label)
    if (
        done.response is not None
        and as_it_is in labels(done.response)
        and not any(reason in told_to(done) for reason in REASONS.values())
    ):
        done = await person.click(done.response.message, label=as_it_is)
    return told_to(done)


async def test_a_story_too_long_for_the_circle_says_by_how_much_and_is_posted_once_it_is_shorter(
    circle: Circle,
) -> None:
    await chose(circle, most_characters=500)
    ann = circle.peers[0]

    preview = await write(circle, ann, "x" * 480, repair="y" * 50)
    assert "This one is 30 too long" in seen(preview)
    assert "x" * 480 in seen(preview)
    refused = await posted(ann, preview)
    assert "This one is 30 too long" in refused
    assert stories_in(circle) == []

    shorter = await change(ann, preview, repair="y" * 20)
    assert "too long" not in seen(shorter)
    assert code_in((await ann.click(shorter.message, label="Post")).response)
    assert len(stories_in(circle)) == 1


async def test_a_limit_that_is_chosen_while_somebody_writes_is_said_at_post(circle: Circle) -> None:
    preview = await write(circle, circle.peers[0], "x" * 600)
    assert "too long" not in seen(preview)
    await chose(circle, most_characters=500)

    assert "This one is 100 too long" in await posted(circle.peers[0], preview)
    assert stories_in(circle) == []


@pytest.mark.parametrize("text", REASONS)
async def test_what_the_circle_does_not_want_is_refused_in_stories_replies_updates_and_answers(
    circle: Circle, text: str
) -> None:
    await chose(circle, links=False)
    ann, ben, _ = circle.peers
    for named in (False, True):
        preview = await write(circle, ann, text, named=named)
        assert REASONS[text] in seen(preview)
        assert REASONS[text] in await posted(ann, preview)
    assert stories_in(circle) == []

    after = await tell(circle, ann)
    (story,) = stories_in(circle)
    opened = await ben.click(story, label="Reply without my name")
    preview = (await ben.submit_modal(opened, {"text": text})).response
    assert REASONS[text] in seen(preview)
    assert REASONS[text] in await posted(ben, preview)
    assert REASONS[text] in told_to(await add_update(ann, after, text))
    answer = await ann.click((await panel_of(circle, ann)).message, label="Answer in the thread")
    preview = (await ann.submit_modal(answer, {"text": text})).response
    assert REASONS[text] in await posted(ann, preview)
    await circle.stage.pass_time(minutes=5)

    (thread,) = circle.channel.threads
    assert text not in "".join(seen(message) for message in thread.history()).replace("\\", "")


@pytest.mark.parametrize("text", REASONS)
async def test_a_change_is_refused_for_what_it_brings_and_not_for_what_stood_there(
    circle: Circle, text: str
) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann, LINK)
    assert code_in(after)
    await chose(circle, links=False)
    panel = await panel_of(circle, ann)

    preview = await change(ann, panel, slip=f"{LINK} {text} https://more.example")
    assert "kept" in seen(preview)
    assert "Please" in await posted(ann, preview, "Save the change")
    preview = await change(ann, panel, slip=f"{LINK} One thing more.")
    assert "Please take" not in seen(preview)
    await posted(ann, preview, "Save the change")
    await circle.stage.pass_time(minutes=5)

    assert "One thing more" in seen(stories_in(circle)[0])


async def test_a_reply_with_a_link_can_be_mended_in_its_form(circle: Circle) -> None:
    await chose(circle, links=False)
    await tell(circle, circle.peers[0])
    (story,), ben = stories_in(circle), circle.peers[1]
    opened = await ben.click(story, label="Reply without my name")
    preview = (await ben.submit_modal(opened, {"text": "I know that: https://example.org/article"})).response

    mended = await change(ben, preview, text="It is in an article; ask me.")
    assert "doesn't want links" not in seen(mended)
    assert code_in((await ben.click(mended.message, label="Post")).response)


async def test_invitations_can_be_allowed_and_are_shown_literally(circle: Circle) -> None:
    await chose(circle, invites=True)

    await tell(circle, circle.peers[0], "Come to https://discord.gg/abcdef, or [here](https://example.org)")

    shown = seen(stories_in(circle)[0])
    assert "<https://discord.gg/abcdef>" in shown
    assert r"\[here\](<https://example.org>)" in shown


async def test_a_circles_number_of_stories_a_day_holds_before_and_after_writing(circle: Circle) -> None:
    await chose(circle, most_stories=1)
    (ann, ben, _), prompt = circle.peers, await ask_now(circle)
    second = await write(circle, ann)
    await tell(circle, ann)

    assert "one person tells 1 in a day" in await posted(ann, second)
    refused = await ann.click(prompt, label="Share without my name")
    assert refused.modal is None
    assert "one person tells 1 in a day" in told_to(refused)
    assert code_in(await tell(circle, ben))
    await circle.stage.later(hours=26)
    assert code_in((await ann.click(second.message, label="Post")).response)


async def test_a_circles_number_of_replies_a_day_holds(circle: Circle) -> None:
    await chose(circle, most_replies=3)
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)
    for _ in range(3):
        assert code_in(await reply_unnamed(ben, story, "I hear you."))

    assert "replies 3 times in a day" in told_to(await ben.click(story, label="Reply without my name"))
    assert code_in(await reply_unnamed(cem, story, "So do I."))
    await circle.stage.later(hours=26)
    assert code_in(await reply_unnamed(ben, story, "Still."))


async def test_a_circle_never_allows_more_than_is_allowed_everywhere(circle: Circle) -> None:
    ann, gate = circle.peers[0], circle.stage.bot.gate
    circle_id = (await circle.stage.bot.services.circles.at(circle.channel.id)).id
    await chose(circle, most_stories=50)
    preview = await write(circle, ann)
    for _ in range(STORIES.most):
        gate.count(STORIES, ann.id, circle_id)

    assert "several stories here today" in await posted(ann, preview)


async def test_the_longest_previews_with_a_reason_fit_into_a_message(circle: Circle) -> None:
    await chose(circle, most_characters=500)
    ann = circle.peers[0]
    longest = {"slip": "*" * 1800, "effect": "*" * 500, "repair": "*" * 800, "lesson": "*" * 400}

    preview = await write(circle, ann, **longest)

    assert "too long" in seen(preview)
    texts = [item["content"] for item in walk(preview.components) if item.get("type") == 10]
    assert sum(map(len, texts)) <= 4000
    await chose(circle, most_characters=None)
    await ann.click(preview.message, label="Post")
    await chose(circle, most_characters=500, links=False)
    changed = await change(ann, await panel_of(circle, ann), slip="*" * 1700 + f" {LINK}")
    assert "doesn't want links" in seen(changed)
    texts = [item["content"] for item in walk(changed.components) if item.get("type") == 10]
    assert sum(map(len, texts)) <= 4000


async def test_a_circle_that_chose_nothing_takes_what_it_always_took(circle: Circle) -> None:
    assert await circle.stage.bot.services.caring.plan(1) == CarePlan()
    assert code_in(await tell(circle, circle.peers[0], f"{SLIP} {LINK}"))
