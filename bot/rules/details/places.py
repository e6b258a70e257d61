"""Organisations and places, by the words around them and by name."""

from __future__ import annotations

from bot.rules.details.cues import (
    DETERMINERS,
    EMPLOYED,
    FUNCTION,
    GENERIC,
    IN_PLACE,
    LIVING,
    NO_STREET,
    ORGANISATIONS,
    ROLES,
    SAID,
    STREETS,
    SURE_ORGANISATIONS,
    SURE_STREETS,
    SURELY_SAID,
    TITLES,
    UNITS,
)
from bot.rules.details.detail import PLEASE_LOOK
from bot.rules.details.findings import Findings
from bot.rules.details.tokens import Token, Tokens, is_slip
from bot.rules.lexicon import ALLOWED, ALONE, EMPLOYER, GIVEN, ORDINARY, PLACE, REGION

_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred".split()
)
_JOINERS = frozenset("of and & for the upon in".split())
_AFTER = frozenset(
    "london belfast dublin edinburgh glasgow manchester trust foundation nhs school college hospital".split()
)


def organisations(findings: Findings) -> None:
    """Practices, schools, employers."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or not token.word:
            continue
        if token.low in ORGANISATIONS:
            _ends_with(findings, index)
        elif token.low in {
            "university",
            "college",
            "school",
            "hmp",
            "hmyoi",
            "church",
            "bank",
            "institute",
            "diocese",
        }:
            _begins_with(findings, index)
        if token.cap and token.low in {
            "university",
            "college",
            "hmp",
            "hmyoi",
            "diocese",
            "institute",
            "church",
        }:
            _begins_with(findings, index)
        if token.low in {"st", "saint"} and (token.cap or tokens.at(index + 1).possessive):
            _saint(findings, index)
        if not token.taken and token.low in {"at", "for", "by", "with", "to", "from"}:
            _employer(findings, index)


def _ends_with(findings: Findings, index: int) -> None:
    tokens = findings.tokens
    token = tokens.at(index)
    first = index
    while tokens.close(first - 1) or (tokens.at(first - 1).text in {"&", "-", "'"}):
        before = tokens.at(first - 1)
        joiner = before.low in _JOINERS or before.text == "&"
        if before.taken and not before.has(ALLOWED | REGION | PLACE):
            break
        if token.cap and not before.cap and not (joiner and tokens.at(first - 2).cap and first < index + 1):
            break
        if (
            not token.cap
            and not before.cap
            and (before.low in FUNCTION or before.low in GENERIC or first <= index - 3)
        ):
            break
        if before.low in {"at", "in", "from"}:
            break
        first -= 1
    while first < index and (tokens.at(first).low in _JOINERS or _only_begins(tokens, first)):
        first += 1
    own = tokens.all[first:index]
    if not own or not _own_name(tokens, first, index):
        return
    last = index
    while (
        tokens.close(last)
        and tokens.at(last + 1).cap
        and (tokens.at(last + 1).low in ORGANISATIONS or tokens.at(last + 1).low in _AFTER)
    ):
        last += 1
    findings.words(first, last, "ORG")


def _only_begins(tokens: Tokens, index: int) -> bool:
    """A capital that only begins the sentence: "Told Elmwood Clinic", "At Pine Street Clinic"."""
    token = tokens.at(index)
    return token.first and (
        token.low in FUNCTION or (token.ordinary and not token.namey and token.low in SAID | ROLES | LIVING)
    )


def _own_name(tokens: Tokens, first: int, index: int) -> bool:
    """Whether the words before "clinic" are its own name, not a kind of clinic."""
    token, own = tokens.at(index), tokens.all[first:index]
    names = [word for word in own if word.word and word.low not in GENERIC and word.low not in FUNCTION]
    if not names:
        return False
    if all(word.has(ALLOWED | REGION) or (word.acronym and not word.has(PLACE)) for word in names):
        return False
    capitals = [word for word in names if word.cap]
    before = tokens.at(first - 1)
    asked = before.low in {"at", "from", "with", "for", "to", "by"}
    if token.cap and capitals:
        if len(own) == 1 and own[0].first and own[0].ordinary:
            return False
        return (
            token.low in SURE_ORGANISATIONS
            or asked
            or any(not word.ordinary and not word.harmless for word in names)
        )
    strange = any(
        (word.cap and not word.first)
        or (not word.ordinary and not word.has(ALLOWED) and word.has(PLACE | ALONE | GIVEN))
        for word in names
    )
    if capitals:
        return (
            strange
            and token.low in SURE_ORGANISATIONS
            and not any(w.possessive and w.cap and len(names) == 1 for w in names)
        )
    if before.low in DETERMINERS and not strange:
        return False
    whole = any(word.low in STREETS or word.low in {"st", "saint", "royal"} for word in names)
    return (
        token.low in SURE_ORGANISATIONS
        and before.low in {"at", "from", "the"}
        and (
            strange
            or (whole and len(names) > 1)
            or (before.low == "at" and len(names) == 2 and all(word.low not in GENERIC for word in names))
        )
    )


def _begins_with(findings: Findings, index: int) -> None:
    """University of Leeds, HMP Wandsworth, College of St Mary."""
    tokens = findings.tokens
    last = index
    if tokens.at(index + 1).low == "of":
        last += 1
    elif tokens.at(index).low not in {"hmp", "hmyoi", "university", "college"}:
        return
    start = last
    while tokens.close(last) and (
        tokens.at(last + 1).cap or tokens.at(last + 1).has(PLACE) and last == start and start > index
    ):
        if tokens.at(last + 1).low in FUNCTION:
            break
        last += 1
    if last > start:
        findings.words(index, last, "ORG")


def _saint(findings: Findings, index: int) -> None:
    """St Anne's, St Thomas': a school, a hospital or a church by itself."""
    tokens = findings.tokens
    at = index + 1
    if tokens.at(at).text == ".":
        at += 1
    saint = tokens.at(at)
    before = tokens.at(index - 1).low
    if (
        saint.word
        and (saint.cap or saint.possessive)
        and not saint.taken
        and (saint.possessive or before in {"at", "from", "the", "to"})
    ):
        last = at
        if tokens.close(at) and tokens.at(at + 1).low in ORGANISATIONS:
            last = at + 1
        findings.words(index, last, "ORG")


def _employer(findings: Findings, index: int) -> None:
    """ "works at Tesco", "employed by Google", "the report I sent to Google"."""
    tokens = findings.tokens
    first = index + 1
    if tokens.at(first).low in {"the", "a"}:
        first += 1
    name = tokens.at(first)
    near = {tokens.at(at).low for at in range(max(0, index - 4), index)}
    work = bool(near & EMPLOYED)
    known = next((count for count in (3, 2, 1) if _is_employer(tokens, first, count)), 0)
    sends = bool(
        near
        & {
            "sent",
            "send",
            "letter",
            "report",
            "email",
            "boss",
            "colleague",
            "colleagues",
            "hr",
            "manager",
            "referral",
            "wrote",
        }
    )
    after = tokens.at(first + max(known, 1)).low
    if (
        known
        and (work or sends)
        and (name.cap or work)
        and after not in {"docs", "doc", "calendar", "maps", "drive", "meet", "store", "account"}
    ):
        findings.words(first, first + known - 1, "ORG")
    elif (
        work
        and name.cap
        and not name.taken
        and not name.first
        and not name.has(ALLOWED | REGION)
        and name.low not in FUNCTION | TITLES
    ):
        if near & {"trained", "training", "studied", "shift"} and name.has(GIVEN):
            return
        if tokens.at(index).low in {"with", "to", "for"} and (name.has(GIVEN) or name.has(PLACE)):
            return
        if name.has(PLACE) and tokens.at(index).low != "at":
            return
        last = first
        while tokens.close(last) and tokens.at(last + 1).cap and tokens.at(last + 1).low not in FUNCTION:
            last += 1
        findings.words(first, last, "ORG")


def _is_employer(tokens: Tokens, first: int, count: int) -> bool:
    said = tokens.phrase(first, count).removesuffix("'s")
    table = tokens.lexicon.words if count == 1 else tokens.lexicon.phrases
    return bool(table.get(said, 0) & EMPLOYER)


def streets(findings: Findings) -> None:
    """61 High Street, 830 maple drive, on Elm Road."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.low not in STREETS or token.taken or not token.word or tokens.at(index - 1).taken:
            continue
        first = index
        while first > 0 and index - first < 3 and tokens.close(first - 1) and tokens.at(first - 1).word:
            before = tokens.at(first - 1)
            if (
                before.low in FUNCTION
                and not (before.low == "the" and before.cap)
                or before.low in _NUMBER_WORDS
                or before.low in UNITS
            ):
                break
            if token.cap and not before.cap:
                break
            first -= 1
        if (
            first < index
            and tokens.at(first).first
            and tokens.at(first).ordinary
            and tokens.at(first).low in SAID | LIVING | ROLES
        ):
            first += 1
        if first == index:
            continue
        number = _house_number(tokens, first)
        own = tokens.all[first:index]
        street = own[-1]
        if (
            number is not None
            and (token.cap or len(own) < 3)
            and not own[0].low.endswith("s ")
            and token.low
            not in {"close", "way", "row", "place", "park", "court", "hill", "walk", "view", "rise"}
            or (number is not None and token.cap)
        ):
            findings.words(number, index, "LOCATION")
        elif (
            token.cap
            and street.cap
            and token.low in SURE_STREETS
            and street.low not in NO_STREET
            and not street.first
        ):
            findings.words(first, index, "LOCATION")
        elif (
            token.cap
            and street.cap
            and token.low in SURE_STREETS
            and street.low == "high"
            and not street.first
        ):
            findings.words(first, index, "LOCATION", PLEASE_LOOK)
        elif token.low in SURE_STREETS and street.low not in NO_STREET | GENERIC and _lives_on(tokens, first):
            findings.words(first, index, "LOCATION")


def _house_number(tokens: Tokens, first: int) -> int | None:
    at = first - 1
    if tokens.at(at).text == ",":
        at -= 1
    number = tokens.at(at)
    if number.text[:1].isdigit() and len(number.text) < 6:
        return at
    if number.low in _NUMBER_WORDS and tokens.close(at):
        while tokens.at(at - 1).low in _NUMBER_WORDS and tokens.close(at - 1):
            at -= 1
        return at
    return None


def _lives_on(tokens: Tokens, first: int) -> bool:
    return tokens.at(first - 1).low in {"on", "at", "in", "off", "near"} and bool(
        {tokens.at(first - 2).low, tokens.at(first - 3).low}
        & (LIVING | {"house", "flat", "home", "place", "him", "her", "them", "client"})
    )


def places(findings: Findings) -> None:
    """Towns and districts, known or said to be lived in."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or not token.word or token.low in FUNCTION:
            continue
        before, strongly = _before(tokens, index)
        if token.has(PLACE) and not token.has(REGION) and _known_place(tokens, index, before, strongly):
            findings.words(index, _to_the_end(tokens, index), "LOCATION")
        elif (
            before
            and not token.ordinary
            and not token.harmless
            and not token.acronym
            and not token.has(GIVEN)
        ):
            if strongly and token.cap and before != "to":
                findings.words(index, _to_the_end(tokens, index), "LOCATION")
            elif token.cap and before in {"near", "outside"}:
                findings.words(index, _to_the_end(tokens, index), "LOCATION")
            elif (
                strongly
                and token.unknown
                and len(token.low) > 3
                and not token.cap
                and not is_slip(token.low, tokens.lexicon)
            ):
                findings.words(index, index, "LOCATION")
        if (
            not token.taken
            and token.cap
            and not token.first
            and tokens.at(index + 1).low in {"area", "estate", "neighbourhood", "neighborhood", "suburbs"}
            and not token.harmless
            and token.low not in GENERIC
        ):
            findings.words(index, index, "LOCATION")


def _before(tokens: Tokens, index: int) -> tuple[str, bool]:
    """The preposition before a word, and whether somebody is said to live or come from there."""
    at = index - 1
    if tokens.at(at).low in {
        "the",
        "north",
        "south",
        "east",
        "west",
        "central",
        "downtown",
        "inner",
        "upper",
        "rural",
    }:
        at -= 1
    preposition = tokens.at(at).low
    if preposition not in IN_PLACE or not tokens.at(at).word:
        if preposition in {"and", "or"} and tokens.at(at - 1).taken and tokens.at(at - 1).has(PLACE):
            return "in", True
        return "", False
    near = {tokens.at(back).low for back in range(max(0, at - 3), at)}
    strongly = bool(near & LIVING) or preposition in {"visited", "visiting", "leaving"}
    if preposition == "from" and tokens.at(at - 1).low in {
        "i'm",
        "is",
        "was",
        "he's",
        "she's",
        "they're",
        "client",
        "who's",
        "im",
        "colleague",
        "man",
        "woman",
        "lady",
        "guy",
        "are",
        "am",
        "family",
        "parents",
    }:
        strongly = True
    if preposition == "to" and tokens.at(at - 2).low == "from":
        strongly = True
    return preposition, strongly


def _known_place(tokens: Tokens, index: int, before: str, strongly: bool) -> bool:
    token, after = tokens.at(index), tokens.at(index + 1)
    if after.cap and tokens.close(index) and not after.harmless and after.namey and token.has(GIVEN):
        return False
    if tokens.at(index - 1).low in TITLES | ROLES:
        return False
    if token.low in {"can", "of", "man", "bar", "most", "best", "same", "the"} and not token.cap:
        return False
    said = after.low in SAID and not tokens.at(index + 1).first
    if token.acronym and len(token.low) < 3 and before != "in":
        return False
    if token.cap:
        if token.has(ALLOWED):
            return strongly and not said
        if token.ordinary:
            return bool(before) and not token.first and before != "to" or (strongly and not token.first)
        if (
            token.has(GIVEN)
            or tokens.at(index - 1).cap
            and tokens.at(index - 1).has(GIVEN)
            and tokens.close(index - 1)
        ):
            return (
                bool(before)
                and not (said and before == "to")
                and before in {"in", "near", "from", "outside", "around", "at", "to"}
                and (strongly or before in {"in", "near", "outside", "around"})
                and after.low not in SURELY_SAID
            )
        if token.first:
            return token.has(ALONE) and not (after.low in SURELY_SAID)
        return token.has(ALONE) or not token.namey or bool(before)
    if token.has(ALLOWED):
        return False
    if token.ordinary:
        return (
            strongly
            and before in {"in", "from", "to"}
            and not token.has(GIVEN)
            and tokens.at(index - 1).low == before
            and not (after.word and tokens.close(index) and after.low not in FUNCTION)
            and token.low not in _COMMON_PLACES
        )
    if token.has(GIVEN):
        return strongly or (before == "in" and token.has(ALONE) and bool(before))
    return token.has(ALONE) or bool(before and (strongly or len(token.low) > 3 and before != "to"))


_COMMON_PLACES = frozenset(
    "hospital school college care prison town bed silence person home therapy treatment recovery london bath public private "
    "house pain tears total english march may july august june april".split()
) - {"bath"}


def _to_the_end(tokens: Tokens, index: int) -> int:
    """The last word of a place's name: "Santa Rosa Beach", "Upton-by-Sea"."""
    last = index
    while tokens.at(last).cap and tokens.close(last) and not tokens.at(last).possessive:
        after = tokens.at(last + 1)
        if (
            not after.cap
            or after.taken
            or after.harmless
            or after.low in FUNCTION
            or after.low in SAID
            or after.has(ORDINARY)
            and not after.has(PLACE)
        ):
            break
        last += 1
    return last


def is_known_region(token: Token) -> bool:
    return token.has(REGION)
