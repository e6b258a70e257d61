"""How long somebody may be muted without anyone learning who they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.errors import Refusal
from bot.rules.calendar import load_zone


class MuteFor(StrEnum):
    """Ways to say how long, besides a date."""

    ONE_WEEK = "one-week"
    TWO_WEEKS = "two-weeks"
    LONGEST = "longest"


_SPANS = {MuteFor.ONE_WEEK: timedelta(weeks=1), MuteFor.TWO_WEEKS: timedelta(weeks=2)}


@dataclass(frozen=True, slots=True)
class MuteEnd:
    """When a mute ends (aware UTC, whole seconds)."""

    until: datetime
    shortened: bool
    """Asked for was longer than the story's key will live."""


def mute_end(asked: MuteFor | date, now: datetime, zone: str, limit: datetime) -> MuteEnd:
    """When a mute asked for at an aware ``now`` ends: at ``limit`` at the latest.

    A date means the beginning of that day in the circle's ``zone``: the first one on which the person may
    tell again. Raises Refusal for a day that isn't in the future, or when the limit has passed.
    """
    if limit <= now:
        raise Refusal("refusals.mute_too_late")
    wished = _wished(asked, now, zone, limit)
    return MuteEnd(min(wished, limit).replace(microsecond=0), wished > limit)


def _wished(asked: MuteFor | date, now: datetime, zone: str, limit: datetime) -> datetime:
    if isinstance(asked, MuteFor):
        return now + _SPANS[asked] if asked in _SPANS else limit
    local = load_zone(zone)
    if asked <= now.astimezone(local).date():
        raise Refusal("refusals.date_past")
    return datetime.combine(asked, time(), local).astimezone(UTC)
