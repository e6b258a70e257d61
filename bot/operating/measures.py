"""Measures: what is counted of the bot's work. Unless a port for them is set, nothing is.

Nothing is counted when somebody tells, writes or presses anything about a story: whoever reads the numbers
every second could see when that was. What they do counts when it is published, where all see it.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from types import SimpleNamespace

import aiohttp

from bot.delivery.pace import answers_a_press
from bot.pressing import for_a_person

COUNTED = frozenset({"circles", "guide", "prompts", "reminders", "set_aside", "themes"})
"""The features whose presses are counted, by the first part of their custom_ids. None of a teller's is."""


class Measures:
    """Counts nothing. What is called here is called everywhere, so it costs nothing either."""

    def clock(self) -> float:
        """Seconds of a steady clock."""
        return time.monotonic()

    def acknowledged(self, key: str, began: float) -> None:
        """A press was acknowledged; ``key`` is the pattern of its custom_id, ``began`` of ``clock``."""

    def delivered(self, kind: str, outcome: str) -> None:
        """A delivery was shown, or what kept it from that, in one word."""

    def requested(self, status: int) -> None:
        """Discord answered a request of the bot's own; those for a press would tell when somebody tells."""

    @contextmanager
    def looking(self) -> Generator[None]:
        """Around one look at what is due."""
        yield

    def watch(self, trace: aiohttp.TraceConfig) -> aiohttp.TraceConfig:
        """See what Discord answers to the requests of a client session."""

        async def ended(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
        ) -> None:
            if not (for_a_person() or answers_a_press(end.url.path)):
                self.requested(end.response.status)

        trace.on_request_end.append(ended)
        return trace
