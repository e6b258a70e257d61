"""What somebody reads when their words sound like danger or like advice, and ways to begin a reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.content.resources import About, Country, HelpLine, Resources
from bot.content.words import Words
from bot.rules.danger import DangerKind

_LINES = 4
"""A country's lines that are shown: enough to choose from, few enough to read."""
ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: what it stands for in the code, and what it says."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class DangerPage:
    """The private page before posting: paragraphs from top to bottom, and what can be chosen."""

    paragraphs: tuple[str, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Starter:
    """A way to begin a reply: a label, what it is, the beginning itself, and how it may go on."""

    name: str
    label: str
    about: str
    begin: str
    example: str


@dataclass(frozen=True, slots=True)
class AdviceQuestion:
    """The one question about a reply that sounds like advice, and its two answers."""

    text: str
    choices: tuple[Choice, ...]

    @property
    def labels(self) -> tuple[str, str]:
        """Of going on as it is, and of changing it."""
        post, change = self.choices
        return post.label, change.label


def danger_page(
    words: Words, kind: DangerKind, resources: Resources, country: Country | None, own: Sequence[str] = ()
) -> DangerPage:
    """What the writer is shown. ``own``: the circle's own lines, as its facilitators wrote them, first."""
    about = About.ABUSE if kind is DangerKind.ABUSE else About.CRISIS
    where: list[str] = []
    if own:
        where.append("\n".join([words("danger.show.own_list"), *own]))
    reach = resources.international.reach
    if country is None:
        where.append(words("danger.show.no_country", reach=reach))
    else:
        lines = country.lines_about(about)[:_LINES]
        urgent = words("danger.show.urgent", number=country.emergency)
        where.append("\n".join([urgent, *(_line(words, line) for line in lines)]))
        where.append(words("danger.show.elsewhere", reach=reach))
    said = words(f"danger.say.{kind.value}")
    end = (words("danger.show.private"), words("danger.show.question"))
    choices = tuple(Choice(name, words(f"danger.choices.{name}")) for name in ("post", "keep", "discard"))
    return DangerPage((said, *where, *end), choices)


def kept_for_later(words: Words) -> str:
    """What is said when the writer keeps their words."""
    return words("danger.choices.kept")


def reply_starters(words: Words, *, ideas_welcome: bool) -> tuple[Starter, ...]:
    """Ways to begin a reply. An idea is offered only where ideas are welcome."""
    names = (
        ("reflect", "been_there", "question", "idea")
        if ideas_welcome
        else ("reflect", "been_there", "question")
    )
    return tuple(
        Starter(
            name=name,
            label=words(f"replying.starters.{name}.label"),
            about=words(f"replying.starters.{name}.about"),
            begin=words(f"replying.starters.{name}.begin"),
            example=words(f"replying.starters.{name}.example"),
        )
        for name in names
    )


def advice_question(words: Words) -> AdviceQuestion:
    """The question about a reply that sounds like advice to a story that asks for listening."""
    choices = tuple(Choice(name, words(f"replying.advice.{name}")) for name in ("post", "edit"))
    return AdviceQuestion(words("replying.advice.question"), choices)


def _line(words: Words, line: HelpLine) -> str:
    if line.hours == ALWAYS:
        return words("danger.show.line", name=line.name, reach=line.reach)
    return words("danger.show.line_hours", name=line.name, reach=line.reach, hours=line.hours)
