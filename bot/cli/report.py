"""What ``check`` tells: a line for each thing that it looked at, and how many need somebody's hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.exits import Exit
from bot.cli.problems import Problem
from bot.content.words import Words

if TYPE_CHECKING:  # so that a missing package can still be reported
    from bot.services.checkup import Stuck


class Report:
    """Prints line by line, because asking Discord about many circles takes a while."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.findings = 0

    def well(self, key: str, **values: object) -> None:
        """Something is as it should be. ``key`` names a text below ``cli.check.``."""
        self._line("well", self._words(f"cli.check.{key}", **values))

    def note(self, key: str, **values: object) -> None:
        """Something worth knowing that needs nothing done."""
        self._line("note", self._words(f"cli.check.{key}", **values))

    def finding(self, key: str, **values: object) -> None:
        """Something to put right, with its cure."""
        self.findings += 1
        self._line("finding", self._words(f"cli.check.{key}", **values))

    def problem(self, problem: Problem) -> None:
        """A finding that would also stop the start."""
        self.findings += 1
        self._line("finding", problem.sentence(self._words))

    def stuck(self, state: str, stuck: Stuck) -> None:
        """Deliveries that got stuck (*unsure* or *failed*): what they were, and what somebody can do."""
        self.findings += 1
        what = self._words(f"cli.check.kinds.{stuck.kind}")
        told = self._words(f"cli.check.{state}", count=stuck.count, what=what, reason=stuck.reason)
        cure = "circle" if stuck.decided else "private"
        self._line("finding", f"{told} {self._words(f'cli.check.cures.{cure}')}")

    def end(self) -> Exit:
        """The last line, and the exit code that goes with it."""
        if self.findings == 0:
            print(self._words("cli.check.all_well"))
            return Exit.FINE
        key = "one_finding" if self.findings == 1 else "findings"
        print(self._words(f"cli.check.{key}", count=self.findings))
        return Exit.FINDINGS

    def _line(self, kind: str, text: str) -> None:
        print(f"{self._words(f'cli.check.marks.{kind}'):<8} {text}", flush=True)

    def permissions(self, names: list[str]) -> str:
        """Names of permissions as Discord's settings show them, in one phrase."""
        return ", ".join(self._words(f"cli.permissions.{name}") for name in names)
