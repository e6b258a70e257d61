"""Where to turn to is there for many countries, and a mistake in the list is explained to whoever made it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.content.resources import About, ResourcesError, load_resources

RESOURCES = load_resources()
GOOD = """
[international]
name = "Elsewhere"
reach = "example.org"
hours = "always"
about = "crisis"
source = "example.org"
checked = 2026-01-02

[[countries]]
code = "XA"
name = "Example"
languages = ["en"]
emergency = "112"

[[countries.lines]]
name = "A line"
reach = "call 1"
hours = "always"
about = "crisis"
source = "example.org"
checked = 2026-01-02
"""


def test_at_least_twelve_countries_have_somebody_to_talk_to() -> None:
    assert len(RESOURCES.countries) >= 12
    for country in RESOURCES.countries:
        assert any(line.about is About.CRISIS for line in country.lines), country.code
        assert re.search(r"\d{3}", country.emergency), country.code


def test_every_line_says_how_where_it_is_from_and_when_it_was_checked() -> None:
    for country in RESOURCES.countries:
        for line in country.lines:
            assert re.fullmatch(r"(call|text|call or text) .*\d.*", line.reach), line
            assert re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}(/[a-z]+)?", line.source), line
            assert date(2026, 1, 1) <= line.checked, line


def test_a_country_is_found_by_its_code_and_by_a_language() -> None:
    korea = RESOURCES.country("kr")

    assert korea is not None
    assert korea.lines[0].reach == "call 109"
    assert RESOURCES.country("ZZ") is None
    assert {country.code for country in RESOURCES.speaking("de")} == {"DE", "AT", "CH"}
    assert [country.code for country in RESOURCES.speaking("en-GB")] == ["GB"]
    assert [country.code for country in RESOURCES.speaking("pt_BR")] == ["BR"]
    assert RESOURCES.speaking("xx") == ()


def test_who_is_being_hurt_sees_the_lines_for_that_first() -> None:
    country = RESOURCES.country("GB")

    assert country is not None
    assert country.lines_about(About.ABUSE)[0].about is About.ABUSE
    assert country.lines_about(About.CRISIS)[0].about is About.CRISIS
    assert set(country.lines_about(About.ABUSE)) == set(country.lines)


def test_an_operators_own_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text("\ufeff" + GOOD, encoding="utf-8")

    assert [country.name for country in load_resources(file).countries] == ["Example"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('code = "XA"', 'code = "xa"', "two capital letters"),
        ('languages = ["en"]', 'languages = "en"', "each of two small letters"),
        ('emergency = "112"', "", 'lacks "emergency"'),
        ('name = "A line"', f'name = "{"x" * 121}"', "longer than 120"),
        ('about = "crisis"', 'about = "else"', 'about = "crisis" or about = "abuse"'),
        ("checked = 2026-01-02", 'checked = "soon"', "the day it was checked"),
        ('name = "A line"', 'name = "A line"\nphone = "1"', 'unknown field "phone"'),
        ("[[countries.lines]]", "[[countries.others]]", "unknown field"),
        ("[international]", "[elsewhere]", r"\[international\] is missing"),
        ("[[countries]]", "[[countries", "can't be read"),
    ],
)
def test_a_mistake_in_the_list_is_explained(tmp_path: Path, before: str, after: str, said: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(GOOD.replace(before, after), encoding="utf-8")

    with pytest.raises(ResourcesError, match=said):
        load_resources(file)


def test_a_country_stands_there_once(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(GOOD + GOOD[GOOD.index("[[countries]]") :], encoding="utf-8")

    with pytest.raises(ResourcesError, match="XA stands there twice"):
        load_resources(file)


def test_a_missing_or_empty_list_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ResourcesError, match="can't be opened"):
        load_resources(tmp_path / "nowhere.toml")
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    with pytest.raises(ResourcesError, match="has no countries"):
        load_resources(tmp_path / "empty.toml")
