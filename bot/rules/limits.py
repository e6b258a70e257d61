"""Limits for one person: how often somebody may do something, without a record of who did it.

They live in memory alone, under a key that dies with the process. A restart forgives everything: that is
the price of keeping no list of who was here. Nor does memory say to the minute when somebody did what:
moments are kept rounded up to the limit's grain.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

_SWEEP_EVERY = timedelta(minutes=1)
_KEY_BYTES = 16
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, repr=False)
class Limit:
    """How often one person may do one thing: at most ``most`` times within any stretch of ``per``."""

    what: str
    """Names it among the limits; its refusal is the text ``refusals.often.<what>``."""
    most: int
    per: timedelta
    grain: timedelta
    """What moments are rounded up to before they are kept."""
    slowest: timedelta = timedelta(0)
    """How long the last ones before the limit have to wait; the first half never wait."""


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_SLOWLY = timedelta(seconds=10)

STORIES = Limit("stories", 5, _DAY, _HOUR, _SLOWLY)
"""In one circle: more than anybody has on their heart in a day, and too few to bury the others' stories."""
DRAFTS = Limit("drafts", 20, _HOUR, _MINUTE)
"""Forms submitted, anew or again: room for much rewriting, not for filling the disk with sealed words."""
REPLIES = Limit("replies", 30, _HOUR, _MINUTE, _SLOWLY)
"""Unnamed ones: a lively talk in a thread, and no flood under one pen name, or under many."""
REPLIES_A_DAY = Limit("replies_a_day", 30, _DAY, _HOUR)
"""Asked only where a circle chose how many: in one circle, unnamed replies and answers."""
NOTES = Limit("notes", 20, _DAY, _HOUR, _SLOWLY)
"""Private notes and answers to them: room for a teller who answers everybody, none for pressing somebody."""
CHANGES = Limit("changes", 20, _DAY, _HOUR, _SLOWLY)
"""Updates and edits: each is a message or an edit on Discord, which limits those itself."""
SIGNS = Limit("signs", 60, _HOUR, _MINUTE, _SLOWLY)
"""Given or taken back: a long evening of reading, and no blinking counts."""
WRONG_CODES = Limit("wrong_codes", 5, 15 * _MINUTE, _MINUTE, _SLOWLY)
"""Mistyping is human. Guessing 100 random bits is hopeless anyway; this keeps it from costing anything."""
ERASURES = Limit("erasures", 5, _HOUR, _MINUTE)
"""Each goes through all that a key can still recognise: enough for a change of mind."""
CODES_TO_DM = Limit("codes_to_dm", 5, _HOUR, _MINUTE)
"""Private messages: Discord punishes the bot if it sends many."""
REPORTS = Limit("reports", 10, _DAY, _HOUR)
"""To the moderators: more than a bad day in a circle needs, and no way to bury them."""
SMALL_CIRCLE_AT_A_STORY = Limit("small_circle_at_a_story", 1, 365 * _DAY, _DAY)
SMALL_CIRCLE_IN_A_THREAD = Limit("small_circle_in_a_thread", 1, 365 * _DAY, _DAY)
"""Not limits on people but on the bot: it says once what a small circle means, and remembers the day."""


@dataclass(slots=True)
class _Uses:
    """When one person did one thing in one place, oldest first, and when that stops mattering."""

    over_at: datetime
    times: deque[datetime] = field(default_factory=deque[datetime])


class Limits:
    """Counts what people do, by tags that mean nothing outside this process.

    ``secret`` is random, made at start, never stored. At most ``capacity`` tags are remembered; beyond
    that the one unused for longest is forgotten. ``scope`` is a circle's id, or 0 for everywhere.
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

    def full_until(self, limit: Limit, user_id: int, scope: int, now: datetime) -> datetime | None:
        """When somebody may do this again, or None when they may now. Nothing is counted."""
        times = self._times(limit, self._key(limit, user_id, scope), now)
        if limit.most > len(times):
            return None
        return times[-limit.most] + limit.per if limit.most else now + limit.per

    def slow_by(self, limit: Limit, user_id: int, scope: int, now: datetime) -> timedelta:
        """How long the next one has to wait: longer the nearer the limit is."""
        used = len(self._times(limit, self._key(limit, user_id, scope), now))
        half = limit.most // 2
        return limit.slowest * min(1.0, max(0, used - half + 1) / max(1, limit.most - half))

    def count(self, limit: Limit, user_id: int, scope: int, now: datetime) -> None:
        """Somebody has done it once more, at an aware ``now``."""
        self._sweep(now)
        key = self._key(limit, user_id, scope)
        uses = self._uses.get(key) or _Uses(now)
        kept = _UNIX - (_UNIX - now) // limit.grain * limit.grain
        uses.times = deque([*self._times(limit, key, now), kept], maxlen=max(1, limit.most))
        uses.over_at = kept + limit.per
        self._uses[key] = uses
        self._uses.move_to_end(key)
        while len(self._uses) > self._capacity:
            self._uses.popitem(last=False)

    def allow(self, limit: Limit, user_id: int, scope: int, now: datetime) -> bool:
        """Whether somebody may do this once more, and if so, count it.

        What is refused isn't counted, so waiting always helps.
        """
        if self.full_until(limit, user_id, scope, now) is not None:
            return False
        self.count(limit, user_id, scope, now)
        return True

    def _times(self, limit: Limit, key: bytes, now: datetime) -> list[datetime]:
        uses = self._uses.get(key)
        return [moment for moment in uses.times if moment > now - limit.per] if uses else []

    def _sweep(self, now: datetime) -> None:
        """Forget what no longer matters: once a minute, so that a press costs no walk through it all."""
        if self._swept_at is not None and self._swept_at <= now < self._swept_at + _SWEEP_EVERY:
            return
        self._swept_at = now
        for key in [key for key, uses in self._uses.items() if uses.over_at <= now]:
            del self._uses[key]

    def _key(self, limit: Limit, user_id: int, scope: int) -> bytes:
        parts = (limit.what.encode(), str(user_id).encode(), str(scope).encode())
        message = b"".join(len(part).to_bytes(4) + part for part in parts)
        return hmac.digest(self._secret, message, hashlib.sha256)[:_KEY_BYTES]
