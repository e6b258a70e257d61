"""A teller puts their name to a story that was told without: it is said before, it holds for all they said
as its teller, and nobody else can do it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from tests.conftest import IN_BOTH, Circle, Stage, make_circle, seen
from tests.flows.people import code_in, panel_of, reply_unnamed, stories_in, tell, told_to

SLIP = "I forgot the hour."
PAST_THE_WINDOW = 29


async def with_code(circle: Circle, person: Any, code: str) -> Any:
    """The panel, opened with a code."""
    opened = await person.slash(circle.channel, "story receipt")
    return (await person.submit_modal(opened, {"code": code})).response


async def claim(person: Any, panel: Any) -> Any:
    """*Put my name to it*, and yes; returns all that is said."""
    question = (await person.click(panel.message, label="Put my name to it")).response
    return await person.click(question.message, label="Yes, with my name")


async def story_row(stage: Stage) -> Any:
    """The only story's row."""
    async with stage.database.read() as session:
        return (await session.execute(text("SELECT * FROM stories"))).one()


def said_in(circle: Circle) -> list[str]:
    """The story, and what is in its thread."""
    threads = [message for thread in circle.channel.threads for message in thread.history()]
    return [seen(message) for message in (*stories_in(circle), *threads)]


async def answer(circle: Circle, person: Any, words: str, label: str = "Answer in the thread") -> None:
    """Something said as the teller."""
    opened = await person.click((await panel_of(circle, person)).message, label=label)
    shown = (await person.submit_modal(opened, {"text": words})).response
    await person.click(shown.message, label="Post")


@IN_BOTH
async def test_the_name_stands_on_the_story_and_on_all_that_its_teller_said(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    code = code_in(await tell(circle, ann, SLIP))
    await answer(circle, ann, "Thank you all.")
    await answer(circle, ann, "It went well.", "Add how it went")
    await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    await circle.stage.pass_time(minutes=4)
    panel = await panel_of(circle, ann)

    question = (await ann.click(panel.message, label="Put my name to it")).response
    assert "Put your name, **ann**, to story 1?" in seen(question)
    assert "as its teller bears your name too: 2." in seen(question)
    assert "under a pen name stays without your name" in seen(question)
    assert "There is no way back" in seen(question)
    kept = await ann.click(question.message, label="No, leave it")
    assert "all stays as it is" in told_to(kept)
    assert "ann" not in "\n".join(said_in(circle))

    done = await claim(ann, await panel_of(circle, ann))
    assert "bears your name from now on" in told_to(done)

    story, opening, *added = said_in(circle)
    assert story.startswith("### Story 1 · ann\n")
    heard = next(one for one in added if "I hear you." in one)
    assert sorted(one.removesuffix("\nThis is mine") for one in added if one != heard) == [
        "**An update from ann**\nIt went well.",
        "**ann**, who told this story\nThank you all.",
    ]
    assert "ann" not in opening + heard
    assert len(stories_in(circle)) == len(circle.channel.threads) == 1
    row = await story_row(circle.stage)
    assert (row.voice, row.author_id, row.receipt_hash) == ("named", ann.id, None)
    assert "I know nothing with this code" in seen(await with_code(circle, ann, code))
    again = await panel_of(circle, ann)
    assert "Put my name to it" not in seen(again)
    assert "Withdraw the story" in seen(again)


async def test_a_found_code_claims_nothing_inside_the_window(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    code = code_in(await tell(circle, ann, SLIP))
    panel = await with_code(circle, ben, code)

    refused = await ben.click(panel.message, label="Put my name to it")

    assert "This code doesn't belong to this story" in told_to(refused)
    assert "ben" not in said_in(circle)[0]


async def test_after_the_window_the_code_alone_decides(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    code = code_in(await tell(circle, ann, SLIP))
    own = await panel_of(circle, ann)
    await stage.later(days=PAST_THE_WINDOW)

    without = await ann.click(own.message, label="Put my name to it")
    assert "This code doesn't belong to this story" in told_to(without)
    assert "bears your name" in told_to(await claim(ann, await with_code(circle, ann, code)))

    assert said_in(circle)[0].startswith("### Story 1 · ann\n")
    recognised = await panel_of(circle, ann)
    assert "Withdraw the story" in seen(recognised)
    assert (await ben.click(stories_in(circle)[0], label="This is mine")).modal is not None


async def test_a_story_that_waits_appears_with_the_name_at_its_own_moment(stage: Stage) -> None:
    slow = await make_circle(stage, delay=30)
    ann = slow.peers[0]
    after = await tell(slow, ann, SLIP)
    panel = (await ann.click(after.message, label="My story")).response
    async with stage.database.read() as session:
        before = (await session.execute(text("SELECT id, not_before FROM deliveries"))).all()

    question = (await ann.click(panel.message, label="Put my name to it")).response
    assert "at the moment at which it would have appeared without" in seen(question)
    done = await ann.click(question.message, label="Yes, with my name")
    assert "It will appear with your name." in told_to(done)
    again = (await ann.click(panel.message, label="Put my name to it")).response
    assert "bears your name already" in seen(again)

    async with stage.database.read() as session:
        assert (await session.execute(text("SELECT id, not_before FROM deliveries"))).all() == before
    assert stories_in(slow) == []
    await stage.pass_time(minutes=31)
    assert said_in(slow)[0].startswith("### Story 1 · ann\n")


async def test_a_mute_given_for_the_story_goes_on_and_can_still_be_given(circle: Circle) -> None:
    stage, (ann, _, cem) = circle.stage, circle.peers
    await tell(circle, ann, SLIP)
    moderation, row = stage.bot.services.moderation, await story_row(stage)
    await moderation.mute(row.id, stage.now().replace(year=2027))

    await claim(ann, await panel_of(circle, ann))

    muted = await ann.slash(circle.channel, "share")
    assert "You can't tell or reply" in told_to(muted)
    await moderation.unmute(row.circle_id, 1)
    assert (await ann.slash(circle.channel, "share")).modal is not None
    await moderation.mute(row.id, stage.now().replace(year=2027))
    assert "You can't tell or reply" in told_to(await ann.slash(circle.channel, "share"))
    assert (await cem.slash(circle.channel, "share")).modal is not None


@pytest.mark.parametrize("step", ["prepare", "record"])
@pytest.mark.parametrize("kind", ["story", "reply"])
async def test_a_crash_while_the_name_is_put_doubles_and_forgets_nothing(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, kind: str, step: str
) -> None:
    stage, ann = circle.stage, circle.peers[0]
    await tell(circle, ann, SLIP)
    await answer(circle, ann, "Thank you all.")
    panel = await panel_of(circle, ann)

    async def dies(*_: Any) -> Any:
        raise asyncio.CancelledError

    monkeypatch.setattr(stage.bot.deliverer._renderers[kind], step, dies)
    await claim(ann, panel)
    await stage.restart()
    await stage.pass_time(minutes=5)

    story, _opening, thanks = said_in(circle)
    assert "· ann" in story
    assert thanks.startswith("**ann**, who told this story")
