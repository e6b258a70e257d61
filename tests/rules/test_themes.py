"""A theme is whole weeks in a row, with its prompts in order; what can't be read says what to change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.rules.themes import (
    FARTHEST_DAYS,
    PROMPT_LIMIT,
    TypedTheme,
    monday_of,
    prompt_of_week,
    read_first_monday,
    read_plan,
    read_prompts,
)

TODAY = date(2026, 1, 7)
"""A Wednesday."""


def typed(**changes: object) -> TypedTheme:
    values = {"title": "Endings", "introduction": "", "prompts": "How?", "start": "2026-01-12", "weeks": 1}
    return TypedTheme(**(values | changes))  # type: ignore[arg-type]


def problem(**changes: object) -> str:
    with pytest.raises(Refusal) as refused:
        read_plan(typed(**changes), TODAY)
    return refused.value.key.rpartition(".")[2]


@pytest.mark.parametrize("day", ["2026-01-12", "2026-01-15", "2026-01-18", " 2026-01-18 "])
def test_any_day_of_a_week_means_the_whole_week(day: str):
    assert read_first_monday(day, TODAY) == date(2026, 1, 12)


@given(st.dates(TODAY, TODAY + timedelta(days=FARTHEST_DAYS)), st.integers(1, 12))
def test_a_theme_takes_whole_weeks_in_a_row(day: date, weeks: int):
    plan = read_plan(typed(start=day.isoformat(), weeks=weeks), TODAY)
    assert plan.mondays[0] == monday_of(day) <= day
    assert len(plan.mondays) == weeks
    assert all(monday.weekday() == 0 for monday in plan.mondays)
    assert plan.mondays[-1] - plan.mondays[0] == timedelta(weeks=weeks - 1)


def test_the_week_that_has_begun_is_not_past():
    assert read_first_monday("2026-01-05", TODAY) == date(2026, 1, 5)
    assert problem(start="2026-01-04") == "past_week"


@pytest.mark.parametrize(
    ("start", "said"),
    [("0001-01-01", "past_week"), ("9999-12-31", "too_far"), ("next week", "bad_date"), ("", "bad_date")],
)
def test_what_is_no_usable_day_is_said(start: str, said: str):
    assert problem(start=start) == said


def test_numbering_and_blank_lines_are_left_out_and_nothing_else():
    lines = [
        "1. What ended?",
        "",
        "2) Who noticed?",
        "  - And then?  ",
        "• What stayed?",
        "3.",
        "   ",
        "10 minutes late: whose?",
        "1.5 sessions a week?",
        "2020. That year?",
    ]
    assert read_prompts("\r\n".join(lines)) == (
        "What ended?",
        "Who noticed?",
        "And then?",
        "What stayed?",
        "10 minutes late: whose?",
        "1.5 sessions a week?",
        "2020. That year?",
    )


@pytest.mark.parametrize("prompts", ["", "  \n \n", "1.\n2.\n- ", "\u200b\n\u200b"])
def test_a_theme_without_a_question_is_refused(prompts: str):
    assert problem(prompts=prompts) == "no_prompts"


def test_a_long_line_is_named_by_its_number():
    with pytest.raises(Refusal) as refused:
        read_prompts("\n".join(["Short?", "", "2. " + "x" * PROMPT_LIMIT, "3. " + "y" * (PROMPT_LIMIT + 1)]))
    assert refused.value.values == {"number": 3, "length": PROMPT_LIMIT + 1, "limit": PROMPT_LIMIT}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " \u200b "}, "no_title"),
        ({"title": "x" * 101}, "too_long"),
        ({"introduction": "x" * 601}, "too_long"),
        ({"weeks": 0}, "weeks"),
        ({"weeks": 13}, "weeks"),
    ],
)
def test_what_has_no_room_or_no_name_is_said(changes: dict[str, object], said: str):
    assert problem(**changes) == said


@given(st.lists(st.text(min_size=1), min_size=1, max_size=20), st.integers(0, 40))
def test_prompts_come_in_order_one_a_week_and_begin_again(prompts: list[str], week: int):
    first = date(2026, 1, 12)
    assert prompt_of_week(prompts, first, first + timedelta(weeks=week)) == prompts[week % len(prompts)]


@given(st.text(), st.text(), st.text(), st.text(max_size=20), st.integers(1, 12))
def test_what_was_typed_comes_out_of_its_draft_as_it_went_in(
    title: str, introduction: str, prompts: str, start: str, weeks: int
):
    theme = TypedTheme(title, introduction, prompts, start, weeks)
    assert TypedTheme.from_payload(theme.as_payload()) == theme
