"""Identifying details: found in what somebody typed, and made general.

``find_identifying_details(text)`` finds them, ``generalise(text, found)`` replaces them. Both are pure;
what is known about words comes from ``bot.content.lexicon``, which reads its lists when it is first asked
(about half a second): call ``load_lexicon()`` at start, or hand a lexicon in.
"""

from __future__ import annotations

from bot.content.lexicon import load_lexicon
from bot.rules.details import (
    by_name,
    dates,
    initials,
    introduced,
    organisations,
    phrases,
    places,
    shapes,
    streets,
)
from bot.rules.details.detail import IDENTIFIES, PLEASE_LOOK, CircleWords, Detail
from bot.rules.details.findings import Findings
from bot.rules.details.generalise import Replacement, generalise, replacements
from bot.rules.details.tokens import tokens_of
from bot.rules.details.view import view_of
from bot.rules.lexicon import Lexicon

__all__ = [
    "IDENTIFIES",
    "PLEASE_LOOK",
    "CircleWords",
    "Detail",
    "Replacement",
    "find_identifying_details",
    "generalise",
    "replacements",
]

_ENGLISH = "en"


def find_identifying_details(
    text: str,
    language: str = _ENGLISH,
    extra: CircleWords | None = None,
    *,
    lexicon: Lexicon | None = None,
) -> list[Detail]:
    """Details in ``text`` by which somebody may be recognised, in order, none overlapping another.

    Contacts, links, handles, numbers and dates in digits are found in every language, and so are the circle's
    own words (``extra``); names, places, organisations, ages and dates in words only in English. Never
    raises, whatever the text.
    """
    if not text or text.isspace():
        return []
    view = view_of(text)
    findings = Findings(tokens_of(view.text, lexicon or load_lexicon()))
    phrases.circle_words(findings, extra or CircleWords())
    for start, end, kind in shapes.shaped(view.text):
        findings.add(start, end, kind)
    if language.split("-")[0] == _ENGLISH:
        _in_english(findings)
    return sorted(
        Detail(*view.span(start, end), kind, level)
        for start, end, kind, level in findings.found
        if end > start
    )


def _in_english(findings: Findings) -> None:
    text = findings.tokens.text
    for rule in (dates.dates, dates.ages, shapes.placed):
        for start, end, kind in rule(text):
            findings.add(start, end, kind)
    organisations.organisations(findings)
    streets.streets(findings)
    phrases.known_phrases(findings)
    introduced.titled(findings)
    introduced.introduced(findings)
    initials.initials(findings)
    places.places(findings)
    by_name.by_name(findings)
    by_name.repeated(findings)
    for _, end, kind, _ in tuple(findings.found):
        if kind == "PERSON" and (age := dates.age_of(text, end)):
            findings.add(*age)
    for start, end, kind in dates.days_to_look_at(text):
        findings.add(start, end, kind, PLEASE_LOOK)
    by_name.strangers(findings)
