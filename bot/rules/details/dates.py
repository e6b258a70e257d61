"""Dates in words and ages over 89, in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.rules.details.shapes import Shaped

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|febuary|mar|apr|jun|jul|aug|sept?|oct|nov|dec|janurary|septmber|ocotber|novmber|decmber)\.?"
)
_ONES = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
_ORDINAL = (
    rf"(?:{_ONES}|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|"
    rf"nineteenth|"
    rf"twentieth|twenty[\s-](?:{_ONES})|thirtieth|thirty[\s-]first)"
)
_CARDINAL = (
    r"(?:twenty[\s-](?:one|two|three|four|five|six|seven|eight|nine)|thirty[\s-]one|twenty|thirty|ten|"
    r"eleven|twelve|thirteen|"
    r"fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|one|two|three|four|five|six|seven|eight|nine)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_TEEN = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_ONE_TO_NINE = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_TENS = rf"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[\s-]{_ONE_TO_NINE})?"
_YEAR = (
    rf"(?:(?:19|20)\d\d|'\d\d|(?:nineteen|twenty)[\s-](?:{_TENS}|{_TEEN}|oh[\s-]\w+|hundred)|"
    rf"two thousand(?:\sand)?(?:\s(?:{_TENS}|{_TEEN}|one|two|three|four|five|six|seven|eight|nine))?)"
)
_NOT_A_DAY = (
    r"(?!\s?(?:%|[ap]\.?m\b|o'clock|:\d|people|of us|of them|clients|sessions|times|weeks|days|months|"
    r"years|minutes|mins|hours|"
    r"miles|pounds|kids|children|others|more|or\s\w+\s(?:clients|sessions|people)))(?![\d,]*\d)"
)
_DATE = re.compile(
    rf"\b(?:the\s)?{_DAY}(?:\s?(?:st|nd|rd|th))?(?:\s?(?:-|to|or|and)\s?{_DAY}(?:st|nd|rd|"
    rf"th)?)?(?:\sof)?[\s-]{_MONTH}\b"
    rf"(?:,?[\s-]{_YEAR}|,?\s\d\d(?=[.,;!?\s]|$)(?!\s\w))?"
    rf"|\b(?:the\s)?{_ORDINAL}(?:\sday)?(?:\sof)?\s{_MONTH}\b(?:,?\s{_YEAR})?"
    rf"|\b{_MONTH}[\s-](?:the\s)?(?:{_DAY}\s?(?:st|nd|rd|th)|{_ORDINAL})\b(?:,?\s{_YEAR})?"
    rf"|\b{_MONTH}[\s-]{_DAY}\b{_NOT_A_DAY}(?:\s?-\s?{_DAY}\b)?(?:,?\s{_YEAR})?"
    rf"|\b{_MONTH}\s{_CARDINAL}\b(?!\s(?:of|or|more|people|\w+s)\b)(?:,?\s{_YEAR})?"
    rf"|\b{_MONTH},?\s(?:of\s)?{_YEAR}(?!\w)",
    re.IGNORECASE,
)
_MODAL_MAY = re.compile(r"(?i)(?:\bi|you|we|they|he|she|it|that|this|who|which|client|clients|there)\s+$")
_ORDINAL_DAY = re.compile(
    r"\b(?:on|by|until|since|before|after)\sthe\s(?P<day>(?:\d{1,2}(?:st|nd|rd|th)))(?=\s(?:i|we|she|he|"
    r"they|and|but|when|at)\b|[.,;!?\n]|$)",
    re.IGNORECASE,
)
_SEASON_YEAR = re.compile(
    r"\b(?:(?:spring|summer|autumn|fall|winter|christmas|easter|thanksgiving|halloween)(?:\sof)?\s(?:19|"
    r"20)\d\d)\b",
    re.IGNORECASE,
)

_NINETIES = r"(?:ninety(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?)"
_HUNDREDS = rf"(?:(?:a|one)[\s-]hundred(?:[\s-]and[\s-](?:{_ONE_TO_NINE}|ten|eleven|twelve))?)"
_OLD = rf"(?:9\d|1[01]\d|12[0-2]|{_NINETIES}|{_HUNDREDS})"
_STOPS = (
    r"(?=\s*(?:[.,;:!?)\n\"']|$|-\s|\s(?:and|but|or|so|now|when|who|with|then|this|last|next|years?\sold|"
    r"because|while|in|on|"
    r"today|yesterday|soon|already|if|that|as|at|by|since|i|we|he|she|they|her|his|my|which)\b))"
)
_WHO = (
    r"(?:she|he|they|who|i|client|patient|mother|mum|mom|father|dad|gran|grandma|granny|nan|nana|grandad|"
    r"grandpa|"
    r"grandmother|grandfather|husband|wife|aunt|uncle|man|woman|lady|gentleman|resident|supervisor|"
    r"neighbour|neighbor|"
    r"sister|brother|friend|partner|(?:mrs?|ms|miss|dr)\.?\s\w+)"
)
_AGE = re.compile(
    rf"\bage[ds]?(?:\sof|:)?\s{_OLD}\b(?!\s?%)"
    rf"|\b{_OLD}[\s-]?(?:years?|yrs?|yr|y)[\s-]?(?:old|olds|o|of\sage|young)\b"
    rf"|\b{_OLD}[\s-]?(?:yo|y/o|y\.o\.)(?!\w)"
    rf"|\bin\s(?:her|his|their|my)\s(?:(?:early|mid|late)[\s-])?(?:nineties|90'?s|hundreds)\b"
    rf"|\b(?:turn(?:s|ed|ing)?|reached|nearly|almost|pushing)\s(?P<turned>{_OLD}){_STOPS}"
    rf"|\b{_WHO}(?:'s|\sis|'ll\sbe|\swill\sbe|\swas|'d\sbe|\swould\sbe)\s(?:now\s|only\s|nearly\s|almost\s|"
    rf"about\s|over\s)?"
    rf"(?P<is>{_OLD}){_STOPS}"
    rf"|\b{_WHO}\s?[,(]\s?(?P<beside>{_OLD})(?=\s?[,).])"
    rf"|\b(?:lady|woman|man|gentleman|person|client)\sof\s(?P<of>{_OLD})\b(?!\s?%)"
    rf"|\b(?:lived|living|dying|died|dead)\s(?:to\s|at\s|to be\s)(?P<at>{_OLD}){_STOPS}"
    rf"|\b(?P<birthday>{_OLD}(?:th|st|nd|rd))\sbirthday|\b(?P<birth2>(?:ninetieth|ninety[\s-]\w+(?:th|st|"
    rf"nd|rd)|hundredth))\sbirthday"
    rf"|\b(?P<cent>nonagenarian|centenarian)\b",
    re.IGNORECASE,
)


def dates(text: str) -> Iterator[Shaped]:
    """Dates finer than a year, in words."""
    for found in _DATE.finditer(text):
        start, end = found.span()
        said = found.group().lower()
        if said.startswith(("may ", "march ")) and _no_month(text, start, said):
            continue
        if said.startswith("the "):
            start += 4
        while text[end - 1] in ". ":
            end -= 1
        yield start, end, "DATE"


def days_to_look_at(text: str) -> Iterator[Shaped]:
    """Days and seasons that may or may not tell something."""
    for pattern in (_ORDINAL_DAY, _SEASON_YEAR):
        for found in pattern.finditer(text):
            name = "day" if pattern is _ORDINAL_DAY else 0
            yield (*found.span(name), "DATE")


def ages(text: str) -> Iterator[Shaped]:
    """Ages over 89, in digits and in words."""
    for found in _AGE.finditer(text):
        name = next((name for name, value in found.groupdict().items() if value), 0)
        yield (*found.span(name), "AGE")


_OF_SOMEBODY = re.compile(
    rf"(?:'s)?,?\s(?:is|was|turns|turned|will be)\s(?:now\s|only\s|nearly\s|almost\s)?"
    rf"(?P<age>{_OLD}){_STOPS}",
    re.IGNORECASE,
)


def age_of(text: str, end: int) -> Shaped | None:
    """The age over 89 that is told of a person whose name ends at ``end``: "Ida, is 91 and"."""
    found = _OF_SOMEBODY.match(text, end)
    return (*found.span("age"), "AGE") if found else None


def _no_month(text: str, start: int, said: str) -> bool:
    """ "I may first ask", "they march 20 miles"."""
    if re.search(r"\d(?:st|nd|rd|th)|\d{4}|\bthe\b", said):
        return bool(
            said.startswith("may ")
            and text[start] == "m"
            and _MODAL_MAY.search(text[max(0, start - 12) : start])
        )
    before = text[max(0, start - 14) : start].lower()
    lower = text[start] == "m"
    if _MODAL_MAY.search(before):
        return True
    if not lower:
        return False
    return not re.search(
        r"(?:\bon|in|of|since|until|till|by|from|dob|born|before|after|around|the)\W+$", before
    )
