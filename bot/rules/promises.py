"""What somebody is told, before they post, about when something unnamed appears: and that it is kept.

What a preview said is sealed with its words. A circle that has become quicker meanwhile, or tells
otherwise, shows the preview anew; one that lets wait for longer changes nothing for who was promised less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

REPLY_MINUTES = 3
"""The longest wait of an unnamed reply, in every circle: a talk goes on, and the hour still tells little."""
A_DAY = 24 * 60


class Waits(StrEnum):
    """What can wait before it appears, each kind in its own way."""

    STORY = "story"
    CHANGE = "change"
    """An update, or an edit of anything that has appeared."""
    REPLY = "reply"


@dataclass(frozen=True, slots=True, repr=False)
class Promise:
    """What a preview says: the longest wait, whether it is for others, and what a small circle means."""

    minutes: int
    """The longest wait; 0 is none."""
    batch_of: int | None = None
    """It waits for others until there are so many, or for the day's moment; None: it waits by itself."""
    small: bool = False
    """In so small a circle the way of telling may be enough."""
    reviewed: bool = False
    """A moderator looks at it first: the wait is until they see it, and it appears when they publish it."""

    def kept_by(self, offered: Promise) -> bool:
        """Whether this can be kept in a circle that now offers something else: nothing quicker, no other way
        of waiting, no warning that wasn't given, and nobody else, or nobody, who looks at it first."""
        return (
            self.batch_of == offered.batch_of
            and self.reviewed == offered.reviewed
            and self.minutes <= offered.minutes
            and (self.small or not offered.small)
        )

    def as_payload(self) -> dict[str, Any]:
        """For sealing."""
        return asdict(self)

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any] | None) -> Self | None:
        """The promise again; None where none was sealed."""
        return cls(**payload) if payload else None


def offered(
    what: Waits, *, delay_minutes: int, batch_of: int | None, small: bool, reviewed: bool = False
) -> Promise:
    """What a circle with these settings promises. Replies are never reviewed."""
    if what is Waits.REPLY:
        return Promise(REPLY_MINUTES, small=small)
    if what is Waits.STORY and batch_of is not None:
        return Promise(A_DAY, batch_of, small, reviewed)
    return Promise(delay_minutes, small=small, reviewed=reviewed)
