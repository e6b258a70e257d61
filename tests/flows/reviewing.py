"""What people do in a circle whose moderators look at things first, in one line each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
from sqlalchemy import text

from tests.conftest import Circle, Stage, make_circle, seen
from tests.flows.people import custom_id

REASON = "Could you leave out the bakery? Somebody may know it."


async def reviewed_circle(stage: Stage, **options: Any) -> Circle:
    """A circle in which moderators look at things first."""
    circle = await make_circle(stage, **options)
    await set_review(circle, on=True)
    return circle


async def set_review(circle: Circle, *, on: bool) -> None:
    """The circle's choice, as its facilitators make it."""
    caring, info = circle.stage.bot.services.caring, await circle.info
    plan = await caring.plan(info.id)
    await caring.change(info.id, replace(plan, review=on))


def second_moderator(circle: Circle) -> Any:
    """Somebody else with the moderators' role."""
    return circle.guild.add_member(circle.stage.env.create_user("mia"), roles=[circle.moderators])


def a_manager(circle: Circle) -> Any:
    """Somebody with *Manage Server* and no role of the circle."""
    role = circle.guild.create_role("Owners", permissions=discord.Permissions(manage_guild=True))
    return circle.guild.add_member(circle.stage.env.create_user("max"), roles=[role])


async def queue(circle: Circle, person: Any = None) -> Any:
    """``/moderate queue``; returns the page."""
    return (await (person or circle.moderator).slash(circle.channel, "moderate queue")).response


async def look(circle: Circle, person: Any = None, page: Any = None) -> Any:
    """*Look* at the one thing that waits; returns it, whole."""
    person = person or circle.moderator
    page = page or await queue(circle, person)
    return (await person.click(page.message, custom_id=custom_id(page, "look:"))).response


async def take(circle: Circle, person: Any = None, shown: Any = None) -> Any:
    """*Take it*; returns it with the choices."""
    person = person or circle.moderator
    shown = shown or await look(circle, person)
    return (await person.click(shown.message, label="Take it")).response


async def publish(circle: Circle, person: Any = None) -> Any:
    """From the list to *Publish it*."""
    person = person or circle.moderator
    taken = await take(circle, person)
    return (await person.click(taken.message, label="Publish it")).response


async def send_back(circle: Circle, reason: str = REASON, person: Any = None) -> Any:
    """From the list to *Ask for a change*, with words."""
    return await _with_words(circle, "Ask for a change", reason, person)


async def decline(circle: Circle, reason: str = REASON, person: Any = None) -> Any:
    """From the list to *Don't publish it*, with words."""
    return await _with_words(circle, "Don't publish it", reason, person)


async def _with_words(circle: Circle, label: str, reason: str, person: Any) -> Any:
    person = person or circle.moderator
    taken = await take(circle, person)
    opened = await person.click(taken.message, label=label)
    return (await person.submit_modal(opened, {"reason": reason})).response


async def rows(stage: Stage, table: str) -> list[Any]:
    """What stands in a table."""
    async with stage.database.read() as session:
        return list((await session.execute(text(f"SELECT * FROM {table}"))).all())  # noqa: S608  # ours


async def queued(circle: Circle) -> str:
    """All that the list says."""
    return seen(await queue(circle))
