"""Those on duty are told in their own channel what waits, once, and where else if that is closed."""

from __future__ import annotations

from typing import Any

import discord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.services.duty import tell_on_duty
from db import notices
from db.tables import Circle as CircleRow
from tests.conftest import Circle, ErrorCollector, seen
from tests.flows.duty import choose, circle_id, moderators_channel, told
from tests.flows.people import ask_now


async def tell(circle: Circle, subject: str = "7") -> None:
    """Something waits for those on duty."""
    stage = circle.stage
    async with stage.database.write() as session:
        row = await session.get_one(CircleRow, await circle_id(circle))
        values = {"number": subject, "link": "https://discord.com/channels/1/2"}
        await tell_on_duty(session, row, "no_reply", subject, values, stage.now())


async def settle(circle: Circle, subject: str = "7") -> None:
    """It is settled."""
    async with circle.stage.database.write() as session:
        await notices.forget(session, await circle_id(circle), "no_reply", subject)


async def status(circle: Circle) -> str:
    """What a facilitator reads at ``/circle status``."""
    return seen((await circle.facilitator.slash(circle.channel, "circle status")).response)


def delete(circle: Circle, channel: Any) -> None:
    """Somebody deletes a channel."""
    circle.stage.env.backend.delete_channel(channel.id)


def deny(circle: Circle, channel: Any, **names: bool) -> None:
    """Take permissions away from the bot in a channel; without names, give them back."""
    backend, denied = circle.stage.env.backend, discord.Permissions(**names).value
    backend.set_overwrite(channel.id, Overwrite(backend.bot_user.id, OverwriteType.MEMBER, deny=denied))


async def counts(circle: Circle) -> Any:
    return await circle.stage.bot.services.outbox.counts(await circle_id(circle))


async def test_the_same_is_told_once_and_again_only_when_it_was_settled(circle: Circle) -> None:
    duty = await moderators_channel(circle)
    for _ in range(2):
        await tell(circle)
        await circle.stage.tick()
    assert len(told(duty)) == 1

    await settle(circle)
    await tell(circle)
    await circle.stage.tick()

    assert len(told(duty)) == 2
    assert "Story 7" not in await status(circle)


async def test_what_is_settled_before_it_is_sent_is_not_told(circle: Circle) -> None:
    duty = await moderators_channel(circle)
    await tell(circle)
    await settle(circle)
    await circle.stage.tick()

    assert told(duty) == []
    assert (await counts(circle)).waiting == 0


async def test_it_is_told_once_also_when_the_process_ends_in_between(circle: Circle) -> None:
    duty = await moderators_channel(circle)
    await tell(circle)
    await circle.stage.restart()
    await circle.stage.tick()
    await tell(circle)
    await circle.stage.restart()
    await circle.stage.tick()

    assert len(told(duty)) == 1


async def test_a_channel_that_is_gone_is_told_of_once_and_what_waits_stands_at_the_status(
    circle: Circle,
) -> None:
    duty = await moderators_channel(circle)
    delete(circle, duty)
    await tell(circle)
    await tell(circle, "8")
    await circle.stage.pass_time(minutes=5)

    shown = await status(circle)
    assert "Story 7" in shown
    assert "Story 8" in shown
    assert f"can't write in <#{duty.id}>" in shown
    assert "can't write in" not in await status(circle)

    new = await moderators_channel(circle, "duty-2")
    await circle.stage.tick()
    assert told(new) == []  # they have read it already
    await tell(circle, "9")
    await circle.stage.tick()
    assert len(told(new)) == 1
    assert await circle.stage.bot.services.outbox.closed_destinations() == ()


async def test_what_nobody_has_read_yet_follows_to_a_new_channel(circle: Circle) -> None:
    duty = await moderators_channel(circle)
    delete(circle, duty)
    await tell(circle)
    await circle.stage.pass_time(minutes=5)

    new = await moderators_channel(circle, "duty-2")
    await circle.stage.tick()

    assert len(told(new)) == 1
    assert "Story 7" not in await status(circle)


async def test_a_channel_that_is_closed_for_a_while_gets_what_waited_when_it_opens_again(
    circle: Circle,
) -> None:
    duty = await moderators_channel(circle)
    deny(circle, duty, send_messages=True)
    await tell(circle)
    await circle.stage.pass_time(minutes=5)
    assert told(duty) == []

    deny(circle, duty)
    await circle.stage.pass_time(minutes=5)

    assert len(told(duty)) == 1
    assert "can't write in" not in await status(circle)


async def test_the_bot_needs_less_there_than_in_a_circle(circle: Circle) -> None:
    duty = await moderators_channel(circle)
    deny(circle, duty, manage_threads=True, create_public_threads=True, send_messages_in_threads=True)
    await tell(circle)
    await circle.stage.tick()

    assert len(told(duty)) == 1


async def test_without_a_channel_any_more_it_stands_at_the_status(circle: Circle) -> None:
    duty = await moderators_channel(circle)
    delete(circle, duty)
    await tell(circle)
    await circle.stage.tick()

    await choose(circle, moderators_channel_id=None)

    assert (await counts(circle)).waiting == 0
    assert "Story 7" in await status(circle)


async def test_those_on_duty_hear_of_it_when_the_circles_own_channel_is_closed_to_the_bot(
    circle: Circle,
) -> None:
    duty = await moderators_channel(circle)
    deny(circle, circle.channel, send_messages=True)
    await ask_now(circle)
    await circle.stage.pass_time(minutes=1)

    (word,) = told(duty)
    assert f"could not write in <#{circle.channel.id}>" in word
    deny(circle, circle.channel)
    await circle.stage.pass_time(minutes=5)
    assert len(told(duty)) == 1


async def test_what_waits_in_a_circle_is_told_in_no_other_server(circle: Circle) -> None:
    elsewhere = circle.stage.env.create_guild().create_text_channel("elsewhere")
    await choose(circle, moderators_channel_id=elsewhere.id)
    await tell(circle)
    await circle.stage.tick()

    assert told(elsewhere) == []
    assert "Story 7" in await status(circle)


async def test_what_may_have_arrived_is_looked_for_and_stands_there_once(
    circle: Circle, logged_errors: ErrorCollector
) -> None:
    duty = await moderators_channel(circle)
    await tell(circle)
    stage, record = circle.stage, circle.stage.bot.services.duty.told
    stage.bot.services.duty.told = broken
    await stage.tick()
    assert len(told(duty)) == 1
    stage.bot.services.duty.told = record
    logged_errors.records.clear()

    await stage.pass_time(minutes=10)

    assert len(told(duty)) == 1
    assert "Story 7" not in await status(circle)
    assert (await counts(circle)).waiting == 0


async def broken(*_arguments: Any) -> None:
    raise OSError("the disk is full")
