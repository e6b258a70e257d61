"""Queries about themes: which weeks they take, and what was asked in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Theme, ThemePrompt, ThemeWeek


async def add(session: AsyncSession, theme: Theme, mondays: Iterable[date], prompts: Iterable[str]) -> None:
    """Keep a theme with its weeks and prompts. The database refuses a week that is taken (IntegrityError)."""
    session.add(theme)
    await session.flush()
    session.add_all(
        ThemeWeek(circle_id=theme.circle_id, monday=monday, theme_id=theme.id) for monday in mondays
    )
    session.add_all(
        ThemePrompt(theme_id=theme.id, position=position, text=text) for position, text in enumerate(prompts)
    )
    await session.flush()


async def in_weeks(session: AsyncSession, circle_id: int, mondays: Collection[date]) -> Theme | None:
    """The first theme that has taken one of these weeks."""
    return await session.scalar(
        select(Theme)
        .join(ThemeWeek, ThemeWeek.theme_id == Theme.id)
        .where(ThemeWeek.circle_id == circle_id, ThemeWeek.monday.in_(mondays))
        .order_by(ThemeWeek.monday)
        .limit(1)
    )


async def coming(
    session: AsyncSession, circle_id: int, monday: date, *, skip: int = 0, limit: int
) -> Sequence[Theme]:
    """The themes of a circle that run in the week of ``monday`` or later, earliest first."""
    rows = await session.scalars(
        select(Theme)
        .where(Theme.circle_id == circle_id, Theme.last_monday >= monday)
        .order_by(Theme.first_monday, Theme.id)
        .offset(skip)
        .limit(limit)
    )
    return rows.all()


async def weeks(session: AsyncSession, theme_id: int) -> Sequence[date]:
    """The Mondays of a theme's weeks, in order."""
    rows = await session.scalars(
        select(ThemeWeek.monday).where(ThemeWeek.theme_id == theme_id).order_by(ThemeWeek.monday)
    )
    return rows.all()


async def free_weeks(session: AsyncSession, theme_id: int, mondays: Collection[date]) -> None:
    """Give weeks of a theme back."""
    await session.execute(
        delete(ThemeWeek).where(ThemeWeek.theme_id == theme_id, ThemeWeek.monday.in_(mondays))
    )
