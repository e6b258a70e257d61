"""Every text that is asked for is there, every text that is there is asked for, and all of them fit."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

import pytest

from tests.conftest import WORDS
from tests.contracts import code
from tests.contracts.code import HOLE

KEYS = WORDS.keys()
FILES = {key.split(".")[0] for key in KEYS}
LOOKS_LIKE_A_KEY = re.compile(rf"({'|'.join(sorted(FILES))})(\.[a-z0-9_{HOLE}]+)+")
NO_KEYS = {"cli.py", "themes.py", "rehearsal.sqlite3"}
RAW = {"pen_names.form"}
"""Handed on as it is, and filled in elsewhere."""
CALLS = list(code.calls())
SHOWN_WHOLE_ON_PHONES = 38
"""Characters of a button's label that Discord shows (its component reference)."""


def placeholders(key: str) -> frozenset[str]:
    """The names in curly brackets that a text has."""
    try:
        texts = [WORDS(key)]
    except KeyError:
        texts = list(WORDS.several(key))
    return frozenset(
        field.split(".")[0].split("[")[0]
        for text in texts
        for _, field, _, _ in string.Formatter().parse(text)
        if field
    )


def matching(pattern: str) -> list[str]:
    """The texts that a key with holes can mean: what fills them is a word of the code."""
    if HOLE not in pattern:
        return [pattern] if pattern in KEYS else []
    return [key for key in KEYS if code.can_become(pattern, key)]


def test_the_search_finds_what_there_is_to_find() -> None:
    assert len(CALLS) > 200
    assert sum(call.refusal for call in CALLS) > 20
    assert any(HOLE in call.key for call in CALLS)


def test_a_text_that_is_asked_for_is_there() -> None:
    assert [(call.place, call.key) for call in CALLS if not matching(call.key)] == []


def test_whatever_looks_like_a_key_is_one() -> None:
    found = {
        (place, text)
        for place, text in code.strings()
        if LOOKS_LIKE_A_KEY.fullmatch(text)
        and not matching(text)
        and text not in NO_KEYS
        and not place.startswith("bot/rehearsal/world.py")  # its keys are told below rehearsal.world
    }

    assert found == set()


def test_a_text_that_is_there_is_asked_for() -> None:
    texts = {text for _place, text in code.strings()} | {f"cli.{text}" for _place, text in code.strings()}
    asked_for = texts.union(*(matching(pattern) for pattern in code.patterns()))
    on_pages = {key for key in KEYS if f"{{{{{key.removeprefix('rehearsal.')}}}}}" in code.pages()}

    assert sorted(KEYS - asked_for - on_pages) == []


def test_a_text_gets_the_values_that_it_has_room_for() -> None:
    whole = (call for call in CALLS if call.complete and HOLE not in call.key and call.key not in RAW)

    assert [(call.place, call.key) for call in whole if call.values != placeholders(call.key)] == []


def fixed_part(key: str) -> str:
    """A text without what is filled in."""
    return re.sub(r"\{[^}]*\}", "", WORDS(key))


def used_as(*uses: tuple[str, str | int]) -> Iterator[tuple[str, str]]:
    """The texts that are used in one of these ways, with the place."""
    for function, argument in uses:
        for place, pattern in code.labels(function, argument):
            for key in matching(pattern):
                if code.can_become(pattern, key, directly=True):
                    yield place, key


@pytest.mark.parametrize(("uses", "limit"), [
    ([("button", 0), ("main_button", 0), ("grave_button", 0), ("Button", "label")], 80),
    ([("Modal", "title")], 45),
    ([("Label", "text")], 45),
    ([("Label", "description"), ("command", 1), ("Group", "description"), ("command", "description"),
      ("RadioGroupOption", "description"), ("SelectOption", "description")], 100),
    ([("RadioGroupOption", "label"), ("SelectOption", "label"), ("TextInput", "placeholder")], 100),
    ([("role_choice", "placeholder"), ("choice", "placeholder")], 150),
])  # fmt: skip
def test_labels_fit_into_discords_limits(uses: list[tuple[str, str | int]], limit: int) -> None:
    found = list(used_as(*uses))

    assert [(place, key) for place, key in found if len(fixed_part(key)) > limit] == []


def test_buttons_are_short_enough_to_be_read_whole() -> None:
    buttons = used_as(("button", 0), ("main_button", 0), ("grave_button", 0))

    assert [(place, key) for place, key in buttons if len(fixed_part(key)) > SHOWN_WHOLE_ON_PHONES] == []


def test_no_text_is_longer_than_a_message() -> None:
    long = [key for key in KEYS if not _is_list(key) and len(WORDS(key)) > 3800]

    assert long == []


def _is_list(key: str) -> bool:
    try:
        WORDS.several(key)
    except KeyError:
        return False
    return True
