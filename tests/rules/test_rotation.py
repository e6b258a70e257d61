"""The library's prompts come in a shuffled order: all of them before any again, themes apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.rotation import next_prompt

Library = list[tuple[str, str]]


def library(**prompts_of_theme: int) -> Library:
    return [(f"{theme}-{n}", theme) for theme, count in prompts_of_theme.items() for n in range(count)]


def ask(prompts: Library, used: Sequence[str], seed: int, weeks: int) -> list[str]:
    """What the coming weeks ask, after ``used``."""
    history = list(used)
    for _ in range(weeks):
        history.append(next_prompt(prompts, history, seed))
    return history[len(used) :]


seeds = st.integers(0, 2**64)
libraries = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 6), min_size=1).map(
    lambda counts: library(**counts)
)
histories = st.lists(st.sampled_from([key for key, _ in library(a=6, b=6, c=6, gone=3)]), max_size=60)


@given(libraries, seeds)
def test_no_prompt_comes_again_before_all_have_been(prompts: Library, seed: int):
    size = len(prompts)
    asked = ask(prompts, [], seed, 4 * size)
    for start in range(0, len(asked), size):
        assert sorted(asked[start : start + size]) == sorted(key for key, _ in prompts)


@given(libraries, seeds)
def test_a_new_round_does_not_begin_with_the_last_prompt(prompts: Library, seed: int):
    asked = ask(prompts, [], seed, 4 * len(prompts))
    if len(prompts) > 1:
        assert all(before != after for before, after in pairwise(asked))


@given(libraries, histories, seeds)
def test_preview_and_post_agree(prompts: Library, used: list[str], seed: int):
    shuffled_library = sorted(prompts, key=lambda prompt: prompt[0][::-1])
    assert next_prompt(prompts, used, seed) == next_prompt(shuffled_library, tuple(used), seed)


def test_the_order_is_the_same_on_every_computer_and_in_every_version():
    prompts = library(silence=2, endings=2, money=1)
    first_round = ["endings-1", "money-0", "silence-0", "endings-0", "silence-1"]
    second_round = ["endings-1", "silence-0", "endings-0", "money-0", "silence-1"]
    assert ask(prompts, [], 81_384_788_765_712_384, 10) == first_round + second_round


def test_circles_do_not_all_begin_with_the_same_prompt():
    firsts = {next_prompt(library(a=5, b=5), [], seed) for seed in range(100)}
    assert len(firsts) == 10


def can_keep_themes_apart(themes: Sequence[str], last: str | None) -> bool:
    """The oracle: try every order."""
    return any(
        all(before != after for before, after in pairwise((last, *order))) for order in permutations(themes)
    )


@given(st.dictionaries(st.sampled_from("abc"), st.integers(1, 3), min_size=1, max_size=3), seeds)
def test_two_weeks_in_a_row_share_a_theme_only_where_no_order_avoids_it(counts: dict[str, int], seed: int):
    prompts = library(**counts)
    theme_of = dict(prompts)
    asked = ask(prompts, [], seed, 2 * len(prompts))
    for start in (0, len(prompts)):
        last = theme_of[asked[start - 1]] if start else None
        themes = [theme_of[key] for key in asked[start : start + len(prompts)]]
        if len(themes) <= 7 and can_keep_themes_apart(themes, last):
            assert all(before != after for before, after in pairwise((last, *themes)))


def test_a_theme_too_large_to_be_kept_apart_is_still_parted_where_it_can_be():
    prompts = library(large=6, small=2)
    for seed in range(50):
        themes = [key.split("-")[0] for key in ask(prompts, [], seed, 8)]
        repeats = sum(before == after for before, after in pairwise(themes))
        assert repeats == 3  # six in three groups, parted by two


@given(seeds)
def test_a_new_prompt_enters_the_round_that_is_under_way(seed: int):
    before = library(a=3, b=3)
    used = ask(before, [], seed, 6 + 3)
    grown = [*before, ("new-0", "new"), ("new-1", "new")]
    rest_of_round = ask(grown, used, seed, 3 + 2)
    assert sorted(used[6:] + rest_of_round) == sorted(key for key, _ in grown)


@given(seeds)
def test_a_prompt_that_left_the_library_neither_comes_nor_holds_the_round_up(seed: int):
    full = library(a=4, b=4)
    used = ask(full, [], seed, 8 + 4)
    shrunk = [prompt for prompt in full if prompt[0] not in ("a-0", "b-3")]
    done = [key for key in used[8:] if key in dict(shrunk)]
    rest_of_round = ask(shrunk, used, seed, len(shrunk) - len(done))
    assert sorted(done + rest_of_round) == sorted(key for key, _ in shrunk)


@given(seeds)
def test_a_prompt_chosen_by_hand_once_more_does_not_restart_a_later_round(seed: int):
    prompts = library(a=3, b=3, c=3)
    used = ask(prompts, [], seed, 9 + 4)
    used.append(used[9])
    rest_of_round = ask(prompts, used, seed, 5)
    assert sorted(used[9:13] + rest_of_round) == sorted(key for key, _ in prompts)


@given(seeds)
def test_a_prompt_stays_away_for_half_the_library_also_from_one_round_to_the_next(seed: int):
    prompts = [(f"p{n}", f"theme{n}") for n in range(12)]
    asked = ask(prompts, [], seed, 36)
    assert all(key not in asked[max(week - 6, 0) : week] for week, key in enumerate(asked))


@given(libraries, histories, seeds)
def test_whatever_was_used_a_prompt_of_the_library_comes_next(prompts: Library, used: list[str], seed: int):
    assert next_prompt(prompts, used, seed) in dict(prompts)


def test_a_library_of_one_repeats_and_an_empty_one_is_an_error():
    assert ask([("only", "theme")], [], 1, 3) == ["only"] * 3
    with pytest.raises(ValueError, match="no prompts"):
        next_prompt([], [], 1)
