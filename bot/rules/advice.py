"""Advice where only listening was asked for.

It decides whether the writer of a reply to a *just listen* story is asked once, gently, before it is posted.
A question and no more: whoever meant it so posts it so. It knows turns of phrase, not meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.rules.leaning import Leaning
from bot.rules.phrases import Phrases, sentences
from bot.rules.plain_words import Spellings


@dataclass(frozen=True, slots=True, repr=False)
class AdviceWords:
    """A language's turns of advice. Made once by ``bot.content.signals``, then shared."""

    spellings: Spellings
    advises: Phrases
    unless: Phrases
    """What makes a sentence harmless, whatever else stands in it: it is about the writer, or praises."""
    urges: Phrases
    """Advice whatever else stands in the sentence."""
    leaning: Leaning
    leans_from: float
    """From this leaning on a reply counts as advice also without a phrase."""
    doubts_below: float
    """Below this leaning a phrase isn't believed."""


def gives_advice(text: str, words: AdviceWords) -> bool:
    """Whether a reply tells the teller what to do, outright or politely. What it quotes isn't its own."""
    plain = without_quotes(words.spellings.plain(text))
    advises = any(_advises(sentence, words) for sentence in sentences(plain))
    return words.leaning.of(plain) >= (words.doubts_below if advises else words.leans_from)


def _advises(sentence: str, words: AdviceWords) -> bool:
    said = frozenset(sentence.split())
    if words.urges.stand_in(sentence, said):
        return True
    return words.advises.stand_in(sentence, said) and not words.unless.stand_in(sentence, said)


def without_quotes(plain: str) -> str:
    """Plain text without what it quotes."""
    parts = plain.split(' "')
    if len(parts) % 2 == 0:
        return plain.replace(' "', "")
    return " quoted".join(parts[::2])
