"""What moderators do stands in a log that the whole circle can read, without content, teller or moderator."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from db.care_tables import Act
from db.story_tables import Mute
from tests.conftest import Circle, make_circle, seen, walk
from tests.flows.people import SLIP, lock, stories_in, tell
from tests.flows.test_crashes_around_stories import die_at
from tests.flows.test_forged_presses import forge
from tests.flows.test_moderation import moderate, mute
from tests.flows.test_removing import remove, shown


async def log_of(circle: Circle, person: Any) -> str:
    """What somebody reads at ``/circle log``."""
    done = await person.slash(circle.channel, "circle log")
    assert done.ephemeral
    return seen(done.response)


async def show_in(circle: Circle, channel: Any) -> None:
    """The circle shows its log in a channel, too."""
    caring, circle_id = circle.stage.bot.services.caring, (await circle.info).id
    await caring.change(circle_id, replace(await caring.plan(circle_id), log_channel_id=channel.id))


def select_of(shown: Any, action: str) -> str:
    """The custom_id of a select."""
    return next(
        item["custom_id"] for item in walk(shown.components) if f":{action}:" in item.get("custom_id", "")
    )


async def note(circle: Circle, value: str, story: int = 1) -> Any:
    """``/moderate note``, and a note chosen."""
    page = await moderate(circle, "note", story=story)
    return (await circle.moderator.select(page.message, [value], custom_id=select_of(page, "note"))).response


async def test_everybody_in_the_circle_reads_what_was_done_and_why_and_no_word_or_name(
    circle: Circle,
) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann)
    assert "Nothing has been done yet" in await log_of(circle, ben)

    await lock(circle, 1)
    await moderate(circle, "unlock", story=1)
    await note(circle, "Death and grief")
    await mute(circle, 1)
    await moderate(circle, "unmute", story=1)
    await circle.moderator.slash(circle.channel, "circle pause")
    await circle.facilitator.slash(circle.channel, "circle resume")
    done = await remove(circle, why="identifies")
    await circle.moderator.click(done.message, label="Bring it back")

    said = await log_of(circle, ben)
    for line in (
        "Moderators closed the thread of story 1 for replies: to take care of the circle.",
        "Moderators opened the thread of story 1 for replies again.",
        "Moderators put a content note before story 1: to take care of the circle.",
        "Moderators used a mute: to take care of the circle.", "Moderators ended a mute.",
        "Moderators paused the circle.", "Facilitators let the circle go on.",
        "Moderators removed story 1: it may identify somebody.", "Moderators brought story 1 back.",
        "Thursday, 1 January 2026",
    ):  # fmt: skip
        assert line in said
    for word in (SLIP, "Death and grief", "2026-01-08", "8 January", str(ann.id), str(circle.moderator.id)):
        assert word not in said
    async with circle.stage.database.read() as session:
        kept = str([vars(act) for act in await session.scalars(select(Act))])
    assert str(circle.moderator.id) not in kept


async def test_a_mute_is_no_oracle_its_line_is_the_same_for_whomever(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    for person in (ann, ann, ben):
        await tell(circle, person)
    lines = list[list[str]]()
    for number in (1, 2, 3, 1):
        before = (await log_of(circle, ben)).splitlines()
        await mute(circle, number)
        after = (await log_of(circle, ben)).splitlines()
        lines.append([line for line in after if after.count(line) > before.count(line) and "mute" in line])
    async with circle.stage.database.read() as session:
        numbers = {act.number for act in await session.scalars(select(Act))}
        assert len((await session.scalars(select(Mute))).all()) == 3

    line = "Moderators used a mute: to take care of the circle."
    assert [set(one) for one in lines] == [{line}] * 4
    assert numbers == {None}
    never = (await log_of(circle, ben)).count("ended a mute")
    await moderate(circle, "unmute", story=3)
    await moderate(circle, "unmute", story=3)
    assert (await log_of(circle, ben)).count("ended a mute") == never + 2


async def test_nothing_done_writes_nothing(circle: Circle) -> None:
    await tell(circle, circle.peers[0])
    await lock(circle, 1)
    await lock(circle, 1)
    await moderate(circle, "lock", story=1)
    await circle.facilitator.slash(circle.channel, "circle pause")
    await circle.facilitator.slash(circle.channel, "circle pause")
    asked = await moderate(circle, "remove", story=1)
    await circle.moderator.click(asked.message, label="Leave it as it is")

    async with circle.stage.database.read() as session:
        assert sorted(act.kind for act in await session.scalars(select(Act))) == ["locked", "paused"]


async def test_the_log_has_pages_newest_day_first(circle: Circle) -> None:
    await tell(circle, circle.peers[0])
    for day in range(3):
        for _ in range(4):
            await lock(circle, 1)
            await moderate(circle, "unlock", story=1)
        if day < 2:
            await circle.stage.pass_time(days=1)

    page = (await circle.peers[1].slash(circle.channel, "circle log")).response
    newest = seen(page)
    older = (await circle.peers[1].click(page.message, label="Older")).response

    assert newest.index("3 January") < newest.index("2 January")
    assert "Newer" not in newest
    assert "1 January" in seen(older)
    assert "3 January" not in seen(older)
    assert "3 January" in seen((await circle.peers[1].click(older.message, label="Newer")).response)


async def test_who_does_not_see_the_circle_reads_no_log_whatever_they_press(stage: Any) -> None:
    circle, other = await make_circle(stage), await make_circle(stage)
    await tell(circle, circle.peers[0])
    await lock(circle, 1)
    prompt = (await other.facilitator.slash(other.channel, "circle log")).response

    there = await forge(
        other, other.facilitator, await _message(other), f"circles:v1:log:{(await circle.info).id}:0"
    )

    assert "closed the thread" not in there
    assert "earlier time" in there or "no longer there" in there
    assert "closed the thread" not in seen(prompt)


async def _message(circle: Circle) -> Any:
    await circle.facilitator.slash(circle.channel, "prompt post-now")
    return circle.channel.last_message


@pytest.mark.parametrize("forum", [False, True])
async def test_each_line_is_shown_once_in_the_channel_that_the_circle_chose(
    stage: Any, monkeypatch: pytest.MonkeyPatch, *, forum: bool
) -> None:
    circle = await make_circle(stage, tags=() if forum else None)
    await tell(circle, circle.peers[0])
    place = circle.guild.create_text_channel("log") if forum else circle.channel
    await show_in(circle, place)
    await lock(circle, 1)
    die_at(stage, "log_line", sent=True, monkeypatch=monkeypatch)

    await moderate(circle, "unlock", story=1)
    await stage.restart()
    await stage.pass_time(minutes=10)

    said = "\n".join(seen(message) for message in place.history())
    assert said.count("closed the thread of story 1") == said.count("opened the thread of story 1") == 1
    await show_in(circle, circle.guild.create_text_channel("elsewhere"))
    await lock(circle, 1)
    assert "\n".join(seen(message) for message in place.history()) == said


async def test_a_note_is_put_before_a_story_everywhere_and_the_tellers_edits_keep_it(
    circle: Circle,
) -> None:
    ann = circle.peers[0]
    after = await tell(circle, ann, f"Begins here. {'*' * 1780}", repair=f"{'*' * 780} word1")
    (story,) = stories_in(circle)
    before = [seen(message) for message in circle.channel.threads[0].history()]
    plain = seen(story)

    page = await note(circle, "Death and grief")
    assert "stands behind “Death and grief” now" in seen(page)
    assert "Chosen by the teller: none" in seen(page)
    assert "Content note: Death and grief. Press to read." in seen(stories_in(circle)[0])
    assert "||" in seen(next(m for m in circle.channel.threads[0].history() if "word1" in seen(m)))

    panel = (await ann.click(after.message, label="My story")).response
    assert "A moderator has put a content note" in seen(panel)
    opened = await ann.click(panel.message, label="Edit")
    edited = (await ann.submit_modal(opened, {"slip": f"Begins here. {'*' * 1780}", "effect": "It stung.",
        "repair": f"{'*' * 780} word1", "lesson": "", "ask": "listen"})).response  # fmt: skip
    assert "Press to read" in seen(edited)
    none = (await ann.select(edited.message, ["none"], custom_id=select_of(edited, "change-note"))).response
    await ann.click(none.message, label="Save the change")
    await circle.stage.pass_time(minutes=35)
    assert "It stung." in "".join(shown(circle))
    assert "Content note: Death and grief" in seen(stories_in(circle)[0])

    opened = await ann.click(panel.message, label="Edit")
    edited = (await ann.submit_modal(opened, {"slip": f"Begins here. {'*' * 1780}", "effect": "",
        "repair": f"{'*' * 780} word1", "lesson": "", "ask": "listen"})).response  # fmt: skip
    await ann.click(edited.message, label="Save the change")
    await circle.stage.pass_time(minutes=35)
    page = await note(circle, "none")
    assert "No content note stands before story 1 now" in seen(page)
    assert seen(stories_in(circle)[0]) == plain
    assert [seen(message) for message in circle.channel.threads[0].history()] == before


async def test_the_tellers_own_note_stands_there_again_when_the_moderators_is_off(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann)
    services, (story,) = circle.stage.bot.services, stories_in(circle)
    panel = (await ann.click(story, label="This is mine")).response
    opened = await ann.click(panel.message, label="Edit")
    edited = (await ann.submit_modal(opened, {"slip": SLIP, "effect": "", "repair": "", "lesson": "",
                                              "ask": "listen"})).response  # fmt: skip
    own = (await ann.select(edited.message, ["Illness"], custom_id=select_of(edited, "change-note"))).response
    await ann.click(own.message, label="Save the change")
    await circle.stage.pass_time(minutes=35)

    page = await note(circle, "Violence or abuse")
    assert "Chosen by the teller: Illness" in seen(page)
    assert "Content note: Violence or abuse" in seen(stories_in(circle)[0])
    again = (
        await circle.moderator.select(page.message, ["none"], custom_id=select_of(page, "note"))
    ).response
    assert "stands behind “Illness” now" in seen(again)
    assert "Content note: Illness" in seen(stories_in(circle)[0])

    story_id = (await services.removing.numbered((await circle.info).id, 1)).id
    await asyncio.gather(*(services.moderation.note(story_id, "Illness") for _ in range(3)))
    async with circle.stage.database.read() as session:
        kinds = sorted(act.kind for act in await session.scalars(select(Act)))
    assert kinds == ["note_taken_off", "noted", "noted"]
