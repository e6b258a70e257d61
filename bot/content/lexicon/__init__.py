"""The words that the search for identifying details knows, from the lists in this folder.

``SOURCES.md`` says where they come from. ``load_lexicon`` reads them once (about half a second and 20 MB);
``bot.rules.details`` asks for it when it is first used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from bot.rules.lexicon import (
    ALLOWED,
    ALONE,
    COMMON,
    EMPLOYER,
    FIGURE,
    GIVEN,
    ORDINARY,
    PLACE,
    REGION,
    STARTS,
    SURNAME,
    THEORIST,
    Lexicon,
)

FOLDER = files("bot.content").joinpath("lexicon")
LISTS = (
    ("common", ORDINARY | COMMON),
    ("words", ORDINARY),
    ("given", GIVEN),
    ("name_words", GIVEN),
    ("plain_names", GIVEN | ALONE),
    ("surnames", SURNAME),
    ("places", PLACE),
    ("more_places", PLACE),
    ("allowed", ALLOWED),
    ("countries", REGION),
    ("regions", REGION),
    ("employers", EMPLOYER),
)
_WITH_COMMAS = ("tom , dick and harry", "tom , dick or harry")
"""Allowed phrases that the lists can't hold, because there a comma parts two."""
_STAND_ALONE = {"given", "surnames", "places"}


@cache
def load_lexicon() -> Lexicon:
    """The lexicon, English so far, read from the package's data the first time it is asked for."""
    words: dict[str, int] = {}
    phrases: dict[str, int] = {}

    def add(item: str, flags: int) -> None:
        if " " in item:
            phrases[item] = phrases.get(item, 0) | flags
        else:
            words[item] = words.get(item, 0) | flags

    for name, flags in LISTS:
        for item in _read(name):
            if name in _STAND_ALONE and not item.endswith("~"):
                add(item, flags | ALONE)
            else:
                add(item.removesuffix("~"), flags)
    for item, flags in (*_theorists(), *_figures(), *((phrase, ALLOWED) for phrase in _WITH_COMMAS)):
        add(item, flags)
    for phrase in phrases:
        first = phrase.split(" ", 1)[0]
        words[first] = words.get(first, 0) | STARTS
    return Lexicon(words, phrases, max(phrase.count(" ") for phrase in phrases) + 1)


def items(text: str) -> Iterator[str]:
    """The entries of a list: parted by commas or lines, with ``#`` before a remark."""
    for line in text.splitlines():
        if line and line[0] not in "#[":
            yield from (item for part in line.split(",") if (item := part.strip().lower()))


def _read(name: str) -> Iterator[str]:
    return items(FOLDER.joinpath(f"{name}.txt").read_text(encoding="utf-8"))


def _theorists() -> Iterator[tuple[str, int]]:
    common = set(_read("theorists_alone_no"))
    for name in _read("theorists"):
        yield name, ALLOWED
        last = name.split(" ")[-1].removesuffix("'s")
        if last not in common:
            yield last, ALLOWED
        else:
            yield last, THEORIST


def _figures() -> Iterator[tuple[str, int]]:
    text = FOLDER.joinpath("figures.txt").read_text(encoding="utf-8")
    for heading, part in re.findall(r"^\[(.+)\]\n([^\[]*)", text, flags=re.MULTILINE):
        yield from ((name, FIGURE if heading == "public" else ALLOWED) for name in items(part))
