"""What a story is made of, and what it may hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Self

from bot.errors import Refusal
from bot.rules.checked import NOTHING, Checked
from bot.rules.promises import Promise
from bot.rules.text import clean

LIMITS: Mapping[str, int] = {"slip": 1800, "effect": 500, "repair": 800, "lesson": 400}
"""Characters that each part of a story may have, as typed."""
UPDATE_LIMIT = 1500
REPLY_LIMIT = 1500
NOTE_LIMIT = 800
"""Of a private note, and of its answer: both fit into one message, escaped too."""


class Voice(StrEnum):
    """Whether a story bears its teller's name."""

    UNNAMED = "unnamed"
    NAMED = "named"


class Ask(StrEnum):
    """What a teller wants back."""

    LISTEN = "listen"
    QUESTIONS = "questions"
    IDEAS = "ideas"


@dataclass(frozen=True, slots=True, repr=False)
class StoryWords:
    """What a teller wrote: only the slip is needed."""

    slip: str
    effect: str = ""
    repair: str = ""
    lesson: str = ""

    def __post_init__(self) -> None:
        """Raises Refusal for an empty slip or a part that is too long."""
        for name, limit in LIMITS.items():
            text = clean(getattr(self, name))
            object.__setattr__(self, name, text)
            if len(text) > limit:
                raise Refusal("refusals.too_long", limit=limit)
        if not self.slip:
            raise Refusal("refusals.empty_slip")

    @property
    def text(self) -> str:
        """All parts as one text."""
        return "\n\n".join(part for part in (self.slip, self.effect, self.repair, self.lesson) if part)

    @property
    def length(self) -> int:
        """The characters of all parts together."""
        return sum(len(getattr(self, name)) for name in LIMITS)


@dataclass(frozen=True, slots=True, repr=False)
class StoryDraft:
    """A story on its way: what was written and chosen so far. ``revision`` grows with every change."""

    circle_id: int
    voice: Voice
    words: StoryWords
    ask: Ask = Ask.LISTEN
    theme: str | None = None
    content_note: str | None = None
    quote_lesson: bool = False
    thin: bool = False
    """Its preview says that being without a name is thin in a small circle."""
    revision: int = 1
    promise: Promise | None = None
    """What its preview says about when it appears; None in a draft from before there were promises."""
    checked: Checked = NOTHING
    """What was noticed in its words, and what its teller decided about it."""

    def changed(self, **changes: Any) -> Self:
        """The next revision."""
        return replace(self, **changes, revision=self.revision + 1)

    def as_payload(self) -> dict[str, Any]:
        """For sealing."""
        return asdict(self)

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Self:
        """The draft again."""
        values = dict(payload)
        values["words"] = StoryWords(**values["words"])
        values["checked"] = Checked.from_payload(values.get("checked"))
        values["promise"] = Promise.from_payload(values.get("promise"))
        values["voice"], values["ask"] = Voice(values["voice"]), Ask(values["ask"])
        return cls(**values)


def written(text: str, limit: int) -> str:
    """An update or reply, cleaned. Raises Refusal when it is empty or too long."""
    text = clean(text)
    if not text:
        raise Refusal("refusals.empty_text")
    if len(text) > limit:
        raise Refusal("refusals.too_long", limit=limit)
    return text


def first_missing(messages: int, known: Collection[int], unlisted: int = 0) -> int | None:
    """Which of a thread's first messages comes next: 1, 2 … while the text goes on, then 0, the ask.

    ``known`` are there already, and ``unlisted`` more of which nobody noted where they are; None: all are.
    """
    order = (*range(1, messages), 0)
    left = [position for position in order if position not in known][unlisted:]
    return left[0] if left else None
