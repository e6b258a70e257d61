"""Whoever told something can change it: before it appears at once, afterwards as unseen as when it was told,
and of the earlier words nothing stays."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from bot.errors import NotAllowed
from bot.services.edited import What
from tests.conftest import IN_BOTH, Circle, Stage, make_circle, seen
from tests.flows.people import (
    change,
    code_in,
    custom_id,
    fill_in,
    lock,
    panel_of,
    prefilled,
    press_at_once,
    reply_unnamed,
    stories_in,
    tell,
    told_to,
    write,
)
from tests.flows.traces import files
from tests.services.desk import remove_for_good

FIRST, SECOND, THIRD = "I forgot the hour.", "I came late, and said so.", "I was late once more."
LONG = "\n\n".join(f"Paragraph {number}. " + "It went on and on. " * 20 for number in range(4))[:1790]
WHOLE = {"slip": LONG, "effect": "e" * 490, "repair": "r " * 395, "lesson": "l" * 390}


async def save(person: Any, preview: Any) -> Any:
    """*Save the change*; returns what is said after it."""
    return (await person.click(preview.message, label="Save the change")).response


async def rows(stage: Stage, table: str, columns: str = "*") -> list[Any]:
    """What stands in a table."""
    async with stage.database.read() as session:
        return list((await session.execute(text(f"SELECT {columns} FROM {table}"))).all())  # noqa: S608  # ours


def said_in(circle: Circle) -> list[str]:
    """All that stands in the circle: the stories, then what is in their threads."""
    threads = [message for thread in circle.channel.threads for message in thread.history()]
    return [seen(message) for message in (*stories_in(circle), *threads)]


@pytest.mark.parametrize("tags", [None, ()], ids=["text", "forum"])
async def test_a_change_of_what_has_appeared_waits_and_no_earlier_word_stays(
    stage: Stage, tags: tuple[str, ...] | None
) -> None:
    slow = await make_circle(stage, delay=30, tags=tags)
    ann = slow.peers[0]
    await tell(slow, ann, FIRST)
    await stage.pass_time(minutes=31)
    panel = await panel_of(slow, ann)
    preview = await change(ann, panel, slip=SECOND, ask="ideas")

    assert "Nothing is changed yet" in seen(preview)
    assert SECOND in seen(preview)
    assert "### Story 1" in seen(preview)
    assert "What changes: what happened, what you would like back." in seen(preview)
    assert "Appears within 30 minutes, in place of the earlier words, without your name" in seen(preview)
    assert "“(edited)”" in seen(preview)
    assert "copies that other bots made, can't be called back" in seen(preview)
    done = await save(ann, preview)
    assert "It changes within 30 minutes" in seen(done)
    assert FIRST in said_in(slow)[0]

    await stage.pass_time(minutes=30)

    said = "\n".join(said_in(slow))
    assert SECOND in said
    assert "lightly" in said
    assert "advice unless asked" not in said
    assert FIRST not in said
    assert len(said_in(slow)) == 2
    await stage.later(days=1)
    assert await rows(stage, "edits") == await rows(stage, "drafts") == []
    kept = list(files(stage.folder))
    assert [name for name, content in kept if FIRST.encode() in content] == []
    assert any(SECOND.encode() in content for _name, content in kept)


async def test_what_still_waits_changes_at_once_and_appears_when_it_would_have(stage: Stage) -> None:
    slow = await make_circle(stage, delay=30)
    ann = slow.peers[0]
    after = await tell(slow, ann, FIRST)
    owed = await rows(stage, "deliveries", "id, not_before")
    panel = (await ann.click(after.message, label="My story")).response

    preview = await change(ann, panel, slip=SECOND)
    assert "Nobody has seen it yet" in seen(preview)
    assert "(edited)" not in seen(preview)
    done = await save(ann, preview)

    assert "Nobody has seen the earlier words" in seen(done)
    assert await rows(stage, "stories", "slip") == [(SECOND,)]
    assert await rows(stage, "deliveries", "id, not_before") == owed
    await stage.pass_time(minutes=31)
    assert SECOND in said_in(slow)[0]


async def test_a_named_story_changes_at_once_and_keeps_its_name(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, FIRST, named=True)
    panel = await panel_of(circle, ann)

    preview = await change(ann, panel, slip=SECOND)
    assert "a story told with a name can't become one without it" in seen(preview)
    assert "ann" in seen(preview)
    await save(ann, preview)

    assert SECOND in said_in(circle)[0]
    assert "ann" in said_in(circle)[0]


@IN_BOTH
async def test_the_thread_follows_when_a_story_becomes_longer_and_shorter_again(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await tell(circle, ann, FIRST)
    await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    await circle.stage.pass_time(minutes=4)
    panel = await panel_of(circle, ann)
    shown = await fill_in(ann, panel, **WHOLE)
    assert "This part will stand in the thread" in told_to(shown)
    await save(ann, shown.response)

    longer = said_in(circle)
    assert "It continues in the thread." in longer[0]
    assert "no advice unless asked" in longer[1]
    assert "I hear you." in longer[2]
    assert "The story was changed, and goes on here:" in longer[3]
    assert "l" * 300 in longer[3]
    assert len(longer) == 4

    await save(ann, await change(ann, panel, slip=SECOND, effect="", repair="", lesson="", ask="questions"))

    shorter = said_in(circle)
    assert [SECOND in shorter[0], "open something" in shorter[1], "I hear you." in shorter[2]] == [True] * 3
    assert len(shorter) == 3


@IN_BOTH
async def test_a_long_story_of_before_pages_were_noted_is_changed_where_it_stands(circle: Circle) -> None:
    stage, (ann, ben, cem) = circle.stage, circle.peers
    await tell(circle, ann, **WHOLE)
    (thread,) = circle.channel.threads
    await cem.send(thread, "With my name: I know this.")
    await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    before = said_in(circle)
    async with stage.database.write() as session:
        await session.execute(text("DELETE FROM story_pages"))

    await save(ann, await change(ann, await panel_of(circle, ann), lesson="x" * 390))

    after = said_in(circle)
    assert len(after) == len(before)
    assert "x" * 300 in after[1]
    assert after[2:] == before[2:]


async def test_an_update_changes_in_the_thread_and_on_the_story(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann)
    panel = await panel_of(circle, ann)
    opened = await ann.click(panel.message, label="Add how it went")
    shown = (await ann.submit_modal(opened, {"text": "It went badly."})).response
    after = (await ann.click(shown.message, label="Post")).response
    assert "It went badly." in said_in(circle)[0]

    preview = await change(ann, after, text="It went well in the end.")
    assert "An update from the teller" in seen(preview)
    await save(ann, preview)

    said = said_in(circle)
    assert "It went well in the end." in said[0]
    assert "It went well in the end." in said[2]
    assert "badly" not in "\n".join(said)
    assert len(said) == 3


async def test_a_reply_changes_under_its_name_after_at_most_three_minutes(stage: Stage) -> None:
    slow = await make_circle(stage, delay=30)
    ann, ben, _ = slow.peers
    await tell(slow, ann)
    await stage.pass_time(minutes=31)
    await reply_unnamed(ben, stories_in(slow)[0], "I hear yuo.")
    await stage.pass_time(minutes=3)
    name = said_in(slow)[2].splitlines()[0]
    code = code_in(await reply_unnamed(ben, stories_in(slow)[0], "Another one."))
    await stage.pass_time(minutes=3)

    opened = await ben.slash(slow.channel, "story receipt")
    panel = (await ben.submit_modal(opened, {"code": code})).response
    preview = await change(ben, panel, text="One more.")
    assert "under the same name" in seen(preview)
    assert "within 3 minutes" in seen(await save(ben, preview))
    await stage.pass_time(minutes=3)

    assert said_in(slow)[3].splitlines()[:2] == [name, "One more."]
    assert len(said_in(slow)) == 4


async def test_a_content_note_given_later_hides_story_and_updates(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, FIRST)
    panel = await panel_of(circle, ann)
    opened = await ann.click(panel.message, label="Add how it went")
    shown = (await ann.submit_modal(opened, {"text": "It went well."})).response
    await ann.click(shown.message, label="Post")
    preview = await change(ann, await panel_of(circle, ann))
    assert "Nothing is different so far" in seen(preview)
    assert "in place of the earlier words" not in seen(preview)

    noted = (await ann.select(preview.message, ["Death and grief"], custom_id=select_of(preview))).response
    assert "What changes: the content note." in seen(noted)
    await save(ann, noted)

    said = said_in(circle)
    assert "Content note: Death and grief" in said[0]
    assert f"||{FIRST}||" in said[0]
    assert "||It went well.||" in said[2]


def select_of(shown: Any) -> str:
    """The custom_id of the select on a preview."""
    return custom_id(shown, "change-note")


async def test_the_newest_of_two_changes_wins_and_the_form_shows_what_waits(stage: Stage) -> None:
    slow = await make_circle(stage, delay=30)
    ann = slow.peers[0]
    await tell(slow, ann, FIRST)
    await stage.pass_time(minutes=31)
    panel = await panel_of(slow, ann)
    await save(ann, await change(ann, panel, slip=SECOND))

    again = await ann.click(panel.message, label="Edit")
    assert prefilled(again)["slip"] == SECOND
    third = (await ann.submit_modal(again, prefilled(again) | {"slip": THIRD})).response
    await save(ann, third)
    assert len(await rows(stage, "edits")) == 1
    await stage.pass_time(minutes=30)
    assert THIRD in said_in(slow)[0]

    await save(ann, await change(ann, panel, slip=SECOND))
    called_back = await save(ann, await change(ann, panel, slip=THIRD))
    assert "stays as it is" in seen(called_back)
    assert await rows(stage, "edits") == await rows(stage, "deliveries WHERE state = 'waiting'") == []


async def test_a_change_that_is_being_written_survives_a_restart_and_is_saved_once(circle: Circle) -> None:
    stage, ann = circle.stage, circle.peers[0]
    await tell(circle, ann, FIRST)
    preview = await change(ann, await panel_of(circle, ann), slip=SECOND)
    await stage.restart()
    again = await ann.click(preview.message, label="Edit")
    assert prefilled(again)["slip"] == SECOND
    newer = (await ann.submit_modal(again, prefilled(again) | {"slip": THIRD})).response
    question = (await ann.click(newer.message, label="Discard")).response
    newer = (await ann.click(question.message, label="Back to the preview")).response

    first, second = await press_at_once(newer.message, (ann, "Save the change"), (ann, "Save the change"))

    said = told_to(first) + told_to(second)
    assert "It changes in a moment" in said
    assert "was saved or discarded" in said
    await stage.tick()
    assert THIRD in said_in(circle)[0]


async def test_a_discarded_change_changes_nothing(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann, FIRST)
    preview = await change(ann, await panel_of(circle, ann), slip=SECOND)
    question = (await ann.click(preview.message, label="Discard")).response
    done = (await ann.click(question.message, label="Discard the change")).response

    assert "stays as it is" in seen(done)
    assert FIRST in said_in(circle)[0]
    assert await rows(circle.stage, "drafts") == []


async def test_a_lock_and_a_pause_hold_up_no_change_and_a_mute_does(circle: Circle) -> None:
    stage, (ann, ben, _) = circle.stage, circle.peers
    await tell(circle, ann, FIRST)
    after = await reply_unnamed(ben, stories_in(circle)[0], "I hear yuo.")
    await stage.pass_time(minutes=4)
    panel = await panel_of(circle, ann)
    await lock(circle, 1)
    await circle.facilitator.slash(circle.channel, "circle pause")

    await save(ann, await change(ann, panel, slip=SECOND))
    await save(ben, await change(ben, after, text="I hear you."))
    assert SECOND in said_in(circle)[0]
    await stage.pass_time(minutes=4)
    assert "I hear you." in said_in(circle)[2]

    preview = await change(ann, panel, slip=THIRD)
    await stage.bot.services.moderation.mute(await only(stage), stage.now().replace(year=2027))
    refused = await ann.click(preview.message, label="Save the change")
    assert "You can't tell or reply" in told_to(refused)
    assert SECOND in said_in(circle)[0]


async def only(stage: Stage) -> int:
    """The id of the only story."""
    ((story_id,),) = await rows(stage, "stories", "id")
    return story_id


@pytest.mark.parametrize("how", ["withdrawn", "removed"])
async def test_words_that_wait_go_with_the_story(stage: Stage, how: str) -> None:
    slow = await make_circle(stage, delay=30)
    ann, ben, _ = slow.peers
    await tell(slow, ann, FIRST)
    await stage.pass_time(minutes=31)
    after = await reply_unnamed(ben, stories_in(slow)[0], "I hear yuo.")
    await stage.pass_time(minutes=3)
    panel = await panel_of(slow, ann)
    await save(ann, await change(ann, panel, slip=SECOND))
    await save(ben, await change(ben, after, text="Something else."))
    assert len(await rows(stage, "edits")) == 2
    open_preview = await change(ann, panel, slip=THIRD)

    services = stage.bot.services
    if how == "withdrawn":
        await services.own_stories.withdraw(await only(stage), None, ann.id)
    else:
        await remove_for_good(services, await only(stage))

    assert await rows(stage, "edits") == []
    await stage.pass_time(minutes=40)
    assert said_in(slow) == await rows(stage, "story_pages") == []
    refused = told_to(await ann.click(open_preview.message, label="Save the change"))
    assert ("no longer here" if how == "withdrawn" else "A moderator has removed") in refused


async def test_what_is_not_theirs_nobody_can_change(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    await tell(circle, ann, FIRST)
    other = code_in(await tell(circle, ben, "Another story."))
    panel = await panel_of(circle, ann, stories_in(circle)[0])

    edits = circle.stage.bot.services.edits
    story_id = await number(circle.stage, 1)
    for receipt in (None, other.replace("-", "")):
        with pytest.raises(NotAllowed, match="not_yours"):
            await edits.begin(What.STORY, story_id, receipt, cem.id)
    preview = await change(ann, panel, slip=SECOND)
    assert SECOND in seen(preview)


async def number(stage: Stage, story_number: int) -> int:
    """The id of the story with a number."""
    found = await rows(stage, f"stories WHERE number = {story_number}", "id")
    return found[0][0]


CRASHES = [(kind, step) for kind in ("edit", "story", "opening", "pages") for step in ("prepare", "record")]


@IN_BOTH
@pytest.mark.parametrize(("kind", "step"), [one for one in CRASHES if one != ("edit", "record")])
async def test_a_crash_at_any_step_of_a_change_doubles_and_loses_nothing(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, kind: str, step: str
) -> None:
    stage, ann = circle.stage, circle.peers[0]
    await tell(circle, ann, FIRST)
    preview = await change(ann, await panel_of(circle, ann), **WHOLE)

    async def dies(*_: Any) -> Any:
        raise asyncio.CancelledError

    renderer = stage.bot.deliverer._renderers[kind]
    monkeypatch.setattr(renderer, step, dies)
    await save(ann, preview)
    await stage.restart()
    await stage.pass_time(minutes=20)

    said = said_in(circle)
    assert len(said) == 3
    assert "It continues in the thread." in said[0]
    assert "no advice unless asked" in said[1]
    assert "l" * 300 in said[2]
    assert FIRST not in "\n".join(said)
    assert await rows(stage, "edits") == []


async def test_the_preview_of_telling_is_no_key_to_a_change(circle: Circle) -> None:
    ann = circle.peers[0]
    preview = await write(circle, ann, FIRST)
    receipt = prefilled_receipt(preview)

    with pytest.raises(KeyError):
        await circle.stage.bot.services.edits.save(receipt, 1, ann.id)


def prefilled_receipt(preview: Any) -> str:
    """The secret of a preview of telling."""
    return custom_id(preview, "post").split(":")[3]
