"""A reply that begins with one of the ways to begin, and goes on with what somebody typed."""

from __future__ import annotations

import re

from bot.rules.lexicon import COMMON, GIVEN, Lexicon

_FIRST = re.compile(r"[^\W\d_]+")


def begun(begin: str, text: str, limit: int, lexicon: Lexicon) -> str:
    """``begin`` and ``text`` as one sentence; the text alone if it begins so already, or has no room.

    Phones put a capital where typing begins: an ordinary word loses it.
    """
    if not text or text.casefold().startswith(begin.strip(" :").casefold()):
        return text
    first, goes_on = _FIRST.match(text), text
    if first is not None and _ordinary(first.group(), lexicon):
        goes_on = text[0].lower() + text[1:]
    whole = f"{begin.strip()} {goes_on}"
    return whole if len(whole) <= limit else text


def _ordinary(word: str, lexicon: Lexicon) -> bool:
    flags = lexicon.of(word.lower())
    known = bool(flags & COMMON) and not flags & GIVEN
    return known and word != "I" and word.lower() == word[0].lower() + word[1:]
