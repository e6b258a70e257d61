"""What people do, in one line each, for stories that need it often."""

from __future__ import annotations

import asyncio
from typing import Any

from simcord.actors import _component_click  # the way in that doesn't wait for the bot between two presses

from tests.conftest import Circle, seen, walk

SLIP = "I forgot a client's session and noticed it an hour later, in the bakery."


async def ask_now(circle: Circle) -> Any:
    """The facilitator posts this week's prompt; returns its message."""
    await circle.facilitator.slash(circle.channel, "prompt post-now")
    return circle.channel.last_message


async def write(circle: Circle, person: Any, slip: str = SLIP, *, named: bool = False, **parts: str) -> Any:
    """Share button → form → submitted; returns the private preview."""
    prompt = next((m for m in circle.channel.history() if "This week" in seen(m)), None) or await ask_now(
        circle
    )
    label = "Share with my name" if named else "Share without my name"
    opened = await person.click(prompt, label=label)
    values = {"slip": slip, "effect": "", "repair": "", "lesson": "", "ask": "listen"} | parts
    return (await person.submit_modal(opened, values)).response


async def tell(circle: Circle, person: Any, slip: str = SLIP, *, named: bool = False, **parts: str) -> Any:
    """The same, and *Post*; returns what the teller sees after it."""
    return await post(person, await write(circle, person, slip, named=named, **parts))


async def post(person: Any, preview: Any) -> Any:
    """*Post*, and *Post it as it is* if that is asked; returns what is seen after it."""
    as_it_is = "Post it as it is"
    label = as_it_is if as_it_is in labels(preview) else "Post"
    after = (await person.click(preview.message, label=label)).response
    if as_it_is in labels(after):
        after = (await person.click(after.message, label=as_it_is)).response
    return after


def labels(shown: Any) -> list[str]:
    """What stands on the buttons of an answer."""
    return [item["label"] for item in walk(shown.components) if item["type"] == 2]


async def reply_unnamed(person: Any, message: Any, text: str) -> Any:
    """*Reply without my name* → form → *Post*; returns what the replier sees after it."""
    opened = await person.click(message, label="Reply without my name")
    return await post(person, (await person.submit_modal(opened, {"text": text})).response)


async def lock(circle: Circle, number: int, place: Any = None) -> Any:
    """A moderator closes a story's thread for replies; returns what they read."""
    asked = await circle.moderator.slash(place or circle.channel, "moderate lock", story=number)
    return (await circle.moderator.click(asked.response.message, label="Close it")).response


def stories_in(circle: Circle) -> list[Any]:
    """The stories' messages in the channel, oldest first."""
    return [message for message in circle.channel.history() if "### Story" in seen(message)]


def custom_id(shown: Any, action: str) -> str:
    """The custom_id of the one control on a message or answer whose action this is."""
    parts = [part if isinstance(part, dict) else part.to_dict() for part in shown.components]
    found = {item["custom_id"] for item in walk(parts) if f":{action}" in item.get("custom_id", "")}
    (only,) = found
    return only


async def press_at_once(message: Any, *presses: tuple[Any, str]) -> list[Any]:
    """Several presses that reach the bot before it has answered the first: (person, label) each."""
    clicking = (_component_click(person, message, label=label, custom_id=None) for person, label in presses)
    return list(await asyncio.gather(*clicking))


def told_to(result: Any) -> str:
    """All that somebody was told after one press: the answer, and what came beside it."""
    return "\n".join([seen(result.response), *(seen(more) for more in result.followups)])


def code_in(after: Any) -> str:
    """The code that a teller or replier was given."""
    return seen(after).split("`")[1]


async def panel_of(circle: Circle, person: Any, story: Any = None) -> Any:
    """*This is mine* on a story, for somebody who is recognised; returns the panel."""
    return (await person.click(story or stories_in(circle)[0], label="This is mine")).response


async def change(person: Any, shown: Any, **values: str) -> Any:
    """*Edit* on a panel, or below something just posted → form → submitted; returns the private preview.

    What isn't said stays as the form had it.
    """
    return (await fill_in(person, shown, **values)).response


async def fill_in(person: Any, shown: Any, **values: str) -> Any:
    """The same; returns all that is answered."""
    opened = await person.click(shown.message, label="Edit")
    return await person.submit_modal(opened, prefilled(opened) | values)


def prefilled(opened: Any) -> dict[str, str]:
    """What stands in a form already."""
    found = {
        label["component"]["custom_id"]: label["component"]
        for label in opened.modal["components"]
        if "component" in label
    }
    chosen = {
        name: next((option["value"] for option in item["options"] if option.get("default")), "")
        for name, item in found.items()
        if "options" in item
    }
    return {name: item.get("value", "") for name, item in found.items()} | chosen
