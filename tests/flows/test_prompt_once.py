"""The question comes once, whatever crashes, whatever Discord answers, and whatever people do meanwhile."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest
from simcord.backend.models.channel import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import select

from bot.delivery.steps import Shown
from bot.screen import marker
from db.tables import Delivery
from tests.conftest import IN_BOTH, ON_BOTH, Circle, ErrorCollector, make_circle, seen
from tests.forums import ForumHandle

pytestmark = IN_BOTH

UNTIL_MONDAY = {"days": 4, "hours": 9}
"""From the tests' beginning to an hour after the question is due."""


def questions(circle: Circle) -> list[discord.Message]:
    """The weekly questions that stand in the channel."""
    return [message for message in circle.channel.history() if "### This week" in seen(message)]


def deny(circle: Circle, **names: bool) -> None:
    """Take permissions away from the bot in the channel; without names, give them back."""
    env = circle.stage.env
    denied = discord.Permissions(**names).value
    env.backend.set_overwrite(
        circle.channel.id, Overwrite(env.backend.bot_user.id, OverwriteType.MEMBER, deny=denied)
    )


def delete(circle: Circle) -> None:
    """Somebody deletes the newest message of the channel."""
    newest = circle.channel.last_message
    circle.stage.env.backend.delete_message(newest.channel.id, newest.id)


async def told(circle: Circle) -> str:
    """What a facilitator reads when they ask how the circle is."""
    return seen((await circle.facilitator.slash(circle.channel, "circle status")).response)


def sends(circle: Circle) -> int:
    """How often the bot tried to send a message to the channel."""
    requests = circle.stage.env.http_requests
    return sum(request.method == "POST" and request.path == path(circle) for request in requests)


def path(circle: Circle) -> str:
    """Where the bot sends what goes to the channel: in a forum, that is a post."""
    what = "threads" if isinstance(circle.channel, ForumHandle) else "messages"
    return f"/channels/{circle.channel.id}/{what}"


@ON_BOTH
async def test_killed_between_the_decision_and_the_sending_it_still_comes(circle: Circle) -> None:
    stage = circle.stage
    await stage.env.advance_time(4 * 86400 + 9 * 3600)
    await stage.bot.services.prompts.due(stage.now())

    await stage.restart()
    await stage.tick()
    await stage.tick()

    assert len(questions(circle)) == 1


async def test_killed_between_the_sending_and_its_recording_it_is_not_sent_again(circle: Circle) -> None:
    stage = circle.stage
    make = stage.bot.side.make

    async def killed(*given: Any) -> Shown:
        await make(*given)
        raise asyncio.CancelledError

    stage.bot.side.make = killed
    await stage.later(**UNTIL_MONDAY)
    assert len(questions(circle)) == 1

    await stage.restart()
    await stage.tick()
    await stage.pass_time(days=1)

    assert len(questions(circle)) == 1
    assert sends(circle) == 1
    assert (await stage.bot.services.outbox.counts()).waiting == 0
    await stage.pass_time(days=6)
    assert len(questions(circle)) == 2


async def test_killed_after_the_sending_and_away_for_days_it_is_found_and_not_sent_late(
    circle: Circle,
) -> None:
    stage = circle.stage
    make = stage.bot.side.make

    async def killed(*given: Any) -> Shown:
        if arriving:
            await make(*given)
        raise asyncio.CancelledError

    for arrives in (True, False):
        arriving = arrives
        stage.bot.side.make = killed
        await stage.later(**UNTIL_MONDAY)
        await stage.env.advance_time(2 * 86400 + 15 * 3600)
        await stage.restart()
        make = stage.bot.side.make
        await stage.tick()

    assert len(questions(circle)) == 1
    assert sends(circle) == 1
    assert "could not be asked in time" in await told(circle)


async def test_a_mistake_while_recording_neither_repeats_nor_loses_it(
    circle: Circle, monkeypatch: pytest.MonkeyPatch, logged_errors: ErrorCollector
) -> None:
    stage = circle.stage
    with monkeypatch.context() as broken:

        async def fail(*_: object) -> None:
            raise RuntimeError("made up")

        broken.setattr(stage.bot.services.prompt_posts, "posted", fail)
        await stage.later(**UNTIL_MONDAY)
    await stage.pass_time(hours=1)

    assert len(questions(circle)) == sends(circle) == 1
    assert (await stage.bot.services.outbox.counts()).waiting == 0
    assert [record.levelname for record in logged_errors.records] == ["ERROR"]
    logged_errors.records.clear()


async def test_unreadable_history_makes_it_unsure_and_facilitators_decide(circle: Circle) -> None:
    stage = circle.stage
    make = stage.bot.side.make

    async def lost(*given: Any) -> Shown:
        await make(*given)
        raise ConnectionResetError

    stage.bot.side.make = lost
    await stage.later(**UNTIL_MONDAY)
    stage.bot.side.make = make
    deny(circle, read_message_history=True)
    await stage.pass_time(hours=1)
    assert "may or may not have arrived" in await told(circle)
    deny(circle)
    await stage.pass_time(days=1)
    await stage.restart()
    await stage.tick()
    assert len(questions(circle)) == sends(circle) == 1
    delete(circle)

    await circle.facilitator.slash(circle.channel, "prompt post-now")

    assert len(questions(circle)) == 1
    assert (await stage.bot.services.outbox.counts()).unsure == 0


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_discord_failing_for_a_while_delays_it_and_no_more(circle: Circle, status: int) -> None:
    stage = circle.stage
    stage.env.inject_error("POST", path(circle), status=status, times=7)

    await stage.later(**UNTIL_MONDAY)
    await stage.pass_time(hours=1)

    assert len(questions(circle)) == 1


async def test_without_the_permission_nothing_is_asked_of_discord_and_it_goes_out_when_it_is_back(
    circle: Circle,
) -> None:
    stage = circle.stage
    deny(circle, send_messages=True)
    await stage.later(**UNTIL_MONDAY)
    await stage.pass_time(hours=3)
    assert sends(circle) == 0
    assert (await told(circle)).count("I could not write in <#") == 1
    assert "I could not write in <#" not in await told(circle)
    await stage.restart()
    await stage.tick()
    assert sends(circle) == 0

    deny(circle)
    await stage.tick()

    assert len(questions(circle)) == 1


async def test_when_the_permission_comes_back_too_late_it_is_left_out(circle: Circle) -> None:
    stage = circle.stage
    deny(circle, send_messages=True)
    await stage.later(**UNTIL_MONDAY)
    await stage.pass_time(hours=13)

    deny(circle)
    await stage.tick()

    assert questions(circle) == []
    assert "could not be asked in time" in await told(circle)


@pytest.mark.parametrize("code", [50001, 50013])
async def test_a_refusal_that_only_discord_knows_is_told_once_and_not_asked_for_at_every_tick(
    circle: Circle, code: int
) -> None:
    stage = circle.stage
    stage.env.inject_error("POST", path(circle), status=403, code=code, times=None)
    await stage.later(**UNTIL_MONDAY)
    for _ in range(60):
        await stage.later(seconds=5)
    assert sends(circle) <= 8
    assert (await told(circle)).count("I could not write in <#") == 1
    assert "I could not write in <#" not in await told(circle)

    stage.env.backend.faults.clear()
    await stage.pass_time(hours=1)

    assert len(questions(circle)) == 1


async def test_a_deleted_channel_disturbs_nobody_else(circle: Circle) -> None:
    stage = circle.stage
    other = await make_circle(stage)
    stage.env.backend.delete_channel(circle.channel.id)

    await stage.pass_time(days=12)

    assert sends(circle) == 0
    assert len(questions(other)) == 2


async def test_a_question_that_somebody_deleted_is_not_asked_again(circle: Circle) -> None:
    stage = circle.stage
    await stage.later(**UNTIL_MONDAY)
    delete(circle)

    await stage.pass_time(days=3)
    await stage.restart()
    await stage.tick()

    assert questions(circle) == []
    assert sends(circle) == 1


async def test_asked_by_hand_it_does_not_come_a_second_time_that_week(circle: Circle) -> None:
    stage = circle.stage
    first = await circle.facilitator.slash(circle.channel, "prompt post-now")
    second = await circle.facilitator.slash(circle.channel, "prompt post-now")

    assert "on its way" in seen(first.response)
    assert "already had its question" in seen(second.response)
    await stage.pass_time(days=3)
    assert len(questions(circle)) == 1
    await stage.pass_time(days=3)
    assert len(questions(circle)) == 2


async def test_a_message_carries_its_deliverys_marker_and_pings_nobody(circle: Circle) -> None:
    await circle.stage.later(**UNTIL_MONDAY)

    wanted = ("POST", path(circle))
    (sent,) = [one.json for one in circle.stage.env.http_requests if (one.method, one.path) == wanted]
    async with circle.stage.database.read() as session:
        (delivery_id,) = await session.scalars(select(Delivery.id))
    if isinstance(circle.channel, ForumHandle):
        sent = sent["message"]
    else:
        assert sent["nonce"] == delivery_id
        assert sent["enforce_nonce"] is True
    assert sent["allowed_mentions"] == {"parse": []}
    assert sent["components"][0]["id"] == marker(delivery_id)
