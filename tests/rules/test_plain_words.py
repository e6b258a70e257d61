"""Whatever is done to hide a word, a recogniser sees it; and what is only like it stays as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.signals import danger_words
from bot.rules.phrases import sentences

SPELLINGS = danger_words().spellings


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("I don't know!! Do you?", " . i do not know . do you ? "),
        ("im gonna", " . i am going to . "),
        ("I won’t", " . i will not . "),
        ("any more", " . anymore . "),
        ("su*c*de", " . suicide . "),
        ("su1c1dal", " . suicidal . "),
        ("k!ll myself", " . kill myself . "),
        ("want to d i e", " . want to die . "),
        ("s.u.i.c.i.d.e", " . suicide . "),
        ("sui\u200bcide", " . suicide . "),
        ("ｓｕｉｃｉｄｅ", " . suicide . "),
        ("suiсidе", " . suicide . "),
        ("súicíde", " . suicide . "),
        ("suuuuicide", " . suicide . "),
        ("sucidal", " . suicidal . "),
        ("kms", " . kill myself . "),
        ("unalive", " . kill . "),
        ("a 14-year-old, at 5.30", " . a 14 year old , at 5 . 30 . "),
        ("b2b", " . b2b . "),
        ("A B C of it", " . a b c of it . "),
        ("", " . "),
    ],
)
def test_a_text_is_made_plain(typed: str, plain: str) -> None:
    assert SPELLINGS.plain(typed) == plain


@given(st.text(max_size=200))
def test_any_text_becomes_sentences_with_single_spaces(text: str) -> None:
    plain = SPELLINGS.plain(text)

    assert plain.startswith(" . ")
    assert plain.endswith((" . ", " ? "))
    assert "  " not in plain
    assert all(sentence.startswith(" . ") for sentence in sentences(plain))


@given(st.text(max_size=100))
def test_invisible_characters_change_nothing(text: str) -> None:
    assert SPELLINGS.plain("\u200b".join(text)) == SPELLINGS.plain(text)
