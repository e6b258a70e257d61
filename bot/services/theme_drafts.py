"""Themes on their way: what a facilitator typed is kept sealed until it is saved or discarded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Refusal
from bot.rules import calendar, themes
from bot.rules.receipts import new_receipt, receipt_hash
from bot.rules.themes import ThemePlan, TypedTheme
from bot.services.circles import CircleInfo, circle_info
from bot.services.drafts import Drafts, opened, store
from bot.services.themes import (
    PlannedWeek,
    ThemeDetail,
    ThemeInfo,
    circle_now,
    local_today,
    planned_weeks,
    theme_detail,
    theme_info,
)
from db import drafts as draft_rows
from db import occurrences
from db import themes as rows
from db.database import Database
from db.tables import Theme


class Overlap(Refusal):
    """Another theme has taken one of the weeks."""

    def __init__(self, other: ThemeInfo) -> None:
        super().__init__(
            "themes.problem.overlap", title=other.title, first=other.first_monday, last=other.last_day
        )


@dataclass(frozen=True, slots=True, repr=False)
class Proposal:
    """A theme that isn't saved yet: what was typed, and what it would bring."""

    receipt: str
    """The secret that opens the draft; it stands only in the facilitator's own private message."""
    revision: int
    circle: CircleInfo
    typed: TypedTheme
    plan: ThemePlan | None = None
    weeks: tuple[PlannedWeek, ...] = ()
    problem: Refusal | None = None
    """Why it can't be saved like this; then there is no plan."""
    older: bool = False
    """What was pressed belonged to an earlier preview."""


class ThemeDrafts:
    """Proposed themes of all circles."""

    def __init__(self, database: Database, drafts: Drafts, now: Callable[[], datetime]) -> None:
        self._database = database
        self._drafts = drafts
        self._now = now

    async def may_begin(self, circle: CircleInfo, start: str) -> None:
        """Whether a theme may begin in the week of a typed day, before anybody writes one. Raises Refusal."""
        monday = themes.read_first_monday(start, local_today(circle, self._now()))
        async with self._database.read() as session:
            await self._refuse_asked(session, circle, monday)

    async def draft(self, circle_id: int, typed: TypedTheme) -> Proposal:
        """Keep what was typed, sealed, and say what it would bring. Raises Gone."""
        async with self._database.write() as session:
            return await self._keep(session, new_receipt(), circle_id, typed, 1)

    async def redraft(self, receipt: str, typed: TypedTheme) -> Proposal:
        """Keep a change of what was typed. Raises Gone when it was saved or discarded meanwhile."""
        async with self._database.write() as session:
            before = await opened(session, receipt)
            return await self._keep(session, receipt, before["circle_id"], typed, before["revision"] + 1)

    async def proposal(self, receipt: str) -> Proposal:
        """What a draft would bring as things stand now. Raises Gone."""
        async with self._database.read() as session:
            return await self._propose(session, receipt, await opened(session, receipt))

    async def circle_of(self, receipt: str) -> CircleInfo:
        """The circle of a draft, or of the theme that it became, to check rights. Raises Gone."""
        async with self._database.read() as session:
            saved = await session.get(Theme, _theme_id(receipt))
            if saved is not None:
                return await circle_info(session, saved.circle_id)
            return await circle_info(session, (await opened(session, receipt))["circle_id"])

    async def discard(self, receipt: str) -> None:
        """Forget a draft; one that is gone already counts as done."""
        await self._drafts.discard(receipt)

    async def save(self, receipt: str, revision: int) -> ThemeDetail | Proposal:
        """Schedule the theme, once however often it is asked for.

        What can't be saved, or isn't what ``revision`` showed, comes back as it stands now. Raises Gone.
        """
        try:
            return await self._save(receipt, revision)
        except IntegrityError:  # somebody took one of the weeks, or saved the same, at this very moment
            return await self._save(receipt, revision)

    async def _save(self, receipt: str, revision: int) -> ThemeDetail | Proposal:
        async with self._database.write() as session:
            theme_id = _theme_id(receipt)
            if await session.get(Theme, theme_id) is None:
                proposal = await self._propose(session, receipt, await opened(session, receipt))
                if proposal.plan is None or proposal.revision != revision:
                    return replace(proposal, older=proposal.revision != revision)
                row = _row(theme_id, proposal.circle.id, proposal.plan)
                await rows.add(session, row, proposal.plan.mondays, proposal.plan.prompts)
                await draft_rows.discard(session, receipt_hash(receipt))
            return await theme_detail(session, theme_id, self._now())

    async def _keep(
        self, session: AsyncSession, receipt: str, circle_id: int, typed: TypedTheme, revision: int
    ) -> Proposal:
        payload = {"circle_id": circle_id, "revision": revision, "typed": typed.as_payload()}
        await store(session, receipt, payload, self._drafts.keep_until())
        return await self._propose(session, receipt, payload)

    async def _propose(self, session: AsyncSession, receipt: str, payload: dict[str, Any]) -> Proposal:
        typed = TypedTheme.from_payload(payload["typed"])
        circle = await circle_now(session, payload["circle_id"], self._now())
        proposal = Proposal(receipt, payload["revision"], circle, typed)
        try:
            plan = themes.read_plan(typed, local_today(circle, self._now()))
            await self._refuse_asked(session, circle, plan.first_monday)
            await self._refuse_overlap(session, circle, plan)
        except Refusal as refusal:
            return replace(proposal, problem=refusal)
        weeks = await planned_weeks(
            session, circle, plan.first_monday, plan.mondays, plan.prompts, self._now()
        )
        return replace(proposal, plan=plan, weeks=weeks)

    async def _refuse_asked(self, session: AsyncSession, circle: CircleInfo, monday: date) -> None:
        row = await occurrences.of_week(session, circle.id, calendar.week_of(monday))
        if row is not None and row.state == occurrences.GIVEN:
            raise Refusal("themes.problem.asked_week")

    async def _refuse_overlap(self, session: AsyncSession, circle: CircleInfo, plan: ThemePlan) -> None:
        other = await rows.in_weeks(session, circle.id, plan.mondays)
        if other is not None:
            raise Overlap(theme_info(other, themes.monday_of(local_today(circle, self._now()))))


def _theme_id(receipt: str) -> int:
    """The id follows from the draft's receipt, so that *Save* pressed twice is one theme."""
    return (int.from_bytes(receipt_hash(receipt)[:8], "big") >> 2) + 1


def _row(theme_id: int, circle_id: int, plan: ThemePlan) -> Theme:
    return Theme(
        id=theme_id,
        circle_id=circle_id,
        title=plan.title,
        introduction=plan.introduction,
        first_monday=plan.mondays[0],
        last_monday=plan.mondays[-1],
    )
