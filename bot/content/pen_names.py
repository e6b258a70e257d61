"""The words of pen names, from the texts of a language."""

from __future__ import annotations

from bot.content.words import Words
from bot.rules.pen_names import PenNameWords


def pen_name_words(words: Words) -> PenNameWords:
    """What pen names are made of in the language of ``words``. Raises MissingText when it has none."""
    return PenNameWords(
        form=words("pen_names.form"),
        adjectives=words.several("pen_names.adjectives"),
        nouns=words.several("pen_names.nouns"),
    )
