"""What is kept about a person, as that person alone may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """One thing that is kept about somebody. Nothing of it shows in its repr."""

    kind: str
    """The key of its line below ``privacy.kept.``."""
    line: Mapping[str, str] = field(repr=False)
    """The values of that line."""
    file: Mapping[str, object] = field(repr=False)
    """All of it, for the file that somebody asks for: readable keys, values that JSON knows."""
