"""Those on duty in the flows: a channel of their own, and what stands in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.conftest import Circle, seen


async def circle_id(circle: Circle) -> int:
    """The circle's id."""
    return (await circle.info).id


async def moderators_channel(circle: Circle, name: str = "duty", **changes: Any) -> Any:
    """The circle gets a private channel for its moderators; returns it."""
    channel = circle.guild.create_text_channel(name)
    await choose(circle, moderators_channel_id=channel.id, **changes)
    return channel


async def choose(circle: Circle, **changes: Any) -> None:
    """The circle's choices of care, as its facilitators change them."""
    caring, found = circle.stage.bot.services.caring, await circle_id(circle)
    await caring.change(found, replace(await caring.plan(found), **changes))


def told(channel: Any) -> list[str]:
    """What those on duty read in their channel, oldest first."""
    return [seen(message) for message in channel.history()]


def link_in(message: Any) -> str:
    """Where the one link button of a message leads."""
    (found,) = [item.url for item in parts(message.components) if getattr(item, "url", None)]
    return found


def parts(components: Any) -> Any:
    """Every component of a message, nested ones too."""
    for component in components:
        yield component
        yield from parts(getattr(component, "children", []))
