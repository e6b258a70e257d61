"""Names that the lexicon knows, and strangers where a name must stand."""

from __future__ import annotations

from bot.rules.details.cues import (
    ABSTRACT,
    DETERMINERS,
    DONE_TO,
    FUNCTION,
    LONE,
    ORDINARY_SURNAMES,
    PARTICLES,
    POSSESSIVES,
    ROLES,
    SAID,
    SURELY_SAID,
    SURELY_TO_PERSON,
    TO_PERSON,
    word_set,
)
from bot.rules.details.detail import PLEASE_LOOK
from bot.rules.details.findings import Findings
from bot.rules.details.names import AFTER_A_NAME, CLAUSE, MODAL_AFTER, addressed, ends_there, rest_of_name
from bot.rules.details.tokens import Token, Tokens, is_slip
from bot.rules.lexicon import ALONE, COMMON, FIGURE, GIVEN, PLACE, SURNAME, THEORIST

_MODAL = frozenset({"will", "may"})
_TEACHES = word_set("says said tells writes wrote thinks thought asks explains explained reckons would")
_DENIES = word_set("didn't doesn't wouldn't couldn't hadn't hasn't wasn't")
_DOES = word_set("had has came left went got brought")
_FEELINGS = word_set("hope love trust faith")
_COMES_AND_GOES = _FEELINGS | word_set(
    "joy grace dawn summer winter spring autumn snow rain peace truth art memory light"
)
_NO_NAME_ENDINGS = (
    "ed",
    "ing",
    "ly",
    "ism",
    "tion",
    "able",
    "ness",
    "ment",
    "ful",
    "'t",
    "'m",
    "'ll",
    "'ve",
    "'d",
)
_TOLD = word_set(
    "told asked texted rang emailed said cried says phoned tells asks messaged thanked hugged goes"
)
_TOLD_WHAT = word_set(
    "me us that she he they i her him if it about when what why the to you how my i'd i'm whether once and"
)
_NOT_DONE = word_set("is was and who will would could should can")


def by_name(findings: Findings) -> None:
    """Mark names by themselves."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or not token.word or len(token.low) < 2:
            continue
        if _capital(tokens, index) if token.cap else _lower(tokens, index):
            findings.words(index, rest_of_name(tokens, index), "PERSON")


def _capital(tokens: Tokens, index: int) -> bool:
    token, before, after = tokens.at(index), tokens.at(index - 1), tokens.at(index + 1)
    if token.acronym and (token.harmless or token.ordinary or not token.has(GIVEN) or len(token.low) < 4):
        return token.has(GIVEN) and len(token.low) == 3 and after.low in SURELY_SAID and not token.harmless
    beside = tokens.close(index) and after.cap and after.plain_name and not after.taken and not after.acronym
    if token.harmless:
        return _harmless_but_meant(tokens, index, beside)
    if token.low in FUNCTION and token.low not in _MODAL:
        return False
    if beside and (token.has(GIVEN) or token.unknown or not (token.first or token.ordinary)):
        return True
    if token.has(THEORIST) and not token.has(GIVEN):
        return before.low in SURELY_TO_PERSON or (after.low in SURELY_SAID - _TEACHES)
    if token.plain_name:
        if not token.first:
            return token.has(GIVEN) or before.low not in DETERMINERS or after.low in SAID
        continues = after.low in SAID or after.low in FUNCTION or after.text in {",", "."}
        return token.has(ALONE) or token.possessive or continues
    if token.has(GIVEN):
        return _word_name_first(tokens, index) if token.first else _word_name_within(tokens, index)
    if token.has(SURNAME) and not token.first:
        return before.low in SURELY_TO_PERSON and after.low in FUNCTION | SAID
    return (token.unknown or (token.has(PLACE) and not token.ordinary)) and _stranger(tokens, index)


def _harmless_but_meant(tokens: Tokens, index: int, beside: bool) -> bool:
    """June, April, India: months and countries that are names where a person must stand."""
    token, before, after = tokens.at(index), tokens.at(index - 1), tokens.at(index + 1)
    if not token.has(GIVEN) or token.has(FIGURE) or token.low in {"god", "jesus"}:
        return False
    if (
        not token.first
        and before.low in {"and", "or"}
        and tokens.at(index - 2).taken
        and tokens.at(index - 2).has(GIVEN)
    ):
        return True
    return beside or after.low in SURELY_SAID


def _does_something(after: Token) -> bool:
    """Whether a word after a name is what somebody did."""
    return after.low in SAID - _NOT_DONE or (after.ordinary and after.low.endswith("ed"))


def _stranger(tokens: Tokens, index: int) -> bool:
    """A capitalised word that nobody knows, where a person must stand."""
    token, before, after = tokens.at(index), tokens.at(index - 1), tokens.at(index + 1)
    if is_slip(token.low, tokens.lexicon):
        return False
    if after.low in SURELY_SAID or (token.possessive and (after.low in AFTER_A_NAME or not token.first)):
        return True
    if before.low in DONE_TO and ends_there(after):
        return True
    if token.first:
        if after.low in {"is", "was"} and _is_a_role(tokens, index + 2):
            return True
        return _does_something(after) or (
            after.low == "and" and tokens.at(index + 2).low in {"i", "her", "his", "their"}
        )
    if addressed(tokens, index) or (
        after.low in SAID - _NOT_DONE and before.low not in DETERMINERS | {"in", "of"}
    ):
        return True
    return before.low in {"and", "or"} and tokens.at(index - 2).taken and tokens.at(index - 2).namey


def _is_a_role(tokens: Tokens, index: int) -> bool:
    """ "… my hardest client"."""
    return tokens.at(index).low in DETERMINERS and bool(
        {tokens.at(index + 1).low, tokens.at(index + 2).low} & ROLES
    )


def _word_name_first(tokens: Tokens, index: int) -> bool:
    """A word that is a name as well, at the beginning: Rose, Will, Mark, Grace, May."""
    token, after, next_ = tokens.at(index), tokens.at(index + 1), tokens.at(index + 2)
    if after.low in SURELY_SAID:
        return not (token.low in _MODAL and after.low in MODAL_AFTER)
    if after.text == "," and (next_.low in POSSESSIVES or next_.low in {"who", "a"}):
        return True
    if after.low in {"is", "was"} and _is_a_role(tokens, index + 2):
        return True
    if token.low not in ABSTRACT:
        return (
            (after.low in SAID and after.low not in {"of"})
            or (token.possessive and after.low in AFTER_A_NAME)
            or (not token.has(COMMON) and after.low in FUNCTION and token.has(ALONE))
        )
    if token.possessive and after.low in ROLES:
        return True
    if after.low in _DENIES:
        return token.low not in _FEELINGS
    if after.low == "and" and token.low not in _MODAL:
        return next_.low == "i" or (next_.cap and next_.namey and not next_.harmless)
    if tokens.close(index) and after.cap and after.namey and not after.harmless:
        return token.low not in _MODAL and after.low not in FUNCTION
    return after.low in _DOES and token.low not in _COMES_AND_GOES


def _word_name_within(tokens: Tokens, index: int) -> bool:
    """The same within a sentence, where the capital is meant, unless it is part of a title or a heading."""
    token, before, after = tokens.at(index), tokens.at(index - 1), tokens.at(index + 1)
    if before.cap and not before.first and before.ordinary and not before.namey and tokens.close(index - 1):
        return False
    part_of_more = after.cap and tokens.close(index) and after.low not in FUNCTION
    if part_of_more and not after.namey and (after.ordinary or after.harmless):
        return before.low in TO_PERSON
    if before.low in DETERMINERS and before.low not in POSSESSIVES:
        return after.low in SURELY_SAID
    return not (token.low in _MODAL and after.low in MODAL_AFTER and before.text in {"'", '"', ""})


def _lower(tokens: Tokens, index: int) -> bool:
    """A name in lower case: by itself if the lexicon is sure of it, otherwise where a person must stand."""
    token, before, after = tokens.at(index), tokens.at(index - 1), tokens.at(index + 1)
    if token.low in FUNCTION and token.low not in _MODAL:
        return False
    if token.harmless and token.low not in {"may", "april", "june", "jan"}:
        return token.has(GIVEN) and not token.has(FIGURE) and _strictly_addressed(tokens, index)
    if token.has(THEORIST) and not token.has(GIVEN):
        return before.low in SURELY_TO_PERSON and after.low in FUNCTION
    if token.plain_name and token.has(ALONE):
        if before.low in POSSESSIVES and after.low in ROLES and tokens.close(index):
            return False  # "my lil brother"
        return not (before.text in {"-", "/", "#"} and before.end == token.start)
    starts = token.first or before.low in CLAUSE or before.text in {",", ";", ":", "-"}
    if token.has(GIVEN) and token.ordinary:
        return _lower_word_name(tokens, index, starts)
    to_them = addressed(tokens, index) and ends_there(after)
    if before.low in {"was", "it's", "is"} and after.low == "who":
        to_them = True
    if token.namey:
        kin = token.possessive and after.low in AFTER_A_NAME
        return (
            (starts and after.low in SAID) or to_them or kin or (before.low in DONE_TO and ends_there(after))
        )
    if not token.unknown or len(token.low) < 3 or token.low.endswith(_NO_NAME_ENDINGS):
        return False
    does = after.low in SURELY_SAID or _to_somebody(tokens, index) or (token.first and _does_something(after))
    kin = token.possessive and after.low in AFTER_A_NAME and before.low not in DETERMINERS
    return ((starts and does) or to_them or kin) and not is_slip(token.low, tokens.lexicon)


def _strictly_addressed(tokens: Tokens, index: int) -> bool:
    """Where even "hope" and "faith" must be somebody: told hope that, in front of faith."""
    before, after = tokens.at(index - 1).low, tokens.at(index + 1)
    if before in {"with", "for", "dear", "saw", "and", "or"} or not ends_there(after) or after.low == "of":
        return False
    return addressed(tokens, index)


def _lower_word_name(tokens: Tokens, index: int, starts: bool) -> bool:
    """rose told me, mark's mother, with ruby: an English word that only a person's name can be here."""
    token, before, after = tokens.at(index), tokens.at(index - 1), tokens.at(index + 1)
    if token.low in _MODAL and after.low in MODAL_AFTER:
        return False
    lone = token.low in LONE
    if (
        lone
        and tokens.close(index)
        and (after.plain_name or (after.low in ORDINARY_SURNAMES and after.possessive))
    ):
        return before.low not in DETERMINERS
    if (
        lone
        and token.possessive
        and after.low in AFTER_A_NAME
        and before.low in FUNCTION - DETERMINERS | DONE_TO
    ):
        return True
    if starts:
        if lone and after.low in {"is", "was"} and _is_a_role(tokens, index + 2):
            return True
        if token.possessive and (after.low in ROLES or (lone and after.low in AFTER_A_NAME)):
            return True
        if _to_somebody(tokens, index):
            return True
        if lone and (after.low in SURELY_SAID - {"rang"} or (after.low == "rang" and token.low != "bill")):
            return not after.has(GIVEN)
        if lone and after.text == "," and tokens.at(index + 2).low in POSSESSIVES:
            return True
    if _strictly_addressed(tokens, index):
        return token.low not in _MODAL
    if not lone or token.low in _MODAL or not ends_there(after) or after.low in {"of", "and"}:
        return False
    if before.low in {"was", "it's", "is"}:
        return after.low == "who"
    return addressed(tokens, index) or (
        before.low in DONE_TO - {"was", "it's", "left", "let", "have", "had", "see"}
    )


def _to_somebody(tokens: Tokens, index: int) -> bool:
    """ "… told me", "… said she", "… asked if"."""
    after, next_ = tokens.at(index + 1), tokens.at(index + 2)
    return after.low in _TOLD and (next_.low in _TOLD_WHAT or next_.text in {".", ",", "'", '"', ":", ""})


def repeated(findings: Findings) -> None:
    """Whoever was named once is meant again where the same word comes back."""
    tokens = findings.tokens
    starts = sorted(
        (start, end)
        for start, end, kind, level in findings.found
        if kind == "PERSON" and level != PLEASE_LOOK
    )
    names: set[str] = set()
    at = 0
    for start, end in starts:
        while at < len(tokens.all) and tokens.all[at].start < start:
            at += 1
        while at < len(tokens.all) and tokens.all[at].start < end:
            word = tokens.all[at]
            if word.word and len(word.low) > 2 and word.low not in PARTICLES | FUNCTION:
                names.add(word.low)
            at += 1
    for index, token in enumerate(tokens.all):
        if token.taken or token.low not in names or token.harmless:
            continue
        before, after = tokens.at(index - 1), tokens.at(index + 1)
        if token.ordinary and (not token.cap or token.first):
            meant = after.low in SURELY_SAID or before.low in SURELY_TO_PERSON
            if before.low in DETERMINERS or not meant:
                continue
        findings.words(index, rest_of_name(tokens, index), "PERSON")


def strangers(findings: Findings) -> None:
    """Capitalised words that nobody knows: worth a look."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or not token.cap or token.acronym or len(token.low) < 3:
            continue
        doubtful = token.unknown or (token.namey and not token.ordinary and not token.harmless)
        if doubtful and not is_slip(token.low, tokens.lexicon):
            findings.words(index, index, "PERSON", PLEASE_LOOK)
