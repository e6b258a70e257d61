"""How well details are found in texts whose details are marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.rules.details.detail import IDENTIFIES, Detail

Span = tuple[int, int, str]
"""A marked detail: start, end, type."""


@dataclass(frozen=True, slots=True, repr=False)
class Marked:
    """A text and what in it identifies somebody, as a person marked it."""

    text: str
    spans: tuple[Span, ...]


@dataclass(slots=True, repr=False)
class Measured:
    """The sums. A detail counts as found when a mark touches it; only certain marks can be wrong."""

    marked: Counter[str] = field(default_factory=Counter[str])
    found: Counter[str] = field(default_factory=Counter[str])
    certain: Counter[str] = field(default_factory=Counter[str])
    marks: int = 0
    wrong: list[tuple[int, Detail]] = field(default_factory=list[tuple[int, Detail]])
    """Number of the text, from 1, and the mark."""
    missed: list[tuple[int, Span]] = field(default_factory=list[tuple[int, Span]])
    with_details: int = 0
    whole: int = 0
    """Texts with details, and those in which each was found."""
    without: int = 0
    left_alone: int = 0
    """Texts without details, and those that got no certain mark."""

    @property
    def recall(self) -> float:
        return share(self.found.total(), self.marked.total())

    @property
    def certain_recall(self) -> float:
        return share(self.certain.total(), self.marked.total())

    @property
    def precision(self) -> float:
        return share(self.marks - len(self.wrong), self.marks)

    @property
    def clean(self) -> float:
        return share(self.left_alone, self.without)


def share(part: int, whole: int) -> float:
    """A part of a whole, and 1 where there is nothing to be had."""
    return part / whole if whole else 1.0


def measure(texts: Iterable[tuple[Marked, Sequence[Detail]]]) -> Measured:
    """Compare marks with what was found in each text."""
    sums = Measured()
    for number, (marked, found) in enumerate(texts, start=1):
        certain = [detail for detail in found if detail.level == IDENTIFIES]
        missed = 0
        for span in marked.spans:
            sums.marked[span[2]] += 1
            sums.certain[span[2]] += any(_touch(detail, span) for detail in certain)
            if any(_touch(detail, span) for detail in found):
                sums.found[span[2]] += 1
            else:
                missed += 1
                sums.missed.append((number, span))
        wrong = [one for one in certain if not any(_touch(one, span) for span in marked.spans)]
        sums.marks += len(certain)
        sums.wrong += ((number, detail) for detail in wrong)
        if marked.spans:
            sums.with_details += 1
            sums.whole += missed == 0
        else:
            sums.without += 1
            sums.left_alone += not certain
    return sums


def _touch(detail: Detail, span: Span) -> bool:
    return detail.start < span[1] and detail.end > span[0]
