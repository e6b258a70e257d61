"""Pen names: how somebody unnamed is called in one thread."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from random import Random


@dataclass(frozen=True, slots=True)
class PenNameWords:
    """What pen names are made of, in one language; ``form`` sets the order of adjective and noun."""

    form: str
    adjectives: tuple[str, ...]
    nouns: tuple[str, ...]


def pen_name(taken: Collection[str], words: PenNameWords, random: Random) -> str:
    """A friendly name that isn't in ``taken``: all names ever used in the thread.

    Every free name is equally likely, so a name says nothing about who got it or when. When all are
    taken, they begin again with a number behind them. Hand in a ``secrets.SystemRandom``.
    """
    used = {name.casefold() for name in taken}
    names = [words.form.format(adjective=a, noun=n) for a in words.adjectives for n in words.nouns]
    if not names:
        raise ValueError("there are no words to make pen names of")
    for round_number in count(1):
        suffix = "" if round_number == 1 else f" {round_number}"
        free = [name + suffix for name in names if (name + suffix).casefold() not in used]
        if free:
            return random.choice(free)
    raise AssertionError("a finite set of taken names leaves a free one")
