"""People on the double see what Discord would show them, and can do what its app lets them do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.wire.asker import Asker, Line, soon
from tests.wire.conftest import Stopwatch
from tests.wire.discord_double import Double
from tests.wire.reply import NoAnswer
from tests.wire.things import EPHEMERAL, Channel, Message, Person

QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}}
PRIVATE = QUIET | {"content": "For you alone.", "flags": EPHEMERAL}
BUTTONS = [
    {
        "type": 1,
        "components": [
            {"type": 2, "style": 1, "label": "Share", "custom_id": "share"},
            {"type": 2, "style": 1, "label": "Later", "custom_id": "later", "disabled": True},
        ],
    },
    {
        "type": 1,
        "components": [
            {"type": 3, "custom_id": "theme", "options": [{"label": "Endings", "value": "endings"}]}
        ],
    },
]
COMMANDS = [
    {
        "name": "circle",
        "description": "Circles",
        "type": 1,
        "options": [
            {
                "type": 1,
                "name": "setup",
                "description": "Set it up",
                "options": [
                    {"type": 3, "name": "place", "description": "Where", "required": True},
                    {
                        "type": 4,
                        "name": "day",
                        "description": "When",
                        "choices": [{"name": "Monday", "value": 0}],
                    },
                ],
            }
        ],
    },
    {"name": "Remove", "type": 3},
]
FORM = {
    "custom_id": "told",
    "title": "Tell",
    "components": [
        {
            "type": 18,
            "label": "What happened?",
            "component": {"type": 4, "custom_id": "slip", "style": 2, "max_length": 10},
        },
        {
            "type": 18,
            "label": "What do you want?",
            "component": {
                "type": 21,
                "custom_id": "ask",
                "options": [
                    {"label": "Listen", "value": "listen", "default": True},
                    {"label": "Ideas", "value": "ideas"},
                ],
            },
        },
    ],
}


class Scene:
    """A channel with a message to press, a person, and the bot's line."""

    def __init__(self, discord: Double, ask: Asker, line: Line) -> None:
        self.discord, self.ask, self.line = discord, ask, line
        self.channel: Channel = discord.world.add_channel(discord.world.add_guild())
        self.ann: Person = discord.world.add_person("ann", self.channel.guild)
        body = {"content": "A question.", "components": BUTTONS}
        self.message: Message = discord.posts.send(self.channel, discord.world.me, body)

    async def pressed(self, *answers: dict[str, Any], **options: Any) -> tuple[Any, Any]:
        """Ann presses *Share*, the bot gives these answers; what she sees, and the event."""
        options = {"label": "Share"} | options
        pressing = await soon(self.discord.people.press(self.ann, self.message, **options))
        event = await self.line.event("INTERACTION_CREATE")
        for answer in answers:
            assert (await self.ask.answer(event, answer)).status == 200
        return pressing, event


@pytest.fixture
async def scene(discord: Double, ask: Asker) -> Scene:
    line = await ask.line()
    await line.ready()
    return Scene(discord, ask, line)


async def test_a_private_answer_is_seen_by_one_person_alone(scene: Scene) -> None:
    pressing, event = await scene.pressed({"type": 4, "data": PRIVATE})
    reply = await pressing
    assert event["member"]["user"]["id"] == str(scene.ann.id)
    assert event["message"]["id"] == str(scene.message.id)
    assert (reply.kind, reply.private, reply.text()) == ("message", True, "For you alone.")
    assert reply.acknowledged_after < 3
    assert scene.discord.messages(scene.channel) == [scene.message]
    path = f"/channels/{scene.channel.id}/messages/{reply.message.id}"
    assert (await scene.ask("GET", path)).code == 10008


async def test_a_public_answer_says_who_used_it(scene: Scene) -> None:
    pressing, _event = await scene.pressed({"type": 4, "data": QUIET | {"content": "For all."}})
    reply = await pressing
    path = f"/channels/{scene.channel.id}/messages/{reply.message.id}"
    shown = await scene.ask("GET", path)
    assert shown.body["interaction_metadata"]["user"]["id"] == str(scene.ann.id)


async def test_an_announced_answer_is_waited_for(scene: Scene) -> None:
    pressing, event = await scene.pressed({"type": 5, "data": {"flags": EPHEMERAL}})
    await asyncio.sleep(0.05)
    assert not pressing.done()
    assert (await scene.ask.webhook("PATCH", event, "/messages/@original", PRIVATE)).status == 200
    reply = await pressing
    assert (reply.kind, reply.text(), reply.private) == ("deferred", "For you alone.", True)
    more = await scene.ask.webhook("POST", event, "", PRIVATE | {"content": "And this."})
    assert reply.text() == "For you alone.\nAnd this."
    assert (await scene.ask.webhook("DELETE", event, f"/messages/{more.body['id']}")).status == 204
    assert reply.followups == []
    assert (await scene.ask.webhook("DELETE", event, "/messages/@original")).status == 204
    assert (await scene.ask.webhook("GET", event, "/messages/@original")).code == 10008


async def test_a_pressed_message_is_replaced_in_place(scene: Scene) -> None:
    pressing, event = await scene.pressed({"type": 6})
    await scene.ask.webhook("PATCH", event, "/messages/@original", QUIET | {"content": "Done."})
    assert (await pressing).message is scene.message
    pressing, _event = await scene.pressed({"type": 7, "data": QUIET | {"content": "Undone."}})
    assert (await pressing).kind == "update"
    assert [message.content for message in scene.discord.messages(scene.channel)] == ["Undone."]


async def test_a_second_answer_is_refused(scene: Scene) -> None:
    pressing, event = await scene.pressed({"type": 4, "data": PRIVATE})
    await pressing
    again = await scene.ask.answer(event, {"type": 4, "data": PRIVATE})
    assert (again.status, again.code) == (400, 40060)


async def test_an_answer_after_three_seconds_is_refused(
    still: Double, ask_still: Asker, stopwatch: Stopwatch
) -> None:
    line = await ask_still.line()
    await line.ready()
    scene = Scene(still, ask_still, line)
    pressing, event = await scene.pressed()
    stopwatch.at += 3.01
    late = await ask_still.answer(event, {"type": 5})
    assert (late.status, late.code) == (404, 10062)
    assert (await ask_still.webhook("POST", event, "", PRIVATE)).code == 10015
    pressing.cancel()


async def test_a_person_whom_nobody_answers_is_told(scene: Scene) -> None:
    scene.discord.desk.first_seconds = 0.3
    pressing, event = await scene.pressed()
    with pytest.raises(NoAnswer, match="no answer"):
        await pressing
    assert (await scene.ask.answer(event, {"type": 5})).code == 10062


async def test_a_person_who_waits_in_vain_after_an_acknowledgement_is_told(scene: Scene) -> None:
    scene.discord.people.patience = 0.05
    pressing, event = await scene.pressed({"type": 6})
    with pytest.raises(NoAnswer, match="acknowledged"):
        await pressing
    scene.discord.clock.forward(minutes=16)
    late = await scene.ask.webhook("PATCH", event, "/messages/@original", PRIVATE)
    assert (late.status, late.code) == (401, 50027)


async def test_a_form_is_filled_in_and_sent_off(scene: Scene) -> None:
    pressing, _event = await scene.pressed({"type": 9, "data": FORM})
    form = await pressing
    assert form.kind == "modal"
    assert "What happened?" in form.text()
    submitting = await soon(scene.discord.people.submit(scene.ann, form, {"slip": "Late."}))
    event = await scene.line.event("INTERACTION_CREATE")
    assert event["data"]["custom_id"] == "told"
    assert event["message"]["id"] == str(scene.message.id)
    controls = [one["component"] for one in event["data"]["components"]]
    assert [(one["custom_id"], one["value"]) for one in controls] == [("slip", "Late."), ("ask", "listen")]
    assert (await scene.ask.answer(event, {"type": 9, "data": FORM})).code == 50035
    await scene.ask.answer(event, {"type": 4, "data": PRIVATE})
    assert (await submitting).text() == "For you alone."
    scene.discord.problems.clear()  # a form as the answer to a form

    for values, wrong in (
        ({"slip": ""}, ValueError),
        ({"slip": "x" * 11}, ValueError),
        ({"slip": "Late.", "a": ""}, LookupError),
    ):
        with pytest.raises(wrong):
            await scene.discord.people.submit(scene.ann, form, values)


async def test_only_what_is_there_can_be_pressed(scene: Scene) -> None:
    people, ann, message = scene.discord.people, scene.ann, scene.message
    with pytest.raises(LookupError, match="Share"):
        await people.press(ann, message, label="Withdraw")
    with pytest.raises(LookupError, match="can't be pressed"):
        await people.press(ann, message, label="Later")
    with pytest.raises(LookupError, match="isn't offered"):
        await people.press(ann, message, "theme", values=["rupture"])
    stranger = scene.discord.world.add_person("sue")
    with pytest.raises(LookupError, match="no member"):
        await people.press(stranger, message, label="Share")


async def test_a_choice_tells_its_values(scene: Scene) -> None:
    pressing, event = await scene.pressed(
        {"type": 6}, label=None, custom_id="theme", values=["endings"], wait=False
    )
    await pressing
    assert event["data"]["values"] == ["endings"]


async def test_a_command_is_sent_as_it_was_registered(scene: Scene) -> None:
    people, app = scene.discord.people, scene.discord.world.me.id
    registered = await scene.ask("PUT", f"/applications/{app}/commands", COMMANDS)
    assert [one["name"] for one in registered.body] == ["circle", "Remove"]
    assert scene.discord.state.registrations == 1
    using = await soon(people.slash(scene.ann, scene.channel, "circle setup", place="Berlin", day="Monday"))
    event = await scene.line.event("INTERACTION_CREATE")
    (setup,) = event["data"]["options"]
    assert [(one["name"], one["type"], one["value"]) for one in setup["options"]] == [
        ("place", 3, "Berlin"),
        ("day", 4, 0),
    ]
    await scene.ask.answer(event, {"type": 4, "data": PRIVATE})
    await using
    for name, options in (("circle close", {}), ("circle setup", {}), ("circle setup", {"place": 1})):
        with pytest.raises(LookupError):
            await people.slash(scene.ann, scene.channel, name, **options)


async def test_what_is_typed_is_completed(scene: Scene) -> None:
    await scene.ask("PUT", f"/applications/{scene.discord.world.me.id}/commands", COMMANDS)
    typing = await soon(
        scene.discord.people.complete(scene.ann, scene.channel, "circle setup", "place", "Ber")
    )
    event = await scene.line.event("INTERACTION_CREATE")
    assert event["data"]["options"][0]["options"] == [
        {"name": "place", "type": 3, "value": "Ber", "focused": True}
    ]
    await scene.ask.answer(event, {"type": 8, "data": {"choices": [{"name": "Berlin", "value": "b"}]}})
    assert await typing == [{"name": "Berlin", "value": "b"}]


async def test_a_menu_tells_its_message(scene: Scene) -> None:
    await scene.ask("PUT", f"/applications/{scene.discord.world.me.id}/commands", COMMANDS)
    using = await soon(scene.discord.people.menu(scene.ann, scene.message, "Remove"))
    event = await scene.line.event("INTERACTION_CREATE")
    assert event["data"]["resolved"]["messages"][str(scene.message.id)]["content"] == "A question."
    await scene.ask.answer(event, {"type": 4, "data": PRIVATE})
    await using


async def test_one_press_can_be_told_twice(scene: Scene) -> None:
    pressing, event = await scene.pressed({"type": 4, "data": PRIVATE}, events=2)
    again = await scene.line.event("INTERACTION_CREATE")
    assert again["id"] == event["id"]
    assert (await scene.ask.answer(again, {"type": 4, "data": PRIVATE})).code == 40060
    await pressing


async def test_a_press_in_private_has_no_server(scene: Scene) -> None:
    private = scene.discord.world.private_channel(scene.ann)
    body = {"content": "A reminder.", "components": BUTTONS}
    message = scene.discord.posts.send(private, scene.discord.world.me, body)
    pressing = await soon(scene.discord.people.press(scene.ann, message, label="Share"))
    event = await scene.line.event("INTERACTION_CREATE")
    assert event["user"]["id"] == str(scene.ann.id)
    assert "guild_id" not in event
    await scene.ask.answer(event, {"type": 6})
    assert (await scene.ask.webhook("DELETE", event, "/messages/@original")).status == 204
    await pressing
    assert scene.discord.private(scene.ann) == []
