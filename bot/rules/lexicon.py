"""What is known about words when identifying details are looked for: a table of word → what it can be.

The table is data (``bot/content/lexicon``); this is only its form, so that rules need not read files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ORDINARY = 1
"""An English word."""
COMMON = 2
"""One of the few thousand most frequent English words, which people mistype."""
GIVEN = 4
SURNAME = 8
PLACE = 16
ALLOWED = 32
"""Identifies nobody: theorists, therapies, drugs, feasts, peoples, products."""
REGION = 64
"""A country, a state, or something larger."""
ALONE = 128
"""A name or place that stands for itself in lower case too; the others need words around them that say so."""
EMPLOYER = 256
FIGURE = 512
"""Somebody whom everybody knows: worth a look."""
STARTS = 1024
"""The first word of a phrase in ``Lexicon.phrases``."""

THEORIST = 2048
"""The surname of a theorist that is also many other people's."""

_ENDINGS = (
    ("'s", ("",)),
    ("ies", ("y", "ie")),
    ("es", ("", "e", "is")),
    ("s", ("",)),
    ("ied", ("y",)),
    ("ed", ("", "e")),
    ("ying", ("ie", "y")),
    ("ing", ("", "e")),
    ("ier", ("y",)),
    ("er", ("", "e")),
    ("iest", ("y",)),
    ("est", ("", "e")),
    ("ily", ("y",)),
    ("bly", ("ble",)),
    ("ly", ("", "le")),
    ("iness", ("y",)),
    ("ness", ("",)),
    ("less", ("",)),
    ("ment", ("",)),
    ("isation", ("ise", "ize")),
    ("ization", ("ize",)),
    ("ise", ("ize",)),
    ("ising", ("ize",)),
    ("ised", ("ize",)),
    ("like", ("",)),
    ("ish", ("",)),
    ("able", ("", "e")),
)
_BEGINNINGS = ("un", "re", "non", "over", "mis", "dis", "pre", "self", "co", "anti", "post", "sub", "inter")


@dataclass(frozen=True, slots=True, repr=False)
class Lexicon:
    """The table for one language. ``words`` has flags by word, ``phrases`` by phrase (several words, one
    space between); both in lower case with straight apostrophes."""

    words: Mapping[str, int]
    phrases: Mapping[str, int]
    longest: int = 6
    """Words in the longest phrase."""

    def of(self, word: str) -> int:
        """The flags of a lower-case word; its base form says whether it is ordinary. 0: never heard of."""
        flags = self.words.get(word, 0)
        if flags & (ORDINARY | COMMON | GIVEN):
            return flags
        return flags | self._ordinary(word)

    def _ordinary(self, word: str) -> int:
        for base in stems(word):
            if self.words.get(base, 0) & (ORDINARY | COMMON):
                return ORDINARY
        for beginning in _BEGINNINGS:
            if word.startswith(beginning) and len(word) - len(beginning) > 3:
                rest = word[len(beginning) :].lstrip("-")
                if any(self.words.get(base, 0) & (ORDINARY | COMMON) for base in stems(rest)):
                    return ORDINARY
        return 0


def stems(word: str) -> set[str]:
    """A word and the base forms that regular endings may hide: ``stopped`` → ``stop``."""
    found = {word}
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            base = word[: -len(ending)]
            found.update(base + end for end in instead)
            if len(base) > 2 and base[-1] == base[-2]:
                found.add(base[:-1])
    return found
