"""Themed weeks: listed, looked at, cancelled. How they come about: ``bot/services/theme_drafts.py``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules import calendar, themes
from bot.services.circles import CircleInfo, circle_info, is_paused
from db import occurrences
from db import themes as rows
from db.database import Database
from db.tables import Circle, Theme

PAGE = 10
"""Themes on one page of the list."""
SUGGESTIONS = 25
"""What Discord shows of an option's choices."""
MOST = 150
"""More than there can be: one a week, as far ahead as a theme may begin."""


class WeekState(Enum):
    """What becomes of one week of a theme."""

    COMING = "coming"
    ASKED = "asked"
    SKIPPED = "skipped"
    """A facilitator left this week's question out."""
    OVER = "over"
    """Its time has passed, and no question comes by itself any more."""


_STATES = {
    occurrences.GIVEN: WeekState.ASKED,
    occurrences.SKIPPED: WeekState.SKIPPED,
    occurrences.MISSED: WeekState.OVER,
}


@dataclass(frozen=True, slots=True, repr=False)
class PlannedWeek:
    """One week of a theme: when its question comes, and which one it is."""

    occurrence: calendar.Occurrence
    prompt: str
    state: WeekState

    @property
    def monday(self) -> date:
        """The Monday of the week."""
        return calendar.week_monday(self.occurrence.week)


@dataclass(frozen=True, slots=True, repr=False)
class ThemeInfo:
    """A theme, without its prompts."""

    id: int
    circle_id: int
    title: str
    introduction: str
    first_monday: date
    last_monday: date
    running: bool
    """Its first week has begun."""

    @property
    def last_day(self) -> date:
        """The Sunday with which it ends."""
        return self.last_monday + timedelta(days=6)


@dataclass(frozen=True, slots=True, repr=False)
class ThemeDetail:
    """A theme as its facilitator looks at it."""

    theme: ThemeInfo
    circle: CircleInfo
    prompts: tuple[str, ...]
    weeks: tuple[PlannedWeek, ...]


@dataclass(frozen=True, slots=True, repr=False)
class ThemePage:
    """A part of the coming and running themes."""

    circle: CircleInfo
    themes: tuple[ThemeInfo, ...]
    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A theme was cancelled: as it was, and the Mondays of the weeks that are free again."""

    before: ThemeDetail
    freed: tuple[date, ...]


class Themes:
    """The themed weeks of all circles."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def coming(self, circle_id: int, page: int = 0) -> ThemePage:
        """One page of the coming and running themes, from page 0. Raises Gone."""
        async with self._database.read() as session:
            circle = await circle_now(session, circle_id, self._now())
            this_monday = themes.monday_of(local_today(circle, self._now()))
            found = await rows.coming(session, circle_id, this_monday, skip=page * PAGE, limit=PAGE + 1)
            infos = tuple(theme_info(row, this_monday) for row in found[:PAGE])
            return ThemePage(circle, infos, page, more=len(found) > PAGE)

    async def suggest(self, circle: CircleInfo, typed: str) -> tuple[ThemeInfo, ...]:
        """The coming and running themes whose title contains what was typed so far."""
        wanted = typed.strip().casefold()
        matching = [theme for theme in await self._all(circle) if wanted in theme.title.casefold()]
        return tuple(matching[:SUGGESTIONS])

    async def find(self, circle: CircleInfo, given: str) -> ThemeDetail:
        """The coming or running theme that was chosen by its id, or typed by its title. Raises Gone."""
        wanted = given.strip().casefold()
        for theme in await self._all(circle):
            if wanted in {str(theme.id), theme.title.casefold()}:
                return await self.look(theme.id)
        raise Gone("themes.problem.not_found")

    async def _all(self, circle: CircleInfo) -> list[ThemeInfo]:
        this_monday = themes.monday_of(local_today(circle, self._now()))
        async with self._database.read() as session:
            found = await rows.coming(session, circle.id, this_monday, limit=MOST)
        return [theme_info(row, this_monday) for row in found]

    async def look(self, theme_id: int) -> ThemeDetail:
        """A theme with its weeks and prompts. Raises Gone."""
        async with self._database.read() as session:
            return await theme_detail(session, theme_id, self._now())

    async def cancel(self, theme_id: int) -> Cancelled:
        """Free the weeks of a theme that weren't asked yet; what was asked stays as it is.

        Raises Gone, and Refusal when all its weeks were asked.
        """
        async with self._database.write() as session:
            before = await theme_detail(session, theme_id, self._now())
            asked = [week.monday for week in before.weeks if week.state is WeekState.ASKED]
            free = [week.monday for week in before.weeks if week.state is not WeekState.ASKED]
            if not free:
                raise Refusal("themes.problem.all_asked")
            row = await session.get_one(Theme, theme_id)
            await rows.free_weeks(session, theme_id, free)
            if asked:
                row.last_monday = max(asked)
            else:
                await session.delete(row)
            this_monday = themes.monday_of(local_today(before.circle, self._now()))
            return Cancelled(before, tuple(monday for monday in free if monday >= this_monday))


async def circle_now(session: AsyncSession, circle_id: int, now: datetime) -> CircleInfo:
    """A circle as it is at this moment: a pause that has ended by itself is over. Raises Gone."""
    info = await circle_info(session, circle_id)
    paused = is_paused(await session.get_one(Circle, circle_id), now)
    return replace(info, paused=paused)


def local_today(circle: CircleInfo, now: datetime) -> date:
    """The date in the circle's own zone."""
    return now.astimezone(calendar.load_zone(circle.zone)).date()


def theme_info(row: Theme, this_monday: date) -> ThemeInfo:
    """A row as a value."""
    return ThemeInfo(
        id=row.id,
        circle_id=row.circle_id,
        title=row.title,
        introduction=row.introduction,
        first_monday=row.first_monday,
        last_monday=row.last_monday,
        running=row.first_monday <= this_monday,
    )


async def theme_detail(session: AsyncSession, theme_id: int, now: datetime) -> ThemeDetail:
    """A theme inside somebody's transaction. Raises Gone."""
    row = await session.get(Theme, theme_id)
    if row is None:
        raise Gone("themes.problem.gone")
    circle = await circle_now(session, row.circle_id, now)
    prompts = tuple(await occurrences.theme_prompts(session, theme_id))
    mondays = await rows.weeks(session, theme_id)
    weeks = await planned_weeks(session, circle, row.first_monday, mondays, prompts, now)
    info = theme_info(row, themes.monday_of(local_today(circle, now)))
    return ThemeDetail(info, circle, prompts, weeks)


async def planned_weeks(
    session: AsyncSession,
    circle: CircleInfo,
    first_monday: date,
    mondays: Sequence[date],
    prompts: Sequence[str],
    now: datetime,
) -> tuple[PlannedWeek, ...]:
    """What each of these weeks of a theme brings."""
    weeks = [calendar.week_of(monday) for monday in mondays]
    outcomes = await occurrences.of_weeks(session, circle.id, weeks)
    planned: list[PlannedWeek] = []
    for monday, week in zip(mondays, weeks, strict=True):
        occurrence = calendar.occurrence_of_week(circle.plan.when, week)
        by_time = WeekState.OVER if occurrence.at <= now else WeekState.COMING
        state = _STATES[outcomes[week].state] if week in outcomes else by_time
        planned.append(PlannedWeek(occurrence, themes.prompt_of_week(prompts, first_monday, monday), state))
    return tuple(planned)
