"""The weeks of a restored copy: none is asked about twice, though the copy doesn't know what was asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules import calendar
from bot.rules.calendar import UnknownZone
from bot.services.circles import as_info
from bot.services.prompts import DELIVERY
from db import circles, notices, occurrences, restoring, stories
from db.restoring import Remains
from db.tables import Circle, Occurrence

AT_ONCE = 500
DAY = timedelta(days=1)
LEFT_OUT = "restored_week"
"""The notice that facilitators decide about a week."""


async def set_right(session: AsyncSession, remains: Remains | None, now: datetime) -> int:
    """Every schedule goes on after ``now`` (aware), inside the repair of a copy.

    A week about which nobody can say whether its question was asked counts as left out: facilitators are
    told, and may ask. Returns in how many circles that is so.
    """
    if remains is not None:
        for row in remains.occurrences:
            await _take_over(session, row)
        await session.flush()
    left_out = last = 0
    yesterday = calendar.iso_week(now - DAY, "UTC")
    while pairs := await circles.schedules_after(session, last, AT_ONCE):
        weeks = await occurrences.weeks_of(session, [circle.id for _, circle in pairs], yesterday)
        doubted: dict[str, list[int]] = {}
        for schedule, circle in pairs:
            states = weeks[circle.id]
            try:
                when = as_info(circle, schedule).plan.when
                occurrence = calendar.occurrence_of_week(when, calendar.iso_week(now, circle.zone))
                if _in_doubt(occurrence, states.get(occurrence.week), circle.id, remains, now):
                    await _leave_out(session, circle.id, occurrence, states)
                    doubted.setdefault(occurrence.week, []).append(circle.id)
                schedule.next_due_at = calendar.next_after_edit(when, now, occurrences.taken(states)).at
            except UnknownZone:
                schedule.next_due_at = None  # the start says so, and goes on without it
        for week, ids in doubted.items():
            await notices.tell_many(session, ids, LEFT_OUT, week, {"week": week})
            left_out += len(ids)
        await session.flush()
        last = pairs[-1][0].id
    return left_out


async def _take_over(session: AsyncSession, newer: Occurrence) -> None:
    """What the replaced database knows of a week is newer than what the copy knows."""
    if await session.get(Circle, newer.circle_id) is None:
        return
    values = restoring.again(newer)
    row = await occurrences.of_week(session, newer.circle_id, newer.week, newer.kind)
    if newer.state == occurrences.GIVEN and newer.message_id is None:
        if row is not None and row.state == occurrences.GIVEN:
            return  # its delivery is unsure, and stays so
        values["state"] = occurrences.MISSED  # whether it has arrived is as unknown as without that row
    if row is None:
        session.add(Occurrence(**values))
        return
    await stories.forget_deliveries(session, (DELIVERY,), row.id)
    for name, value in values.items():
        if name != "id":
            setattr(row, name, value)


def _in_doubt(
    occurrence: calendar.Occurrence, state: str | None, circle_id: int, remains: Remains | None, now: datetime
) -> bool:
    """Whether nobody can say what became of this week, ``state`` being what the copy says.

    That its time is still to come says nothing, because it may have been asked early or on another day;
    that the replaced database doesn't know of a question says enough.
    """
    if state not in {None, occurrences.MISSED}:
        return False
    known_to_be_free = remains is not None and circle_id in remains.told and state is None
    return not known_to_be_free or occurrence.at <= now


async def _leave_out(
    session: AsyncSession, circle_id: int, occurrence: calendar.Occurrence, states: dict[str, str]
) -> None:
    row = None
    if occurrence.week in states:
        row = await occurrences.of_week(session, circle_id, occurrence.week)
    if row is None:
        row = Occurrence(circle_id=circle_id, kind=circles.PROMPT, week=occurrence.week)
        session.add(row)
    row.state, row.due_at = occurrences.SKIPPED, occurrence.at
    states[occurrence.week] = occurrences.SKIPPED
