"""The teller's panel and the panels of what they added: every button, for everybody who comes across it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import IN_BOTH, Circle, Stage, make_circle, seen, walk
from tests.flows.people import code_in, custom_id, lock, reply_unnamed, stories_in, tell, told_to

PAST_THE_WINDOW = 29
GONE = "no longer here"


def labels(shown: Any) -> list[str]:
    """The buttons that somebody sees."""
    parts = [part if isinstance(part, dict) else part.to_dict() for part in shown.components]
    return [item["label"] for item in walk(parts) if item.get("type") == 2]


def thread_message(circle: Circle, text: str) -> Any:
    """A message in the circle's only thread."""
    (thread,) = circle.channel.threads
    return next(message for message in thread.history() if text in seen(message))


async def add(person: Any, panel: Any, label: str, text: str) -> Any:
    """*Add how it went* or *Answer in the thread*, up to *Post*; returns what stands there then."""
    opened = await person.click(panel.message, label=label)
    preview = (await person.submit_modal(opened, {"text": text})).response
    return (await person.click(preview.message, label="Post")).response


async def panel_of(person: Any, message: Any) -> Any:
    """*This is mine*, by somebody who is recognised."""
    return (await person.click(message, label="This is mine")).response


async def take_back(person: Any, panel: Any, label: str) -> Any:
    """The button that takes something back, and the answer to its question."""
    question = (await person.click(panel.message, label=label)).response
    return await person.click(question.message, label="Yes, take it back")


@IN_BOTH
async def test_an_update_shows_its_code_and_can_be_withdrawn_with_it_weeks_later(circle: Circle) -> None:
    stage, (ann, _, cem) = circle.stage, circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)
    await add(ann, await panel_of(ann, story), "Add how it went", "First: it went well.")
    after = await add(ann, await panel_of(ann, story), "Add how it went", "Second: it did not.")
    await stage.pass_time(minutes=5)
    assert "Update: Second" in seen(stories_in(circle)[0]).replace("**", "")

    await stage.later(days=PAST_THE_WINDOW)
    asked = await cem.slash(circle.channel, "story receipt")
    panel = (await cem.submit_modal(asked, {"code": code_in(after)})).response
    assert "Your update to story 1" in seen(panel)
    done = await take_back(cem, panel, "Withdraw the update")
    await stage.pass_time(minutes=5)

    assert "It is taken back" in told_to(done)
    (thread,) = circle.channel.threads
    texts = "\n".join(seen(message) for message in thread.history())
    assert "Second: it did not." not in texts + seen(stories_in(circle)[0])
    assert "Update: First" in seen(stories_in(circle)[0]).replace("**", "")
    again = await cem.submit_modal(await cem.slash(circle.channel, "story receipt"), {"code": code_in(after)})
    assert "I know nothing with this code" in told_to(again)


async def test_an_update_taken_back_on_its_way_never_appears(stage: Stage) -> None:
    circle = await make_circle(stage, delay=30)
    ann = circle.peers[0]
    after = await tell(circle, ann)
    await stage.pass_time(minutes=31)
    panel = (await ann.click(after.message, label="My story")).response
    added = await add(ann, panel, "Add how it went", "Too early to say.")
    panel = (await ann.click(after.message, label="My story")).response
    assert "updates (1)" in seen(panel)

    question = (await ann.click(added.message, label="Take it back")).response
    done = await ann.click(question.message, label="Yes, take it back")
    await stage.pass_time(minutes=40)

    assert "Nobody has seen it" in told_to(done)
    (thread,) = circle.channel.threads
    assert not any("Too early" in seen(message) for message in thread.history())


async def test_a_named_teller_takes_an_update_back_without_any_code(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, named=True)
    after = await add(ann, await panel_of(ann, stories_in(circle)[0]), "Add how it went", "It went well.")
    assert "Your code" not in seen(after)
    await circle.stage.later(days=PAST_THE_WINDOW)

    update = await panel_of(ann, thread_message(circle, "It went well."))
    await take_back(ann, update, "Withdraw the update")
    await circle.stage.pass_time(minutes=5)

    assert "It went well." not in seen(stories_in(circle)[0])


async def test_this_is_mine_on_a_reply_knows_its_writer_and_tells_nobody_else_anything(
    circle: Circle,
) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    code = code_in(await reply_unnamed(ben, stories_in(circle)[0], "I know that."))
    await circle.stage.pass_time(minutes=5)
    reply = thread_message(circle, "I know that.")
    before = len(circle.stage.env.http_requests)

    for stranger in (ann, cem, circle.moderator, circle.facilitator):
        asked = await stranger.click(reply, label="This is mine")
        assert asked.modal is not None
        refused = await stranger.submit_modal(asked, {"code": "0000-0000-0000-0000-0000"})
        assert "doesn't belong to this reply" in told_to(refused)
    mine = await panel_of(ben, reply)
    assert "Your reply to story 1" in seen(mine)
    with_code = await cem.submit_modal(await cem.click(reply, label="This is mine"), {"code": code})
    assert "Your reply to story 1" in told_to(with_code)
    made = circle.stage.env.http_requests[before:]
    assert all(one.path.startswith(("/interactions", "/webhooks")) for one in made)

    done = await take_back(ben, mine, "Withdraw the reply")
    await circle.stage.pass_time(minutes=5)
    assert "It is taken back" in told_to(done)
    (thread,) = circle.channel.threads
    assert not any("I know that." in seen(message) for message in thread.history())


async def test_the_teller_finds_and_takes_back_what_they_added_with_the_storys_code_alone(
    circle: Circle,
) -> None:
    stage, ann = circle.stage, circle.peers[0]
    code = code_in(await tell(circle, ann))
    (story,) = stories_in(circle)
    for number in range(4):
        await add(ann, await panel_of(ann, story), "Add how it went", f"Update {number}.")
        await add(ann, await panel_of(ann, story), "Answer in the thread", f"Answer {number}.")
    await stage.later(days=PAST_THE_WINDOW)

    asked = await ann.click(story, label="This is mine")
    panel = (await ann.submit_modal(asked, {"code": code})).response
    page = (await ann.click(panel.message, label="What I added")).response
    assert labels(page) == ["Look"] * 6 + ["Next page"]
    rest = (await ann.click(page.message, label="Next page")).response
    assert labels(rest) == ["Look"] * 2 + ["Page before"]
    look = next(
        item["custom_id"] for item in walk(rest.components) if "added-panel" in item.get("custom_id", "")
    )
    one = (await ann.click(rest.message, custom_id=look)).response
    await take_back(ann, one, "Withdraw the answer")
    await stage.pass_time(minutes=5)

    (thread,) = circle.channel.threads
    assert sum("Answer" in seen(message) for message in thread.history()) == 3


async def test_closing_replies_locks_the_thread_later_and_everybody_is_told_in_their_own_words(
    stage: Stage,
) -> None:
    circle = await make_circle(stage, delay=30)
    ann, ben, _ = circle.peers
    after = await tell(circle, ann)
    await stage.pass_time(minutes=31)
    (thread,), (story,) = circle.channel.threads, stories_in(circle)
    draft = await ben.submit_modal(
        await ben.click(story, label="Reply without my name"), {"text": "Written before."}
    )
    panel = (await ann.click(after.message, label="My story")).response

    closed = (await ann.click(panel.message, label="Close replies")).response
    assert "others see it within a few minutes" in seen(closed)
    assert "Answer in the thread" not in labels(closed)
    assert not thread._channel.thread_metadata.locked
    await stage.pass_time(minutes=3)
    assert thread._channel.thread_metadata.locked

    assert "no further replies" in told_to(await ben.click(story, label="Reply without my name"))
    refused = await ben.click(draft.response.message, label="Post")
    assert "no further replies" in told_to(refused)
    assert "Written before." in seen(draft.response)
    unlocked = await circle.moderator.slash(circle.channel, "moderate unlock", story=1)
    assert "its teller wants no further replies" in seen(unlocked.response) or "closed" in seen(
        unlocked.response
    )
    await stage.pass_time(minutes=3)
    assert thread._channel.thread_metadata.locked

    opened = (await ann.click(closed.message, label="Open replies again")).response
    assert "being opened again" in seen(opened)
    await stage.pass_time(minutes=3)
    assert not thread._channel.thread_metadata.locked
    await ben.click(draft.response.message, label="Post")
    await stage.pass_time(minutes=3)
    assert "Written before." in seen(thread.last_message)


async def test_a_moderators_unlocking_does_not_open_what_the_teller_closed_and_says_so(
    circle: Circle,
) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann)
    (thread,) = circle.channel.threads
    await lock(circle, 1)
    panel = (await ann.click(after.message, label="My story")).response
    assert "A moderator has closed its thread" in seen(panel)
    await ann.click(panel.message, label="Close replies")
    await circle.stage.pass_time(minutes=3)

    said = (await circle.moderator.slash(circle.channel, "moderate unlock", story=1)).response
    await circle.stage.pass_time(minutes=3)

    assert "only they can open it" in seen(said)
    assert thread._channel.thread_metadata.locked


async def test_the_panel_says_how_the_story_stands(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)
    assert "No quiet signs so far" in seen(await panel_of(ann, story))
    await ben.click(story, label="Thank you")
    await cem.click(story, label="Thank you")
    await reply_unnamed(ben, story, "I know that.")
    await circle.stage.pass_time(minutes=5)

    panel = seen(await panel_of(ann, story))

    assert "Quiet signs: Thank you · 2" in panel
    assert "Replies without a name: 1" in panel
    assert "I forgot a client's session" in panel


async def everything_own(circle: Circle) -> dict[str, tuple[Any, Any]]:
    """One of each thing that can be somebody's own: its message, and whose it is."""
    ann, ben, _ = circle.peers
    mo = circle.moderator
    await tell(circle, ann, "By Ann.")
    (story,) = stories_in(circle)
    await add(ann, await panel_of(ann, story), "Add how it went", "The update.")
    await add(ann, await panel_of(ann, story), "Answer in the thread", "The answer.")
    await reply_unnamed(ben, story, "The reply.")
    await reply_unnamed(mo, story, "A moderator's reply.")
    await circle.stage.pass_time(minutes=5)
    return {
        "story": (story, ann),
        "update": (thread_message(circle, "The update."), ann),
        "answer": (thread_message(circle, "The answer."), ann),
        "reply": (thread_message(circle, "The reply."), ben),
        "moderator's reply": (thread_message(circle, "A moderator's reply."), mo),
    }


async def test_every_button_of_every_panel_answers_once_twice_and_after_a_restart(circle: Circle) -> None:
    for what, (message, owner) in (await everything_own(circle)).items():
        for label in labels(await panel_of(owner, message)):
            panel = await panel_of(owner, message)
            pressed = custom_id_of(panel, label)
            for _ in range(2):
                if pressed in ids_of(panel):
                    done = await owner.click(panel.message, custom_id=pressed)
                    assert done.modal or told_to(done), (what, label)
                    await circle.stage.restart()


async def test_every_button_of_every_panel_says_kindly_that_it_is_gone_after_withdrawal(
    circle: Circle,
) -> None:
    ann = circle.peers[0]
    for what, (message, owner) in (await everything_own(circle)).items():
        panels = {label: await panel_of(owner, message) for label in labels(await panel_of(owner, message))}
        for label in panels:
            panels[label] = await panel_of(owner, message)
        own, services = message, circle.stage.bot.services.own_stories
        if what == "story":
            kept = panels, message
            continue
        kind, number = custom_id(own, "added-mine").split(":")[-2:]
        take = services.withdraw_my_reply if kind == "reply" else services.withdraw_update
        await take(int(number), None, owner.id)  # not delivered yet: the message still stands there
        for label, panel in panels.items():
            assert GONE in told_to(await owner.click(panel.message, label=label)), (what, label)
        assert GONE in told_to(await owner.click(message, label="This is mine"))
    panels, message = kept
    story_id = int(custom_id(message, "mine").split(":")[-1])
    await circle.stage.bot.services.own_stories.withdraw(story_id, None, ann.id)
    for label, panel in panels.items():
        assert GONE in told_to(await ann.click(panel.message, label=label)), label


async def test_a_moderator_who_told_a_story_has_the_same_panel_and_no_other_power_over_their_own(
    circle: Circle,
) -> None:
    mo, ann = circle.moderator, circle.peers[0]
    await tell(circle, mo, "By a moderator.")
    await tell(circle, ann, "By Ann.")
    own, other = stories_in(circle)

    panel = await panel_of(mo, own)
    assert labels(panel) == [
        "Add how it went", "Edit", "Answer in the thread", "Close replies", "Put my name to it",
        "Private notes", "Withdraw the story",
    ]  # fmt: skip
    await mo.click(panel.message, label="Close replies")
    asked = await mo.click(other, label="This is mine")

    assert asked.modal is not None
    listed = (await mo.slash(circle.channel, "story mine")).response
    assert "By a moderator." in seen(listed)
    assert "By Ann." not in seen(listed)


def custom_id_of(shown: Any, label: str) -> str:
    """What stands behind the button with this label."""
    (found,) = [item["custom_id"] for item in walk(shown.components) if item.get("label") == label]
    return found


def ids_of(shown: Any) -> set[str]:
    """The custom_ids on an answer as it is now."""
    stored = shown.message
    parts = [part.to_dict() for part in stored.components]
    return {item["custom_id"] for item in walk(parts) if "custom_id" in item}


@pytest.mark.parametrize("named", [False, True])
async def test_no_row_of_a_panel_has_more_than_five_buttons(circle: Circle, named: bool) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, named=named)
    (story,) = stories_in(circle)
    await add(ann, await panel_of(ann, story), "Add how it went", "It went well.")

    panel = await panel_of(ann, story)

    rows = [part["components"] for part in panel.components if part["type"] == 1]
    assert all(1 <= len(row) <= 5 for row in rows)
    assert len(rows) == 3
