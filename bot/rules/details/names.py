"""How far a name reaches, and what stands around names."""

from __future__ import annotations

from bot.rules.details.cues import FUNCTION, ORGANISATIONS, PARTICLES, ROLES, SAID
from bot.rules.details.tokens import Token, Tokens
from bot.rules.lexicon import GIVEN

CLAUSE = frozenset(
    "when that because and then but after before so if while until since although though where how why as like today "
    "yesterday once again apparently anyway suddenly whenever um uh".split()
)
"""Words after which a clause begins, so that its subject follows."""
MODAL_AFTER = frozenset(
    "i you he she it we they the a an this that these those my your his her its our their there anyone someone somebody "
    "everyone anybody people therapy not never ever any all either be have do go clients".split()
)
"""What follows "will" and "may" when they ask or foresee."""
AFTER_A_NAME = ROLES | frozenset(
    "session sessions chair file notes house story tears anger face voice phone email appointment slot parents kids family "
    "death illness drinking letter case referral report assessment birthday name silence first last laugh hat dog cat hand "
    "hands eyes poem school job work".split()
)
"""What follows a name's ``'s``."""
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday christmas".split())
MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)


def rest_of_name(tokens: Tokens, index: int) -> int:
    """The last word of a name that begins at ``index``: surnames, particles, a middle initial."""
    last, first = index, tokens.at(index)
    while not tokens.at(last).possessive:
        at = last + 1
        if _middle_initial(tokens, at) and tokens.close(last):
            last = at + 2 if tokens.at(at + 2).namey else at + 1
            continue
        after = tokens.at(at)
        if not tokens.close(last) or not after.word or after.taken:
            break
        if after.low in PARTICLES and not after.has(GIVEN) and _after_particle(tokens, at, first):
            last = at + 1
        elif _continues(first, after):
            last = at
        else:
            break
    return last


def _middle_initial(tokens: Tokens, at: int) -> bool:
    letter = tokens.at(at)
    return (
        len(letter.text) == 1
        and letter.text.isupper()
        and letter.text != "I"
        and tokens.at(at + 1).text == "."
        and tokens.at(at + 2).cap
    )


def _after_particle(tokens: Tokens, at: int, first: Token) -> bool:
    name = tokens.at(at + 1)
    return (
        tokens.close(at)
        and not name.taken
        and (name.cap or (not first.cap and (name.plain_name or name.unknown)))
    )


def _continues(first: Token, after: Token) -> bool:
    if not first.cap:
        surname = after.plain_name or (after.unknown and "-" in after.low)
        return not after.cap and surname and after.low not in SAID and not first.ordinary
    if not after.cap or after.acronym or after.low in FUNCTION | DAYS | MONTHS | ORGANISATIONS:
        return False
    return after.namey or not after.harmless
