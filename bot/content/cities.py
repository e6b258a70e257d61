"""Well-known places and their time zones, for whoever looks for their city and not for a zone."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType


def load_cities() -> Mapping[str, str]:
    """Place names and the IANA names of their zones, in the order of ``cities.toml``.

    Reads package data: call it once at start and hand the result on.
    """
    text = files("bot.content").joinpath("cities.toml").read_text(encoding="utf-8")
    cities: dict[str, str] = {}
    for places_of_zone in tomllib.loads(text).values():
        cities.update(places_of_zone)
    return MappingProxyType(cities)
