"""Queries about occurrences and themes: what was asked, and what will be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.circles import PROMPT
from db.tables import Occurrence, Theme, ThemePrompt, ThemeWeek

GIVEN, SKIPPED, MISSED = "given", "skipped", "missed"


async def of_week(session: AsyncSession, circle_id: int, week: str, kind: str = PROMPT) -> Occurrence | None:
    """What became of a local ISO week."""
    return await session.scalar(
        select(Occurrence).where(
            Occurrence.circle_id == circle_id, Occurrence.kind == kind, Occurrence.week == week
        )
    )


async def of_weeks(
    session: AsyncSession, circle_id: int, weeks: Collection[str], kind: str = PROMPT
) -> dict[str, Occurrence]:
    """What became of several local ISO weeks, by week; the others are still open."""
    rows = await session.scalars(
        select(Occurrence).where(
            Occurrence.circle_id == circle_id, Occurrence.kind == kind, Occurrence.week.in_(weeks)
        )
    )
    return {row.week: row for row in rows}


async def taken_weeks(session: AsyncSession, circle_id: int, since_week: str, kind: str = PROMPT) -> set[str]:
    """The weeks from ``since_week`` on that had their prompt, or do without."""
    rows = await session.scalars(
        select(Occurrence.week).where(
            Occurrence.circle_id == circle_id,
            Occurrence.kind == kind,
            Occurrence.week >= since_week,
            Occurrence.state != MISSED,
        )
    )
    return set(rows)


async def weeks_of(
    session: AsyncSession, circle_ids: Collection[int], since_week: str, kind: str = PROMPT
) -> dict[int, dict[str, str]]:
    """What became of the weeks from ``since_week`` on in several circles: the state by week, by circle."""
    rows = await session.execute(
        select(Occurrence.circle_id, Occurrence.week, Occurrence.state).where(
            Occurrence.circle_id.in_(circle_ids), Occurrence.kind == kind, Occurrence.week >= since_week
        )
    )
    found: dict[int, dict[str, str]] = {circle_id: {} for circle_id in circle_ids}
    for circle_id, week, state in rows:
        found[circle_id][week] = state
    return found


def taken(weeks: Mapping[str, str]) -> set[str]:
    """Of these weeks and their states, those that had their prompt, or do without."""
    return {week for week, state in weeks.items() if state != MISSED}


async def latest_given(session: AsyncSession, circle_id: int) -> Occurrence | None:
    """The prompt that was asked last."""
    return await session.scalar(
        select(Occurrence)
        .where(Occurrence.circle_id == circle_id, Occurrence.kind == PROMPT, Occurrence.state == GIVEN)
        .order_by(Occurrence.due_at.desc())
        .limit(1)
    )


async def used_prompts(session: AsyncSession, circle_id: int) -> list[str]:
    """The keys of the library's prompts that were asked here, oldest first."""
    rows = await session.scalars(
        select(Occurrence.prompt_key)
        .where(
            Occurrence.circle_id == circle_id,
            Occurrence.state == GIVEN,
            Occurrence.prompt_key.is_not(None),
        )
        .order_by(Occurrence.due_at, Occurrence.id)
    )
    return [key for key in rows if key is not None]


async def theme_of_week(session: AsyncSession, circle_id: int, monday: date) -> Theme | None:
    """The theme that has taken a week."""
    return await session.scalar(
        select(Theme)
        .join(ThemeWeek, ThemeWeek.theme_id == Theme.id)
        .where(ThemeWeek.circle_id == circle_id, ThemeWeek.monday == monday)
    )


async def theme_was_asked(session: AsyncSession, theme_id: int) -> bool:
    """Whether any prompt of a theme was asked."""
    found = await session.scalar(
        select(Occurrence.id).where(Occurrence.theme_id == theme_id, Occurrence.state == GIVEN).limit(1)
    )
    return found is not None


async def theme_prompts(session: AsyncSession, theme_id: int) -> Sequence[str]:
    """The prompts of a theme, in order."""
    rows = await session.scalars(
        select(ThemePrompt.text).where(ThemePrompt.theme_id == theme_id).order_by(ThemePrompt.position)
    )
    return rows.all()
