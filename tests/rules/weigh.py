"""``python -m tests.rules.weigh``: learn the weights of both recognisers anew, after texts were added.

Logistic regression in plain Python, the same every time. First it prints, for several limits, what
weights that were learnt from four fifths of a tuning part say about the other fifth.
"""

from __future__ import annotations

import random
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable
from math import exp, sqrt
from pathlib import Path

from bot.content.signals import advice_words, danger_words
from bot.rules.advice import without_quotes
from bot.rules.danger import own_words, unreported
from bot.rules.leaning import signs
from tests.rules.sets import Labelled, read, say

HERE = Path(__file__).parents[2] / "bot" / "content" / "en" / "signals"
ROUNDS = 40
STEP = 0.1
PULL = 1e-3
"""Towards no weight at all, so that what stands in two texts alone decides little."""
SAYING_SO_COUNTS = 1.6
LEAST = 2
"""Texts in which a sign stands before it is weighed."""
HEAD = """# Learnt from tests/rules/{name}/tuning.jsonl by python -m tests.rules.weigh; don't edit by hand.

[base]
value = {base:.2f}

[weights]
"""
HARMLESS = ("none", "listening")
SMALLEST = 0.1

Example = tuple[bool, tuple[str, ...]]


def main() -> None:
    """Show how well it learns, learn from all, and write the file."""
    groups: dict[str, str] = tomllib.loads((HERE / "groups.toml").read_text(encoding="utf-8"))["groups"]
    by_word = {word: f"#{name}" for name, words in groups.items() for word in words}
    danger, advice = danger_words(), advice_words()
    _learn_all(
        "danger", by_word, lambda text: unreported(own_words(danger.spellings.plain(text), danger), danger)
    )
    _learn_all("advice", by_word, lambda text: without_quotes(advice.spellings.plain(text)))


def _learn_all(name: str, by_word: dict[str, str], plain: Callable[[str], str]) -> None:
    def example(text: Labelled) -> Example:
        return text.label not in HARMLESS, tuple(sorted(signs(plain(text.text), by_word)))

    examples = [example(text) for text in read(name, "tuning")]
    _show(examples)
    weights, base = learn(examples)
    kept = sorted((sign, weight) for sign, weight in weights.items() if abs(weight) >= SMALLEST)
    lines = [f'"{sign}" = {weight:.2f}' for sign, weight in kept if '"' not in sign]
    text = HEAD.format(name=name, base=base) + "\n".join(lines) + "\n"
    (HERE / f"{name}_weights.toml").write_text(text, encoding="utf-8")
    say(f"{name}: {len(lines)} weights written")


def learn(examples: list[Example]) -> tuple[dict[str, float], float]:
    """Weights of signs and the base, by stochastic descent with a step that shrinks for each sign."""
    often = Counter(sign for _, found in examples for sign in found)
    rows = [(label, [sign for sign in found if often[sign] >= LEAST]) for label, found in examples]
    weights: dict[str, float] = defaultdict(float)
    moved: dict[str, float] = defaultdict(lambda: 1e-6)
    base, base_moved = 0.0, 1e-6
    order = random.Random(1)
    for _ in range(ROUNDS):
        order.shuffle(rows)
        for label, found in rows:
            scale = 1 / sqrt(len(found) + 1)
            leaning = base + scale * sum(weights[sign] for sign in found)
            error = (1 / (1 + exp(-max(-30.0, min(30.0, leaning)))) - label) * (
                SAYING_SO_COUNTS if label else 1
            )
            for sign in found:
                slope = error * scale + PULL * weights[sign]
                moved[sign] += slope * slope
                weights[sign] -= STEP * slope / sqrt(moved[sign])
            base_moved += error * error
            base -= STEP * error / sqrt(base_moved)
    return dict(weights), base


def _show(examples: list[Example]) -> None:
    order = list(range(len(examples)))
    random.Random(2).shuffle(order)
    scores: list[tuple[float, bool]] = []
    for fold in range(5):
        held = set(order[fold::5])
        weights, base = learn([example for at, example in enumerate(examples) if at not in held])
        for at in sorted(held):
            label, found = examples[at]
            known = [weights[sign] for sign in found if sign in weights]
            scores.append((base + sum(known) / sqrt(len(known) + 1), label))
    for limit in (0.0, 0.3, 0.5, 0.7, 0.9, 1.2, 1.5):
        saying = [score > limit for score, label in scores if label]
        others = [score <= limit for score, label in scores if not label]
        found, left = sum(saying) / len(saying), sum(others) / len(others)
        say(f"from {limit}: found {found:.1%}, left alone {left:.1%}")


if __name__ == "__main__":
    main()
