"""Whoever sets a circle up finds its time zone by the name of their city, however they spell it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.cities import load_cities
from bot.rules.calendar import load_zone, zone_names
from bot.rules.zones import LABEL_LIMIT, ZoneChoice, suggest_zones

CITIES = load_cities()


def labels(text: str) -> list[str]:
    return [choice.label for choice in suggest_zones(text, CITIES)]


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("San Francisco", "America/Los_Angeles"),
        ("san fran", "America/Los_Angeles"),
        ("Munich", "Europe/Berlin"),
        ("münchen", "Europe/Berlin"),
        ("MUNCHEN", "Europe/Berlin"),
        ("muenchen", "Europe/Berlin"),
        ("koln", "Europe/Berlin"),
        ("Germany", "Europe/Berlin"),
        ("washington", "America/New_York"),
        ("barcelona", "Europe/Madrid"),
        ("bengaluru", "Asia/Kolkata"),
        ("Beijing", "Asia/Shanghai"),
        ("geneve", "Europe/Zurich"),
        ("malmo", "Europe/Stockholm"),
        ("wroclaw", "Europe/Warsaw"),
        ("kobenhavn", "Europe/Copenhagen"),
        ("sao paulo", "America/Sao_Paulo"),
        ("izmir", "Europe/Istanbul"),
        ("tel-aviv", "Asia/Jerusalem"),
        ("buenos", "America/Argentina/Buenos_Aires"),
        ("Ho Chi", "Asia/Ho_Chi_Minh"),
        ("pst", "America/Los_Angeles"),
        ("utc", "UTC"),
        # misspelt
        ("munih", "Europe/Berlin"),
        ("San Fransisco", "America/Los_Angeles"),
        ("Amsterdamm", "Europe/Amsterdam"),
        ("johannesberg", "Africa/Johannesburg"),
        ("edinborough", "Europe/London"),
        ("jerusalm", "Asia/Jerusalem"),
    ],
)
def test_the_zone_of_a_place_is_the_first_suggestion(typed: str, zone: str):
    assert suggest_zones(typed, CITIES)[0].zone == zone


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "europe/berlin", " Asia/Istanbul ", "US/Eastern", "America/Indiana/Knox"]
)
def test_a_zone_typed_by_its_full_name_comes_first(name: str):
    assert suggest_zones(name, CITIES)[0].zone.casefold() == name.strip().casefold()


@pytest.mark.parametrize("name", ["EST", "MST7MDT", "Etc/GMT+5", "localtime", "Factory"])
def test_zones_that_would_mislead_are_not_offered(name: str):
    assert name not in {choice.zone for choice in suggest_zones(name, CITIES)}


def test_names_that_begin_with_the_text_come_before_words_that_do():
    assert [label.split(",")[0] for label in labels("jose")] == ["San Jose", "San José"]
    found = labels("san")
    begins = [label.casefold().startswith("san") for label in found]
    assert begins == sorted(begins, reverse=True)


def test_a_region_lists_its_zones():
    antarctic = {zone for zone in zone_names() if zone.startswith("Antarctica/")}
    assert {choice.zone for choice in suggest_zones("antarctica", CITIES)} == antarctic
    assert {choice.zone.split("/")[0] for choice in suggest_zones("europe", CITIES)} == {"Europe"}


def test_a_zone_is_not_listed_again_for_every_city_in_it():
    assert labels("berlin") == ["Berlin · Europe/Berlin"]


def test_close_spellings_are_offered_only_where_nothing_else_fits():
    assert "Dublin · Europe/Dublin" not in labels("berlin")
    assert labels("zzzzzz") == []


def test_with_nothing_typed_places_all_over_the_world_are_offered():
    starters = suggest_zones("  ", CITIES)
    assert len(starters) == 25
    assert starters[0] == ZoneChoice("London · Europe/London", "Europe/London")
    regions = {choice.zone.split("/")[0] for choice in starters}
    assert regions >= {"Africa", "America", "Asia", "Australia", "Europe"}


@given(
    st.one_of(st.text(max_size=30), st.sampled_from(sorted(CITIES)), st.sampled_from(sorted(zone_names())))
)
def test_whatever_is_typed_the_suggestions_fit_into_discord_and_can_be_chosen(text: str):
    found = suggest_zones(text, CITIES)
    assert len(found) <= 25
    assert len(set(found)) == len(found)
    assert suggest_zones(text, CITIES, limit=3) == found[:3]
    for choice in found:
        assert 0 < len(choice.label) <= LABEL_LIMIT
        load_zone(choice.zone)


def test_a_text_of_any_length_is_answered():
    assert suggest_zones("Berlin " * 1000, CITIES, limit=0) == ()


def test_the_table_of_cities_names_only_zones_that_exist():
    assert len(CITIES) >= 150
    for name, zone in CITIES.items():
        load_zone(zone)
        assert 0 < len(f"{name} · {zone}") <= LABEL_LIMIT


def test_every_city_of_the_table_is_found_by_its_own_name():
    for name, zone in CITIES.items():
        label = name if name == zone else f"{name} · {zone}"
        assert suggest_zones(name, CITIES)[0] == ZoneChoice(label, zone)


def test_every_zone_with_a_place_is_reached_by_name_under_the_same_clocks():
    """Of several zones for one place a single one is offered: they must agree about the time."""
    hours = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=7 * number) for number in range(150)]

    def offsets(zone: str) -> list[timedelta | None]:
        return [hour.astimezone(load_zone(zone)).utcoffset() for hour in hours]

    for zone in sorted(zone_names()):
        if zone.split("/")[0] in ("America", "Asia", "Europe", "Africa"):
            place = zone.rsplit("/", 1)[-1].replace("_", " ")
            offered = suggest_zones(place, {})[0].zone
            assert offsets(offered) == offsets(zone), (zone, offered)
