"""Pen names: kind, unrepeated in a thread, and saying nothing about anyone."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.pen_names import pen_name_words
from bot.content.words import load_words
from bot.rules.pen_names import PenNameWords, pen_name

FEW = PenNameWords("{adjective} {noun}", ("Quiet", "Warm"), ("Heron", "Oak", "Tide"))


@pytest.fixture(scope="module")
def english() -> PenNameWords:
    return pen_name_words(load_words("en"))


def test_a_name_is_an_adjective_and_a_noun_from_the_list(english: PenNameWords) -> None:
    adjective, noun = pen_name((), english, random.Random(1)).split(" ")
    assert adjective in english.adjectives
    assert noun in english.nouns


@given(st.integers(0, 30), st.randoms(use_true_random=False))
def test_nobody_shares_a_name_in_a_thread_however_many_come(people: int, chance: random.Random) -> None:
    names: list[str] = []
    for _ in range(people):
        names.append(pen_name(names, FEW, chance))
    assert len({name.casefold() for name in names}) == people


def test_when_all_names_are_taken_they_begin_again_with_a_number() -> None:
    chance = random.Random(3)
    names: list[str] = []
    for _ in range(13):
        names.append(pen_name(names, FEW, chance))
    assert all(name[-1].isalpha() for name in names[:6])
    assert {name.rpartition(" ")[2] for name in names[6:12]} == {"2"}
    assert names[12].endswith(" 3")


def test_a_name_counts_as_taken_however_it_is_written() -> None:
    taken = ["quiet heron", "QUIET OAK", "Quiet Tide", "Warm Heron", "Warm Oak"]
    assert pen_name(taken, FEW, random.Random(1)) == "Warm Tide"


def test_every_free_name_is_equally_likely() -> None:
    chance = random.Random(9)
    drawn = Counter(pen_name(["Warm Oak"], FEW, chance) for _ in range(5_000))
    assert len(drawn) == 5
    assert all(850 < count < 1_150 for count in drawn.values())


def test_without_words_there_is_no_name() -> None:
    with pytest.raises(ValueError, match="no words"):
        pen_name((), PenNameWords("{adjective} {noun}", (), ("Oak",)), random.Random(1))


def test_there_are_words_enough_for_any_thread(english: PenNameWords) -> None:
    assert len(english.adjectives) >= 40
    assert len(english.nouns) >= 60
    for words in (english.adjectives, english.nouns):
        assert len({word.casefold() for word in words}) == len(words)
        assert all(word.isalpha() and word.istitle() and len(word) <= 14 for word in words)


def test_no_word_is_a_common_first_name_or_could_label_somebody(english: PenNameWords) -> None:
    words = {word.casefold() for word in (*english.adjectives, *english.nouns)}
    names = (
        "amber ash autumn brook clay daisy dale dawn fern hazel heather holly iris ivy jasper jay laurel lily"
    )
    names += " martin olive pearl poppy raven reed river robin rose rowan ruby skye summer violet willow wren"
    labels = (
        "anxious batty black blind broken brown cold crabby cuckoo dark dull fat foxy goose hen lady lame"
    )
    labels += (
        " lazy little lone lonely lost loon mad mole nervous odd old pale plain proud queer rat red sad shy"
    )
    labels += " silly slow sloth small snake strange thin tiny weak weasel white wild wise yellow young"
    assert not words & set(f"{names} {labels}".split())
