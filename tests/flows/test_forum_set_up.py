"""A circle is set up in a forum: from one of its posts, or by naming it; where that can't be, it is said."""

from __future__ import annotations

from typing import Any

import pytest
from simcord.enums import OverwriteType

from cogs.custom_ids import CIRCLE_SAVE_THERE
from tests.conftest import Circle, Stage, make_circle, seen
from tests.flows.people import (
    custom_id,
    told_to,
)
from tests.flows.test_setting_up_goes_wrong import nothing_is_saved, server
from tests.forums import create_forum, deny


@pytest.fixture
async def circle(stage: Stage) -> Circle:
    """A circle in a forum, whose stories appear at once."""
    return await make_circle(stage, tags=("Silence", "Stories"))


async def post_of(stage: Stage, person: Any, forum: Any) -> Any:
    """A post that somebody made in a forum."""
    made = stage.env.backend.create_thread(forum.id, name="Hello", type=11, owner_id=person.id)
    return next(post for post in forum.posts if post.id == made.id)


async def test_typed_in_a_post_the_circle_meets_in_the_forum(stage: Stage) -> None:
    guild, _channel, fay = await server(stage)
    forum = create_forum(guild)

    page = (await fay.slash(await post_of(stage, fay, forum), "circle setup", place="Europe/Berlin")).response
    assert f"<#{forum.id}>" in seen(page)
    ready = (await fay.click(page.message, label="Save")).response
    await fay.click(ready.message, label="Post a welcome")
    await fay.click(ready.message, label="Post the first question now")

    (circle,) = await stage.bot.services.circles.everywhere()
    assert circle.channel_id == forum.id
    assert [post.name for post in forum.posts][1] == "Welcome"
    assert forum.posts[2].name.startswith("This week: ")
    assert all("Share without my name" in seen(message) for message in forum.history())


async def test_a_forum_without_any_post_is_named_and_the_page_remembers_it(stage: Stage) -> None:
    guild, lobby, fay = await server(stage)
    forum = create_forum(guild)
    page = (await fay.slash(lobby, "circle setup", place="Europe/Berlin", channel=forum)).response
    assert f"<#{forum.id}>" in seen(page)
    await stage.restart()

    page = (await fay.select(page.message, ["4"], custom_id=custom_id(page, "pick:d"))).response
    page = (await fay.select(page.message, ["720"], custom_id=custom_id(page, "pick:w"))).response
    saved = (await fay.click(page.message, label="Save")).response

    assert "Friday, 2 January 2026, 09:00" in seen(saved)
    (circle,) = await stage.bot.services.circles.everywhere()
    assert circle.channel_id == forum.id
    assert circle.plan.delay_minutes == 720


async def test_settings_opened_elsewhere_change_the_circle_and_make_no_second_one(circle: Circle) -> None:
    elsewhere = circle.guild.create_text_channel("elsewhere")
    page = (await circle.facilitator.slash(elsewhere, "circle settings", time="07:45")).response

    saved = (await circle.facilitator.click(page.message, label="Save")).response

    assert "Saved." in seen(saved)
    (only,) = await circle.stage.bot.services.circles.everywhere()
    assert only.channel_id == circle.channel.id
    assert only.plan.zone == "Europe/Berlin"


@pytest.mark.parametrize(("name", "word"), [
    ("send_messages", "Create Posts"), ("send_messages_in_threads", "Send Messages in Threads"),
    ("manage_threads", "Manage Threads"), ("read_message_history", "Read Message History"),
])  # fmt: skip
async def test_what_the_bot_lacks_in_the_forum_is_named(stage: Stage, name: str, word: str) -> None:
    guild, lobby, fay = await server(stage)
    forum, me = create_forum(guild), stage.env.backend.bot_user.id
    deny(stage, forum, me, OverwriteType.MEMBER, **{name: True}, create_public_threads=True)

    refused = await fay.slash(lobby, "circle setup", place="Europe/Berlin", channel=forum)

    assert f"Please allow me, there: **{word}**." in seen(refused.response)
    deny(stage, forum, me, OverwriteType.MEMBER, create_public_threads=True)
    shown = await fay.slash(lobby, "circle setup", place="Europe/Berlin", channel=forum)
    assert "nothing is saved yet" in seen(shown.response)


async def test_a_forum_that_requires_a_tag_and_has_none_is_not_taken(stage: Stage) -> None:
    guild, lobby, fay = await server(stage)
    forum = create_forum(guild)
    stage.bot.get_channel(forum.id)._flags = 1 << 4

    refused = await fay.slash(lobby, "circle setup", place="Europe/Berlin", channel=forum)

    assert "requires a tag on every post and has none" in seen(refused.response)


async def test_nobody_starts_a_circle_in_a_channel_that_is_closed_to_them(stage: Stage) -> None:
    guild, lobby, fay = await server(stage)
    forum = create_forum(guild)
    page = (await fay.slash(lobby, "circle setup", place="Europe/Berlin", channel=forum)).response
    deny(stage, forum, fay.id, OverwriteType.MEMBER, view_channel=True)

    tried = await fay.click(page.message, label="Save")

    assert "you can't see it" in told_to(tried)
    assert await nothing_is_saved(stage)


async def test_a_forged_page_reaches_no_channel_of_another_server(circle: Circle) -> None:
    stage = circle.stage
    _guild, lobby, fay = await server(stage)
    page = (await fay.slash(lobby, "circle setup", place="Europe/Berlin")).response
    stored = stage.env.backend.get_message(page.message.channel.id, page.message.id)
    save = next(row for row in stored.components if row["type"] == 1 and row["components"][0]["type"] == 2)
    for channel_id in (circle.channel.id, 1, 2**63 - 1):
        forged = CIRCLE_SAVE_THERE("Europe/Berlin", "000f0", "-", "-", _base36(channel_id))
        save["components"][0]["custom_id"] = forged

        tried = await fay.click(page.message, custom_id=forged)

        assert "you can't see it" in told_to(tried)
    assert (await circle.info).plan.at_minute == 9 * 60


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
    return digits
