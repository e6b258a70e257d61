"""People who keep pressing while something else goes on, and how long each waits for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from tests.bench.report import percentile
from tests.bench.scene import Spot
from tests.wire.discord_double import Double
from tests.wire.reply import NoAnswer, Reply

FIRST_ANSWER = 3.0
"""Seconds after which Discord tells a person that the application did not respond."""


@dataclass
class Waits:
    """How long people waited for the first answer, in seconds."""

    answered: list[float] = field(default_factory=list[float])
    unanswered: int = 0
    stories: int = 0

    def summary(self) -> str:
        """Median, 99th percentile, the longest, and who got none."""
        if not self.answered:
            return f"none of {self.unanswered} answered within {FIRST_ANSWER:.0f} s"
        median, p99 = self.percentile(0.5), self.percentile(0.99)
        longest = max(self.answered)
        return (
            f"median {median * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, longest {longest * 1000:.0f} ms, "
            f"{self.unanswered} of {len(self.answered) + self.unanswered} unanswered"
        )

    def percentile(self, share: float) -> float:
        """Whoever got no answer counts as having waited three seconds."""
        return percentile([*self.answered, *[FIRST_ANSWER] * self.unanswered], share)


class Crowd:
    """So many presses a second, each in any of the spots; ``telling``: every tenth begins a story."""

    def __init__(
        self, discord: Double, spots: Sequence[Spot], random: Random, *, a_second: float, telling: bool
    ) -> None:
        self._discord = discord
        self._spots = spots
        self._random = random
        self._pause = 1 / a_second
        self._telling = telling
        self._pressing: set[asyncio.Task[None]] = set()
        self.waits = Waits()

    async def press(self, over: asyncio.Event) -> None:
        """Go on until it is over, and then until everybody has their answer."""
        number = 0
        while not over.is_set():
            spot = self._random.choice(self._spots)
            tells = self._telling and number % 10 == 0
            task = asyncio.create_task(self._tell(spot) if tells else self._ask_how(spot))
            self._pressing.add(task)
            task.add_done_callback(self._pressing.discard)
            number += 1
            await asyncio.sleep(self._pause * 2 * self._random.random())
        if self._pressing:
            await asyncio.wait(self._pressing)

    async def _ask_how(self, spot: Spot) -> None:
        try:
            self._note(await self._discord.people.press(spot.person, spot.message, label="How", wait=False))
        except NoAnswer:
            self.waits.unanswered += 1

    async def _tell(self, spot: Spot) -> None:
        people = self._discord.people
        try:
            form = self._note(await people.press(spot.person, spot.message, label="Share", wait=False))
            typed = {"slip": "I was late, and noticed it only when the door opened."}
            preview = self._note(await people.submit(spot.person, form, typed))
            self._note(await people.press(spot.person, preview, label="Post"))
        except NoAnswer:
            self.waits.unanswered += 1
            return
        self.waits.stories += 1

    def _note(self, reply: Reply) -> Reply:
        self.waits.answered.append(reply.acknowledged_after)
        return reply
