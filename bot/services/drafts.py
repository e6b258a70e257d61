"""Drafts: what somebody wrote and hasn't posted yet, sealed with a secret that only their preview knows.

The database can't read a draft, and doesn't know whose it is. The secret becomes the receipt.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.rules.anonymity import rounded_up_day
from bot.rules.receipts import SealBroken, new_receipt, receipt_hash, seal, unseal
from db import drafts
from db.database import Database

KEPT_DAYS = 7


class Drafts:
    """Keeps, opens and forgets drafts of every kind."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def keep(self, payload: Mapping[str, Any]) -> str:
        """Seal something new; returns its receipt."""
        receipt = new_receipt()
        await self.replace(receipt, payload)
        return receipt

    async def replace(self, receipt: str, payload: Mapping[str, Any]) -> None:
        """Seal the newest state under the same receipt."""
        async with self._database.write() as session:
            await store(session, receipt, payload, self.keep_until())

    async def read(self, receipt: str) -> dict[str, Any]:
        """Open a draft. Raises Gone when it was posted, discarded or is too old."""
        async with self._database.read() as session:
            return await opened(session, receipt)

    async def discard(self, receipt: str) -> bool:
        """Forget a draft. Returns whether it was there."""
        async with self._database.write() as session:
            return await drafts.discard(session, receipt_hash(receipt))

    async def keep_longer(self, receipt: str) -> date:
        """Count the days anew from today; returns the day until which it stays. Raises Gone."""
        async with self._database.write() as session:
            await store(session, receipt, await opened(session, receipt), self.keep_until())
        return self.keep_until()

    async def forget(self, receipt: str) -> None:
        """Forget a draft. Raises Gone when there is none."""
        if not await self.discard(receipt):
            raise Gone("refusals.draft_gone")

    async def discard_old(self) -> int:
        """Forget what nobody came back for."""
        async with self._database.write() as session:
            return await drafts.discard_old(session, self._now().date())

    def keep_until(self) -> date:
        """The day until which something kept now stays."""
        return rounded_up_day(self._now()) + timedelta(days=KEPT_DAYS)


async def store(session: AsyncSession, receipt: str, payload: Mapping[str, Any], keep_until: date) -> None:
    """Seal inside somebody's transaction."""
    sealed = seal(receipt, json.dumps(payload, ensure_ascii=False).encode())
    await drafts.keep(session, receipt_hash(receipt), sealed, keep_until)


async def opened(session: AsyncSession, receipt: str) -> dict[str, Any]:
    """Open inside somebody's transaction. Raises Gone."""
    sealed = await drafts.sealed(session, receipt_hash(receipt))
    if sealed is None:
        raise Gone("refusals.draft_gone")
    try:
        return json.loads(unseal(receipt, sealed))
    except SealBroken as error:
        raise Gone("refusals.draft_gone") from error
