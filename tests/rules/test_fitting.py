"""Whether words fit a circle; what stood there before may stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.care import LONGEST_HELP_LINE, MOST_HELP_LINES, CarePlan, read_help_lines
from bot.rules.fitting import unfit, unfit_story
from bot.rules.stories import StoryWords
from tests.conftest import WORDS

OPEN = CarePlan()
NO_LINKS = CarePlan(links=False)
NO_INVITES = CarePlan(invites=False)
WITH_INVITES = CarePlan(invites=True)


def reason(text: str, plan: CarePlan, before: str = "") -> str | None:
    """The last word of the refusal's key."""
    refusal = unfit(text, plan, before)
    return refusal.key.rpartition(".")[2] if refusal is not None else None


@pytest.mark.parametrize(("text", "plan", "expected"), [
    ("I forgot a session.", NO_LINKS, None),
    ("See https://example.org/a.", OPEN, None),
    ("See https://example.org/a.", NO_LINKS, "links"),
    ("See [this](https://example.org/a).", OPEN, None),
    ("See [this](https://example.org/a).", NO_LINKS, "links"),
    ("Come: discord.gg/abcdef", OPEN, "invites"),
    ("Come: discord.gg/abcdef", WITH_INVITES, None),
    ("Come: discord.gg/abcdef", CarePlan(links=False, invites=True), "links"),
    ("See [https://bank.example](https://evil.example).", OPEN, "disguised"),
    ("See [https://bank.example](https://evil.example).", CarePlan(invites=True), "disguised"),
    ("See https://bank.example@evil.example/", OPEN, "disguised"),
    ("hxxps://evil[.]example", OPEN, "disguised"),
    ("Come: disc\u200bord.gg/abcdef", WITH_INVITES, "disguised"),
    ("We talked at 9.30, section 2.1, e.g. about money", NO_LINKS, None),
    ("https://de.wikipedia.org/wiki/U\u0308bertragung", OPEN, None),
    ("https://de.wikipedia.org/wiki/%C3%9Cbertragung", OPEN, None),
    ("在这里：https://example.org/a，谢谢！（https://example.org）", OPEN, None),
    ("https：//evil．example/", OPEN, "disguised"),
    ("https://medium.example/@someone/a-story", OPEN, None),
])  # fmt: skip
def test_what_fits_and_what_does_not(text: str, plan: CarePlan, expected: str | None) -> None:
    assert reason(text, plan) == expected


@pytest.mark.parametrize("text", [
    "See https://example.org/a.", "Come: discord.gg/abcdef", "[https://a.example](https://b.example)",
])  # fmt: skip
def test_what_stands_there_already_may_stay_when_something_else_is_changed(text: str) -> None:
    assert unfit(text, NO_LINKS) is not None
    assert unfit(f"{text} And a word more.", NO_LINKS, before=text) is None
    assert unfit(f"{text} https://another.example", NO_LINKS, before=text) is not None


def test_a_link_does_not_become_an_invitation() -> None:
    assert reason("discord.gg/abcdef", OPEN, before="https://example.org") == "invites"


def test_a_story_counts_with_all_its_parts_and_is_told_by_how_much_it_is_too_long() -> None:
    words = StoryWords(slip="x" * 400, lesson="y" * 130)

    assert unfit_story(words, OPEN) is None
    assert unfit_story(words, CarePlan(most_characters=530)) is None
    refusal = unfit_story(words, CarePlan(most_characters=500))
    assert refusal is not None
    assert "500 characters" in WORDS.refusal(refusal)
    assert "30 too long" in WORDS.refusal(refusal)


def test_a_story_that_was_longer_before_may_be_changed_and_only_not_grow() -> None:
    plan, before = CarePlan(most_characters=500), StoryWords(slip="x" * 800)

    assert unfit_story(StoryWords(slip="y" * 800), plan, before) is None
    assert unfit_story(StoryWords(slip="y" * 801), plan, before) is not None
    assert unfit_story(StoryWords(slip="y" * 501), plan, StoryWords(slip="x")) is not None


def test_a_link_in_any_part_of_a_story_is_seen() -> None:
    words = StoryWords(slip="s", effect="e", repair="r", lesson="https://example.org")

    assert unfit_story(words, NO_LINKS) is not None


@given(st.text(max_size=300), st.booleans(), st.booleans())
def test_nothing_breaks_it_and_what_fits_once_fits_in_its_own_place(
    text: str, links: bool, invites: bool
) -> None:
    plan = CarePlan(links=links, invites=invites)

    assert unfit(text, plan, before=text) is None
    if unfit(text, plan) is None:
        assert unfit(text, CarePlan(links=True, invites=True)) is None


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf")), max_size=60), max_size=8))
def test_lines_of_help_are_few_and_never_empty(lines: list[str]) -> None:
    if sum(1 for line in lines if line.strip()) > MOST_HELP_LINES:
        return
    read = read_help_lines("\n".join(lines))

    assert all(line == line.strip() != "" for line in read)
    assert all(len(line) <= LONGEST_HELP_LINE for line in read)
    assert read_help_lines("\n".join(read)) == read
