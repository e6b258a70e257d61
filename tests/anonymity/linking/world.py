"""Who tells when, and what others see of people being there."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.anonymity.town import person_ids
from tests.conftest import START

MINUTE = timedelta(minutes=1)
HOURS = range(7, 23)
"""When people are about."""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in one circle, and when they were seen online: everybody in the server can watch that."""

    id: int
    circle: int
    sessions: tuple[tuple[datetime, datetime], ...]
    """Begin and end, one after the other."""

    def online(self, begin: datetime, end: datetime) -> float:
        """For how many seconds between two moments."""
        at = max(0, bisect_right(self.sessions, (begin, begin)) - 1)
        seconds = 0.0
        for start, stop in self.sessions[at:]:
            if start >= end:
                break
            seconds += max(0.0, (min(stop, end) - max(start, begin)).total_seconds())
        return seconds

    @property
    def always(self) -> float:
        """For how many seconds in all."""
        return sum((end - begin).total_seconds() for begin, end in self.sessions)


@dataclass(frozen=True, slots=True)
class Telling:
    """Somebody posts a story."""

    at: datetime
    member: int


@dataclass(frozen=True, slots=True)
class World:
    """Weeks of some circles."""

    members: tuple[Member, ...]
    tellings: tuple[Telling, ...]
    """In their order."""
    end: datetime

    def of_circle(self, circle: int) -> list[int]:
        """Its members."""
        return [number for number, member in enumerate(self.members) if member.circle == circle]


def make_world(random: Random, *, circles: int, members: int, stories: int, weeks: int) -> World:
    """Everybody is online now and then, and tells at some moment of that: never while away."""
    made = list[Member]()
    for number, user_id in enumerate(person_ids(circles * members, random)):
        made.append(Member(user_id, number % circles, tuple(_sessions(random, weeks * 7))))
    tellings = list[Telling]()
    for _ in range(stories):
        member = random.randrange(len(made))
        begin, end = random.choice(made[member].sessions)
        tellings.append(Telling(begin + (end - begin) * random.random(), member))
    tellings.sort(key=lambda telling: telling.at)
    return World(tuple(made), tuple(tellings), START + timedelta(weeks=weeks))


def _sessions(random: Random, days: int) -> list[tuple[datetime, datetime]]:
    """One to three a day, of 5 to 40 minutes each."""
    found = list[tuple[datetime, datetime]]()
    for day in range(days):
        for hour in sorted(random.sample(HOURS, random.randrange(1, 4))):
            begin = START + timedelta(days=day, hours=hour) + MINUTE * random.uniform(0, 19)
            found.append((begin, begin + MINUTE * random.uniform(5, 40)))
    return found
