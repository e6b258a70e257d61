"""The attacker: one program for every adversary, and for every broken variant of the bot.

It learns from every second story, whose teller it is told, which of all the things that it sees go together
with who told it; and is judged by the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations
from math import log, sqrt
from random import Random
from typing import Any

from bot.rules.anonymity import Purpose, tag
from tests.anonymity.chance import Area, Share, area_of_pairs, ranks
from tests.anonymity.linking.game import Loot, Moment, Played, Story
from tests.conftest import START
from tests.wire.clock import time_of

NOTICED = 4.0
"""Standard deviations from which on the attacker believes in what it has learnt."""
SUREST = 30
"""Pairs that it would bet on."""
SAME_MOMENT = timedelta(seconds=20)
"""As near as that to its publication, a time tells nothing that isn't public."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Result:
    """How well it did, beside what chance brings about."""

    tellers: Share
    """The teller named for each story."""
    pairs: Area
    """Pairs of stories told apart by whether one person told both."""
    surest: Share
    """Of the pairs that it was surest of."""
    learnt: list[str] = field(default_factory=list[str])
    """What it found telling."""

    @property
    def surprising(self) -> bool:
        """Whether it did better than chance explains."""
        return self.tellers.surprising or self.pairs.surprising or self.surest.surprising


class Attacker:
    """What it has found out in one game."""

    def __init__(self, played: Played, random: Random) -> None:
        self._played = played
        self._random = random
        self._known = played.stories[0::2]
        self._asked = played.stories[1::2]

    # everything that stands in a file

    def by_rows(self, loot: Loot) -> Result:
        """From the database alone, and the keys if it has any."""
        looks = _looks(loot, self._played)
        hits = self._by_tags(loot)
        learnt = [one for name in sorted(looks) for one in self._learn(name, looks[name])]

        def score(one: Story, other: Story) -> float:
            if one.id in hits and other.id in hits:
                return 1e6 if hits[one.id] == hits[other.id] else -1e6
            return sum(look.score(one.id, other.id) for look in learnt)

        guesses = {story.id: hits.get(story.id, self._nearest(story, score)) for story in self._asked}
        names = [look.name for look in learnt] + (["tags, tested with the keys"] if hits else [])
        return self._judged(guesses, score, names)

    def _nearest(self, story: Story, score: Callable[[Story, Story], float]) -> int:
        """Who told the known story that is most like this one; any member where none is."""
        best, found = 0.0, self._anybody(story.circle)
        for known in self._known:
            if known.circle == story.circle and (like := score(story, known)) > best:
                best, found = like, known.teller
        return found

    def _anybody(self, circle: int) -> int:
        return self._random.choice(self._played.world.of_circle(circle))

    def _by_tags(self, loot: Loot) -> dict[int, int]:
        """Test every member against every 32 bytes that stand beside a story."""
        world, found = self._played.world, dict[int, int]()
        stories = {story.id: story for story in self._played.stories}
        for cell in loot.cells:
            tags = {value for value in cell.values if isinstance(value, bytes) and len(value) == 32}
            for story in (stories[v] for v in cell.values if isinstance(v, int) and v in stories):
                for member in world.of_circle(story.circle) if tags else ():
                    user = world.members[member].id
                    if any(tag(key, Purpose.TELLER, story.id, user) in tags for key in loot.keys.values()):
                        found[story.id] = member
        return found

    def _learn(self, name: str, values: dict[int, Any]) -> Iterator[_Look]:
        """What a column or place tells about who told what, by the stories whose tellers are known."""
        same, different = list[Pair](), list[Pair]()
        for one, other in combinations(self._known, 2):
            if one.circle == other.circle and one.id in values and other.id in values:
                (same if one.teller == other.teller else different).append((one.id, other.id))
        if len(same) < 5 or len(different) < 5 or len({repr(value) for value in values.values()}) < 2:
            return
        equal = _Equal(name, values)
        if equal.trained(same, different):
            yield equal
        near = _Near(name, values)
        if near.trained(same, different):
            yield near

    # times

    def by_moments(self) -> tuple[Share, str]:
        """From times of files, log lines, and times in rows, together with who was seen when: of the source
        that does best, and its name. Times at which a story appeared are left out: they are public."""
        best, where = Share(0, 0, 0.1), "nothing"
        by_source = defaultdict[str, list[Moment]](list)
        moments = self._played.moments + list(_times_in(self._played.inside, self._played))
        for moment in moments:
            by_source[moment.source].append(moment)
        for source, found in by_source.items():
            share = self._with(found)
            if share.of and (not best.of or share.p < best.p):
                best, where = share, source
        return best, where

    def _with(self, moments: Sequence[Moment]) -> Share:
        right = of = 0
        world, shown = self._played.world, [story.at for story in self._played.stories]
        public = sorted(shown)
        for story in self._played.stories:
            mine = [
                one.at
                for one in moments
                if one.story in {None, story.id}
                and story.at - self._played.delay - SAME_MOMENT <= one.at < story.at - SAME_MOMENT
                and not any(abs(one.at - at) < SAME_MOMENT for at in public)
            ]
            if not mine:
                continue
            at = max(mine)
            there = [
                member
                for member in world.of_circle(story.circle)
                if world.members[member].online(at - SAME_MOMENT, at + SAME_MOMENT)
            ]
            of += 1
            right += self._random.choice(there or world.of_circle(story.circle)) == story.teller
        return Share(right, of, self._blind())

    def _blind(self) -> float:
        return 1 / len(self._played.world.of_circle(0))

    # what everybody sees

    def by_presence(self) -> Result:
        """From when stories appeared, and who was seen in the time before."""
        world, played = self._played.world, self._played
        likely: dict[int, dict[int, float]] = {}
        for story in played.stories:
            begin = story.at - max(played.delay, timedelta(seconds=1)) - timedelta(seconds=5)
            likely[story.id] = {
                member: world.members[member].online(begin, story.at) / world.members[member].always
                for member in world.of_circle(story.circle)
            }
        guesses = {
            story.id: max(
                likely[story.id], key=lambda member: (likely[story.id][member], self._random.random())
            )
            for story in self._asked
        }

        def score(one: Story, other: Story) -> float:
            first, second = likely[one.id], likely[other.id]
            all_of_both = sum(first.values()) * sum(second.values())
            return sum(first[m] * second[m] for m in first) / all_of_both if all_of_both else 0.0

        return self._judged(guesses, score, [])

    def _judged(
        self, guesses: dict[int, int], score: Callable[[Story, Story], float], learnt: list[str]
    ) -> Result:
        right = sum(guesses[story.id] == story.teller for story in self._asked)
        pairs = [
            (a, b)
            for a, b in combinations(range(len(self._asked)), 2)
            if self._asked[a].circle == self._asked[b].circle
        ]
        scores = [score(self._asked[a], self._asked[b]) for a, b in pairs]
        owners = [story.teller for story in self._asked]
        same = [owners[a] == owners[b] for a, b in pairs]
        order = sorted(range(len(pairs)), key=lambda n: (-scores[n], self._random.random()))[:SUREST]
        area = area_of_pairs(scores, pairs, owners, [story.circle for story in self._asked], self._random)
        surest = Share(sum(same[n] for n in order), len(order), sum(same) / len(same))
        return Result(Share(right, len(guesses), self._blind()), area, surest, learnt)


@dataclass
class _Look:
    """One thing that is seen at stories."""

    name: str
    values: dict[int, Any]

    def score(self, one: int, other: int) -> float:
        """How much it speaks for one teller; 0 where it isn't seen."""
        raise NotImplementedError


class _Equal(_Look):
    """Whether it is the same at both."""

    _yes = _no = 0.0

    def trained(self, same: list[Pair], different: list[Pair]) -> bool:
        """Whether it tells anything."""
        among_same = sum(self._is(*pair) for pair in same)
        among_different = sum(self._is(*pair) for pair in different)
        first, second = (among_same + 0.5) / (len(same) + 1), (among_different + 0.5) / (len(different) + 1)
        whole = (among_same + among_different) / (len(same) + len(different))
        spread = sqrt(whole * (1 - whole) * (1 / len(same) + 1 / len(different)))
        self._yes, self._no = log(first / second), log((1 - first) / (1 - second))
        return bool(spread) and abs(first - second) / spread > NOTICED and among_same > 2

    def score(self, one: int, other: int) -> float:
        if one not in self.values or other not in self.values:
            return 0.0
        return self._yes if self._is(one, other) else self._no

    def _is(self, one: int, other: int) -> bool:
        return self.values[one] == self.values[other]


class _Near(_Look):
    """How near it is in the order of all."""

    _sign = 0.0

    def trained(self, same: list[Pair], different: list[Pair]) -> bool:
        """Whether it tells anything."""
        order = sorted(self.values, key=lambda story: (str(type(self.values[story])), self.values[story]))
        self._places = {story: place / len(order) for place, story in enumerate(order)}
        gaps = ranks([self._gap(*pair) for pair in (*same, *different)])
        count, of = len(same), len(gaps)
        mean, spread = count * (of + 1) / 2, sqrt(count * len(different) * (of + 1) / 12)
        deviations = (sum(gaps[:count]) - mean) / spread
        self._sign = -1.0 if deviations > 0 else 1.0
        return abs(deviations) > NOTICED

    def score(self, one: int, other: int) -> float:
        if one not in self._places or other not in self._places:
            return 0.0
        return self._sign * (0.33 - self._gap(one, other))

    def _gap(self, one: int, other: int) -> float:
        return abs(self._places[one] - self._places[other])


def _looks(loot: Loot, played: Played) -> dict[str, dict[int, Any]]:
    """By what is looked at: for each story its value. Where rows and entries lie counts as well."""
    ids, handles = {story.id for story in played.stories}, dict[Any, int]()
    for cell in loot.cells:  # what stands in a story's row leads to it from elsewhere
        if cell.name == "stories" and cell.values[0] in ids:
            story = cell.values[0]
            unique = [value for value in cell.values if isinstance(value, int | bytes) and _is_long(value)]
            handles |= dict.fromkeys(unique, story)
    found = defaultdict[str, dict[int, Any]](dict)
    for cell in loot.cells:
        story = next((handles[v] for v in cell.values if isinstance(v, int | bytes) and v in handles), None)
        if story is None:
            continue
        places = {"place": cell.place, "page": cell.page, "offset": cell.offset}
        for what, value in (*places.items(), *((f"value {n + 1}", v) for n, v in enumerate(cell.values))):
            if value is not None:
                found[f"{cell.name}: {what}"].setdefault(story, value)
    return {name: values for name, values in found.items() if len(values) > 20}


def _is_long(value: int | bytes) -> bool:
    return len(value) >= 16 if isinstance(value, bytes) else value > 2**40


def _times_in(loot: Loot, played: Played) -> Iterator[Moment]:
    """Whatever reads as a time in a row beside a story."""
    ids = {story.id for story in played.stories}
    for cell in loot.cells:
        story = next((value for value in cell.values if isinstance(value, int) and value in ids), None)
        if story is None:
            continue
        for number, value in enumerate(cell.values):
            at = _as_time(value)
            if at is not None and START <= at <= played.world.end + timedelta(days=60):
                yield Moment(at, f"{cell.name}: value {number + 1}", story)


def _as_time(value: object) -> datetime | None:
    """Text, an id of Discord's, or seconds since 1970."""
    try:
        if isinstance(value, str) and len(value) > 10:
            at = datetime.fromisoformat(value)
            return at if at.tzinfo else at.replace(tzinfo=UTC)
        if isinstance(value, int) and value > 2**50:
            return time_of(value)
        if isinstance(value, int) and value > 10**9:
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
