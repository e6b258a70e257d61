"""The double's servers, channels and people; whatever changes is told to the gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from tests.wire import payloads
from tests.wire.clock import Clock, Snowflakes
from tests.wire.errors import Refused
from tests.wire.permissions import OURS, PEOPLE, Allow, in_channel
from tests.wire.things import (
    DM,
    FORUM,
    REQUIRE_TAG,
    TEXT,
    THREAD,
    VOICE,
    Channel,
    Guild,
    Overwrite,
    Person,
    Role,
    Thread,
)

Emit = Callable[[str, int | None, Callable[[], Mapping[str, Any]]], None]
"""Tells an event: its name, the server (None: private channels), and what makes its payload if anybody
listens."""
KINDS = {"text": TEXT, "forum": FORUM, "voice": VOICE}
FIRST_GUILD = 5040 * 10_000_000
"""5040 has all small numbers as divisors, so that servers made one after another go round the shards."""


class World:
    """All that there is. The ``add_`` methods may also be used while the bot is connected."""

    def __init__(self, clock: Clock, ids: Snowflakes, me: Person, emit: Emit) -> None:
        self.clock = clock
        self.ids = ids
        self.me = me
        self.emit = emit
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        """Every channel of every server, threads and private channels included."""
        self.people: dict[int, Person] = {me.id: me}
        self.private: dict[int, Channel] = {}
        """Private channels by the person's id."""

    def add_guild(
        self,
        name: str = "The practice",
        *,
        permissions: int = OURS,
        everybody: int = PEOPLE,
        id: int | None = None,
    ) -> Guild:
        """A server with the bot in it, whose role allows ``permissions``.

        The n-th server belongs to shard n modulo the number of shards (up to 10 of them), counting from 0.
        """
        made = Guild(id or (FIRST_GUILD + len(self.guilds)) << 22, name, self.ids.next(), self.clock.now())
        made.roles[made.id] = Role(made.id, "@everyone", everybody, 0)
        ours = Role(self.ids.next(), self.me.name, permissions, 1)
        made.roles[ours.id] = ours
        made.members[self.me.id] = (ours.id,)
        self.guilds[made.id] = made
        self.emit("GUILD_CREATE", made.id, lambda: payloads.guild(made, self.me))
        return made

    def leave_guild(self, guild: Guild) -> None:
        """The bot is thrown out, and sees nothing there any more."""
        del guild.members[self.me.id]
        self.emit("GUILD_DELETE", guild.id, lambda: {"id": str(guild.id)})

    def add_role(self, guild: Guild, name: str, permissions: int = 0) -> Role:
        """A further role."""
        made = Role(self.ids.next(), name, permissions, len(guild.roles))
        guild.roles[made.id] = made
        self.emit(
            "GUILD_ROLE_CREATE", guild.id, lambda: {"guild_id": str(guild.id), "role": payloads.role(made)}
        )
        return made

    def change_role(self, guild: Guild, role: Role, permissions: int) -> None:
        """Let a role allow something else."""
        role.permissions = permissions
        self.emit(
            "GUILD_ROLE_UPDATE", guild.id, lambda: {"guild_id": str(guild.id), "role": payloads.role(role)}
        )

    def our_role(self, guild: Guild) -> Role:
        """The bot's role."""
        return guild.roles[guild.members[self.me.id][0]]

    def add_channel(
        self,
        guild: Guild,
        name: str = "circle",
        *,
        kind: Literal["text", "forum", "voice"] = "text",
        tags: Iterable[str] = (),
        require_tag: bool = False,
        id: int | None = None,
    ) -> Channel:
        """A channel that everybody sees; ``tags`` are a forum's."""
        made = Channel(id or self.ids.next(), KINDS[kind], name, guild)
        made.tags = {self.ids.next(): tag for tag in tags}
        made.flags = REQUIRE_TAG if require_tag else 0
        self._keep(made)
        self.emit("CHANNEL_CREATE", guild.id, lambda: payloads.channel(made))
        return made

    def add_thread(self, parent: Channel, id: int, name: str, owner: Person, **changes: Any) -> Channel:
        """A thread or forum post, still empty."""
        made = Channel(id, THREAD, name, parent.guild, parent)
        made.thread = Thread(owner.id, self.clock.now(), **changes)
        self._keep(made)
        return made

    def change_channel(
        self, channel: Channel, *, allow: int = 0, deny: int = 0, role: Role | None = None, **changes: Any
    ) -> None:
        """Allow or deny something in a channel: to a role, else to the bot itself; or change anything else
        about it."""
        guild = channel.guild
        assert guild is not None
        for name, value in changes.items():
            setattr(channel, name, value)
        if allow or deny:
            about = Overwrite(role.id, 0, allow, deny) if role else Overwrite(self.me.id, 1, allow, deny)
            channel.overwrites = [*(one for one in channel.overwrites if one.id != about.id), about]
        event = "CHANNEL_UPDATE" if channel.thread is None else "THREAD_UPDATE"
        self.emit(event, guild.id, lambda: payloads.channel(channel))

    def allow_everything(self, channel: Channel) -> None:
        """Take back all that was denied in a channel."""
        self.change_channel(channel, overwrites=[])

    def delete_channel(self, channel: Channel) -> None:
        """A channel or thread goes, with all that was written there."""
        guild = channel.guild
        assert guild is not None
        threads = [one for one in guild.channels.values() if one.parent is channel]
        for gone in (channel, *threads):
            del guild.channels[gone.id], self.channels[gone.id]
        event = "CHANNEL_DELETE" if channel.thread is None else "THREAD_DELETE"
        self.emit(event, guild.id, lambda: payloads.channel(channel))

    def add_person(
        self, name: str, guild: Guild | None = None, *, roles: Iterable[Role] = (), manages: bool = False
    ) -> Person:
        """Somebody, as a member of a server; ``manages``: with a role that has Manage Server."""
        made = Person(self.ids.next(), name)
        self.people[made.id] = made
        if guild is not None:
            own = (self.add_role(guild, f"{name}'s", Allow.MANAGE_GUILD),) if manages else ()
            self.join(made, guild, (*roles, *own))
        return made

    def join(self, person: Person, guild: Guild, roles: Iterable[Role] = ()) -> None:
        """Somebody becomes a member, or gets other roles."""
        guild.members[person.id] = tuple(role.id for role in roles)

    def leave(self, person: Person, guild: Guild) -> None:
        """Somebody leaves a server; the bot isn't told, as it has no such intent."""
        del guild.members[person.id]

    def private_channel(self, person: Person) -> Channel:
        """The private channel of the bot and a person."""
        if person.id not in self.private:
            made = Channel(self.ids.next(), DM, "", recipient=person)
            self.private[person.id] = self.channels[made.id] = made
        return self.private[person.id]

    def guild(self, id: int) -> Guild:
        """A server that the bot is in. Raises Refused."""
        found = self.guilds.get(id)
        if found is None:
            raise Refused(10004)
        if self.me.id not in found.members:
            raise Refused(50001)
        return found

    def channel(self, id: int, needed: int = 0) -> Channel:
        """A channel that the bot sees, and where it may do what is needed. Raises Refused."""
        found = self.channels.get(id)
        if found is None:
            raise Refused(10003)
        if found.guild is None:
            return found
        if self.me.id not in found.guild.members:
            raise Refused(50001)
        allowed = in_channel(found, self.me.id)
        if not allowed & Allow.VIEW_CHANNEL:
            raise Refused(50001)
        if needed & ~allowed:
            raise Refused(50013)
        return found

    def _keep(self, made: Channel) -> None:
        assert made.guild is not None
        self.channels[made.id] = made.guild.channels[made.id] = made
