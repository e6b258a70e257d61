"""Sessions of the gateway: what each has been told, so that it can be told again after a break."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

KEPT = 5000
"""So many events of a session can be told again."""
GUILDS, MESSAGES, REACTIONS = 1 << 0, 1 << 9, 1 << 10
DM_MESSAGES, DM_REACTIONS = 1 << 12, 1 << 13
"""Discord's numbers of intents."""
NEEDED = (
    ("GUILD_", GUILDS, GUILDS),
    ("CHANNEL_", GUILDS, GUILDS),
    ("THREAD_", GUILDS, GUILDS),
    ("MESSAGE_REACTION_", REACTIONS, DM_REACTIONS),
    ("MESSAGE_", MESSAGES, DM_MESSAGES),
)
"""Which intent an event needs, by the beginning of its name: in a server, and in private."""


class Way(Protocol):
    """Where a session's events go."""

    def put(self, text: str) -> None:
        """Send it soon, in order."""
        ...


@dataclass(eq=False)
class Session:
    """One session of one shard; without a socket it waits to be resumed."""

    id: str
    shard: int
    count: int
    intents: int
    socket: Way | None = None
    alone_since: datetime | None = None
    """When it lost its socket."""
    number: int = 0
    kept: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT))

    def tell(self, event: str, data: str) -> None:
        """Tell an event, given as JSON: now, or when it is resumed."""
        self.number += 1
        text = f'{{"op":0,"t":"{event}","s":{self.number},"d":{data}}}'
        self.kept.append((self.number, text))
        if self.socket is not None:
            self.socket.put(text)

    def since(self, number: int | None) -> list[str] | None:
        """What was told after that; None when too much was."""
        if number is None or number > self.number:
            return None
        missed = [text for at, text in self.kept if at > number]
        return missed if len(missed) == self.number - number else None


class Sessions:
    """All sessions that are connected or can be resumed."""

    def __init__(self, random: Random, now: Callable[[], datetime]) -> None:
        self._random = random
        self._now = now
        self._open: dict[str, Session] = {}
        self.resumable_for = timedelta(minutes=3)
        """How long one without a socket can be resumed."""

    def begin(self, shard: int, count: int, intents: int) -> Session:
        """A new one. Others of the same shard stay as they are."""
        made = Session(f"{self._random.getrandbits(128):032x}", shard, count, intents)
        self._open[made.id] = made
        return made

    def end(self, session: Session) -> None:
        """It can't be resumed any more."""
        self._open.pop(session.id, None)

    def find(self, id: str) -> Session | None:
        """One that can be resumed."""
        self._forget()
        return self._open.get(id)

    def all(self) -> Iterable[Session]:
        """All of them."""
        self._forget()
        return list(self._open.values())

    def lost(self, session: Session) -> None:
        """Its socket is gone."""
        session.socket, session.alone_since = None, self._now()

    def _forget(self) -> None:
        """Those that nobody came back to in time."""
        for session in list(self._open.values()):
            alone = session.alone_since if session.socket is None else None
            if alone is not None and self._now() - alone > self.resumable_for:
                self.end(session)


def may_hear(session: Session, event: str, guild_id: int | None) -> bool:
    """Whether an event concerns a session: by its shard (Discord's rule) and its intents."""
    if ((guild_id or 0) >> 22) % session.count != session.shard:
        return False
    for beginning, in_guild, in_private in NEEDED:
        if event.startswith(beginning):
            return bool(session.intents & (in_private if guild_id is None else in_guild))
    return True
