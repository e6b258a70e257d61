"""Retention: what was published goes after a while, by the operator's rule or a circle's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules.retention import (
    CHOICES,
    OperatorRule,
    is_shorter,
    last_day_over,
    read_rule,
    shortest,
)
from bot.services.outbox import Priority
from bot.services.retracting import retract_story
from bot.services.telling import RETRACT
from db import notices, restoring, retention, stories
from db.database import Database
from db.story_tables import Story
from db.tables import Circle, Memo

MEMO = "retention"
"""The memo of the operator's rule, and from when on it holds."""
SHORTER = "retention_shorter"
"""The kind of the notice that the operator's rule became shorter."""
AT_A_LOOK = 10
"""Stories that go at one look, each in a transaction of its own."""


@dataclass(frozen=True, slots=True, repr=False)
class Keeping:
    """How long a circle keeps its stories, in days; None: until they are withdrawn."""

    days: int | None
    own: int | None
    """What the circle chose, if anything."""
    at_most: int | None
    """What the operator's rule allows."""


class Retention:
    """Lets go what is over, slowly, and says before what would go."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], operators: int | None, first: bool
    ) -> None:
        """``operators`` is the setting in days, ``first`` whether this process does the daily work."""
        self._database = database
        self._now = now
        self._operators = operators
        self._first = first
        self._rule: OperatorRule | None = None
        self._done_on: date | None = None

    async def of(self, circle_id: int) -> Keeping:
        """How long a circle keeps its stories. Raises Gone."""
        async with self._database.read() as session:
            return await self._kept(session, await _circle(session, circle_id))

    async def everywhere(self) -> int | None:
        """The operator's rule as it holds today, in days."""
        async with self._database.read() as session:
            return await self._operators_today(session)

    async def would_go(self, circle_id: int, days: int | None) -> int:
        """How many stories a circle would lose now by choosing this. Raises Gone, or Refusal."""
        async with self._database.read() as session:
            circle = await _circle(session, circle_id)
            limit = await self._allowed(session, days)
            kept = await self._kept(session, circle)
            if not is_shorter(limit, kept.days) or limit is None:
                return 0
            return await retention.count_over(session, circle_id, last_day_over(limit, self._today()))

    async def choose(self, circle_id: int, days: int | None) -> Keeping:
        """Keep a circle's stories for so many days; None: as the operator says. Raises Gone, or Refusal."""
        async with self._database.write() as session:
            circle = await _circle(session, circle_id)
            await self._allowed(session, days)
            circle.retention_days = days
            kept = await self._kept(session, circle)
        self._done_on = None
        return kept

    async def due(self, now: datetime) -> int:
        """Once a day, and then at every look until nothing is left: let a few stories go. Always 0, so that
        what remains waits for the next tick, and people come first."""
        today = now.astimezone(UTC).date()
        if not self._first or self._done_on == today:
            return 0
        if self._rule is None or self._rule.days != self._operators:
            await self._learn_rule(today)
        found = await self._over(today)
        for story_id in found:
            async with self._database.write() as session:
                await self._let_go(session, story_id, now)
        if not found:
            self._done_on = today
        return 0

    async def next_due(self) -> datetime | None:
        """Never: nobody waits for it."""
        return None

    async def _over(self, today: date) -> list[int]:
        found: list[int] = []
        async with self._database.read() as session:
            operators = await self._operators_today(session)
            for rule in await retention.rules(session):
                days = shortest(rule, operators)
                if days is not None and len(found) < AT_A_LOOK:
                    room, last_day = AT_A_LOOK - len(found), last_day_over(days, today)
                    found.extend(await retention.over(session, rule, last_day, RETRACT, room))
        return found

    async def _let_go(self, session: AsyncSession, story_id: int, now: datetime) -> None:
        story = await session.get(Story, story_id)
        if story is None or story.state not in {stories.PUBLISHED, stories.REMOVED}:
            return  # it was withdrawn at this moment
        if story.state == stories.PUBLISHED:
            await retract_story(session, story, stories.WITHDRAWN, now, Priority.DIGEST)
        else:
            await session.delete(story)

    async def _learn_rule(self, today: date) -> None:
        """The setting may have changed since the last start: a shorter rule is announced before it holds."""
        async with self._database.write() as session:
            memo = await session.get(Memo, MEMO)
            known = read_rule(memo.value if memo is not None else None)
            before = known or OperatorRule(None, today, None)
            rule = before.changed(self._operators, today)
            if rule != known:
                await session.merge(Memo(name=MEMO, value=rule.written()))
            if rule != before and rule.since > today and rule.days is not None:
                values = {"days": str(rule.days), "day": rule.since.isoformat()}
                circle_ids = await restoring.circle_ids(session)
                await notices.tell_many(session, circle_ids, SHORTER, rule.since.isoformat(), values)
        self._rule = rule

    async def _operators_today(self, session: AsyncSession) -> int | None:
        """As it was learned; a process that doesn't do the daily work looks it up."""
        memo = await session.get(Memo, MEMO) if self._rule is None else None
        rule = self._rule or read_rule(memo.value if memo is not None else None)
        return rule.at(self._today()) if rule is not None else self._operators

    async def _kept(self, session: AsyncSession, circle: Circle) -> Keeping:
        operators = await self._operators_today(session)
        return Keeping(shortest(circle.retention_days, operators), circle.retention_days, operators)

    async def _allowed(self, session: AsyncSession, days: int | None) -> int | None:
        """What choosing this means. Raises Refusal for what isn't offered, or keeps longer than allowed."""
        operators = await self._operators_today(session)
        if days is not None and days not in CHOICES:
            raise Refusal("refusals.old_button")
        if days is not None and is_shorter(operators, days):
            raise Refusal("refusals.kept_shorter", days=operators)
        return shortest(days, operators)

    def _today(self) -> date:
        return self._now().astimezone(UTC).date()


async def _circle(session: AsyncSession, circle_id: int) -> Circle:
    row = await session.get(Circle, circle_id)
    if row is None:
        raise Gone("refusals.circle_gone")
    return row
