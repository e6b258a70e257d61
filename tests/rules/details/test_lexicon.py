"""The word lists are whole, named with their sources, and small."""

from __future__ import annotations

import tracemalloc

from bot.content.lexicon import FOLDER, LISTS, items, load_lexicon
from bot.rules.lexicon import ALLOWED, GIVEN, ORDINARY, PLACE, REGION, Lexicon

SOURCES = FOLDER.joinpath("SOURCES.md").read_text(encoding="utf-8")
MOST = 25_000_000
"""Bytes that the lists may take: Python's own count for them."""


def test_every_derived_list_has_its_source_and_licence() -> None:
    for name in ("common", "words", "given", "surnames", "places", "countries"):
        assert f"`{name}.txt`" in SOURCES
    for source in ("SCOWL", "Faker", "GeoNames", "Creative Commons Attribution 4.0", "MIT"):
        assert source in SOURCES


def test_no_list_is_empty_or_unread() -> None:
    here = {entry.name.removesuffix(".txt") for entry in FOLDER.iterdir() if entry.name.endswith(".txt")}
    read = {name for name, _ in LISTS} | {"theorists", "theorists_alone_no", "figures"}
    assert here - read == {"more_given", "more_surnames"}  # taken up by the builder
    for name in here:
        assert any(items(FOLDER.joinpath(f"{name}.txt").read_text(encoding="utf-8"))), name


def test_words_are_known_for_what_they_are() -> None:
    lexicon = load_lexicon()
    assert lexicon.of("stopped") & ORDINARY
    assert lexicon.of("catastrophising") & ALLOWED
    assert lexicon.of("ngozi") & GIVEN
    assert lexicon.of("llandudno") & PLACE
    assert lexicon.of("ireland") & REGION
    assert lexicon.of("winnicott") & ALLOWED
    assert lexicon.of("zorblatt") == 0
    assert load_lexicon() is lexicon


def test_the_lists_take_little_memory() -> None:
    tracemalloc.start()
    kept: Lexicon = load_lexicon.__wrapped__()
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept.words
    assert used < MOST
