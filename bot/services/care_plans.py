"""How a circle is kept safe, as it is read inside other transactions."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.care import CarePlan
from db.care_tables import Care

ANY, NONE = "any", "none"
"""How it is kept whether links may be posted."""


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
        links=row.links == ANY,
        invites=row.invites,
        first_reply_days=row.first_reply_days,
        review_days=row.review_days,
    )
