"""Somebody asks what is kept about them, takes it along, and lets it go. Nobody else sees any of it."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import Circle, seen, walk
from tests.flows.people import ask_now, reply_unnamed, stories_in, tell, told_to
from tests.flows.test_prompt_once import deny

SLIP = "I mixed up two appointments and let somebody wait in the rain."


async def ask(circle: Circle, person: Any, what: str) -> Any:
    """``/privacy <what>``; returns the private result."""
    return await person.slash(circle.channel, f"privacy {what}")


async def let_go(circle: Circle, person: Any, label: str) -> str:
    """``/privacy erase``, and one of its buttons; returns the answer."""
    question = (await ask(circle, person, "erase")).response
    return told_to(await person.click(question.message, label=label))


async def the_day(circle: Circle) -> None:
    """A day passes with the bot awake."""
    await circle.stage.pass_time(hours=25)


async def test_the_facts_stand_in_one_screen_with_who_runs_the_bot(circle: Circle) -> None:
    shown = await ask(circle, circle.peers[0], "facts")

    text = seen(shown.response)
    assert shown.ephemeral
    promises = ("28 days", "complaint or in court", "emergency service", "until they are withdrawn")
    for said in (*promises, "If you leave this server", "If the bot is removed", "Ada, ada@example.org"):
        assert said in text
    assert len(text) < 3_900


async def test_they_say_how_long_this_circle_keeps_its_stories(circle: Circle) -> None:
    days = {"days": 90}
    await circle.facilitator.slash(circle.channel, "circle keep", **days)

    assert "90 days at most" in seen((await ask(circle, circle.peers[0], "facts")).response)


async def test_show_lists_what_bears_the_name_and_nothing_that_was_told_without_it(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann, SLIP, named=True)
    await tell(circle, ann, "an unnamed one")
    await ann.slash(circle.channel, "remind weekly", day=1, time="18:30")

    shown = await ask(circle, ann, "show")

    text = seen(shown.response)
    assert shown.ephemeral
    assert "number 1" in text
    assert "January 2026 at the latest" in text
    assert SLIP in text
    assert "every Tuesday at 18:30" in text
    assert "unnamed one" not in text
    others = seen((await ask(circle, ben, "show")).response)
    assert "Nothing that I could find" in others
    assert SLIP not in others


async def test_show_says_of_a_story_that_waits_that_it_has_not_appeared(circle: Circle) -> None:
    ann = circle.peers[0]
    await ask_now(circle)
    deny(circle, send_messages=True)
    await tell(circle, ann, "I was late. " * 30, named=True)

    text = seen((await ask(circle, ann, "show")).response)

    assert "it hasn't appeared yet" in text
    assert "number" not in text
    assert "I was late. I was…”" in text  # cut between two words


async def test_show_turns_its_pages(circle: Circle) -> None:
    ann = circle.peers[0]
    for number in range(10):
        await tell(circle, ann, f"named slip {number}", named=True)
        await circle.stage.pass_time(hours=7)  # nobody tells ten in a day

    first = (await ask(circle, ann, "show")).response
    assert "named slip 7" in seen(first)
    assert "named slip 8" not in seen(first)
    second = (await ann.click(first.message, label="Further")).response
    assert "named slip 9" in seen(second)
    back = (await ann.click(second.message, label="Earlier")).response
    assert "named slip 0" in seen(back)


async def test_export_is_a_private_file_with_all_its_words(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, SLIP, named=True, repair="I called and said so.")
    await tell(circle, ann, "an unnamed one")

    shown = await ask(circle, ann, "export")

    assert shown.ephemeral
    (attachment,) = shown.response.attachments
    assert attachment.filename == "what-is-kept-about-me.json"
    data = json.loads(await file_of(circle, attachment))
    (story,) = data["kept"]
    assert story["what_happened"] == SLIP
    assert story["repair"] == "I called and said so."
    assert story["your_id"] == str(ann.id)


async def file_of(circle: Circle, attachment: Any) -> bytes:
    """What a file holds that the bot sent."""
    return await attachment.read()


async def test_erase_asks_first_and_no_leaves_all_as_it_is(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, SLIP, named=True)
    question = (await ask(circle, ann, "erase")).response

    assert "What can't go this way" in seen(question)
    await ann.click(question.message, label="No, leave it")
    await the_day(circle)

    assert len(stories_in(circle)) == 1


async def test_everything_of_mine_goes_named_at_once_and_unnamed_within_a_day(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann, "Ann by name", named=True)
    await tell(circle, ann, "Ann unnamed")
    await tell(circle, ben, "Ben unnamed")
    await reply_unnamed(ann, stories_in(circle)[2], "Ann to Ben")
    await ann.slash(circle.channel, "remind weekly", day=1, time="18:30")
    await circle.stage.pass_time(minutes=4)

    await let_go(circle, ann, "Everything of mine")

    assert [seen(story).count("Ann by name") for story in stories_in(circle)] == [0, 0]
    assert any("Ann unnamed" in seen(story) for story in stories_in(circle))
    await the_day(circle)
    (left,) = stories_in(circle)
    assert "Ben unnamed" in seen(left)
    (thread,) = circle.channel.threads
    assert not any("Ann to Ben" in seen(message) for message in thread.history())
    assert "Nothing that I could find" in seen((await ask(circle, ann, "show")).response)


async def test_only_what_has_my_name_leaves_the_rest_for_its_code(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, "Ann by name", named=True)
    await tell(circle, ann, "Ann unnamed")

    await let_go(circle, ann, "Only what has my name")
    await the_day(circle)

    (left,) = stories_in(circle)
    assert "Ann unnamed" in seen(left)


async def test_the_answer_is_the_same_whether_or_not_there_was_anything(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann, "Ann unnamed")

    assert await let_go(circle, ann, "Everything of mine") == await let_go(circle, ben, "Everything of mine")


async def test_a_restart_forgets_what_was_to_go_and_pressing_again_finds_it(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, "Ann unnamed")
    await let_go(circle, ann, "Everything of mine")
    await circle.stage.restart()
    await the_day(circle)
    assert len(stories_in(circle)) == 1

    await let_go(circle, ann, "Everything of mine")
    await the_day(circle)

    assert stories_in(circle) == []


async def test_somebody_who_left_the_server_asks_in_private_messages(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, SLIP, named=True)
    circle.guild.remove_member(ann)

    shown = (await ann.user.slash("privacy show")).response
    assert SLIP in seen(shown)
    assert "until they are withdrawn" in seen((await ann.user.slash("privacy facts")).response)
    question = (await ann.user.slash("privacy erase")).response
    await ann.user.click(question.message, label="Everything of mine")
    await circle.stage.tick()

    assert stories_in(circle) == []


async def test_asking_again_and_again_is_refused_kindly_for_a_while(circle: Circle) -> None:
    ann = circle.peers[0]
    for _ in range(5):
        assert "Done" in await let_go(circle, ann, "Everything of mine")

    assert "several times" in await let_go(circle, ann, "Everything of mine")
    await circle.stage.later(hours=1)
    assert "Done" in await let_go(circle, ann, "Everything of mine")


async def test_no_press_of_it_says_who_pressed(circle: Circle) -> None:
    ann = circle.peers[0]
    question = (await ask(circle, ann, "erase")).response

    ids = [item["custom_id"] for item in walk(question.components) if "custom_id" in item]
    assert ids
    assert not [one for one in ids if str(ann.id) in one]
