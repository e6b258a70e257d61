"""Identifying details are found, and what identifies nobody is left alone."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.details import IDENTIFIES, PLEASE_LOOK, CircleWords, Detail, find_identifying_details
from bot.rules.details.measuring import measure
from tests.rules.details.sets import HELD_OUT, TUNED, marked

SHAPED = ("EMAIL", "HANDLE", "ID", "PHONE", "URL")
PIECES = [
    *(
        "Anna",
        "my client ",
        "priya",
        " told me",
        "J.M.",
        "ward 7",
        "Dr ",
        "the 3rd of march",
        "**",
        "||",
        "`",
        "```\n",
    ),
    *(
        "07911 123 456",
        "anna dot smith at gmail dot com",
        "a@b.co",
        "https://x.org/",
        "@someone",
        "[",
        "](",
        ")",
        "_",
    ),
    *(
        "\u200b",
        "\u202e",
        "\u0430",
        "\uff11",
        "e\u0301",
        "\U0001f600",
        "\ud800",
        "İ",
        "ß",
        "ŉ",
        "\x00",
        "\n",
        " ",
        "'s",
        ".",
    ),
]
typed = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=60)


def found_in(text: str, extra: CircleWords | None = None, language: str = "en") -> list[tuple[str, str]]:
    """What identifies somebody, as words with their types."""
    found = find_identifying_details(text, language, extra or CircleWords())
    return [(text[one.start : one.end], one.type) for one in found if one.level == IDENTIFIES]


@pytest.mark.parametrize("names", [TUNED, HELD_OUT], ids=["tuned", "held out"])
def test_nearly_every_detail_is_found_and_hardly_anything_else(names: tuple[str, ...]) -> None:
    sums = measure((text, find_identifying_details(text.text)) for text in marked(*names))
    assert sums.recall >= 0.97
    assert sums.certain_recall >= 0.96
    assert sums.certain["PERSON"] / sums.marked["PERSON"] >= 0.96
    assert sum(sums.certain[kind] for kind in SHAPED) / sum(sums.marked[kind] for kind in SHAPED) >= 0.99
    assert sums.precision >= 0.98
    assert sums.clean >= 0.95
    assert sums.whole / sums.with_details >= 0.93


def test_names_in_lower_case_are_found_too() -> None:
    lowered = [text for text in marked("tuned", "heldout") if text.text == text.text.lower()]
    sums = measure((text, find_identifying_details(text.text)) for text in lowered)
    assert len(lowered) > 200
    assert sums.certain["PERSON"] / sums.marked["PERSON"] >= 0.93


@given(typed)
def test_details_lie_within_any_text_in_order_and_apart(text: str) -> None:
    found = find_identifying_details(text)
    for one, next_ in pairwise(found):
        assert one.end <= next_.start
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert one.level in {IDENTIFIES, PLEASE_LOOK}


@pytest.mark.parametrize("text", [
    "My client A\u200bn\u200bna cried.",
    "My client \u202eAnna\u202c cried.",
    "My client \u0410nn\u0430 cried.",
    "My client **A**nna cried.",
    "My client __Anna__ cried.",
    "My client ||Anna|| cried.",
    "My client `Anna` cried.",
    "```\nMy client Anna cried.\n```",
    "> My client Anna cried.",
    "# Anna\ncried",
    "My client [Anna](https://example.org/a) cried.",
    "My client \uff21\uff4e\uff4e\uff41 cried.",
    "My client ~~Anna~~ *cried*.",
])  # fmt: skip
def test_nothing_that_only_formats_or_hides_hides_a_name(text: str) -> None:
    people = [one for one in find_identifying_details(text) if one.type == "PERSON"]
    assert people
    assert text[people[0].start].upper() in {"A", "\u0410", "\uff21"}
    assert text[people[0].end - 1] in {"a", "\u0430", "\uff41"}


@pytest.mark.parametrize("text", [
    "+49 \uff10\uff11\uff15\uff11 \uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
    "Ihre Nummer ist 0171 5550199",
    "escríbeme a ana.perez@correo.es",
    "Sie wohnt im Netz unter www.elmwood.example/ueber-uns",
    "sur insta @claire_therapie",
    "am 03.04.2019",
    "Versicherung HN-209311",
])  # fmt: skip
def test_contacts_numbers_and_dates_in_digits_are_found_in_every_language(text: str) -> None:
    assert found_in(text, language="de")


def test_in_other_languages_nothing_is_taken_for_an_english_name() -> None:
    assert found_in("Der Mark war hart und Will war da.", language="de") == []


def test_a_circle_marks_its_own_words_and_allows_others() -> None:
    words = CircleWords(
        people=frozenset({"Will", "Zblo"}),
        organisations=frozenset({"The Green Room"}),
        handles=frozenset({"quietroom"}),
        lately=frozenset({"sunnyside up"}),
        allowed=frozenset({"Anna", "Elmwood Clinic"}),
    )
    text = (
        "Will I? Anna at Elmwood Clinic asked Will. zblo of the green room, quietroom and Sunnyside Up too."
    )
    assert found_in(text, words) == [
        ("Will", "PERSON"),
        ("zblo", "PERSON"),
        ("the green room", "ORG"),
        ("quietroom", "HANDLE"),
        ("Sunnyside Up", "PERSON"),
    ]
    assert text.index("Will", 5) == find_identifying_details(text, extra=words)[0].start
    assert found_in("am Dienstag mit zblo", words, language="de") == [("zblo", "PERSON")]


def test_whom_everybody_knows_is_worth_a_look_and_a_made_up_one_is_not() -> None:
    text = "She said she felt like Taylor Swift, or like Harry Potter."
    assert [(text[one.start : one.end], one.level) for one in find_identifying_details(text)] == [
        ("Taylor Swift", PLEASE_LOOK)
    ]


def test_an_unknown_word_with_a_capital_is_worth_a_look() -> None:
    assert find_identifying_details("We talked about Zorblatt.") == [Detail(16, 24, "PERSON", PLEASE_LOOK)]


def test_a_theorist_is_left_alone_and_a_client_of_that_name_is_not() -> None:
    assert found_in("Klein would say so. Carl Rogers too, and Winnicott.") == []
    assert found_in("Mrs Klein would say so.") == [("Klein", "PERSON")]
    assert found_in("My client Melanie cried.") == [("Melanie", "PERSON")]


def test_the_same_name_is_found_wherever_it_comes_again() -> None:
    text = "My client Thistle left. We spoke about Thistle for weeks."
    assert found_in(text) == [("Thistle", "PERSON"), ("Thistle", "PERSON")]
    assert found_in("We spoke about Thistle for weeks.") == []


@pytest.mark.parametrize("piece", [
    "a", "a ", "1", "1 ", "1-", "(", "a.", "a@", "A.", "@", "_", "one ", "dot ", "at ", "a-", "http://",
    "anna ",
    "Anna ", "x" * 70 + " ", "'", "\u200b", "**", "[", "9" * 30 + ".", "12/", "ward ", "may 3 ", "St. ",
    "of the ",
    "a dot b at ", "nhs number 1 ", "+1 ", "my client ",
])  # fmt: skip
def test_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    short, long = (find_time(piece * (size // len(piece))) for size in (4_000, 32_000))
    assert long < 8 * 4 * short + 0.05, (short, long)


def find_time(text: str) -> float:
    """The shortest of three, in seconds of this process alone, so that other work doesn't count."""
    took: list[float] = []
    for _ in range(3):
        begun = time.process_time()
        find_identifying_details(text)
        took.append(time.process_time() - begun)
    return min(took)
