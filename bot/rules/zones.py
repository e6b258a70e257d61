"""Finding a time zone by what people call the place where they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache

from bot.rules.calendar import zone_names

LABEL_LIMIT = 100
"""Discord's limit for the name of an autocomplete choice, in characters."""

_REGIONS = frozenset(
    {
        *("Africa", "America", "Antarctica", "Arctic", "Asia"),
        *("Atlantic", "Australia", "Europe", "Indian", "Pacific"),
    }
)
_TEXT_LIMIT = 100
_CLOSE = 0.72
"""How alike (0 to 1, by difflib) a misspelt name must be: "Munih" is Munich, "Berlin" isn't Dublin."""

# What Unicode doesn't take apart into a letter and its accent.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_BETWEEN_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """One suggestion: what is shown (100 characters at most) and the IANA name behind it."""

    label: str
    zone: str


@dataclass(frozen=True, slots=True)
class _Place:
    name: str
    """The place's name without capitals and accents, as all that is compared."""
    starts: tuple[str, ...]
    words: tuple[str, ...]
    choice: ZoneChoice


def suggest_zones(text: str, cities: Mapping[str, str], limit: int = 25) -> tuple[ZoneChoice, ...]:
    """Suggestions for what somebody has typed so far, best first, each place once.

    ``cities`` maps well-known places to zones, the most asked-for first: they come before equally good
    zones, and with nothing typed they are what is suggested. First come places and zones that begin
    with the text, then those in which each typed word begins a word (so regions are found too), and if
    there are none, close spellings. Capitals and accents don't matter.
    """
    typed = _fold(text[:_TEXT_LIMIT])
    places = {place.name: place for place in (_place(name, zone) for name, zone in cities.items())}
    if typed:
        places |= {place.name: place for place in _zone_places() if place.name not in places}
        found = _matches(typed, places.values()) or _close_spellings(typed, places)
    else:
        found = list(places.values())
    choices = (*_by_full_name(text), *(place.choice for place in found))
    return tuple(dict.fromkeys(choices))[: max(limit, 0)]


def _matches(typed: str, places: Iterable[_Place]) -> list[_Place]:
    typed_words = typed.split()

    def grade(place: _Place) -> int | None:
        if typed == place.name:
            return 0
        if any(start.startswith(typed) for start in place.starts):
            return 1
        if all(any(word.startswith(part) for word in place.words) for part in typed_words):
            return 2
        return None

    graded = [(grade(place), place) for place in places]
    # Within a grade, places keep their order.
    return [place for want in (0, 1, 2) for got, place in graded if got == want]


def _close_spellings(typed: str, places: Mapping[str, _Place]) -> list[_Place]:
    return [places[name] for name in get_close_matches(typed, places, n=5, cutoff=_CLOSE)]


def _by_full_name(text: str) -> tuple[ZoneChoice, ...]:
    """The zone of exactly this name, also one that isn't offered otherwise, such as ``US/Eastern``."""
    zone = _full_names().get(text[:_TEXT_LIMIT].strip().casefold())
    return () if zone is None else (_place(_last_part(zone), zone).choice,)


@cache
def _full_names() -> Mapping[str, str]:
    # Left out as traps: names without a place ("EST" never changes its clocks), and Etc/GMT+5, which is
    # five hours *behind* Greenwich.
    return {name.casefold(): name for name in zone_names() if "/" in name and not name.startswith("Etc/")}


@cache
def _zone_places() -> tuple[_Place, ...]:
    """The zones that are named after a place, by name; of several zones for one place, the current name."""
    offered = [name for name in zone_names() if name == "UTC" or name.split("/")[0] in _REGIONS]
    # America/Argentina/Buenos_Aires took over from America/Buenos_Aires, and so did all with more parts.
    by_place = {_fold(_last_part(name)): name for name in sorted(offered, key=lambda n: (n.count("/"), n))}
    return tuple(_place(_last_part(zone), zone) for _, zone in sorted(by_place.items()))


@lru_cache(maxsize=4096)
def _place(name: str, zone: str) -> _Place:
    folded, region, own_name = _fold(name), _fold(zone.split("/")[0]), _fold(_last_part(zone))
    # Munich is found by "Europe", but not by "Berlin": whoever types that means Berlin.
    by_zone = folded == own_name
    return _Place(
        name=folded,
        starts=(folded, _fold(zone)) if by_zone else (folded,),
        words=tuple(f"{folded} {_fold(zone) if by_zone else region}".split()),
        choice=ZoneChoice(label=f"{name} · {zone}"[:LABEL_LIMIT] if name != zone else name, zone=zone),
    )


def _last_part(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def _fold(text: str) -> str:
    """Text as it is compared: no capitals, no accents, words parted by single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _BETWEEN_WORDS.sub(" ", letters).strip()
