"""Street addresses: 61 High Street, 830 maple drive, on Elm Road."""

from __future__ import annotations

from bot.rules.details.cues import (
    FUNCTION,
    GENERIC,
    LIVING,
    NO_STREET,
    ROLES,
    SAID,
    STREETS,
    SURE_STREETS,
    UNITS,
    word_set,
)
from bot.rules.details.detail import PLEASE_LOOK
from bot.rules.details.findings import Findings
from bot.rules.details.tokens import Tokens

NUMBER_WORDS = word_set(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred"
)
_AT_HOME = LIVING | word_set("house flat home place him her them client number")
_DOORS = word_set("at on to from is was of number address")
_MORE_THAN_STREETS = word_set("close way row place park court hill walk view rise st dr square circle trail")
"""Words that mean a street only with a number before them, and more."""


def streets(findings: Findings) -> None:
    """Mark street addresses."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or not token.word or token.low not in STREETS or tokens.at(index - 1).taken:
            continue
        first = _first_word(tokens, index)
        if first == index:
            continue
        number = _house_number(tokens, first)
        if number is not None and _numbered(tokens, number, first, index):
            findings.words(number, index, "LOCATION")
        elif token.low in SURE_STREETS:
            _unnumbered(findings, first, index)


def _first_word(tokens: Tokens, index: int) -> int:
    """Where a street's name begins."""
    kind, first = tokens.at(index), index
    while index - first < 3 and tokens.close(first - 1) and tokens.at(first - 1).word:
        before = tokens.at(first - 1)
        if (
            before.low in FUNCTION and not (before.low == "the" and before.cap)
        ) or before.low in UNITS | NUMBER_WORDS:
            break
        if kind.cap and not before.cap:
            break
        first -= 1
    begins = tokens.at(first)
    if first < index and begins.first and begins.ordinary and begins.low in SAID | LIVING | ROLES:
        first += 1
    return first


def _house_number(tokens: Tokens, first: int) -> int | None:
    """The index of the number before a street's name, if there is one."""
    at = first - 1
    if tokens.at(at).text == ",":
        at -= 1
    number = tokens.at(at)
    if number.text[:1].isdigit() and len(number.text) < 6:
        return at
    if number.low not in NUMBER_WORDS or not tokens.close(at):
        return None
    while tokens.at(at - 1).low in NUMBER_WORDS and tokens.close(at - 1):
        at -= 1
    return at


def _numbered(tokens: Tokens, number: int, first: int, index: int) -> bool:
    kind = tokens.at(index)
    if kind.cap:
        return True
    if index - first > 2:
        return False
    if kind.low in _MORE_THAN_STREETS:
        return (
            tokens.at(number - 1).low in _DOORS
            and tokens.at(number).text[:1].isdigit()
            and not (tokens.at(first).low.endswith("s") or tokens.at(first).low in GENERIC)
        )
    return True


def _unnumbered(findings: Findings, first: int, index: int) -> None:
    tokens = findings.tokens
    kind, name = tokens.at(index), tokens.at(index - 1)
    if kind.cap and name.cap and not name.first and name.low not in NO_STREET:
        findings.words(first, index, "LOCATION")
    elif kind.cap and name.cap and not name.first and name.low == "high":
        findings.words(first, index, "LOCATION", PLEASE_LOOK)
    elif (
        name.low not in NO_STREET | GENERIC
        and tokens.at(first - 1).low
        in {
            "on",
            "at",
            "in",
            "off",
            "near",
        }
        and {tokens.at(first - 2).low, tokens.at(first - 3).low} & _AT_HOME
    ):
        findings.words(first, index, "LOCATION")
