"""Without a name means without a name: whatever people do, no byte kept, sent or logged leads to them."""

from __future__ import annotations

import base64
import io
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.cli.logging_setup import LIBRARIES, OURS, set_up_logging
from tests.conftest import Circle, Stage, make_circle, seen
from tests.flows.people import change, lock, reply_unnamed, stories_in, tell, write
from tests.flows.traces import columns, files, forms, found_in, requests

TELLERS = ("marguerite-quillfeather", "bartholomew-ashgrove", "wilhelmina-thornbury", "cornelius-oakhollow")


@dataclass
class Person:
    """Somebody who acts, and what would give them away."""

    actor: Any
    names: tuple[str, ...]
    codes: list[str] = field(default_factory=list[str])

    @property
    def wanted(self) -> dict[str, bytes]:
        """What nobody may find."""
        return forms(self.actor.id, self.names)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, set up as for an operator who asks for everything; records whole, not formatted."""
    root, lines = logging.getLogger(), io.StringIO()
    names = (*OURS, *LIBRARIES, "discord.client", "alembic", "apscheduler", "sqlalchemy")
    levels = {name: logging.getLogger(name).level for name in names}
    handlers, level, filters = root.handlers[:], root.level, logging.getLogger("discord.client").filters[:]
    set_up_logging("DEBUG", ())
    for handler in (*handlers, logging.StreamHandler(lines)):
        root.addHandler(handler)
    yield lines
    root.handlers[:], logging.getLogger("discord.client").filters[:] = handlers, filters
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


async def join(circle: Circle, username: str) -> Person:
    """A new member with names that stand nowhere by chance."""
    name, nick = username.replace("-", " ").title(), f"{username[:6]}-nickname-{username[-6:]}"
    user = circle.stage.env.create_user(username, global_name=name)
    return Person(circle.guild.add_member(user, nick=nick), (username, name, nick))


@pytest.mark.parametrize("tags", [None, ()], ids=["text", "forum"])
async def test_no_teller_stands_anywhere(
    log: io.StringIO, stage: Stage, tmp_path: Path, tags: tuple[str, ...] | None
) -> None:
    circle = await make_circle(stage, delay=30, tags=tags)
    tellers = [await join(circle, username) for username in TELLERS]
    bystander = await join(circle, "theodora-named-openly")

    def places() -> dict[str, list[tuple[str, bytes]]]:
        return {
            "rows": list(columns(tmp_path / "test.sqlite3")),
            "files": list(files(tmp_path)),
            "requests": list(requests(stage.env)),
            "log": [("log", log.getvalue().encode())],
        }

    await live_through_a_day(circle, tellers, bystander)
    the_same_day = places()
    await stage.pass_time(days=2)
    for kept_or_sent in (the_same_day, places()):
        for person in tellers:
            for pieces in kept_or_sent.values():
                assert traces(pieces, person.wanted) == {}

    # the same search finds somebody who told with their name, wherever they may be found
    known = {place: traces(pieces, bystander.wanted) for place, pieces in the_same_day.items()}
    nickname = f"the name {bystander.names[2]}"
    assert known["rows"]["stories.author_id"] == {"the id"}
    assert known["rows"]["stories.author_name"] == {nickname}
    assert {"the id's bytes, biggest first", nickname} <= set().union(*known["files"].values())
    assert any(nickname in found for found in known["requests"].values())
    logging.getLogger("bot.planted").debug("told by %s", bystander.actor.id)
    assert traces([("log", log.getvalue().encode())], bystander.wanted) == {"log": {"the id"}}


async def test_no_row_says_when_a_story_was_told_or_in_which_order(stage: Stage, tmp_path: Path) -> None:
    circle, file = await make_circle(stage, delay=30), tmp_path / "test.sqlite3"
    for username in TELLERS:
        person = await join(circle, username)
        await write(circle, person.actor, "Not posted.")
        await tell(circle, person.actor)
        await stage.env.advance_time(60)
    for key in ("stories.id", "deliveries.id", "drafts.receipt_hash"):
        lying = kept(file, key)
        assert len(lying) >= len(TELLERS)
        assert lying == sorted(lying, key=int if key == "stories.id" else None)  # by random keys alone

    await stage.pass_time(hours=1)

    assert len(stories_in(circle)) == 4
    assert set(kept(file, "stories.published_on")) == {b"2026-01-02"}
    for time in ("not_before", "first_attempt_at", "lease_until"):
        assert set(kept(file, f"deliveries.{time}")) <= {b"None"}


def kept(file: Path, column: str) -> list[bytes]:
    """What a column holds, in the order in which it lies there."""
    return [value for name, value in columns(file) if name == column]


async def live_through_a_day(circle: Circle, tellers: list[Person], bystander: Person) -> None:
    """Everything that people do without their name, and somebody with theirs."""
    stage, (first, second, third, fourth) = circle.stage, tellers
    for person in tellers:
        await discard_one(circle, person)
        after = await tell(circle, person.actor, f"A slip of mine, number {tellers.index(person) + 1}.")
        person.codes.append(seen(after).split("`")[1])
        await person.actor.click(after.message, label="My story")
        await person.actor.click(after.message, label="Send the code to my DMs")
    await tell(circle, bystander.actor, "With my name.", named=True)
    await stage.restart()
    await stage.pass_time(hours=2)
    shown = stories_in(circle)
    assert len(shown) == 5
    for person in tellers:
        for story in shown[:2]:
            await person.actor.click(story, label="Thank you")
            await reply_unnamed(person.actor, story, "I hear you.")
    await stage.pass_time(hours=1)
    await update(circle, first)
    await edit(circle, first)
    await send_code(circle, first)
    await withdraw(circle, second)
    await stage.pass_time(hours=2)
    number = next(
        seen(s).split("### Story ")[1].split()[0] for s in stories_in(circle) if "number 3" in seen(s)
    )
    await mute(circle, int(number))
    refused = await third.actor.slash(circle.channel, "share")
    assert "for a while" in seen(refused.response)
    await lock(circle, int(number))
    refused = await fourth.actor.click(
        next(s for s in stories_in(circle) if "number 3" in seen(s)), label="Reply without my name"
    )
    assert "closed" in seen(refused.response)
    await write(circle, fourth.actor, "This one stays a draft.")


async def discard_one(circle: Circle, person: Person) -> None:
    page = await write(circle, person.actor, "Perhaps not.")
    page = (await person.actor.click(page.message, label="Discard")).response
    await person.actor.click(page.message, label="Discard it")


async def panel(circle: Circle, person: Person) -> Any:
    """One's own story, by its code."""
    opened = await person.actor.slash(circle.channel, "story receipt")
    return (await person.actor.submit_modal(opened, {"code": person.codes[0]})).response


async def update(circle: Circle, person: Person) -> None:
    page = await panel(circle, person)
    opened = await person.actor.click(page.message, label="Add how it went")
    page = (await person.actor.submit_modal(opened, {"text": "It went well."})).response
    await person.actor.click(page.message, label="Post")


async def edit(circle: Circle, person: Person) -> None:
    page = await change(person.actor, await panel(circle, person), lesson="To look twice.")
    await person.actor.click(page.message, label="Save the change")
    await change(person.actor, await panel(circle, person), lesson="This one stays a draft.")


async def send_code(circle: Circle, person: Person) -> None:
    after = await tell(circle, person.actor, "One more of mine.")
    page = (await person.actor.click(after.message, label="Send the code to my DMs")).response
    await person.actor.click(page.message, label="Send it")


async def withdraw(circle: Circle, person: Person) -> None:
    page = await panel(circle, person)
    page = (await person.actor.click(page.message, label="Withdraw the story")).response
    await person.actor.click(page.message, label="Yes, take it back")


async def mute(circle: Circle, number: int) -> None:
    page = (
        await circle.moderator.slash(circle.channel, "moderate mute", story=number, until="Two weeks")
    ).response
    await circle.moderator.click(page.message, label="Mute")


def traces(pieces: Iterable[tuple[str, bytes]], wanted: dict[str, bytes]) -> dict[str, set[str]]:
    """Where something of a person stands, and in which form."""
    found: dict[str, set[str]] = {}
    for where, content in pieces:
        if forms_there := found_in(content, wanted):
            found.setdefault(where, set()).update(forms_there)
    return found


@pytest.mark.parametrize("user_id", [1456074443980800016, 80351110224678912])
def test_the_search_finds_every_form_in_the_middle_of_anything(user_id: int) -> None:
    wanted = forms(user_id, ("Marguerite Quill",))
    around = os.urandom(64)
    for what, form in wanted.items():
        assert what in found_in(around + form + around, wanted)
    assert found_in(b"by MARGUERITE QUILL:", wanted) == {"the name Marguerite Quill"}
    for raw in (str(user_id).encode(), user_id.to_bytes(8, "big"), user_id.to_bytes(8, "little")):
        for before in range(6):
            packed = os.urandom(before) + raw + os.urandom(5)
            assert found_in(base64.b64encode(packed), wanted)
            assert found_in(base64.urlsafe_b64encode(packed), wanted)
    assert found_in(os.urandom(4096), wanted) == set()
