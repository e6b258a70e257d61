"""Answers to interactions; none of these counts as one of the token's requests (Discord's rate limits)."""

from __future__ import annotations

from typing import Any

from tests.wire import payloads
from tests.wire.errors import Refused
from tests.wire.requests import Request, Route
from tests.wire.state import State
from tests.wire.things import Message


def callback(state: State, request: Request) -> Any:
    """The first answer."""
    made = state.desk.first_answer(
        request.number("interaction_id"), request.ids["token"], request.json, request.files
    )
    return made if request.query.get("with_response") in {"1", "true"} else None


def follow_up(state: State, request: Request) -> Any:
    """A further message."""
    _our_own(state, request)
    return _written(state, state.desk.follow_up(request.ids["token"], request.json, request.files))


def one(state: State, request: Request) -> Any:
    """One of the answers."""
    _our_own(state, request)
    return _written(state, state.desk.message(request.ids["token"], request.ids["message_id"]))


def edit(state: State, request: Request) -> Any:
    """One of the answers, changed."""
    _our_own(state, request)
    token, which = request.ids["token"], request.ids["message_id"]
    return _written(state, state.desk.edit(token, which, request.json, request.files))


def delete(state: State, request: Request) -> Any:
    """One of the answers goes."""
    _our_own(state, request)
    state.desk.delete(request.ids["token"], request.ids["message_id"])


def _our_own(state: State, request: Request) -> None:
    if request.number("webhook_id") != state.world.me.id:
        raise Refused(10015)


def _written(state: State, message: Message) -> Any:
    return payloads.message(message, state.world.me)


WEBHOOK = "/webhooks/{webhook_id}/{token}"
MESSAGE = WEBHOOK + "/messages/{message_id}"
ROUTES = (
    Route("POST", "/interactions/{interaction_id}/{token}/callback", callback, None, counts=False),
    Route("POST", WEBHOOK, follow_up, (5, 2.0), counts=False),
    Route("GET", MESSAGE, one, (5, 2.0), counts=False),
    Route("PATCH", MESSAGE, edit, (5, 2.0), counts=False),
    Route("DELETE", MESSAGE, delete, (5, 2.0), counts=False),
)
