"""Limits for one person: how often somebody may do something, without a record of who did it.

They live in memory alone, under a key that dies with the process. A restart forgives everything: that is
the price of keeping no list of who was here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_SWEEP_EVERY = timedelta(minutes=1)
_KEY_BYTES = 16


@dataclass(slots=True)
class _Uses:
    """When one person did one thing in one place, oldest first, and when that stops mattering."""

    over_at: datetime
    times: deque[datetime] = field(default_factory=deque[datetime])


class Limits:
    """Counts what people do, by tags that mean nothing outside this process.

    ``secret`` is random, made at start, never stored. At most ``capacity`` tags are remembered; beyond
    that the one unused for longest is forgotten.
    """

    def __init__(self, secret: bytes, capacity: int = 20_000) -> None:
        if len(secret) < _KEY_BYTES:
            raise ValueError(f"the secret of the limits is at least {_KEY_BYTES} bytes long")
        self._secret = secret
        self._capacity = capacity
        self._uses: OrderedDict[bytes, _Uses] = OrderedDict()
        self._swept_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Limits({len(self._uses)} remembered)"

    def __len__(self) -> int:
        """How many tags are remembered."""
        return len(self._uses)

    def allow(
        self, purpose: str, user_id: int, scope: int, now: datetime, limit: int, per: timedelta
    ) -> bool:
        """Whether somebody may do this once more, and if so, count it.

        At most ``limit`` times within any stretch of ``per``, for each purpose and scope (a circle, or 0
        for everywhere). What is refused isn't counted, so waiting always helps.
        """
        self._sweep(now)
        key = self._key(purpose, user_id, scope)
        uses = self._uses.get(key) or _Uses(now)
        while uses.times and uses.times[0] <= now - per:
            uses.times.popleft()
        if len(uses.times) >= limit:
            return False
        uses.times.append(now)
        uses.over_at = now + per
        self._uses[key] = uses
        self._uses.move_to_end(key)
        while len(self._uses) > self._capacity:
            self._uses.popitem(last=False)
        return True

    def _sweep(self, now: datetime) -> None:
        """Forget what no longer matters: once a minute, so that a press costs no walk through it all."""
        if self._swept_at is not None and self._swept_at <= now < self._swept_at + _SWEEP_EVERY:
            return
        self._swept_at = now
        for key in [key for key, uses in self._uses.items() if uses.over_at <= now]:
            del self._uses[key]

    def _key(self, purpose: str, user_id: int, scope: int) -> bytes:
        parts = (purpose.encode(), str(user_id).encode(), str(scope).encode())
        message = b"".join(len(part).to_bytes(4) + part for part in parts)
        return hmac.digest(self._secret, message, hashlib.sha256)[:_KEY_BYTES]
