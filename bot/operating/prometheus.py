"""The measures as Prometheus reads them, in a registry of their own."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

from bot.operating.measures import COUNTED, Measures
from bot.services.checkup import Queue

PREFIX = "good_enough"
ANSWER_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
"""Discord waits for three seconds."""
LOOK_SECONDS = (0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120, 600)
UNKNOWN = float("nan")


class PrometheusMeasures(Measures):
    """Counts since the start of the process. No label names a person, a server, a channel or a story."""

    def __init__(self, version: str) -> None:
        self._registry = registry = CollectorRegistry()
        self._deliveries = Counter(
            f"{PREFIX}_deliveries", "Deliveries by kind and by what came of an attempt", ("kind", "outcome"),
            registry=registry,
        )  # fmt: skip
        self._requests = Counter(
            f"{PREFIX}_requests", "Answers of Discord by status, without answers to people's presses",
            ("status",), registry=registry,
        )  # fmt: skip
        self._answers = Histogram(
            f"{PREFIX}_acknowledgement_seconds", "How long a press waits; none about a story is counted",
            registry=registry, buckets=ANSWER_SECONDS,
        )  # fmt: skip
        self._looks = Histogram(
            f"{PREFIX}_tick_seconds", "How long a look at what is due takes", registry=registry,
            buckets=LOOK_SECONDS,
        )  # fmt: skip
        self._queue = Gauge(
            f"{PREFIX}_queue", "Deliveries that are due, under way, unsure or failed", ("state",),
            registry=registry,
        )  # fmt: skip
        self._oldest = Gauge(
            f"{PREFIX}_queue_oldest_seconds", "For how long the first due delivery has been due",
            registry=registry,
        )  # fmt: skip
        self._connected = Gauge(f"{PREFIX}_connected", "Whether Discord is connected", registry=registry)
        Info(PREFIX, "The version of the bot", registry=registry).info({"version": version})
        self._sign_of_life = self.clock()

    def acknowledged(self, key: str, began: float) -> None:
        """Only presses that have nothing to do with a story."""
        if key.partition(":")[0] in COUNTED:
            self._answers.observe(self.clock() - began)

    def delivered(self, kind: str, outcome: str) -> None:
        """At publication, or at a failed attempt of it: after the random delay."""
        self._sign_of_life = self.clock()
        self._deliveries.labels(kind, outcome).inc()

    def requested(self, status: int) -> None:
        """429s are told apart; of others the class is enough."""
        self._requests.labels("429" if status == 429 else f"{status // 100}xx").inc()

    @contextmanager
    def looking(self) -> Generator[None]:
        """How long a look takes; its begin and its end show that the bot is alive."""
        began = self._sign_of_life = self.clock()
        try:
            yield
        finally:
            self._sign_of_life = self.clock()
            self._looks.observe(self._sign_of_life - began)

    def silence(self) -> float:
        """Seconds since anything showed that the bot works."""
        return self.clock() - self._sign_of_life

    def page(self, queue: Queue | None, *, connected: bool) -> bytes:
        """All numbers in Prometheus' text format. ``queue`` None: the database doesn't answer."""
        self._connected.set(connected)
        self._oldest.set(queue.oldest.total_seconds() if queue else UNKNOWN)
        for state in ("due", "leased", "unsure", "failed"):
            self._queue.labels(state).set(getattr(queue, state) if queue else UNKNOWN)
        return generate_latest(self._registry)
