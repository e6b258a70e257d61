"""Those on duty are told what waits for them: once, and where they can see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.caring import care_of
from bot.services.outbox import Lease, channel_destination, owe_on_duty
from db import deliveries, notices
from db.database import Database
from db.tables import Circle, Notice

LINK = "link"
"""Among a notice's values: the address of the right place, which becomes a button."""


@dataclass(frozen=True, slots=True, repr=False)
class Word:
    """One thing that those on duty are told."""

    kind: str
    """The key of its text below ``notices.``."""
    values: Mapping[str, str]
    channel_id: int
    """Where they are told."""
    link: str | None


async def tell_on_duty(
    session: AsyncSession, circle: Circle, kind: str, subject: str, values: Mapping[str, str], now: datetime
) -> None:
    """Tell those on duty something once for its subject: ``kind`` is the key of its text below ``notices.``.

    Where the circle has a channel for its moderators it is owed there, due at an aware ``now``; until it
    stands there ``/circle status`` has it too. An address among the values, called ``link``, becomes a
    button. The same kind and subject isn't told twice until ``db.notices.forget`` says that it is settled;
    what is settled before it is sent isn't told at all. Nothing in ``values`` may say who somebody is, or
    hold what was told.
    """
    notice = await notices.tell(session, circle.id, kind, subject, values)
    if notice is not None:
        await owe_on_duty(session, notice, circle.guild_id, now)


class Duty:
    """What those on duty are told, as the deliverer needs it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def word(self, lease: Lease) -> Word | None:
        """What to tell; None when it is settled, or was told elsewhere, or nobody is to be told any more."""
        async with self._database.read() as session:
            notice = await session.get(Notice, lease.subject)
            if notice is None or notice.told:
                return None
            channel_id = (await care_of(session, notice.circle_id)).moderators_channel_id
            if channel_id is None or channel_destination(channel_id) != lease.destination:
                return None
            values = dict(notice.values)
            return Word(notice.kind, values, channel_id, values.get(LINK))

    async def told(self, lease: Lease, message_id: int | None) -> None:
        """It stands there. Raises LeaseLost."""
        async with self._database.write() as session:
            await deliveries.finish(session, lease.id, lease.token, message_id)
            notice = await session.get(Notice, lease.subject)
            if notice is not None:
                notice.told = True
