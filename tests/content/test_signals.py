"""Whoever edits the phrases without programming is told what is wrong, and where."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from bot.content.signals import (
    SignalsError,
    advice_words,
    danger_words,
    load_advice_words,
    load_danger_words,
)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A copy of the phrases that are shipped, to be spoilt."""
    with as_file(files("bot.content").joinpath("en", "signals")) as shipped:
        yield Path(shutil.copytree(shipped, tmp_path / "signals"))


def spoil(file: Path, before: str, after: str) -> None:
    """Change the first place of a file."""
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('kind = "self"', 'kind = "weather"', "'weather' is not a valid DangerKind"),
        ('weight = "clear"', 'weight = "heavy"', "'heavy' is not a valid Weight"),
        ("\n[now]\n", "\n[then]\n", r"the part \[now\] is missing"),
        ("leans_from = 1.7", 'leans_from = "much"', "leans_from must be a number"),
        ("[lists]", "[lists", "danger.toml can't be read"),
        ('"tonight is the night"', '"(tonight is the night"', "danger.toml, .* never closed"),
        ('mine = ["i", ', "mine = [1, ", "must be a list of texts"),
    ],
)
def test_a_mistake_among_the_phrases_of_danger_is_explained(
    folder: Path, before: str, after: str, said: str
) -> None:
    spoil(folder / "danger.toml", before, after)

    with pytest.raises(SignalsError, match=said):
        load_danger_words(folder)


def test_a_mistake_among_spellings_is_explained(folder: Path) -> None:
    spoil(folder / "spellings.toml", '"dont" = "do not"', '"dont" = 1')

    with pytest.raises(SignalsError, match=r"spellings.toml: in \[words\]"):
        load_advice_words(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "advice_weights.toml").unlink()

    with pytest.raises(SignalsError, match=r"advice_weights\.toml is missing"):
        load_advice_words(folder)


def test_a_language_without_phrases_is_refused() -> None:
    with pytest.raises(SignalsError, match="no phrases in the language 'xx'"):
        danger_words("xx")
    with pytest.raises(SignalsError, match=r"no phrases in the language .\.\./en"):
        advice_words("../en")


def test_they_are_made_ready_once() -> None:
    assert danger_words() is danger_words()
    assert advice_words() is advice_words()
