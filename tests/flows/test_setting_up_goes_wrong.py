"""Setting a circle up where, by whom or with what it can't be; pressing twice, or after a restart."""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest

from bot.services.circles import CirclePlan
from tests.conftest import Circle, Stage, make_circle, seen
from tests.flows.people import ask_now


async def server(stage: Stage) -> tuple[Any, Any, Any]:
    """A server with a channel and somebody who manages it."""
    guild = stage.env.create_guild()
    manager = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
    return (
        guild,
        guild.create_text_channel("circle"),
        guild.add_member(stage.env.create_user("fay"), roles=[manager]),
    )


async def nothing_is_saved(stage: Stage) -> bool:
    """Whether there is no circle anywhere."""
    return await stage.bot.services.circles.everywhere() == ()


async def test_without_manage_server_it_is_said_who_can(stage: Stage) -> None:
    guild, channel, _ = await server(stage)
    ann = guild.add_member(stage.env.create_user("ann"))

    shown = await ann.slash(channel, "circle setup", place="Europe/Berlin")

    assert shown.ephemeral
    assert "needs the right *Manage Server*" in seen(shown.response)
    assert await nothing_is_saved(stage)


@pytest.mark.parametrize("kind", ["voice", "stage", "announcements", "thread"])
async def test_where_no_circle_can_meet_a_text_channel_is_asked_for(stage: Stage, kind: str) -> None:
    guild, channel, fay = await server(stage)
    if kind == "voice":
        place = guild.create_voice_channel("talk")
    elif kind == "stage":
        place = guild.create_stage_channel("talk")
    elif kind == "announcements":
        place = guild.create_news_channel("news")
    else:
        place = await thread_in(stage, guild, channel)

    shown = await fay.slash(place, "circle setup", place="Europe/Berlin")

    assert "meets in a text channel or a forum" in seen(shown.response)
    assert await nothing_is_saved(stage)


async def thread_in(stage: Stage, guild: Any, channel: Any) -> Any:
    """A thread in a text channel, or an empty post in a forum."""
    backend = stage.env.backend
    made = backend.create_thread(channel.id, name="a thread", type=11, owner_id=guild.owner.id)
    return next(thread for thread in channel.threads if thread.id == made.id)


@pytest.mark.parametrize(
    "place", ["nowhere", "Europe/Atlantis", "../../etc/passwd", "UTC+25", "a" * 300, "🙂", " "]
)
async def test_a_zone_that_does_not_exist_is_said_with_what_to_do(stage: Stage, place: str) -> None:
    _guild, channel, fay = await server(stage)

    shown = await fay.slash(channel, "circle setup", place=place)

    assert "Begin to type your city" in seen(shown.response)
    assert await nothing_is_saved(stage)


@pytest.mark.parametrize("time", ["25:00", "9", "nine", "09:60", "-1:00", ""])
async def test_a_time_that_does_not_exist_is_said_with_what_to_do(stage: Stage, time: str) -> None:
    _guild, channel, fay = await server(stage)

    shown = await fay.slash(channel, "circle setup", place="Europe/Berlin", time=time)

    expected = "The next dates" if time == "" else "couldn't read"
    assert expected in seen(shown.response)


async def test_two_facilitators_pressing_save_at_once_make_one_circle(stage: Stage) -> None:
    guild, channel, _ = await server(stage)
    plans = [CirclePlan("Europe/Berlin", day, 540, size=9, delay_minutes=0) for day in range(4)]

    saved = await asyncio.gather(
        *(stage.bot.services.circles.save(guild.id, channel.id, plan, "en") for plan in plans)
    )

    assert len({one.circle.id for one in saved}) == 1
    assert sum(one.new for one in saved) == 1
    assert len(await stage.bot.services.circles.everywhere()) == 1


async def test_save_on_two_open_pages_keeps_the_last_and_says_so_to_both(stage: Stage) -> None:
    guild, channel, fay = await server(stage)
    mo = guild.add_member(stage.env.create_user("mo"), roles=[guild.roles["Managers"]])
    first = (await fay.slash(channel, "circle setup", place="Europe/Berlin")).response
    second = (await mo.slash(channel, "circle setup", place="Asia/Tokyo")).response

    one = await fay.click(first.message, label="Save")
    two = await mo.click(second.message, label="Save")

    assert "Your circle is ready" in seen(one.response)
    assert "Saved." in seen(two.response)
    (circle,) = await stage.bot.services.circles.everywhere()
    assert circle.zone == "Asia/Tokyo"


async def test_a_page_that_was_opened_before_a_restart_can_still_be_saved(stage: Stage) -> None:
    _guild, channel, fay = await server(stage)
    page = (await fay.slash(channel, "circle setup", place="Europe/Berlin", time="07:45")).response

    await stage.restart()
    saved = await fay.click(page.message, label="Save")

    assert "07:45" in seen(saved.response)


async def test_somebody_who_lost_the_right_meanwhile_cannot_save(stage: Stage) -> None:
    guild, channel, fay = await server(stage)
    page = (await fay.slash(channel, "circle setup", place="Europe/Berlin")).response
    stage.env.backend.get_member(guild.id, fay.id).role_ids.clear()

    tried = await fay.click(page.message, label="Save")

    assert "needs the right *Manage Server*" in "".join(seen(one) for one in tried.followups)
    assert await nothing_is_saved(stage)


async def test_the_welcome_pressed_twice_stands_there_once(stage: Stage) -> None:
    _guild, channel, fay = await server(stage)
    page = (await fay.slash(channel, "circle setup", place="Europe/Berlin")).response
    ready = (await fay.click(page.message, label="Save")).response

    for _ in range(2):
        pressed = await fay.click(ready.message, label="Post a welcome")
        assert "The welcome is in the channel" in seen(pressed.response)
    await stage.restart()
    await fay.click(ready.message, label="Post a welcome")

    assert sum("### Welcome" in seen(message) for message in channel.history()) == 1


async def test_the_first_question_pressed_twice_comes_once(stage: Stage) -> None:
    _guild, channel, fay = await server(stage)
    page = (await fay.slash(channel, "circle setup", place="Europe/Berlin")).response
    ready = (await fay.click(page.message, label="Save")).response

    await fay.click(ready.message, label="Post the first question now")
    again = await fay.click(ready.message, label="Post the first question now")

    assert "already had its question" in seen(again.response)
    assert sum("### This week" in seen(message) for message in channel.history()) == 1


async def test_a_skip_is_taken_back_once_and_pressing_again_says_so(circle: Circle) -> None:
    skipped = (await circle.facilitator.slash(circle.channel, "prompt skip")).response
    assert "Left out: Monday, 5 January 2026, 09:00" in seen(skipped)

    first = await circle.facilitator.click(skipped.message, label="Take it back")
    second = await circle.facilitator.click(skipped.message, label="Take it back")

    assert "The next question comes on Monday, 5 January 2026, 09:00" in seen(first.response)
    assert "can't be taken back any more" in seen(second.response)


async def test_of_two_circles_in_a_server_the_one_that_is_meant_is_asked_for(stage: Stage) -> None:
    first = await make_circle(stage)
    elsewhere = first.guild.create_text_channel("elsewhere")
    one = await first.facilitator.slash(elsewhere, "circle status")
    second = first.guild.create_text_channel("second")
    page = (await first.facilitator.slash(second, "circle setup", place="Europe/Berlin")).response
    await first.facilitator.click(page.message, label="Save")

    two = await first.facilitator.slash(elsewhere, "circle status")

    assert f"<#{first.channel.id}>" in seen(one.response)
    assert "several circles" in seen(two.response)
    assert all(f"<#{channel.id}>" in seen(two.response) for channel in (first.channel, second))


async def test_peers_are_told_who_facilitates_and_nothing_is_done(circle: Circle) -> None:
    await ask_now(circle)
    ann = circle.peers[0]
    for command in ("circle status", "circle pause", "circle settings", "prompt preview", "prompt skip"):
        shown = await ann.slash(circle.channel, command)
        assert shown.ephemeral
        assert f"<@&{circle.facilitators.id}>" in seen(shown.response)

    assert not (await circle.info).paused
