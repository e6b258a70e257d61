"""Who may be in danger reads, alone, where to turn to; who replies is helped to begin."""

from __future__ import annotations

import pytest

from bot.content.care import advice_question, danger_page, kept_for_later, reply_starters
from bot.content.resources import load_resources
from bot.content.signals import advice_words, danger_words
from bot.rules.advice import gives_advice
from bot.rules.danger import DangerKind, sounds_like_danger
from tests.conftest import WORDS

RESOURCES = load_resources()
LONGEST = 3_000
"""Characters of a page, so that it fits a message together with its buttons."""


@pytest.mark.parametrize("kind", DangerKind)
def test_the_page_says_where_to_turn_to_and_asks_what_to_do(kind: DangerKind) -> None:
    for country in RESOURCES.countries:
        page = danger_page(WORDS, kind, RESOURCES, country)
        text = "\n".join(page.paragraphs)

        assert country.emergency in text
        assert country.lines[0].reach in text
        assert "findahelpline.com" in text
        assert "Nobody is told" in text
        assert len(text) < LONGEST
        assert [choice.name for choice in page.choices] == ["post", "keep", "discard"]


def test_the_circles_own_lines_come_first_and_a_country_may_be_unknown() -> None:
    page = danger_page(WORDS, DangerKind.SELF, RESOURCES, None, ["Our on-call colleague: 123"])

    assert page.paragraphs[1].endswith("Our on-call colleague: 123")
    assert "findahelpline.com" in page.paragraphs[2]
    assert "emergency number" in page.paragraphs[2]
    assert "Anywhere else" not in page.paragraphs[2]


def test_who_is_being_hurt_reads_first_of_lines_for_that() -> None:
    text = danger_page(WORDS, DangerKind.ABUSE, RESOURCES, RESOURCES.country("GB")).paragraphs[1]

    assert text.index("Domestic Abuse") < text.index("Samaritans")


def test_an_idea_is_offered_only_where_ideas_are_welcome() -> None:
    listening = [starter.name for starter in reply_starters(WORDS, ideas_welcome=False)]
    ideas = [starter.name for starter in reply_starters(WORDS, ideas_welcome=True)]

    assert listening == ["reflect", "been_there", "question"]
    assert ideas == [*listening, "idea"]


def test_no_starter_for_listening_is_taken_for_advice_and_none_for_danger() -> None:
    for starter in reply_starters(WORDS, ideas_welcome=False):
        assert starter.example.startswith(starter.begin)
        assert not gives_advice(starter.example, advice_words())
        assert sounds_like_danger(starter.example, danger_words()) is None


def test_the_question_about_advice_can_be_overridden() -> None:
    question = advice_question(WORDS)

    assert [choice.name for choice in question.choices] == ["post", "edit"]
    assert "may well be wrong" in question.text
    assert kept_for_later(WORDS)
