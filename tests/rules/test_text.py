"""What people type is shown as they typed it, whole, on pages that fit."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules.text import behind_spoiler, clean, discord_length, escape, message_length, pages, shorten
from tests.rules.literal import read

MARKS = "*_~|`<>[]()@#-+.:/\\!&0123456789 \n\ta\u00e9\U0001f600"
PIECES = [
    *("**", "__", "~~", "||", "```", "`", "> ", ">>> ", "# ", "### ", "-# ", "- ", "* ", "+ ", "1. ", "10."),
    *(
        "@everyone",
        "@here",
        "<@1>",
        "<@!1>",
        "<@&1>",
        "<#1>",
        "<t:0:R>",
        "</share:1>",
        "<:a:1>",
        "<id:guide>",
    ),
    *("[a](https://evil.example)", "[", "](", ")", "https://example.org/a_b", "http://a.example/*x*_y_"),
    *("<https://b.example>", "https://", "\\", "\\\\", "word", "Ein", "2019.", "\n", " "),
    *("\u200b", "\u202e", "\u200d", "\U0001f469\u200d\U0001f680"),
]
typed = (
    st.text(MARKS, max_size=60)
    | st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
    | st.text(max_size=40)
)


@given(typed)
@example("x" * 3 + "\\")
@example("https://a.example/@everyone")
def test_nothing_typed_acts_and_all_of_it_is_seen(text: str) -> None:
    reading = read(escape(text))
    assert reading.acts == ()
    seen = re.sub("%40(?=everyone|here)", "@", reading.seen, flags=re.IGNORECASE)
    assert seen == re.sub("%40(?=everyone|here)", "@", clean(text), flags=re.IGNORECASE)


@given(typed, st.integers(2, 30), st.integers(2, 30))
def test_nothing_acts_wherever_a_page_is_cut(text: str, first: int, rest: int) -> None:
    for page in pages([escape(text)], first, rest):
        if "<http" not in escape(text).lower():  # a link longer than these tiny pages has to be cut
            assert read(page).acts == ()


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("I *really* missed it", r"I \*really\* missed it"),
        ("snake_case and ~~gone~~", r"snake\_case and \~\~gone\~\~"),
        ("||secret||", r"\|\|secret\|\|"),
        ("# Loud\n-# small", "\\# Loud\n\\-\\# small"),
        ("- one\n  * two\n1. three", "\\- one\n  \\* two\n1\\. three"),
        ("> quoted\n>>> all", "\\> quoted\n\\>\\>\\> all"),
        ("@everyone <@1> <#2> <t:3:R>", r"\@everyone \<\@1\> \<\#2\> \<t:3:R\>"),
        ("[here](http://x.example)", r"\[here\](<http://x.example>)"),
        ("a\\b", r"a\\b"),
        ("half-day, 12.5 hours - no more.", r"half-day, 12.5 hours \- no more."),
        ("It was in 2019. Then", r"It was in 2019\. Then"),
        ("¯\\_(ツ)_/¯", r"¯\\\_(ツ)\_/¯"),
    ],
)
def test_marks_are_escaped_and_ordinary_words_left_alone(typed: str, sent: str) -> None:
    assert escape(typed) == sent


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("https://example.org/a_b~c?d=e&f=%20g#h", "<https://example.org/a_b~c?d=e&f=%20g#h>"),
        ("Read http://example.org.", "Read <http://example.org>."),
        ("(see https://example.org/a.)", "(see <https://example.org/a>.)"),
        ("https://example.org/Rupture_(therapy)", "<https://example.org/Rupture_(therapy)>"),
        ("<https://example.org>", r"\<<https://example.org>\>"),
        ("https://example.org/@here", "<https://example.org/%40here>"),
        ("HTTPS://EXAMPLE.ORG", "<HTTPS://EXAMPLE.ORG>"),
        ("https://example.org/||x||", r"<https://example.org/>\|\|x\|\|"),
        ("https://de.example/Übertragung", "<https://de.example/Übertragung>"),
        ("javascript://x_y", r"javascript://x\_y"),
    ],
)
def test_plain_addresses_stay_usable(typed: str, sent: str) -> None:
    assert escape(typed) == sent


def test_an_endless_address_is_text() -> None:
    assert escape("https://a.example/" + "_" * 1_500).count(r"\_") == 1_500


def test_mentions_are_broken_for_the_server_too() -> None:
    sent = escape("@everyone @here <@123> <@!123> <@&123> <#123> </share:123>")
    assert not re.search(r"<@[!&]?\d+>|<#\d+>|</\w+:\d+>|(?<!\\)@(everyone|here)", sent)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("in\u200bvis\u2060ible\ufeff", "invisible"),
        ("\u202eesrever\u202c \u2066x\u2069 \u200e", "esrever x"),
        ("soft\u00adhyphen", "softhyphen"),
        ("tagged\U000e0041\U000e0042", "tagged"),
        ("bell\x07 null\x00", "bell null"),
        ("zero\u200dwidth\u200cjoiners", "zerowidthjoiners"),
        ("\U0001f469\u200d\U0001f680 flies", "\U0001f469\u200d\U0001f680 flies"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", None),
        ("lone \ud800 half", "lone \ufffd half"),
        ("a\r\nb\rc\u2028d\x0be\x85f", "a\nb\nc\nd\ne\nf"),
        ("one\n\n\ntwo", "one\n\n\ntwo"),
        ("one\n\n \n\t\n\n\ntwo", "one\n\n\ntwo"),
        ("  \n spaces \n around \n ", "spaces\n around"),
    ],
)
def test_what_cant_be_seen_goes_and_what_is_needed_stays(typed: str, kept: str | None) -> None:
    assert clean(typed) == (typed if kept is None else kept)


@given(st.text(st.characters(codec=None), max_size=60))
def test_cleaning_twice_changes_nothing_and_what_is_cleaned_can_be_stored(text: str) -> None:
    once = clean(text)
    once.encode("utf-8")
    assert clean(once) == once


def test_asterisks_double_and_are_split_without_cutting_one_apart() -> None:
    sent = escape("*" * 1_800)
    assert discord_length(sent) == 3_600
    found = pages([sent], 1_999, 1_001)
    assert [len(page) for page in found] == [1_998, 1_000, 602]
    assert "".join(read(page).seen for page in found) == "*" * 1_800
    assert all(read(page).acts == () for page in found)


@given(st.lists(typed.map(escape), max_size=5), st.integers(2, 90), st.integers(2, 90))
def test_pages_fit_and_lose_nothing_but_white_space(blocks: list[str], first: int, rest: int) -> None:
    found = pages(blocks, first, rest)
    for number, page in enumerate(found):
        assert page == page.strip()
        assert 0 < message_length(page) <= (rest if number else first)
    assert "".join("".join(found).split()) == "".join("".join(blocks).split())


def test_blocks_that_fit_stay_on_one_page() -> None:
    assert pages(["One.", "", "  ", "Two."], 100, 100) == ("One.\n\nTwo.",)
    assert pages([], 100, 100) == ()
    assert pages(["", " \n"], 100, 100) == ()


def test_a_page_ends_where_a_block_ends() -> None:
    slip, effect = "word " * 15, "more. " * 8
    assert pages([slip, effect], 100, 100) == (slip.strip(), effect.strip())


def test_a_heading_doesnt_stand_alone_on_its_page() -> None:
    found = pages(["### Story 12", "First sentence here. " * 12], 100, 200)
    assert found[0].startswith("### Story 12\n\nFirst sentence here.")
    assert found[0].endswith(".")


def test_a_page_ends_at_a_paragraph_else_a_sentence_else_a_word() -> None:
    words = "word " * 11
    paragraph, after = f"{words}end", f"Then {words}"
    assert pages([f"{paragraph}\n\n{after}"], 100, 100)[0] == paragraph
    assert pages([f"{words}end. {after}"], 80, 100)[0] == f"{words}end."
    assert pages(["word " * 40], 43, 100)[0] == ("word " * 8).strip()


def test_a_first_page_may_be_shorter_than_the_rest() -> None:
    found = pages(["word " * 200], 40, 300)
    assert len(found[0]) <= 40
    assert all(250 < len(page) <= 300 for page in found[1:-1])


def test_korean_pages_also_fit_by_bytes() -> None:
    found = pages(["\ud55c\uad6d\uc5b4" * 1_200], 4_000, 4_000)
    assert all(len(page.encode()) <= 10_000 for page in found)
    assert len(found) == 2


@pytest.mark.parametrize(
    "sign",
    [
        "\U0001f469\u200d\U0001f469\u200d\U0001f466",
        "\U0001f44d\U0001f3fd",
        "\u2764\ufe0f",
        "\U0001f1e9\U0001f1ea",
        "e\u0301",
        "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
        "\\*\u0301",
        "<https://a.example/b>",
        "<@123>",
    ],
)
def test_a_sign_or_link_made_of_several_characters_stays_whole(sign: str) -> None:
    text = sign * 30
    for limit in range(60, 75):
        assert all(page.replace(sign, "") == "" for page in pages([text], limit, limit))


def test_a_sign_larger_than_a_page_is_cut_rather_than_lost() -> None:
    family = "\U0001f469\u200d" * 20 + "\U0001f469"
    assert "".join(pages([family], 8, 8)) == family


@pytest.mark.parametrize("piece", ["*", "<", "a\u0301", "a ", "https://a", "\U0001f1e6", "\\", "1. "])
def test_a_monotonous_text_of_any_length_is_paged(piece: str) -> None:
    sent = escape(piece * 3_000)
    assert "".join("".join(pages([sent], 500, 900)).split()) == "".join(sent.split())


@pytest.mark.parametrize(("first", "rest"), [(1, 10), (10, 1), (0, 0)])
def test_a_page_without_room_is_a_mistake(first: int, rest: int) -> None:
    with pytest.raises(ValueError, match="room"):
        pages(["word"], first, rest)


@given(typed.map(escape), st.integers(1, 60))
def test_shortened_text_fits_and_stays_literal(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert discord_length(short) <= limit
    assert short == text or short.endswith("\u2026")
    if "<http" not in text.lower():
        assert read(short).acts == ()


def test_shortening_cuts_at_a_word_and_never_after_a_backslash() -> None:
    assert shorten("A few words too many", 14) == "A few words\u2026"
    assert shorten("exact", 5) == "exact"
    assert shorten(r"\*\*\*\*", 4) == "\\*\u2026"
    with pytest.raises(ValueError, match="ellipsis"):
        shorten("words", 0)


def test_characters_are_counted_as_discord_counts_them() -> None:
    assert discord_length("e\u0301\U0001f600") == 3
    assert message_length("plain words") == 11
    assert message_length("\ud55c" * 1_000) == 1_200


def test_a_spoiler_closes_where_it_should() -> None:
    assert behind_spoiler("hidden") == "||hidden||"
    assert behind_spoiler(escape("a|")) == "||a\\| ||"
    assert behind_spoiler("one\n\n\ntwo") == "||one\n\u200b\n\u200b\ntwo||"
