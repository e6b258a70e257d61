"""How far a name reaches, and what stands around names."""

from __future__ import annotations

from bot.rules.details.cues import (
    FUNCTION,
    ORDINARY_SURNAMES,
    ORGANISATIONS,
    PARTICLES,
    ROLES,
    SAID,
    SURELY_TO_PERSON,
    TOLD_TO,
    word_set,
)
from bot.rules.details.tokens import Token, Tokens, is_slip
from bot.rules.lexicon import GIVEN

CLAUSE = word_set(
    "when that because and then but after before so if while until since although though where how why as "
    "like today "
    "yesterday once again apparently anyway suddenly whenever um uh"
)
"""Words after which a clause begins, so that its subject follows."""
MODAL_AFTER = word_set(
    "i you he she it we they the a an this that these those my your his her its our their there anyone "
    "someone somebody "
    "everyone anybody people therapy not never ever any all either be have do go clients"
)
"""What follows "will" and "may" when they ask or foresee."""
AFTER_A_NAME = ROLES | word_set(
    "session sessions chair file notes house story tears anger face voice phone email appointment slot "
    "parents kids family "
    "death illness drinking letter case referral report assessment birthday name silence first last laugh "
    "hat dog cat hand "
    "hands eyes poem school job work fault turn idea words life mind mouth tone birthday time chair coat "
    "phone wife husband side"
)
"""What follows a name's ``'s``."""
DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday christmas")
MONTHS = word_set("january february march april may june july august september october november december")


def addressed(tokens: Tokens, index: int) -> bool:
    """Whether what stands before a word says that a person follows: told …, in front of …, thanks to …."""
    before, earlier = tokens.at(index - 1).low, tokens.at(index - 2).low
    if before == "of":
        return earlier == "front"
    if before == "to":
        return earlier in TOLD_TO
    if before == "into":
        return earlier in {"ran", "run", "bumped", "bump", "running", "walked"}
    if before in {"and", "or", "nor"}:
        return tokens.at(index - 2).taken and tokens.at(index - 2).namey
    return before in SURELY_TO_PERSON


def ends_there(token: Token) -> bool:
    """Whether a word after a name doesn't make that a part of something longer."""
    return not token.word or token.low in FUNCTION | SAID | ADVERBS


ADVERBS = word_set(
    "today yesterday tomorrow later earlier again badly twice early late last first alone back wrong tonight"
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
        elif _continues(tokens, first, at):
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


def _continues(tokens: Tokens, first: Token, at: int) -> bool:
    after = tokens.at(at)
    if not first.cap:
        if after.cap or after.low in SAID or not first.has(GIVEN):
            return False
        if after.low in ORDINARY_SURNAMES:
            return ends_there(tokens.at(at + 1)) and (
                tokens.at(at).possessive or tokens.at(at + 1).low in SAID
            )
        unknown = after.unknown and len(after.low) > 3 and not is_slip(after.low, tokens.lexicon)
        return after.plain_name or (unknown and not first.ordinary)
    if not after.cap or after.acronym or after.low in FUNCTION | DAYS | MONTHS | ORGANISATIONS:
        return False
    return after.namey or not after.harmless
