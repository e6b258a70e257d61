"""Showing marks in a text: **[Anna]** what surely identifies somebody, **[Anna?]** what is worth a look.

Brackets are read aloud and need no colour; they are bold for the eye. A page may end inside a mark, so marks
stand in the text as characters that nobody can type until it is cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.rules.checked import Mark
from bot.rules.details import IDENTIFIES

_OPEN, _SURE, _LOOK = "\ufdd0", "\ufdd1", "\ufdd2"
_SHOWN = {_OPEN: "**\\[", _SURE: "\\]**", _LOOK: "?\\]**"}
_RUN = re.compile(f"{_OPEN}+|{_SURE}+|{_LOOK}+")
_NOT_TYPED = str.maketrans(dict.fromkeys(_SHOWN, "\ufffd"))


def with_places(text: str, marks: Sequence[Mark]) -> str:
    """A text with the places of its marks, each as long as what will be shown there."""
    pieces: list[str] = []
    done = 0
    for mark in sorted(marks, key=lambda mark: mark.start):
        close = _SURE if mark.level == IDENTIFIES else _LOOK
        before, said = text[done : mark.start], text[mark.start : mark.end]
        pieces += (before.translate(_NOT_TYPED), _place(_OPEN), said.translate(_NOT_TYPED), _place(close))
        done = mark.end
    return "".join((*pieces, text[done:].translate(_NOT_TYPED)))


def with_brackets(pages: Sequence[str]) -> tuple[str, ...]:
    """Pages of such a text as they are shown. A mark that goes on over a page is closed and opened again."""
    shown: list[str] = []
    goes_on = False
    for page in pages:
        page = page.rstrip(_OPEN) if page.endswith(_OPEN) else page
        text = (_SHOWN[_OPEN] if goes_on else "") + _RUN.sub(lambda run: _SHOWN[run.group()[0]], page)
        last = max(page.rfind(sign) for sign in _SHOWN)
        goes_on = page[last] == _OPEN if last >= 0 else goes_on
        shown.append(text + (_SHOWN[_SURE] if goes_on else ""))
    return tuple(shown)


def _place(sign: str) -> str:
    return sign * len(_SHOWN[sign])
