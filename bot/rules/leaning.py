"""What a text leans towards, by the words in it and the words beside each other.

Phrases know only what somebody thought of. These weights were learnt from the labelled texts in
``tests/rules``, and hear some of what nobody wrote down as a phrase. They are data: each word's weight stands
in a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from bot.rules.phrases import sentences

_TOGETHER = 4
"""Sentences that are weighed at once: about the length of the texts that were learnt from."""


@dataclass(frozen=True, slots=True, repr=False)
class Leaning:
    """``weights`` of words, pairs and triples; ``groups``: the group of words that weigh the same, "#drug";
    ``base``: what a text of unknown words has."""

    weights: Mapping[str, float]
    groups: Mapping[str, str]
    base: float

    def of(self, plain: str) -> float:
        """How much plain text leans towards what was learnt, where it does most; above 0 rather than not."""
        parts = sentences(plain)
        last = max(len(parts) - _TOGETHER, 0)
        windows = ("".join(parts[start : start + _TOGETHER]) for start in range(last + 1))
        return max(map(self._weigh, windows))

    def _weigh(self, plain: str) -> float:
        known = [self.weights[sign] for sign in signs(plain, self.groups) if sign in self.weights]
        return self.base + sum(known) / sqrt(len(known) + 1)


def signs(plain: str, groups: Mapping[str, str]) -> frozenset[str]:
    """What of a text is weighed: its words, and its words by group alone, in pairs and in triples."""
    words = plain.split()
    grouped = [groups.get(word, word) for word in words]
    pairs = {f"{one} {two}" for one, two in pairwise(grouped)}
    triples = {" ".join(three) for three in zip(grouped, grouped[1:], grouped[2:], strict=False)}
    return frozenset({*words, *grouped, *pairs, *triples} - {"."})
