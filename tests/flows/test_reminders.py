"""Somebody lets themself be reminded, in private, in their own zone, and stops it again."""

from __future__ import annotations

import logging
from datetime import time, timedelta
from typing import Any

import pytest
from discord import PermissionOverwrite, Permissions

from bot.rules.calendar import WeeklyTime
from bot.services.circles import CirclePlan
from tests.conftest import ON_BOTH, Circle, Stage, make_circle, seen, walk

TUESDAY = 1


async def remind(circle: Circle, person: Any, day: int = TUESDAY, time: str = "18:30", **zone: str) -> Any:
    """``/remind weekly``; returns the private answer."""
    return (await person.slash(circle.channel, "remind weekly", day=day, time=time, **zone)).response


async def listed(circle: Circle, person: Any) -> str:
    """What ``/remind list`` says."""
    return seen((await person.slash(circle.channel, "remind list")).response)


def letters(person: Any) -> list[Any]:
    """The private messages somebody got."""
    return person.user.dm_channel.history()


async def test_setting_one_says_the_next_date_in_ones_own_zone_and_how_to_stop(circle: Circle) -> None:
    shown = await circle.peers[0].slash(
        circle.channel, "remind weekly", day=TUESDAY, time="18:30", zone="America/New_York"
    )

    assert shown.ephemeral
    text = seen(shown.response)
    assert "Tuesday, 6 January 2026, 18:30** (New York)" in text
    assert "/remind stop" in text
    assert "Stop these reminders" in text
    assert circle.channel.history() == []


@ON_BOTH
async def test_it_comes_once_a_week_with_the_question_and_a_link_to_it(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await remind(circle, ann)

    await circle.stage.pass_time(days=13)

    first, second = letters(ann)
    assert letters(ben) == []
    prompts = circle.channel.history()
    (link,) = [item["url"] for item in _parts(circle, first) if item.get("url")]
    assert link.endswith(f"/{circle.guild.id}/{circle.channel.id}/{prompts[0].id}")
    heading = seen(prompts[0]).splitlines()[0].removeprefix("### This week: ")
    assert f"**{heading}**" in seen(first)
    assert str(prompts[1].id) in str(_parts(circle, second))


async def test_before_the_question_it_is_a_quiet_sign_with_the_way_to_the_circle(circle: Circle) -> None:
    await remind(circle, circle.peers[0], day=4)

    await circle.stage.pass_time(days=3)

    (letter,) = letters(circle.peers[0])
    assert "no question yet this week" in seen(letter)
    assert any(str(item.get("url", "")).endswith(str(circle.channel.id)) for item in _parts(circle, letter))


async def test_it_keeps_its_local_time_when_the_clocks_change(circle: Circle) -> None:
    stage = circle.stage
    await stage.later(days=80)
    await remind(circle, circle.peers[0], zone="Europe/Lisbon")

    await stage.pass_time(days=14)

    sent = [letter.created_at for letter in letters(circle.peers[0])]
    assert [f"{moment:%d %b %H:%M}" for moment in sent] == ["24 Mar 18:30", "31 Mar 17:30"]


async def test_a_restart_in_between_loses_and_doubles_nothing(circle: Circle) -> None:
    stage = circle.stage
    await remind(circle, circle.peers[0])
    await stage.restart()
    await stage.pass_time(days=6)
    await stage.restart()
    await stage.tick()

    assert len(letters(circle.peers[0])) == 1


@pytest.mark.parametrize(("hours", "sent"), [(6, 1), (24, 0)])
async def test_after_downtime_it_comes_once_or_not_at_all(circle: Circle, hours: int, sent: int) -> None:
    stage = circle.stage
    await remind(circle, circle.peers[0], zone="UTC")

    await stage.later(days=12, hours=18.5 + hours)

    assert len(letters(circle.peers[0])) == sent


async def test_discord_being_away_for_a_moment_neither_loses_nor_doubles_it(circle: Circle) -> None:
    stage, ann = circle.stage, circle.peers[0]
    await remind(circle, ann)
    stage.env.inject_error("POST", f"/channels/{ann.user.dm_channel.id}/messages", status=500, times=5)

    await stage.pass_time(days=6)

    assert len(letters(ann)) == 1


async def test_the_button_in_the_private_message_stops_it_and_says_so_there(circle: Circle) -> None:
    ann, stage = circle.peers[0], circle.stage
    await remind(circle, ann)
    await stage.pass_time(days=6)
    (letter,) = letters(ann)
    await stage.restart()

    await ann.user.click(letter, label="Stop these reminders")

    (letter,) = letters(ann)
    assert seen(letter).startswith("Stopped.")
    await stage.pass_time(days=14)
    assert len(letters(ann)) == 1
    assert "Nothing reminds you" in await listed(circle, ann)


async def test_pressing_stop_twice_says_the_same(circle: Circle) -> None:
    ann = circle.peers[0]
    shown = await remind(circle, ann)
    (stop,) = [item["custom_id"] for item in walk(shown.components) if "custom_id" in item]
    reminder_id = int(stop.split(":")[3])
    await circle.stage.bot.services.reminders.stop(ann.id, reminder_id)

    again = await ann.click(shown.message, label="Stop these reminders")

    assert "Stopped" in seen(again.response)


async def test_stop_ends_the_one_of_this_circle_and_offers_the_others(circle: Circle) -> None:
    ann, stage = circle.peers[0], circle.stage
    other = await make_circle(stage, place="America/New_York")
    ann_there = other.guild.add_member(ann.user)
    await remind(circle, ann)
    await remind(other, ann_there, day=2)

    shown = (await ann.slash(circle.channel, "remind stop")).response
    assert "Stopped." in seen(shown)
    assert f"<#{other.channel.id}>: every Wednesday at 18:30 (New York)" in seen(shown)
    assert "no reminder for this circle" in seen((await ann.slash(circle.channel, "remind stop")).response)
    await ann.click(shown.message, label="Stop")

    await stage.pass_time(days=8)
    assert letters(ann) == []


async def test_stop_all_stops_all(circle: Circle) -> None:
    ann, stage = circle.peers[0], circle.stage
    other = await make_circle(stage)
    await remind(circle, ann)
    await remind(other, other.guild.add_member(ann.user))
    shown = (await ann.slash(circle.channel, "remind list")).response

    done = (await ann.click(shown.message, label="Stop all")).response

    assert "All stopped" in seen(done)
    await stage.pass_time(days=8)
    assert letters(ann) == []


async def test_setting_it_again_changes_it(circle: Circle) -> None:
    ann = circle.peers[0]
    await remind(circle, ann)

    await remind(circle, ann, day=3, time="7.15")

    text = await listed(circle, ann)
    assert "every Thursday at 07:15 (Berlin)" in text
    assert "Tuesday" not in text


async def test_nobody_sees_anothers_reminders_and_anothers_button_does_nothing(circle: Circle) -> None:
    ann, ben, _ = circle.peers
    await remind(circle, ann)
    shown = await remind(circle, ben)
    services = circle.stage.bot.services
    (anns,) = await services.reminders.of(ann.id)
    stop = next(item for item in walk(shown.components) if "custom_id" in item)
    assert str(anns.id) not in stop["custom_id"]
    backend = circle.stage.env.backend
    stored = backend.get_message(circle.channel.id, shown.id)
    for item in walk(stored.components):
        if "custom_id" in item:
            item["custom_id"] = f"reminders:v1:stop:{anns.id}"

    tried = await ben.click(shown.message, label="Stop these reminders")

    assert "belongs to somebody else" in "".join(seen(item) for item in tried.followups)
    assert (await services.reminders.of(ann.id)) == (anns,)
    assert (await listed(circle, ben)).count("every Tuesday") == 1


@pytest.mark.parametrize("code", [50007, 50278])
async def test_closed_private_messages_are_said_at_the_next_answer_and_not_tried_again(
    circle: Circle, code: int
) -> None:
    ann, stage = circle.peers[0], circle.stage
    await remind(circle, ann)
    address = f"/channels/{ann.user.dm_channel.id}/messages"
    stage.env.inject_error("POST", address, status=403, code=code, times=None)

    await stage.pass_time(days=20)

    tried = [entry for entry in stage.env.http_requests if entry.method == "POST" and entry.path == address]
    assert len(tried) == 1
    text = await listed(circle, ann)
    assert "asleep" in text
    assert "allow direct messages" in text
    stage.env.backend.faults.clear()
    assert "asleep" not in seen(await remind(circle, ann))
    await stage.pass_time(days=7)
    assert len(letters(ann)) == 1


async def test_too_many_private_messages_at_once_wait_and_nobody_is_given_up(circle: Circle) -> None:
    stage = circle.stage
    for person in circle.peers:
        await remind(circle, person, zone="UTC")
    stage.env.inject_error("POST", "/users/@me/channels", status=403, code=40003, times=1)

    due = await stage.bot.services.reminders.next_due()
    await stage.pass_time(days=5, hours=18.5)
    assert stage.now() - due < timedelta(minutes=1)
    await stage.pass_time(minutes=1)
    early = [len(letters(person)) for person in circle.peers]
    await stage.pass_time(minutes=15)

    assert sum(early) < 3
    assert [len(letters(person)) for person in circle.peers] == [1, 1, 1]


async def test_in_a_paused_circle_it_is_silent_and_says_so(circle: Circle) -> None:
    ann, stage = circle.peers[0], circle.stage
    await circle.facilitator.slash(circle.channel, "circle pause")

    assert "paused at the moment" in seen(await remind(circle, ann))
    assert "silent until it goes on" in await listed(circle, ann)
    await stage.pass_time(days=13)
    assert letters(ann) == []
    await circle.facilitator.slash(circle.channel, "circle resume")
    await stage.pass_time(days=7)

    assert len(letters(ann)) == 1


async def test_who_cannot_see_the_circle_is_not_told_its_questions(stage: Stage) -> None:
    guild = stage.env.create_guild()
    manager = guild.create_role("Managers", permissions=Permissions(manage_guild=True))
    fay = guild.add_member(stage.env.create_user("fay"), roles=[manager])
    ann = guild.add_member(stage.env.create_user("ann"))
    seen_by = dict.fromkeys((fay, stage.bot.user), PermissionOverwrite(view_channel=True))
    nobody_else = {guild.default_role: PermissionOverwrite(view_channel=False)}
    hidden = guild.create_text_channel("circle", overwrites=nobody_else | seen_by)
    page = await fay.slash(hidden, "circle setup", place="Europe/Berlin")
    await fay.click(page.response.message, label="Save")

    shown = await ann.slash(guild.create_text_channel("all"), "remind weekly", day=TUESDAY, time="18:30")

    assert "There is no circle here yet" in seen(shown.response)
    assert await stage.bot.services.reminders.of(ann.id) == ()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"time": "half past six"}, "couldn't read “half past six” as a time"),
        ({"time": "25:00"}, "couldn't read “25:00” as a time"),
        ({"zone": "Atlantis"}, "don't know the time zone “Atlantis”"),
    ],
)
async def test_what_cannot_be_read_is_said_kindly(circle: Circle, options: dict[str, str], said: str) -> None:
    given = {"time": "18:30"} | options
    shown = await circle.peers[0].slash(circle.channel, "remind weekly", day=TUESDAY, **given)

    assert said in seen(shown.response)
    assert "Nothing reminds you" in await listed(circle, circle.peers[0])


async def test_the_zone_is_found_by_the_city(circle: Circle) -> None:
    choices = await circle.peers[0].autocomplete(circle.channel, "remind weekly", "zone", "lisb")

    assert choices[0]["value"] == "Europe/Lisbon"


async def test_the_log_says_nothing_about_people(circle: Circle, caplog: pytest.LogCaptureFixture) -> None:
    ann = circle.peers[0]
    with caplog.at_level(logging.INFO):
        await remind(circle, ann)
        await circle.stage.pass_time(days=6)

    assert len(letters(ann)) == 1
    assert not any(str(ann.id) in record.getMessage() for record in caplog.records)


def _parts(circle: Circle, message: Any) -> list[dict[str, Any]]:
    stored = circle.stage.env.backend.get_message(message.channel.id, message.id)
    return list(walk(stored.components))


async def test_many_reminders_have_pages_and_stopping_one_stays_at_its_page(circle: Circle) -> None:
    stage, ann = circle.stage, circle.peers[0]
    services = stage.bot.services
    plan = CirclePlan("UTC", weekday=0, at_minute=540, size=9, delay_minutes=0)
    for number in range(10):
        saved = await services.circles.save(circle.guild.id, 10**17 + number, plan, "en")
        await services.reminders.remind_weekly(
            ann.id, saved.circle.id, WeeklyTime(number % 7, time(9, number), "UTC")
        )

    first = (await ann.slash(circle.channel, "remind list")).response
    assert stops(first) == 7
    second = (await ann.click(first.message, label="Next page")).response
    assert stops(second) == 3
    await stage.restart()
    for left in (2, 1, 7):  # the last of a page leads back to the one before
        again = next(item["custom_id"] for item in walk(second.components) if item.get("label") == "Stop")
        second = (await ann.click(second.message, custom_id=again)).response
        assert "Stopped." in seen(second)
        assert stops(second) == left
    assert "more" not in seen(second)
    assert len(await services.reminders.of(ann.id)) == 7


def stops(shown: Any) -> int:
    """How many reminders of a page can be stopped."""
    return sum(item.get("label") == "Stop" for item in walk(shown.components))
