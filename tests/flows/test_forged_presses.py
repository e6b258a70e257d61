"""Presses that no screen of ours offers: old, garbled, or naming what belongs to another server.

Discord shows custom_ids to everybody in a message's payload, and a changed client may send any.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.interactions import Ack, CustomId
from cogs import custom_ids
from db.types import Base
from tests.conftest import Circle, Stage, make_circle, seen, walk
from tests.contracts.features import routes_of
from tests.flows.people import SLIP, ask_now, stories_in, tell

PATTERNS = [value for value in vars(custom_ids).values() if isinstance(value, CustomId)]
GARBLED = ("٣", "-1", str(2**63), str(2**63 - 1))


async def forge(circle: Circle, person: Any, message: Any, custom_id: str) -> str:
    """Press a button of a message as if it had this custom_id; returns all that the person reads."""
    stored = circle.stage.env.backend.get_message(message.channel.id, message.id)
    button = next(one for one in walk(stored.components) if one.get("type") == 2)
    own, button["custom_id"] = button["custom_id"], custom_id
    try:
        done = await person.click(message, custom_id=custom_id)
    finally:
        button["custom_id"] = own
    assert done.acknowledged
    return "\n".join([str(done.modal or ""), seen(done.response), *(seen(one) for one in done.followups)])


def filled(pattern: CustomId, value: str, **known: object) -> str:
    """A custom_id with the same value everywhere but where a better one is known."""
    given = [str(known.get(name, value)) for name in pattern.arguments]
    return ":".join((pattern.key, *given))[:100]


async def everything(stage: Stage) -> dict[str, list[Any]]:
    """All that is remembered, table by table."""
    async with stage.database.read() as session:
        return {
            table.name: sorted(map(str, (await session.execute(select(table))).all()))
            for table in Base.metadata.sorted_tables
        }


def shown(circle: Circle) -> list[str]:
    """All that stands in a circle's channel and its threads."""
    threads = [message for thread in circle.channel.threads for message in thread.history()]
    return [seen(message) for message in (*circle.channel.history(), *threads)]


@pytest.mark.parametrize("value", GARBLED)
async def test_a_garbled_press_is_answered_kindly_and_changes_nothing(circle: Circle, value: str) -> None:
    prompt = await ask_now(circle)
    before, stands = await everything(circle.stage), shown(circle)

    for pattern in PATTERNS:
        if pattern.arguments:
            answer = await forge(circle, circle.facilitator, prompt, filled(pattern, value))
            assert "it isn't your fault" not in answer, pattern

    assert await everything(circle.stage) == before
    assert shown(circle) == stands


@pytest.mark.parametrize("custom_id", [
    "prompts:v0:post-now:1", "gone:v1:away", "nonsense", "::", "prompts:v1:post-now", "guide:v1:how:1:2:3",
])  # fmt: skip
async def test_a_button_from_another_time_says_so(circle: Circle, custom_id: str) -> None:
    prompt = await ask_now(circle)

    assert "from an earlier time" in await forge(circle, circle.peers[0], prompt, custom_id)


async def test_a_press_never_changes_a_message_that_everybody_sees(circle: Circle) -> None:
    prompt = await ask_now(circle)
    stands = seen(prompt)
    replacing = [route.id for route in routes_of(circle.stage.bot) if route.ack is Ack.UPDATE]
    assert replacing

    for pattern in replacing:
        await forge(circle, circle.facilitator, prompt, filled(pattern, "1", circle=circle_id(circle)))

    assert seen(circle.channel.last_message) == stands


@pytest.mark.parametrize("arguments", [
    "Europe/Berlin:0.540.-5.0:-:-", "Europe/Berlin:0.540.9.525600:-:-", "Europe/Berlin:7.540.9.0:-:-",
    "Europe/Berlin:0.1440.9.0:-:-", "Mars/Olympus:0.540.9.0:-:-", "Europe/Berlin:0.540.9.0:zzzzzzzzzzzzz:-",
    "Europe/Berlin:0.540.9:-:-", "Europe/Berlin:0.540.9.0:!:-",
])  # fmt: skip
async def test_settings_that_no_page_offers_are_not_saved(circle: Circle, arguments: str) -> None:
    page = (await circle.facilitator.slash(circle.channel, "circle settings")).response
    before = await everything(circle.stage)

    answer = await forge(circle, circle.facilitator, page.message, f"circles:v1:save:{arguments}")

    assert "Saved." not in answer
    assert "it isn't your fault" not in answer
    assert await everything(circle.stage) == before


def circle_id(circle: Circle) -> int:
    """The id by which a circle's buttons name it."""
    stored = circle.stage.env.backend.get_message(circle.channel.id, circle.channel.last_message.id)
    shared = next(one for one in walk(stored.components) if "stories:v1:share" in one.get("custom_id", ""))
    return int(shared["custom_id"].split(":")[3])


@pytest.fixture
async def other(stage: Stage) -> Circle:
    """A circle of another server, with a question, a story and a skipped week."""
    other = await make_circle(stage)
    await ask_now(other)
    await tell(other, other.peers[0])
    await other.facilitator.slash(other.channel, "prompt skip")
    await stage.pass_time(minutes=1)
    return other


async def named(stage: Stage, other: Circle) -> dict[str, int]:
    """The ids of the other server's things, by the name of the argument that would hold them."""
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    found: dict[str, int] = {}
    async with stage.database.read() as session:
        for argument, name in (("circle", "circles"), ("story", "stories"), ("occurrence", "occurrences")):
            query = select(tables[name].c.id)
            if name == "occurrences":
                query = query.where(tables[name].c.state == "skipped")
            if name == "circles":
                query = query.where(tables[name].c.channel_id == other.channel.id)
            found[argument] = (await session.execute(query)).scalars().one()
    return found


async def test_nobody_of_one_server_reaches_anothers_circle(
    stage: Stage, other: Circle, circle: Circle
) -> None:
    prompt = await ask_now(circle)
    known = await named(stage, other)
    before, stands = await everything(stage), shown(other)

    for pattern in PATTERNS:
        if known.keys() & set(pattern.arguments):
            for value in ("unnamed", "thanks"):
                answer = await forge(circle, circle.facilitator, prompt, filled(pattern, value, **known))
                assert SLIP not in answer, pattern
                assert "it isn't your fault" not in answer, pattern

    assert await everything(stage) == before
    assert shown(other) == stands
    assert len(stories_in(other)) == 1
