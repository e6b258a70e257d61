"""Queries about notices: what the facilitators of a circle are told once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Notice


async def tell(
    session: AsyncSession, circle_id: int, kind: str, subject: str, values: Mapping[str, str]
) -> Notice | None:
    """Tell the facilitators something once; what they were told about this subject already stays told.

    Returns the notice, or None where there is one already.
    """
    known = await session.scalar(
        select(Notice.id).where(Notice.circle_id == circle_id, Notice.kind == kind, Notice.subject == subject)
    )
    if known is not None:
        return None
    notice = Notice(circle_id=circle_id, kind=kind, subject=subject, values=dict(values))
    session.add(notice)
    return notice


async def tell_many(
    session: AsyncSession, circle_ids: Collection[int], kind: str, subject: str, values: Mapping[str, str]
) -> None:
    """The same in many circles at once."""
    known = await session.scalars(
        select(Notice.circle_id).where(Notice.kind == kind, Notice.subject == subject)
    )
    for circle_id in set(circle_ids) - set(known):
        session.add(Notice(circle_id=circle_id, kind=kind, subject=subject, values=dict(values)))


async def take_untold(session: AsyncSession, circle_id: int) -> Sequence[Notice]:
    """What the facilitators haven't been told yet; from now on they have."""
    rows = (
        await session.scalars(
            select(Notice).where(Notice.circle_id == circle_id, Notice.told.is_(False)).order_by(Notice.id)
        )
    ).all()
    if rows:
        await session.execute(update(Notice).where(Notice.id.in_([row.id for row in rows])).values(told=True))
    return rows


async def forget_told(session: AsyncSession, circle_id: int, kind: str, subject: str) -> None:
    """It has come up once more: if they were told already, they are told again."""
    await session.execute(
        delete(Notice).where(
            Notice.circle_id == circle_id,
            Notice.kind == kind,
            Notice.subject == subject,
            Notice.told.is_(True),
        )
    )


async def forget(session: AsyncSession, circle_id: int, kind: str, subject: str) -> None:
    """The matter is settled; if it comes up again it is told again."""
    await session.execute(
        delete(Notice).where(Notice.circle_id == circle_id, Notice.kind == kind, Notice.subject == subject)
    )
