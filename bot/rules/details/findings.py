"""Collecting what was found in a view: which words are taken, and what wins where findings overlap."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

from bot.rules.details.detail import IDENTIFIES, Level, Type
from bot.rules.details.tokens import Tokens


@dataclass(slots=True, repr=False)
class Findings:
    """Details by offsets in the view. What is added first stays: rules run from the surest to the boldest."""

    tokens: Tokens
    found: list[tuple[int, int, Type, Level]] = field(default_factory=list[tuple[int, int, Type, Level]])
    _starts: list[int] = field(default_factory=list[int])
    _taken: list[bool] = field(default_factory=list[bool])

    def __post_init__(self) -> None:
        self._starts = [token.start for token in self.tokens.all]
        self._taken = [False] * (len(self.tokens.text) + 1)

    def add(self, start: int, end: int, kind: Type, level: Level = IDENTIFIES) -> bool:
        """Keep a stretch of the view unless part of it is kept already. Marks its words as taken."""
        if end <= start or any(self._taken[start:end]):
            return False
        self.found.append((start, end, kind, level))
        self._taken[start:end] = [True] * (end - start)
        at = max(0, bisect_left(self._starts, start) - 1)
        for token in self.tokens.all[at:]:
            if token.start >= end:
                break
            if token.end > start:
                token.taken = True
        return True

    def words(self, first: int, last: int, kind: Type, level: Level = IDENTIFIES) -> bool:
        """Keep the words from index ``first`` to ``last``, both included."""
        return self.add(self.tokens.at(first).start, self.tokens.at(last).end, kind, level)
