"""``python -m tests.rules.advice``: the table of ``docs/measured.md``.

With ``--missed``: what is got wrong in the tuning part.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from bot.content.signals import advice_words
from bot.rules.advice import gives_advice
from tests.rules.sets import PARTS, Labelled, Share, head, read, say, share

WORDS = advice_words()
ADVICE = "advice"


def label_of(text: Labelled) -> str:
    """What the recogniser takes a reply for."""
    return ADVICE if gives_advice(text.text, WORDS) else "listening"


def precision(texts: Sequence[Labelled]) -> Share:
    """Of the replies that are taken for advice, those that are."""
    return share([text for text in texts if label_of(text) == ADVICE], lambda text: text.label == ADVICE)


def recall(texts: Sequence[Labelled]) -> Share:
    """Of the advice, what is found."""
    return share([text for text in texts if text.label == ADVICE], lambda text: label_of(text) == ADVICE)


def main() -> None:
    """Print the table, or the mistakes."""
    if "--missed" in sys.argv:
        for text in read("advice", "tuning"):
            if label_of(text) != text.label:
                say(f"{text.id}: {text.text}")
        return
    parts = [read("advice", part) for part in PARTS]
    head()
    say("replies taken for advice that are (precision)", *map(precision, parts))
    say("advice that is found (recall)", *map(recall, parts))


if __name__ == "__main__":
    main()
