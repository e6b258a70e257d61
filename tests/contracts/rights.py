"""The small world in which every right is tried: seven people, one circle, and one of each thing in it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import discord
from simcord.actors import _dispatch_actor_interaction
from simcord.backend import serializers
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import select

import bot.client
import bot.interactions
from bot.gate import Gate
from bot.rules.limits import Limits
from db.care_tables import Note, Report, Review, Wipe
from db.tables import Delivery
from db.types import Base
from tests.conftest import Circle, Stage, make_circle
from tests.flows.people import custom_id, reply_unnamed, stories_in, tell
from tests.flows.test_themes import save
from tests.flows.test_themes import write as write_theme

COMMAND, COMPONENT, SUGGESTIONS, FORM = 2, 3, 4, 5
"""Discord's numbers of what an interaction is."""
BUTTON, TEXT_INPUT, LABEL = 2, 4, 18
UNSURE = "w" * 22
NOTE, REPORT, WIPE = 4711, 4712, 4713
"""The ids of a note from the moderators, of a report of the reply, and of an end that somebody asked for."""
STORY_FIELDS = {"slip": "I forgot a session.", "effect": "", "repair": "", "lesson": "", "ask": "listen"}


@dataclass
class Place:
    """Somebody, and where they press: the channel, and a private message of the bot there."""

    person: Any
    channel: Any
    pressed: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass
class World:
    """All of it, and what it was before anybody tried anything."""

    circle: Circle
    places: dict[str, Place]
    known: dict[str, str]
    """The ids of its things, by the name of a custom_id's argument."""
    story_message: Any
    refused: list[Exception] = field(default_factory=list[Exception])
    kept: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:"))
    _watch: sqlite3.Connection | None = None
    _version: int = 0

    @property
    def stage(self) -> Stage:
        """The running bot."""
        return self.circle.stage

    @property
    def _file(self) -> Path:
        return self.stage.folder / "test.sqlite3"

    def remember(self) -> None:
        """What stands in the database now is how it was."""
        with sqlite3.connect(self._file) as file:
            file.backup(self.kept)
        self._watch = sqlite3.connect(self._file)
        self.written()

    def put_back(self) -> None:
        """The database as it was."""
        with sqlite3.connect(self._file) as file:
            self.kept.backup(file)
        self.written()

    def written(self) -> bool:
        """Whether anybody has written into the database since this was last asked."""
        assert self._watch is not None
        before, (self._version,) = self._version, self._watch.execute("PRAGMA data_version").fetchone()
        return before != self._version

    def close(self) -> None:
        """Let the file go."""
        self.kept.close()
        if self._watch is not None:
            self._watch.close()

    async def everything(self) -> dict[str, list[str]]:
        """All that is remembered, table by table."""
        async with self.stage.database.read() as session:
            return {
                table.name: sorted(map(str, (await session.execute(select(table))).all()))
                for table in Base.metadata.sorted_tables
            }

    async def send(self, who: str, kind: int, data: dict[str, Any]) -> tuple[Any, Exception | None]:
        """Somebody does something; returns the answer, and what they were refused with."""
        place = self.places[who]
        self.refused.clear()
        self.stage.bot.gate = Gate(Limits(bytes(32)), self.stage.bot.now)
        extra = {"message": place.pressed} if kind in {COMPONENT, FORM} else None
        source = int(place.pressed["id"]) if extra is not None else None
        done = await _dispatch_actor_interaction(
            place.person, kind, place.channel, data, extra=extra, source_message_id=source
        )
        return done, self.refused[0] if self.refused else None

    async def command(self, who: str, name: str, options: dict[str, Any]) -> tuple[Any, Exception | None]:
        """A slash command, typed even where Discord wouldn't offer it."""
        first, *rest = name.removeprefix("/").split()
        root = self.stage.env.backend.find_command(first, None, type=1)
        leaf, given = root, root
        for word in rest:
            leaf = next(one for one in leaf["options"] if one["name"] == word)
        types = {one["name"]: one["type"] for one in leaf.get("options", [])}
        made: list[dict[str, Any]] = [
            {"name": option, "type": types[option], "value": value} for option, value in options.items()
        ]
        for word in reversed(rest):
            made = [{"name": word, "type": 1, "options": made}]
        return await self.send(who, COMMAND, {"id": given["id"], "name": first, "type": 1, "options": made})

    async def suggestions(self, who: str, name: str, option: str) -> list[Any]:
        """What is offered to somebody who begins to fill an option in."""
        group, leaf = name.removeprefix("/").split()
        root = self.stage.env.backend.find_command(group, None, type=1)
        typed = {"name": option, "type": 3, "value": "", "focused": True}
        options = [{"name": leaf, "type": 1, "options": [typed]}]
        data = {"id": root["id"], "name": group, "type": 1, "options": options}
        done, _ = await self.send(who, SUGGESTIONS, data)
        return done.autocomplete_choices or []

    async def menu(self, who: str, name: str) -> tuple[Any, Exception | None]:
        """An entry of a message's menu, on the story."""
        backend = self.stage.env.backend
        root = backend.find_command(name, None, type=3)
        stored = backend.get_message(self.story_message.channel.id, self.story_message.id)
        target = str(self.story_message.id)
        resolved = {"messages": {target: dict(serializers.message_payload(backend, stored))}}
        data = {"id": root["id"], "name": name, "type": 3, "target_id": target, "resolved": resolved}
        return await self.send(who, COMMAND, data)

    async def press(
        self, who: str, custom_id_: str, values: list[str], fields: dict[str, str] | None
    ) -> tuple[Any, Exception | None]:
        """A button, a select or, with ``fields``, a form."""
        if fields is None:
            data = {"custom_id": custom_id_, "component_type": BUTTON, "values": values}
            return await self.send(who, COMPONENT, data)
        rows = [
            {"type": LABEL, "component": {"type": TEXT_INPUT, "custom_id": name, "value": value}}
            for name, value in fields.items()
        ]
        return await self.send(who, FORM, {"custom_id": custom_id_, "components": rows})


async def make_world(stage: Stage, monkeypatch: Any) -> World:
    """The circle with a story, a reply, an update, themes, a skipped week and something unsure."""
    circle = await make_circle(stage)
    env, (ann, ben, _) = stage.env, circle.peers
    await tell(circle, ann)
    (story,) = stories_in(circle)
    await reply_unnamed(ben, story, "I hear you.")
    after = (await ann.click(story, label="This is mine")).response
    await add_update_there(circle, ann, after)
    await stage.pass_time(minutes=10)
    draft = await write_theme(circle, "2026-03-15")
    await save(circle)
    await circle.facilitator.slash(circle.channel, "prompt skip")
    await ann.slash(circle.channel, "remind weekly", day=0, time="09:00")

    world = World(circle, {}, {}, story)
    world.known = await _known(world, custom_id(draft, "save:").split(":")[3])
    world.places = await _places(world, env)
    _listen(world, monkeypatch)
    world.remember()
    return world


async def add_update_there(circle: Circle, person: Any, panel: Any) -> None:
    """*Add how it went* on a panel."""
    opened = await person.click(panel.message, label="Add how it went")
    preview = (await person.submit_modal(opened, {"text": "It went well."})).response
    await person.click(preview.message, label="Post")


def _listen(world: World, monkeypatch: Any) -> None:
    """Note what people are refused with, and tell them as always."""
    telling = bot.interactions.report

    async def noted(interaction: Any, error: Exception, fields: Any = None) -> None:
        world.refused.append(error)
        await telling(interaction, error, fields)

    monkeypatch.setattr(bot.interactions, "report", noted)
    monkeypatch.setattr(bot.client, "report", noted)


async def _places(world: World, env: Any) -> dict[str, Place]:
    circle, guild = world.circle, world.circle.guild
    lobby = guild.create_text_channel("lobby")
    stranger = guild.add_member(env.create_user("sam"))
    env.backend.set_overwrite(
        circle.channel.id,
        Overwrite(stranger.id, OverwriteType.MEMBER, deny=discord.Permissions(view_channel=True).value),
    )
    managing = guild.create_role("Caretakers", permissions=discord.Permissions(manage_guild=True))
    other = env.create_guild()
    far = other.add_member(
        env.create_user("eve"),
        roles=[other.create_role("Managers", permissions=discord.Permissions(manage_guild=True))],
    )
    alone = env.create_user("dora")
    guild.add_member(alone)
    places = {
        "stranger": Place(stranger, lobby),
        "member": Place(circle.peers[2], circle.channel),
        "facilitator": Place(
            guild.add_member(env.create_user("fin"), roles=[circle.facilitators]), circle.channel
        ),
        "moderator": Place(circle.moderator, circle.channel),
        "manager": Place(guild.add_member(env.create_user("max"), roles=[managing]), circle.channel),
        "elsewhere": Place(far, other.create_text_channel("far")),
        "private": Place(alone, alone.dm_channel),
    }
    for place in places.values():
        place.pressed = await private_message(env, place)
    return places


async def private_message(env: Any, place: Place) -> dict[str, Any]:
    """A message of the bot for one person alone, whose buttons they press."""
    root = env.backend.find_command("privacy", None, type=1)
    options = [{"name": "facts", "type": 1, "options": []}]
    data = {"id": root["id"], "name": "privacy", "type": 1, "options": options}
    done = await _dispatch_actor_interaction(place.person, COMMAND, place.channel, data)
    stored = env.backend.get_message(place.channel.id, done.response.id)
    return dict(serializers.message_payload(env.backend, stored))


async def _known(world: World, theme_draft: str) -> dict[str, str]:
    stage, tables = world.stage, {table.name: table for table in Base.metadata.sorted_tables}
    async with stage.database.write() as session:
        ids = {
            name: list((await session.execute(select(tables[name].c.id))).scalars())
            for name in ("circles", "stories", "updates", "replies", "themes", "reminders", "deliveries")
        }
        occurrences = tables["occurrences"]
        skipped = await session.execute(select(occurrences.c.id).where(occurrences.c.state == "skipped"))
        occurrence = skipped.scalars().one()
        session.add(
            Delivery(
                id=UNSURE,
                kind="welcome",
                subject=ids["circles"][0],
                circle_id=ids["circles"][0],
                guild_id=world.circle.guild.id,
                destination=f"channel:{world.circle.channel.id}",
                priority=1,
                state="unsure",
                attempts=1,
                uncertain=True,
            )
        )
        session.add_all(_with_moderators(world, ids["circles"][0], ids["stories"][0], ids["replies"][0]))
    return {
        "circle": str(ids["circles"][0]), "story": str(ids["stories"][0]), "theme": str(ids["themes"][0]),
        "occurrence": str(occurrence), "delivery": UNSURE, "reminder": str(ids["reminders"][0]),
        "reply": str(ids["replies"][0]), "update": str(ids["updates"][0]), "theme_draft": theme_draft,
        "channel": str(world.circle.channel.id), "note": str(NOTE), "report": str(REPORT),
        "message": str(world.story_message.id), "wipe": str(WIPE),
    }  # fmt: skip


def _with_moderators(world: World, circle_id: int, story_id: int, reply_id: int) -> tuple[Base, ...]:
    """What moderators have before them: a note of theirs, a report, a story to look at, and an end."""
    return (
        Note(
            id=NOTE, story_id=story_id, sender="moderators", text="Thank you.", state="open",
            receipt_hash=bytes(32),
        ),
        Report(
            id=REPORT, circle_id=circle_id, kind="reply", subject=reply_id,
            channel_id=world.circle.channel.id, message_id=5, state="open", again=False,
        ),
        Review(kind="story", subject=story_id, story_id=story_id, state="held"),
        Wipe(id=WIPE, circle_id=circle_id, state="asked", user_id=5, asked_at=world.stage.bot.now()),
    )  # fmt: skip
