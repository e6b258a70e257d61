"""Shares: which servers one process works for, when several work for one bot.

Discord parts a bot's servers into shards: ``(guild_id >> 22) % count`` (Discord's documentation of its
gateway, *Sharding*). Private messages, and presses in them, belong to shard 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GroupLease:
    """That a group of shards is held by this process: its number, and the token that proves it."""

    number: int
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Share:
    """The servers of some of a bot's shards. ``lease`` is None where one process has everything."""

    shards: tuple[int, ...]
    count: int
    """How many shards there are, in all shares together."""
    lease: GroupLease | None = None

    @property
    def first(self) -> bool:
        """Whether shard 0 is among them: with it go private messages, commands and the daily clean-up."""
        return 0 in self.shards

    @property
    def part(self) -> float:
        """How much of all it is, from above 0 to 1."""
        return len(self.shards) / self.count

    def owns(self, guild_id: int | None) -> bool:
        """Whether a server belongs to it; None stands for private messages."""
        return self.first if guild_id is None else (guild_id >> 22) % self.count in self.shards


EVERYTHING = Share((0,), 1)
"""For the one process that works for all servers, however many shards Discord parts them into."""


def share_of(group: int, groups: int, count: int, token: str | None = None) -> Share:
    """One of ``groups`` equal parts of ``count`` shards; group 0 has shard 0. ``count`` 0: as many shards as
    Discord recommends, which one group has all."""
    lease = None if token is None else GroupLease(group, token)
    return Share(tuple(range(group, count or 1, groups)), count or 1, lease)
