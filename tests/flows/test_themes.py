"""A facilitator gives weeks a theme: form, private preview, save, list, cancel."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import ON_BOTH, Circle, make_circle, seen

TYPED = {
    "title": "Goodbyes",
    "introduction": "We look back.",
    "prompts": "1. What ended?\n\n2. Who noticed?",
}


async def write(circle: Circle, start: str = "2026-01-15", weeks: int = 2, **parts: str) -> Any:
    """``/theme schedule`` → form → submitted; returns the private preview."""
    opened = await circle.facilitator.slash(circle.channel, "theme schedule", **{"from": start}, weeks=weeks)
    return (await circle.facilitator.submit_modal(opened, TYPED | parts)).response


async def save(circle: Circle, start: str = "2026-01-15", weeks: int = 2, **parts: str) -> Any:
    """The same, and *Save*."""
    preview = await write(circle, start, weeks, **parts)
    return (await circle.facilitator.click(preview.message, label="Save")).response


@ON_BOTH
async def test_what_the_preview_shows_is_what_is_asked_in_those_weeks(circle: Circle) -> None:
    preview = await write(circle)
    assert preview.ephemeral
    text = seen(preview)
    for part in (
        "Nothing is saved yet",
        "### Goodbyes",
        "We look back.",
        "Monday, 12 January 2026 to Sunday, 25 January 2026 · 2 weeks",
        "**Monday, 12 January 2026, 09:00**\nWhat ended?",
        "**Monday, 19 January 2026, 09:00**\nWho noticed?",
    ):
        assert part in text

    saved = (await circle.facilitator.click(preview.message, label="Save")).response
    await circle.stage.pass_time(days=27)

    assert saved.id == preview.id
    assert "Saved" in seen(saved)
    asked = [seen(message) for message in circle.channel.history()]
    assert len(asked) == 4
    assert ["This week: Goodbyes" in text for text in asked] == [False, True, True, False]
    assert "We look back." in asked[1]
    assert "What ended?" in asked[1]
    assert "We look back." not in asked[2]
    assert "Who noticed?" in asked[2]


async def test_a_restart_between_form_preview_and_save_loses_no_word(circle: Circle) -> None:
    fay, stage = circle.facilitator, circle.stage
    opened = await fay.slash(circle.channel, "theme schedule", **{"from": "2026-01-12"})
    await stage.restart()
    preview = (await fay.submit_modal(opened, TYPED)).response
    await stage.restart()
    form = await fay.click(preview.message, label="Edit")
    await stage.restart()
    filled = {part["component"]["custom_id"]: part["component"] for part in form.modal["components"]}
    assert filled["prompts"]["value"] == TYPED["prompts"]
    values = TYPED | {"title": "Farewells", "start": "2026-01-12", "weeks": ["2"]}
    edited = (await fay.submit_modal(form, values)).response
    await stage.restart()

    saved = (await fay.click(edited.message, label="Save")).response

    assert edited.id == preview.id
    assert "### Farewells" in seen(saved)
    assert "2 weeks" in seen(saved)


async def test_weeks_that_another_theme_has_are_refused_with_its_dates_and_the_words_stay(
    circle: Circle,
) -> None:
    fay = circle.facilitator
    await save(circle)

    preview = await write(circle, "2026-01-19", 1, title="Money")

    assert (
        "**Goodbyes** has taken some of these weeks: Monday, 12 January 2026 to Sunday, 25 January"
        in seen(preview)
    )
    assert "Who noticed?" in seen(preview)
    assert "Save" not in seen(preview).splitlines()
    form = await fay.click(preview.message, label="Edit")
    moved = TYPED | {"title": "Money", "start": "2026-01-28", "weeks": ["1"]}
    saved = await fay.click((await fay.submit_modal(form, moved)).response.message, label="Save")
    assert "Monday, 26 January 2026 to Sunday, 1 February 2026 · 1 week" in seen(saved.response)


async def test_a_week_taken_between_preview_and_save_is_said_and_the_preview_stays(circle: Circle) -> None:
    preview = await write(circle)
    await save(circle, title="Money")

    refused = (await circle.facilitator.click(preview.message, label="Save")).response

    assert refused.id == preview.id
    assert "**Money** has taken" in seen(refused)
    assert "Who noticed?" in seen(refused)


async def test_save_pressed_twice_says_the_same_twice(circle: Circle) -> None:
    preview = await write(circle)
    button = next(
        part["custom_id"]
        for row in preview.components
        for part in row.get("components", [])
        if part.get("label") == "Save"
    )
    first = seen((await circle.facilitator.click(preview.message, custom_id=button)).response)
    services = circle.stage.bot.services
    receipt, revision = button.split(":")[3:]

    again = await services.theme_drafts.save(receipt, int(revision))

    assert again.theme.title == "Goodbyes"
    assert "Saved" in first
    assert len((await services.themes.coming((await circle.info).id)).themes) == 1


@pytest.mark.parametrize(
    ("weeks", "prompts", "said"),
    [
        (3, "What ended?\nWho noticed?", "they begin again from the first"),
        (2, "What ended?\nWho noticed?\nAnd now?", "the last won't be asked"),
        (1, "What ended?\nWho noticed?\nAnd now?", "Left over, and not asked: 2"),
        (1, "What ended?\n" + "x" * 301, "Question 2 has 301 characters, and there is room for 300"),
        (1, "\n1.\n  \n", "needs at least one question"),
    ],
)
async def test_more_fewer_or_unusable_questions_are_said_before_saving(
    circle: Circle, weeks: int, prompts: str, said: str
) -> None:
    assert said in seen(await write(circle, weeks=weeks, prompts=prompts))


async def test_what_was_typed_is_shown_literally_and_fits_the_page(circle: Circle) -> None:
    stars = "Why " + "*" * 296

    preview = await write(
        circle, weeks=12, title="_" * 100, introduction="#" * 600, prompts="\n".join([stars] * 12)
    )
    await circle.facilitator.click(preview.message, label="Save")
    await circle.stage.pass_time(days=12)

    assert len(seen(preview)) < 4000
    asked = seen(circle.channel.last_message)
    assert "Why " + "\\*" * 296 in asked
    assert "\\_" * 100 in asked


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("soon", "couldn't read “soon” as a date"),
        ("2025-12-28", "That week is over"),
        ("2226-01-12", "more than two years away"),
    ],
)
async def test_a_day_that_cannot_be_is_said_before_anything_is_written(
    circle: Circle, start: str, said: str
) -> None:
    shown = await circle.facilitator.slash(circle.channel, "theme schedule", **{"from": start})

    assert shown.modal is None
    assert shown.ephemeral
    assert said in seen(shown.response)


async def test_a_date_that_cannot_be_read_in_the_form_keeps_the_preview(circle: Circle) -> None:
    preview = await write(circle)
    form = await circle.facilitator.click(preview.message, label="Edit")

    shown = await circle.facilitator.submit_modal(form, TYPED | {"start": "in spring", "weeks": ["1"]})

    assert shown.response.id == preview.id
    assert "couldn't read “in spring” as a date" in seen(shown.response)
    assert "Who noticed?" in seen(shown.response)


async def test_this_week_takes_no_theme_once_it_was_asked(circle: Circle) -> None:
    await circle.facilitator.slash(circle.channel, "prompt post-now")

    shown = await circle.facilitator.slash(circle.channel, "theme schedule", **{"from": "2026-01-01"})

    assert "already had its question" in seen(shown.response)


async def test_discarding_asks_once_and_forgets_the_words(circle: Circle) -> None:
    fay = circle.facilitator
    preview = await write(circle)
    asked = (await fay.click(preview.message, label="Discard")).response
    back = (await fay.click(asked.message, label="Back to the preview")).response
    assert "### Goodbyes" in seen(back)
    await fay.click(back.message, label="Discard")

    gone = (await fay.click(preview.message, label="Discard")).response

    assert "Nothing was saved" in seen(gone)
    listed = await fay.slash(circle.channel, "theme list")
    assert "No themes are planned" in seen(listed.response)


async def test_the_list_shows_one_theme_whole_and_cancels_it(circle: Circle) -> None:
    fay = circle.facilitator
    await save(circle)
    await save(circle, "2026-02-02", 1, title="Money")
    listed = (await fay.slash(circle.channel, "theme list")).response
    assert "**Goodbyes**" in seen(listed)
    assert "**Money**" in seen(listed)
    (theme, _) = (await circle.stage.bot.services.themes.coming((await circle.info).id)).themes

    looked = (await fay.select(listed.message, [str(theme.id)])).response
    assert "We look back." in seen(looked)
    question = (await fay.click(looked.message, label="Cancel this theme")).response
    assert "library's questions come instead: Monday, 12 January 2026; Monday, 19 January 2026" in seen(
        question
    )
    done = (await fay.click(question.message, label="Cancel the theme")).response

    assert "is cancelled" in seen(done)
    assert "Who noticed?" in seen(done)
    again = seen((await fay.slash(circle.channel, "theme list")).response)
    assert "Goodbyes" not in again
    assert "Money" in again


async def test_a_running_theme_is_cancelled_by_its_title_and_what_was_asked_stays(circle: Circle) -> None:
    fay, stage = circle.facilitator, circle.stage
    await save(circle)
    await stage.pass_time(days=13)
    choices = await fay.autocomplete(circle.channel, "theme cancel", "theme", "goodb")
    assert [choice["name"] for choice in choices] == ["Goodbyes · Monday, 12 January 2026"]

    question = (await fay.slash(circle.channel, "theme cancel", theme=choices[0]["value"])).response
    assert "What was asked already stays" in seen(question)
    await fay.click(question.message, label="Cancel the theme")
    await stage.pass_time(days=7)

    asked = [seen(message) for message in circle.channel.history()]
    assert ["This week: Goodbyes" in text for text in asked] == [False, True, False]


async def test_keeping_a_theme_changes_nothing(circle: Circle) -> None:
    await save(circle)
    question = (await circle.facilitator.slash(circle.channel, "theme cancel", theme="goodbyes")).response

    kept = (await circle.facilitator.click(question.message, label="Keep it")).response

    assert "Nothing was changed" in seen(kept)
    listed = await circle.facilitator.slash(circle.channel, "theme list")
    assert "Goodbyes" in seen(listed.response)


async def test_a_theme_that_is_not_there_is_said_kindly(circle: Circle) -> None:
    shown = await circle.facilitator.slash(circle.channel, "theme cancel", theme="Weather")

    assert "no coming theme with that title" in seen(shown.response)


async def test_the_clock_change_is_marked_in_the_preview(circle: Circle) -> None:
    text = seen(await write(circle, "2026-03-23", 2))

    before, after = (line for line in text.splitlines() if "March 2026, 09:00" in line)
    assert "clocks" not in before
    assert "the clocks have changed by then" in after


async def test_peers_are_told_who_schedules_themes(circle: Circle) -> None:
    await save(circle)
    ann = circle.peers[0]

    for command, options in (("schedule", {"from": "2026-03-02"}), ("list", {}), ("cancel", {"theme": "E"})):
        shown = await ann.slash(circle.channel, f"theme {command}", **options)
        assert shown.ephemeral
        assert "facilitators" in seen(shown.response)
    assert await ann.autocomplete(circle.channel, "theme cancel", "theme", "") == []


async def test_a_form_of_somebody_who_no_longer_facilitates_gives_the_words_back(circle: Circle) -> None:
    fay = circle.facilitator
    opened = await fay.slash(circle.channel, "theme schedule", **{"from": "2026-01-12"})
    circle.stage.env.backend.get_guild(circle.guild.id).members[fay.id].role_ids.clear()

    shown = await fay.submit_modal(opened, TYPED)

    assert "facilitators" in seen(shown.response)
    assert "Who noticed?" in seen(shown.response)


async def test_the_same_title_in_another_circle_is_another_theme(circle: Circle) -> None:
    other = await make_circle(circle.stage, place="America/New_York")
    await save(circle)

    preview = await write(other)

    assert "**Monday, 12 January 2026, 09:00**\nWhat ended?" in seen(preview)
