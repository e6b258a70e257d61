"""The gentle words that stand for a detail, by its kind: English grammar, not texts of the bot."""

from __future__ import annotations

import re

_WINTER, _SPRING, _SUMMER, _AUTUMN = "winter", "spring", "summer", "autumn"
_SEASONS = (_WINTER, _WINTER, *(_SPRING,) * 3, *(_SUMMER,) * 3, *(_AUTUMN,) * 3, _WINTER)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})", re.IGNORECASE)
_DAY = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?\b|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"eleventh|twelfth|"
    r"teenth|twentieth|thirtieth)|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"\w+teen|twenty|thirty)\b",
    re.IGNORECASE,
)

ORGANISATIONS = (
    ("clinic", r"clinic"),
    ("hospital", r"hospital|infirmary|ward\b|nhs|health"),
    ("university", r"university|ucl|lse\b|harvard|yale"),
    ("college", r"college"),
    ("nursery", r"nursery|kindergarten|preschool|playgroup"),
    ("school", r"school|academy|primary|secondary|elementary|grammar|^st\.? "),
    ("hospice", r"hospice"),
    (
        "practice",
        r"practice|surgery|counsell?ing|therap|psycholog|wellbeing|wellness|associates|centre|center",
    ),
    ("church", r"church|chapel|cathedral"),
    ("place of worship", r"mosque|temple|synagogue|gurdwara"),
    ("prison", r"prison|hmp|hmyoi"),
)
"""Kinds of organisations and the words in their names that tell them."""
WORKPLACE = "workplace"
ORDINALS = ("", "", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def organisation(name: str) -> str:
    """What kind of organisation a name is the name of."""
    low = name.lower()
    return next((kind for kind, words in ORGANISATIONS if re.search(words, low)), WORKPLACE)


def place(name: str) -> str:
    """What kind of place a name or address stands for."""
    low = name.lower()
    if found := re.match(
        r"(ward|room|flat|apt|apartment|suite|cell|bay|unit|bed|block|wing|cabin|cottage|dorm)\b", low
    ):
        return {"apt": "flat", "apartment": "flat"}.get(found[1], found[1])
    if re.fullmatch(r"[a-z]{1,2}\d[a-z\d]?(?:\s?\d\w{2})?|\d{5}(?:-\d{4})?|[a-z]\d[a-z]\s?\d[a-z]\d", low):
        return "postcode"
    if re.search(
        r"^\d.*[a-z]|\b(?:street|road|avenue|lane|drive|crescent|terrace|grove|close|court|mews|gardens|rd|"
        r"ave|st)$",
        low,
    ):
        return "address"
    return "town"


def date(said: str) -> str:
    """A date as a day in its season, or a month as its season; "one day" where the season isn't certain."""
    seasons = {_SEASONS[month - 1] for month in _months(said)}
    season = seasons.pop() if len(seasons) == 1 else ""
    if not season:
        return "one day"
    without_month = _MONTH.sub("", re.sub(r"\b(?:19|20)\d\d\b", "", said))
    in_digits = re.search(r"\d\s?[/.-]\s?\d", said) and not re.fullmatch(r"\d{1,2}/\d{4}", said)
    return f"one {season} day" if in_digits or _DAY.search(without_month) else season


def _months(said: str) -> set[int]:
    if found := _MONTH.search(said):
        return {_MONTHS.index(found[1].lower()) + 1}
    numbers = [int(part) for part in re.findall(r"\d+", said)][:3]
    if len(numbers) == 3 and numbers[0] > 31:
        numbers = [numbers[1]]
    elif len(numbers) == 2 and numbers[1] > 31:
        numbers = [numbers[0]]
    return {number for number in numbers[:2] if 1 <= number <= 12}
