"""``python -m tests.rules.advice``: the table of ``docs/measured.md``. ``--missed``: what is got wrong in the tuning part."""

from __future__ import annotations

import sys

from bot.content.signals import advice_words
from bot.rules.advice import gives_advice
from tests.rules.sets import Labelled, Share, read, share

WORDS = advice_words()


def label_of(text: Labelled) -> str:
    """What the recogniser takes a reply for."""
    return "advice" if gives_advice(text.text, WORDS) else "listening"


def precision(texts: tuple[Labelled, ...]) -> Share:
    """How many of the replies taken for advice are."""
    return share([text for text in texts if label_of(text) == "advice"], lambda text: text.label == "advice")


def recall(texts: tuple[Labelled, ...]) -> Share:
    """How much of the advice is found."""
    return share([text for text in texts if text.label == "advice"], lambda text: label_of(text) == "advice")


def main() -> None:
    """Print the table, or the mistakes."""
    if "--missed" in sys.argv:
        for text in read("advice", "tuning"):
            if label_of(text) != text.label:
                print(f"{text.id}: {text.text}")
        return
    parts = read("advice", "tuning"), read("advice", "held_out")
    print("| what | tuning part | held out |\n| --- | --- | --- |")
    print("| of what is taken for advice, is (precision) |", *(f"{precision(part)} |" for part in parts))
    print("| of the advice, is found (recall) |", *(f"{recall(part)} |" for part in parts))


if __name__ == "__main__":
    main()
