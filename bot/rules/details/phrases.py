"""Phrases that the lexicon or the circle knows: set aside if they identify nobody, marked if they do."""

from __future__ import annotations

from bot.rules.details.cues import LIVING, ROLES, STRICT_TITLES
from bot.rules.details.detail import PLEASE_LOOK, CircleWords, Type
from bot.rules.details.findings import Findings
from bot.rules.details.tokens import Token
from bot.rules.lexicon import ALLOWED, COMMON, EMPLOYER, FIGURE, GIVEN, PLACE, REGION, STARTS


def circle_words(findings: Findings, words: CircleWords) -> None:
    """What the circle always marks, and what it never does."""
    kinds: tuple[tuple[frozenset[str], Type | None], ...] = (
        (words.allowed, None),
        (words.organisations, "ORG"),
        (words.places, "LOCATION"),
        (words.handles, "HANDLE"),
        (words.people | words.lately, "PERSON"),
    )
    for listed, kind in kinds:
        by_length = _by_length(listed)
        for index, token in enumerate(findings.tokens.all):
            for count in by_length:
                if (
                    token.taken
                    or findings.tokens.phrase(index, count).removesuffix("'s") not in by_length[count]
                ):
                    continue
                if kind is None:
                    _set_aside(findings, index, count)
                elif count > 1 or kind != "PERSON" or _is_name(findings, index):
                    findings.words(index, index + count - 1, kind)
                break


def _by_length(listed: frozenset[str]) -> dict[int, set[str]]:
    """Phrases by how many words they have, the longest first."""
    found: dict[int, set[str]] = {}
    for phrase in listed:
        cleaned = " ".join(phrase.lower().replace("’", "'").split())
        if cleaned:
            found.setdefault(cleaned.count(" ") + 1, set()).add(cleaned)
    return dict(sorted(found.items(), reverse=True))


def _is_name(findings: Findings, index: int) -> bool:
    """A member called Will isn't meant by "will"."""
    token = findings.tokens.at(index)
    return not token.ordinary or (token.cap and not token.first)


def known_phrases(findings: Findings) -> None:
    """Theorists, sayings, products, figures of the day; longest first. Places of several words too."""
    tokens = findings.tokens
    phrases = tokens.lexicon.phrases
    for index, token in enumerate(tokens.all):
        if token.taken or (
            not token.flags & STARTS and not tokens.lexicon.words.get(token.text.lower(), 0) & STARTS
        ):
            continue
        for count in range(min(tokens.lexicon.longest, len(tokens.all) - index), 1, -1):
            said = tokens.phrase(index, count)
            flags = phrases.get(said) or phrases.get(said.removesuffix("'s"), 0)
            if flags and _fits(findings, index, count, flags):
                break
    _single_figures(findings)


def _fits(findings: Findings, index: int, count: int, flags: int) -> bool:
    tokens = findings.tokens
    words = [token for token in tokens.all[index : index + count] if token.word]
    capitals = sum(token.cap for token in words)
    if flags & EMPLOYER and not flags & ALLOWED:
        return False
    if flags & PLACE and not flags & REGION:
        return _place(findings, index, count, words, capitals)
    if flags & FIGURE and capitals and not flags & ALLOWED:
        if all(not word.first or word.namey for word in words[:1]):
            findings.words(index, index + count - 1, "PERSON", PLEASE_LOOK)
        return True
    before = tokens.at(index - 1).low
    if before in STRICT_TITLES and count < 3:
        return False
    _set_aside(findings, index, count)
    return True


def _place(findings: Findings, index: int, count: int, words: list[Token], capitals: int) -> bool:
    before = findings.tokens.at(index - 1)
    cued = before.low in {"in", "near", "from", "at", "to", "of"} and (
        findings.tokens.at(index - 2).low in LIVING
        or len(words) > 2
        or not all(word.has(COMMON) for word in words)
    )
    named = all(word.namey for word in words) and not cued
    if (
        capitals < len([word for word in words if len(word.low) > 3])
        and not cued
        and all(word.ordinary for word in words)
    ):
        return False
    if capitals == 0 and not cued and any(word.has(GIVEN) or word.ordinary for word in words):
        return False
    if words and words[0].first and capitals == 1 and words[0].ordinary:
        return False
    return findings.words(index, index + count - 1, "PERSON" if named else "LOCATION")


def _single_figures(findings: Findings) -> None:
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if not token.taken and token.cap and token.has(FIGURE) and not (token.first and token.ordinary):
            before = tokens.at(index - 1)
            if before.low in ROLES or before.low in STRICT_TITLES or token.has(GIVEN) or token.has(ALLOWED):
                continue
            if before.cap and before.has(GIVEN) and not before.taken:
                continue
            findings.words(index, index, "PERSON", PLEASE_LOOK)


def _set_aside(findings: Findings, index: int, count: int) -> None:
    for token in findings.tokens.all[index : index + count]:
        token.taken = True
