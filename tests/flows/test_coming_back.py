"""Coming back to what one told: by the code, by being recognised, or by name; and what happens in between."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.rules.receipts import new_receipt, shown
from bot.services.resonating import Sign
from tests.conftest import Circle, Stage, make_circle, seen, walk
from tests.flows.people import (
    code_in,
    custom_id,
    press_at_once,
    reply_unnamed,
    stories_in,
    tell,
    told_to,
)

PAST_THE_WINDOW = 29


async def with_code(person: Any, opened: Any, code: str) -> Any:
    """The form for a code, filled in."""
    return await person.submit_modal(opened, {"code": code})


@pytest.mark.parametrize("code", ["hello", "7K2M-93QX", "7K2M93QX4B5C6D8EFGH"])
async def test_what_is_no_code_is_explained(circle: Circle, code: str) -> None:
    ann = circle.peers[0]

    answered = await with_code(ann, await ann.slash(circle.channel, "story receipt"), code)

    assert "five groups of four" in told_to(answered)
    assert answered.response.ephemeral


async def test_a_wrong_code_and_one_of_another_story_open_nothing(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    other = code_in(await tell(circle, ben, "Another story."))
    first = stories_in(circle)[0]

    unknown = await with_code(cem, await cem.slash(circle.channel, "story receipt"), shown(new_receipt()))
    asked = await cem.click(first, label="This is mine")
    foreign = await with_code(cem, asked, other)

    assert "I know nothing with this code" in told_to(unknown)
    assert "doesn't belong to this story" in told_to(foreign)
    assert "Withdraw" not in told_to(unknown) + told_to(foreign)


async def test_a_code_is_read_however_it_was_copied(circle: Circle) -> None:
    ann = circle.peers[0]
    code = code_in(await tell(circle, ann))

    for typed in (f"Your code: `{code}`", code.lower().replace("-", " "), code.replace("-", "—")):
        answered = await with_code(ann, await ann.slash(circle.channel, "story receipt"), typed)
        assert "Your story 1" in told_to(answered)


async def test_the_code_comes_by_private_message_only_after_a_warning_and_can_be_deleted_there(
    circle: Circle,
) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann)
    warned = (await ann.click(after.message, label="Send the code to my DMs")).response
    assert "can connect you to the story" in seen(warned)
    await ann.click(warned.message, label="Send it")

    (message,) = ann.user.dm_channel.history()
    assert code_in(after) in seen(message)
    assert "circle" not in seen(message).lower()
    assert "story" not in seen(message).lower()
    await circle.stage.restart()
    await ann.user.click(message, label="Delete this message")

    assert ann.user.dm_channel.history() == []


async def test_closed_private_messages_are_explained_and_the_code_stays_in_sight(circle: Circle) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann)
    warned = (await ann.click(after.message, label="Send the code to my DMs")).response
    circle.stage.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)

    refused = await ann.click(warned.message, label="Send it")

    assert "Discord doesn't let me write to you" in told_to(refused)
    assert code_in(after)


async def test_a_teller_is_recognised_inside_the_window_and_needs_the_code_after_it(circle: Circle) -> None:
    stage, ann = circle.stage, circle.peers[0]
    code = code_in(await tell(circle, ann))
    (story,) = stories_in(circle)
    recognised = await ann.click(story, label="This is mine")
    assert "Your story 1" in told_to(recognised)

    await stage.later(days=PAST_THE_WINDOW)
    asked = await ann.click(story, label="This is mine")
    assert asked.modal is not None
    panel = await with_code(ann, asked, code)
    assert "Your story 1" in told_to(panel)
    answering = await ann.click(panel.response.message, label="Answer in the thread")
    preview = await ann.submit_modal(answering, {"text": "Thank you, weeks later."})
    await ann.click(preview.response.message, label="Post")
    await stage.pass_time(minutes=4)

    (thread,) = circle.channel.threads
    assert "The teller" in seen(thread.last_message)
    assert "Thank you, weeks later." in seen(thread.last_message)


async def test_after_the_window_signs_are_closed_and_pen_names_are_fresh(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)
    await ben.click(story, label="Thank you")
    await reply_unnamed(ben, story, "One.")
    await reply_unnamed(ben, story, "Two.")

    await stage.later(days=PAST_THE_WINDOW)
    closed = await ben.click(stories_in(circle)[0], label="I learned")
    await reply_unnamed(ben, story, "Three.")
    teller_again = await reply_unnamed(ann, story, "Four.")
    await stage.pass_time(minutes=4)

    assert "quiet signs have closed" in told_to(closed)
    assert "Thank you · 1" in seen(stories_in(circle)[0])
    (thread,) = circle.channel.threads
    names = [seen(message).splitlines()[0] for message in thread.history()[1:]]
    assert names[0] == names[1]
    assert len(set(names)) == 3
    assert "under the name" in seen(teller_again)  # nobody can be recognised any more, and none is


async def test_a_named_story_stays_its_tellers_for_ever(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, named=True)

    await circle.stage.later(days=PAST_THE_WINDOW)
    panel = (await ann.click(stories_in(circle)[0], label="This is mine")).response
    question = (await ann.click(panel.message, label="Withdraw the story")).response
    await ann.click(question.message, label="Yes, take it back")

    assert stories_in(circle) == circle.channel.threads == []


async def test_every_button_of_a_story_that_was_just_withdrawn_says_that_it_is_gone(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    after = await tell(circle, ann)
    (story,) = stories_in(circle)
    (thread,) = circle.channel.threads
    form = await ben.click(story, label="Reply without my name")
    draft = await ben.submit_modal(
        await ben.click(story, label="Reply without my name"), {"text": "Still a draft."}
    )
    own = circle.stage.bot.services.own_stories
    await own.withdraw(int(custom_id(story, "mine").split(":")[-1]), None, ann.id)  # not delivered yet

    for label in ("I've been there", "Thank you", "I learned", "Reply without my name", "This is mine"):
        assert "no longer here" in told_to(await ben.click(story, label=label))
    opening = thread.history()[0]
    assert "no longer here" in told_to(await ben.click(opening, label="Reply without my name"))
    late = await ben.submit_modal(form, {"text": "I was still writing."})
    assert "I was still writing." in told_to(late)
    assert "no longer here" in told_to(await ben.click(draft.response.message, label="Post"))
    assert "no longer here" in told_to(await ann.click(after.message, label="My story"))
    await circle.stage.tick()
    assert stories_in(circle) == []


async def test_withdrawing_twice_at_once_is_answered_both_times(circle: Circle) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann)
    question = (await ann.click(after.message, label="Take it back")).response

    first, second = await press_at_once(
        question.message, (ann, "Yes, take it back"), (ann, "Yes, take it back")
    )

    assert "taken back" in told_to(first) + told_to(second)
    assert told_to(first)
    assert told_to(second)
    assert stories_in(circle) == []


async def test_two_signs_at_once_by_one_person_cancel_out_and_by_two_count_both(circle: Circle) -> None:
    stage, (ann, ben, cem) = circle.stage, circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)

    await press_at_once(story, (ben, "Thank you"), (ben, "Thank you"))
    await press_at_once(story, (ben, "I learned"), (cem, "I learned"))
    await stage.pass_time(minutes=1)

    (story,) = stories_in(circle)
    assert "I learned · 2" in seen(story)
    assert "Thank you ·" not in seen(story)


async def test_ten_presses_of_one_sign_at_once_leave_none_or_one(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    resonating = circle.stage.bot.services.resonating
    story_id = int(custom_id(stories_in(circle)[0], "mine").split(":")[-1])

    counted = await asyncio.gather(*(resonating.press(story_id, Sign.THANKS, ben.id) for _ in range(10)))

    assert sorted(counted) == [False] * 5 + [True] * 5


async def test_a_reply_posted_twice_at_once_appears_once(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    opened = await ben.click(stories_in(circle)[0], label="Reply without my name")
    preview = (await ben.submit_modal(opened, {"text": "I hear you."})).response

    first, second = await press_at_once(preview.message, (ben, "Post"), (ben, "Post"))

    assert code_in(first.response) == code_in(second.response)
    assert first.followups == second.followups == []
    await circle.stage.pass_time(minutes=4)
    (thread,) = circle.channel.threads
    assert sum("I hear you." in seen(message) for message in thread.history()) == 1


async def test_a_reply_can_be_written_from_the_menu_of_any_message_in_the_thread(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    (thread,) = circle.channel.threads
    spoken = await cem.send(thread, "With my name: I know this.")

    opened = await ben.context_menu(thread, "Reply without my name", spoken)
    preview = (await ben.submit_modal(opened, {"text": "Me too."})).response
    await ben.click(preview.message, label="Post")
    await circle.stage.pass_time(minutes=4)
    elsewhere = await cem.send(circle.channel, "Good morning.")
    refused = await ben.context_menu(circle.channel, "Reply without my name", elsewhere)

    assert "Me too." in seen(thread.last_message)
    assert "no story here" in told_to(refused)


async def test_a_reply_changed_and_discarded_leaves_nothing(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    opened = await ben.click(stories_in(circle)[0], label="Reply without my name")
    preview = (await ben.submit_modal(opened, {"text": "First."})).response
    edit = await ben.click(preview.message, label="Edit")
    changed = (await ben.submit_modal(edit, {"text": "Second."})).response
    assert "Second." in seen(changed)
    question = (await ben.click(changed.message, label="Discard")).response
    back = (await ben.click(question.message, label="Back to the preview")).response
    assert "Second." in seen(back)
    question = (await ben.click(back.message, label="Discard")).response

    await ben.click(question.message, label="Discard it")

    (thread,) = circle.channel.threads
    assert len(thread.history()) == 1


async def test_replies_of_a_slow_circle_wait_some_minutes_and_come_only_once_the_thread_is_there(
    stage: Stage,
) -> None:
    slow = await make_circle(stage, delay=30)
    ann, ben, _ = slow.peers
    await tell(slow, ann)
    await stage.pass_time(minutes=31)
    (story,) = stories_in(slow)
    shown = await reply_unnamed(ben, story, "I hear you.")
    assert "under the name" in seen(shown)
    (thread,) = slow.channel.threads
    assert len(thread.history()) == 1

    await stage.pass_time(minutes=3)

    assert "I hear you." in seen(thread.last_message)
    assert not any("ben" in str(item).lower() for item in walk(shown.components))
