"""Every sentence that a person reads, by key and language.

The texts lie in ``bot/content/<language>/*.toml``. A key is the file's name and the path inside it:
``words("stories.preview.private")`` is ``private`` under ``[preview]`` in ``stories.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast

from bot.errors import Refusal


class MissingText(KeyError):
    """A text was asked for that no file has: a mistake of ours, caught by the tests."""


class Words:
    """The texts of one language. Call it with a key and the values for its placeholders."""

    def __init__(self, language: str, texts: Mapping[str, str | tuple[str, ...]]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """The text at ``key`` with ``{placeholders}`` filled in. Raises MissingText."""
        text = self._texts.get(key)
        if not isinstance(text, str):
            raise MissingText(key)
        return text.format(**values) if values else text

    def several(self, key: str) -> tuple[str, ...]:
        """A list of texts, such as the weekdays or ways to say thank you. Raises MissingText."""
        texts = self._texts.get(key)
        if not isinstance(texts, tuple):
            raise MissingText(key)
        return texts

    def refusal(self, refusal: Refusal) -> str:
        """What a refusal says to the person."""
        return self(refusal.key, **refusal.values)

    def keys(self) -> frozenset[str]:
        """All keys, for the tests that compare them with the code."""
        return frozenset(self._texts)


def load_words(language: str = "en", folder: Traversable | None = None) -> Words:
    """Read the texts of ``language`` from the package's data, or from ``folder``."""
    folder = folder or files("bot.content").joinpath(language)
    texts: dict[str, str | tuple[str, ...]] = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            data = tomllib.loads(entry.read_text(encoding="utf-8"))
            _flatten(entry.name.removesuffix(".toml"), data, texts)
    return Words(language, texts)


def _flatten(prefix: str, data: Mapping[str, object], into: dict[str, str | tuple[str, ...]]) -> None:
    for name, value in data.items():
        key = f"{prefix}.{name}"
        if isinstance(value, dict):
            _flatten(key, cast(dict[str, object], value), into)
        elif isinstance(value, list):
            into[key] = tuple(str(item) for item in cast(list[object], value))
        else:
            into[key] = str(value).strip()
