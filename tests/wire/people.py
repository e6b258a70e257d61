"""People who press, choose, type and read, as their Discord lets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.wire import filled, payloads, shown
from tests.wire.desk import AUTOCOMPLETE, COMMAND, COMPONENT, FORM, Used
from tests.wire.reply import Reply
from tests.wire.state import State
from tests.wire.things import DM, Channel, Message, Person

BUTTON, ROLES, USERS, CHANNELS = 2, 6, 5, 8
"""Discord's numbers of component types."""


class People:
    """What people do. Each of these returns what they see, as soon as the bot has answered for good.

    They raise ``NoAnswer`` where Discord would tell that the application did not respond.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.patience = 10.0
        """Seconds for the answer after an acknowledgement."""

    async def slash(
        self,
        person: Person,
        channel: Channel,
        name: str,
        *,
        events: int = 1,
        wait: bool = True,
        **options: Any,
    ) -> Reply:
        """A slash command, in the words of its registration: ``"circle setup"``, with its options by name."""
        data = filled.command(self._state.commands, name, options)
        return await self._reply(COMMAND, person, channel, data, events=events, wait=wait)

    async def complete(
        self, person: Person, channel: Channel, name: str, option: str, typed: str
    ) -> Sequence[Mapping[str, Any]]:
        """What is offered while somebody types an option."""
        data = filled.command(self._state.commands, name, {option: typed}, focused=option)
        reply = await self._reply(AUTOCOMPLETE, person, channel, data)
        return reply.choices

    async def menu(self, person: Person, message: Message, name: str, *, wait: bool = True) -> Reply:
        """A command of a message's context menu."""
        found = next((one for one in self._state.commands if one["name"] == name and one["type"] == 3), None)
        if found is None:
            raise LookupError(f"there is no {name!r} in the menu of messages")
        target = payloads.message(message, self._state.world.me)
        data = {
            "id": found["id"],
            "name": name,
            "type": 3,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): target}},
        }
        return await self._reply(COMMAND, person, message.channel, data, wait=wait)

    async def press(
        self,
        person: Person,
        on: Reply | Message,
        custom_id: str | None = None,
        *,
        label: str | None = None,
        values: Sequence[object] | None = None,
        events: int = 1,
        wait: bool = True,
    ) -> Reply:
        """A button, or with ``values`` a choice, on a message or on what was answered before.

        ``events``: so many times the bot is told of the one press. ``wait=False``: return as soon as it is
        acknowledged.
        """
        message = on.message if isinstance(on, Reply) else on
        pressed = shown.control(message.components, custom_id, label)
        data: dict[str, Any] = {
            "custom_id": pressed["custom_id"],
            "component_type": pressed["type"],
            "id": pressed["id"],
        }
        if pressed["type"] != BUTTON:
            data |= self._chosen(message.channel, pressed, values or ())
        return await self._reply(
            COMPONENT, person, message.channel, data, on=message, events=events, wait=wait
        )

    async def submit(
        self, person: Person, form: Reply, values: Mapping[str, Any], *, events: int = 1, wait: bool = True
    ) -> Reply:
        """Send a form off: what was typed or chosen, by each control's custom_id; the rest as it stood."""
        data = filled.form(form.form, values)
        used = form.used
        return await self._reply(FORM, person, used.channel, data, on=used.on, events=events, wait=wait)

    async def force(
        self,
        person: Person,
        channel: Channel,
        type: int,
        data: Mapping[str, Any],
        *,
        on: Message | None = None,
        events: int = 1,
        wait: bool = True,
    ) -> Reply:
        """Any interaction at all, also one that Discord's own app wouldn't send."""
        return await self._reply(type, person, channel, data, on=on, events=events, wait=wait)

    def write(self, person: Person, channel: Channel, text: str) -> Message:
        """A message of a person's own. Raises Refused."""
        return self._state.posts.send(channel, person, {"content": text})

    def react(self, person: Person, message: Message, emoji: str) -> None:
        """A reaction."""
        message.reactions.setdefault(emoji, set()).add(person.id)
        told: dict[str, Any] = {
            "user_id": str(person.id),
            "channel_id": str(message.channel.id),
            "message_id": str(message.id),
            "emoji": {"id": None, "name": emoji},
            "message_author_id": str(message.author.id),
            "burst": False,
            "type": 0,
        }
        guild = message.channel.guild
        if guild is not None:
            told |= {"guild_id": str(guild.id), "member": payloads.member(guild, person)}
        world = self._state.world
        world.emit("MESSAGE_REACTION_ADD", message.channel.guild_id, lambda: told)

    def delete(self, message: Message) -> None:
        """Somebody with the right to it deletes a message by hand."""
        self._state.posts.remove(message)

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """A thread is archived, by time or by hand."""
        assert thread.thread is not None
        thread.thread.archived, thread.thread.locked = True, locked
        thread.thread.archived_at = self._state.world.clock.now()
        self._state.world.change_channel(thread)

    def _chosen(
        self, channel: Channel, pressed: Mapping[str, Any], values: Sequence[object]
    ) -> dict[str, Any]:
        """What a select sends, with the things that were chosen (Discord's resolved data)."""
        texts = [str(getattr(value, "id", value)) for value in values]
        if not pressed.get("min_values", 1) <= len(texts) <= pressed.get("max_values", 1):
            raise LookupError(f"{len(texts)} values can't be chosen")
        if options := pressed.get("options"):
            offered = {option["value"] for option in options}
            if not set(texts) <= offered:
                raise LookupError(f"{texts} isn't offered; there is {sorted(offered)}")
        made: dict[str, Any] = {"values": texts}
        if pressed["type"] == ROLES and channel.guild is not None:
            roles = {text: payloads.role(channel.guild.roles[int(text)]) for text in texts}
            made["resolved"] = {"roles": roles}
        elif pressed["type"] == USERS and channel.guild is not None:
            people = [self._state.world.people[int(text)] for text in texts]
            members = {str(one.id): payloads.member(channel.guild, one, channel) for one in people}
            users = {str(one.id): payloads.user(one) for one in people}
            made["resolved"] = {"members": members, "users": users}
        elif pressed["type"] == CHANNELS:
            channels = self._state.world.channels
            made["resolved"] = {"channels": {text: payloads.channel(channels[int(text)]) for text in texts}}
        return made

    async def _reply(
        self,
        type: int,
        person: Person,
        channel: Channel,
        data: Mapping[str, Any],
        *,
        on: Message | None = None,
        events: int = 1,
        wait: bool = True,
    ) -> Reply:
        if channel.type != DM and channel.guild is not None and person.id not in channel.guild.members:
            raise LookupError(f"{person.name} is no member there")
        used: Used = self._state.desk.use(type, person, channel, data, on, events=events)
        reply = Reply(used)
        await reply.acknowledged(self._state.desk.first_seconds)
        if wait:
            await reply.settled(self.patience)
        return reply
