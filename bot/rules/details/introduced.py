"""Names by what stands before them: a title, a role, "called", "my name is", a greeting."""

from __future__ import annotations

from bot.rules.details.cues import (
    FUNCTION,
    GREETINGS,
    NAMING,
    ORDINARY_SURNAMES,
    ORGANISATIONS,
    PERSON_NOUN_BEFORE_CALLED,
    POSSESSIVES,
    ROLES,
    SAID,
    STRICT_TITLES,
    SURELY_SAID,
    TITLES,
    TITLES_ONLY_BEFORE_CAPITALS,
    word_set,
)
from bot.rules.details.findings import Findings
from bot.rules.details.names import DAYS, MONTHS, rest_of_name
from bot.rules.details.tokens import Token, Tokens, is_slip
from bot.rules.lexicon import ALLOWED, ALONE, COMMON, GIVEN, PLACE, REGION

_NO_VERBS = word_set(
    "will may rose mark chase grant drew sue pat rob frank jack bill hope love trust wade pierce lance "
    "miles sage rich happy "
    "precious major chance page dean stark young long read reed ray gale dash flick skip trip peg win star "
    "light bright "
    "proud constant sweet patient clever gay sunday monday tuesday wednesday thursday friday saturday "
    "summer winter spring "
    "autumn"
)
"""Word-names that can go on after "my client" as something else: "my client will be late"."""
_TEACHING_ROLES = word_set("therapist analyst person couple family group parent teacher coach friend child")
_IS = word_set("was is has had who came left")
_ON = word_set("and about that in on to for")
_BEING = word_set("i'm im it's she's he's this name name's names i me by as myself himself herself pseudonym")
_GOES_BY = word_set("goes go going went known signed referred")
_CALLS = word_set("call calls called calling signs signed")
_NAME = word_set("name name's names")


def titled(findings: Findings) -> None:
    """Dr Aziz, mrs park, Mr. T."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or token.low not in TITLES:
            continue
        at = index + 1 + (tokens.at(index + 1).text == "." and tokens.at(index + 1).start == token.end)
        name = tokens.at(at)
        if name.taken or not name.word or "\n" in tokens.text[token.end : name.start]:
            continue
        if _fits_capital(token, name) if name.cap else _fits_lower(tokens, index, at):
            findings.words(at, rest_of_name(tokens, at), "PERSON")


def _fits_capital(title: Token, name: Token) -> bool:
    if (name.acronym and len(name.low) > 1 and not name.namey) or name.low in DAYS:
        return False
    strict = title.low in STRICT_TITLES
    if len(name.text) == 1 and name.text in "AI" and not strict:
        return False
    if name.low in FUNCTION and not (strict and name.namey and len(name.low) > 1):
        return False
    if title.low in TITLES_ONLY_BEFORE_CAPITALS:
        return title.cap and not name.ordinary and not name.harmless and (name.namey or name.unknown)
    client = strict and title.low not in {"dr", "prof"}
    return client or not name.has(ALLOWED | REGION)


def _fits_lower(tokens: Tokens, index: int, at: int) -> bool:
    title, name = tokens.at(index), tokens.at(at)
    if name.low in FUNCTION or name.low in SAID or name.has(REGION):
        return False
    if title.low not in STRICT_TITLES:
        plain = name.plain_name or (name.unknown and tokens.at(at + 1).low in SURELY_SAID)
        return plain and (
            title.low not in TITLES_ONLY_BEFORE_CAPITALS
            or title.low
            in {"sister", "brother", "nurse", "doctor", "professor", "coach", "pastor", "imam", "rabbi"}
        )
    if title.low == "miss":
        return tokens.at(index - 1).low not in FUNCTION and (name.plain_name or name.unknown)
    if title.low in {"ms", "mx"}:
        return (name.namey or name.unknown) and not name.has(COMMON) and not is_slip(name.low, tokens.lexicon)
    if title.low == "dr" and name.ordinary and not name.namey and name.low not in ORDINARY_SURNAMES:
        return name.has(PLACE) or not name.has(COMMON)
    return not name.has(ALLOWED) or name.namey


def introduced(findings: Findings) -> None:
    """my client priya, her husband Tom, a man called Bear, I'm Wei Davies, hi marisol."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if not token.word or (token.taken and token.low not in ROLES):
            continue
        if token.low in ROLES:
            _after_role(findings, index)
        elif token.low in NAMING:
            _after_naming(findings, index)
        elif token.low in _BEING:
            _after_being(findings, index)
        elif token.low in {"calls", "called"} and (at := _calls_so(tokens, index)):
            findings.words(at - 1 - (tokens.at(at - 2).cap and tokens.close(at - 2)), at - 1, "PERSON")
        elif token.low in GREETINGS and _greets(tokens, index):
            findings.words(index + 1, rest_of_name(tokens, index + 1), "PERSON")


def _calls_so(tokens: Tokens, index: int) -> int:
    """The index after the name in "Thistle is what she calls herself", "Smudge, as he likes to be "
    "called"; else 0."""
    before = tuple(tokens.at(at).low for at in range(index - 3, index))
    themselves = tokens.at(index + 1).low in {
        "herself",
        "himself",
        "themselves",
        "themself",
        "him",
        "her",
        "them",
    }
    if tokens.at(index).low == "calls" and before[:2] == ("is", "what") and themselves:
        at = index - 3
    elif tokens.at(index).low == "called" and before[1:] == ("to", "be") and tokens.at(index - 5).low == "as":
        at = index - 6
    else:
        return 0
    name = tokens.at(at - 1)
    return at if name.word and not name.taken and name.low not in FUNCTION | ROLES else 0


def _greets(tokens: Tokens, index: int) -> bool:
    token, before, name = tokens.at(index), tokens.at(index - 1), tokens.at(index + 1)
    if not (
        token.first or before.text in {",", '"', "'"} or before.low in {"said", "say", "oh", "wrote", "typed"}
    ):
        return False
    if not tokens.close(index) or name.taken or not name.word or name.low in FUNCTION | ROLES:
        return False
    if name.ordinary and not name.cap and tokens.close(index + 1) and tokens.at(index + 2).word:
        return False  # "hello lovely people"
    return (
        name.has(GIVEN)
        or (name.unknown and not is_slip(name.low, tokens.lexicon))
        or (name.cap and not name.ordinary and not name.harmless)
    )


def _after_role(findings: Findings, index: int) -> None:
    tokens = findings.tokens
    role = tokens.at(index)
    comma = tokens.at(index + 1).text in {",", "(", "-", ":"}
    at = index + 1 + comma
    name = tokens.at(at)
    if (
        role.possessive
        or name.taken
        or not name.word
        or len(name.low) == 1
        or not (comma or tokens.close(index))
    ):
        return
    if "\n" in tokens.text[role.end : name.start]:
        return
    fits = _capital_after_role(tokens, index, at) if name.cap else _lower_after_role(tokens, index, at)
    if fits:
        findings.words(at, rest_of_name(tokens, at), "PERSON")


def _capital_after_role(tokens: Tokens, index: int, at: int) -> bool:
    role, name, after, comma = tokens.at(index), tokens.at(at), tokens.at(at + 1), at > index + 1
    if (name.first and not comma) or (name.acronym and not name.namey) or name.has(REGION):
        return False
    if name.low in DAYS | MONTHS | ROLES | ORGANISATIONS | TITLES and not (
        name.has(GIVEN) and after.low in SURELY_SAID
    ):
        return False
    if name.low in FUNCTION and not (name.has(GIVEN) and after.low in SAID):
        return False
    if name.has(ALLOWED) and (
        comma or not name.namey or (role.low in _TEACHING_ROLES and not name.has(GIVEN))
    ):
        return False
    if comma and not (name.namey or name.unknown or after.text == ","):
        return False
    if name.ordinary and not name.has(GIVEN):
        return not comma and tokens.at(index - 1).low in POSSESSIVES | {"a", "the", "another", "new"}
    return True


def _lower_after_role(tokens: Tokens, index: int, at: int) -> bool:
    name, after, comma = tokens.at(at), tokens.at(at + 1), at > index + 1
    if (name.low in FUNCTION and name.low not in {"will", "may"}) or name.has(REGION) or name.low in ROLES:
        return False
    if name.has(ALLOWED) and not name.has(GIVEN):
        return False
    slip = name.unknown and is_slip(name.low, tokens.lexicon)
    if comma:
        return after.text in {",", ")", "-"} and (name.plain_name or (name.unknown and not slip))
    mine = tokens.at(index - 1).low in POSSESSIVES or tokens.at(index - 2).low in POSSESSIVES
    if name.ordinary:
        return mine and name.has(GIVEN) and _goes_on_as_name(name, after)
    if name.namey:
        return name.has(ALONE) or mine or after.low in SAID or tokens.at(index).low == "client"
    if not name.unknown:
        return name.has(PLACE) and mine and after.low in SAID
    if len(name.low) < 3 or slip or name.low.endswith(("ed", "ing", "ly", "'t")):
        return False
    return mine or after.low in SAID or tokens.at(index).low == "client"


def _goes_on_as_name(name: Token, after: Token) -> bool:
    """my client rose said; our friend bear. But: my client rose to leave."""
    if after.low in SURELY_SAID | _IS or name.possessive:
        return name.low not in {"can"} and not (name.low == "will" and after.low in {"have", "be"})
    return name.low not in _NO_VERBS and (after.text in {",", ".", "?", "!", ""} or after.low in _ON)


def _after_naming(findings: Findings, index: int) -> None:
    """a man called Moss, named Riverlyn."""
    tokens = findings.tokens
    before, at = tokens.at(index - 1), index + 1 + (tokens.at(index + 1).text in {"'", '"'})
    name = tokens.at(at)
    if name.taken or not name.word or name.low in FUNCTION | DAYS or name.has(REGION):
        return
    somebody = before.low in PERSON_NOUN_BEFORE_CALLED
    passive = (
        somebody or before.low in {"is", "was", "been", "he's", "she's", "are", "who's"} or before.text == ","
    )
    if name.cap:
        fits = (
            not name.acronym
            and (not name.has(ALLOWED) or name.has(GIVEN))
            and (passive or name.namey or name.unknown)
        )
    else:
        stranger = name.unknown and not is_slip(name.low, tokens.lexicon)
        fits = name.plain_name or (somebody and (name.has(GIVEN) or stranger))
    if fits:
        findings.words(at, rest_of_name(tokens, at), "PERSON")


def _after_being(findings: Findings, index: int) -> None:
    """I'm X, my name is X, this is X, she goes by X, call me X."""
    tokens = findings.tokens
    token, at = tokens.at(index), index + 1
    if token.low in {"this", "name", "i", "names"} and not token.possessive:
        if tokens.at(at).low not in {"is", "was", "am"}:
            return
        at += 1
    near = {tokens.at(index - 1).low, tokens.at(index - 2).low}
    if token.low in {"by", "as"} and not near & _GOES_BY:
        return
    if token.low in {"me", "myself", "himself", "herself"} and not near & _CALLS:
        return
    at += tokens.at(at).text in {"'", '"'}
    if _is_somebody(tokens, token, at):
        findings.words(at, rest_of_name(tokens, at), "PERSON")


def _is_somebody(tokens: Tokens, cue: Token, at: int) -> bool:
    name = tokens.at(at)
    if not name.word or name.taken or name.low in FUNCTION or name.acronym or name.low in ROLES:
        return False
    if name.low in MONTHS | DAYS or name.harmless:
        return cue.low in _NAME and name.has(GIVEN)
    stranger = name.unknown and not is_slip(name.low, tokens.lexicon)
    if name.cap:
        return (
            name.plain_name
            or name.unknown
            or cue.low in _NAME | {"by", "me"}
            or (name.has(GIVEN) and cue.low in {"i'm", "this", "himself", "herself"})
        )
    if cue.low in _NAME:
        return name.has(GIVEN) or stranger
    if cue.low in {"i'm", "im", "i"} and name.has(GIVEN) and tokens.close(at):
        surname = tokens.at(at + 1)
        if surname.plain_name or surname.low in ORDINARY_SURNAMES:
            return True
    return cue.low in {"by", "me", "this"} and name.plain_name
