"""The words of a view, each with what is known about it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from bot.rules.details.cues import word_set
from bot.rules.lexicon import (
    ALLOWED,
    ALONE,
    COMMON,
    FIGURE,
    GIVEN,
    ORDINARY,
    PLACE,
    REGION,
    STARTS,
    SURNAME,
    Lexicon,
)

_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*|\d+[a-z]?\b|\d+|\n+|[!-/:-@\[-`{-~…–—•]")
_ENDS = frozenset(".!?…")
_OPENS = frozenset("\"'([{•>-*–—:")
_FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "ð": "d", "ə": "e"})


@dataclass(slots=True, repr=False)
class Token:
    """One word, number or sign of a view."""

    start: int
    end: int
    text: str
    low: str
    """Lower case, without a possessive ``'s``."""
    flags: int = 0
    cap: bool = False
    """Begins with a capital that means something: not one of a text in capitals throughout."""
    first: bool = False
    """Begins a sentence, a line, or what is said in quotes."""
    word: bool = False
    possessive: bool = False
    taken: bool = False
    """Belongs to a detail, or to a phrase that identifies nobody."""
    acronym: bool = False

    def has(self, flags: int) -> bool:
        return bool(self.flags & flags)

    @property
    def ordinary(self) -> bool:
        return bool(self.flags & (ORDINARY | COMMON))

    @property
    def namey(self) -> bool:
        """May be somebody's name as far as the lexicon knows."""
        return bool(self.flags & (GIVEN | SURNAME))

    @property
    def harmless(self) -> bool:
        """Known to identify nobody."""
        return bool(self.flags & (ALLOWED | REGION | FIGURE))

    @property
    def unknown(self) -> bool:
        """Neither an English word nor a name nor a place."""
        return self.word and not self.flags & ~(ALONE | STARTS)

    @property
    def plain_name(self) -> bool:
        """A name that is nothing else."""
        return self.namey and not self.ordinary and not self.harmless


@dataclass(slots=True, repr=False)
class Tokens:
    """The words of a text, in order. ``at(i)`` beyond either end is an empty one."""

    text: str
    all: list[Token]
    lexicon: Lexicon
    nothing: Token = field(default_factory=lambda: Token(0, 0, "", "", first=True))

    def at(self, index: int) -> Token:
        return self.all[index] if 0 <= index < len(self.all) else self.nothing

    def close(self, index: int) -> bool:
        """Whether the token at ``index`` and the next have nothing but a space between them (and a "
        "``'s``)."""
        if not 0 <= index < len(self.all) - 1:
            return False
        return self.text[self.all[index].end : self.all[index + 1].start] in {" ", "'s ", "'S "}

    def phrase(self, index: int, count: int) -> str:
        return " ".join(token.text.lower() for token in self.all[index : index + count])


def tokens_of(text: str, lexicon: Lexicon) -> Tokens:
    """Cut a view into words and look each up."""
    found: list[Token] = []
    shouted = _mostly_capitals(text)
    known: dict[str, int] = {}
    begins = True
    for match in _TOKEN.finditer(text):
        word = match.group()
        token = Token(match.start(), match.end(), word, word.lower())
        if word[0].isalpha():
            _word(token, shouted, lexicon, known)
            token.first = begins
            begins = False
        elif word[0] == "\n" or (word in _ENDS and not _abbreviates(found)):
            begins = True
        elif word in _OPENS:
            begins = (
                begins
                or word in '"([{•:'
                or (word in "'-–—" and text[match.start() - 1 : match.start()] in " \n")
            )
        elif not (begins and word in "#.)*'\""):
            begins = word == "." and begins
        found.append(token)
    return Tokens(text, found, lexicon)


def _word(token: Token, shouted: bool, lexicon: Lexicon, known: dict[str, int]) -> None:
    token.word = True
    if token.low.endswith("'s") and len(token.low) > 3:
        token.low = token.low[:-2]
        token.end -= 2
        token.possessive = True
    flags = known.get(token.low)
    if flags is None:
        flags = known[token.low] = _flags(token.low, lexicon)
    token.flags = flags
    capital = token.text[0].isupper()
    letters = token.text[: len(token.low)]
    token.acronym = letters.isupper() and len(letters) > 1
    token.cap = capital and not (shouted and token.acronym)
    if shouted:
        token.acronym = False


def _flags(word: str, lexicon: Lexicon) -> int:
    flags = lexicon.of(word)
    if not flags & ~STARTS and not word.isascii():
        flags = lexicon.of(_without_accents(word))
    if word.endswith("s") and not flags & (ALLOWED | REGION):
        flags |= lexicon.words.get(word[:-1], 0) & (ALLOWED | REGION)
    if "-" in word and not flags & ~(STARTS | ORDINARY):
        flags = _hyphenated(word, lexicon, flags)
    return flags


def _hyphenated(word: str, lexicon: Lexicon, flags: int) -> int:
    """Ji-won, Anne-Marie, Okoro-Bell; but not Freud-like or self-harm."""
    parts = [part for part in word.split("-") if part]
    if len(parts) == 2 and parts[0] != parts[1] and all(part in _SYLLABLES for part in parts):
        return GIVEN | ALONE
    known = [lexicon.of(part) for part in parts]
    if parts and all(flag & (GIVEN | SURNAME) and not flag & (COMMON | ALLOWED) for flag in known):
        return known[0] & ~ORDINARY
    name = any(flag & (GIVEN | SURNAME) and not flag & (ORDINARY | COMMON | ALLOWED) for flag in known)
    if name and parts[-1] not in _LIKE and len(parts[0]) > 2:
        return SURNAME
    if any(flag & (ORDINARY | COMMON | ALLOWED) for flag in known):
        return flags | ORDINARY
    return flags


_SYLLABLES = word_set(
    "ae ah bin bo bok chae chan chang cheol chul dae do dong eun gi gon gu gun gyu ha hae han hee heon ho "
    "hong hoon hui hun hwa "
    "hwan hye hyeon hyo hyuk hyun il in ja jae jeong ji jin jong joo joon ju jun jung kang ki kuk kyeong "
    "kyu kyung mi min mo moo "
    "moon mun myeong myung na nam no ra rae ran ri rim rin ro ryeol sang seo seok seon seong seul seung "
    "shin si sik sil so sol "
    "son song soo sook su suk sun sung tae ui uk un wan won woo woong wook wu yeol yeon yeong yi yo yong "
    "yoo yoon young yu yul yun"
)
"""Syllables of Korean given names, romanised."""
_LIKE = word_set("like ish style esque era type inspired based informed trained y ed led free")


def _without_accents(word: str) -> str:
    split = unicodedata.normalize("NFD", word.translate(_FOLDED))
    return "".join(char for char in split if not unicodedata.combining(char))


def _abbreviates(found: list[Token]) -> bool:
    """Whether a full stop belongs to the word before it."""
    if not found:
        return False
    last = found[-1]
    return last.low in {"mr", "mrs", "ms", "dr", "prof", "st", "mx", "e.g", "vs", "rev", "sr", "jr"} or (
        len(last.text) == 1 and last.text.isalpha() and last.text != "I" and last.text.isupper()
    )


def _mostly_capitals(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return letters > 12 and sum(char.isupper() for char in text) > 0.7 * letters


def is_slip(word: str, lexicon: Lexicon) -> bool:
    """Whether an unknown word is one letter away from a frequent one: ``clinet``, ``sayd``, ``afetr``."""
    if any(
        _missing_letters(word, role)
        for role in ("client", "clients", "therapist", "supervisor", "practice", "patient")
    ):
        return True
    words = lexicon.words
    for at in range(len(word)):
        doubled = at and word[at] == word[at - 1]
        if doubled and words.get(word[:at] + word[at + 1 :], 0) & COMMON:
            return True
        swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
        if words.get(swapped, 0) & (ORDINARY | COMMON):
            return True
        if at and any(
            words.get(word[:at] + letter + word[at:], 0) & COMMON for letter in "aeioutnrslhdcmpgywbfkv"
        ):
            return True
    return any(words.get(word + letter, 0) & COMMON for letter in "ednsty")


def _missing_letters(word: str, whole: str) -> bool:
    """Whether ``word`` is ``whole`` with up to two letters left out, in any order of two neighbours."""
    if not (word[0] == whole[0] and len(whole) - 2 <= len(word) <= len(whole) and len(word) > 3):
        return False
    rest = list(whole)
    for letter in word:
        if letter not in rest:
            return False
        rest.remove(letter)
    return True


__all__ = [
    "ALLOWED",
    "ALONE",
    "GIVEN",
    "PLACE",
    "REGION",
    "SURNAME",
    "Token",
    "Tokens",
    "is_slip",
    "tokens_of",
]
