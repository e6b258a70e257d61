"""Towns and districts: known ones, and those that somebody is said to live in."""

from __future__ import annotations

from bot.rules.details.cues import (
    FUNCTION,
    GENERIC,
    IN_PLACE,
    LIVING,
    ROLES,
    SAID,
    SURELY_SAID,
    TITLES,
    word_set,
)
from bot.rules.details.detail import PLEASE_LOOK
from bot.rules.details.findings import Findings
from bot.rules.details.names import ends_there
from bot.rules.details.tokens import Token, Tokens, is_slip
from bot.rules.lexicon import ALLOWED, ALONE, GIVEN, ORDINARY, PLACE, REGION

_PARTS_OF = word_set("the north south east west central downtown inner upper rural near")
_WHO_IS_FROM = word_set(
    "i'm im is was are am he's she's they're who's client colleague man woman lady guy family parents "
    "people couple boy girl"
)
_AREAS = word_set("area estate neighbourhood neighborhood suburbs borough")
_NEVER = word_set("can of man bar most best same the")
_LIVED_IN = word_set("in from to near")
_AROUND = word_set("in near outside around on")
_NO_TOWN = word_set(
    "hospital school college care prison town bed silence person home therapy treatment recovery public "
    "private house "
    "pain tears total english march may july august june april love tune here there debt"
)
_NO_TOWN_ENDINGS = tuple(word_set("ed ing ly ism tion ness ment ology therapy ics ian ish ese"))
_NOW = word_set("now then years")
_TOWNS_THAT_ARE_WORDS = word_set("cork hull derby reading hackney tooting barking ely queens")


def places(findings: Findings) -> None:
    """Mark the names of places, except countries and states."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or not token.word or token.low in FUNCTION:
            continue
        before, strongly = _before(tokens, index)
        known = token.has(PLACE) and not token.has(REGION)
        if (
            (known and _is_known(tokens, index, before, strongly))
            or _is_lived_in(tokens, index, before, strongly)
            or _is_area(tokens, index)
        ):
            findings.words(index, _last_word(tokens, index), "LOCATION")
        elif _may_be_lived_in(tokens, index, before):
            findings.words(index, index, "LOCATION", PLEASE_LOOK)


def _before(tokens: Tokens, index: int) -> tuple[str, bool]:
    """The preposition before a word, and whether somebody is said to live there or come from there."""
    at = index - 1
    if tokens.at(at).low in _PARTS_OF and tokens.at(at - 1).low in IN_PLACE | LIVING:
        at -= tokens.at(at).low != "near"
    preposition = tokens.at(at).low
    if preposition == "on" and tokens.at(index).cap:
        return "on", False  # an island
    if preposition not in IN_PLACE:
        another = preposition in {"and", "or"} and tokens.at(at - 1).taken and tokens.at(at - 1).has(PLACE)
        return ("in", True) if another else ("", False)
    near = {tokens.at(back).low for back in range(max(0, at - 3), at)}
    strongly = bool(near & LIVING) or preposition in {"visited", "visiting", "leaving"}
    if preposition == "from" and tokens.at(at - 1).low in _WHO_IS_FROM | {"came", "come", "comes"}:
        strongly = True
    return preposition, strongly or (preposition == "to" and tokens.at(at - 2).low == "from")


def _is_known(tokens: Tokens, index: int, before: str, strongly: bool) -> bool:
    """Whether a word that is some town's name means a town here."""
    token, after = tokens.at(index), tokens.at(index + 1)
    if tokens.close(index) and after.cap and after.namey and not after.harmless and token.has(GIVEN):
        return False
    if tokens.at(index - 1).low in TITLES | ROLES or (token.low in _NEVER and not token.cap):
        return False
    if token.acronym and len(token.low) < 3 and before != "in":
        return False
    if not token.cap:
        return _is_known_in_lower_case(tokens, index, before, strongly)
    if token.has(ALLOWED):
        return strongly and not (after.low in SAID and not after.first)
    if token.ordinary:
        return not token.first and before not in {"", "on"}
    before_it = tokens.at(index - 1)
    if token.has(GIVEN) or (before_it.cap and before_it.has(GIVEN) and tokens.close(index - 1)):
        return (strongly or before in _AROUND) and after.low not in SURELY_SAID
    if token.first:
        return token.has(ALONE) and after.low not in SURELY_SAID
    return token.has(ALONE) or not token.namey or bool(before)


def _is_known_in_lower_case(tokens: Tokens, index: int, before: str, strongly: bool) -> bool:
    token, after = tokens.at(index), tokens.at(index + 1)
    if token.has(ALLOWED):
        return False
    if token.ordinary:
        if (
            before in {"in", "from"}
            and token.low in _TOWNS_THAT_ARE_WORDS
            and (not tokens.close(index) or ends_there(after))
        ):
            return True
        ends = (
            not (after.word and tokens.close(index))
            or ends_there(after)
            or after.unknown
            or after.low in _NOW
        )
        return (
            strongly
            and before in _LIVED_IN
            and tokens.at(index - 1).low == before
            and ends
            and not (token.has(GIVEN) or token.low in _NO_TOWN)
        )
    if token.has(GIVEN):
        return strongly or (before == "in" and token.has(ALONE))
    return token.has(ALONE) or (bool(before) and (strongly or (len(token.low) > 3 and before != "to")))


def _is_lived_in(tokens: Tokens, index: int, before: str, strongly: bool) -> bool:
    """A word that nobody knows where a place must stand: "moved from Xville", "near Xville"."""
    token = tokens.at(index)
    if not before or token.ordinary or token.harmless or token.acronym or token.has(GIVEN):
        return False
    if token.cap:
        known_nowhere = token.unknown and not is_slip(token.low, tokens.lexicon)
        return (
            before in {"near", "outside"}
            or (strongly and (before != "to" or token.unknown))
            or (before == "in" and known_nowhere and not token.low.endswith(_NO_TOWN_ENDINGS))
        )
    return strongly and token.unknown and len(token.low) > 3 and not is_slip(token.low, tokens.lexicon)


def _may_be_lived_in(tokens: Tokens, index: int, before: str) -> bool:
    """The same in lower case, with "in" alone: worth a look."""
    token = tokens.at(index)
    if (
        before != "in"
        or token.cap
        or not token.unknown
        or len(token.low) < 5
        or not ends_there(tokens.at(index + 1))
    ):
        return False
    return not token.low.endswith(_NO_TOWN_ENDINGS) and not is_slip(token.low, tokens.lexicon)


def _is_area(tokens: Tokens, index: int) -> bool:
    """ "the Easterhouse area"."""
    token = tokens.at(index)
    if tokens.at(index + 1).low not in _AREAS or token.harmless or token.low in GENERIC:
        return False
    return (token.cap and not token.first) or (not token.ordinary and not is_slip(token.low, tokens.lexicon))


def _last_word(tokens: Tokens, index: int) -> int:
    """The last word of a place's name: "Santa Rosa Beach", "tooting bec"."""
    last = index
    while tokens.close(last) and not tokens.at(last).possessive:
        after = tokens.at(last + 1)
        if not _goes_on(tokens.at(last), after):
            break
        last += 1
    return last


def _goes_on(word: Token, after: Token) -> bool:
    if not after.word or after.taken or after.harmless or after.low in FUNCTION or after.low in SAID:
        return False
    if word.cap:
        return after.cap and (after.has(PLACE) or not after.has(ORDINARY))
    return after.unknown and len(after.low) < 5
