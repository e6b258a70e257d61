"""The library of themes and prompts that ships with the bot, and the loader that checks it.

Each theme is one TOML file in ``bot/content/<language>/library``, named by its key and written so that
somebody who doesn't program can edit it. What is wrong in a file is said in a sentence with its cure.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast

KEY_LIMIT = 40
TITLE_LIMIT = 40
INTRODUCTION_LIMIT = 300
PROMPT_LIMIT = 300

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")
_THEME_FIELDS = ("key", "title", "introduction", "order", "prompts")
_PROMPT_FIELDS = ("key", "text")


class LibraryError(Exception):
    """The library can't be used as it is: one sentence that names the file and the cure."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question for a week. ``key`` never changes; ``text`` is one paragraph of at most 300 characters."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class LibraryTheme:
    """A theme with its prompts, in the order of its file.

    ``title`` has at most 40 characters and reads on after "This week: "; ``introduction`` has at most 300.
    """

    key: str
    title: str
    introduction: str
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """All themes in library order. Every key of a theme, and every key of a prompt, stands for one alone."""

    themes: tuple[LibraryTheme, ...]

    def theme(self, key: str) -> LibraryTheme | None:
        """The theme with this key, or None if the library has none (any more)."""
        return next((theme for theme in self.themes if theme.key == key), None)

    def prompt(self, key: str) -> Prompt | None:
        """The prompt with this key, or None if the library has none (any more)."""
        return next((prompt for theme in self.themes for prompt in theme.prompts if prompt.key == key), None)

    def theme_of(self, prompt_key: str) -> LibraryTheme | None:
        """The theme that the prompt with this key belongs to, or None if there is no such prompt."""
        return next(
            (theme for theme in self.themes if any(prompt.key == prompt_key for prompt in theme.prompts)),
            None,
        )


def load_library(language: str = "en", folder: Traversable | None = None) -> Library:
    """Read and check every theme of a language; with ``folder``, the themes that lie there instead.

    Raises ``LibraryError`` for what is missing, repeated, too long, unknown or unreadable.
    """
    source = _shipped(language) if folder is None else folder
    themes: list[tuple[int, LibraryTheme]] = []
    owners: dict[str, str] = {}
    for file in _theme_files(source):
        order, theme = _read_theme(file)
        _refuse_repeated_prompts(file.name, theme, owners)
        themes.append((order, theme))
    if not themes:
        raise LibraryError(f"{source} holds no themes; put at least one theme file (.toml) there.")
    return Library(tuple(theme for _, theme in sorted(themes, key=lambda pair: (pair[0], pair[1].key))))


def _shipped(language: str) -> Traversable:
    content = files("bot.content")
    folder = content.joinpath(language, "library") if _LANGUAGE.fullmatch(language) else None
    if folder is None or not folder.is_dir():
        known = ", ".join(sorted(e.name for e in content.iterdir() if e.joinpath("library").is_dir()))
        raise LibraryError(f"There is no library in the language {language!r}; choose one of: {known}.")
    return folder


def _theme_files(folder: Traversable) -> list[Traversable]:
    if not folder.is_dir():
        raise LibraryError(f"{folder} is not a folder; name the folder that holds the theme files.")
    # names with a leading dot are what file managers and editors leave behind
    found = [f for f in folder.iterdir() if f.name.endswith(".toml") and not f.name.startswith(".")]
    return sorted(found, key=lambda file: file.name)


def _read_theme(file: Traversable) -> tuple[int, LibraryTheme]:
    data = _parse(file)
    _refuse_unknown(file.name, data, _THEME_FIELDS, "the theme")
    key = _key(file.name, data, "the theme")
    if file.name != f"{key}.toml":
        raise LibraryError(f'{file.name}: its key is "{key}"; give the file and the key the same name.')
    theme = LibraryTheme(
        key=key,
        title=_text(file.name, data, "title", "the theme", TITLE_LIMIT),
        introduction=_text(file.name, data, "introduction", "the theme", INTRODUCTION_LIMIT),
        prompts=tuple(_prompts(file.name, data)),
    )
    return _order(file.name, data), theme


def _parse(file: Traversable) -> Mapping[str, object]:
    try:
        # utf-8-sig: some editors put an invisible mark before the first line, which TOML refuses
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LibraryError(f"{file.name} is not saved as UTF-8; save it again with that encoding.") from error
    except tomllib.TOMLDecodeError as error:
        raise LibraryError(
            f"{file.name} can't be read: {error}. Look there for a missing quotation mark, "
            "a straight one inside a text (use curly ones), or a line that stands twice."
        ) from error


def _prompts(name: str, data: Mapping[str, object]) -> Iterable[Prompt]:
    blocks = _required(name, data, "prompts", "the theme")
    if not isinstance(blocks, list) or not blocks:
        raise LibraryError(f"{name}: the theme has no questions; write each one as a [[prompts]] block.")
    for number, block in enumerate(cast("list[object]", blocks), start=1):
        where = f"question {number}"
        if not isinstance(block, dict):
            raise LibraryError(f"{name}: {where} is not a block; write it as [[prompts]] with key and text.")
        fields = cast("dict[str, object]", block)
        _refuse_unknown(name, fields, _PROMPT_FIELDS, where)
        yield Prompt(_key(name, fields, where), _text(name, fields, "text", where, PROMPT_LIMIT))


def _refuse_repeated_prompts(name: str, theme: LibraryTheme, owners: dict[str, str]) -> None:
    for prompt in theme.prompts:
        if prompt.key in owners:
            raise LibraryError(
                f'{name}: the key "{prompt.key}" stands in {owners[prompt.key]} already; '
                "give the newer question a key that was never used."
            )
        owners[prompt.key] = name


def _refuse_unknown(name: str, data: Mapping[str, object], known: tuple[str, ...], where: str) -> None:
    for field in data:
        if field not in known:
            choices = ", ".join(known)
            raise LibraryError(
                f'{name}: {where} has an unknown field "{field}"; remove it or use one of: {choices}.'
            )


def _required(name: str, data: Mapping[str, object], field: str, where: str) -> object:
    if field not in data:
        raise LibraryError(f'{name}: {where} lacks "{field}"; add a line that begins with: {field} =')
    return data[field]


def _key(name: str, data: Mapping[str, object], where: str) -> str:
    key = _required(name, data, "key", where)
    if not isinstance(key, str) or len(key) > KEY_LIMIT or not _KEY.fullmatch(key):
        raise LibraryError(
            f"{name}: {where} has a key that can't be used; "
            f'write small letters and digits joined by hyphens, at most {KEY_LIMIT}, such as "silence-1".'
        )
    return key


def _text(name: str, data: Mapping[str, object], field: str, where: str, limit: int) -> str:
    value = _required(name, data, field, where)
    if not isinstance(value, str) or not value.strip():
        raise LibraryError(f'{name}: "{field}" of {where} says nothing; put words between quotation marks.')
    text = " ".join(value.split())  # texts may be wrapped over several lines in the file
    if len(text) > limit:
        raise LibraryError(
            f'{name}: "{field}" of {where} has {len(text)} characters; shorten it to at most {limit}.'
        )
    return text


def _order(name: str, data: Mapping[str, object]) -> int:
    order = _required(name, data, "order", "the theme")
    if not isinstance(order, int) or isinstance(order, bool):
        raise LibraryError(f'{name}: "order" is not a whole number; write for example: order = 3')
    return order
