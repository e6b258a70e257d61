"""Whose an update or a reply is: proven by its code, by the story's, or by being recognised."""

from __future__ import annotations

import hmac

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, NotAllowed
from bot.rules.anonymity import Purpose
from bot.rules.receipts import receipt_hash
from bot.services.telling import Telling
from db import edits, stories
from db.story_tables import Reply, Story, Update


async def proven_addition(
    session: AsyncSession, telling: Telling, kind: str, subject: int, receipt: str | None, user_id: int
) -> Update | Reply:
    """The row of an update or a reply (``kind`` as in ``db.edits``), if it is this person's.

    What the teller said is proven by what proves the story too; a reply under a pen name by the person's tag
    in its thread, while the key lives. Raises Gone when it isn't there, NotAllowed when nothing proves it.
    """
    row = await session.get(Update if kind == edits.UPDATE else Reply, subject)
    story = await session.get(Story, row.story_id) if row is not None else None
    if row is None or story is None or {row.state, story.state} - set(edits.PRESENT):
        raise Gone("refusals.addition_gone")
    if receipt is not None and _fits(receipt, row.receipt_hash):
        return row
    pen_name = row.pen_name if isinstance(row, Reply) else None
    if pen_name is None:
        mine = telling.is_teller(story, user_id) or (
            receipt is not None and _fits(receipt, story.receipt_hash)
        )
    else:
        mine = pen_name == await _pen_name(session, telling, story, user_id)
    if not mine:
        raise NotAllowed("refusals.not_yours")
    return row


def _fits(receipt: str, digest: bytes | None) -> bool:
    return hmac.compare_digest(receipt_hash(receipt), digest or b"")


async def _pen_name(session: AsyncSession, telling: Telling, story: Story, user_id: int) -> str | None:
    """The name under which this person speaks in a story's thread; None when nobody can know it any more."""
    if story.epoch is None:
        return None
    tag = telling.keyring.tag(story.epoch, Purpose.PEN_NAME, story.id, user_id)
    return await stories.pen_name_of(session, story.id, tag) if tag is not None else None
