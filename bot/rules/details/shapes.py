"""What has a shape, in any language: addresses, links, handles, phone numbers, other numbers, dates in "
"digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.rules.details.detail import Type

Shaped = tuple[int, int, Type]

_TLD = (
    "com|org|net|edu|gov|io|co|uk|ie|au|nz|ca|de|fr|es|eu|info|biz|app|dev|health|therapy|care|clinic|online|site|blog|"
    "us|in|za|ng|ke|ch|at|nl|be|it|se|no|dk|fi|pl|pt|gr|il|kr|jp|cn|br|mx|ar|me|tv|gg|ee|ly|social|chat|club|center|life"
)
_SURE_TLD = (
    "com|org|net|edu|gov|info|biz|uk|ie|nz|au|ca|de|fr|eu|io|app|dev|health|therapy|clinic|online|social"
)
_HOST = r"[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9][a-z0-9-]{0,62}){0,5}"
EMAIL = re.compile(
    rf"(?<![\w.+-])[\w.+'-]{{1,64}}\s?@\s?{_HOST}\s?\.\s?[a-z]{{2,12}}\b"
    rf"|(?<![\w.+-])[\w.+-]{{1,64}}\s?[(\[{{<]\s?(?:at|@)\s?[)\]}}>]\s?[a-z0-9-]{{1,63}}"
    rf"(?:\s?(?:\.|[(\[{{<]\s?(?:dot|\.)\s?[)\]}}>]|\bdot\b)\s?[a-z0-9-]{{2,63}}){{1,4}}"
    rf"|\b[\w.+-]{{1,64}}(?:\s(?:dot|underscore|dash|hyphen|"
    rf"plus)\s[\w+-]{{1,40}}){{0,5}}\s+at\s+[\w-]{{1,40}}"
    rf"(?:\s(?:dot|dash|hyphen)\s[\w-]{{1,40}}){{0,3}}\s+dot\s+(?:com|org|net|edu|gov|co\s+dot\s+uk|co|uk|"
    rf"ie|au|nz|ca|"
    rf"de|fr|in|ng|za|me|io|info)(?:\s+dot\s+(?:uk|au|nz|za|in))?\b"
    rf"|\b[\w-]{{2,64}}AT[a-z0-9-]{{2,63}}DOT[a-z]{{2,12}}\b"
    rf"|(?<![\w.+-])[\w.+-]{{2,64}}\s+at\s+(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|proton|"
    rf"protonmail|aol|live|"
    rf"btinternet|gmx|me|msn)(?:\.|\s?dot\s?|\s)(?:com|co\.?\s?uk|de|net|org|ie|fr)\b",
    re.IGNORECASE,
)
URL = re.compile(
    rf"https?://[^\s<>\"')\]]{{3,500}}"
    rf"|(?<![\w@.])www\.[^\s<>\"')\]]{{3,300}}"
    rf"|(?<![\w@./-])(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,4}}(?:{_TLD})/[^\s<>\"')\]]{{1,300}}"
    rf"|(?<![\w@./'-])(?:[a-z0-9][a-z0-9-]{{1,62}}\.){{1,4}}(?:{_SURE_TLD})(?![\w@-])(?!\.\w)"
    rf"|\bwww\s+dot\s+[\w-]{{2,40}}(?:\s[\w-]{{1,40}}){{0,3}}(?:\s+dot\s+[a-z]{{2,8}}){{1,3}}"
    rf"|\b[\w-]{{2,40}}\s+dot\s+(?:com|org|net|co\s+dot\s+uk|org\s+dot\s+uk|ie|edu)\b(?:\s+(?:slash|"
    rf"forward slash)\s+[\w-]{{2,40}})*",
    re.IGNORECASE,
)
_PUBLIC_SITES = frozenset(
    [
        "samaritans.org",
        "www.samaritans.org",
        "nhs.uk",
        "www.nhs.uk",
        "988lifeline.org",
        "mind.org.uk",
        "www.mind.org.uk",
        "bacp.co.uk",
        "www.bacp.co.uk",
        "www.ukcp.org.uk",
        "ukcp.org.uk",
        "apa.org",
        "www.apa.org",
        "nice.org.uk",
        "www.nice.org.uk",
        "doxy.me",
        "wikipedia.org",
        "psychologytoday.com",
        "google.com",
        "youtube.com",
        "zoom.us",
        "booking.com",
        "amazon.com",
        "facebook.com",
    ]
)
HANDLE = re.compile(
    r"(?<![\w@/.])@(?!everyone\b|here\b)[a-z0-9_][\w.]{1,31}(?<!\.)"
    r"|<@[!&]?\d{5,25}>"
    r"|(?<![\w/])/?u/[\w-]{3,30}"
    r"|(?<![\w#])[a-z][\w.]{1,31}#\d{4}\b"
    r"|(?<![\w@/.])[a-z0-9]+(?:_[a-z0-9]+)+(?![\w@/])"
    r"|(?<![\w@])@\s(?=[a-z]+[\d_])[\w.]{3,30}"
    r"|(?:\b(?:insta(?:gram)?|snap(?:chat)?|tik\s?tok|twitter|discord|telegram|reddit|skype|handle|"
    r"username|user name|"
    r"screen name|gamertag|kik|onlyfans|bluesky|mastodon|venmo)(?:\s+(?:name|handle|account|id|user))?"
    r"(?:\s+(?:is|was|as|called|under)\s+|\s?[:=]\s?@?|\s+@))(?P<handle>(?!the\b|not\b|now\b|a\b|my\b|"
    r"private\b|that\b)[a-z]"
    r"[\w.]{3,30}(?<!\.)(?:#\d{4})?)",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])\s?([/.-])\s?(?:0?[1-9]|[12]\d|3[01])\s?\1\s?(?:(?:19|20)\d\d|\d\d)"
    r"|(?:0?[1-9]|1[0-2])/(?:19|20)\d\d"
    r")(?:[Tt][\d:]{4,8}[Zz]?)?(?![\w/-])(?!\.\d)",
)
_DAY_MONTH = re.compile(
    r"\b(?:on|since|until|by|from|dob|born|dated|date|before|after)(?:\s+the)?[:\s]\s?(?P<date>(?:0?[1-9]|"
    r"[12]\d|3[01])[/.]"
    r"(?:0?[1-9]|[12]\d|3[01]))(?![\d/.]|\s?%|\.\d)(?!\s(?:days|weeks|sessions|scale|of\b))",
    re.IGNORECASE,
)
_LABEL = (
    r"ni|nhs|medicare|medicaid|medical|ssn|social security|national insurance|nino|mrn|hospital|patient|"
    r"client|chart|case|file|"
    r"record|records|policy|member|membership|licen[cs]ed?|registration|registered|reg|hcpc|bacp|ukcp|babcp|"
    r"bps|gmc|nmc|coru|"
    r"ahpra|lcsw|lmft|lpcc?|lmhc|lpc-a|npi|dea|ein|tax|insurance|insurer|claim|account|acct|reference|ref|"
    r"referral|passport|"
    r"driving|driver'?s|invoice|student|employee|staff|badge|hn|crn|pps|ppsn|ihi|dva|ndis|aadhaar|pan|nin|"
    r"bvn|iban|prisoner|"
    r"inmate|docket|crime|incident|booking|health card|ohip|ramq|sin|tfn|abn|iban|sort code|card|visa|"
    r"green card|"
    r"alien|a-number|uci|ehcp|datix|rio|systmone|emis"
)
ID = re.compile(
    rf"\b(?:{_LABEL})(?:[\s-]+(?:id|no|nr|num|number|numbers|card|certificate|reference|ref|code|security|"
    rf"registration|reg|"
    rf"member|membership|record|hospital|policy|licen[cs]e)\b\.?){{0,3}}\s?(?:(?:is|was|ends?(?:\sin)?|"
    rf"ending(?:\sin)?)\s)?"
    rf"[:#=(]?\s?(?P<id>\b(?=[a-z0-9/-]*\d|(?-i:[A-Z]{{2,5}}\s\d)|[a-z]{{2,3}}\s\d{{5}})(?!(?:19|"
    rf"20)\d\d\b(?![\s/-]?\d))[a-z]{{0,5}}[\s/-]?\d(?:[\s/-]?\d|[/-]?[a-z0-9]){{2,24}})"
    r"|(?<![\w-])(?-i:[A-Z]{2,5})\s(?!(?:19|20)\d\d\b)\d{4,8}(?![\w-])"
    r"|(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"
    r"|(?<![\w])[a-z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[a-d]\b"
    r"|(?<![\w-])(?!covid|phq|gad|core|icd|dsm|pcl|mp|iso|gcse|ww|g|h|f)[a-z]{2,5}[-/]\d{4,12}\b"
    r"|(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w.])"
    r"|(?<!\w)[a-z]{2}\d{2}(?:\s?[a-z0-9]{4}){3,7}\b"
    r"|(?<![\w-])(?:\d{4}[\s-]){2,3}\d{4}(?![\w-])",
    re.IGNORECASE,
)
_LONG = re.compile(r"(?<![\w.,£$€-])\d{7,20}(?![\w,.]?\d)(?!\w)")
PHONE = re.compile(
    r"(?<![\w.,/£$€#-])(?:\+|00)\d{1,3}[\s.-]?(?:\(0\)\s?)?(?:\(?\d{1,5}\)?[\s.-]?){2,6}\d{2,}(?!\w)"
    r"|\(0\)\d{2,4}(?:[\s.-]?\d{2,8}){1,4}(?!\w)"
    r"|(?<![\w.,/£$€#-])\(?0\d{1,5}\)?(?:[\s.-]?\d{2,8}){1,5}(?!\w)(?!,\d)"
    r"|(?<![\w.,/£$€#-])(?:1[\s.-])?\(?[2-9]\d{2}\)?[\s.-]\d{3}[\s.-]\d{4}(?!\w)"
    r"|(?<![\w.,/£$€#-])[2-9]\d{2}[-.]\d{4}(?![\w-])"
    r"|(?<![\w.,/£$€#-])\d{2,4}(?:[\s.-]\d{2,4}){3,5}(?![\w%])"
    r"|(?<![\w.,/£$€#-])\d{5}[\s-]\d{5,6}(?!\w)",
)
_CRISIS = frozenset(
    [
        "116123",
        "18002738255",
        "8002738255",
        "131114",
        "1800551800",
        "08001111",
        "741741",
        "85258",
        "18006624357",
        "18007997233",
        "08457909090",
        "1300224636",
        "18004321234",
        "08000684141",
        "0800689565",
        "03001233393",
        "1737",
        "080058585858",
        "0800585858",
        "112",
        "18008255",
        "0800543354",
        "0508828865",
    ]
)
_DIGIT = r"(?:oh|o|zero|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|treble|hundred)"
SPOKEN = re.compile(rf"\b{_DIGIT}(?:[\s,-]+{_DIGIT}){{5,24}}\b", re.IGNORECASE)
_COUNTS = (
    "one two three four five six seven eight nine ten",
    "ten nine eight seven six five four three two one zero",
)

_POSTCODE = re.compile(
    r"\b(?:[a-z]{1,2}\d[a-z\d]?\s?\d(?!st\b|nd\b|rd\b|th\b)[abd-hjlnp-uw-z]{2}"
    r"|(?:[bs]\w|[a-z])[a-z]?\d{1,2}\s?\dth"
    r"|(?:[ac-fhknprtv-y]\d{2}|d6w)\s?[0-9ac-fhknprtv-y]{4}(?<=\d\w\w\w|\w\d\w\w|\w\w\d\w|\w\w\w\d)"
    r"|[abceghj-nprstvxy]\d[abceghj-nprstv-z]\s?\d[abceghj-nprstv-z]\d)\b",
    re.IGNORECASE,
)
_ZIP = re.compile(
    r"\b(?:zip(?:\s?code)?|post\s?code|postal code|pin\s?code|plz|eircode)(?:\s(?:is|"
    r"was))?[:\s]\s?(?P<zip>[a-z]{0,2}\d{3,6}(?:-\d{4})?)\b"
    r"|(?:,|\b[A-Z]{2},?|street|st|road|rd|avenue|ave|drive|dr|lane|way|close|"
    r"court)\s(?P<zip2>\d{5}(?:-\d{4})?)\b(?!\s(?:of|people|times))",
)
_PARTIAL = re.compile(
    r"\b(?:in|near|from|around|to|postcode)\s(?P<code>(?:E|EC|N|NW|SE|SW|W|WC|BS|BN|BT|CF|EH|G|GL|L|LS|M|"
    r"NE|NG|OX|S|B|CB|CR|"
    r"DE|DH|HU|KT|LE|RG|SO|SK|TW|YO)\d{1,2}[A-Z]?|(?:ec|nw|se|sw|wc|bs|bn|bt|cf|eh|gl|ls|ne|ng|ox|cr|de|dh|"
    r"hu|kt|le|rg|so|sk|"
    r"tw|yo)\d{1,2}|[mlsbgne]\d\d)\b"
)
_ROOM = re.compile(
    r"\b(?:ward|room|flat|apt|apartment|suite|cell|bay|unit|bed|block|wing|cabin|villa|cottage|"
    r"dorm)\.?\s(?:no\.?\s|number\s|#)?"
    r"(?:\d{1,4}[a-z]?\b(?!\s?(?:[ap]\.?m\b|%|minutes|mins|hours|people|of\b|sessions|weeks|days|times|"
    r"years|o'clock|:))|[A-HJ-Z]\d?\b"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"twenty)\b(?=[\s.,;!?]|$))",
    re.IGNORECASE,
)
_ROOM_WORDS = re.compile(r"(?i)^(?:bed|bay|block|cell|unit|suite|wing|cabin|villa|cottage)\s[a-z]")


def shaped(text: str) -> Iterator[Shaped]:
    """Everything with a shape, in the order of what is surest; later ones may overlap earlier ones."""
    yield from _all(EMAIL, text, "EMAIL", _no_plain_at)
    for start, end, kind in _all(URL, text, "URL", _is_address):
        trimmed = text[start:end].rstrip(".,;:!?-")
        yield start, start + len(trimmed), kind
    yield from _all(HANDLE, text, "HANDLE", _is_handle)
    yield from _all(
        _NUMERIC, text, "DATE", lambda found: "/" in found or "-" in found or found.count(".") == 2
    )
    yield from _all(_DAY_MONTH, text, "DATE", lambda found: found not in {"9/11", "7/7", "24/7"})
    for found in ID.finditer(text):
        if found["id"] is None or _is_record(found["id"]):
            yield _labelled(found)
    yield from _all(PHONE, text, "PHONE", _is_phone)
    yield from _all(_LONG, text, "ID", lambda found: found not in _CRISIS)
    yield from _all(SPOKEN, text, "PHONE", _is_spoken)


def placed(text: str) -> Iterator[Shaped]:
    """Postcodes, wards, rooms and flats: shapes that are English."""
    yield from _all(_POSTCODE, text, "LOCATION", _is_postcode)
    yield from _groups(_ZIP, text, "LOCATION")
    yield from _groups(_PARTIAL, text, "LOCATION")
    for found in _ROOM.finditer(text):
        if not (found.group().lower() in {"room 101", "unit 1"} or _ROOM_WORDS.match(found.group())) or (
            found.group()[-2:].isupper()
        ):
            yield (*found.span(), "LOCATION")


def _all(
    pattern: re.Pattern[str], text: str, kind: Type, wanted: Callable[[str], bool] | None = None
) -> Iterator[Shaped]:
    for found in pattern.finditer(text):
        name = next((name for name, value in found.groupdict().items() if value), None)
        start, end = found.span(name) if name else found.span()
        while end > start and text[end - 1] in " -":
            end -= 1
        if wanted is None or wanted(text[start:end]):
            yield start, end, kind


def _groups(pattern: re.Pattern[str], text: str, kind: Type) -> Iterator[Shaped]:
    yield from _all(pattern, text, kind)


def _digits(found: str) -> str:
    return "".join(char for char in found if char.isdigit())


def _no_plain_at(found: str) -> bool:
    """ "meet at home dot com" is an address; "sat at gmail" isn't caught at all."""
    return not re.match(r"(?i)(?:looked|look|met|meet|sat|was|is|are|us|me|him|her|them|it)\s+at\s", found)


def _is_address(found: str) -> bool:
    bare = re.sub(r"^https?://", "", found.lower()).rstrip("/.,;:!?")
    if bare in _PUBLIC_SITES:
        return False
    first = bare.split(".")[0]
    return not (first in {"e", "i", "a", "p", "ph"} and "/" not in bare)


def _is_handle(found: str) -> bool:
    return len(found) > 2 and not found.replace("_", "").isdigit()


def _is_record(found: str) -> bool:
    return len(_digits(found)) >= 3 and (len(_digits(found)) >= 4 or found[0].isalpha())


def _labelled(found: re.Match[str]) -> Shaped:
    """A number with its label if that belongs to it (MRN 5527781), else the number alone (NHS no. 401 …)."""
    if found["id"] is None:
        return (*found.span(), "ID")
    label = found.group()[: found.start("id") - found.start()].strip()
    short = label.isupper() and label.isalpha() and len(label) <= 5 and label not in {"NHS", "SSN"}
    return (found.start() if short else found.start("id"), found.end("id"), "ID")


def _is_phone(found: str) -> bool:
    digits = _digits(found)
    if digits in _CRISIS or digits.lstrip("1") in _CRISIS or not 7 <= len(digits) <= 16:
        return False
    parts = re.split(r"[\s.-]+", found)
    years = sum(bool(re.fullmatch(r"(?:19|20)\d\d", part)) for part in parts)
    return years < 2


def _is_spoken(found: str) -> bool:
    words = [word for word in re.split(r"[\s,-]+", found.lower()) if word]
    said = " ".join(words)
    return not any(said in count for count in _COUNTS) and len(set(words)) > 2


def _is_postcode(found: str) -> bool:
    return not re.match(r"(?i)(?:am|pm|at|in|on|no|to|or|is|as|of|my|by)\d", found) or found[:2].isupper()
