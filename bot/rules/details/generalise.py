"""Making details general: "Anna" becomes "a client", and "the client" where she comes again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from bot.rules.details import placeholders
from bot.rules.details.cues import CLINICIAN_TITLES, ROLES, TITLES
from bot.rules.details.detail import IDENTIFIES, Detail
from bot.rules.details.view import view_of

_DETERMINER = re.compile(
    r"\b(?:the|a|an|my|our|your|his|her|their|its|this|that|another|every|each|no|poor|dear|little|old|"
    r"lovely)\s+$",
    re.IGNORECASE,
)
_MARKS = "*_~|`"
_ROLE = "|".join(sorted((re.escape(role) for role in ROLES), key=len, reverse=True))
_AFTER_ROLE = re.compile(
    rf"(?P<whose>\b(?:my|his|her|their|our|"
    rf"your)\s+)?(?:[\w-]+\s+){{0,2}}?\b(?P<role>{_ROLE})(?P<gap>\s*[,(:-]?\s*[*_~|`]*)$",
    re.IGNORECASE,
)
_TITLE = re.compile(
    rf"\b(?P<title>{'|'.join(sorted(TITLES, key=len, reverse=True))})\.?\s+[*_~|`]*$", re.IGNORECASE
)
_CALLED = re.compile(
    rf"(?:\b(?:{_ROLE}|someone|somebody|dog|cat|twins?))(?P<cue>,?\s+(?:called|named|nicknamed)\s+['\"‘“]?)$",
    re.IGNORECASE,
)
_GREETING = re.compile(r"\b(?:hi|hello|hey|hiya|heya)\s+$", re.IGNORECASE)
_DEAR = re.compile(r"\bdear\s+$", re.IGNORECASE)
_NAME_IS = re.compile(
    r"\b(?:names?(?:'s|’s)?(?:\s(?:is|was))?|goes by|known as|call me|called me|calls? (?:him|her|"
    r"them)sel(?:f|ves)|"
    r"signs (?:him|her)self|wrote|spelt|spelled)\s+['\"‘“]?$",
    re.IGNORECASE,
)
_SELF = re.compile(r"\b(?:i['’]?m|i am|this is)\s+$", re.IGNORECASE)
_WHOSE = re.compile(r"\b(?:my|his|her|their|our|your|the|a)\s+$", re.IGNORECASE)
_IT_IS = re.compile(
    r"\b(?:number|phone|mobile|website|site|page|profile|blog|e-?mail|address|handle|username)(?:\s(?:is|"
    r"was)|,|:)?\s+$",
    re.IGNORECASE,
)
_SENTENCE_START = re.compile(r"(?:^|[.!?…]['\"”’)]*\s+|\n\s*)[\"'“‘([{*_~|`>#\s-]*$")
_LIVES = re.compile(
    r"\b(?:li(?:ve|ves|ved|ving)|grew up|born|raised|from|mov(?:e|es|ed|ing)|based|settled|home|"
    r"back)\b[^.!?\n]{0,25}$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(he|she|they|client|mrs|mr)(?:['’](?:s|d|re|ve|ll))?\b|(?:\bi\b|\bwe\b|\bi['’]m)", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?:\bno\.?|number|#|\bid|ssn|mrn|code|postcode|zip|policy|licen[cs]e|registration|record|"
    r"card)[\s:,#(]*$",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(
    r"(?:\bon\s+)?(?:\b(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?(?:\bthe\s+)?$", re.IGNORECASE
)
_ONLY_BETWEEN = re.compile(r"[\s,]{1,3}(?:[A-Z]{2}\s)?")


@dataclass(slots=True, repr=False)
class _Known:
    """Who and what was named so far, so that the same one gets the same words."""

    labels: list[tuple[set[str], str]] = field(default_factory=list[tuple[set[str], str]])
    counts: dict[str, int] = field(default_factory=dict[str, int])

    def label(self, words: set[str]) -> str | None:
        return next((label for known, label in self.labels if known & words), None)

    def again(self, words: set[str], label: str) -> None:
        self.labels.append((words, label))

    def first(self, words: set[str], noun: str) -> str:
        """The words for a new one: a client, another client, a third client."""
        count = self.counts[noun] = self.counts.get(noun, 0) + 1
        an = "an" if noun[0] in "aeio" else "a"
        if count == 1:
            said, later = f"{an} {noun}", f"the {noun}"
        elif count == 2:
            said, later = f"another {noun}", f"the other {noun}"
        elif count <= len(placeholders.ORDINALS):
            which = placeholders.ORDINALS[count - 1]
            said, later = f"{'an' if which[0] == 'e' else 'a'} {which} {noun}", f"the {which} {noun}"
        else:
            said = later = f"one more {noun}"
        self.again(words, later)
        return said


@dataclass(frozen=True, slots=True, repr=False)
class Replacement:
    """General words in the place of ``text[start:end]``, which may be a little more than the detail."""

    start: int
    end: int
    text: str


def generalise(
    text: str, found: Iterable[Detail], keep: Collection[Detail] = (), also: Collection[Detail] = ()
) -> str:
    """``text`` with its identifying details replaced by gentle general words.

    ``found`` is what ``find_identifying_details`` returned for this text. What is in ``keep`` stays; what is
    only worth a look stays too, unless it is in ``also``. One person keeps one description throughout.
    """
    pieces: list[str] = []
    done = 0
    for edit in replacements(text, found, keep, also):
        pieces += (text[done : edit.start], edit.text)
        done = edit.end
    return "".join((*pieces, text[done:]))


def replacements(
    text: str, found: Iterable[Detail], keep: Collection[Detail] = (), also: Collection[Detail] = ()
) -> tuple[Replacement, ...]:
    """The same, as what takes the place of which stretch of the text, in order."""
    chosen = [one for one in sorted(found) if one not in keep and (one.level == IDENTIFIES or one in also)]
    known, done = _Known(), 0
    made: list[Replacement] = []
    for detail in _joined(text, chosen):
        made.append(_edit(text, detail, known, done))
        done = made[-1].end
    return tuple(made)


def _joined(text: str, chosen: list[Detail]) -> list[Detail]:
    """Parts of one address as one detail: "61 High Street, 97214"."""
    joined: list[Detail] = []
    for detail in chosen:
        last = joined[-1] if joined else None
        if last and last.end > detail.start:
            continue
        parts = (
            last
            and last.type == detail.type == "LOCATION"
            and placeholders.place(text[last.start : last.end])
        )
        if (
            last
            and parts in {"address", "flat", "room"}
            and _ONLY_BETWEEN.fullmatch(text[last.end : detail.start])
        ):
            joined[-1] = Detail(last.start, detail.end, "LOCATION")
        else:
            joined.append(detail)
    return joined


def _edit(text: str, detail: Detail, known: _Known, done: int) -> Replacement:
    """What one detail becomes, and how much around it goes with it."""
    start, end = detail.start, detail.end
    if any(char in _MARKS for char in text[start:end]) and detail.type == "PERSON":
        while start > done and text[start - 1] in _MARKS:
            start -= 1
        while end < len(text) and text[end] in _MARKS:
            end += 1
    before = text[max(done, start - 80) : start]
    name = view_of(text[detail.start : detail.end]).text.strip()
    if detail.type == "PERSON":
        edit = _person(text, start, end, before, name, known)
    elif detail.type == "DATE":
        edit = _date(start, end, before, name)
    elif detail.type == "AGE":
        edit = _age(text, start, end, before, name)
    else:
        edit = _thing(text, detail, start, end, before, name, known)
    return _finished(text, edit, name)


def _finished(text: str, edit: Replacement, name: str) -> Replacement:
    """With a capital where a sentence begins, and with the full stop that belonged to the sentence."""
    said, end = edit.text, edit.end
    if said and _SENTENCE_START.search(text[max(0, edit.start - 12) : edit.start] if edit.start else ""):
        shown = text[edit.start : edit.start + 1]
        if shown.isupper() or (not name[:1].islower() and any(char.isupper() for char in text)):
            said = said[0].upper() + said[1:]
    if text[end - 1 : end] == "." and not said.endswith("."):
        only = name.count(".") == 1 and re.match(r"\s+I\b", text[end : end + 4])  # "I told R. I'd come"
        if not only and re.match(r"$|\s*\n|\s+[A-Z\"'“]", text[end : end + 4]):
            said += "."
    apostrophe = text[end : end + 1] in {"'", "’"} and not text[end + 1 : end + 2].isalpha()
    quoted = re.search(r"['\"‘“]\s*$", text[max(0, edit.start - 2) : edit.start])
    if apostrophe and name.endswith("s") and not quoted:
        said, end = f"{said}{text[end]}s", end + 1
    return Replacement(edit.start, end, said)


def _person(text: str, start: int, end: int, before: str, name: str, known: _Known) -> Replacement:
    words = {word.lower() for word in re.findall(r"[^\W\d_]+", name) if len(word) > 1 or len(name) < 6}
    owned = "'s" if re.search(r"['’]s$", name) else ""
    noun = "client"
    title = _TITLE.search(before)
    if title and not (title["title"].lower() in ROLES and _WHOSE.search(before[: title.start()])):
        noun = "colleague" if title["title"].lower() in CLINICIAN_TITLES else "client"
        start -= len(before) - title.start()
        before = before[: title.start()]
    if called := _CALLED.search(before):
        return _without(text, start - len(called["cue"]), end, called["cue"].lstrip().startswith(","))
    if role := _AFTER_ROLE.search(before):
        whose = (role["whose"] or "the ").strip().lower()
        known.again(words, f"{whose if whose in {'my', 'our'} else 'the'} {role['role'].lower()}")
        closing = "(" in role["gap"]
        gap = len(role["gap"])
        if owned:
            return Replacement(start - gap, end, owned)
        return _without(text, start - gap, end, "," in role["gap"] or closing)
    if _NAME_IS.search(before):
        known.again(words, f"the {noun}")
        return Replacement(start, end, "(left out)")
    if _GREETING.search(before):
        return Replacement(start, end, "there")
    if _DEAR.search(before):
        return Replacement(start, end, noun)
    if _SELF.search(before):
        noun = "colleague"
    label = known.label(words)
    if _DETERMINER.search(before):
        if label is None:
            known.again(words, f"the {noun}")
        return Replacement(start, end, noun + owned)
    return Replacement(start, end, (label or known.first(words, noun)) + owned)


def _without(text: str, start: int, end: int, commas: bool) -> Replacement:
    """The name goes altogether, with the commas or brackets around it."""
    if (commas and text[end : end + 1] in {",", ")"}) or (
        text[end : end + 1] in {"'", '"', "’", "”"} and not text[end + 1 : end + 2].isalpha()
    ):
        end += 1
    return Replacement(start, end, "" if start else "…")


def _thing(
    text: str, detail: Detail, start: int, end: int, before: str, name: str, known: _Known
) -> Replacement:
    """Organisations, places, contacts and numbers."""
    if detail.type == "LOCATION":
        return _place(text, start, end, before, name, known)
    if detail.type == "ORG":
        noun = placeholders.organisation(name)
    elif (detail.type == "ID" and _LABEL.search(before)) or _IT_IS.search(before):
        return Replacement(start, end, "(left out)")
    else:
        noun = _NOUNS[detail.type]
    if _DETERMINER.search(before):
        return Replacement(start, end, noun)
    if detail.type != "ORG":
        return Replacement(start, end, f"{'an' if noun[0] == 'e' else 'a'} {noun}")
    words = {name.lower()}
    return Replacement(start, end, known.label(words) or known.first(words, noun))


_NOUNS = {
    "PHONE": "phone number",
    "EMAIL": "e-mail address",
    "URL": "web page",
    "HANDLE": "name online",
    "ID": "record number",
}


def _place(text: str, start: int, end: int, before: str, name: str, known: _Known) -> Replacement:
    noun = placeholders.place(name)
    if noun == "postcode" and _LABEL.search(before):
        return Replacement(start, end, "(left out)")
    if _DETERMINER.search(before):
        adjective = noun == "town" and re.match(r"\s+[a-z]", text[end : end + 3])
        return Replacement(start, end, "local" if adjective else noun)
    words = {name.lower()}
    if label := known.label(words):
        return Replacement(start, end, label)
    said = known.first(words, noun)
    if noun == "town" and known.counts[noun] == 1 and _LIVES.search(before):
        subjects = [found[1] for found in _SUBJECT.finditer(re.split(r"[.!?\n]", before)[-1])]
        if subjects and subjects[-1]:
            whose = {"he": "his", "mr": "his", "she": "her", "mrs": "her"}.get(subjects[-1].lower(), "their")
            return Replacement(start, end, f"{whose} town")
    return Replacement(start, end, said)


def _date(start: int, end: int, before: str, name: str) -> Replacement:
    said = placeholders.date(name)
    around = _BEFORE_DATE.search(before)
    if around and around.group() and said.startswith("one "):
        start -= len(around.group())
    elif before[-4:].lower() == "the ":
        start -= 4
    return Replacement(start, end, said)


def _age(text: str, start: int, end: int, before: str, name: str) -> Replacement:
    low = name.lower()
    if (
        (re.search(r"(?:old|olds|yo|y/o|y\.o\.|\do|young|age)$", low) and low[-1] != "y")
        or low.endswith("genarian")
        or low == "centenarian"
    ):
        noun_follows = re.match(
            r"\s+(?!and\b|who\b|in\b|told\b|said\b|asked\b|with\b|was\b|is\b)[a-z]", text[end : end + 9]
        )
        return Replacement(
            start,
            end,
            "very old" if noun_follows or re.search(r"\b(?:is|was|’s|'s)\s+$", before) else "very old person",
        )
    if re.search(r"(?:th|st|nd|rd)$", low) and text[end:].lstrip().startswith("birthday"):
        return Replacement(start, end, "big")
    if turned := re.search(r"\bturn(s|ed|ing)?\s+$", before):
        had = {"s": "has a birthday", "ed": "had a birthday", "ing": "having a birthday"}.get(
            turned[1] or "", "have a birthday"
        )
        return Replacement(start - len(turned.group()), end, had)
    if re.search(r"\b(?:at|to|of|reached|pushing)\s+$", before):
        return Replacement(start, end, "a great age")
    if low.startswith("in "):
        return Replacement(start, end, "very old")
    return Replacement(start, end, "very old")
