"""Words that sound like danger are heard, and a therapist's daily talk is left alone.

The numbers are those of ``docs/measured.md`` with a little room: who changes the phrases sees what it costs.
"""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.danger import DangerKind, sounds_like_danger
from tests.rules.danger.__main__ import NONE, WORDS, found, left_alone, of_the_right_kind
from tests.rules.sets import PARTS, read


@pytest.mark.parametrize(("part", "least"), [("tuning", 0.97), ("held_out", 0.95), ("afterwards", 0.7)])
def test_danger_is_heard(part: str, least: float) -> None:
    assert found(read("danger", part)).value >= least


@pytest.mark.parametrize(("part", "least"), [("tuning", 0.97), ("held_out", 0.9), ("afterwards", 0.8)])
def test_professional_talk_is_left_alone(part: str, least: float) -> None:
    assert left_alone(read("danger", part)).value >= least


def test_the_kind_is_mostly_right() -> None:
    assert of_the_right_kind(read("danger", "held_out")).value >= 0.9


def test_the_sets_are_as_large_as_they_are_said_to_be_and_share_nothing() -> None:
    texts = [text for part in PARTS for text in read("danger", part)]

    assert sum(text.label != NONE for text in texts) >= 250
    assert sum(text.label == NONE for text in texts) >= 400
    assert len({text.text for text in texts}) == len({text.id for text in texts}) == len(texts)
    assert {text.label for text in texts} == {NONE, *DangerKind}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I don't want to be here any more.", DangerKind.SELF),
        ("they would all be better off without me", DangerKind.SELF),
        ("I've been counting my pills.", DangerKind.SELF),
        ("thinking about su*c*de every day", DangerKind.SELF),
        ("i want to d i e", DangerKind.SELF),
        ("My husband hits me.", DangerKind.ABUSE),
        ("He said that he'd kill me if I leave.", DangerKind.ABUSE),
        ("I'm going to kill him. I mean it.", DangerKind.VIOLENCE),
        ("My client will do it tonight and I couldn't reach anyone.", DangerKind.SOMEONE_ELSE),
    ],
)
def test_it_is_heard_as_what_it_is(text: str, kind: DangerKind) -> None:
    danger = sounds_like_danger(text, WORDS)

    assert danger is not None
    assert danger.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "My client talked about ending her life, and I did the safety plan.",
        "“I want to die,” she said, and I looked at the clock.",
        "My patient wrote: I want to die.",
        "I could have died of shame.",
        "I was dead tired.",
        "Killing time between two sessions.",
        "I shot myself in the foot.",
        "I wanted to strangle him, in the countertransference of course.",
        "Twenty years ago I tried to take my own life.",
        "When I was a student I took an overdose.",
        "I used to cut myself when I was sixteen.",
        "A client of mine killed himself two years ago.",
        "",
    ],
)
def test_daily_talk_is_left_alone(text: str) -> None:
    assert sounds_like_danger(text, WORDS) is None


def test_danger_in_the_last_line_of_a_long_story_is_heard() -> None:
    story = "I forgot the appointment of a client, and wrote to her the same evening. " * 20

    assert sounds_like_danger(story, WORDS) is None
    assert sounds_like_danger(f"{story}I want to kill myself.", WORDS) is not None


WORD = st.sampled_from(["i", "you", "me", "to", "want", "die", ",", ".", "?", '"', "she", "said", "kill"])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300) | st.lists(WORD).map(" ".join))
def test_any_text_can_be_listened_to(text: str) -> None:
    sounds_like_danger(text, WORDS)


def test_nothing_of_the_words_is_in_the_answer() -> None:
    danger = sounds_like_danger("I want to kill myself.", WORDS)

    assert danger is not None
    assert {field.name: getattr(danger, field.name) for field in fields(danger)} == {"kind": DangerKind.SELF}
