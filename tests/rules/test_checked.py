"""What is noticed in a form's words: marks by part, what stays, what becomes general, and how it is shown."""

from __future__ import annotations

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.lexicon import load_lexicon
from bot.rules.beginnings import begun
from bot.rules.checked import NOTHING, Checked, as_one, digest, general, groups, marks_in, proposals
from bot.rules.details import IDENTIFIES, find_identifying_details
from bot.rules.marked import with_brackets, with_places
from bot.rules.stories import LIMITS
from bot.rules.text import clean, escape, pages

PARTS = {"slip": "I forgot Anna Miller's hour. Ben was early.", "effect": "anna was angry.", "repair": "",
         "lesson": "I called Anna Miller on 07700 900123, and Zorblat."}  # fmt: skip
PIECES = [
    *("Anna Miller", "anna", "Leeds", "07700 900123", "12 May 2024", "my client Ben", "I was late.", "\n\n"),
    *("*", "||", "`", "\u200b", "\ufdd0", "\ufdd1", "%%", "\U0001f600", "said", "'s", "and", " "),
]
WRITTEN = st.lists(st.sampled_from(PIECES), max_size=12).map(lambda pieces: clean(" ".join(pieces)))
FORMS = st.fixed_dictionaries(dict.fromkeys(LIMITS, WRITTEN))


def looked(parts: dict[str, str]) -> Checked:
    """As the bot looks."""
    return Checked(marks_in(parts, find_identifying_details(as_one(parts))), words=digest(parts))


@settings(deadline=None)
@given(FORMS)
def test_marks_stand_where_the_words_are_and_survive_sealing(parts: dict[str, str]) -> None:
    checked = looked(parts)

    for mark in checked.marks:
        assert 0 <= mark.start < mark.end <= len(parts[mark.part])
    assert Checked.from_payload(json.loads(json.dumps(checked.as_payload()))) == checked


@settings(deadline=None)
@given(FORMS, st.integers(30, 200))
def test_general_words_fit_and_leave_alone_what_isnt_marked(parts: dict[str, str], limit: int) -> None:
    checked = looked(parts)
    limits = {name: max(limit, len(text)) for name, text in parts.items()}

    changed = general(parts, checked, limits)

    assert changed.keys() == parts.keys()
    for name, text in changed.items():
        assert len(text) <= limits[name]
        if not any(mark.part == name and mark.level == IDENTIFIES for mark in checked.left):
            assert text == parts[name]


@settings(deadline=None)
@given(FORMS)
def test_what_is_kept_is_neither_asked_about_nor_changed(parts: dict[str, str]) -> None:
    checked = looked(parts)
    kept = checked.keeping({mark.said for mark in checked.marks})

    assert not kept.left
    assert not kept.asks
    assert groups(parts, kept) == ()
    assert general(parts, kept, dict.fromkeys(parts, 4000)) == parts


def test_the_same_person_in_two_parts_is_one_group_and_one_client() -> None:
    checked = looked(PARTS)
    found = {group.said: group for group in groups(PARTS, checked)}

    assert len(found["anna miller"].marks) == 2
    assert list(found)[-1] == "zorblat"  # what is only worth a look comes last
    assert proposals(PARTS, checked)["anna miller"] == "a client"
    changed = general(PARTS, checked, LIMITS)
    assert changed["effect"] == "the client was angry."
    assert changed["lesson"] == "I called the client on a phone number, and Zorblat."


def test_where_general_words_have_no_room_three_dots_stand() -> None:
    parts = {"text": "Jo, " + "x" * 30}
    checked = Checked(marks_in(parts, find_identifying_details("Jo, " + "x" * 30)))
    said = {group.said for group in groups(parts, checked)}

    assert general(parts, checked, {"text": 34}, said)["text"] == "…, " + "x" * 30


def test_a_draft_from_before_has_nothing_noticed() -> None:
    assert Checked.from_payload(None) == NOTHING


@settings(deadline=None)
@given(WRITTEN, st.integers(20, 120))
def test_shown_marks_are_whole_on_every_page_and_hide_nothing(text: str, room: int) -> None:
    marks = looked({"text": text}).marks

    shown = with_brackets(pages([escape(with_places(text, marks))], room, room))

    assert not any(sign in page for page in shown for sign in "\ufdd0\ufdd1\ufdd2")
    for page in shown:
        assert page.count("**\\[") == page.count("\\]**")
    unmarked = "".join(shown)
    for sign in ("**\\[", "?\\]**", "\\]**"):
        unmarked = unmarked.replace(sign, "")
    plain = escape(text).replace("\ufdd0", "\ufffd").replace("\ufdd1", "\ufffd")
    assert re.sub(r"[\s?<>]", "", unmarked) == re.sub(r"[\s?<>]", "", plain)


def test_a_beginning_is_followed_by_what_was_typed() -> None:
    lexicon = load_lexicon()

    assert begun("What I heard is", "How sudden it was.", 99, lexicon) == "What I heard is how sudden it was."
    assert begun("May I ask", "Anna said what?", 99, lexicon) == "May I ask Anna said what?"
    assert begun("I've been there:", "I forgot one too.", 99, lexicon) == "I've been there: I forgot one too."
    assert begun("What I heard is", "what I heard is it", 99, lexicon) == "what I heard is it"
    assert begun("What I heard is", "Too long", 10, lexicon) == "Too long"
    assert begun("What I heard is", "", 99, lexicon) == ""
