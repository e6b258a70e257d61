"""A text as a reader sees it, with the way back: what can't be seen or only formats must not hide a detail.

Letters without width, marks of direction, look-alike letters of other scripts, full-width digits and
Discord's formatting (``**A**nna``, ``||Anna||``) are read as what they look like; every character of the view
knows where it came from.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_QUOTES = dict.fromkeys("‘’‛ʼ`´ʹ′＇", "'") | dict.fromkeys("“”„‟«»″", '"')
_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
_ONE_FOR_ONE = str.maketrans({**_QUOTES, **_DASHES, "\u00a0": " ", "\u202f": " ", "\t": " "})
_SIMPLE = re.compile(r"[A-Za-z0-9\u00c0-\u024f\u1e00-\u1eff \n.,;:!?'\"()/@#&%+=$£€…-]*")
_LOOKALIKES = dict(
    zip(
        "аеорсухіјѕԁһӏԛԝьАВЕКМНОРСТУХІЈЅԌαορνικυχτεΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aeopcyxijsdhlqwbABEKMHOPCTYXIJSGaopvikuxteABEZHIKMNOPTYX",
        strict=True,
    )
)
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = frozenset("*~|`\\")
_BEFORE_MARK = re.compile(r"(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])|__+")
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\(")


@dataclass(frozen=True, slots=True, repr=False)
class View:
    """``text`` is what is searched; ``origin[i]`` is where its character i stands in the original."""

    text: str
    origin: tuple[int, ...] | None
    """None: the same as the original."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of the view (not empty) as offsets in the original."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def view_of(text: str) -> View:
    """The view of a text. Linear in its length."""
    simple = text.translate(_ONE_FOR_ONE)
    if _SIMPLE.fullmatch(simple):
        return View(simple, None)
    gone = _markers(text)
    characters: list[str] = []
    origin: list[int] = []
    for at, char in enumerate(text):
        if at in gone:
            continue
        for shown in char if char.isascii() else _shown(char):
            characters.append(shown)
            origin.append(at)
    seen = "".join(characters)
    return View(_WORD.sub(_latin, seen), tuple(origin))


def _markers(text: str) -> set[int]:
    """Where characters stand that only format."""
    gone = {at for at, char in enumerate(text) if char in _MARKS}
    for found in _BEFORE_MARK.finditer(text):
        gone.update(range(*found.span()))
    for found in _LINK.finditer(text):
        gone.add(found.start())
    return gone


def _shown(char: str) -> str:
    """What a character looks like, in plain ones; nothing if it can't be seen."""
    if char in _QUOTES or char in _DASHES:
        return _QUOTES.get(char) or _DASHES[char]
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me", "Cc", "Cs"}:
        return "" if category != "Cc" or not char.isspace() else "\n"
    if char.isspace():
        return "\n" if char in "\u2028\u2029\x85" else " "
    shown = unicodedata.normalize("NFKC", char)
    return "".join(part for part in shown if unicodedata.category(part) not in {"Mn", "Cf"}) or " "


def _latin(found: re.Match[str]) -> str:
    """A word of look-alikes, or with some among Latin letters, in Latin ones; other words as they are."""
    word = found.group()
    if word.isascii():
        return word
    read = "".join(_LOOKALIKES.get(char, char) for char in word)
    mixed = any(char.isascii() for char in word)
    return read if read != word and (mixed or read.isascii()) and len(read) == len(word) else word
