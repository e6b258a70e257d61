"""What the bot did by itself, in plain words: one line for each delivery that Discord now shows.

Presses aren't told, and nobody's name is: who told, answered or resonated stays as unknown here as it
is in the circle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random

from bot.client import Bot
from bot.content.dates import local_moment
from bot.content.words import MissingText, Words
from bot.delivery.steps import Edit, Shown, Step
from bot.feature import Renderer
from bot.rehearsal.scene import Happening
from bot.services import Services
from bot.services.outbox import Lease
from bot.settings import Settings

LONGEST = 1000  # lines that are kept


class Log:
    """Keeps what happened, newest first."""

    def __init__(self, words: Words, now: Callable[[], datetime], zone: str) -> None:
        self._words = words
        self._now = now
        self._zone = zone
        self._lines: list[Happening] = []
        self.places: Mapping[int, str] = {}
        """What channels and threads are called, by their ids."""

    @property
    def lines(self) -> tuple[Happening, ...]:
        """All lines, newest first."""
        return tuple(reversed(self._lines))

    def tell(self, lease: Lease, step: Step) -> None:
        """Discord shows a delivery: say so, unless the texts hold that it isn't worth a line."""
        text = self._sentence(lease, again=isinstance(step, Edit))
        if text:
            self._lines.append(Happening(local_moment(self._words, self._now(), self._zone), text))
            del self._lines[:-LONGEST]

    def _sentence(self, lease: Lease, *, again: bool) -> str:
        where, _, number = lease.destination.partition(":")
        place = self.places.get(int(number)) if where == "channel" else None
        values = {"place": place or self._words("rehearsal.happened.somewhere")}
        general = "again" if again else "private" if where == "dm" else "general"
        kind = f"{lease.kind}_again" if again else lease.kind
        try:
            return self._words(f"rehearsal.happened.{kind}", **values)
        except MissingText:
            return self._words(f"rehearsal.happened.{general}", **values)


class Told:
    """A renderer whose deliveries are told to the log."""

    def __init__(self, renderer: Renderer, log: Log) -> None:
        self._renderer = renderer
        self._log = log
        self._steps: dict[str, Step] = {}
        refused: object = getattr(renderer, "refused", None)
        if refused is not None:
            self.refused = refused  # the deliverer looks whether there is one

    async def prepare(self, lease: Lease) -> Step:
        self._steps[lease.id] = step = await self._renderer.prepare(lease)
        return step

    async def record(self, lease: Lease, shown: Shown) -> None:
        await self._renderer.record(lease, shown)
        self._log.tell(lease, self._steps.pop(lease.id))


class RehearsalBot(Bot):
    """The bot as it is, which tells a log what Discord shows. Nothing ticks but the stage."""

    def __init__(
        self,
        settings: Settings,
        services: Services,
        words: Words,
        log: Log,
        *,
        now: Callable[[], datetime],
        random: Random,
    ) -> None:
        self._log = log
        super().__init__(settings, services, words, now=now, random=random, ticking=False)

    def _renderers(self) -> dict[str, Renderer]:
        return {kind: Told(renderer, self._log) for kind, renderer in super()._renderers().items()}
