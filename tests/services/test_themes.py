"""Themes as the service keeps them: once, in weeks of their own, and asked in order."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.errors import Gone, Refusal
from bot.rules.themes import TypedTheme
from bot.services import Services
from bot.services.circles import CircleInfo, CirclePlan
from bot.services.theme_drafts import Proposal
from bot.services.themes import ThemeDetail, WeekState
from db.database import Database
from tests.conftest import ON_SQLITE, Now

PLAN = CirclePlan("Europe/Berlin", weekday=0, at_minute=9 * 60, size=9, delay_minutes=0)
GOODBYES = TypedTheme("Goodbyes", "We look back.", "What ended?\nWho noticed?", "2026-01-15", 2)
"""Two weeks from Monday 2026-01-12; the tests begin on Thursday 2026-01-01."""


@pytest.fixture
async def circle(services: Services) -> CircleInfo:
    """A circle in Berlin, Mondays at nine."""
    return (await services.circles.save(1, 2, PLAN, "en")).circle


async def save(services: Services, circle: CircleInfo, typed: TypedTheme = GOODBYES) -> ThemeDetail:
    proposal = await services.theme_drafts.draft(circle.id, typed)
    assert proposal.problem is None
    saved = await services.theme_drafts.save(proposal.receipt, proposal.revision)
    assert isinstance(saved, ThemeDetail)
    return saved


async def asked(services: Services, now: Now, circle: CircleInfo, weeks: int) -> list[tuple[Any, ...]]:
    """What the coming weeks ask: title, introduction, text."""
    found: list[tuple[Any, ...]] = []
    for _ in range(weeks):
        coming = await services.prompts.coming(circle.id)
        found.append((coming.prompt.title, coming.prompt.introduction, coming.prompt.text))
        now.at = coming.occurrence.at
        await services.prompts.due(now())
    return found


async def test_a_theme_is_asked_in_its_weeks_with_its_introduction_once(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    await save(services, circle, replace(GOODBYES, weeks=3))

    before, first, second, third, after = await asked(services, now, circle, 5)

    assert before[0] != "Goodbyes" != after[0]
    assert first == ("Goodbyes", "We look back.", "What ended?")
    assert second == ("Goodbyes", None, "Who noticed?")
    assert third == ("Goodbyes", None, "What ended?")


async def test_the_introduction_waits_for_the_first_question_that_is_really_asked(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    await save(services, circle)
    await asked(services, now, circle, 1)
    await services.prompts.skip(circle.id)

    assert await asked(services, now, circle, 1) == [("Goodbyes", "We look back.", "Who noticed?")]


@ON_SQLITE
async def test_a_draft_keeps_every_word_and_the_database_cannot_read_it(
    services: Services, database: Database, circle: CircleInfo
) -> None:
    unreadable = TypedTheme("", "Something long about goodbyes", "", "soon", 99)

    proposal = await services.theme_drafts.draft(circle.id, unreadable)

    assert proposal.problem is not None
    assert proposal.plan is None
    assert (await services.theme_drafts.proposal(proposal.receipt)).typed == unreadable
    assert database.path is not None
    files = database.path.parent.glob(f"{database.path.name}*")
    assert not any(b"about goodbyes" in file.read_bytes() for file in files)


async def test_save_pressed_twice_is_one_theme(services: Services, circle: CircleInfo) -> None:
    proposal = await services.theme_drafts.draft(circle.id, GOODBYES)

    pressed = [services.theme_drafts.save(proposal.receipt, proposal.revision) for _ in range(2)]
    first, second = await asyncio.gather(*pressed)

    assert first == second
    assert len((await services.themes.coming(circle.id)).themes) == 1
    with pytest.raises(Gone):
        await services.theme_drafts.proposal(proposal.receipt)


async def test_of_two_themes_saved_at_once_one_is_refused_and_keeps_its_words(
    services: Services, circle: CircleInfo
) -> None:
    late = replace(GOODBYES, title="Money", start="2026-01-19", weeks=1)
    first = await services.theme_drafts.draft(circle.id, GOODBYES)
    second = await services.theme_drafts.draft(circle.id, late)

    done = await asyncio.gather(
        services.theme_drafts.save(first.receipt, 1), services.theme_drafts.save(second.receipt, 1)
    )

    (refused,) = [result for result in done if isinstance(result, Proposal)]
    (saved,) = [result for result in done if isinstance(result, ThemeDetail)]
    assert refused.problem is not None
    assert refused.problem.values["title"] == saved.theme.title
    assert refused.problem.values["first"] == saved.theme.first_monday
    kept = await services.theme_drafts.proposal(refused.receipt)
    assert {kept.typed.title, saved.theme.title} == {"Goodbyes", "Money"}


async def test_an_older_preview_saves_nothing_and_shows_the_newest(
    services: Services, circle: CircleInfo
) -> None:
    proposal = await services.theme_drafts.draft(circle.id, GOODBYES)
    await services.theme_drafts.redraft(proposal.receipt, replace(GOODBYES, title="Farewells"))

    result = await services.theme_drafts.save(proposal.receipt, proposal.revision)

    assert isinstance(result, Proposal)
    assert result.older
    assert result.typed.title == "Farewells"
    assert (await services.themes.coming(circle.id)).themes == ()


async def test_a_week_that_had_its_question_takes_no_theme_and_one_that_waits_does(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    await services.theme_drafts.may_begin(circle, "2026-01-01")
    await services.prompts.post_now(circle.id)

    with pytest.raises(Refusal) as refused:
        await services.theme_drafts.may_begin(circle, "2026-01-04")

    assert refused.value.key == "themes.problem.asked_week"
    proposal = await services.theme_drafts.draft(circle.id, replace(GOODBYES, start="2026-01-02"))
    assert proposal.problem is not None
    await services.theme_drafts.may_begin(circle, "2026-01-05")


async def test_a_week_whose_time_is_over_says_so_and_post_now_asks_the_theme(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    saved = await save(services, circle, replace(GOODBYES, start="2026-01-01"))
    assert [week.state for week in saved.weeks] == [WeekState.OVER, WeekState.COMING]

    await services.prompts.post_now(circle.id)

    assert (await services.themes.look(saved.theme.id)).weeks[0].state is WeekState.ASKED
    assert (await asked(services, now, circle, 1))[0][2] == "Who noticed?"


async def test_the_weeks_are_shown_with_the_clock_change(services: Services, circle: CircleInfo) -> None:
    proposal = await services.theme_drafts.draft(circle.id, replace(GOODBYES, start="2026-03-23", weeks=3))

    assert [week.occurrence.clock_change for week in proposal.weeks] == [False, True, False]
    assert [week.occurrence.at.hour for week in proposal.weeks] == [8, 7, 7]


async def test_a_pause_that_has_ended_is_not_announced_any_more(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    await services.circles.pause(circle.id, date(2026, 1, 4))
    proposal = await services.theme_drafts.draft(circle.id, GOODBYES)
    assert proposal.circle.paused

    now.forward(days=3)

    assert not (await services.theme_drafts.proposal(proposal.receipt)).circle.paused


async def test_a_cancelled_theme_frees_its_weeks(services: Services, now: Now, circle: CircleInfo) -> None:
    saved = await save(services, circle)

    done = await services.themes.cancel(saved.theme.id)

    assert done.freed == (date(2026, 1, 12), date(2026, 1, 19))
    assert all(title != "Goodbyes" for title, *_ in await asked(services, now, circle, 4))
    with pytest.raises(Gone):
        await services.themes.cancel(saved.theme.id)


async def test_cancelling_a_running_theme_keeps_what_was_asked(
    services: Services, now: Now, circle: CircleInfo
) -> None:
    saved = await save(services, circle, replace(GOODBYES, weeks=3))
    await asked(services, now, circle, 2)

    done = await services.themes.cancel(saved.theme.id)

    assert done.freed == (date(2026, 1, 19), date(2026, 1, 26))
    left = await services.themes.look(saved.theme.id)
    assert [week.state for week in left.weeks] == [WeekState.ASKED]
    assert left.theme.last_monday == date(2026, 1, 12)
    await save(services, circle, replace(GOODBYES, title="Money", start="2026-01-19"))
    with pytest.raises(Refusal) as refused:
        await services.themes.cancel(saved.theme.id)
    assert refused.value.key == "themes.problem.all_asked"


async def test_many_themes_are_listed_in_pages_and_found_by_title(
    services: Services, circle: CircleInfo
) -> None:
    for week in range(11):
        start = date.fromordinal(date(2026, 1, 12).toordinal() + 7 * week).isoformat()
        await save(services, circle, replace(GOODBYES, title=f"Theme {week}", start=start, weeks=1))

    first, second = await services.themes.coming(circle.id), await services.themes.coming(circle.id, 1)

    assert [theme.title for theme in first.themes] == [f"Theme {week}" for week in range(10)]
    assert first.more
    assert [theme.title for theme in second.themes] == ["Theme 10"]
    assert not second.more
    assert [theme.title for theme in await services.themes.suggest(circle, "EME 1")] == [
        "Theme 1",
        "Theme 10",
    ]
    found = await services.themes.find(circle, " theme 10 ")
    assert found == await services.themes.find(circle, str(found.theme.id))
    with pytest.raises(Gone):
        await services.themes.find(circle, "Theme")
