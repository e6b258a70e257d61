"""The double's time and the ids that it gives, which tell time as Discord's do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

DISCORD_EPOCH_MS = 1_420_070_400_000
"""2015-01-01 in milliseconds since 1970: where Discord's ids begin to count (Discord's reference)."""

Listener = Callable[[timedelta], None]


class Clock:
    """This computer's time, moved by ``offset``. Whoever listens hears of every change."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._listeners: list[Listener] = []

    @property
    def offset(self) -> timedelta:
        """How far this clock is ahead of the computer's."""
        return self._offset

    @offset.setter
    def offset(self, offset: timedelta) -> None:
        self._offset = offset
        for listener in self._listeners:
            listener(offset)

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC) + self._offset

    def forward(self, **delta: float) -> datetime:
        """Let time pass at once, in the words of ``timedelta``."""
        self.offset += timedelta(**delta)
        return self.now()

    def listen(self, listener: Listener) -> None:
        """Tell the offset, now and whenever it changes."""
        self._listeners.append(listener)
        listener(self._offset)

    def forget(self, listener: Listener) -> None:
        """Tell it no more."""
        self._listeners.remove(listener)


class Snowflakes:
    """Ids that grow, and hold the time at which they were given."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """A new id."""
        self._last = max(self._last + 1, at_time(self._clock.now()))
        return self._last


def at_time(moment: datetime) -> int:
    """The smallest id of a moment."""
    return (int(moment.timestamp() * 1000) - DISCORD_EPOCH_MS) << 22


def time_of(snowflake: int) -> datetime:
    """When an id was given, aware UTC."""
    return datetime.fromtimestamp(((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000, UTC)
