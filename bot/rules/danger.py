"""Words that sound like danger: to whoever writes them, or to somebody else right now.

It decides whether a writer is shown, in private, a few sentences and places to turn to, before they post. It
tells nobody, counts nothing, and is no assessment: it compares words with lists, misses what is said
otherwise, and asks sometimes where nothing is wrong. Talking about a client's risk is a therapist's daily
work and left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.rules.leaning import Leaning
from bot.rules.phrases import Phrases, sentences
from bot.rules.plain_words import Spellings

_ENOUGH = 2
_CLEAR = 3
"""More than enough, so that what is clear decides about the kind."""
_NEAR = 2
"""Sentences over which hints add up, and in which work is being talked about."""
_FAR = 6
"""Sentences between what somebody else may do and that nobody has it in hand."""
_QUOTED = re.compile(r' "(?P<words>[^"]*)"(?= )')
_SCARE_QUOTE = 2
_BEFORE = 14
_AFTER = 4
_REACH = 200
"""Characters in which those words are looked for."""
_IN_PLACE_OF_A_QUOTE = " quoted"


class DangerKind(StrEnum):
    """Whose danger, and from whom."""

    SELF = "self"
    """The writer may die or harm themselves."""
    ABUSE = "abuse"
    """Somebody hurts, threatens or controls the writer."""
    VIOLENCE = "violence"
    """The writer may hurt somebody."""
    SOMEONE_ELSE = "someone_else"
    """Somebody else is in danger now, and nobody has it in hand."""


class Weight(StrEnum):
    """What a sign says by itself."""

    CLEAR = "clear"
    """Enough alone."""
    HINT = "hint"
    """Enough alone where nothing is said of work; else together with another."""
    FAINT = "faint"
    """Only together with another."""


@dataclass(frozen=True, slots=True, repr=False)
class Danger:
    """That a text sounds like danger, and of which kind; nothing of its words."""

    kind: DangerKind


@dataclass(frozen=True, slots=True, repr=False)
class Sign:
    """Turns of phrase that mean the same, and what in the same sentence makes them harmless."""

    kind: DangerKind
    weight: Weight
    phrases: Phrases
    unless: Phrases


@dataclass(frozen=True, slots=True, repr=False)
class DangerWords:
    """A language's signs and what stands against them. Made once by ``bot.content.signals``, then shared."""

    spellings: Spellings
    signs: tuple[Sign, ...]
    now: Phrases
    """That it happens right now, or that nobody can be reached: makes another's risk a danger."""
    settled: Phrases
    """That another's risk is over or in somebody's hands."""
    said_by_others: Phrases
    """What comes after these in a sentence is somebody else's words."""
    said_by_me: Phrases
    """From here on it is the writer's again."""
    long_ago: Phrases
    again: Phrases
    """That what was long ago is back."""
    imagined: Phrases
    """A dream, a role play, a wish in the countertransference: thought about, not about to be done."""
    work: Phrases
    leaning: Leaning
    leans_from: float
    """From this leaning on a text counts as danger also without a phrase."""
    with_a_hint_from: float
    """From this leaning on one hint is enough."""
    doubts_below: float
    """Below this leaning hints don't count; what is clear does."""
    mine: frozenset[str]
    """Words for the writer, as a speaker: "i", "me"."""
    others: frozenset[str]
    """Words for other speakers: "she", "client"."""


def sounds_like_danger(text: str, words: DangerWords) -> Danger | None:
    """What danger a story, reply or note sounds like, if any; the kind with the most signs for it."""
    plain = own_words(words.spellings.plain(text), words)
    heard = _Hearing(plain, words)
    scores = {kind: heard.score(kind) for kind in DangerKind}
    kind = max(DangerKind, key=lambda kind: scores[kind])
    if scores[kind] >= _CLEAR:
        return Danger(kind)
    leaning = words.leaning.of(unreported(plain, words))
    if scores[kind] >= _ENOUGH:
        enough = words.doubts_below
    else:
        enough = words.with_a_hint_from if scores[kind] else words.leans_from
    return Danger(kind) if leaning >= enough else None


class _Hearing:
    """One text, sentence by sentence, and what was heard in each."""

    def __init__(self, plain: str, words: DangerWords) -> None:
        self._words = words
        self._sentences = [_Sentence(text, frozenset(text.split())) for text in sentences(plain)]
        self._work = [words.work.stand_in(s.text, s.words) for s in self._sentences]

    def score(self, kind: DangerKind) -> int:
        """How much speaks for a kind, in the few sentences that say most."""
        at = [self._weigh(kind, index) for index in range(len(self._sentences))]
        if kind is DangerKind.SOMEONE_ELSE:
            return self._someone_else(at)
        return max((sum(at[index : index + _NEAR + 1]) for index in range(len(at))), default=0)

    def _weigh(self, kind: DangerKind, index: int) -> int:
        sentence = self._sentences[index]
        at_work = any(self._work[max(index - _NEAR, 0) : index + _NEAR + 1])
        stand = [sign for sign in self._words.signs if sign.kind is kind and self._stands(sign, sentence)]
        return sum(_value(sign, at_work) for sign in stand)

    def _stands(self, sign: Sign, sentence: _Sentence) -> bool:
        places = [place.start() for place in sign.phrases.found(sentence.text, sentence.words)]
        if not places or sign.unless.stand_in(sentence.text, sentence.words):
            return False
        if sign.kind is DangerKind.SOMEONE_ELSE:
            return True
        # “he said he'd kill me” is about the writer, whoever said it
        if sign.kind is DangerKind.ABUSE:
            return not self._over_or_imagined(sign.kind, sentence)
        if self._over_or_imagined(sign.kind, sentence):
            return False
        return any(not self._somebody_elses(sentence, place) for place in places)

    def _over_or_imagined(self, kind: DangerKind, sentence: _Sentence) -> bool:
        words = self._words
        if kind is not DangerKind.ABUSE and words.imagined.stand_in(sentence.text, sentence.words):
            return True
        past = words.long_ago.stand_in(sentence.text, sentence.words)
        return past and not words.again.stand_in(sentence.text, sentence.words)

    def _somebody_elses(self, sentence: _Sentence, place: int) -> bool:
        """Whether a place in a sentence comes after “she said” without an “I said” between."""
        said = [m.start() for m in self._words.said_by_others.found(sentence.text, sentence.words)]
        said = [start for start in said if start < place]
        if not said:
            return False
        mine = self._words.said_by_me.found(sentence.text, sentence.words)
        return not any(max(said) < match.start() <= place for match in mine)

    def _someone_else(self, at: Sequence[int]) -> int:
        words = self._words
        if any(words.settled.stand_in(s.text, s.words) for s in self._sentences):
            return 0
        if max(at, default=0) >= _ENOUGH:
            return max(at)
        now = [index for index, s in enumerate(self._sentences) if words.now.stand_in(s.text, s.words)]
        risk = [index for index, value in enumerate(at) if value]
        return _ENOUGH if any(abs(one - other) <= _FAR for one in risk for other in now) else 0


@dataclass(frozen=True, slots=True, repr=False)
class _Sentence:
    text: str
    words: frozenset[str]


def _value(sign: Sign, at_work: bool) -> int:
    if sign.weight is Weight.CLEAR:
        return _CLEAR
    alone = sign.weight is Weight.HINT and sign.kind is not DangerKind.SOMEONE_ELSE and not at_work
    return _ENOUGH if alone else 1


def own_words(plain: str, words: DangerWords) -> str:
    """The text without what it quotes of others."""
    if plain.count('"') < 2:
        return plain
    if not re.sub(r'[ .?,:"]', "", _QUOTED.sub("", plain)):
        return plain.replace(' "', "")  # all of it is quoted: then nobody else is
    pieces: list[str] = []
    at = 0
    for match in _QUOTED.finditer(plain):
        pieces.append(plain[at : match.start()])
        inside = match["words"].split()
        own = len(inside) <= _SCARE_QUOTE or _speaks(plain, match, words)
        pieces.append(f" {' '.join(inside)}" if own else _IN_PLACE_OF_A_QUOTE)
        at = match.end()
    return "".join([*pieces, plain[at:]])


def unreported(plain: str, words: DangerWords) -> str:
    """The text without what others are said to have said, each sentence up to its “she said”."""
    kept: list[str] = []
    for sentence in sentences(plain):
        known = frozenset(sentence.split())
        said = next(words.said_by_others.found(sentence, known), None)
        if said is None or words.said_by_me.stand_in(sentence, known):
            kept.append(sentence)
        else:
            kept.append(f"{sentence[: said.end()]} . ")
    return "".join(kept) or plain


def _speaks(plain: str, quote: re.Match[str], words: DangerWords) -> bool:
    """Whether the writer speaks in a quotation: the nearest speaker before it, or else right after it."""
    for word in _nearest(plain, quote):
        if word in words.mine:
            return True
        if word in words.others:
            return False
    return False


def _nearest(plain: str, quote: re.Match[str]) -> Iterator[str]:
    before = plain[max(quote.start() - _REACH, 0) : quote.start()].split()[-_BEFORE:]
    for word in reversed(before):
        if word in (".", "?") and word != before[-1]:
            break
        yield word
    yield from plain[quote.end() : quote.end() + _REACH].split()[:_AFTER]
