"""Logging in, the gateway's address, commands, servers and members."""

from __future__ import annotations

from typing import Any

from tests.wire import payloads
from tests.wire.errors import Refused
from tests.wire.requests import Request, Route
from tests.wire.state import State


def me(state: State, _request: Request) -> Any:
    """The bot's own account."""
    return payloads.user(state.world.me)


def application(state: State, _request: Request) -> Any:
    """The application, as the portal has it."""
    own = state.world.me
    made = {"id": str(own.id), "name": own.name, "description": "", "icon": None, "flags": 0}
    hidden = {"verify_key": "", "bot_public": True, "bot_require_code_grant": False}
    return made | hidden | {"owner": payloads.user(own)} | state.application


def gateway(state: State, _request: Request) -> Any:
    """Where the gateway is, and how it may be started."""
    given = state.gateway
    limit = {
        "total": 1000,
        "remaining": given.starts_left,
        "reset_after": 7_200_000,
        "max_concurrency": given.max_concurrency,
    }
    return {"url": given.url, "shards": given.shards, "session_start_limit": limit}


def register(state: State, request: Request) -> Any:
    """All commands at once."""
    _our_own(state, request)
    state.registrations += 1
    own = {"application_id": str(state.world.me.id), "version": "1"}
    state.commands = [
        {"type": 1, "description": "", "options": []} | one | own | {"id": str(state.world.ids.next())}
        for one in request.json
    ]
    return state.commands


def registered(state: State, request: Request) -> Any:
    """The commands as they are."""
    _our_own(state, request)
    return state.commands


def guild(state: State, request: Request) -> Any:
    """A server."""
    return payloads.guild(state.world.guild(request.number("guild_id")), state.world.me, channels=False)


def member(state: State, request: Request) -> Any:
    """A member."""
    found, id = state.world.guild(request.number("guild_id")), request.number("user_id")
    if id not in found.members:
        raise Refused(10007 if id in state.world.people else 10013)
    return payloads.member(found, state.world.people[id])


def private_channel(state: State, request: Request) -> Any:
    """The private channel with a person; also with one who doesn't want any messages."""
    person = state.world.people.get(int(request.json["recipient_id"]))
    if person is None or person.bot:
        raise Refused(10013)
    return payloads.channel(state.world.private_channel(person))


def _our_own(state: State, request: Request) -> None:
    if request.number("application_id") != state.world.me.id:
        raise Refused(50001)


ROUTES = (
    Route("GET", "/users/@me", me),
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/gateway/bot", gateway),
    Route("PUT", "/applications/{application_id}/commands", register),
    Route("GET", "/applications/{application_id}/commands", registered),
    Route("GET", "/guilds/{guild_id}", guild),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", member, (10, 10.0)),
    Route("POST", "/users/@me/channels", private_channel, (10, 10.0)),
)
"""Which limits Discord sets for each is known only from its headers; these are of their size."""
