"""How long published stories are kept: the operator's rule, and a circle's own, which can only be shorter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

CHOICES = (90, 180, 365, 730)
"""Days that a circle can choose; besides that: as long as the operator says."""
NOTICE = timedelta(days=7)
"""So long before it holds facilitators are told of a shorter rule of the operator's."""


def shortest(*days: int | None) -> int | None:
    """The shortest of some rules in days; None means until it is withdrawn."""
    return min((one for one in days if one is not None), default=None)


def is_shorter(days: int | None, than: int | None) -> bool:
    """Whether a rule keeps less than another."""
    return days is not None and (than is None or days < than)


def last_day_over(days: int, today: date) -> date:
    """What was published on this day or earlier is over."""
    return today - timedelta(days=days)


@dataclass(frozen=True, slots=True, repr=False)
class OperatorRule:
    """The operator's rule, and from when on it holds: a shorter one is announced first."""

    days: int | None
    since: date
    before: int | None

    def at(self, today: date) -> int | None:
        """What holds on a day."""
        return self.days if today >= self.since else self.before

    def changed(self, days: int | None, today: date) -> OperatorRule:
        """After the setting was changed: a longer rule holds at once, a shorter one after a notice."""
        if days == self.days:
            return self
        holds = self.at(today)
        if is_shorter(days, holds):
            return OperatorRule(days, today + NOTICE, holds)
        return OperatorRule(days, today, days)

    def written(self) -> str:
        """As a memo."""
        return f"{self.days or 0} {self.since.isoformat()} {self.before or 0}"


def read_rule(memo: str | None) -> OperatorRule | None:
    """The rule that a memo holds; None when there is none that can be read."""
    try:
        days, since, before = (memo or "").split()
        return OperatorRule(int(days) or None, date.fromisoformat(since), int(before) or None)
    except ValueError:
        return None
