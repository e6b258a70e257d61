"""Moderators remove something, and for ten minutes it can come back as it was; then it is gone for good."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from bot.services.edited import What
from db.care_tables import Act, Removal
from db.story_tables import Reply, Story, Update
from tests.conftest import IN_BOTH, POSTGRESQL, SQLITE, Circle, make_circle, seen
from tests.flows.people import (
    SLIP,
    change,
    code_in,
    lock,
    reply_unnamed,
    stories_in,
    tell,
    told_to,
    write,
)
from tests.flows.test_crashes_around_stories import die_at

STARS = "*" * 1800
"""Escaped they take twice the room, so that the story goes on in its thread."""
STEPS = ("story", "pages", "hide", "reply", "update")
MENU = "Remove (moderators)"


async def remove(circle: Circle, story: int = 1, why: str | None = None) -> Any:
    """The command, a reason if one is given, and *Remove it*; returns what the moderator sees."""
    asked = (await circle.moderator.slash(circle.channel, "moderate remove", story=story)).response
    if why is not None:
        custom_id = next(
            item["custom_id"] for row in asked.components for item in row.get("components", ())
            if ":remove-why:" in item.get("custom_id", "")
        )  # fmt: skip
        asked = (await circle.moderator.select(asked.message, [why], custom_id=custom_id)).response
    return (await circle.moderator.click(asked.message, label="Remove it")).response


def shown(circle: Circle) -> list[str]:
    """All that stands in the channel and its threads, without the question and Discord's own words about a
    thread."""
    threads = [message for thread in circle.channel.threads for message in thread.history()]
    said = [seen(message) for message in (*circle.channel.history(), *threads)]
    return sorted(text for text in said if "This week" not in text and text != "Story 1")


def locked(circle: Circle) -> list[bool]:
    """Whether each thread is closed for replies."""
    return [bool(thread._channel.thread_metadata.locked) for thread in circle.channel.threads]


async def rows(circle: Circle, table: Any) -> list[Any]:
    """All rows of a table."""
    async with circle.stage.database.read() as session:
        return list((await session.scalars(select(table))).all())


async def lively(circle: Circle) -> Any:
    """A long story with signs, an update, a reply; returns what its teller saw after posting."""
    ann, ben, cem = circle.peers
    after = await tell(circle, ann, f"Begins here. {STARS[:1780]}", repair=f"{STARS[:780]} word1 ")
    (story,) = stories_in(circle)
    await ben.click(story, label="Thank you")
    await cem.click(story, label="I've been there")
    await reply_unnamed(ben, story, "I hear you.")
    panel = (await ann.click(after.message, label="My story")).response
    opened = await ann.click(panel.message, label="Add how it went")
    preview = (await ann.submit_modal(opened, {"text": "It went well."})).response
    await ann.click(preview.message, label="Post")
    await circle.stage.pass_time(minutes=15)
    return after


@IN_BOTH
async def test_at_once_nothing_of_it_can_be_read_and_all_comes_back_as_it_was(circle: Circle) -> None:
    await lively(circle)
    before = shown(circle)
    assert sum("word1" in text for text in before)
    assert "Thank you · 1" in "".join(before)

    done = await remove(circle)
    hidden = "\n".join(shown(circle))
    assert "Until <t:" in seen(done)
    assert "any moderator can bring it back" in seen(done)
    assert "Story 1 was taken away by the moderators." in hidden
    for word in ("Begins here", "word1", "I hear you", "It went well", "Reply without my name"):
        assert word not in hidden
    assert locked(circle) == [True]

    back = await circle.moderator.click(done.message, label="Bring it back")

    assert "Story 1 is back" in seen(back.response)
    assert shown(circle) == before
    assert locked(circle) == [False]
    await circle.stage.pass_time(minutes=20)
    assert shown(circle) == before
    assert await rows(circle, Removal) == []
    ben = circle.peers[1]
    await ben.click(stories_in(circle)[0], label="Thank you · 1")
    await circle.stage.pass_time(minutes=1)
    assert "Thank you · 1" not in "".join(shown(circle))  # it was counted once, and is taken back


async def test_any_moderator_can_bring_it_back_by_its_number_and_a_lock_stays_one(circle: Circle) -> None:
    await tell(circle, circle.peers[0])
    await lock(circle, 1)
    await remove(circle)

    undone = await circle.facilitator.slash(circle.channel, "moderate undo", story=1)  # manages the server

    assert "Story 1 is back" in seen(undone.response)
    assert SLIP in "".join(shown(circle))
    assert locked(circle) == [True]
    again = await circle.moderator.slash(circle.channel, "moderate undo", story=1)
    assert "It is there already" in seen(again.response)


@IN_BOTH
async def test_after_ten_minutes_it_is_gone_for_good_and_its_teller_sees_that_moderators_did_it(
    circle: Circle,
) -> None:
    ann = circle.peers[0]
    after = await lively(circle)
    done = await remove(circle)
    panel = (await ann.click(after.message, label="My story")).response
    assert "For ten minutes moderators can bring it back" in seen(panel)

    await circle.stage.pass_time(minutes=11)

    assert [text for text in shown(circle) if "Story" in text] == circle.channel.threads == []
    (story,) = await rows(circle, Story)
    assert (story.slip, story.repair, story.message_id) == ("", "", None)
    assert await rows(circle, Reply) == await rows(circle, Update) == await rows(circle, Removal) == []
    late = await circle.moderator.click(done.message, label="Bring it back")
    assert "ten minutes are over" in told_to(late)
    undo = await circle.moderator.slash(circle.channel, "moderate undo", story=1)
    assert "ten minutes are over" in seen(undo.response)
    panel = (await ann.click(after.message, label="My story")).response
    assert "removed by a moderator" in seen(panel)


async def test_the_tellers_withdrawing_wins_and_is_final(circle: Circle) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann)
    done = await remove(circle)

    panel = (await ann.click(after.message, label="My story")).response
    question = (await ann.click(panel.message, label="Withdraw it")).response
    await ann.click(question.message, label="Yes, take it back")

    late = await circle.moderator.click(done.message, label="Bring it back")
    assert "no longer here" in told_to(late)
    await circle.stage.pass_time(minutes=20)
    assert await rows(circle, Story) == await rows(circle, Removal) == circle.channel.threads == []
    assert SLIP not in "".join(shown(circle))


async def test_while_it_is_away_nobody_replies_signs_or_changes_it_and_what_waited_comes_later(
    stage: Any,
) -> None:
    circle = await make_circle(stage, delay=10)
    ann, ben, cem = circle.peers
    after = await tell(circle, ann)
    await stage.pass_time(minutes=11)
    (story,) = stories_in(circle)
    await reply_unnamed(ben, story, "A reply on its way.")
    draft = await cem.click(story, label="Reply without my name")
    preview = (await cem.submit_modal(draft, {"text": "Typed before."})).response
    panel = (await ann.click(after.message, label="My story")).response
    edited = await change(ann, panel, slip="Said better.")
    await ann.click(edited.message, label="Save the change")

    done = await remove(circle)
    refused = await cem.click(preview.message, label="Post")
    assert "no longer here" in told_to(refused)
    await stage.pass_time(minutes=9)
    said = "\n".join(shown(circle))
    assert "A reply on its way" not in said
    assert "Said better" not in said
    await stage.restart()
    await circle.moderator.click(done.message, label="Bring it back")
    await stage.pass_time(minutes=20)

    said = "\n".join(shown(circle))
    assert "A reply on its way" in said
    assert "Said better" in said
    assert SLIP not in said
    assert "Your code" in told_to(await cem.click(preview.message, label="Post"))


async def test_two_moderators_at_once_one_act_happens_and_the_other_is_told_kindly(circle: Circle) -> None:
    await tell(circle, circle.peers[0])
    pages = [
        (await who.slash(circle.channel, "moderate remove", story=1)).response
        for who in (circle.moderator, circle.facilitator)
    ]
    services = circle.stage.bot.services
    (story,) = await rows(circle, Story)

    await circle.moderator.click(pages[0].message, label="Remove it")
    late = await circle.facilitator.click(pages[1].message, label="Remove it")
    assert "removed already" in told_to(late)
    results = await asyncio.gather(
        *(services.removing.bring_back(What.STORY, story.id) for _ in range(4)), return_exceptions=True
    )

    assert sum(isinstance(one, Exception) for one in results) == 3
    acts = sorted(act.kind for act in await rows(circle, Act))
    assert acts == ["brought_back", "removed"]


async def test_at_the_last_moment_either_it_comes_back_or_it_goes_never_half(circle: Circle) -> None:
    await tell(circle, circle.peers[0])
    removing, (story,) = circle.stage.bot.services.removing, await rows(circle, Story)
    gone = await removing.remove(What.STORY, story.id)
    await circle.stage.env.advance_time((gone.until - circle.stage.now()).total_seconds() - 0.001)

    back, _ = await asyncio.gather(
        removing.bring_back(What.STORY, story.id), removing.due(gone.until), return_exceptions=True
    )
    await circle.stage.pass_time(minutes=5)

    (row,) = await rows(circle, Story)
    if isinstance(back, Exception):
        assert (row.state, row.slip, stories_in(circle)) == ("removed", "", [])
    else:
        assert (row.state, row.slip, len(stories_in(circle))) == ("published", SLIP, 1)
    assert await rows(circle, Removal) == []


@pytest.mark.parametrize(("engine", "kind", "sent"), [
    *((SQLITE, kind, sent) for kind in STEPS for sent in (False, True)),
    (POSTGRESQL, "story", True),
])  # fmt: skip
@pytest.mark.parametrize("comes_back", [False, True])
async def test_a_crash_at_any_step_of_it_ends_the_same(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, kind: str, *, sent: bool, comes_back: bool
) -> None:
    await lively(circle)
    before = shown(circle)
    die_at(circle.stage, kind, sent=sent, monkeypatch=monkeypatch)

    done = await remove(circle)
    await circle.stage.restart()
    await circle.stage.pass_time(minutes=3)
    assert "Begins here" not in "\n".join(shown(circle))
    if comes_back:
        await circle.moderator.click(done.message, label="Bring it back")
    await circle.stage.pass_time(minutes=20)

    assert shown(circle) == (before if comes_back else [])


async def test_a_story_that_was_just_being_sent_is_covered_too_and_can_come_back(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, ann = circle.stage, circle.peers[0]
    preview = await write(circle, ann)
    die_at(stage, "story", sent=True, monkeypatch=monkeypatch)
    await ann.click(preview.message, label="Post")
    await stage.restart()
    services, (story,) = stage.bot.services, await rows(circle, Story)
    assert SLIP in "".join(shown(circle))
    assert story.message_id is None

    await services.removing.remove(What.STORY, story.id)
    await stage.tick()
    assert SLIP not in "".join(shown(circle))
    await services.removing.bring_back(What.STORY, story.id)
    await stage.pass_time(minutes=2)

    assert len(stories_in(circle)) == len(circle.channel.threads) == 1
    assert "no advice unless asked" in "".join(shown(circle))


async def in_thread(circle: Circle, text: str) -> Any:
    """The message in the story's thread that has these words."""
    return next(m for m in circle.channel.threads[0].history() if text in seen(m))


@pytest.mark.parametrize(("text", "what"), [("I hear you.", "reply"), ("It went well.", "update")])
async def test_replies_and_updates_go_and_come_back_by_the_menu_of_their_message(
    circle: Circle, text: str, what: str
) -> None:
    await lively(circle)
    before, message = shown(circle), await in_thread(circle, text)

    asked = (await circle.moderator.context_menu(circle.channel.threads[0], MENU, message)).response
    assert f"Remove this {what}" in seen(asked)
    assert text in seen(asked)
    done = (await circle.moderator.click(asked.message, label="Remove it")).response
    assert text not in "\n".join(shown(circle))
    assert "Begins here" in "\n".join(shown(circle))
    again = (await circle.moderator.context_menu(circle.channel.threads[0], MENU, message)).response
    assert "Bring it back" in seen(again)
    await circle.moderator.click(done.message, label="Bring it back")
    assert shown(circle) == before

    asked = (await circle.moderator.context_menu(circle.channel.threads[0], MENU, message)).response
    await circle.moderator.click(asked.message, label="Remove it")
    await circle.stage.pass_time(minutes=11)
    assert text not in "\n".join(shown(circle))
    assert [message.id for message in circle.channel.threads[0].history()].count(message.id) == 0
    (row,) = await rows(circle, Reply if what == "reply" else Update)
    assert (row.state, row.text, row.message_id) == ("removed", "", None)
    kinds = sorted(act.kind for act in await rows(circle, Act))
    assert kinds == sorted([f"{what}_removed", f"{what}_removed", f"{what}_brought_back"])


async def test_whoever_wrote_a_removed_reply_sees_it_and_can_take_it_back_first(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    after = await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    await circle.stage.pass_time(minutes=4)
    asked = (
        await circle.moderator.context_menu(
            circle.channel.threads[0], MENU, await in_thread(circle, "I hear you.")
        )
    ).response
    done = (await circle.moderator.click(asked.message, label="Remove it")).response

    opened = await ben.slash(circle.channel, "story receipt")
    panel = (await ben.submit_modal(opened, {"code": code_in(after)})).response
    assert "removed by a moderator" in seen(panel)
    question = (await ben.click(panel.message, label="Withdraw it")).response
    await ben.click(question.message, label="Yes, take it back")

    assert "no longer here" in told_to(await circle.moderator.click(done.message, label="Bring it back"))
    assert await rows(circle, Reply) == []


async def test_the_menu_is_for_moderators_and_for_what_the_bot_has_posted(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)

    refused = await ben.context_menu(circle.channel, MENU, story)
    assert f"<@&{circle.moderators.id}>" in seen(refused.response)
    said = await ben.send(circle.channel, "Something of my own.")
    other = await circle.moderator.context_menu(circle.channel, MENU, said)
    assert "Discord's own *Delete*" in seen(other.response)
    assert SLIP in "".join(shown(circle))
