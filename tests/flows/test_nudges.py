"""One private word, weeks later: offered to all alike, written down by nobody at the press, sent once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from db.people_tables import Nudge
from tests.conftest import ON_BOTH, Circle, seen
from tests.flows.people import reply_unnamed, stories_in, tell

OFFER = "Remind me in some weeks"


def letters(person: Any) -> list[Any]:
    """The private messages somebody got."""
    return person.user.dm_channel.history()


async def listed(circle: Circle, person: Any) -> str:
    """What ``/remind list`` says."""
    return seen((await person.slash(circle.channel, "remind list")).response)


async def update(circle: Circle, person: Any, text: str) -> Any:
    """*This is mine* → *Add how it went* → *Post*."""
    panel = (await person.click(stories_in(circle)[0], label="This is mine")).response
    opened = await person.click(panel.message, label="Add how it went")
    shown = (await person.submit_modal(opened, {"text": text})).response
    return (await person.click(shown.message, label="Post")).response


async def test_it_is_offered_after_everything_that_anybody_posts(circle: Circle) -> None:
    ann, ben, cem = circle.peers
    after = [
        await tell(circle, ann),
        await tell(circle, ben, named=True),
        await reply_unnamed(cem, stories_in(circle)[0], "I know that"),
        await update(circle, ann, "It went well"),
    ]

    assert all(OFFER in seen(shown) for shown in after)


@ON_BOTH
async def test_the_press_leaves_the_code_standing_and_writes_nothing(circle: Circle) -> None:
    ann, stage = circle.peers[0], circle.stage
    after = await tell(circle, ann)
    await stage.tick()
    before = stage.database.writes

    answered = await ann.click(after.message, label=OFFER)

    assert "nothing is written down" in seen(answered.response)
    assert answered.ephemeral
    assert answered.response.id != after.id
    assert stage.database.writes == before
    async with stage.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Nudge)) == 0


async def test_it_comes_once_and_names_no_story_and_no_circle(circle: Circle) -> None:
    ann, stage = circle.peers[0], circle.stage
    after = await tell(circle, ann)
    await ann.click(after.message, label=OFFER)

    await stage.pass_time(days=20)
    assert letters(ann) == []
    await stage.pass_time(days=17)
    (letter,) = letters(ann)
    await stage.pass_time(days=60)

    assert len(letters(ann)) == 1
    text = seen(letter)
    assert "Some weeks ago" in text
    assert "Story" not in text.replace("a story", "").replace("/story", "")
    assert circle.channel.name not in text
    assert str(circle.channel.id) not in text
    assert "Nothing reminds you" in await listed(circle, ann)


async def test_look_back_asks_for_it_and_the_list_stops_it(circle: Circle) -> None:
    ann, stage = circle.peers[0], circle.stage
    asked = (await ann.slash(circle.channel, "remind look-back")).response
    assert "three to five weeks" in seen(asked)
    assert "in some weeks" in await listed(circle, ann)

    await stage.pass_time(hours=13)
    shown = (await ann.slash(circle.channel, "remind list")).response
    assert "once, on" in seen(shown)
    stopped = await ann.click(shown.message, label="Stop")

    assert "doesn't come" in seen(stopped.response)
    await stage.pass_time(days=40)
    assert letters(ann) == []


async def test_a_restart_before_it_is_written_down_forgets_it_as_was_said(circle: Circle) -> None:
    ann, stage = circle.peers[0], circle.stage
    await ann.slash(circle.channel, "remind look-back")
    await stage.restart()

    assert "Nothing reminds you" in await listed(circle, ann)


@pytest.mark.parametrize("weeks", [1, 6])
async def test_a_restart_afterwards_neither_loses_nor_doubles_it(circle: Circle, weeks: int) -> None:
    ann, stage = circle.peers[0], circle.stage
    await ann.slash(circle.channel, "remind look-back")
    await stage.pass_time(days=1)
    await stage.pass_time(weeks=weeks)
    await stage.restart()
    await stage.pass_time(weeks=6)

    assert len(letters(ann)) == 1


async def test_closed_private_messages_put_it_to_sleep_and_the_next_answer_says_so(circle: Circle) -> None:
    ann, stage = circle.peers[0], circle.stage
    await ann.slash(circle.channel, "remind look-back")
    await stage.pass_time(days=1)
    path = f"/channels/{ann.user.dm_channel.id}/messages"
    stage.env.inject_error("POST", path, status=403, code=50007)

    await stage.pass_time(days=40)

    assert letters(ann) == []
    assert "asleep" in await listed(circle, ann)
    await ann.slash(circle.channel, "remind look-back")
    await stage.pass_time(days=40)
    assert len(letters(ann)) == 1
