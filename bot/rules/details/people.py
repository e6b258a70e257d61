"""Names of people: by what stands around a word, and by what the lexicon knows of it."""

from __future__ import annotations

from bot.rules.details.cues import (
    ABSTRACT,
    DETERMINERS,
    FUNCTION,
    GREETINGS,
    INITIALS_OF_NO_ONE,
    NAMING,
    NO_NAME_LETTERS,
    ORGANISATIONS,
    PARTICLES,
    PERSON_NOUN_BEFORE_CALLED,
    POSSESSIVES,
    ROLES,
    SAID,
    STRICT_TITLES,
    SURELY_SAID,
    SURELY_TO_PERSON,
    TITLES,
    TITLES_ONLY_BEFORE_CAPITALS,
    TO_PERSON,
)
from bot.rules.details.detail import PLEASE_LOOK
from bot.rules.details.findings import Findings
from bot.rules.details.tokens import Token, Tokens, is_slip
from bot.rules.lexicon import ALLOWED, ALONE, COMMON, FIGURE, GIVEN, PLACE, REGION, SURNAME

_CLAUSE = frozenset(
    "when that because and then but after before so if while until since although though where how why as like today yesterday "
    "once again apparently anyway suddenly whenever".split()
)
_MODAL_AFTER = frozenset(
    "i you he she it we they the a an this that these those my your his her its our their there anyone someone somebody "
    "everyone anybody people therapy not never ever any all either be have do go clients".split()
)
_KIN_AFTER = ROLES | frozenset(
    "session sessions chair file notes house story tears anger face voice phone email appointment slot parents kids "
    "family death illness drinking letter case referral report assessment birthday name story silence first last name".split()
)


def titled(findings: Findings) -> None:
    """Dr Aziz, mrs park, Mr. T."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or token.low not in TITLES or not token.word:
            continue
        at = index + 1
        if tokens.at(at).text == "." and tokens.at(at).start == token.end:
            at += 1
        name = tokens.at(at)
        if name.taken or not name.word or "\n" in tokens.text[token.end : name.start]:
            continue
        if name.acronym and len(name.low) > 1 and not name.namey:
            continue
        strict = token.low in STRICT_TITLES
        if name.cap:
            fits = (
                not name.has(ALLOWED | REGION)
                if not (strict and token.low not in {"dr", "prof"})
                else name.low not in _DAYS
            )
            fits = fits and (name.low not in FUNCTION or (strict and name.namey and len(name.low) > 1))
            if token.low in TITLES_ONLY_BEFORE_CAPITALS:
                fits = fits and token.cap and (name.namey or name.unknown) and not name.ordinary
            fits = fits and not (len(name.text) == 1 and name.text in "AI" and not strict)
        else:
            fits = _fits_lower(tokens, index, at, strict)
        if fits:
            findings.words(at, _rest_of_name(tokens, at), "PERSON")


_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday christmas".split())


def _fits_lower(tokens: Tokens, index: int, at: int, strict: bool) -> bool:
    title, name = tokens.at(index), tokens.at(at)
    if name.low in FUNCTION or name.low in SAID or name.has(REGION):
        return False
    if title.low == "miss" and (tokens.at(index - 1).low in FUNCTION | {"to"} or not name.plain_name):
        return False
    if title.low in {"sister", "brother", "sister", "aunt", "auntie", "aunty", "uncle"} or not strict:
        return name.plain_name and title.low not in TITLES_ONLY_BEFORE_CAPITALS - {
            "sister",
            "brother",
            "nurse",
            "doctor",
        }
    if title.low in {"ms", "mx"}:
        return name.namey and not name.has(COMMON)
    if title.low == "dr" and name.ordinary and not name.namey:
        return name.has(PLACE) or not name.has(COMMON)
    return not name.has(ALLOWED) or name.namey


def introduced(findings: Findings) -> None:
    """my client priya, her husband Tom, a man called Bear, I'm Wei Davies."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken and not tokens.at(index - 1).taken and token.low not in ROLES or not token.word:
            continue
        if token.low in ROLES:
            _after_role(findings, index)
        elif token.low in NAMING:
            _after_naming(findings, index)
        elif token.low in {
            "i'm",
            "im",
            "it's",
            "she's",
            "he's",
            "this",
            "name",
            "name's",
            "names",
            "i",
            "me",
            "by",
            "as",
            "myself",
            "himself",
            "herself",
            "pseudonym",
        }:
            _after_being(findings, index)
        elif token.low in GREETINGS and (
            token.first
            or tokens.at(index - 1).text in {",", '"', "'"}
            or tokens.at(index - 1).low in {"said", "say", "oh", "wrote"}
        ):
            name = tokens.at(index + 1)
            if (
                tokens.close(index)
                and name.word
                and not name.taken
                and name.low not in FUNCTION | ROLES
                and (name.has(GIVEN) or name.cap and not name.ordinary and not name.harmless)
            ):
                findings.words(index + 1, _rest_of_name(tokens, index + 1), "PERSON")


def _after_role(findings: Findings, index: int) -> None:
    tokens = findings.tokens
    role, at = tokens.at(index), index + 1
    if role.possessive:
        return
    comma = tokens.at(at).text in {",", "(", "-", ":"}
    if comma:
        at += 1
    name = tokens.at(at)
    if name.taken or not name.word or "\n" in tokens.text[role.end : name.start]:
        return
    if not comma and not tokens.close(index):
        return
    if _initial(tokens, at):
        return
    after = tokens.at(at + 1)
    if name.cap:
        if name.first and comma is False:
            return
        if (
            name.low in FUNCTION
            and not (name.has(GIVEN) and after.low in SAID)
            or name.has(REGION)
            or name.low in _DAYS
            or name.low in ROLES
        ):
            return
        if name.acronym and not name.namey:
            return
        if name.has(ALLOWED) and (
            comma
            or not name.namey
            or name.low in _MONTHS
            or role.low
            in {
                "therapist",
                "analyst",
                "person",
                "couple",
                "family",
                "group",
                "parent",
                "teacher",
                "coach",
                "friend",
                "child",
            }
            and not name.has(GIVEN)
        ):
            return
        if comma and not (name.namey or name.unknown or after.text == ","):
            return
        if (
            name.ordinary
            and not name.has(GIVEN)
            and (comma or tokens.at(index - 1).low not in POSSESSIVES | {"a", "the", "another", "new"})
        ):
            return
        if name.low in ORGANISATIONS | TITLES:
            return
        findings.words(at, _rest_of_name(tokens, at), "PERSON")
    elif _lower_after_role(tokens, index, at, comma):
        findings.words(at, _rest_of_name(tokens, at), "PERSON")


_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)


def _lower_after_role(tokens: Tokens, index: int, at: int, comma: bool) -> bool:
    name, after = tokens.at(at), tokens.at(at + 1)
    if (
        name.low in FUNCTION
        and name.low not in {"will", "may"}
        or name.has(REGION)
        or name.low in ROLES
        or len(name.low) < 2
    ):
        return False
    if name.has(ALLOWED) and not name.has(GIVEN):
        return False
    mine = tokens.at(index - 1).low in POSSESSIVES or tokens.at(index - 2).low in POSSESSIVES
    if comma:
        return after.text in {",", ")"} and (
            name.plain_name or (name.unknown and not is_slip(name.low, tokens.lexicon))
        )
    if name.ordinary:
        if not name.has(GIVEN) or not mine:
            return False
        return (
            (
                after.low in SURELY_SAID | {"was", "is", "has", "had", "who", "came", "left", "'s"}
                and name.low not in {"can"}
            )
            or name.possessive
            or (
                name.low not in _VERBISH
                and (
                    after.text in {",", ".", "?", "!", ""}
                    or after.low in {"and", "about", "that", "in", "on", "to", "for"}
                )
            )
        )
    if name.namey:
        return name.has(ALONE) or mine or after.low in SAID or tokens.at(index).low == "client"
    if not name.unknown:
        return name.has(PLACE) and mine and after.low in SAID
    return (
        len(name.low) > 2
        and not name.low.endswith(("ed", "ing", "ly", "'t"))
        and not is_slip(name.low, tokens.lexicon)
        and (mine or after.low in SAID)
    )


_VERBISH = frozenset(
    "will may rose mark chase grant drew sue pat rob frank jack bill hope love trust wade pierce lance miles sage rich happy "
    "precious major chance page dean stark young long read reed ray gale dash flick skip trip peg win star light bright "
    "proud constant sweet patient clever gay sunday monday tuesday wednesday thursday friday saturday summer winter spring autumn".split()
)


def _after_naming(findings: Findings, index: int) -> None:
    tokens = findings.tokens
    name, before = tokens.at(index + 1), tokens.at(index - 1)
    if name.text in {"'", '"'}:
        index += 1
        name = tokens.at(index + 1)
    if name.taken or not name.word or name.low in FUNCTION or name.low in _DAYS or name.has(REGION):
        return
    passive = (
        before.low in PERSON_NOUN_BEFORE_CALLED
        or before.low in {"is", "was", "been", "he's", "she's", "are", "who's"}
        or before.text == ","
    )
    if name.cap and not name.acronym and (not name.has(ALLOWED) or name.has(GIVEN)):
        if passive or name.namey or name.unknown:
            findings.words(index + 1, _rest_of_name(tokens, index + 1), "PERSON")
    elif not name.cap and (
        name.plain_name
        or passive
        and (name.has(GIVEN) or (name.unknown and not is_slip(name.low, tokens.lexicon)))
    ):
        if before.low in PERSON_NOUN_BEFORE_CALLED or name.plain_name:
            findings.words(index + 1, _rest_of_name(tokens, index + 1), "PERSON")


def _after_being(findings: Findings, index: int) -> None:
    """I'm X, my name is X, this is X, she goes by X, call me X, signs herself X."""
    tokens = findings.tokens
    token, at = tokens.at(index), index + 1
    if token.low in {"this", "name", "i", "names"}:
        if (
            tokens.at(at).low not in {"is", "was", "am"} | ({"'s"} if token.low == "name" else set())
            and not token.possessive
        ):
            return
        at += not token.possessive
    elif token.low in {"by", "as"} and not {tokens.at(index - 1).low, tokens.at(index - 2).low} & {
        "goes",
        "go",
        "going",
        "went",
        "known",
        "signed",
        "referred",
    }:
        return
    elif token.low in {"me", "myself", "himself", "herself"} and tokens.at(index - 1).low not in {
        "call",
        "calls",
        "called",
        "calling",
    }:
        return
    if tokens.at(at).text in {"'", '"'}:
        at += 1
    name = tokens.at(at)
    if (
        not name.word
        or name.taken
        or name.low in FUNCTION
        or name.harmless
        and not name.has(GIVEN)
        or name.low in _MONTHS | _DAYS
        or name.acronym
    ):
        return
    named = token.low in {"name", "name's", "names", "by", "me"}
    if name.cap and (
        name.plain_name
        or name.unknown
        or (name.ordinary and name.has(GIVEN) and (named or token.low in {"i'm", "this"}))
        or (named and not name.harmless)
    ):
        findings.words(at, _rest_of_name(tokens, at), "PERSON")
    elif (
        named
        and not name.cap
        and (name.has(GIVEN) or (name.unknown and not is_slip(name.low, tokens.lexicon)))
        and token.low != "as"
    ):
        if token.low in {"name", "name's", "names"} or name.plain_name:
            findings.words(at, _rest_of_name(tokens, at), "PERSON")


def initials(findings: Findings) -> None:
    """J.M., client K, "J told me", JM's mother."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or not token.word:
            continue
        last = _dotted(tokens, index)
        if last:
            said = tokens.text[token.start : tokens.at(last).end].replace(" ", "").lower()
            if (
                said not in INITIALS_OF_NO_ONE
                and said.rstrip(".") + "." not in INITIALS_OF_NO_ONE
                and _cased(tokens, index)
            ):
                if tokens.at(last + 1).cap and not tokens.at(last + 1).first and tokens.at(last + 1).namey:
                    last = _rest_of_name(tokens, last + 1)
                findings.words(index, last, "PERSON")
        elif _initial(tokens, index):
            dot = (
                tokens.at(index + 1).text == "."
                and tokens.at(index + 1).start == token.end
                and tokens.at(index + 2).word
            )
            level = (
                PLEASE_LOOK
                if token.text in {"A", "B", "X", "Y", "Z"} and tokens.at(index - 1).low in ROLES
                else None
            )
            last = index + dot
            surname = tokens.at(last + 1)
            if dot and surname.cap and (surname.namey or surname.unknown) and not surname.taken:
                last = _rest_of_name(tokens, last + 1)
            if level:
                findings.words(index, last, "PERSON", level)
            else:
                findings.words(index, last, "PERSON")
        elif (
            token.acronym
            and len(token.low) in {2, 3}
            and token.unknown
            or (token.acronym and len(token.low) == 2 and not token.has(ALLOWED | REGION))
        ):
            before, after = tokens.at(index - 1), tokens.at(index + 1)
            if (
                before.low in ROLES
                and not before.taken
                or (
                    len(token.low) == 2
                    and (
                        after.low in SURELY_SAID
                        or token.possessive
                        or before.low in {"with", "told", "asked", "saw"}
                    )
                )
            ):
                findings.words(index, index, "PERSON")


def _cased(tokens: Tokens, index: int) -> bool:
    return tokens.at(index).text.isupper() or tokens.at(index - 1).low in ROLES | SURELY_TO_PERSON | {"by"}


def _dotted(tokens: Tokens, index: int) -> int:
    """The index of the last full stop or letter of initials that begin here, or 0."""
    at, letters = index, 0
    while (
        len(tokens.at(at).text) == 1
        and tokens.at(at).word
        and tokens.at(at + 1).text == "."
        and tokens.at(at + 1).start == tokens.at(at).end
    ):
        letters += 1
        at += 2
        if (
            tokens.text[tokens.at(at - 1).end : tokens.at(at).start] not in {"", " "}
            or tokens.at(at).text.islower() != tokens.at(index).text.islower()
        ):
            break
    if (
        letters == 1
        and tokens.at(at).start == tokens.at(at - 1).end
        and len(tokens.at(at).low) == 1
        and tokens.at(at).word
    ):
        return at
    return at - 1 if letters > 1 else 0


def _initial(tokens: Tokens, index: int) -> bool:
    """A letter that stands for somebody."""
    token = tokens.at(index)
    if len(token.low) != 1 or not token.low.isascii():
        return False
    before, after = tokens.at(index - 1), tokens.at(index + 1)
    tight = tokens.text[token.end : token.end + 1]
    if tight in {"-", "&", "/", "+"} or tokens.text[max(0, token.start - 1) : token.start] in {
        "-",
        "&",
        "/",
        "'",
    }:
        return False
    if before.low in NO_NAME_LETTERS:
        return False
    dotted = after.text == "." and after.start == token.end
    if dotted:
        after = tokens.at(index + 2)
    if before.low in ROLES and (before.end + 1 == token.start) and not before.possessive:
        return (
            token.low not in {"a", "i"}
            and not (token.low in {"x", "s", "u", "r"} and not token.cap)
            or (token.text == "A" and not after.word)
        )
    if not token.text.isupper() or token.text in {"I"}:
        return False
    if before.low in STRICT_TITLES or tokens.at(index - 2).low in STRICT_TITLES and before.text == ".":
        return True
    if token.text == "A":
        return after.low in SURELY_SAID or token.possessive
    if token.possessive and tokens.at(index + 1).low in _KIN_AFTER:
        return True
    if after.low in SURELY_SAID or (
        after.low in SAID
        and (token.first or before.low in _CLAUSE)
        and after.low not in {"is", "was", "and", "just", "needed"}
    ):
        return True
    if (
        dotted
        and after.word
        and not after.first
        and after.low in FUNCTION | SAID
        and before.low not in {"the", "a"}
    ):
        return True
    return before.low in {
        "with",
        "told",
        "asked",
        "saw",
        "met",
        "texted",
        "emailed",
        "rang",
        "phoned",
        "supervise",
        "promised",
        "called",
        "named",
        "by",
        "dear",
        "hi",
        "seeing",
    } and (after.text in {"", ".", ",", "!", "?", ";"} or after.low in FUNCTION | SAID)


def by_name(findings: Findings) -> None:
    """Names that the lexicon knows, and strangers where a name must stand."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or not token.word or len(token.low) < 2:
            continue
        fits = _capital(tokens, index) if token.cap else _lower(tokens, index)
        if fits:
            findings.words(index, _rest_of_name(tokens, index), "PERSON")


def _capital(tokens: Tokens, index: int) -> bool:
    token, before, after = tokens.at(index), tokens.at(index - 1), tokens.at(index + 1)
    if token.acronym and (token.harmless or not token.has(GIVEN) or len(token.low) < 3 or token.ordinary):
        return False
    beside = tokens.close(index) and after.cap and not after.taken and not after.acronym
    if token.harmless:
        if not token.has(GIVEN):
            return False
        return (
            after.low in SURELY_SAID
            and (token.low not in _MONTHS or not token.has(COMMON) or True)
            and token.low not in {"god", "jesus"}
            and not token.has(FIGURE)
            or (beside and after.namey and not after.ordinary and not after.harmless)
        )
    if token.low in FUNCTION and token.low not in {"will", "may"}:
        return False
    if (
        beside
        and after.namey
        and not after.ordinary
        and not after.harmless
        and (token.has(GIVEN) or token.unknown or (not token.first and not token.ordinary))
    ):
        return True
    if token.plain_name:
        if not token.first:
            return token.has(GIVEN) or not (before.low in DETERMINERS and not after.low in SAID)
        if token.has(ALONE):
            return True
        return (
            after.low in SAID
            or token.possessive
            or beside
            or after.low in FUNCTION
            or after.text in {",", "."}
        )
    if token.has(GIVEN):
        return _word_name(tokens, index)
    if token.has(SURNAME) and not token.first:
        return before.low in SURELY_TO_PERSON and after.low in FUNCTION | SAID
    if token.unknown or (token.has(PLACE) and not token.ordinary):
        if after.low in SURELY_SAID and not is_slip(token.low, tokens.lexicon):
            return True
        if token.first:
            return (
                (after.low in SAID or token.possessive and after.low in _KIN_AFTER)
                and after.low not in {"is", "was"}
                and not is_slip(token.low, tokens.lexicon)
            )
        if (
            before.low in SURELY_TO_PERSON
            or after.low in SAID
            and before.low not in DETERMINERS | {"in", "of"}
        ):
            return True
        return (token.possessive and after.low in _KIN_AFTER) or (
            before.low in {"and", "or"} and tokens.at(index - 2).taken and tokens.at(index - 2).namey
        )
    return False


def _word_name(tokens: Tokens, index: int) -> bool:
    """A capitalised word that is a name as well: Rose, Will, Mark, Grace, May."""
    token, before, after = tokens.at(index), tokens.at(index - 1), tokens.at(index + 1)
    doubtful = token.low in ABSTRACT
    if token.first:
        if after.low in SURELY_SAID:
            return not (token.low in {"will", "may"} and after.low in _MODAL_AFTER)
        if not doubtful:
            return (
                after.low in SAID
                or (token.possessive and after.low in _KIN_AFTER)
                or (after.text == "," and tokens.at(index + 2).low in POSSESSIVES | {"who", "a"})
                or not token.has(COMMON)
                and after.low in FUNCTION
                and token.has(ALONE)
            )
        return (
            (token.possessive and after.low in ROLES)
            or (
                after.low in {"didn't", "doesn't", "wouldn't", "couldn't", "hadn't", "hasn't", "wasn't"}
                and token.low not in {"hope", "love", "trust", "faith"}
            )
            or (
                after.text == ","
                and tokens.at(index + 2).low in POSSESSIVES
                and tokens.at(index + 3).low in ROLES
            )
            or (after.low == "and" and tokens.at(index + 2).low in {"i"} and token.low not in {"may", "will"})
            or (
                tokens.close(index)
                and after.cap
                and after.namey
                and not after.harmless
                and token.low not in {"may", "will"} | FUNCTION
            )
            or (
                after.low in {"had", "has", "came", "left", "went", "got", "brought"}
                and token.low
                not in {
                    "hope",
                    "love",
                    "trust",
                    "faith",
                    "joy",
                    "grace",
                    "dawn",
                    "summer",
                    "winter",
                    "spring",
                    "autumn",
                    "snow",
                    "rain",
                    "peace",
                    "truth",
                    "art",
                    "memory",
                    "light",
                }
            )
        )
    if before.cap and not before.first and before.ordinary and not before.namey and tokens.close(index - 1):
        return False
    if after.cap and after.ordinary and not after.namey and tokens.close(index) and not after.low in FUNCTION:
        return before.low in TO_PERSON
    if before.low in DETERMINERS and before.low not in POSSESSIVES:
        return after.low in SURELY_SAID
    return True


def _lower(tokens: Tokens, index: int) -> bool:
    token, before, after = tokens.at(index), tokens.at(index - 1), tokens.at(index + 1)
    if (
        token.low in FUNCTION
        and token.low not in {"will", "may"}
        or token.harmless
        and token.low not in {"may", "april", "june"}
    ):
        return False
    if token.plain_name and token.has(ALONE):
        return not (before.text in {"-", "/", "#"} and before.end == token.start)
    starts = token.first or before.low in _CLAUSE or before.text in {",", ";", ":"}
    said = after.low in SURELY_SAID and not after.has(GIVEN) or after.low in {"told", "said", "asked"}
    to_me = after.low in {
        "told",
        "asked",
        "texted",
        "rang",
        "emailed",
        "said",
        "cried",
        "says",
        "phoned",
    } and (
        tokens.at(index + 2).low
        in {
            "me",
            "us",
            "that",
            "she",
            "he",
            "they",
            "i",
            "her",
            "him",
            "if",
            "it",
            "about",
            "when",
            "what",
            "why",
            "the",
        }
        or tokens.at(index + 2).text in {".", ",", "'", '"', ":", ""}
    )
    if token.namey and not token.harmless and not token.ordinary:
        return (
            starts
            and (said or after.low in SAID)
            or before.low in SURELY_TO_PERSON | {"for"}
            or token.possessive
            and after.low in ROLES
        )
    if token.has(GIVEN):
        if token.possessive and after.low in ROLES and starts and token.low not in {"god"}:
            return True
        return starts and to_me and not (token.low in {"will", "may"} and after.low in _MODAL_AFTER)
    if token.unknown and len(token.low) > 2:
        return (
            starts
            and to_me
            and not is_slip(token.low, tokens.lexicon)
            or (
                before.low in {"with", "told", "asked", "met", "texted"}
                and after.low in FUNCTION | SAID
                and len(token.low) > 3
                and not is_slip(token.low, tokens.lexicon)
                and not token.low.endswith(("ed", "ing", "ly", "s", "ism", "tion", "able"))
            )
        )
    return False


def _rest_of_name(tokens: Tokens, index: int) -> int:
    """The last word of a name that begins at ``index``: surnames, particles, a middle initial."""
    last = index
    first = tokens.at(index)
    while not tokens.at(last).possessive:
        at = last + 1
        after = tokens.at(at)
        if (
            len(after.text) == 1
            and after.text.isupper()
            and after.text != "I"
            and tokens.at(at + 1).text == "."
            and tokens.at(at + 2).cap
            and tokens.close(last)
        ):
            last = at + 1 if not tokens.at(at + 2).namey else at + 2
            continue
        if not tokens.close(last) or not after.word or after.taken:
            break
        if (
            after.low in PARTICLES
            and not after.has(GIVEN)
            and (tokens.at(at + 1).cap or tokens.at(at + 1).plain_name and not first.cap)
            and tokens.close(at)
            and not tokens.at(at + 1).taken
        ):
            last = at + 1
            continue
        if not _continues(first, after):
            break
        last = at
    return last


def _continues(first: Token, after: Token) -> bool:
    if first.cap:
        return (
            after.cap
            and not after.acronym
            and after.low not in FUNCTION
            and after.low not in _DAYS | _MONTHS
            and after.low not in ORGANISATIONS
            and (after.namey or not after.harmless)
        )
    return not after.cap and after.plain_name and after.low not in SAID and not first.ordinary


def repeated(findings: Findings) -> None:
    """Whoever was named once is meant again where the same word comes back."""
    tokens = findings.tokens
    names = {
        word.low: word.cap
        for start, end, kind, level in findings.found
        if kind == "PERSON" and level != PLEASE_LOOK
        for word in tokens.all
        if word.word
        and start <= word.start < end
        and len(word.low) > 2
        and word.low not in PARTICLES | FUNCTION
    }
    if not names:
        return
    for index, token in enumerate(tokens.all):
        if token.taken or token.low not in names or token.harmless:
            continue
        after, before = tokens.at(index + 1), tokens.at(index - 1)
        if token.ordinary and (not token.cap or token.first):
            if before.low in DETERMINERS or not (after.low in SURELY_SAID or before.low in SURELY_TO_PERSON):
                continue
        findings.words(index, _rest_of_name(tokens, index), "PERSON")


def strangers(findings: Findings) -> None:
    """Capitalised words that nobody knows: worth a look."""
    tokens = findings.tokens
    for index, token in enumerate(tokens.all):
        if token.taken or not token.cap or token.acronym or not token.word or len(token.low) < 3:
            continue
        if (token.unknown or token.namey and not token.ordinary and not token.harmless) and not is_slip(
            token.low, tokens.lexicon
        ):
            findings.words(index, index, "PERSON", PLEASE_LOOK)
