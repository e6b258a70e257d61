"""Text made plain for recognising: small letters, whole words, sentences, whatever was done to hide a word.

Recognisers never look at a text as it was typed. They look at what ``Spellings.plain`` makes of it: words and
marks parted by single spaces, every sentence begun and ended by `` . `` (`` ? `` for a question), clauses by
`` , ``. Nothing of it is shown to anybody or kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping

_APOSTROPHES = str.maketrans("’‘ʼ´`＇", "''''''")
_QUOTES = str.maketrans("“”„«»‟〝〞＂", '"' * 9)
_LOOKALIKES = str.maketrans("авекмнорстухіѕјо", "abekmhopctyxisjo")
_DIGITS = str.maketrans("013457@$!|€", "oieastasile")
_SPACED = re.compile(r"(?<![\w'])\w(?:[ .*_\-]\w){2,}(?![\w'])")
_RUN = re.compile(r"(.)\1{2,}")
_DIGIT_OR_SIGN = re.compile(r"(?<=[a-z])[0-9@$!|€*#_](?=[a-z0-9@$!|€*#_])|^[0-9@$](?=[a-z!])|(?<=[a-z])[*#]$")
_PIECE = re.compile(r"\S+")
_SIGN = re.compile(r"[0-9@$!|€*#_]")
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)*|\.{2,}|[.!?;:,\n\"()…]|—|–|(?<=\s)-+(?=\s)")
_NEGATED = re.compile(r"n't$")
_ENDINGS = (
    ("'re", " are"),
    ("'ve", " have"),
    ("'ll", " will"),
    ("'m", " am"),
    ("'d", " would"),
    ("'s", " 's"),
)
_ENDS = {".", "!", ";", "\n", "…", "—", "–"}
_MARKS = {"?": "?", ",": ",", ":": ":", '"': '"', "(": ",", ")": ","}
_UNKNOWN = "*#_"
_LEAST_TYPO = 6
_OUTER = "\"'.,;:?()[]{}<>…"


class Spellings:
    """How one language's words are spelt out before anything is recognised. Made once, shared, unchanging.

    ``words``: what a word or a few words stand for ("im" → "i am", "any more" → "anymore", "kms" → "kill
    myself"). ``masked``: words that people hide behind signs ("su*c*de"). ``typos``: long words that are
    recognised with one letter wrong, missing, doubled or swapped.
    """

    def __init__(self, words: Mapping[str, str], masked: Iterable[str], typos: Iterable[str]) -> None:
        self._single = {word: meant for word, meant in words.items() if " " not in word}
        several = sorted((word for word in words if " " in word), key=len, reverse=True)
        self._words = words
        self._several = re.compile(rf"(?<= )(?:{'|'.join(map(re.escape, several)) or '(?!)'})(?= )")
        self._masked = tuple(masked)
        self._known = frozenset(typos)
        self._typos: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            self._typos[word[0]].append(word)

    def plain(self, text: str) -> str:
        """A text for recognising: `` . i do not know . do you ? `` for “I don't know!! Do you?”"""
        text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).translate(_QUOTES)).lower()
        if not text.isascii():
            seen = (char for char in text if unicodedata.category(char) not in _UNSEEN)
            text = _PIECE.sub(_latin, "".join(seen))
        text = _SPACED.sub(self._joined, _RUN.sub(_shorter, text))
        text = _PIECE.sub(self._unmasked, text)
        tokens = ["."]
        for found in _TOKEN.finditer(text):
            self._add(found.group(), tokens)
        if tokens[-1] not in (".", "?"):
            tokens.append(".")
        plain = " " + " ".join(tokens) + " "
        return self._several.sub(lambda match: self._words[match.group()], plain)

    def _add(self, token: str, tokens: list[str]) -> None:
        if token in _ENDS or token[0] in ".-":
            if tokens[-1] not in (".", "?"):
                tokens.append(".")
        elif token in _MARKS:
            mark = _MARKS[token]
            if mark != "?" or tokens[-1] != "?":
                tokens.append(mark)
        else:
            tokens.extend(self._spelt_out(token).split())

    def _spelt_out(self, token: str) -> str:
        if token in self._single:
            return self._single[token]
        if _NEGATED.search(token):
            return f"{token[:-3]} not"
        for ending, meant in _ENDINGS:
            if token.endswith(ending):
                base = token.removesuffix(ending)
                return f"{self._single.get(base, base)}{meant}"
        if len(token) < _LEAST_TYPO - 1 or token in self._known:
            return token
        return next((word for word in self._typos.get(token[0], ()) if _one_slip(token, word)), token)

    def _joined(self, match: re.Match[str]) -> str:
        """Letters typed apart, s u i c i d e, as a word; and what only looks so, as it was."""
        joined = re.sub(r"[ .*_\-]", "", match.group())
        meant = self._single.get(joined, joined)
        return meant if meant != joined or joined in self._masked else match.group()

    def _unmasked(self, match: re.Match[str]) -> str:
        piece = match.group()
        if len(piece) > _LONGEST_PIECE or not _SIGN.search(piece):
            return piece
        core = piece.strip(_OUTER)
        if not _DIGIT_OR_SIGN.search(core.rstrip("!")) or len(core) > _LONGEST_MASKED:
            return piece
        core = core.rstrip("!")
        expression = re.compile(
            "".join(r"[a-z]{1,3}" if c in _UNKNOWN else re.escape(c.translate(_DIGITS)) for c in core)
        )
        fits = (word for word in self._masked if len(word) >= len(core) and expression.fullmatch(word))
        word = next(fits, None)
        return piece if word is None else piece.replace(core, word)


_UNSEEN = {"Mn", "Cf", "Cs", "Co", "Cn"}
_LONGEST_MASKED = 20
_LONGEST_PIECE = 60


def _latin(match: re.Match[str]) -> str:
    """Letters that only look Latin, in a word that has Latin ones too."""
    word = match.group()
    return word.translate(_LOOKALIKES) if re.search("[a-z]", word) else word


def _shorter(match: re.Match[str]) -> str:
    """Drawn-out letters, soooo, as one; marks as they were."""
    return match.group(1) if match.group(1).isalpha() else match.group()


def _one_slip(token: str, word: str) -> bool:
    """Whether a token is a word with one letter wrong, missing, too many, or two neighbours swapped."""
    if abs(len(token) - len(word)) > 1 or len(word) < _LEAST_TYPO:
        return False
    start = 0
    while start < min(len(token), len(word)) and token[start] == word[start]:
        start += 1
    left, right = token[start:], word[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    return left[1:] == right if len(left) > len(right) else left == right[1:]
