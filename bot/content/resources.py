"""Where somebody in danger can turn to, by country: ``resources.toml``, or an operator's own file.

What is wrong in a file is said in a sentence with its cure, because whoever edits it doesn't program.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast

_CODE = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_LONGEST = 120
_LINE_FIELDS = ("name", "reach", "hours", "about", "source", "checked", "compared")
_COUNTRY_FIELDS = ("code", "name", "languages", "emergency", "lines")


class ResourcesError(Exception):
    """The list can't be used as it is: one sentence that names the place and the cure."""


class About(StrEnum):
    """What a line is there for."""

    CRISIS = "crisis"
    ABUSE = "abuse"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """One service. ``reach``: how, beginning with a verb; ``hours``: "always" or a few words.

    ``source`` is the service's own page, ``checked`` the day on which somebody wrote it down; ``compared``
    says whether it was held against public pages that day.
    """

    name: str
    reach: str
    hours: str
    about: About
    source: str
    checked: date
    compared: bool


@dataclass(frozen=True, slots=True)
class Country:
    """A country's number for emergencies and its lines, in the order of the file."""

    code: str
    name: str
    languages: tuple[str, ...]
    emergency: str
    lines: tuple[HelpLine, ...]

    def lines_about(self, about: About) -> tuple[HelpLine, ...]:
        """Its lines, those that are there for this first."""
        return tuple(sorted(self.lines, key=lambda line: line.about is not about))


@dataclass(frozen=True, slots=True)
class Resources:
    """All countries, and where to look for any other."""

    countries: tuple[Country, ...]
    international: HelpLine

    def country(self, code: str) -> Country | None:
        """The country with an ISO code, in capitals or not; None if it isn't in the list."""
        return next((country for country in self.countries if country.code == code.strip().upper()), None)

    def speaking(self, language: str) -> tuple[Country, ...]:
        """The countries in which a language is spoken, of which "de", "de-AT" or "de_AT" may be known.

        A country that the language itself names stands alone.
        """
        spoken, _, region = language.replace("_", "-").partition("-")
        named = self.country(region)
        if named is not None:
            return (named,)
        return tuple(country for country in self.countries if spoken.lower() in country.languages)


def load_resources(file: Traversable | None = None) -> Resources:
    """Read and check the list that is shipped, or ``file`` instead. Raises ResourcesError."""
    file = file or files("bot.content").joinpath("resources.toml")
    data = _parse(file)
    blocks = data.get("countries")
    if not isinstance(blocks, list) or not blocks:
        raise ResourcesError(f"{file.name} has no countries; write each one as a [[countries]] block.")
    countries = tuple(_country(file.name, block) for block in cast("list[object]", blocks))
    codes = [country.code for country in countries]
    for code in codes:
        if codes.count(code) > 1:
            raise ResourcesError(f"{file.name}: the country {code} stands there twice; make one block of it.")
    return Resources(countries, _line(file.name, "[international]", data.get("international")))


def _parse(file: Traversable) -> Mapping[str, object]:
    try:
        # utf-8-sig: some editors put an invisible mark before the first line, which TOML refuses
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ResourcesError(f"{file.name} can't be opened; look whether it is there.") from error
    except UnicodeDecodeError as error:
        raise ResourcesError(
            f"{file.name} is not saved as UTF-8; save it again with that encoding."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ResourcesError(f"{file.name} can't be read: {error}. Look there for a missing mark.") from error


def _country(name: str, block: object) -> Country:
    fields = _fields(name, "a country", block, _COUNTRY_FIELDS)
    code = _text(name, "a country", fields, "code")
    if not _CODE.fullmatch(code):
        raise ResourcesError(f'{name}: the code "{code}" is not two capital letters, such as GB.')
    languages = fields.get("languages")
    if not isinstance(languages, list) or not all(
        isinstance(one, str) and _LANGUAGE.fullmatch(one) for one in cast("list[object]", languages)
    ):
        raise ResourcesError(f'{name}: {code} needs languages = ["en"], each of two small letters.')
    lines = fields.get("lines")
    if not isinstance(lines, list) or not lines:
        raise ResourcesError(f"{name}: {code} has no lines; write each one as a [[countries.lines]] block.")
    return Country(
        code=code,
        name=_text(name, code, fields, "name"),
        languages=tuple(cast("list[str]", languages)),
        emergency=_text(name, code, fields, "emergency"),
        lines=tuple(_line(name, code, line) for line in cast("list[object]", lines)),
    )


def _line(name: str, where: str, block: object) -> HelpLine:
    fields = _fields(name, f"a line of {where}", block, _LINE_FIELDS)
    about, checked, compared = fields.get("about"), fields.get("checked"), fields.get("compared", False)
    if about not in tuple(About):
        raise ResourcesError(f'{name}: a line of {where} needs about = "crisis" or about = "abuse".')
    if not isinstance(checked, date):
        raise ResourcesError(f"{name}: a line of {where} needs the day it was checked: checked = 2026-11-24.")
    if not isinstance(compared, bool):
        raise ResourcesError(f"{name}: a line of {where} has compared; write true or false, or leave it out.")
    texts = {key: _text(name, where, fields, key) for key in ("name", "reach", "hours", "source")}
    return HelpLine(about=About(about), checked=checked, compared=compared, **texts)


def _fields(name: str, what: str, block: object, known: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(block, dict):
        raise ResourcesError(f"{name}: {what} is missing, or not a block in square brackets.")
    fields = cast("Mapping[str, object]", block)
    for field in fields:
        if field not in known:
            raise ResourcesError(f'{name}: {what} has an unknown field "{field}"; use: {", ".join(known)}.')
    return fields


def _text(name: str, where: str, fields: Mapping[str, object], key: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ResourcesError(f'{name}: {where} lacks "{key}"; add a line that begins with: {key} =')
    if len(value) > _LONGEST:
        raise ResourcesError(f'{name}: "{key}" of {where} is longer than {_LONGEST} characters; shorten it.')
    return value.strip()
