"""Whatever happens in whatever order: a mute is found if and only if it was given for a story of the same
person, in the same circle, and the story's key is alive; and so is a teller."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from bot.errors import Gone, NotAllowed, Refusal
from bot.rules.anonymity import epoch_start, mute_limit
from tests.anonymity.town import Town, town
from tests.services.desk import ANN, BEN, CEM

PEOPLE = (ANN, BEN, CEM)
WINDOW_DAYS = 28


@dataclass(eq=False)
class Known:
    """A story as the model knows it."""

    id: int
    receipt: str
    teller: int
    circle: int
    named: bool
    ends: datetime
    """When its key is destroyed."""


class Muting(RuleBasedStateMachine):
    """People tell, moderators mute and unmute, stories are taken back, and days pass."""

    stories = Bundle("stories")

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory()
        self._opened = AsyncExitStack()
        self.muted: dict[int, tuple[Known, datetime]] = {}
        self.told: list[Known] = []

    def run(self, coroutine: Any) -> Any:
        """All on one loop."""
        return self._runner.run(coroutine)

    @initialize()
    def open(self) -> None:
        """Two circles, whose stories appear at once."""

        async def opened() -> Town:
            here = await self._opened.enter_async_context(town(Path(self._folder.name), Random(1)))
            return await here.settle_in(2, delay_minutes=0)

        self.here: Town = self.run(opened())

    @rule(target=stories, person=st.sampled_from(PEOPLE), circle=st.integers(0, 1), named=st.booleans())
    def tell(self, person: int, circle: int, named: bool) -> Any:
        """Refused if and only if the person is muted here."""
        expected = self._is_muted(person, circle)
        here, now = self.here, self.here.now()

        async def told() -> Any:
            receipt = await here.write("I was late.", circle=here.circles[circle], named=named)
            try:
                told = await here.post(receipt, person)
            except Refusal as refusal:
                return refusal.key
            await here.deliver()
            return told

        done = self.run(told())
        assert (done == "refusals.muted") == expected
        if isinstance(done, str):
            return Known(0, "", person, circle, named, now)
        epoch = self.run(here.rows(f"SELECT epoch FROM stories WHERE id = {done.story_id}"))[0][0]  # noqa: S608
        ends = mute_limit(epoch_start(epoch), WINDOW_DAYS)
        self.told.append(known := Known(done.story_id, done.receipt, person, circle, named, ends))
        return known

    @rule(story=stories, days=st.integers(1, 40))
    def mute(self, story: Known, days: int) -> None:
        """Never for longer than the story's key lives; refused when it lives no more."""
        if story not in self.told:
            return
        now = self.here.now()
        try:
            until = self.run(self.here.services.moderation.mute(story.id, now + timedelta(days=days)))
        except Refusal:
            until = None
        if now >= story.ends:
            assert until is None
            return
        assert until == min(now + timedelta(days=days), story.ends)
        self.muted[story.id] = (story, until)

    @rule(story=stories)
    def unmute(self, story: Known) -> None:
        """By its number, also when it is gone."""
        number = self.told.index(story) if story in self.told else None
        if number is None:
            return
        row = self.run(self.here.rows(f"SELECT number FROM stories WHERE id = {story.id}"))  # noqa: S608
        self.run(self.here.services.moderation.unmute(self.here.circles[story.circle], row[0][0]))
        self.muted.pop(story.id, None)

    @rule(story=consumes(stories))
    def withdraw(self, story: Known) -> None:
        """The mute stays, without the story."""
        if story not in self.told:
            return
        proof = None if story.named else story.receipt
        self.run(self.here.services.own_stories.withdraw(story.id, proof, story.teller))
        self.told.remove(story)
        self.run(self.here.deliver())

    @rule(hours=st.integers(1, 24 * 12))
    def wait(self, hours: int) -> None:
        """Keys whose time has come are destroyed at the next tick, and the night is cleaned up after."""
        self.here.now.at += timedelta(hours=hours)
        self.run(self.here.tick())

    @invariant()
    def found_if_and_only_if_it_should_be(self) -> None:
        """For every person in every circle; and every story is recognised by its teller alone."""
        if not hasattr(self, "here"):
            return
        for person in PEOPLE:
            for circle in (0, 1):
                assert self._refused(person, circle) == self._is_muted(person, circle)
            for story in self.told:
                living = story.named or story.ends > self.here.now()
                assert self._is_mine(story, person) == (person == story.teller and living)

    def _is_muted(self, person: int, circle: int) -> bool:
        now = self.here.now()
        return any(
            story.teller == person and story.circle == circle and until > now and story.ends > now
            for story, until in self.muted.values()
        )

    def _refused(self, person: int, circle: int) -> bool:
        try:
            self.run(self.here.services.stories.begin(self.here.circles[circle], person))
        except Refusal as refusal:
            return refusal.key == "refusals.muted"
        return False

    def _is_mine(self, story: Known, person: int) -> bool:
        try:
            self.run(self.here.services.own_stories.mine(story.id, None, person))
        except (NotAllowed, Gone):
            return False
        return True

    def teardown(self) -> None:
        """Let go of the files."""
        self.run(self._opened.aclose())
        self._runner.close()
        self._folder.cleanup()


TestMuting = Muting.TestCase
TestMuting.settings = settings(
    max_examples=5, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
