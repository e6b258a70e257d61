"""Who pressed anything in a place lately, by display name: so that such names are marked in previews.

In memory alone, bounded, and gone with the process. Whoever pressed anything is in it, a reader as well as a
teller. A name counts only from the next turn on, a secret moment every two days, so that trying a name out in
a preview doesn't tell on which day somebody was here.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

TURN = timedelta(days=2)
TURNS = 14
"""So many turns after the last press a name is forgotten: four weeks."""
MOST_NAMES = 60
"""Of one place."""
MOST_PLACES = 2_000
LONGEST = 40
_ADDED = re.compile(r"[(\[|/•~].*")
"""What people add to a name: (she/her), | away."""
_WORD = re.compile(r"[^\W\d_][^\W_]+(?:['’-][^\W_]+)*")
_SHORTEST = 3


class Lately:
    """The names, by the id of the channel in which something was pressed."""

    def __init__(self, now: Callable[[], datetime], phase: float) -> None:
        """``phase``: when turns begin, from 0 to 1; a secret of the process."""
        self._now = now
        self._phase = TURN * phase
        self._places: OrderedDict[int, OrderedDict[str, tuple[int, int]]] = OrderedDict()

    def heard(self, place: int, name: str) -> None:
        """Somebody pressed something."""
        turn, name = self._turn(), _ADDED.sub("", name)[:LONGEST].strip()
        if not name:
            return
        names = self._places.setdefault(place, OrderedDict())
        first, _ = names.pop(name, (turn, turn))
        names[name] = (first, turn)
        self._places.move_to_end(place)
        if len(names) > MOST_NAMES:
            names.popitem(last=False)
        if len(self._places) > MOST_PLACES:
            self._places.popitem(last=False)

    def names(self, place: int) -> frozenset[str]:
        """Names that count now, whole and by their longer words."""
        turn, found = self._turn(), set[str]()
        names = self._places.get(place, OrderedDict[str, tuple[int, int]]())
        for name, (first, last) in tuple(names.items()):
            if turn - last > TURNS:
                del names[name]
            elif first < turn:
                found.add(name)
                found.update(word for word in _WORD.findall(name) if len(word) >= _SHORTEST)
        return frozenset(found)

    def _turn(self) -> int:
        return int((self._now().timestamp() + self._phase.total_seconds()) // TURN.total_seconds())
