"""Initials that stand for somebody: J.M., client K, "J told me", JM's mother."""

from __future__ import annotations

from bot.rules.details.cues import (
    DONE_TO,
    FUNCTION,
    INITIALS_OF_NO_ONE,
    NO_NAME_LETTERS,
    ROLES,
    SAID,
    STRICT_TITLES,
    SURELY_SAID,
    SURELY_TO_PERSON,
)
from bot.rules.details.detail import PLEASE_LOOK
from bot.rules.details.findings import Findings
from bot.rules.details.names import AFTER_A_NAME, CLAUSE, ends_there, rest_of_name
from bot.rules.details.tokens import Token, Tokens
from bot.rules.lexicon import ALLOWED, COMMON, ORDINARY, REGION

_PLACEHOLDERS = frozenset(["A", "B", "X", "Y", "Z"])
_SEVERAL = frozenset(["couple", "family", "group", "clients"])
_TO = SURELY_TO_PERSON | frozenset(
    ["by", "seeing", "for", "about", "called", "named", "promised", "supervise", "of", "from"]
)
_NOT_SAID = frozenset(["is", "was", "and", "just", "needed", "who", "will"])


def initials(findings: Findings) -> None:
    """Letters that stand for somebody's name."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or not token.word or len(token.low) > 3:
            continue
        if last := _dotted(tokens, index):
            said = tokens.text[token.start : tokens.at(last).end].replace(" ", "").lower()
            if said.rstrip(".") + "." not in INITIALS_OF_NO_ONE:
                surname = tokens.at(last + 1)
                if surname.cap and surname.namey and not surname.first:
                    last = rest_of_name(tokens, last + 1)
                findings.words(index, last, "PERSON")
        elif _letter(tokens, index):
            _add_letter(findings, index)
        elif len(token.low) > 1 and _two_capitals(tokens, index):
            findings.words(index, index, "PERSON")
    _again(findings)


def _add_letter(findings: Findings, index: int) -> None:
    tokens, token = findings.tokens, findings.tokens.at(index)
    dotted = tokens.at(index + 1).text == "." and tokens.at(index + 1).start == token.end
    last = index + (dotted and tokens.at(index + 2).word)
    surname = tokens.at(last + 1)
    if last > index and surname.cap and (surname.namey or surname.unknown) and not surname.taken:
        last = rest_of_name(tokens, last + 1)
    if token.text in _PLACEHOLDERS and tokens.at(index - 1).low in ROLES:
        findings.words(index, last, "PERSON", PLEASE_LOOK)
    else:
        findings.words(index, last, "PERSON")


def _dotted(tokens: Tokens, index: int) -> int:
    """The index of the last full stop or letter of several dotted initials that begin here, or 0."""
    at, letters = index, 0
    while (
        _is_letter(tokens.at(at))
        and tokens.at(at + 1).text == "."
        and tokens.at(at + 1).start == tokens.at(at).end
    ):
        letters += 1
        at += 2
        gap = tokens.text[tokens.at(at - 1).end : tokens.at(at).start]
        if gap not in {"", " "} or tokens.at(at).text.islower() != tokens.at(index).text.islower():
            break
    if letters == 1 and tokens.at(at).start == tokens.at(at - 1).end and _is_letter(tokens.at(at)):
        return at
    return at - 1 if letters > 1 else 0


def _is_letter(token: Token) -> bool:
    return token.word and len(token.text) == 1


def _letter(tokens: Tokens, index: int) -> bool:
    """One letter that stands for somebody."""
    token, before, after = tokens.at(index), tokens.at(index - 1), tokens.at(index + 1)
    if len(token.low) != 1 or not token.low.isascii() or before.low in NO_NAME_LETTERS:
        return False
    around = tokens.text[max(0, token.start - 1) : token.start] + tokens.text[token.end : token.end + 1]
    if any(sign in around for sign in "-&/+'") and not token.possessive:
        return False
    dotted = after.text == "." and after.start == token.end
    if dotted:
        after = tokens.at(index + 2)
    if before.low in ROLES and before.end + 1 == token.start and not before.possessive:
        if not token.cap:
            return token.low not in "aixsur" and before.low not in _SEVERAL
        return token.text not in "AI" or (token.text == "A" and not after.word)
    if token.first and after.low == "from" and token.low not in "aiusxrn":
        return True
    if not token.text.isupper():
        return dotted and token.low not in "aisx" and before.low in SURELY_TO_PERSON | DONE_TO | {"by"}
    if token.text == "I":
        return False
    if before.low in STRICT_TITLES or (before.text == "." and tokens.at(index - 2).low in STRICT_TITLES):
        return True
    return _stands_for_somebody(tokens, index, after, dotted)


def _stands_for_somebody(tokens: Tokens, index: int, after: Token, dotted: bool) -> bool:
    token, before = tokens.at(index), tokens.at(index - 1)
    if token.text == "A":
        return after.low in SURELY_SAID and token.first
    if token.possessive and tokens.at(index + 1).low in AFTER_A_NAME:
        return True
    begins = token.first or before.low in CLAUSE or before.text in {",", ";"}
    if after.low in SURELY_SAID or (begins and after.low in SAID - _NOT_SAID):
        return True
    if (
        dotted
        and after.word
        and not after.first
        and after.low in FUNCTION | SAID
        and before.low not in {"the", "a"}
    ):
        return True
    if begins and after.low == "from":
        return True
    if begins and after.low == "and" and tokens.at(index + 2).low in {"i", "her", "his", "their", "me"}:
        return True
    return before.low in _TO and ends_there(after)


def _two_capitals(tokens: Tokens, index: int) -> bool:
    token, before, after = tokens.at(index), tokens.at(index - 1), tokens.at(index + 1)
    if not token.acronym or token.has(ALLOWED | REGION | ORDINARY | COMMON):
        return False
    if before.low in ROLES and not before.taken:
        return True
    return len(token.low) == 2 and (
        after.low in SURELY_SAID
        or token.possessive
        or before.low in _TO
        or (token.first and after.low in SAID)
    )


def _again(findings: Findings) -> None:
    """Letters that once stood for somebody do so wherever they come again."""
    tokens = findings.tokens
    meant = {
        token.text[: len(token.low)]
        for token in tokens.all
        if token.taken and token.acronym and len(token.low) < 4 and not token.has(ALLOWED | REGION)
    }
    for index, token in enumerate(tokens.all):
        if not token.taken and token.acronym and token.text[: len(token.low)] in meant:
            findings.words(index, index, "PERSON")


__all__ = ["initials"]
