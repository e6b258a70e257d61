"""Advice is noticed where only listening was asked for, and good listening is not held up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.advice import gives_advice
from tests.rules.advice.__main__ import ADVICE, WORDS, precision, recall
from tests.rules.sets import PARTS, read


@pytest.mark.parametrize("part", PARTS)
def test_who_is_asked_has_mostly_given_advice(part: str) -> None:
    assert precision(read("advice", part)).value >= 0.85


@pytest.mark.parametrize("part", PARTS)
def test_most_advice_is_noticed(part: str) -> None:
    assert recall(read("advice", part)).value >= 0.9


def test_the_sets_are_as_large_as_they_are_said_to_be_and_share_nothing() -> None:
    texts = [text for part in PARTS for text in read("advice", part)]

    assert sum(text.label == ADVICE for text in texts) >= 200
    assert sum(text.label == "listening" for text in texts) >= 300
    assert len({text.text for text in texts}) == len({text.id for text in texts}) == len(texts)


@pytest.mark.parametrize(
    "reply",
    [
        "You should tell her that you forgot.",
        "have u tried asking her",
        "What worked for me was an alarm five minutes before the end.",
        "Next time, don't wait so long.",
        "Thank you for telling. Maybe it's time to refer her?",
    ],
)
def test_this_is_advice(reply: str) -> None:
    assert gives_advice(reply, WORDS)


@pytest.mark.parametrize(
    "reply",
    [
        "I've been there.",
        "What did you feel when she left?",
        "You should have seen me the day I double-booked two ex-spouses.",
        "My colleague said “just forget it”, and I felt so small.",
        "“Have you tried mindfulness?” still makes me shiver.",
        "I don't know what you should do, and I don't think you asked.",
        "",
    ],
)
def test_this_is_listening(reply: str) -> None:
    assert not gives_advice(reply, WORDS)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_reply_can_be_read(reply: str) -> None:
    gives_advice(reply, WORDS)
