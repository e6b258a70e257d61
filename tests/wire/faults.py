"""What goes wrong on demand, by rule; and stopping at an exact moment of a request."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.wire.requests import Request

Kind = Literal["status", "429", "foreign", "hang", "close-before", "close-after", "delay"]
When = Literal["before", "after"]


@dataclass(slots=True, eq=False)
class Rule:
    """Which requests are meant: method and path (whole, a regular expression), and how many of them."""

    method: str = ".*"
    path: str = ".*"
    times: int | None = 1
    """None: all of them."""
    about: Callable[[Request], bool] | None = None
    """A further condition."""
    hits: int = field(default=0, init=False)

    def meets(self, request: Request) -> bool:
        """Whether it is one of those; counts it."""
        if self.times is not None and self.hits >= self.times:
            return False
        fits = re.fullmatch(self.method, request.method) and re.fullmatch(self.path, request.path)
        if not fits or (self.about is not None and not self.about(request)):
            return False
        self.hits += 1
        return True


@dataclass(slots=True, eq=False, kw_only=True)
class Fault(Rule):
    """Something that goes wrong.

    ``status``: this status (with ``code``) instead of doing it; ``429``: refused for ``seconds``;
    ``foreign``: an answer with this ``text`` that doesn't come from Discord;
    ``hang``: no answer, and nothing done, until it is removed; ``close-before`` and ``close-after``:
    the connection ends without an answer, before or after it was done; ``delay``: done ``seconds`` later.
    """

    kind: Kind
    status: int = 502
    code: int = 0
    text: str = ""
    seconds: float = 1.0
    over: asyncio.Event = field(default_factory=asyncio.Event, init=False)


@dataclass(slots=True, eq=False, kw_only=True)
class Moment(Rule):
    """Something that happens ``before`` a request is done, or ``after`` it and before the answer."""

    when: When
    call: Callable[[Request], Awaitable[Any] | Any]


class Hold:
    """A request that is held at a moment until it is let go."""

    def __init__(self) -> None:
        self._there, self._on = asyncio.Event(), asyncio.Event()
        self.request: Request | None = None

    async def reached(self, seconds: float = 30) -> Request:
        """The request, as soon as it is there. Raises TimeoutError."""
        await asyncio.wait_for(self._there.wait(), seconds)
        assert self.request is not None
        return self.request

    def let_go(self) -> None:
        """Go on with it."""
        self._on.set()

    async def __call__(self, request: Request) -> None:
        """The moment has come."""
        self.request = request
        self._there.set()
        await self._on.wait()


class Faults:
    """All rules that hold now; the first that meets a request counts."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._moments: list[Moment] = []
        self._holds: list[Hold] = []

    def add(self, fault: Fault) -> Fault:
        """From now on."""
        self._faults.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """No longer; requests that hang are done now."""
        self._faults.remove(fault)
        fault.over.set()

    def when(
        self,
        when: When,
        method: str,
        path: str,
        call: Callable[[Request], Awaitable[Any] | Any],
        *,
        times: int | None = 1,
        about: Callable[[Request], bool] | None = None,
    ) -> Moment:
        """Call something, and wait for it, at a moment of matching requests."""
        made = Moment(method, path, times, about, when=when, call=call)
        self._moments.append(made)
        return made

    def hold(
        self, when: When, method: str, path: str, *, about: Callable[[Request], bool] | None = None
    ) -> Hold:
        """Hold the next matching request at a moment."""
        hold = Hold()
        self._holds.append(hold)
        self.when(when, method, path, hold, about=about)
        return hold

    def forget(self, rule: Fault | Moment) -> None:
        """A rule holds no longer, if it still did."""
        if isinstance(rule, Moment):
            self._moments = [one for one in self._moments if one is not rule]
        elif any(one is rule for one in self._faults):
            self.remove(rule)

    def clear(self) -> None:
        """No rule holds any more; whatever hangs or is held goes on."""
        for fault in list(self._faults):
            self.remove(fault)
        self._moments.clear()
        for hold in self._holds:
            hold.let_go()

    def of(self, request: Request) -> Fault | None:
        """What goes wrong with a request."""
        return next((fault for fault in self._faults if fault.meets(request)), None)

    async def reach(self, when: When, request: Request) -> None:
        """A request has come to a moment."""
        for moment in list(self._moments):
            if moment.when == when and moment.meets(request):
                done = moment.call(request)
                if inspect.isawaitable(done):
                    await done
