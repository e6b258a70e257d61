"""What was noticed in what somebody wrote, and what they decided about it: sealed with their words.

A form's words are looked at as one text, so that who is named in one part is known again in another. Marks
are kept with the draft, so that a preview shows the same ones until its words change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any, Self

from bot.rules.details import IDENTIFIES, Detail, Replacement, replacements
from bot.rules.details.detail import Level, Type

BETWEEN = "\n\n%%\n\n"
"""Between two parts of a form: nothing that is found or replaced reaches over it."""
NO_ROOM = "…"
"""In the place of a detail where general words would be longer than the form takes."""


@dataclass(frozen=True, slots=True, repr=False)
class Mark:
    """A detail in one part of what was written. ``said`` is how it is known again: in small letters."""

    part: str
    start: int
    end: int
    type: Type
    level: Level
    said: str


@dataclass(frozen=True, slots=True, repr=False)
class Group:
    """All places in which the same is said: decided on at once."""

    said: str
    shown: str
    """As it is written where it stands first."""
    type: Type
    level: Level
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Checked:
    """Sealed with a draft. The defaults are those of one in which nothing was noticed."""

    marks: tuple[Mark, ...] = ()
    kept: tuple[str, ...] = ()
    """What is to stay as it is, by ``Mark.said``."""
    words: str = ""
    """A digest of the words that were looked at."""
    warned: tuple[str, ...] = ()
    """Digests of words at which their writer saw where to turn to."""
    asked: bool = False
    """Whether to post these words with marks left was asked."""
    advises: bool = False
    """The preview asks whether these words are advice."""
    advised: bool = False
    """It has asked once."""

    @property
    def left(self) -> tuple[Mark, ...]:
        """Marks that nothing was decided about."""
        kept = frozenset(self.kept)
        return tuple(mark for mark in self.marks if mark.said not in kept)

    @property
    def asks(self) -> bool:
        """Whether *Post* asks once, because something is left that surely identifies somebody."""
        return not self.asked and any(mark.level == IDENTIFIES for mark in self.left)

    def keeping(self, said: Collection[str]) -> Self:
        """With more that stays as it is."""
        return replace(self, kept=tuple(sorted({*self.kept, *said})))

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any] | None) -> Self:
        """What was sealed; nothing noticed in a draft from before."""
        values = dict(payload or {})
        values["marks"] = tuple(Mark(**mark) for mark in values.get("marks", ()))
        for name in ("kept", "warned"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)

    def as_payload(self) -> dict[str, Any]:
        """For sealing."""
        return asdict(self)


NOTHING = Checked()


def as_one(parts: Mapping[str, str]) -> str:
    """A form's words as one text."""
    return BETWEEN.join(parts.values())


def digest(parts: Mapping[str, str]) -> str:
    """By which words are known again without being kept twice."""
    return sha256(as_one(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def marks_in(parts: Mapping[str, str], found: Sequence[Detail]) -> tuple[Mark, ...]:
    """What was found in ``as_one(parts)``, by part; what reaches over a border is cut there."""
    marks: list[Mark] = []
    for name, first, last in _spans(parts):
        for detail in found:
            start, end = max(detail.start, first), min(detail.end, last)
            if start < end:
                text = parts[name][start - first : end - first]
                said = _said(text)
                marks.append(Mark(name, start - first, end - first, detail.type, detail.level, said))
    return tuple(marks)


def groups(parts: Mapping[str, str], checked: Checked) -> tuple[Group, ...]:
    """What is left to be decided on: what surely identifies somebody first, then by where it stands."""
    found: dict[str, list[Mark]] = {}
    for mark in checked.left:
        found.setdefault(mark.said, []).append(mark)
    made = (_group(parts, said, tuple(marks)) for said, marks in found.items())
    return tuple(sorted(made, key=lambda group: group.level != IDENTIFIES))


def general(
    parts: Mapping[str, str], checked: Checked, limits: Mapping[str, int], said: Collection[str] | None = None
) -> dict[str, str]:
    """The parts with general words in place of what is ``said``; unless given, of all that is left and surely
    identifies somebody. No part becomes longer than its limit: where there is no room, … stands instead."""
    if said is None:
        chosen = [mark for mark in checked.left if mark.level == IDENTIFIES]
    else:
        chosen = [mark for mark in checked.marks if mark.said in said]
    details, whole = [_detail(parts, mark) for mark in chosen], as_one(parts)
    made = replacements(whole, details, also=details)
    changed = dict(parts)
    for name, first, last in _spans(parts):
        text = _replaced(whole, first, last, made)
        if text != parts[name]:
            marks = [mark for mark in chosen if mark.part == name]
            changed[name] = text if len(text) <= limits[name] else _left_out(parts[name], marks)
    return changed


def proposals(parts: Mapping[str, str], checked: Checked) -> dict[str, str]:
    """What would take the place of each that is left, by ``said``, where it stands first; often nothing."""
    details = {_detail(parts, mark): mark for mark in checked.left}
    made = replacements(as_one(parts), details, also=details)
    proposed: dict[str, str] = {}
    for detail, mark in sorted(details.items(), key=lambda item: item[0]):
        one = next((one for one in made if one.start <= detail.start < max(one.end, one.start + 1)), None)
        if one is not None:
            proposed.setdefault(mark.said, one.text)
    return proposed


def _spans(parts: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """Where each part stands in ``as_one(parts)``."""
    at = 0
    for name, text in parts.items():
        yield name, at, at + len(text)
        at += len(text) + len(BETWEEN)


def _detail(parts: Mapping[str, str], mark: Mark) -> Detail:
    first = next(start for name, start, _ in _spans(parts) if name == mark.part)
    return Detail(first + mark.start, first + mark.end, mark.type, mark.level)


def _group(parts: Mapping[str, str], said: str, marks: tuple[Mark, ...]) -> Group:
    first = marks[0]
    sure = any(mark.level == IDENTIFIES for mark in marks)
    level = IDENTIFIES if sure else first.level
    return Group(said, parts[first.part][first.start : first.end], first.type, level, marks)


def _said(text: str) -> str:
    said = " ".join(text.casefold().split()).replace("’", "'")
    return said.removesuffix("'s") or said


def _replaced(whole: str, first: int, last: int, made: Sequence[Replacement]) -> str:
    """One part of the whole, with what takes the place of its details; nothing reaches over its borders."""
    pieces: list[str] = []
    done = first
    for one in made:
        if first <= one.start < last:
            pieces += (whole[done : one.start], one.text)
            done = min(one.end, last)
    return "".join((*pieces, whole[done:last]))


def _left_out(text: str, marks: Sequence[Mark]) -> str:
    for mark in sorted(marks, key=lambda mark: mark.start, reverse=True):
        text = text[: mark.start] + NO_ROOM + text[mark.end :]
    return text
