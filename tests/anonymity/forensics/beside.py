"""Where somebody may stand who asked for something or told with their name, and beside what.

What somebody put their name to is no secret any more; what they told without it stays one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from tests.anonymity.forensics.evidence import Pieces, Traces, copied, search
from tests.anonymity.forensics.life import Peer
from tests.flows.traces import found_in

OF_TELLERS = frozenset({"stories.author_id", "stories.author_name"})
ASKED_WHETHER_THERE = re.compile(r"GET /guilds/\d+/members/\d+")
"""About somebody whose name or reminder is kept: whether they have left."""
PRIVATE_ANSWER = re.compile(r"(PATCH|POST) /(webhooks|interactions)/.*")
"""To whoever pressed, whom it may call by the name that they are about to tell under; by their id never."""


def out_of_place(
    peer: Peer, wanted: Mapping[str, bytes], places: Mapping[str, Pieces], database: Path
) -> Iterator[Traces]:
    """What stands of somebody where it may not."""
    allowed = columns_of(peer)
    rows = search(places["rows"], wanted)
    yield {name: what for name, what in rows.items() if name not in allowed}
    yield search(places["log"] + places["numbers"], wanted)
    names = {what: form for what, form in wanted.items() if what.startswith("the name ")}
    ids = {what: form for what, form in wanted.items() if what not in names}
    asked = [one for one in places["requests"] if not ASKED_WHETHER_THERE.fullmatch(one[0])]
    yield search(asked, ids)
    words = [word.encode() for word in peer.beside_name]
    yield search(
        [
            (where, content)
            for where, content in asked
            if not PRIVATE_ANSWER.fullmatch(where) and not any(word in content for word in words)
        ],
        names,
    )
    yield _beside_other_words(peer, wanted, database)


def columns_of(peer: Peer) -> set[str]:
    """Where their id or name may stand now."""
    found = {f"{table}.user_id" for table in peer.reminded}
    found |= {"deliveries.destination"} if found else set[str]()
    return found | (OF_TELLERS if peer.beside_name else set[str]())


def _beside_other_words(peer: Peer, wanted: Mapping[str, bytes], database: Path) -> Traces:
    """Stories with their name that say something else than what they told with it. One that a moderator
    removed says nothing any more, and there are no more of these than were told."""
    empty, found = 0, dict[str, set[str]]()
    with copied(database) as path, closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        for row in connection.execute("SELECT * FROM stories"):
            values = [value if isinstance(value, bytes) else str(value).encode() for value in row]
            if not found_in(b"\n".join(values), dict(wanted)):
                continue
            if not row["slip"]:
                empty += 1
            elif not any(word in row["slip"] for word in peer.beside_name):
                found["stories: one without the name"] = {peer.names[0]}
    if empty > len(peer.named):
        found["stories: empty ones"] = {peer.names[0]}
    return found
