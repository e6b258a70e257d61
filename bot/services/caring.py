"""How a circle is kept safe: kept and changed."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.rules.care import CarePlan
from bot.services.outbox import channel_destination
from db import deliveries, destinations, notices
from db.care_tables import Care
from db.database import Database
from db.tables import Circle

_ANY, _NONE = "any", "none"


async def care_of(session: AsyncSession, circle_id: int) -> CarePlan:
    """A circle's choices, inside somebody's transaction; the defaults where nobody chose."""
    row = await session.get(Care, circle_id)
    if row is None:
        return CarePlan()
    return CarePlan(
        review=row.review,
        moderators_channel_id=row.moderators_channel_id,
        log_channel_id=row.log_channel_id,
        country=row.country,
        help_lines=tuple(row.help_lines.splitlines()),
        most_characters=row.most_characters,
        most_stories=row.most_stories,
        most_replies=row.most_replies,
        links=row.links == _ANY,
        invites=row.invites,
        first_reply_days=row.first_reply_days,
        review_days=row.review_days,
    )


async def put_care(session: AsyncSession, circle_id: int, plan: CarePlan) -> None:
    """Take a circle's choices over, inside somebody's transaction. Raises Gone."""
    if await session.get(Circle, circle_id) is None:
        raise Gone("refusals.circle_gone")
    before = (await care_of(session, circle_id)).moderators_channel_id
    if before is not None and before != plan.moderators_channel_id:
        await _move_words(session, circle_id, before, plan.moderators_channel_id)
    await session.merge(
        Care(
            circle_id=circle_id,
            review=plan.review,
            moderators_channel_id=plan.moderators_channel_id,
            log_channel_id=plan.log_channel_id,
            country=plan.country,
            help_lines="\n".join(plan.help_lines),
            most_characters=plan.most_characters,
            most_stories=plan.most_stories,
            most_replies=plan.most_replies,
            links=_ANY if plan.links else _NONE,
            invites=plan.invites,
            first_reply_days=plan.first_reply_days,
            review_days=plan.review_days,
        )
    )


async def _move_words(session: AsyncSession, circle_id: int, before: int, now_in: int | None) -> None:
    """What waits for those on duty goes to their new channel; without one it stands at ``/circle status``."""
    old = channel_destination(before)
    new = channel_destination(now_in) if now_in is not None else None
    await destinations.move(session, circle_id, deliveries.DUTY, old, new)
    await notices.forget(session, circle_id, deliveries.DUTY_CLOSED, old)


class Caring:
    """The choices of all circles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plan(self, circle_id: int) -> CarePlan:
        """What a circle chose, or the defaults."""
        async with self._database.read() as session:
            return await care_of(session, circle_id)

    async def change(self, circle_id: int, plan: CarePlan) -> None:
        """Take a circle's choices over, without a word in its log. Raises Gone."""
        async with self._database.write() as session:
            await put_care(session, circle_id, plan)
