"""A circle ends when two people want it, a day later, and not when anybody stops it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from db.care_tables import Act, Wipe
from db.story_tables import Reply, Story
from db.tables import Circle as CircleRow
from db.tables import Delivery, Erasure
from db.types import Base
from tests.conftest import Circle, make_circle, seen
from tests.flows.people import reply_unnamed, stories_in, tell, told_to
from tests.flows.test_crashes_around_stories import die_at
from tests.flows.test_forged_presses import forge
from tests.flows.test_open_log import log_of
from tests.flows.test_prompt_once import deny


async def rows(circle: Circle, table: Any) -> list[Any]:
    """All rows of a table."""
    async with circle.stage.database.read() as session:
        return list((await session.scalars(select(table))).all())


async def ask(circle: Circle, person: Any, name: str = "circle") -> Any:
    """``/circle wipe`` and the channel's name typed; returns what is answered."""
    opened = await person.slash(circle.channel, "circle wipe")
    return (await person.submit_modal(opened, {"name": name})).response


async def agree(circle: Circle, person: Any, name: str = "circle") -> Any:
    """The second person: ``/circle wipe``, *I agree*, the name typed."""
    page = (await person.slash(circle.channel, "circle wipe")).response
    opened = await person.click(page.message, label="I agree")
    return (await person.submit_modal(opened, {"name": name})).response


def announced(circle: Circle) -> list[Any]:
    """What the circle was told of its end."""
    return [message for message in circle.channel.history() if "The end of this circle" in seen(message)]


async def two_agree(circle: Circle) -> Any:
    """A moderator asks, the facilitator agrees; returns what the second sees."""
    await ask(circle, circle.moderator)
    return await agree(circle, circle.facilitator)


async def kept_of_circle(circle: Circle) -> list[str]:
    """The tables in which anything stands, erasures and memos left out."""
    found = list[str]()
    async with circle.stage.database.read() as session:
        for table in Base.metadata.sorted_tables:
            if table.name not in {"erasures", "memos"} and (await session.execute(select(table))).first():
                found.append(table.name)
    return found


async def test_two_people_end_it_the_circle_is_told_and_a_day_later_everything_is_gone(
    circle: Circle,
) -> None:
    stage, (ann, ben, cem) = circle.stage, circle.peers
    for person in (ann, ben, cem):
        for number in range(4):
            await tell(circle, person, f"A story, number {number}.", named=person is cem)
    await reply_unnamed(ben, stories_in(circle)[0], "I hear you.")
    await stage.pass_time(minutes=5)

    asked = await ask(circle, circle.moderator)
    assert "a second person has to agree" in seen(asked)
    assert announced(circle) == []
    assert "Somebody asked for the end" in told_to(
        await circle.facilitator.slash(circle.channel, "circle status")
    )
    agreed = await agree(circle, circle.facilitator)
    assert "Everything goes <t:" in seen(agreed)
    (told,) = announced(circle)
    for text in ("What goes:", "What stays in Discord:", "Stop it"):
        assert text in seen(told)
    assert [wipe.user_id for wipe in await rows(circle, Wipe)] == [None]
    log = await log_of(circle, ann)
    assert "Moderators asked for the end of this circle" in log
    assert "Facilitators agreed, as the second person" in log
    await stage.pass_time(hours=23)
    assert len(stories_in(circle)) == 12

    await stage.pass_time(hours=2)

    assert stories_in(circle) == circle.channel.threads == []
    assert await kept_of_circle(circle) == []
    assert "circle" in {one.kind for one in await rows(circle, Erasure)}
    gone = await ann.slash(circle.channel, "circle log")
    assert "There is no circle here yet" in seen(gone.response)


async def test_nobody_can_do_it_alone_with_two_presses_or_two_devices(circle: Circle) -> None:
    await tell(circle, circle.peers[0])
    page = await ask(circle, circle.moderator)
    (wipe,) = await rows(circle, Wipe)
    wipes = circle.stage.bot.services.wipes

    again = (await circle.moderator.slash(circle.channel, "circle wipe")).response
    assert "I agree" not in seen(page) + seen(again)
    message = stories_in(circle)[0]
    forged = await forge(circle, circle.moderator, message, f"circles:v1:wipe-agree:{wipe.id}")
    assert "somebody else has to agree" in forged
    results = await asyncio.gather(
        *(wipes.agree(wipe.id, circle.moderator.id, "moderator") for _ in range(3)), return_exceptions=True
    )
    assert all(isinstance(one, Exception) for one in results)
    await circle.stage.pass_time(days=8)
    assert len(stories_in(circle)) == 1
    assert await rows(circle, Wipe) == []  # nobody agreed within seven days, and nobody knows who asked


async def test_only_those_with_the_right_ask_agree_and_stop(circle: Circle) -> None:
    ann = circle.peers[0]
    await tell(circle, ann)
    refused = await ann.slash(circle.channel, "circle wipe")
    assert "facilitators" in seen(refused.response)
    await ask(circle, circle.moderator)
    (wipe,) = await rows(circle, Wipe)
    (story,) = stories_in(circle)

    for action in ("wipe-agree", "wipe-stop"):
        assert "facilitators" in await forge(circle, ann, story, f"circles:v1:{action}:{wipe.id}")
    await agree(circle, circle.facilitator)
    pressed = await ann.click(announced(circle)[0], label="Stop it")
    assert "facilitators" in seen(pressed.response)
    assert [one.state for one in await rows(circle, Wipe)] == ["agreed"]


async def test_another_servers_people_reach_nothing_of_it(stage: Any) -> None:
    circle, other = await make_circle(stage), await make_circle(stage)
    await tell(other, other.peers[0])
    await ask(circle, circle.moderator)
    (wipe,) = await rows(circle, Wipe)

    for action, number in (
        ("wipe-agree", wipe.id), ("wipe-stop", wipe.id), ("wipe-typed", (await circle.info).id),
    ):  # fmt: skip
        said = await forge(other, other.facilitator, stories_in(other)[0], f"circles:v1:{action}:{number}")
        assert "no longer there" in said or "earlier time" in said
    assert [one.state for one in await rows(circle, Wipe)] == ["asked"]


async def test_another_name_asks_for_nothing(circle: Circle) -> None:
    refused = await ask(circle, circle.moderator, name="another channel")

    assert "That isn't the name" in seen(refused)
    assert await rows(circle, Wipe) == []
    assert "You asked for the end" in seen(await ask(circle, circle.moderator, name="#Circle "))
    page = (await circle.facilitator.slash(circle.channel, "circle wipe")).response
    opened = await circle.facilitator.click(page.message, label="I agree")
    await circle.facilitator.submit_modal(opened, {"name": "no"})
    assert [one.state for one in await rows(circle, Wipe)] == ["asked"]


@pytest.mark.parametrize("how", ["below the announcement", "by command", "before anybody agreed"])
async def test_anybody_with_the_right_can_stop_it_and_the_circle_reads_so(circle: Circle, how: str) -> None:
    await tell(circle, circle.peers[0])
    if how == "before anybody agreed":
        page = await ask(circle, circle.moderator)
        await circle.moderator.click(page.message, label="Stop it")
    else:
        await two_agree(circle)
        await circle.stage.pass_time(hours=20)
    if how == "below the announcement":
        await circle.moderator.click(announced(circle)[0], label="Stop it")
    elif how == "by command":
        page = (await circle.facilitator.slash(circle.channel, "circle wipe")).response
        await circle.facilitator.click(page.message, label="Stop it")

    await circle.stage.pass_time(days=3)

    assert len(stories_in(circle)) == 1
    assert await rows(circle, Wipe) == []
    if how != "before anybody agreed":
        (told,) = announced(circle)
        assert "was stopped" in seen(told)
        assert "Stop it" not in seen(told)
    kinds = sorted(act.kind for act in await rows(circle, Act))
    assert kinds[-1] == "wipe_stopped"
    assert "You asked for the end" in seen(await ask(circle, circle.moderator))


async def test_two_at_once_one_agreement_one_stop_never_half(circle: Circle) -> None:
    await tell(circle, circle.peers[0])
    await ask(circle, circle.moderator)
    (wipe,) = await rows(circle, Wipe)
    wipes, fay = circle.stage.bot.services.wipes, circle.facilitator.id

    await asyncio.gather(
        wipes.agree(wipe.id, fay, "facilitator"), wipes.agree(wipe.id, fay, "facilitator"),
        wipes.stop(wipe.id, fay, "facilitator"), return_exceptions=True,
    )  # fmt: skip
    await circle.stage.pass_time(days=2)

    kinds = sorted(act.kind for act in await rows(circle, Act))
    assert kinds in (["wipe_agreed", "wipe_asked", "wipe_stopped"], ["wipe_asked", "wipe_stopped"])
    assert len(stories_in(circle)) == 1


async def test_a_crash_in_the_middle_goes_on_and_ends_the_same(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = circle.stage
    for person in circle.peers:
        for number in range(5):
            await tell(circle, person, f"A story, number {number}.")
    die_at(stage, "wipe", sent=True, monkeypatch=monkeypatch)
    await two_agree(circle)
    await stage.restart()
    await stage.pass_time(hours=1)
    assert len(announced(circle)) == 1
    await stage.env.advance_time(23 * 3600 + 60)
    await stage.bot.services.wipes.due(stage.now())
    assert 0 < len([one for one in await rows(circle, Story) if one.slip]) < 15
    die_at(stage, "retract", sent=True, monkeypatch=monkeypatch)
    await stage.tick()
    refused = await circle.facilitator.slash(circle.channel, "circle resume")
    assert "is ending" in told_to(refused)
    stop = await circle.facilitator.click(announced(circle)[0], label="Stop it")
    assert "can't be stopped any more" in seen(stop.response)

    await stage.restart()
    await stage.pass_time(hours=2)

    assert stories_in(circle) == circle.channel.threads == []
    assert await rows(circle, CircleRow) == await rows(circle, Delivery) == await rows(circle, Reply) == []


async def test_where_discord_takes_nothing_away_what_is_kept_goes_after_three_days(circle: Circle) -> None:
    await tell(circle, circle.peers[0])
    await two_agree(circle)
    deny(circle, view_channel=True)
    circle.stage.env.inject_error("DELETE", "/channels/*", status=403, code=50001, times=100)

    await circle.stage.pass_time(days=2)
    assert len(await rows(circle, CircleRow)) == 1
    assert [one.slip for one in await rows(circle, Story)] == [""]
    await circle.stage.pass_time(days=3)

    assert await rows(circle, CircleRow) == []
