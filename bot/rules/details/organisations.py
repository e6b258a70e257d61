"""Practices, schools and employers, by what they are called and by the work that somebody does there."""

from __future__ import annotations

from bot.rules.details.cues import (
    DETERMINERS,
    EMPLOYED,
    FUNCTION,
    GENERIC,
    LIVING,
    ORGANISATIONS,
    ROLES,
    SAID,
    SURE_ORGANISATIONS,
    TITLES,
    word_set,
)
from bot.rules.details.findings import Findings
from bot.rules.details.tokens import Token, Tokens, is_slip
from bot.rules.lexicon import ALLOWED, ALONE, EMPLOYER, GIVEN, PLACE, REGION

_JOINERS = word_set("of and & for the upon in")
_AFTER = word_set(
    "london belfast dublin edinburgh glasgow manchester trust foundation nhs school college hospital"
)
_NAMED_FIRST = word_set("university college hmp hmyoi diocese institute church bank school")
_NEEDS_NO_OF = word_set("hmp hmyoi university college")
_ASKS = word_set("at from with for to by")
_SENDS = word_set(
    "sent send letter report email boss colleague colleagues hr manager referral wrote notes cc'd emailed"
)
_ITS_PRODUCTS = word_set("docs doc calendar maps drive meet store account translate search reviews review")
_IS = word_set("she's he's they're is was i'm im are were who's")
_ONE_OF_A_KIND = word_set(
    "clinic surgery hospital infirmary centre center academy hospice nursery practice counselling counseling"
)
"""Without an article before them, what follows "at" is a name: "at riverside clinic"."""
_REACHES = word_set("left rang called emailed phoned told joined")
_ALSO_DONE = word_set("surgery practice counselling counseling")
"""Also what one does or has done: "from knee surgery", "with daily practice"."""
_CERTAIN_WORK = word_set("works worked employed working works")


def organisations(findings: Findings) -> None:
    """Mark the names of organisations."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or not token.word:
            continue
        if token.low in ORGANISATIONS:
            _ends_with(findings, index)
        if not token.taken and token.low in _NAMED_FIRST:
            _begins_with(findings, index)
        if token.low in {"st", "saint"}:
            _saint(findings, index)
        elif not token.taken and token.low in _ASKS:
            _employer(findings, index)


def _ends_with(findings: Findings, index: int) -> None:
    """Elmwood Clinic, pine street clinic, the Royal Free Hospital."""
    tokens = findings.tokens
    first = index
    while (tokens.close(first - 1) or tokens.at(first - 1).text in {"&", "-", "'"}) and _belongs(
        tokens, first, index
    ):
        first -= 1
    while first < index and (tokens.at(first).low in _JOINERS or _only_begins(tokens, first)):
        first += 1
    while not tokens.at(index).cap and first < index and tokens.at(first).low in GENERIC:
        first += 1
    if first == index or not _is_own_name(tokens, first, index):
        return
    last = index
    while tokens.close(last) and (after := tokens.at(last + 1)).low in ORGANISATIONS | _AFTER:
        if after.cap != tokens.at(index).cap:
            break
        last += 1
    findings.words(first, last, "ORG")


def _belongs(tokens: Tokens, first: int, index: int) -> bool:
    """Whether the word before ``first`` is part of the name that ends at ``index``."""
    kind, before = tokens.at(index), tokens.at(first - 1)
    if (before.taken and not before.has(ALLOWED | REGION | PLACE)) or before.low in {"at", "in", "from"}:
        return False
    if before.cap:
        return True
    if not before.word and before.text not in {"&", "-", "'"}:
        return False
    if kind.cap:
        return (before.low in _JOINERS or before.text == "&") and tokens.at(first - 2).cap
    stops = before.low in FUNCTION | SAID | LIVING | ROLES | EMPLOYED and not before.has(GIVEN)
    return not stops and first > index - 4


def _only_begins(tokens: Tokens, index: int) -> bool:
    """A capital that only begins the sentence: "Told Elmwood Clinic", "At Pine Street Clinic"."""
    token = tokens.at(index)
    if not token.first:
        return False
    return token.low in FUNCTION or (
        token.ordinary and not token.namey and token.low in SAID | ROLES | LIVING
    )


def _is_own_name(tokens: Tokens, first: int, index: int) -> bool:
    """Whether the words before "clinic" are its own name, and not a kind of clinic."""
    kind, own = tokens.at(index), tokens.all[first:index]
    names = [word for word in own if word.word and word.low not in GENERIC and word.low not in FUNCTION]
    if not names or all(
        word.has(ALLOWED | REGION) or (word.acronym and not word.has(PLACE)) for word in names
    ):
        return False
    sure, before = kind.low in SURE_ORGANISATIONS, tokens.at(first - 1)
    strange = any(_is_strange(word, tokens) for word in names)
    if kind.cap and any(word.cap for word in names):
        return (
            sure
            or before.low in _ASKS
            or any(word.text == "&" for word in own)
            or any(not word.ordinary and not word.harmless for word in names)
        )
    if any(word.cap for word in names):
        return strange and sure and not (len(names) == 1 and names[0].possessive)
    return sure and _is_own_name_in_lower_case(tokens, first, index, names, strange)


def _is_own_name_in_lower_case(
    tokens: Tokens, first: int, index: int, names: list[Token], strange: bool
) -> bool:
    """Without an article, what stands before a noun that needs one is a name: "at riverside clinic"."""
    kind, before = tokens.at(index), tokens.at(first - 1)
    named = strange or any(word.namey or word.has(PLACE) for word in names)
    if before.low == "the" or (before.low in GENERIC and tokens.at(first - 2).low == "the"):
        return strange or (named and kind.low in _ONE_OF_A_KIND)
    if before.low in DETERMINERS:
        return strange
    if not (before.low in _ASKS | _REACHES or tokens.at(first).first):
        return strange
    if named or len(names) > 1:
        return True
    if len(names) < index - first or kind.low not in _ONE_OF_A_KIND:
        return False
    return before.low == "at" or (before.low in _ASKS and kind.low not in _ALSO_DONE)


def _is_strange(word: Token, tokens: Tokens) -> bool:
    """Somebody's or some place's name, or a word that English hasn't."""
    if word.cap:
        return not word.first and not word.harmless
    if word.low in {"royal", "saint"}:
        return True
    if word.ordinary or word.has(ALLOWED | REGION) or word.possessive:
        return False
    return word.has(PLACE | ALONE | GIVEN) or (
        word.unknown and len(word.low) > 4 and not is_slip(word.low, tokens.lexicon)
    )


def _begins_with(findings: Findings, index: int) -> None:
    """University of Leeds, HMP Wandsworth."""
    tokens = findings.tokens
    start = index
    if tokens.at(index + 1).low == "of":
        start += 1
    elif tokens.at(index).low not in _NEEDS_NO_OF:
        return
    last = start
    while tokens.close(last):
        after = tokens.at(last + 1)
        if after.low in FUNCTION or not (
            after.cap or (last == start and after.has(PLACE) and not after.ordinary)
        ):
            break
        last += 1
    if last > start and (start > index or tokens.at(index).cap or tokens.at(index).low.startswith("hm")):
        findings.words(index, last, "ORG")


def _saint(findings: Findings, index: int) -> None:
    """St Anne's, St Thomas': by itself a school, a hospital or a church."""
    tokens = findings.tokens
    at = index + 1 + (tokens.at(index + 1).text == ".")
    if tokens.at(at).cap and tokens.at(at + 1).text == "'" and tokens.at(at + 2).low in ORGANISATIONS:
        findings.words(index, at + 2, "ORG")
        return
    saint, before = tokens.at(at), tokens.at(index - 1).low
    if not saint.word or saint.taken or not (saint.cap or saint.possessive):
        return
    if saint.possessive or (before in {"at", "from", "the", "to"} and not saint.has(PLACE)):
        last = at + (tokens.close(at) and tokens.at(at + 1).low in ORGANISATIONS)
        findings.words(index, last, "ORG")


def _employer(findings: Findings, index: int) -> None:
    """ "works at Tesco", "employed by kwik fit", "the report I sent to Google"."""
    tokens = findings.tokens
    first = index + 1 + (tokens.at(index + 1).low in {"the", "a"})
    name = tokens.at(first)
    near = {tokens.at(at).low for at in range(max(0, index - 4), index)}
    somebody = tokens.at(index - 1).taken or tokens.at(index - 1).low in ROLES | _IS
    work = bool(near & EMPLOYED) or (tokens.at(index).low in {"at", "from"} and somebody)
    known = next((count for count in (3, 2, 1) if _is_employer(tokens, first, count)), 0)
    if known and (work or near & _SENDS or _is_institution(name)):
        if tokens.at(first + known).low not in _ITS_PRODUCTS:
            findings.words(first, first + known - 1, "ORG")
    elif near & EMPLOYED and name.cap and _may_employ(tokens, index, first, near):
        last = first
        while tokens.close(last) and tokens.at(last + 1).cap and tokens.at(last + 1).low not in FUNCTION:
            last += 1
        findings.words(first, last, "ORG")
    elif (
        near & _CERTAIN_WORK and name.unknown and len(name.low) > 3 and not is_slip(name.low, tokens.lexicon)
    ):
        last = first + (
            tokens.close(first) and tokens.at(first + 1).word and tokens.at(first + 1).low not in FUNCTION
        )
        findings.words(first, last, "ORG")


def _may_employ(tokens: Tokens, index: int, first: int, near: set[str]) -> bool:
    name, preposition = tokens.at(first), tokens.at(index).low
    if name.taken or name.first or name.has(ALLOWED | REGION) or name.low in FUNCTION | TITLES:
        return False
    if near & {"trained", "training", "studied", "shift"} and name.has(GIVEN):
        return False
    if preposition in {"with", "to", "for"} and name.has(GIVEN | PLACE):
        return False
    return not name.has(PLACE) or preposition == "at"


def _is_institution(name: Token) -> bool:
    """A university or a hospital: nobody goes there as one goes to a shop."""
    return not name.has(ALLOWED) and (name.cap or not name.ordinary)


def _is_employer(tokens: Tokens, first: int, count: int) -> bool:
    said = tokens.phrase(first, count).removesuffix("'s")
    table = tokens.lexicon.words if count == 1 else tokens.lexicon.phrases
    return bool(table.get(said, 0) & EMPLOYER)


__all__ = ["organisations"]
