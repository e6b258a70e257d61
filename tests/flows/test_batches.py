"""A circle whose unnamed stories wait for one another: chosen on the page, seen in the channel."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import Circle, Stage, make_circle, seen, walk
from tests.flows.people import ask_now, custom_id, stories_in, tell, told_to, write
from tests.flows.test_forged_presses import forge

BATCH = "Stories without a name wait for 3, at most a day, and are shuffled"
TAGS = pytest.mark.parametrize("tags", [None, ()], ids=["text", "forum"])


@TAGS
async def test_the_page_offers_batches_and_the_status_says_what_was_chosen(
    stage: Stage, tags: tuple[str, ...] | None
) -> None:
    circle = await make_circle(stage, delay="b3", tags=tags)
    (saved,) = await stage.bot.services.circles.everywhere()
    status = await circle.facilitator.slash(await some_place(circle), "circle status")

    assert (saved.plan.batch_of, saved.plan.delay_minutes) == (3, 120)
    assert BATCH in told_to(status)


async def some_place(circle: Circle) -> object:
    """A place from which the circle's commands mean this circle."""
    return circle.channel if not hasattr(circle.channel, "posts") else circle.guild.create_text_channel("x")


async def test_the_page_shows_the_choice_again_and_gives_it_up_again(stage: Stage) -> None:
    circle = await make_circle(stage, delay="b5")
    page = (await circle.facilitator.slash(circle.channel, "circle settings")).response
    await stage.restart()
    (select,) = [one for one in walk(page.components) if "choose:w" in one.get("custom_id", "")]
    assert [one["value"] for one in select["options"] if one.get("default")] == ["b5"]

    page = (await circle.facilitator.select(page.message, ["30"], custom_id=select["custom_id"])).response
    await circle.facilitator.click(page.message, label="Save")

    (saved,) = await stage.bot.services.circles.everywhere()
    assert (saved.plan.batch_of, saved.plan.delay_minutes) == (None, 30)


async def test_a_page_from_before_there_were_batches_still_works(circle: Circle) -> None:
    page = (await circle.facilitator.slash(circle.channel, "circle settings")).response

    shown = await forge(
        circle, circle.facilitator, page.message, "circles:v1:choose:f:Europe/Berlin:2.600.12.120:-:-"
    )
    answer = await forge(
        circle, circle.facilitator, page.message, "circles:v1:save:Europe/Berlin:2.600.12.120:-:-"
    )

    assert "wait up to 2 hours" in shown
    assert "Saved." in answer
    saved = await circle.stage.bot.services.circles.at(circle.channel.id)
    assert (saved.plan.weekday, saved.plan.at_minute, saved.plan.size) == (2, 600, 12)
    assert (saved.plan.batch_of, saved.plan.delay_minutes) == (None, 120)


@TAGS
async def test_three_stories_appear_together_and_one_alone_at_the_end_of_the_day(
    stage: Stage, tags: tuple[str, ...] | None
) -> None:
    circle = await make_circle(stage, delay="b3", tags=tags)
    await stage.pass_time(hours=7)  # eight in the morning in Berlin
    ann, ben, cem = circle.peers
    for person, slip in ((ann, "One."), (ben, "Two.")):
        await tell(circle, person, slip)
    await stage.pass_time(hours=3)
    assert stories_in(circle) == []
    await tell(circle, cem, "Three.")
    await stage.pass_time(hours=2, minutes=16)
    assert len(stories_in(circle)) == 3
    assert {line for one in stories_in(circle) for line in seen(one).splitlines()} >= {
        "One.",
        "Two.",
        "Three.",
    }

    await tell(circle, ann, "Alone.")
    await stage.env.advance_time(timedelta(hours=5, minutes=40).total_seconds())
    await stage.tick()
    assert len(stories_in(circle)) == 3
    await stage.pass_time(minutes=20)
    assert "Alone." in seen(stories_in(circle)[-1])


async def test_no_screen_tells_how_many_wait(stage: Stage) -> None:
    circle = await make_circle(stage, delay="b3")
    await stage.pass_time(hours=7)
    prompt = await ask_now(circle)
    before = [await screens(circle, prompt)]
    for person in circle.peers:
        preview = await write(circle, person)
        lines = [line for line in seen(preview).splitlines() if line.startswith("-# ")]
        after = seen((await person.click(preview.message, label="Post")).response)
        before.append(await screens(circle, prompt))
        assert "by the next 19:15 at the latest" in lines[1]
        assert "It appears shuffled with others, by the next 19:15 at the latest" in after

    assert len(set(before)) == 1


async def screens(circle: Circle, prompt: object) -> str:
    """What anybody can look at: the status, how it works, the form."""
    fay = circle.facilitator
    status = told_to(await fay.slash(circle.channel, "circle status"))
    how = told_to(await fay.click(prompt, custom_id=custom_id(prompt, "how")))
    form = str((await fay.click(prompt, label="Share without my name")).modal)
    return "\n".join((status, how, form.split("at 0x")[0]))
