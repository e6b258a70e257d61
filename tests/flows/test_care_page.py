"""A facilitator goes through the page of how the circle is kept safe, on a phone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from discord import PermissionOverwrite
from simcord.enums import OverwriteType
from sqlalchemy import select

from bot.content.resources import Resources, load_resources
from bot.rules.care import CarePlan
from cogs.circles.care_page import MORE, NONE, CarePage
from db.care_tables import Act
from tests.conftest import WORDS, Circle, make_circle, seen, walk
from tests.flows.people import custom_id, press_at_once
from tests.forums import deny


async def plan_of(circle: Circle) -> CarePlan:
    """What the circle has chosen."""
    services = circle.stage.bot.services
    return await services.caring.plan((await services.circles.at(circle.channel.id)).id)


async def log_of(circle: Circle) -> list[str]:
    """The kinds of the lines in the circle's open log."""
    async with circle.stage.database.read() as session:
        return sorted(act.kind for act in await session.scalars(select(Act)))


async def opened(circle: Circle, person: Any = None) -> Any:
    """``/circle care``."""
    return (await (person or circle.facilitator).slash(circle.channel, "circle care")).response


async def choose(circle: Circle, page: Any, setting: str, value: Any) -> Any:
    """Use one of the page's selects; returns the page as it is then."""
    where = custom_id(page, f"care:{circle_id(page)}:{setting}")
    values = [] if value is None else [value]
    return (await circle.facilitator.select(page.message, values, custom_id=where)).response


async def press(circle: Circle, page: Any, label: str) -> Any:
    """Press one of its buttons."""
    return (await circle.facilitator.click(page.message, label=label)).response


def circle_id(page: Any) -> str:
    """As it stands in the page's custom_ids."""
    found = {item["custom_id"].split(":")[3] for item in walk(page.components) if "custom_id" in item}
    (only,) = found
    return only


def chosen(page: Any, setting: str) -> list[str]:
    """What a select shows as chosen."""
    where = custom_id(page, f"care:{circle_id(page)}:{setting}")
    select_ = next(item for item in walk(page.components) if item.get("custom_id") == where)
    if "options" in select_:
        return [option["label"] for option in select_["options"] if option.get("default")]
    return [str(default["id"]) for default in select_.get("default_values", [])]


def private_channel(circle: Circle, name: str = "moderators") -> Any:
    """A channel that only moderators and the bot see."""
    seeing = PermissionOverwrite(view_channel=True)
    who = {circle.guild.default_role: PermissionOverwrite(view_channel=False), circle.moderators: seeing,
           circle.facilitator: seeing, circle.stage.bot.user: seeing}  # fmt: skip
    return circle.guild.create_text_channel(name, overwrites=who)


def silence(circle: Circle, channel: Any) -> None:
    """The bot may not write there."""
    deny(circle.stage, channel, circle.stage.bot.user.id, OverwriteType.MEMBER, send_messages=True)


async def test_every_choice_stands_there_with_its_value_and_its_effect(circle: Circle) -> None:
    page = await opened(circle)

    text = seen(page)
    for part in ("Review before publication: off", "The moderators' channel", "The open log's channel",
                 "Help", "the whole form (3500)", "Stories a day each: 5", "an hour each: 30",
                 "Links: allowed", "Invitations to other servers: not allowed", "Long waits",
                 "No reply yet: after 3 days", "No decision yet: after 2 days"):  # fmt: skip
        assert part in text, part
    assert len(list(walk(page.components))) <= 40
    assert await plan_of(circle) == CarePlan()


async def test_each_choice_holds_at_once_and_the_page_says_what_holds(circle: Circle) -> None:
    page = await opened(circle)

    page = await press(circle, page, "Turn review on")
    assert "Saved." in seen(page)
    assert "Review before publication: on" in seen(page)
    page = await press(circle, page, "No links")
    page = await press(circle, page, "Allow invitations")
    for setting, value in (("characters", "1000"), ("stories", "2"), ("replies", "5"), ("help", "AT"),
                           ("first_reply", "7"), ("decision", "1")):  # fmt: skip
        page = await choose(circle, page, setting, value)
        assert "Saved." in seen(page)

    assert await plan_of(circle) == CarePlan(
        review=True, country="AT", most_characters=1000, most_stories=2, most_replies=5, links=False,
        invites=True, first_reply_days=7, review_days=1,
    )  # fmt: skip
    assert chosen(page, "characters") == ["A story: 1000 characters"]
    assert chosen(page, "help") == ["Austria"]
    page = await choose(circle, page, "characters", "-")
    page = await choose(circle, page, "help", "-")
    assert (await plan_of(circle)).most_characters is None
    assert (await plan_of(circle)).country is None


async def test_what_members_should_know_stands_in_the_open_log_and_the_rest_does_not(circle: Circle) -> None:
    page = await opened(circle)
    page = await choose(circle, page, "first_reply", "7")
    page = await choose(circle, page, "decision", "1")
    assert await log_of(circle) == []

    page = await press(circle, page, "Turn review on")
    page = await press(circle, page, "Turn review off")
    page = await press(circle, page, "No links")
    await choose(circle, page, "stories", "2")

    assert await log_of(circle) == ["care_changed", "review_off", "review_on"]
    await circle.stage.later(days=1)
    await press(circle, await opened(circle), "Allow links")
    assert (await log_of(circle)).count("care_changed") == 2


async def test_two_who_choose_at_the_same_time_keep_what_the_other_chose(circle: Circle) -> None:
    mine, theirs = await opened(circle), await opened(circle)

    await press_at_once(mine.message, *[(circle.facilitator, "Turn review on")] * 2)
    await press(circle, theirs, "No links")

    plan = await plan_of(circle)
    assert (plan.review, plan.links) == (True, False)
    assert (await log_of(circle)).count("review_on") == 1


async def test_a_private_channel_for_moderators_is_taken_and_nothing_is_warned_of(circle: Circle) -> None:
    channel = private_channel(circle)

    page = await choose(circle, await opened(circle), "moderators", channel)

    assert f"is told in <#{channel.id}>" in seen(page)
    assert "Not private" not in seen(page)
    assert chosen(page, "moderators") == [str(channel.id)]
    assert (await plan_of(circle)).moderators_channel_id == channel.id
    page = await choose(circle, page, "moderators", None)
    assert (await plan_of(circle)).moderators_channel_id is None


async def test_a_moderators_channel_that_others_see_is_warned_of_as_long_as_it_is_so(circle: Circle) -> None:
    open_one = circle.guild.create_text_channel("tea")

    page = await choose(circle, await opened(circle), "moderators", open_one)

    assert f"Not private:** everybody in this server can see <#{open_one.id}>" in seen(page)
    assert "Not private" in seen(await opened(circle))
    page = await choose(circle, page, "moderators", circle.channel)
    assert "is this circle's own channel" in seen(page)
    page = await choose(circle, page, "log", open_one)
    assert seen(page).count("Not private") == 1


async def test_a_channel_where_i_may_not_write_is_not_taken(circle: Circle) -> None:
    closed = circle.guild.create_text_channel("closed")
    silence(circle, closed)

    page = await choose(circle, await opened(circle), "log", closed)

    assert "Not saved" in seen(page)
    assert "Send Messages" in seen(page)
    assert chosen(page, "log") == []
    assert (await plan_of(circle)).log_channel_id is None


async def test_a_channel_that_was_deleted_or_closed_since_is_said(circle: Circle) -> None:
    channel, log = private_channel(circle), circle.guild.create_text_channel("log")
    page = await choose(circle, await opened(circle), "moderators", channel)
    await choose(circle, page, "log", log)

    circle.stage.env.backend.delete_channel(channel.id)
    silence(circle, log)
    page = await opened(circle)

    assert "no longer there" in seen(page)
    assert chosen(page, "moderators") == []
    assert f"I can't write in <#{log.id}> as I should" in seen(page)


async def test_another_servers_channel_is_not_taken(circle: Circle) -> None:
    other = await make_circle(circle.stage)
    page = await opened(circle)

    page = await forged(circle, page, "log", other.channel.id)

    assert "please choose a text channel of this server" in seen(page)
    assert (await plan_of(circle)).log_channel_id is None


@pytest.mark.parametrize(("setting", "value"), [
    ("characters", "99999"), ("stories", "0"), ("replies", "x"), ("first_reply", "-"), ("decision", "4"),
    ("help", "XX"), ("help", "pageX"), ("review", "yes"), ("links", "yes"),
])  # fmt: skip
async def test_what_the_page_does_not_offer_is_not_chosen(circle: Circle, setting: str, value: str) -> None:
    page = await opened(circle)

    await forged(circle, page, setting, value)

    assert await plan_of(circle) == CarePlan()


async def forged(circle: Circle, page: Any, setting: str, value: Any) -> Any:
    """A changed client sends a value that the page doesn't offer."""
    where = f"circles:v1:care:{circle_id(page)}:{setting}"
    stored = circle.stage.env.backend.get_message(page.message.channel.id, page.message.id)
    for one in walk(stored.components):
        one["custom_id"] = "instead"
    control = next(one for one in walk(stored.components) if one.get("type") == 3)
    control["custom_id"] = where
    control["options"] = [{"label": "x", "value": str(value)}]
    done = await circle.facilitator.select(page.message, [str(value)], custom_id=where)
    return done.response


async def test_own_lines_of_help_are_written_in_a_form_and_shown_as_they_are(circle: Circle) -> None:
    page = await opened(circle)
    form = await circle.facilitator.click(page.message, label="Write our own lines")
    typed = "Supervisor on call: 030 123456\n\n  *Ada*, <@1>, [x](https://e.example)  "

    page = (await circle.facilitator.submit_modal(form, {"lines": typed})).response

    assert (await plan_of(circle)).help_lines == (
        "Supervisor on call: 030 123456", "*Ada*, <@1>, [x](https://e.example)",
    )  # fmt: skip
    assert r"\*Ada\*, \<\@1\>" in seen(page)
    form = await circle.facilitator.click(page.message, label="Write our own lines")
    assert "Supervisor on call" in str(form.modal)
    page = (await circle.facilitator.submit_modal(form, {"lines": ""})).response
    assert (await plan_of(circle)).help_lines == ()


@pytest.mark.parametrize(("typed", "reason"), [
    ("\n".join(["call me"] * 6), "5 lines of help at most"), ("x" * 121, "120 characters at most"),
])  # fmt: skip
async def test_too_much_help_comes_back_with_the_reason(circle: Circle, typed: str, reason: str) -> None:
    page = await opened(circle)
    form = await circle.facilitator.click(page.message, label="Write our own lines")

    done = await circle.facilitator.submit_modal(form, {"lines": typed})

    told = "\n".join([seen(done.response), *(seen(more) for more in done.followups)])
    assert reason in told
    assert typed.split("\n")[0] in told
    assert (await plan_of(circle)).help_lines == ()


async def test_the_fullest_page_fits_into_a_message(circle: Circle) -> None:
    services = circle.stage.bot.services
    circle_ = await services.circles.at(circle.channel.id)
    longest = max(load_resources().countries, key=lambda one: len(str(one.lines))).code
    gone = 2**62
    await services.caring.change(circle_.id, CarePlan(
        review=True, country=longest, help_lines=("*" * 120,) * 5, links=False,
        moderators_channel_id=gone, log_channel_id=gone,
    ))  # fmt: skip

    page = await press(circle, await opened(circle), "Turn review off")

    texts = [item["content"] for item in walk(page.components) if item.get("type") == 10]
    assert sum(map(len, texts)) <= 4000
    assert len(list(walk(page.components))) <= 40


def test_every_country_of_a_long_list_can_be_reached() -> None:
    shipped = load_resources()
    (one, *_) = shipped.countries
    codes = [f"{a}{b}" for a in "ABCD" for b in "ABCDEFGHIJKLMNOPQRST"]
    many = tuple(replace(one, code=code, name=f"Land {code}") for code in codes)
    pages = CarePage(WORDS, Resources(many, shipped.international))

    for chosen_one in (None, "AA", "DT", "ZZ"):
        plan, number, found = CarePlan(country=chosen_one), 0, set[str]()
        while True:
            options = [value for value, _ in pages._countries(plan, number)]
            assert len(options) <= 25
            assert len(set(options)) == len(options)
            found |= {value for value in options if not value.startswith(MORE) and value != NONE}
            if f"{MORE}{number + 1}" not in options:
                break
            number += 1
        assert found == set(codes)
        assert pages._countries(plan, 999) == pages._countries(plan, number)
