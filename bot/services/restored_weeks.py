"""The weeks of a restored copy: none is asked about twice, though the copy doesn't know what was asked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules import calendar
from bot.rules.calendar import UnknownZone
from bot.services.circles import as_info, coming_occurrences
from bot.services.prompts import DELIVERY
from db import circles, notices, occurrences, restoring, stories
from db.restoring import Remains
from db.tables import Circle, Occurrence, Schedule

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
    while pairs := await circles.schedules_after(session, last, 200):
        for schedule, circle in pairs:
            try:
                left_out += await _this_week(session, schedule, circle, remains, now)
                await session.flush()
                when = as_info(circle, schedule).plan.when
                coming = await coming_occurrences(session, circle.id, when, now, 1)
                schedule.next_due_at = coming[0].at
            except UnknownZone:
                schedule.next_due_at = None  # the start says so, and goes on without it
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


async def _this_week(
    session: AsyncSession,
    schedule: Schedule,
    circle: Circle,
    remains: Remains | None,
    now: datetime,
) -> bool:
    """Leave this week out unless it is known what became of it. Returns whether that was needed.

    That its time is still to come says nothing, because it may have been asked early or on another day;
    that the replaced database doesn't know of a question says enough.
    """
    week = calendar.iso_week(now, circle.zone)
    row = await occurrences.of_week(session, circle.id, week)
    if row is not None and row.state != occurrences.MISSED:
        return False
    due_at = calendar.occurrence_of_week(as_info(circle, schedule).plan.when, week).at
    nothing_known = remains is None or circle.id not in remains.told
    if not nothing_known and row is None and due_at > now:
        return False
    if row is None:
        row = Occurrence(circle_id=circle.id, kind=circles.PROMPT, week=week)
        session.add(row)
    row.state, row.due_at = occurrences.SKIPPED, due_at
    await notices.tell(session, circle.id, LEFT_OUT, week, {"week": week})
    return True
