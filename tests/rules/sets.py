"""Labelled texts for recognisers, and how right a recogniser is about them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Labelled:
    """One made-up text and what it is."""

    id: str
    text: str
    label: str


def read(recogniser: str, part: str) -> tuple[Labelled, ...]:
    """A part, ``tuning`` or ``held_out``, of a recogniser's set."""
    lines = (HERE / recogniser / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(Labelled(**json.loads(line)) for line in lines)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """Between 0 and 1."""
        return self.hits / self.of

    def __str__(self) -> str:
        return f"{self.hits} of {self.of} ({self.value:.1%})"


def share(texts: Sequence[Labelled], holds: Callable[[Labelled], bool]) -> Share:
    """For how many of them something holds."""
    return Share(sum(1 for text in texts if holds(text)), len(texts))


PARTS = ("tuning", "held_out", "afterwards")
"""The parts of each set: what the rule was made by, what it was measured by, and what was written last."""


def say(*columns: object) -> None:
    """A row of a table, or a line."""
    row = f"| {' | '.join(map(str, columns))} |" if len(columns) > 1 else str(columns[0])
    sys.stdout.write(f"{row}\n")


def head() -> None:
    """The head of a table with a column for each part."""
    say("what", *(part.replace("_", " ") for part in PARTS))
    say("---", *("---" for _ in PARTS))
