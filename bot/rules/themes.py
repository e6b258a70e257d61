"""Themed weeks: what a facilitator typed, read as a plan, and which prompt belongs to which week."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Self

from bot.errors import Refusal
from bot.rules.text import clean
from bot.rules.typed import read_date

TITLE_LIMIT, INTRODUCTION_LIMIT, PROMPT_LIMIT = 100, 600, 300
"""Characters, as typed; the prompt is what one line holds without its number."""
MOST_WEEKS = 12
FARTHEST_DAYS = 2 * 366
"""How far ahead a theme may begin: farther is a slip of the finger in the year."""
WEEK = timedelta(weeks=1)

# "1. ", "12) ", "- ", "* ", "• ": how people number a list. "10 minutes late" and "1.5 hours" are none.
_NUMBERING = re.compile(r"^(?:\d{1,2}[.)]|[-*•–—])(?:\s+|$)")


@dataclass(frozen=True, slots=True, repr=False)
class TypedTheme:
    """A theme as it was typed, readable or not: kept so that no word of it is lost."""

    title: str
    introduction: str
    prompts: str
    start: str
    """Any day of the first week, as typed."""
    weeks: int

    def as_payload(self) -> dict[str, Any]:
        """For sealing."""
        return asdict(self)

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Self:
        """What was typed, again."""
        return cls(**payload)


@dataclass(frozen=True, slots=True, repr=False)
class ThemePlan:
    """A theme that can be kept: whole local ISO weeks in a row, and at least one prompt."""

    title: str
    introduction: str
    prompts: tuple[str, ...]
    first_monday: date
    weeks: int

    @property
    def mondays(self) -> tuple[date, ...]:
        """The Mondays of its weeks."""
        return tuple(self.first_monday + week * WEEK for week in range(self.weeks))


def prompt_of_week(prompts: Sequence[str], first_monday: date, monday: date) -> str:
    """The prompt of one of a theme's weeks: in order, one a week, from the first again after the last."""
    return prompts[(monday - first_monday) // WEEK % len(prompts)]


def monday_of(day: date) -> date:
    """The Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def read_first_monday(start: str, today: date) -> date:
    """The Monday of the week in which a typed day lies; ``today`` is the circle's local date.

    Raises Refusal for what isn't a date, a week that is over, or one years away.
    """
    day = read_date(start)
    if day > today + timedelta(days=FARTHEST_DAYS):
        raise Refusal("themes.problem.too_far")
    monday = monday_of(day)
    if monday < monday_of(today):
        raise Refusal("themes.problem.past_week")
    return monday


def read_plan(typed: TypedTheme, today: date) -> ThemePlan:
    """The plan in what was typed. Raises Refusal, which says what to change."""
    title, introduction = " ".join(clean(typed.title).split()), clean(typed.introduction)
    if not title:
        raise Refusal("themes.problem.no_title")
    if len(title) > TITLE_LIMIT or len(introduction) > INTRODUCTION_LIMIT:
        raise Refusal("themes.problem.too_long", title=TITLE_LIMIT, introduction=INTRODUCTION_LIMIT)
    if typed.weeks not in range(1, MOST_WEEKS + 1):
        raise Refusal("themes.problem.weeks", most=MOST_WEEKS)
    return ThemePlan(
        title=title,
        introduction=introduction,
        prompts=read_prompts(typed.prompts),
        first_monday=read_first_monday(typed.start, today),
        weeks=typed.weeks,
    )


def read_prompts(typed: str) -> tuple[str, ...]:
    """One prompt a line; blank lines and the numbering of a list are left out. Raises Refusal."""
    lines = (_NUMBERING.sub("", " ".join(line.split()), count=1) for line in clean(typed).splitlines())
    prompts = tuple(line for line in lines if any(char.isalnum() for char in line))
    if not prompts:
        raise Refusal("themes.problem.no_prompts")
    for number, prompt in enumerate(prompts, start=1):
        if len(prompt) > PROMPT_LIMIT:
            raise Refusal("themes.problem.prompt_long", number=number, length=len(prompt), limit=PROMPT_LIMIT)
    return prompts
