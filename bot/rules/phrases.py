"""Phrases as somebody who doesn't program can write them, and finding them in plain text.

| written | means |
| --- | --- |
| ``i want to die`` | these words, in this order |
| ``(hurt/kill) him`` | one of these |
| ``i [really/just] want`` | one of these, or nothing |
| ``{who} hit me`` | one of the list named *who* |
| ``want ... die`` | up to five words between, in one sentence |
| ``kill*`` | words that begin so |
| ``^ ask her`` | at the beginning of a sentence |
| ``you should $`` | at the end of one |

They look at what ``Spellings.plain`` makes of a text. Commas of the text count as words; ``...`` leaps over
them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, takewhile

_GAP = r'(?: [^ .?"]+){0,5}?'
_START = r'(?: [.?:"])'
_END = r"(?= [.?])"
_PART = re.compile(r"\.\.\.|[\[\]()/^$]|\{[a-z_]+\}|[a-z0-9',\"?:*]+|\s+")
_COMMON = frozenset(("i", "me", "my", "to", "the", "a", "an", "and", "of", "in", "on", "it", "is", "am")) | {
    *("are", "was", "be", "been", "not", "do", "have", "has", "that", "you", "he", "she", "they")
}
"""Words by which a phrase isn't looked up, because nearly every text has them."""
_ENDINGS = {".", "?"}


class PhraseError(ValueError):
    """A phrase can't be read: one sentence that quotes it and says why."""


@dataclass(frozen=True, slots=True, repr=False)
class _Piece:
    """Part of a phrase: its expression, and words of which a text must have one for it to be found there."""

    expression: str
    needs: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Phrase:
    pattern: re.Pattern[str]
    needs: tuple[frozenset[str], ...]


class Phrases:
    """Some phrases, made ready once. Texts that lack a phrase's words are not searched for it."""

    def __init__(self, written: Iterable[str], lists: Mapping[str, Sequence[str]]) -> None:
        """Raises PhraseError for a phrase or a list that can't be read."""
        self._phrases = tuple(_made(phrase, lists) for phrase in written)
        self._always: list[_Phrase] = []
        self._by_word: dict[str, list[_Phrase]] = defaultdict(list)
        for phrase in self._phrases:
            rarest = min(phrase.needs, key=_commonness, default=None)
            if rarest is None:
                self._always.append(phrase)
            for word in rarest or ():
                self._by_word[word].append(phrase)

    def __len__(self) -> int:
        return len(self._phrases)

    def found(self, sentence: str, words: frozenset[str]) -> Iterator[re.Match[str]]:
        """Every place where one of them stands. ``words`` are the sentence's words, made once for all."""
        if not self._always and words.isdisjoint(self._by_word.keys()):
            return
        possible = chain(self._always, *(self._by_word[word] for word in words if word in self._by_word))
        for phrase in dict.fromkeys(possible):
            if all(not need.isdisjoint(words) for need in phrase.needs):
                yield from phrase.pattern.finditer(sentence)

    def stand_in(self, sentence: str, words: frozenset[str]) -> bool:
        """Whether any of them stands there."""
        return next(self.found(sentence, words), None) is not None


def sentences(plain: str) -> tuple[str, ...]:
    """Plain text, sentence by sentence; each begins with `` . `` and ends with its own mark and a space."""
    found: list[str] = []
    current = ["."]
    for token in plain.split():
        if token in _ENDINGS:
            if len(current) > 1:
                found.append(f" {' '.join(current)} {token} ")
            current = ["."]
        else:
            current.append(token)
    return tuple(found)


def _commonness(need: frozenset[str]) -> tuple[int, int]:
    return len(need & _COMMON), len(need)


def _made(written: str, lists: Mapping[str, Sequence[str]]) -> _Phrase:
    parts = [part for part in _parts(written) if not part.isspace()]
    piece, rest = _sequence(parts, 0, lists, written)
    if rest != len(parts):
        raise PhraseError(f'"{written}": there is a closing bracket too many, or a stroke outside brackets.')
    return _Phrase(re.compile(f"{piece.expression}(?= )"), piece.needs)


def _parts(written: str) -> Iterator[str]:
    at = 0
    while at < len(written):
        part = _PART.match(written, at)
        if part is None:
            raise PhraseError(f'"{written}": "{written[at]}" can\'t stand there; use small letters.')
        yield part.group()
        at = part.end()


def _sequence(
    parts: Sequence[str], at: int, lists: Mapping[str, Sequence[str]], written: str
) -> tuple[_Piece, int]:
    pieces: list[_Piece] = []
    while at < len(parts) and parts[at] not in (")", "]", "/"):
        piece, at = _item(parts, at, lists, written)
        pieces.append(piece)
    if not pieces:
        raise PhraseError(f'"{written}": something is missing beside a bracket or a stroke.')
    needs = tuple(need for piece in pieces for need in piece.needs)
    return _Piece("".join(piece.expression for piece in pieces), needs), at


def _item(
    parts: Sequence[str], at: int, lists: Mapping[str, Sequence[str]], written: str
) -> tuple[_Piece, int]:
    part = parts[at]
    if part in ("(", "["):
        return _choice(parts, at, lists, written)
    if part.startswith("{"):
        return _list(part[1:-1], lists, written), at + 1
    special = {"...": _GAP, "^": _START, "$": _END}.get(part)
    if special is not None:
        return _Piece(special), at + 1
    if "*" in part:
        return _Piece(" " + re.escape(part).replace(r"\*", "[^ ]*")), at + 1
    return _Piece(" " + re.escape(part), (frozenset({part}),)), at + 1


def _choice(
    parts: Sequence[str], at: int, lists: Mapping[str, Sequence[str]], written: str
) -> tuple[_Piece, int]:
    closing = {"(": ")", "[": "]"}[parts[at]]
    optional = closing == "]"
    choices: list[_Piece] = []
    while True:
        piece, at = _sequence(parts, at + 1, lists, written)
        choices.append(piece)
        if at >= len(parts):
            raise PhraseError(f'"{written}": a bracket is opened and never closed.')
        if parts[at] == closing:
            break
        if parts[at] != "/":
            raise PhraseError(f'"{written}": a bracket is closed by the wrong kind.')
    return _either(choices, optional=optional), at + 1


def _list(name: str, lists: Mapping[str, Sequence[str]], written: str) -> _Piece:
    if name not in lists:
        raise PhraseError(f'"{written}": there is no list named "{name}" above it.')
    above = dict(takewhile(lambda entry: entry[0] != name, lists.items()))
    choices: list[_Piece] = []
    for entry in lists[name]:
        parts = [part for part in _parts(entry) if not part.isspace()]
        piece, rest = _sequence(parts, 0, above, entry)
        if rest != len(parts):
            raise PhraseError(f'"{entry}" in the list "{name}": brackets don\'t match.')
        choices.append(piece)
    return _either(choices, optional=False)


def _either(choices: Sequence[_Piece], *, optional: bool) -> _Piece:
    expression = f"(?:{'|'.join(choice.expression for choice in choices)})"
    if optional:
        return _Piece(f"{expression}?")
    firsts = [choice.needs[0] if choice.needs else None for choice in choices]
    if any(first is None for first in firsts):
        return _Piece(expression)
    needed = reduce(frozenset[str].union, (first for first in firsts if first is not None), frozenset[str]())
    return _Piece(expression, (needed,))
