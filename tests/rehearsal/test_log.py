"""What the rehearsal tells of the bot's doings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from discord.ui import LayoutView

from bot.content.words import Words, load_words
from bot.delivery.steps import Edit, Send, SendPrivately, Shown, Step
from bot.rehearsal.log import Log, Told
from bot.services.outbox import Lease

NOW = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
CHANNEL, STRANGE = 10, 11


def lease(kind: str, destination: str = f"channel:{CHANNEL}") -> Lease:
    return Lease("id", "token", kind, 1, 1, 1, destination, 1, False, NOW)


@pytest.fixture
def words() -> Words:
    return load_words()


@pytest.fixture
def log(words: Words) -> Log:
    log = Log(words, lambda: NOW, "Europe/Berlin")
    log.places = {CHANNEL: "#harbour-circle"}
    return log


def test_a_question_is_told_with_its_place_and_the_local_time(log: Log) -> None:
    log.tell(lease("prompt"), Send(CHANNEL, LayoutView()))

    (told,) = log.lines
    assert told.moment == "Monday, 4 May 2026, 09:00"
    assert told.text == "This week’s question was asked in #harbour-circle."


def test_the_newest_stands_first(log: Log) -> None:
    log.tell(lease("prompt"), Send(CHANNEL, LayoutView()))
    log.tell(lease("story"), Send(CHANNEL, LayoutView()))

    assert [told.text.split()[0] for told in log.lines] == ["A", "This"]


def test_what_it_has_no_sentence_for_is_told_in_general(log: Log, words: Words) -> None:
    log.tell(lease("something-new"), Send(CHANNEL, LayoutView()))
    log.tell(lease("something-new"), Edit(CHANNEL, 1, LayoutView()))
    log.tell(lease("something-new", f"channel:{STRANGE}"), Send(STRANGE, LayoutView()))

    assert [told.text for told in reversed(log.lines)] == [
        words("rehearsal.happened.general", place="#harbour-circle"),
        words("rehearsal.happened.again", place="#harbour-circle"),
        words("rehearsal.happened.general", place=words("rehearsal.happened.somewhere")),
    ]


def test_whose_private_message_it_is_stays_untold(log: Log, words: Words) -> None:
    log.tell(lease("something-private", "dm:1234"), SendPrivately(1234, LayoutView()))

    assert [told.text for told in log.lines] == [words("rehearsal.happened.private")]


@dataclass
class Renderer:
    """Keeps what it was asked."""

    step: Step
    recorded: list[Lease] = field(default_factory=list[Lease])

    async def prepare(self, lease: Lease) -> Step:
        return self.step

    async def record(self, lease: Lease, shown: Shown) -> None:
        self.recorded.append(lease)


class Refusable(Renderer):
    """Has something to do when private messages are closed."""

    async def refused(self, lease: Lease) -> None:
        self.recorded.append(lease)


async def test_a_delivery_is_told_when_discord_shows_it_and_not_before(log: Log) -> None:
    inner = Renderer(Send(CHANNEL, LayoutView()))
    told = Told(inner, log)

    await told.prepare(lease("story"))
    assert log.lines == ()
    await told.record(lease("story"), Shown(1, CHANNEL))

    assert inner.recorded == [lease("story")]
    assert len(log.lines) == 1


async def test_closed_private_messages_stay_a_matter_of_the_feature(log: Log) -> None:
    inner = Refusable(SendPrivately(1, LayoutView()))

    await Told(inner, log).refused(lease("reminder", "dm:1"))  # pyright: ignore[reportAttributeAccessIssue]

    assert inner.recorded == [lease("reminder", "dm:1")]
    assert not hasattr(Told(Renderer(Send(CHANNEL, LayoutView())), log), "refused")
