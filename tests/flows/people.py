"""What people do, in one line each, for stories that need it often."""

from __future__ import annotations

from typing import Any

from tests.conftest import Circle

SLIP = "I forgot a client's session and noticed it an hour later, in the bakery."


async def ask_now(circle: Circle) -> Any:
    """The facilitator posts this week's prompt; returns its message."""
    await circle.facilitator.slash(circle.channel, "prompt post-now")
    return circle.channel.last_message


async def write(circle: Circle, person: Any, slip: str = SLIP, *, named: bool = False, **parts: str) -> Any:
    """Share button → form → submitted; returns the private preview."""
    prompt = next((m for m in circle.channel.history() if "This week" in _text(m)), None) or await ask_now(
        circle
    )
    label = "Share with my name" if named else "Share without my name"
    opened = await person.click(prompt, label=label)
    values = {"slip": slip, "effect": "", "repair": "", "lesson": "", "ask": "listen"} | parts
    return (await person.submit_modal(opened, values)).response


async def tell(circle: Circle, person: Any, slip: str = SLIP, *, named: bool = False, **parts: str) -> Any:
    """The same, and *Post*; returns what the teller sees after it."""
    preview = await write(circle, person, slip, named=named, **parts)
    return (await person.click(preview.message, label="Post")).response


async def reply_unnamed(person: Any, message: Any, text: str) -> Any:
    """*Reply without my name* → form → *Post*; returns what the replier sees after it."""
    opened = await person.click(message, label="Reply without my name")
    shown = (await person.submit_modal(opened, {"text": text})).response
    return (await person.click(shown.message, label="Post")).response


def stories_in(circle: Circle) -> list[Any]:
    """The stories' messages in the channel, oldest first."""
    return [message for message in circle.channel.history() if "### Story" in _text(message)]


def _text(message: Any) -> str:
    from tests.conftest import seen

    return seen(message)
