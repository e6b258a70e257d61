"""Who may do what: ``rights.toml``, tried out. Each command, menu entry and route, as each kind of person.

Discord shows custom_ids to everybody and a changed client may send any, so whoever may not is refused by the
bot itself, from wherever they press.
"""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands

from bot.errors import Gone, NotAllowed, Refusal
from bot.interactions import CustomId
from bot.rules.receipts import new_receipt
from bot.rules.stories import StoryDraft, StoryWords, Voice
from bot.services import Services
from bot.services.additions import Kind
from cogs import custom_ids
from cogs.circles.page import default_plan, written_there
from cogs.own_words import BY_ACCOUNT
from tests.conftest import Stage, seen
from tests.contracts.features import bot_of, routes_of
from tests.contracts.rights import STORY_FIELDS, World, make_world
from tests.contracts.test_features import commands
from tests.flows.test_themes import TYPED

TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("rights.toml").read_text(encoding="utf-8")
)
PATTERNS = {value.key: value for value in vars(custom_ids).values() if isinstance(value, CustomId)}
A_RIGHT = {
    "refusals.facilitators_only", "refusals.moderators_only", "refusals.managers_only",
    "refusals.circle_gone", "refusals.only_in_server", "refusals.no_circle", "refusals.not_in_circle",
    "refusals.channel_unseen", "refusals.report_elsewhere",
}  # fmt: skip
"""What is said to somebody who lacks a right, or isn't where it would hold."""
CHANGES_NOTHING = {"code", "question"}

OPTIONS: dict[str, dict[str, Any]] = {
    "/circle setup": {"place": "Europe/Berlin"},
    "/circle keep": {"days": 90},
    "/moderate lock": {"story": 1}, "/moderate unlock": {"story": 1}, "/moderate remove": {"story": 1},
    "/moderate unmute": {"story": 1}, "/moderate write": {"story": 1}, "/moderate undo": {"story": 1},
    "/moderate note": {"story": 1},
    "/moderate mute": {"story": 1, "until": "2026-01-12"},
    "/remind weekly": {"day": 0, "time": "09:00"},
    "/theme schedule": {"from": "2026-04-15"}, "/theme cancel": {"theme": "Goodbyes"},
}  # fmt: skip
"""What is typed into a command that needs something."""
A_CODE = {"code": "0000-0000-0000-0000-0000"}
FIELDS: dict[str, dict[str, str]] = {
    "additions:v1:answer-written": {"text": "x"}, "additions:v1:update-written": {"text": "x"},
    "additions:v1:reply-written": {"text": "x"}, "additions:v1:edited": {"text": "x"},
    "additions:v1:changed": {"text": "x"}, "additions:v1:change-again-written": {"text": "x"},
    "circles:v1:care-lines-written": {"lines": "call me"},
    "circles:v1:words-typed": {"words": "Ada"},
    "circles:v1:wipe-typed": {"name": "circle"}, "circles:v1:wipe-agreed": {"name": "circle"},
    "notes:v1:answer-written": {"text": "x"}, "notes:v1:edited": {"text": "x"},
    "notes:v1:written": {"text": "x"}, "reports:v1:written": {"reason": "hurts", "words": "x"},
    "review:v1:return-said": {"reason": "x"}, "review:v1:decline-said": {"reason": "x"},
    "stories:v1:told": STORY_FIELDS, "stories:v1:edited": STORY_FIELDS, "stories:v1:changed": STORY_FIELDS,
    "stories:v1:change-again-written": STORY_FIELDS,
    "stories:v1:added-code": A_CODE, "stories:v1:receipt": A_CODE, "stories:v1:receipt-any": A_CODE,
    "themes:v1:typed": TYPED, "themes:v1:edited": TYPED | {"start": "2026-05-15", "weeks": "1"},
}  # fmt: skip
"""The forms, with what is written in them."""
VALUES = {
    "circles:v1:care": "2", "circles:v1:choose": "3", "circles:v1:pick": "3", "circles:v2:choose": "3",
    "moderation:v1:lock-why": "hurts", "moderation:v1:mute-why": "hurts", "moderation:v1:note-why": "hurts",
    "moderation:v1:remove-why": "hurts", "moderation:v1:note": "Death and grief",
}  # fmt: skip
"""What is chosen in a select."""


def patterns(world: World, key: str) -> Iterator[str]:
    """Custom_ids of a route about what there is in the world: with a code that fits nothing, and without one.

    A new argument's value is entered here. A theme's draft is a facilitator's own matter: its code is known.
    """
    zone, choices, _, _, channel = written_there(default_plan("Europe/Berlin"), int(world.known["channel"]))
    known = world.known | {
        "what": "d", "zone": zone, "numbers": "0.540.9.0", "choices": choices, "facilitators": "-",
        "moderators": "-", "channel": channel, "days": "90", "value": "yes", "voice": "unnamed",
        "setting": "review" if key == "circles:v1:care-set" else "stories", "sign": "thanks",
        "revision": "1", "page": "0", "what_goes": "named", "weeks": "1", "start": "2026-04-15",
        "until": "1767900000", "form": "story", "picked": "0", "list": "client", "token": "nope",
        "how": "nothing", "sender": "peer", "why": "hurts",
    }  # fmt: skip
    arguments, themes = PATTERNS[key].arguments, key.startswith("themes:")
    codes = [world.known["theme_draft"] if themes else new_receipt()]
    if {"story", "kind"} & set(arguments):
        codes.append(BY_ACCOUNT)
    for code in codes if "receipt" in arguments else codes[:1]:
        kinds = ("story",) if key.startswith("review:") else ("reply", "update")
        if key.startswith("moderation:"):
            kinds = ("story", "reply", "update")
        for kind in kinds if "kind" in arguments else ("reply",):
            thing = known[kind]
            here = known | {"receipt": code, "kind": kind, "addition": thing, "subject": thing}
            yield PATTERNS[key](*(here[name] for name in arguments))


@pytest.fixture
async def world(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """The circle, and everybody."""
    made = await make_world(stage, monkeypatch)
    yield made
    made.close()


def test_every_right_that_is_written_down_speaks_of_known_people() -> None:
    people = set(TABLE["people"])

    assert all(set(who) <= people for who in TABLE["who"].values())
    for kind in ("commands", "menus", "routes"):
        assert set(TABLE[kind].values()) <= set(TABLE["who"])


async def test_every_command_menu_entry_and_route_is_written_down_and_nothing_else(
    services: Services,
) -> None:
    bot = bot_of(services)
    single = [one for one in commands(bot.tree) if not isinstance(one, app_commands.Group)]

    slash = {f"/{one.qualified_name}" for one in single if isinstance(one, app_commands.Command)}
    assert sorted(TABLE["commands"]) == sorted(slash)
    menus = {one.name for one in bot.tree.walk_commands() if isinstance(one, app_commands.ContextMenu)}
    menus |= {one.name for one in single if isinstance(one, app_commands.ContextMenu)}
    assert sorted(TABLE["menus"]) == sorted(menus)
    assert sorted(TABLE["routes"]) == sorted(route.id.key for route in routes_of(bot))


@pytest.mark.parametrize("who", TABLE["people"])
async def test_whoever_may_not_is_told_so_and_changes_nothing(world: World, who: str) -> None:
    before = await world.everything()
    wrong: list[str] = []

    async for what, may, (done, error) in tried(world, who):
        changed = world.written() and await world.everything() != before
        wrong += [f"{what}: {reason}" for reason in objections(who, may, done, error, changed=changed)]
        if changed:
            world.put_back()
    offered = await world.suggestions(who, "/theme cancel", "theme")
    if bool(offered) != (who in TABLE["who"]["facilitators"]):
        wrong.append("/theme cancel: the themes are offered while typing")

    assert wrong == []


async def tried(world: World, who: str) -> AsyncIterator[tuple[str, str, Any]]:
    """Everything that there is to try, one after another."""
    for name, may in TABLE["commands"].items():
        yield name, may, await world.command(who, name, OPTIONS.get(name, {}))
    for name, may in TABLE["menus"].items():
        yield name, may, await world.menu(who, name)
    # what is deleted can't be pressed any more
    for key, may in sorted(TABLE["routes"].items(), key=lambda one: one[0] == "stories:v1:code-delete"):
        for custom_id in patterns(world, key):
            values = [world.known["theme"]] if key == "themes:v1:look" else [VALUES.get(key, "-")]
            yield custom_id, may, await world.press(who, custom_id, values, FIELDS.get(key))


def objections(who: str, may: str, done: Any, error: Exception | None, *, changed: bool) -> Iterator[str]:
    """What is wrong with how somebody was answered."""
    told = "\n".join([str(done.modal or ""), seen(done.response), *(seen(one) for one in done.followups)])
    if not done.acknowledged or (error is not None and not isinstance(error, Refusal)):
        yield f"not answered as it should be: {error!r}"
    elif error is not None and not told.strip():
        yield "refused without a word"
    if may in CHANGES_NOTHING and changed:
        yield "something changed"
    if may == "code":
        if error is None:
            yield "done without the code"
    elif who in TABLE["who"][may]:
        if isinstance(error, Refusal) and error.key in A_RIGHT:
            yield f"refused, though allowed: {error.key}"
    else:
        if not isinstance(error, Refusal) or error.key not in A_RIGHT:
            yield f"done, though not allowed ({error.key if isinstance(error, Refusal) else error!r})"
        if changed:
            yield "refused, and yet something changed"


async def test_what_was_written_inside_is_not_posted_from_outside_also_with_its_code(world: World) -> None:
    stories, additions = world.stage.bot.services.stories, world.stage.bot.services.additions
    circle_id, story_id = int(world.known["circle"]), int(world.known["story"])
    draft = StoryDraft(circle_id, Voice.UNNAMED, StoryWords("I forgot a session."))
    story = custom_ids.DRAFT_POST((await stories.keep(draft)).receipt, 1)
    reply = custom_ids.ADDITION_POST((await additions.keep(Kind.REPLY, story_id, "x")).receipt, 1)
    before = await world.everything()

    for outside in ("stranger", "elsewhere", "private"):
        for pressed in (story, reply):
            _, error = await world.press(outside, pressed, [], None)
            assert isinstance(error, NotAllowed | Gone)
    assert await world.everything() == before
    for pressed in (story, reply):
        _, error = await world.press("member", pressed, [], None)
        assert error is None
    assert await world.everything() != before
