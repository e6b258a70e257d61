"""Those on duty are told what waits for them: once, and where they can see it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from db import notices
from db.tables import Circle


async def tell_on_duty(
    session: AsyncSession, circle: Circle, kind: str, subject: str, values: Mapping[str, str]
) -> None:
    """Tell those on duty something once for its subject: ``kind`` is the key of its text below ``notices.``.

    The same kind and subject isn't told twice until ``db.notices.forget`` says that it is settled. Nothing in
    ``values`` may say who somebody is, or hold what was told.
    """
    await notices.tell(session, circle.id, kind, subject, values)
