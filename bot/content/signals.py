"""The turns of phrase by which the recognisers recognise, from ``bot/content/<language>/signals``.

Written so that somebody who doesn't program can add one. What is wrong in a file is said in a sentence.
Making them ready takes some tenths of a second, so each is made once for a language and kept while the
process runs; nothing in them ever changes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast

from bot.rules.advice import AdviceWords
from bot.rules.danger import DangerKind, DangerWords, Sign, Weight
from bot.rules.leaning import Leaning
from bot.rules.phrases import PhraseError, Phrases
from bot.rules.plain_words import Spellings


class SignalsError(Exception):
    """The phrases can't be used as they are: one sentence that names the file and what is wrong."""


@cache
def danger_words(language: str = "en") -> DangerWords:
    """What sounds like danger in a language, as it is shipped. Kept once made. Raises SignalsError."""
    return load_danger_words(_shipped(language))


def load_danger_words(folder: Traversable) -> DangerWords:
    """Read and check ``danger.toml`` and ``spellings.toml`` in a folder. Raises SignalsError."""
    file = _File(folder, "danger")
    mine, others = file.strings("speakers", "mine"), file.strings("speakers", "others")
    return DangerWords(
        spellings=load_spellings(folder),
        signs=tuple(_sign(file, block) for block in file.blocks("signs")),
        now=file.phrases("now"),
        settled=file.phrases("settled"),
        said_by_others=file.phrases("said_by_others"),
        said_by_me=file.phrases("said_by_me"),
        long_ago=file.phrases("long_ago"),
        again=file.phrases("again"),
        imagined=file.phrases("imagined"),
        work=file.phrases("work"),
        leaning=_leaning(folder, "danger"),
        leans_from=file.number("leaning", "leans_from"),
        with_a_hint_from=file.number("leaning", "with_a_hint_from"),
        doubts_below=file.number("leaning", "doubts_below"),
        mine=frozenset(mine),
        others=frozenset(others),
    )


@cache
def advice_words(language: str = "en") -> AdviceWords:
    """What gives advice in a language, as it is shipped. Kept once made. Raises SignalsError."""
    return load_advice_words(_shipped(language))


def load_advice_words(folder: Traversable) -> AdviceWords:
    """Read and check ``advice.toml`` and ``spellings.toml`` in a folder. Raises SignalsError."""
    file = _File(folder, "advice")
    return AdviceWords(
        spellings=load_spellings(folder),
        advises=file.phrases("advises"),
        unless=file.phrases("unless"),
        urges=file.phrases("urges"),
        leaning=_leaning(folder, "advice"),
        leans_from=file.number("leaning", "leans_from"),
        doubts_below=file.number("leaning", "doubts_below"),
    )


def load_spellings(folder: Traversable) -> Spellings:
    """Read and check ``spellings.toml`` in a folder. Raises SignalsError."""
    file = _File(folder, "spellings")
    words = file.table("words")
    if not all(isinstance(meant, str) for meant in words.values()):
        raise SignalsError('spellings.toml: in [words] write "what people type" = "what it stands for".')
    return Spellings(
        cast("Mapping[str, str]", words), file.strings("hidden", "words"), file.strings("slips", "words")
    )


class _File:
    """One TOML file and the sentences in which it is complained about."""

    def __init__(self, folder: Traversable, name: str) -> None:
        self.name = name = f"{name}.toml"
        try:
            text = folder.joinpath(name).read_bytes().decode("utf-8-sig")
            self._data = cast("Mapping[str, object]", tomllib.loads(text))
        except OSError as error:
            raise SignalsError(f"{name} is missing or can't be opened.") from error
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SignalsError(f"{name} can't be read: {error}.") from error
        lists = self._data.get("lists", {})
        self._lists = {key: self._checked(value, f"[lists] {key}") for key, value in _items(lists)}

    def table(self, name: str) -> Mapping[str, object]:
        """A part in square brackets. Raises SignalsError."""
        table = self._data.get(name)
        if not isinstance(table, dict):
            raise SignalsError(f"{self.name}: the part [{name}] is missing.")
        return cast("Mapping[str, object]", table)

    def blocks(self, name: str) -> list[Mapping[str, object]]:
        """The parts in double square brackets. Raises SignalsError."""
        blocks = self._data.get(name)
        if not isinstance(blocks, list) or not blocks:
            raise SignalsError(f"{self.name}: there is no part [[{name}]].")
        return cast("list[Mapping[str, object]]", blocks)

    def strings(self, table: str, key: str) -> Sequence[str]:
        """A list of texts. Raises SignalsError."""
        return self._checked(self.table(table).get(key), f"[{table}] {key}")

    def number(self, table: str, key: str) -> float:
        """A number. Raises SignalsError."""
        value = self.table(table).get(key)
        if not isinstance(value, int | float):
            raise SignalsError(f"{self.name}: [{table}] {key} must be a number.")
        return float(value)

    def phrases(self, table: str) -> Phrases:
        """The phrases of a part, made ready. Raises SignalsError."""
        return self.made(self.table(table).get("phrases"), f"[{table}] phrases")

    def made(self, value: object, where: str) -> Phrases:
        """A list of phrases, made ready. Raises SignalsError."""
        try:
            return Phrases(self._checked(value, where), self._lists)
        except PhraseError as error:
            raise SignalsError(f"{self.name}, {where}: {error}") from error

    def _checked(self, value: object, where: str) -> Sequence[str]:
        if not isinstance(value, list) or not all(
            isinstance(one, str) for one in cast("list[object]", value)
        ):
            raise SignalsError(f'{self.name}: {where} must be a list of texts, such as ["one", "another"].')
        return cast("list[str]", value)


def _sign(file: _File, block: Mapping[str, object]) -> Sign:
    try:
        kind, weight = DangerKind(str(block.get("kind"))), Weight(str(block.get("weight")))
    except ValueError as error:
        raise SignalsError(f"{file.name}, [[signs]]: {error}; choose one that stands at its top.") from error
    where = f"[[signs]] {kind} {weight}"
    unless = file.made(block.get("unless", []), f"{where}, unless")
    return Sign(kind, weight, file.made(block.get("phrases"), where), unless)


def _leaning(folder: Traversable, name: str) -> Leaning:
    groups, learnt = _File(folder, "groups"), _File(folder, f"{name}_weights")
    by_word = {word: f"#{name}" for name in groups.table("groups") for word in groups.strings("groups", name)}
    weights = {sign: learnt.number("weights", sign) for sign in learnt.table("weights")}
    return Leaning(weights, by_word, learnt.number("base", "value"))


def _items(value: object) -> Sequence[tuple[str, object]]:
    return tuple(cast("Mapping[str, object]", value).items()) if isinstance(value, dict) else ()


def _shipped(language: str) -> Traversable:
    folder = files("bot.content").joinpath(language, "signals")
    if not language.isalpha() or not folder.is_dir():
        raise SignalsError(f"There are no phrases in the language {language!r}.")
    return folder
