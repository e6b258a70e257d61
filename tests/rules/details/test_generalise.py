"""Details made general read like a sentence, and tell nobody apart any more."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.rules.details import IDENTIFIES, find_identifying_details, generalise
from tests.rules.details.sets import marked
from tests.rules.details.test_finding import typed


def general(text: str) -> str:
    return generalise(text, find_identifying_details(text))


@pytest.mark.parametrize(("text", "expected"), [
    ("My client Anna cried. Anna's mother rang.", "My client cried. My client's mother rang."),
    ("Anna cried, and I told Anna so.", "A client cried, and I told the client so."),
    ("anna cried, and i told anna so", "a client cried, and i told the client so"),
    ("Chiara and Mariam came. Mariam sat.", "A client and another client came. The other client sat."),
    ("Dr Smith asked.", "A colleague asked."),
    ("Mrs Morales is aged 90 and well.", "A client is very old and well."),
    ("Her husband Tom drove.", "Her husband drove."),
    ("My client, Priya, told me.", "My client told me."),
    ("A man called Moss wouldn't leave.", "A man wouldn't leave."),
    ("Hi Marisol, I wrote.", "Hi there, I wrote."),
    ("I'm Wei Davies from Rochdale.", "I'm a colleague from a town."),
    ("He lives in Llandudno and drives.", "He lives in his town and drives."),
    ("They moved from Leeds to Hull.", "They moved from their town to another town."),
    ("I saw J.M. I ran.", "I saw a client. I ran."),
    ("I saw J.M.", "I saw a client."),
    ("Client lives at 61 High Street, 97214, near me.", "Client lives at an address, near me."),
    ("On 3rd March 2019 I slept.", "One spring day I slept."),
    ("We ended in March 2021.", "We ended in spring."),
    ("Started on 8 October 2024.", "Started one autumn day."),
    ("On 7.6.24 I slept.", "One summer day I slept."),
    ("Call 212-555-0177 now.", "Call a phone number now."),
    ("Her SSN 219-09-9999 was left out.", "Her SSN (left out) was left out."),
    ("He had a row with the Easterhouse area.", "He had a row with the local area."),
    ("He was at St Anne's Academy.", "He was at a school."),
    ("She works at Tesco.", "She works at a workplace."),
    ("James' mother rang.", "A client's mother rang."),
    ("**A**nna cried.", "A client cried."),
    ("A 97-year-old client asked. She turned 95.", "A very old client asked. She had a birthday."),
])  # fmt: skip
def test_what_a_detail_becomes(text: str, expected: str) -> None:
    assert general(text) == expected


def test_each_mark_can_be_kept_or_changed_singly() -> None:
    text = "Anna told Priya about Taylor Swift."
    anna, priya, swift = find_identifying_details(text)
    assert generalise(text, [anna, priya, swift]) == "A client told another client about Taylor Swift."
    assert generalise(text, [anna, priya, swift], keep={anna}) == "Anna told a client about Taylor Swift."
    assert (
        generalise(text, [anna, priya, swift], keep=[anna, priya], also=[swift])
        == "Anna told Priya about a client."
    )
    assert generalise(text, [], keep=[anna]) == text


def test_nothing_that_was_replaced_is_found_again() -> None:
    left = []
    for text in marked("tuned", "heldout"):
        found = [one for one in find_identifying_details(text.text) if one.level == IDENTIFIES]
        gone = {text.text[one.start : one.end].lower() for one in found}
        general = generalise(text.text, found)
        left += [
            (text.text, general)
            for one in find_identifying_details(general)
            if one.level == IDENTIFIES and general[one.start : one.end].lower() in gone
        ]
    assert left == []


@given(typed)
def test_any_text_can_be_made_general_and_stays_so(text: str) -> None:
    once = general(text)
    gone = {text[one.start : one.end] for one in find_identifying_details(text) if one.level == IDENTIFIES}
    again = {once[one.start : one.end] for one in find_identifying_details(once) if one.level == IDENTIFIES}
    assert not gone & again
