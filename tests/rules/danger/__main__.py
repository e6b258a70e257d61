"""``python -m tests.rules.danger``: the table of ``docs/measured.md``.

With ``--missed``: what is got wrong in the tuning part.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from time import process_time

from bot.content.signals import danger_words
from bot.rules.danger import DangerKind, sounds_like_danger
from tests.rules.sets import PARTS, Labelled, Share, head, read, say, share

WORDS = danger_words()
NONE = "none"


def kind_of(text: Labelled) -> str:
    """What the recogniser hears in a text."""
    danger = sounds_like_danger(text.text, WORDS)
    return NONE if danger is None else danger.kind.value


def found(texts: Sequence[Labelled], kind: str | None = None) -> Share:
    """Of the texts that sound like danger (of a kind), those that are heard, as whatever kind."""
    own = [text for text in texts if text.label == kind or (kind is None and text.label != NONE)]
    return share(own, lambda text: kind_of(text) != NONE)


def of_the_right_kind(texts: Sequence[Labelled]) -> Share:
    """Of the texts that sound like danger, those that are heard as what they are."""
    return share([text for text in texts if text.label != NONE], lambda text: kind_of(text) == text.label)


def left_alone(texts: Sequence[Labelled]) -> Share:
    """Of professional talk and everyday idiom, what is left alone."""
    return share([text for text in texts if text.label == NONE], lambda text: kind_of(text) == NONE)


def main() -> None:
    """Print the table, or the mistakes."""
    if "--missed" in sys.argv:
        for text in read("danger", "tuning"):
            heard = kind_of(text)
            if (heard == NONE) != (text.label == NONE):
                say(f"{text.id} heard as {heard}: {text.text}")
        return
    parts = [read("danger", part) for part in PARTS]
    head()
    say("danger that is found", *map(found, parts))
    for kind in DangerKind:
        say(f"… {kind.value}", *(found(part, kind.value) for part in parts))
    say("… and as the right kind", *map(of_the_right_kind, parts))
    say("professional talk and idiom that is left alone", *map(left_alone, parts))
    median, longest = times()
    say(f"4,000 characters of professional talk: median {median:.0f} ms, p99 {longest:.0f} ms")


def times() -> tuple[float, float]:
    """How much of a core a story of 4,000 characters takes, in ms: the median and the 99th percentile."""
    story = " ".join(text.text for text in read("danger", "tuning") if text.label == NONE)
    taken: list[float] = []
    for start in range(200):
        began = process_time()
        sounds_like_danger(story[start * 100 : start * 100 + 4_000], WORDS)
        taken.append((process_time() - began) * 1_000)
    taken.sort()
    return taken[100], taken[198]


if __name__ == "__main__":
    main()
