"""What the search for identifying details hands out, and what a circle adds to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Type = Literal["PERSON", "LOCATION", "DATE", "PHONE", "EMAIL", "URL", "HANDLE", "ID", "ORG", "AGE"]
Level = Literal["identifies", "please look"]
IDENTIFIES: Level = "identifies"
PLEASE_LOOK: Level = "please look"


@dataclass(frozen=True, slots=True, order=True, repr=False)
class Detail:
    """Something in a text by which somebody may be recognised: ``text[start:end]``.

    ``identifies``: to be replaced, or kept on purpose. ``please look``: an unknown word with a capital
    letter, or somebody whom everybody knows; most often nothing.
    """

    start: int
    end: int
    type: Type
    level: Level = IDENTIFIES


@dataclass(frozen=True, slots=True, repr=False)
class CircleWords:
    """The circle's own words, compared without regard to case. Single words or several with a space "
    "between."""

    people: frozenset[str] = frozenset()
    """Members' names."""
    organisations: frozenset[str] = frozenset()
    """Its practice, clinic, school."""
    places: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    lately: frozenset[str] = frozenset()
    """Names of people who interacted with the bot lately; like ``people``."""
    allowed: frozenset[str] = field(default_factory=frozenset[str])
    """Words that are never marked as a person, place or organisation."""
