"""What chance alone would bring about: correlations, areas under curves, and how sure one can be of them.

Random ids come from the system and can't be seeded, so no proof here may fail by bad luck: ``SURPRISING``
is so far out that a run with a hundred figures meets it by chance once in thousands of runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from random import Random

SURPRISING = 5.0
"""Standard deviations from what chance brings about: p < 0.000001."""
SURE = 1.96
"""For intervals that hold in 95 of 100 cases."""


def ranks(values: Sequence[float]) -> list[float]:
    """Each value's place in their order, from 1; equal ones share the middle of their places."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    begin = 0
    while begin < len(order):
        end = begin
        while end < len(order) and values[order[end]] == values[order[begin]]:
            end += 1
        for place in order[begin:end]:
            found[place] = (begin + 1 + end) / 2
        begin = end
    return found


def spearman(first: Sequence[float], second: Sequence[float]) -> float:
    """The correlation of two orders, from -1 to 1; 0 where one of them tells nothing apart."""
    return _correlation(ranks(first), ranks(second))


def _correlation(first: Sequence[float], second: Sequence[float]) -> float:
    count = len(first)
    middle_1, middle_2 = sum(first) / count, sum(second) / count
    from_1, from_2 = [x - middle_1 for x in first], [y - middle_2 for y in second]
    spread = sqrt(sum(x * x for x in from_1) * sum(y * y for y in from_2))
    return sum(x * y for x, y in zip(from_1, from_2, strict=True)) / spread if spread else 0.0


@dataclass(frozen=True, slots=True)
class Correlation:
    """How far two orders agree inside several groups of which each has its own."""

    groups: int
    values: int
    mean: float
    """Of the groups' correlations, each weighted by its size."""
    deviations: float
    """How many standard deviations that is from what independent orders have."""

    @property
    def p(self) -> float:
        """How often independent orders agree or disagree as much."""
        return erfc(abs(self.deviations) / sqrt(2))

    @property
    def surprising(self) -> bool:
        """Whether chance can be ruled out."""
        return abs(self.deviations) > SURPRISING


Group = Sequence[tuple[float, float]]
"""What belongs together: for each thing its places in the two orders."""


def within(groups: Iterable[Group]) -> Correlation:
    """The correlation inside groups. Those with fewer than three things, or nothing to tell apart, tell
    nothing. A permutation's correlation has mean 0 and variance 1/(n-1), with ties too."""
    total = weights = variance = 0.0
    counted = values = 0
    for group in groups:
        first, second = [a for a, _ in group], [b for _, b in group]
        if len(group) < 3 or len(set(first)) < 2 or len(set(second)) < 2:
            continue
        weight = len(group) - 1
        total += weight * spearman(first, second)
        weights += weight
        variance += weight  # weight² / (n-1)
        counted, values = counted + 1, values + len(group)
    if not counted:
        return Correlation(0, 0, 0.0, 0.0)
    return Correlation(counted, values, total / weights, total / sqrt(variance))


def permutation_p(groups: Sequence[Group], random: Random, times: int = 2000) -> float:
    """The same by trying: how often shuffled groups agree or disagree at least as much as these do."""
    useful = [group for group in groups if len(group) >= 3]
    ranked = [(ranks([a for a, _ in group]), ranks([b for _, b in group])) for group in useful]
    found = abs(_agreement(ranked))
    reached = 0
    for _ in range(times):
        for first, _second in ranked:
            random.shuffle(first)
        reached += abs(_agreement(ranked)) >= found - 1e-12
    return (reached + 1) / (times + 1)


def _agreement(ranked: Sequence[tuple[list[float], list[float]]]) -> float:
    return sum((len(first) - 1) * _correlation(first, second) for first, second in ranked)


def area(scores: Sequence[float], are_pairs: Sequence[bool]) -> float:
    """How often what belongs together scores higher than what doesn't, ties counted half: 0.5 is chance."""
    return _area(ranks(scores), are_pairs)


def _area(ranked: Sequence[float], are_pairs: Sequence[bool]) -> float:
    yes = sum(are_pairs)
    no = len(ranked) - yes
    if not yes or not no:
        return 0.5
    above = sum(rank for rank, pair in zip(ranked, are_pairs, strict=True) if pair)
    return (above - yes * (yes + 1) / 2) / (yes * no)


@dataclass(frozen=True, slots=True)
class Area:
    """How well pairs are told apart, beside what shuffled labels bring about."""

    found: float
    chance: float
    low: float
    high: float
    """Between these two lie 95 of 100 shuffled ones."""
    deviations: float

    @property
    def surprising(self) -> bool:
        """Whether chance can be ruled out."""
        return abs(self.deviations) > SURPRISING


def area_of_pairs(
    scores: Sequence[float], pairs: Sequence[tuple[int, int]], owners: Sequence[int], places: Sequence[int],
    random: Random, times: int = 200,
) -> Area:  # fmt: skip
    """The area for pairs of things, by whether they have one owner; owners are shuffled inside places."""
    ranked = ranks(scores)
    found = _area(ranked, [owners[a] == owners[b] for a, b in pairs])
    by_place: dict[int, list[int]] = {}
    for thing, place in enumerate(places):
        by_place.setdefault(place, []).append(thing)
    shuffled = list[float]()
    for _ in range(times):
        other = list(owners)
        for things in by_place.values():
            mixed = [owners[thing] for thing in things]
            random.shuffle(mixed)
            for thing, owner in zip(things, mixed, strict=True):
                other[thing] = owner
        shuffled.append(_area(ranked, [other[a] == other[b] for a, b in pairs]))
    mean = sum(shuffled) / times
    spread = sqrt(sum((one - mean) ** 2 for one in shuffled) / times)
    shuffled.sort()
    low, high = shuffled[round(times * 0.025)], shuffled[min(times - 1, round(times * 0.975))]
    return Area(found, mean, low, high, (found - mean) / spread if spread else 0.0)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of some guesses were right."""

    right: int
    of: int
    chance: float
    """The share that guessing blindly would have."""

    @property
    def found(self) -> float:
        """From 0 to 1."""
        return self.right / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """In which the share lies in 95 of 100 cases (Wilson)."""
        if not self.of:
            return 0.0, 1.0
        square = SURE * SURE
        middle = (self.found + square / (2 * self.of)) / (1 + square / self.of)
        half = SURE * sqrt(self.found * (1 - self.found) / self.of + square / (4 * self.of * self.of))
        half /= 1 + square / self.of
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def p(self) -> float:
        """How often blind guesses are right at least as often."""
        term, reached = (1 - self.chance) ** self.of, 0.0
        for right in range(self.of + 1):
            if right >= self.right:
                reached += term
            term *= (self.of - right) / (right + 1) * self.chance / (1 - self.chance)
        return min(1.0, reached)

    @property
    def surprising(self) -> bool:
        """Whether chance can be ruled out: it is right as often as one in 100,000 blind guessers would be."""
        return self.p < 1e-5

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.found:.1%} ({low:.1%} to {high:.1%}) of {self.of}, chance {self.chance:.1%}"
