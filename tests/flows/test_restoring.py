"""A copy of the database is put back: nothing is asked twice, and nothing that was taken back returns."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import screen
from bot.cli.restore import Memory, put_right, restore
from bot.delivery.steps import Send
from bot.services.restoring import LONG_AGO, Restored
from db.copying import back_up
from db.database import open_database
from db.story_tables import Story
from db.tables import Delivery, Memo
from tests.conftest import Circle, Stage, make_circle, seen
from tests.flows.people import ask_now, code_in, custom_id, reply_unnamed, stories_in, tell, write
from tests.flows.test_prompt_once import deny

pytestmark = pytest.mark.usefixtures("circle")
MONDAY_AT_NINE = {"days": 4, "hours": 8}
"""From the start, a Thursday at midnight UTC, to nine o'clock in Berlin on the Monday after."""


def copy_of(stage: Stage) -> Path:
    """A backup, taken while the bot runs."""
    copy = stage.folder / "copies" / "copy.sqlite3"
    copy.parent.mkdir()
    back_up(stage.database.path, copy, stage.now())
    return copy


async def put_back(stage: Stage, copy: Path, *, lost: tuple[str, ...] = ()) -> tuple[Restored, Memory]:
    """The bot stops, the copy is put back, and the bot goes on. ``lost`` is what the disaster took: the
    database, or what lies beside it."""
    await stage.bot.services.housekeeping.stopped(stage.now())
    await stage._opened.aclose()
    for ending in lost:
        stage.database.path.with_name(stage.database.path.name + ending).unlink(missing_ok=True)
    done = await asyncio.to_thread(restore, stage.settings, copy, stage.now(), overwrite=True)
    await stage.restart()
    await stage.tick()
    return done


def prompts_in(circle: Circle) -> list[Any]:
    """The weekly questions that stand in the channel."""
    return [message for message in circle.channel.history() if "This week" in seen(message)]


async def told_to_facilitators(circle: Circle) -> str:
    shown = await circle.facilitator.slash(circle.channel, "circle status")
    return seen(shown.response)


async def my_story(circle: Circle, person: Any, code: str) -> Any:
    """What somebody sees who comes back with a code."""
    opened = await person.slash(circle.channel, "story receipt")
    return (await person.submit_modal(opened, {"code": code})).response


async def withdraw(person: Any, panel: Any) -> None:
    """*Withdraw*, and *Yes*."""
    sure = (await person.click(panel.message, label="Withdraw the story")).response
    await person.click(sure.message, custom_id=custom_id(sure, "withdraw-sure"))


EVERYTHING_GONE = ("", ".erasures")
ONLY_THE_DATABASE = ("",)


@pytest.mark.parametrize("lost", [(), ONLY_THE_DATABASE, EVERYTHING_GONE], ids=["nothing", "database", "all"])
async def test_the_bot_goes_on_without_a_second_question_whatever_else_was_lost(
    circle: Circle, lost: tuple[str, ...]
) -> None:
    stage = circle.stage
    copy = copy_of(stage)
    await stage.pass_time(**MONDAY_AT_NINE)
    assert len(prompts_in(circle)) == 1

    await put_back(stage, copy, lost=lost)
    await stage.pass_time(days=6)

    assert len(prompts_in(circle)) == 1
    await stage.pass_time(days=1)
    assert len(prompts_in(circle)) == 2  # the next week's, on time


async def test_a_question_that_was_asked_early_isnt_asked_again_at_its_usual_time(circle: Circle) -> None:
    stage = circle.stage
    await stage.pass_time(days=4)  # Monday, before nine
    copy = copy_of(stage)
    await ask_now(circle)

    await put_back(stage, copy, lost=EVERYTHING_GONE)
    await stage.pass_time(days=6)

    assert len(prompts_in(circle)) == 1


async def test_facilitators_hear_of_the_week_in_doubt_and_decide(circle: Circle) -> None:
    stage = circle.stage
    copy = copy_of(stage)
    await stage.pass_time(**MONDAY_AT_NINE)
    await put_back(stage, copy, lost=EVERYTHING_GONE)

    said = await told_to_facilitators(circle)
    assert "the week of Monday, 5 January 2026" in said
    assert "Thursday, 1 January 2026" in said
    await circle.facilitator.slash(circle.channel, "prompt post-now")

    assert len(prompts_in(circle)) == 2  # because somebody looked, and said so
    assert "the week of" not in await told_to_facilitators(circle)


async def test_a_week_that_the_earlier_database_knows_to_be_free_is_asked_as_usual(circle: Circle) -> None:
    stage = circle.stage
    await stage.pass_time(days=4)  # Monday, before nine
    copy = copy_of(stage)
    await stage.pass_time(hours=1)

    done, _ = await put_back(stage, copy)
    assert done.weeks == 0
    await stage.pass_time(hours=8)

    assert len(prompts_in(circle)) == 1


@pytest.mark.parametrize("lost", [(), ONLY_THE_DATABASE, (".erasures",)], ids=["nothing", "database", "list"])
async def test_a_story_that_was_withdrawn_since_is_gone_from_the_copy_too(
    circle: Circle, lost: tuple[str, ...]
) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    after = await tell(circle, ann, "The story of the wombat.")
    await reply_unnamed(ben, stories_in(circle)[0], "A wombat, really?")
    await stage.pass_time(minutes=5)
    copy = copy_of(stage)
    panel = (await ann.click(after.message, label="My story")).response
    await withdraw(ann, panel)
    await stage.tick()
    assert stories_in(circle) == []

    done, memory = await put_back(stage, copy, lost=lost)
    await stage.pass_time(days=1)

    assert done.erased == 1
    assert not memory.none_at_all
    assert stories_in(circle) == []
    assert all(b"wombat" not in path.read_bytes() for path in stage.folder.glob("test.sqlite3*"))
    assert "wombat" not in seen(await my_story(circle, ann, code_in(after)))


async def test_a_story_that_waited_and_appeared_since_isnt_posted_twice_and_can_be_withdrawn(
    stage: Stage,
) -> None:
    circle = await make_circle(stage, delay=30)
    (ann, *_) = circle.peers
    after = await tell(circle, ann, "The story of the wombat.")
    assert stories_in(circle) == []
    copy = copy_of(stage)
    await stage.pass_time(minutes=35)
    assert len(stories_in(circle)) == 1

    done, _ = await put_back(stage, copy, lost=EVERYTHING_GONE)
    await stage.pass_time(days=1)

    assert done.unsure == 1
    assert len(stories_in(circle)) == 1
    assert "don't send them by myself" in await told_to_facilitators(circle)
    panel = await my_story(circle, ann, code_in(after))
    await withdraw(ann, panel)
    await stage.tick()
    assert stories_in(circle) == []  # found by its marker, though the copy never heard of its message


@pytest.mark.parametrize("then", ["looked for", "withdrawn"])
async def test_a_story_that_was_edited_since_is_still_recognised(stage: Stage, then: str) -> None:
    circle = await make_circle(stage, delay=30)
    ann, ben, _ = circle.peers
    after = await tell(circle, ann)
    copy = copy_of(stage)
    await stage.pass_time(minutes=35)
    await ben.click(stories_in(circle)[0], label="Thank you")
    await stage.pass_time(minutes=2)  # signs appear together, a little later
    assert "Thank you · 1" in seen(stories_in(circle)[0])  # an edit, which takes the delivery's marker away

    await put_back(stage, copy, lost=EVERYTHING_GONE)
    if then == "looked for":
        shown = await circle.facilitator.slash(circle.channel, "circle status")
        page = await circle.facilitator.click(shown.response.message, label="What waits for you")
        await circle.facilitator.click(page.response.message, label="Look again")
        await stage.tick()
        (story,) = stories_in(circle)
        await reply_unnamed(ben, story, "I know that.")  # the story has its buttons, and its thread
    else:
        await withdraw(ann, await my_story(circle, ann, code_in(after)))
        await stage.tick()
        assert stories_in(circle) == []


async def test_a_story_that_waited_and_was_withdrawn_since_never_appears(stage: Stage) -> None:
    circle = await make_circle(stage, delay=30)
    (ann, *_) = circle.peers
    after = await tell(circle, ann)
    copy = copy_of(stage)
    panel = (await ann.click(after.message, label="My story")).response
    await withdraw(ann, panel)
    await stage.tick()

    await put_back(stage, copy, lost=ONLY_THE_DATABASE)
    await stage.pass_time(days=1)

    assert stories_in(circle) == []
    async with stage.database.read() as session:
        assert (await session.scalars(select(Story))).all() == []


async def test_a_story_told_since_stays_in_the_channel_and_nothing_breaks_at_it(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    copy = copy_of(stage)
    await tell(circle, ann)

    await put_back(stage, copy, lost=EVERYTHING_GONE)

    (story,) = stories_in(circle)
    pressed = await ben.click(story, label="Reply without my name")
    assert "no longer here" in seen(pressed.response)


async def test_numbers_go_on_where_the_earlier_database_can_be_read(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    copy = copy_of(stage)
    await tell(circle, ann)
    await put_back(stage, copy)

    await tell(circle, ben)

    assert ["Story 1" in seen(story) for story in stories_in(circle)] == [True, False]


async def test_words_that_were_only_written_yet_can_still_be_posted(circle: Circle) -> None:
    stage, (ann, *_) = circle.stage, circle.peers
    preview = await write(circle, ann)
    copy = copy_of(stage)
    await put_back(stage, copy, lost=EVERYTHING_GONE)

    await ann.click(preview.message, label="Post")

    assert len(stories_in(circle)) == 1


async def test_a_copy_that_was_put_back_by_hand_is_put_right_in_its_place(circle: Circle) -> None:
    stage = circle.stage
    copy = copy_of(stage)
    await stage.pass_time(**MONDAY_AT_NINE)
    await stage._opened.aclose()
    copy.replace(stage.database.path)

    await put_right(stage.settings, stage.now())
    await stage.restart()
    await stage.pass_time(days=6)

    assert len(prompts_in(circle)) == 1


async def test_nothing_that_is_owed_waits_to_be_sent_as_if_nothing_had_happened(stage: Stage) -> None:
    circle = await make_circle(stage, delay=30)
    (ann, *_) = circle.peers
    await tell(circle, ann)
    copy = copy_of(stage)

    await put_back(stage, copy)

    async with stage.database.read() as session:
        owed = (await session.scalars(select(Delivery).where(Delivery.state != "sent"))).all()
        assert await session.get(Memo, "copied_at") is None
    assert [(row.kind, row.state) for row in owed] == [("story", "unsure")]


async def test_nobody_looks_further_back_than_discord_counts(circle: Circle) -> None:
    stage = circle.stage
    send = Send(circle.channel.id, screen.screen(screen.text("a thing")))

    assert await stage.bot.side.look_for(send, "a-delivery", LONG_AGO) is None

    asked = next(one for one in reversed(stage.env.http_requests) if one.path.endswith("/messages"))
    assert asked.params["after"] >= 0


async def test_facilitators_read_what_is_in_doubt_and_why_also_of_a_story_without_a_number(
    circle: Circle,
) -> None:
    stage = circle.stage
    await ask_now(circle)
    deny(circle, send_messages=True)
    await tell(circle, circle.peers[0])
    await stage.tick()
    copy = copy_of(stage)
    async with open_database(f"sqlite+aiosqlite:///{copy}") as taken, taken.write() as session:
        await session.execute(update(Story).values(number=None))  # as one that hadn't been tried yet

    await put_back(stage, copy)
    status = (await circle.facilitator.slash(circle.channel, "circle status")).response
    page = seen((await circle.facilitator.click(status.message, label="What waits for you")).response)

    assert "**A story** was on its way when a copy was made" in page
