"""A phrase is found where somebody who doesn't program would expect it, and a broken one is explained."""

from __future__ import annotations

import pytest

from bot.rules.phrases import PhraseError, Phrases, sentences

LISTS = {"who": ["husband", "wife"], "hurts": ["hits", "beats {who}", "(kicks/bites) hard"]}


def found(phrase: str, text: str) -> bool:
    """Whether a phrase stands in a text that is plain already, but for its borders."""
    phrases = Phrases([phrase], LISTS)
    return any(phrases.stand_in(one, frozenset(one.split())) for one in sentences(f" . {text} . "))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("i want to die", "and i want to die now"),
        ("(hurt/kill) him", "i will kill him"),
        ("i [really/just] want", "i want"),
        ("i [really/just] want", "i just want"),
        ("my {who} hits", "my wife hits me"),
        ("he {hurts}", "he beats wife"),
        ("he {hurts}", "he bites hard"),
        ("want ... die", "want nothing else , than to die"),
        ("kill*", "he is killing time"),
        ("^ ask her", "well . ask her"),
        ("you should $", "perhaps you should"),
        ("a [b [c/d] e] f", "a b d e f"),
    ],
)
def test_it_is_found(phrase: str, text: str) -> None:
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("i want to die", "i want to diet"),
        ("want ... die", "want one two three four five six die"),
        ("want ... die", "want . die"),
        ("^ ask her", "i ask her"),
        ("you should $", "you should know"),
        ("(hurt/kill) him", "i will kiss him"),
    ],
)
def test_it_is_not_found(phrase: str, text: str) -> None:
    assert not found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("(a/b", "never closed"),
        ("a) b", "closing bracket too many"),
        ("a/b", "outside brackets"),
        ("(a/)", "something is missing"),
        ("(a]", "wrong kind"),
        ("Want", "small letters"),
        ("{nobody} here", "no list named"),
    ],
)
def test_a_broken_phrase_is_explained(phrase: str, why: str) -> None:
    with pytest.raises(PhraseError, match=why):
        Phrases([phrase], LISTS)


def test_a_list_cannot_name_itself_or_a_later_one() -> None:
    with pytest.raises(PhraseError, match="no list named"):
        Phrases(["{a}"], {"a": ["{b}"], "b": ["{a}"]})
