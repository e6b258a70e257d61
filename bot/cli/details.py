"""``details``: how well identifying details are found in texts of the operator's own."""

from __future__ import annotations

import argparse
import json
import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from bot.cli.exits import Exit
from bot.cli.problems import Problem
from bot.content.lexicon import load_lexicon
from bot.content.words import Words
from bot.rules.details import find_identifying_details
from bot.rules.details.measuring import Marked, Measured, measure, share

LENGTH = 4_000
TIMED = 100


def work(arguments: argparse.Namespace, words: Words) -> int:
    """Print recall, precision, time and memory for a file of marked texts, no words. Raises Problem."""
    texts = read(Path(arguments.file))
    memory = lexicon_memory()
    measured = measure((text, find_identifying_details(text.text)) for text in texts)
    tell(measured, words)
    median, slowest = timed([text.text for text in texts])
    print(words("cli.details.time", median=f"{median:.1f}", p99=f"{slowest:.1f}", memory=f"{memory:.1f}"))
    return Exit.FINE


def read(file: Path) -> list[Marked]:
    """The marked texts of a JSONL file. Raises Problem."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise Problem(Exit.NOT_MARKED_TEXTS, "details.no_file", file=file, reason=reason) from None
    texts: list[Marked] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                texts.append(_marked(json.loads(line)))
            except (ValueError, TypeError, KeyError) as error:
                problem = f"{type(error).__name__}: {error}"
                raise Problem(
                    Exit.NOT_MARKED_TEXTS, "details.bad_line", line=number, file=file, reason=problem
                ) from None
    if not texts:
        raise Problem(Exit.NOT_MARKED_TEXTS, "details.empty", file=file)
    return texts


def _marked(line: Any) -> Marked:
    text, listed = line["text"], cast(list[Any], line["spans"])
    if not isinstance(text, str):
        raise TypeError("text is no string")
    spans = tuple((int(start), int(end), str(kind)) for start, end, kind in listed)
    if any(not 0 <= start < end <= len(text) for start, end, _ in spans):
        raise ValueError("a span lies outside of the text")
    return Marked(text, spans)


def tell(measured: Measured, words: Words) -> None:
    """The numbers, by type and in all, and where something was missed or wrong, without any of the words."""
    for number, span in measured.missed:
        print(words("cli.details.missed", line=number, kind=span[2], start=span[0], end=span[1]))
    for number, detail in measured.wrong:
        print(words("cli.details.wrong", line=number, kind=detail.type, start=detail.start, end=detail.end))
    texts = measured.with_details + measured.without
    print(words("cli.details.texts", texts=texts, clean=measured.without, details=measured.marked.total()))
    print(words("cli.details.head"))
    for kind, marked in sorted(measured.marked.items()):
        found, certain = share(measured.found[kind], marked), share(measured.certain[kind], marked)
        row = words(
            "cli.details.row", kind=kind, marked=marked, found=f"{found:.3f}", certain=f"{certain:.3f}"
        )
        print(row)
    nothing = words("cli.details.nothing")
    whole = share(measured.whole, measured.with_details)
    print(
        words(
            "cli.details.recall",
            recall=f"{measured.recall:.3f}" if measured.marked else nothing,
            certain=f"{measured.certain_recall:.3f}" if measured.marked else nothing,
            whole=f"{whole:.3f}" if measured.with_details else nothing,
        )
    )
    print(
        words(
            "cli.details.precision",
            precision=f"{measured.precision:.3f}" if measured.marks else nothing,
            clean=f"{measured.clean:.3f}" if measured.without else nothing,
        )
    )


def lexicon_memory() -> float:
    """What a lexicon takes, in MB of Python's own counting: read anew, because one may be there already."""
    tracemalloc.start()
    kept = load_lexicon.__wrapped__()
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return used / 1e6


def timed(texts: Sequence[str]) -> tuple[float, float]:
    """Median and 99th percentile, in ms, of searching 4,000 characters made of the texts in turn."""
    everything = "\n\n".join(texts)
    everything *= LENGTH * 2 // max(len(everything), 1) + 1
    step = max(1, (len(everything) - LENGTH) // TIMED)
    took: list[float] = []
    for start in range(0, len(everything) - LENGTH + 1, step):
        begun = time.perf_counter()
        find_identifying_details(everything[start : start + LENGTH])
        took.append((time.perf_counter() - begun) * 1_000)
    took.sort()
    return took[len(took) // 2], took[min(len(took) - 1, len(took) * 99 // 100)]
