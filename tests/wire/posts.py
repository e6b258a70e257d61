"""Writing, changing and taking away messages and threads, by Discord's rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.wire import payloads, shown
from tests.wire.errors import Refused
from tests.wire.permissions import Allow, in_channel
from tests.wire.things import (
    COMPONENTS_V2,
    DM,
    EPHEMERAL,
    FORUM,
    HAS_THREAD,
    REQUIRE_TAG,
    TEXT,
    THREAD_STARTER,
    Channel,
    Message,
    Person,
)
from tests.wire.world import World

AN_HOUR = timedelta(hours=1)
MOST_TAGS = 5
Body = Mapping[str, Any]
Files = Mapping[str, bytes]


class Posts:
    """What is written in channels, threads and private channels."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.nonce_window = timedelta(minutes=3)
        """How long a nonce is remembered: Discord says "a few minutes"."""
        self.old_edits_allowed: int | None = None
        """So many edits of messages older than an hour a channel may have (30046); None: any number."""
        self._nonces: dict[tuple[int, int, str], Message] = {}

    def send(self, channel: Channel, author: Person, body: Body, files: Files | None = None) -> Message:
        """A new message, or the one that has the same nonce already. Raises Refused."""
        self._may_send(channel, author)
        nonce, enforced = body.get("nonce"), body.get("enforce_nonce")
        key = (channel.id, author.id, str(nonce))
        if nonce is not None and enforced:
            known = self._nonces.get(key)
            if known is not None and self.world.clock.now() - known.at < self.nonce_window:
                return known
        made = self.compose(channel, author, body, files)
        made.nonce = nonce
        if nonce is not None and enforced:
            self._nonces[key] = made
        self.put(made)
        return made

    def compose(
        self,
        channel: Channel,
        author: Person,
        body: Body,
        files: Files | None = None,
        *,
        id: int | None = None,
        complete: bool = True,
    ) -> Message:
        """A message that isn't shown yet. Raises Refused for an empty one, if it is to be ``complete``."""
        world = self.world
        made = Message(id or world.ids.next(), channel, author, world.clock.now())
        self._fill(made, body, files)
        if complete and not (made.content or made.components or made.embeds or made.attachments):
            raise Refused(50006)
        return made

    def put(self, message: Message) -> None:
        """Show a message in its channel."""
        channel = message.channel
        channel.messages[message.id] = message
        if channel.thread is not None and message.type != THREAD_STARTER:
            channel.thread.written += 1
        event = {"guild_id": str(channel.guild_id)} if channel.guild else {}
        self.world.emit(
            "MESSAGE_CREATE", channel.guild_id, lambda: payloads.message(message, self.world.me) | event
        )

    def edit(self, message: Message, body: Body, files: Files | None = None) -> None:
        """Give a message another face. Raises Refused."""
        channel, now = message.channel, self.world.clock.now()
        if message.author is not self.world.me:
            raise Refused(50005)
        _awake(channel)
        if now - message.at > AN_HOUR and self.old_edits_allowed is not None:
            channel.old_edits += 1
            if channel.old_edits > self.old_edits_allowed:
                raise Refused(30046)
        self.change(message, body, files)

    def change(self, message: Message, body: Body, files: Files | None = None) -> None:
        """The same, whoever asks for it."""
        self._fill(message, body, files)
        message.edited_at = self.world.clock.now()
        message.versions += 1

    def delete(self, message: Message) -> None:
        """Take a message away; its thread stays. Raises Refused."""
        channel = message.channel
        _awake(channel)
        if message.author is not self.world.me and not in_channel(channel, self.world.me.id) & (
            Allow.MANAGE_MESSAGES
        ):
            raise Refused(50013)
        self.remove(message)

    def remove(self, message: Message) -> None:
        """The same, whoever does it."""
        channel = message.channel
        del channel.messages[message.id]
        told = {"id": str(message.id), "channel_id": str(channel.id), "guild_id": str(channel.guild_id)}
        self.world.emit("MESSAGE_DELETE", channel.guild_id, lambda: told)

    def message(self, channel: Channel, id: int) -> Message:
        """A message that is there. Raises Refused."""
        found = channel.messages.get(id)
        if found is None:
            raise Refused(10008)
        return found

    def open_thread(self, channel: Channel, message: Message, name: str, auto_archive: int) -> Channel:
        """The thread of a message, which has the message's id. Raises Refused."""
        if channel.type != TEXT:
            raise Refused(50024)
        if message.flags & HAS_THREAD or message.id in self.world.channels:
            raise Refused(160004)
        made = self.world.add_thread(channel, message.id, name, self.world.me, auto_archive=auto_archive)
        message.flags |= HAS_THREAD
        starter = Message(
            self.world.ids.next(), made, self.world.me, self.world.clock.now(), type=THREAD_STARTER
        )
        made.messages[starter.id] = starter
        self._tell_thread(made)
        return made

    def open_post(self, forum: Channel, body: Body, files: Files | None = None) -> tuple[Channel, Message]:
        """A forum's post with its first message, which have one id. Raises Refused."""
        tags = tuple(int(tag) for tag in body.get("applied_tags") or ())
        if forum.type != FORUM:
            raise Refused(50024)
        if forum.flags & REQUIRE_TAG and not tags:
            raise Refused(40067)
        if len(tags) > MOST_TAGS or not set(tags) <= forum.tags.keys():
            raise Refused(50035, "applied_tags")
        id = self.world.ids.next()
        first = self.compose(forum, self.world.me, body.get("message") or {}, files, id=id)
        auto_archive = body.get("auto_archive_duration") or 4320
        made = self.world.add_thread(
            forum, id, body["name"], self.world.me, auto_archive=auto_archive, tags=tags
        )
        first.channel = made
        self._tell_thread(made)
        self.put(first)
        return made, first

    def _tell_thread(self, made: Channel) -> None:
        def told() -> dict[str, Any]:
            return payloads.thread(made) | {"newly_created": True}

        self.world.emit("THREAD_CREATE", made.guild_id, told)

    def _may_send(self, channel: Channel, author: Person) -> None:
        if channel.type == DM:
            self._reachable(channel, author)
            return
        if channel.type == FORUM:
            raise Refused(50024)
        own, allowed = channel.thread, in_channel(channel, author.id)
        if not allowed & (Allow.SEND_MESSAGES if own is None else Allow.SEND_MESSAGES_IN_THREADS):
            raise Refused(50013)
        if own is None:
            return
        if own.locked and own.archived:
            raise Refused(50083)
        if own.locked and not allowed & Allow.MANAGE_THREADS:
            raise Refused(160005)
        if own.archived:
            own.archived = False
            self.world.emit("THREAD_UPDATE", channel.guild_id, lambda: payloads.thread(channel))

    def _reachable(self, channel: Channel, author: Person) -> None:
        person, me = channel.recipient, self.world.me
        assert person is not None
        if author is not me:
            return
        shared = any(me.id in one.members and person.id in one.members for one in self.world.guilds.values())
        if not shared:
            raise Refused(50278)
        if not person.dms_open:
            raise Refused(50007)

    def _fill(self, message: Message, body: Body, files: Files | None) -> None:
        """What a body says about a message; what it doesn't name stays."""
        if "flags" in body:
            kept = message.flags & (HAS_THREAD | EPHEMERAL)
            message.flags = kept | (body["flags"] or 0)
        if "components" in body:
            message.components = shown.numbered(list(body["components"] or ()))
        message.content = body.get("content", message.content) or ""
        message.embeds = list(body.get("embeds", message.embeds) or ())
        if message.flags & COMPONENTS_V2 and (message.content or message.embeds):
            raise Refused(50035, "content or embeds beside components")
        if "attachments" in body or files:
            self._attach(message, body, files or {})

    def _attach(self, message: Message, body: Body, files: Files) -> None:
        kept = {str(one["id"]): one for one in message.attachments}
        names = list(files)
        made: list[dict[str, Any]] = []
        for one in body.get("attachments") or ():
            if str(one["id"]) in kept:
                made.append(kept[str(one["id"])])
                continue
            name = one.get("filename") or names[int(one["id"])]
            url = f"https://double.example/{message.id}/{name}"
            sizes = {"size": len(files.get(name, b"")), "url": url, "proxy_url": url}
            made.append({"id": str(self.world.ids.next()), "filename": name} | sizes)
        message.attachments = made
        message.files = {one["filename"]: (message.files | files)[one["filename"]] for one in made}


def _awake(channel: Channel) -> None:
    """Nothing changes in an archived thread. Raises Refused."""
    if channel.thread is not None and channel.thread.archived:
        raise Refused(50083)
