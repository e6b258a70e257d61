"""Of what nobody knows whether it arrived, and of what Discord refused: facilitators decide, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import screen
from bot.delivery.steps import Send, Shown
from bot.errors import Gone
from cogs.custom_ids import ASIDE_SHOW
from db.story_tables import Story
from db.tables import Delivery
from tests.conftest import Circle, ErrorCollector, seen
from tests.flows.people import ask_now, custom_id, stories_in, tell, told_to
from tests.flows.test_forged_presses import forge
from tests.flows.test_prompt_once import deny


async def lose_the_answer(circle: Circle, *, arrives: bool) -> Any:
    """A story is told; its sending breaks off, and the channel can't be read afterwards. Returns what its
    teller sees."""
    side = circle.stage.bot.side
    make = side.make

    async def lost(*given: Any) -> Shown:
        if arrives:
            await make(*given)
        raise ConnectionResetError

    await ask_now(circle)
    side.make = lost
    told = await tell(circle, circle.peers[0])
    side.make = make
    deny(circle, read_message_history=True)
    await circle.stage.pass_time(hours=1)
    return told


async def open_page(circle: Circle) -> Any:
    """*What waits for you*, below the circle's status."""
    status = (await circle.facilitator.slash(circle.channel, "circle status")).response
    return await circle.facilitator.click(status.message, label="What waits for you")


async def test_with_the_history_readable_again_looking_finds_it_and_its_thread_follows(
    circle: Circle,
) -> None:
    await lose_the_answer(circle, arrives=True)
    status = (await circle.facilitator.slash(circle.channel, "circle status")).response
    assert "may or may not have arrived: 1. I won't repeat" in seen(status)
    assert "`/circle status` lets you decide" not in seen(status)  # one is there, and the button is below
    page = (await circle.facilitator.click(status.message, label="What waits for you")).response
    assert "Story 1** may or may not have arrived" in seen(page)
    deny(circle)

    done = (await circle.facilitator.click(page.message, label="Look again")).response
    await circle.stage.pass_time(minutes=5)

    assert "Thank you" in seen(done)
    assert len(stories_in(circle)) == len(circle.channel.threads) == 1


async def test_looking_again_sends_what_never_arrived(circle: Circle) -> None:
    await lose_the_answer(circle, arrives=False)
    page = (await open_page(circle)).response
    deny(circle)

    await circle.facilitator.click(page.message, label="Look again")
    await circle.stage.pass_time(minutes=5)

    assert len(stories_in(circle)) == len(circle.channel.threads) == 1


async def test_without_the_permission_there_is_no_looking_and_the_cure_is_named(circle: Circle) -> None:
    await lose_the_answer(circle, arrives=True)
    page = (await open_page(circle)).response

    told = told_to(await circle.facilitator.click(page.message, label="Look again"))
    await circle.stage.pass_time(minutes=5)

    assert "Read Message History" in told
    assert len(stories_in(circle)) == 1
    assert circle.channel.threads == []


async def test_who_has_seen_that_it_is_not_there_lets_it_be_sent(circle: Circle) -> None:
    await lose_the_answer(circle, arrives=False)
    page = (await open_page(circle)).response

    pressed = custom_id(page, "send")
    deny(circle)

    await circle.facilitator.click(page.message, label="It isn't there: send it")
    await circle.stage.pass_time(minutes=5)
    with pytest.raises(Gone):
        await circle.stage.bot.services.set_aside.circle_of(pressed.rpartition(":")[2])
    assert len(stories_in(circle)) == 1


async def withdraw(person: Any, told: Any) -> None:
    """*My story*, *Withdraw*, and *Yes*."""
    panel = (await person.click(told.message, label="My story")).response
    sure = (await person.click(panel.message, label="Withdraw the story")).response
    await person.click(sure.message, custom_id=custom_id(sure, "withdraw-sure"))


async def test_who_overlooked_it_and_lets_it_be_sent_makes_no_second_one(circle: Circle) -> None:
    await lose_the_answer(circle, arrives=True)
    page = (await open_page(circle)).response
    deny(circle)

    await circle.facilitator.click(page.message, label="It isn't there: send it")
    await circle.stage.pass_time(minutes=5)

    assert len(stories_in(circle)) == len(circle.channel.threads) == 1


async def test_what_was_withdrawn_before_the_decision_goes_whatever_is_decided(circle: Circle) -> None:
    told = await lose_the_answer(circle, arrives=True)
    page = (await open_page(circle)).response
    await withdraw(circle.peers[0], told)
    await circle.stage.pass_time(minutes=5)
    deny(circle)

    await circle.facilitator.click(page.message, label="It isn't there: send it")
    await circle.stage.pass_time(hours=2)

    assert stories_in(circle) == []
    async with circle.stage.database.read() as session:
        assert (await session.scalars(select(Story))).all() == []


async def test_what_is_withdrawn_right_after_the_decision_goes_although_nobody_saw_it(circle: Circle) -> None:
    told = await lose_the_answer(circle, arrives=True)
    page = (await open_page(circle)).response
    aside = circle.stage.bot.services.set_aside
    await aside.send(custom_id(page, "send").rpartition(":")[2])

    await withdraw(circle.peers[0], told)
    deny(circle)
    await circle.stage.pass_time(hours=2)

    assert stories_in(circle) == []


async def test_what_discord_refused_can_be_tried_again(circle: Circle, logged_errors: ErrorCollector) -> None:
    stage = circle.stage
    await ask_now(circle)
    stage.env.inject_error("POST", f"/channels/{circle.channel.id}/messages", status=400, code=50035)
    await tell(circle, circle.peers[0])
    assert stories_in(circle) == []
    logged_errors.records.clear()
    page = (await open_page(circle)).response
    assert "Discord refused it (code 50035)" in seen(page)

    await circle.facilitator.click(page.message, label="Try again")
    await stage.pass_time(minutes=5)

    assert len(stories_in(circle)) == 1


async def test_what_arrived_is_found_also_where_our_clock_was_ahead(circle: Circle) -> None:
    bot, now = circle.stage.bot, circle.stage.now()
    sending = Send(circle.channel.id, screen.screen(screen.text("a thing")))
    await bot.side.make(sending, "a-delivery")

    assert await bot.side.look_for(sending, "a-delivery", now + timedelta(minutes=10)) is not None


async def test_our_own_mistake_isnt_laid_at_discords_door(circle: Circle) -> None:
    await lose_the_answer(circle, arrives=False)
    async with circle.stage.database.write() as session:
        await session.execute(
            update(Delivery).where(Delivery.state == "unsure").values(state="failed", trouble="error")
        )

    page = seen((await open_page(circle)).response)

    assert "went wrong on my side" in page
    assert "Discord refused" not in page


async def test_only_facilitators_decide(circle: Circle) -> None:
    await lose_the_answer(circle, arrives=True)
    page = (await open_page(circle)).response

    prompt = next(message for message in circle.channel.history() if "This week" in seen(message))
    circle_id = (await circle.info).id

    assert "facilitators" in await forge(circle, circle.peers[1], prompt, ASIDE_SHOW(circle_id))
    circle.stage.env.backend.guilds[circle.guild.id].members[circle.facilitator.id].role_ids.clear()
    for label in ("Look again", "It isn't there: send it"):
        assert "facilitators" in told_to(await circle.facilitator.click(page.message, label=label))
    await circle.stage.pass_time(minutes=5)
    assert len(stories_in(circle)) == 1
