"""A reader of Discord's markdown for tests: stricter than Discord, so that nothing slips through."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_LINK = re.compile(r"<(https?://[^\s<>*|`\\]+)>", re.IGNORECASE)
_MARK = re.compile(r"[\\*_~|`<>\[\]@#]")
# What would make a list or small print if a line or page began here, indented or not.
_AT_A_WORD = re.compile(r"(?:[-+*]|[0-9]+\.)(?=\s)|-#")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader of a message sees, and all that acts as something else than its characters."""

    seen: str
    acts: tuple[str, ...]


def read(source: str) -> Reading:
    """Read ``source`` as Discord's clients would, with every doubtful mark reported as acting."""
    seen: list[str] = []
    acts: list[str] = []
    at = 0
    while at < len(source):
        if escaped := _ESCAPED.match(source, at):
            seen.append(escaped[1])
            at = escaped.end()
        elif link := _LINK.match(source, at):
            seen.append(link[1])
            at = link.end()
        else:
            starts_word = at == 0 or source[at - 1].isspace()
            if _MARK.match(source, at) or (starts_word and _AT_A_WORD.match(source, at)):
                acts.append(source[at : at + 10])
            seen.append(source[at])
            at += 1
    return Reading("".join(seen), tuple(acts))
