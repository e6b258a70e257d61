"""What people were promised, as they saw it. The bot knows nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(eq=False)
class Told:
    """A story of somebody, from the preview that they saw on."""

    circle: int
    """Which of the circles."""
    word: str
    """Stands in it, and nowhere else."""
    named: bool = False
    older: list[str] = field(default_factory=list[str])
    """Words of earlier versions, which nobody may ever see."""
    posted: bool = False
    """Somebody was thanked for it."""
    leaving: bool = False
    """Its teller has begun to take it back, whether that is confirmed or not."""
    withdrawn: bool = False
    """Its withdrawal was confirmed."""
    added: list[Added] = field(default_factory=list["Added"])
    signs: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    """Who was told last that their sign counts, and which sign."""

    @property
    def stands(self) -> bool:
        """Whether it must be there in the end."""
        return self.posted and not self.withdrawn


@dataclass(eq=False)
class Added:
    """A reply or an update whose posting was confirmed."""

    word: str
    update: bool
    withdrawn: bool = False
    """The same of its withdrawal."""

    @property
    def what(self) -> str:
        """In words."""
        return "an update" if self.update else "a reply"


@dataclass
class Ledger:
    """All stories, and how often what was done and answered."""

    random: Random
    stories: list[Told] = field(default_factory=list[Told])
    unanswered: int = 0
    """Presses that got no answer, and were repeated."""
    answered: int = 0
    given_back: int = 0
    """Words that came back instead of a preview."""
    found_again: int = 0
    """Stories that their tellers found again in the end, by their codes or their names."""

    broken: list[str] = field(default_factory=list[str])
    """Promises whose breaking somebody saw at once."""

    def word(self) -> str:
        """A word that stands nowhere else."""
        return "".join(self.random.choice(LETTERS) for _ in range(14))

    def standing(self) -> Iterator[Told]:
        """What must be there in the end."""
        return (story for story in self.stories if story.stands)
