"""Who replies sees what the teller asked for, is helped to begin, and asked once about advice."""

from __future__ import annotations

from typing import Any

from tests.conftest import Circle, seen
from tests.flows.people import change, labels, post, stories_in, tell

ADVICE = "You should call her today and tell her that you are sorry."


async def reply(person: Any, story: Any, text: str, **values: str) -> Any:
    """The form, submitted; returns the preview."""
    opened = await person.click(story, label="Reply without my name")
    return (await person.submit_modal(opened, {"text": text, **values})).response


def beginnings(opened: Any) -> list[str]:
    """What a reply can begin with."""
    group = [item["component"] for item in opened.modal["components"] if "component" in item][1]
    return [option["value"] for option in group["options"]]


async def test_the_button_opens_the_form_with_the_ask_and_ways_to_begin(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    await tell(circle, ann, ask="ideas")
    listen, ideas = stories_in(circle)

    opened = await ben.click(listen, label="Reply without my name")
    assert "just listen, please" in str(opened.modal)
    assert beginnings(opened) == ["own", "reflect", "been_there", "question"]
    assert beginnings(await cem.click(ideas, label="Reply without my name"))[-1] == "idea"


async def test_a_chosen_beginning_and_the_words_become_one_sentence(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)

    shown = await reply(ben, story, "How sudden it was.", begin="reflect")
    assert "What I heard is how sudden it was." in seen(shown)
    assert "just listen, please" in seen(shown)
    assert "It was sudden." in seen(await reply(ben, story, "It was sudden.", begin="own"))


async def test_advice_where_listening_was_asked_for_is_asked_about_once(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)

    shown = await reply(ben, story, ADVICE)
    assert "sounds a little like advice" in seen(shown)
    assert labels(shown) == ["Post it as it is", "Change it", "Discard"]
    await circle.stage.restart()
    opened = await ben.click(shown.message, label="Change it")
    shown = (await ben.submit_modal(opened, {"text": ADVICE + " Really."})).response
    assert "sounds a little like advice" not in seen(shown)
    await ben.click(shown.message, label="Post")
    await circle.stage.pass_time(minutes=4)

    (thread,) = circle.channel.threads
    assert ADVICE in seen(thread.last_message)


async def test_advice_can_be_posted_as_it_is_with_one_press(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)

    after = await post(ben, await reply(ben, stories_in(circle)[0], ADVICE))

    assert "under the name" in seen(after)


async def test_it_is_asked_about_in_an_edit_too_but_not_where_ideas_are_welcome(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    await tell(circle, ann, ask="ideas")
    listen, ideas = stories_in(circle)

    assert "sounds a little like" not in seen(await reply(ben, ideas, ADVICE))
    after = await post(ben, await reply(ben, listen, "I hear how much it weighs on you."))
    edited = await change(ben, after, text=ADVICE)
    assert "sounds a little like advice" in seen(edited)
    assert labels(edited)[:2] == ["Save it as it is", "Change it"]
