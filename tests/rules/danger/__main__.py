"""``python -m tests.rules.danger``: the table of ``docs/measured.md``. ``--missed``: what is got wrong in the tuning part."""

from __future__ import annotations

import sys
from time import perf_counter

from bot.content.signals import danger_words
from bot.rules.danger import DangerKind, sounds_like_danger
from tests.rules.sets import Labelled, read, share

WORDS = danger_words()


def kind_of(text: Labelled) -> str:
    """What the recogniser hears in a text."""
    danger = sounds_like_danger(text.text, WORDS)
    return "none" if danger is None else danger.kind.value


def main() -> None:
    """Print the table, or the mistakes."""
    if "--missed" in sys.argv:
        for text in read("danger", "tuning"):
            heard = kind_of(text)
            if (heard == "none") != (text.label == "none"):
                print(f"{text.id} heard as {heard}: {text.text}")
        return
    tuning, held_out = read("danger", "tuning"), read("danger", "held_out")
    print("| what | tuning part | held out |\n| --- | --- | --- |")
    own = [[text for text in part if text.label != "none"] for part in (tuning, held_out)]
    print("| danger found |", *(f"{share(part, lambda text: kind_of(text) != 'none')} |" for part in own))
    for kind in DangerKind:
        parts = [[text for text in part if text.label == kind] for part in own]
        print(f"| … {kind.value} |", *(f"{share(part, lambda text: kind_of(text) != 'none')} |" for part in parts))
    print("| … and of the right kind |", *(f"{share(part, lambda t: kind_of(t) == t.label)} |" for part in own))
    others = [[text for text in part if text.label == "none"] for part in (tuning, held_out)]
    print("| professional talk and idiom left alone |", *(f"{share(part, lambda t: kind_of(t) == 'none')} |" for part in others))
    print(f"| 4,000 characters of it, median | {_time(others[0])} ms | |")


def _time(texts: list[Labelled]) -> str:
    story = " ".join(text.text for text in texts)
    taken: list[float] = []
    for start in range(0, 100):
        began = perf_counter()
        sounds_like_danger(story[start * 40 : start * 40 + 4_000], WORDS)
        taken.append((perf_counter() - began) * 1_000)
    return f"{sorted(taken)[50]:.0f}"


if __name__ == "__main__":
    main()
