"""A facilitator sets a circle up, and its question comes."""

from __future__ import annotations

from dataclasses import replace

from tests.conftest import Circle, Stage, make_circle, seen, walk

SHOWN_ON_A_PHONE = 35
"""Characters of a closed select; the rest is cut off."""


async def test_the_page_shows_the_next_three_dates_before_anything_is_saved(stage: Stage) -> None:
    circle = await make_circle(stage)

    shown = await circle.facilitator.slash(circle.channel, "circle settings")

    assert shown.ephemeral
    text = seen(shown.response)
    for date in ("Monday, 5 January 2026, 09:00", "Monday, 12 January 2026", "Monday, 19 January 2026"):
        assert date in text


async def test_what_is_chosen_is_not_cut_off_on_a_phone_and_a_sentence_below_says_it_whole(
    circle: Circle,
) -> None:
    shown = (await circle.facilitator.slash(circle.channel, "circle settings")).response

    labels = [option["label"] for part in walk(shown.components) for option in part.get("options", ())]
    assert len(labels) > 30
    assert [label for label in labels if len(label) > SHOWN_ON_A_PHONE] == []
    assert "Stories without a name appear at once; the hour may tell who wrote." in seen(shown)


async def test_setting_up_again_elsewhere_keeps_what_the_circle_has(circle: Circle) -> None:
    circles = circle.stage.bot.services.circles
    before = await circles.at(circle.channel.id)

    shown = await circle.facilitator.slash(circle.channel, "circle setup", place="Europe/Lisbon")
    await circle.facilitator.click(shown.response.message, label="Save")

    after = await circles.at(circle.channel.id)
    assert before is not None
    assert after is not None
    assert after.plan == replace(before.plan, zone="Europe/Lisbon")


async def test_the_question_comes_once_a_week_at_the_local_time(circle: Circle) -> None:
    stage = circle.stage

    await stage.pass_time(days=3)
    assert circle.channel.history() == []
    await stage.pass_time(days=2)
    assert len(circle.channel.history()) == 1
    await stage.pass_time(days=7)

    assert len(circle.channel.history()) == 2
    assert "Share without my name" in seen(circle.channel.last_message)
