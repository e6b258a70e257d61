"""Rate limits as Discord documents them: 50 requests a second a token, and a bucket for each route and
channel, server or webhook. Nothing here waits: what is too much is refused with 429."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha1

from tests.wire.requests import Request

SECOND = 1.0


@dataclass(slots=True)
class Window:
    """How much went through since it began, and when it ends, by the loop's time."""

    limit: int
    seconds: float
    used: int = 0
    ends: float = 0.0

    def take(self, now: float) -> bool:
        """Whether one more goes through."""
        if now >= self.ends:
            self.used, self.ends = 0, now + self.seconds
        if self.used >= self.limit:
            return False
        self.used += 1
        return True


@dataclass(frozen=True, slots=True)
class TooMany:
    """A refusal: for how many seconds, and of what."""

    retry_after: float
    scope: str
    """``user`` for a bucket, ``global`` for the token's."""

    @property
    def body(self) -> dict[str, object]:
        """The answer's body."""
        return {
            "message": "You are being rate limited.",
            "retry_after": self.retry_after,
            "global": self.scope == "global",
        }

    @property
    def headers(self) -> dict[str, str]:
        """The answer's headers."""
        made = {"Retry-After": str(max(1, round(self.retry_after))), "X-RateLimit-Scope": self.scope}
        return made | ({"X-RateLimit-Global": "true"} if self.scope == "global" else {})


class Limits:
    """Counts requests. ``enforced = False`` lets everything through and goes on counting."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self.enforced = True
        self.per_second = 50
        self.refused: Counter[str] = Counter()
        """How many 429 there were, by the route's method and template."""
        self.invalid = 0
        """Answers of 401, 403 and 429: Discord bans an address at 10,000 in ten minutes."""
        self.most_in_a_second = 0
        """The most counted requests within any second, wherever that second begins."""
        self._token: Window | None = None
        self._buckets: dict[tuple[str, str], Window] = {}
        self._recent: deque[float] = deque()

    def take(self, request: Request) -> TooMany | None:
        """Let a request through, or say why not."""
        route, now = request.route, self._monotonic()
        assert route is not None
        if route.counts:
            self._count(now)
            if self._token is None or self._token.limit != self.per_second:
                self._token = Window(self.per_second, SECOND)
            if not self._token.take(now) and self.enforced:
                return TooMany(round(self._token.ends - now + 0.001, 3), "global")
        bucket = self._bucket(request)
        if bucket is not None and not bucket.take(now) and self.enforced:
            return TooMany(round(bucket.ends - now + 0.001, 3), "user")
        return None

    def headers(self, request: Request) -> dict[str, str]:
        """What an answer says about the request's bucket."""
        bucket, route = self._bucket(request), request.route
        if bucket is None or route is None:
            return {}
        after = max(0.0, bucket.ends - self._monotonic())
        name = sha1(f"{route.method} {route.template}".encode(), usedforsecurity=False).hexdigest()
        return {
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(max(0, bucket.limit - bucket.used)),
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": name,
        }

    def answered(self, request: Request, status: int) -> None:
        """Note what became of a request."""
        if status in {401, 403, 429}:
            self.invalid += 1
        if status == 429:
            about = request.route.template if request.route else request.path
            self.refused[f"{request.method} {about}"] += 1

    def _bucket(self, request: Request) -> Window | None:
        route = request.route
        if route is None or route.limit is None:
            return None
        key = (f"{route.method} {route.template}", request.major)
        if key not in self._buckets:
            self._buckets[key] = Window(*route.limit)
        return self._buckets[key]

    def _count(self, now: float) -> None:
        self._recent.append(now)
        while self._recent[0] <= now - SECOND:
            self._recent.popleft()
        self.most_in_a_second = max(self.most_in_a_second, len(self._recent))
