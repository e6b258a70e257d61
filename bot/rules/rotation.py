"""Which prompt of the library is asked next.

A *round* asks every prompt of the library once. The order within a round is shuffled by the circle
and stays the same however often it is asked for, so that a preview and the post agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256


def next_prompt(library: Sequence[tuple[str, str]], used: Sequence[str], seed: int) -> str:
    """The key of the prompt that comes after ``used`` (keys, oldest first).

    ``library`` holds (prompt key, theme key), ``seed`` is the circle's id. No prompt comes back before
    all were used; prompts that left the library are ignored, new ones enter the current round. Two
    prompts in a row share a theme only where the rest of the round can't be ordered otherwise. Where
    that allows it, a prompt stays away for as many weeks as half the library is long, also from one
    round to the next. Raises ValueError for an empty library.
    """
    themes = dict(library)
    if not themes:
        raise ValueError("the library has no prompts")
    asked = [key for key in used if key in themes]
    number, round_used = _current_round(asked)
    waiting = themes.keys() - round_used
    if not waiting:
        number += 1
        waiting = themes.keys()
    last = used[-1] if used else ""
    recent = asked[len(asked) - min(len(asked), len(themes) // 2) :]
    order = _shuffled(waiting - {last} or waiting, recent, f"{seed}:{number}")
    left = Counter(themes[key] for key in waiting)
    return _apart_from(themes.get(last), order, left, themes)


def _current_round(asked: Sequence[str]) -> tuple[int, set[str]]:
    """The number of the round that is under way, and what it has used.

    What the library held in the past isn't recorded. A prompt that comes again begins a new round if
    the round had used all that was ever asked until then; otherwise somebody chose it by hand, and
    the round goes on.
    """
    number = 0
    ever: set[str] = set()
    in_round: set[str] = set()
    for key in asked:
        if key in in_round and in_round >= ever:
            number += 1
            in_round = set()
        in_round.add(key)
        ever.add(key)
    return number, in_round


def _shuffled(keys: Iterable[str], recent: Sequence[str], salt: str) -> list[str]:
    """Keys in the round's order, the recently used ones last.

    A hash rather than ``random``: its order stays the same across versions of Python.
    """
    lately = frozenset(recent)
    return sorted(keys, key=lambda key: (key in lately, sha256(f"{salt}:{key}".encode()).digest()))


def _apart_from(
    last_theme: str | None, order: Sequence[str], left: Counter[str], themes: Mapping[str, str]
) -> str:
    """The first of ``order`` after which no theme need ever follow itself in the round.

    ``left`` counts the round's unused prompts by theme.
    """
    for key in order:
        theme = themes[key]
        if theme != last_theme and _can_alternate(left - Counter([theme]), theme):
            return key
    # One theme fills more than half of what is left: it is used up whenever it may come.
    return min(order, key=lambda key: (themes[key] == last_theme, -left[themes[key]]))


def _can_alternate(left: Mapping[str, int], last_theme: str) -> bool:
    """Whether so many prompts of each theme can follow ``last_theme`` with no theme twice in a row.

    They can exactly when no theme has more than every other place among them (the places that begin
    with the first one, or with the second for the theme that was last).
    """
    places = sum(left.values())
    return all(2 * count <= places + (theme != last_theme) for theme, count in left.items())
