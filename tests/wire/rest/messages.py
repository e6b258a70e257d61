"""Messages, their history, and reactions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from tests.wire import payloads
from tests.wire.errors import Refused
from tests.wire.permissions import Allow, in_channel
from tests.wire.requests import Request, Route
from tests.wire.state import State
from tests.wire.things import Message


def post(state: State, request: Request) -> Any:
    """A new message."""
    channel = state.world.channel(request.number("channel_id"))
    return _written(state, state.posts.send(channel, state.world.me, request.json, request.files))


def one(state: State, request: Request) -> Any:
    """A message."""
    return _written(state, _message(state, request, Allow.READ_MESSAGE_HISTORY))


def edit(state: State, request: Request) -> Any:
    """A message with another face."""
    found = _message(state, request)
    state.posts.edit(found, request.json, request.files)
    return _written(state, found)


def delete(state: State, request: Request) -> Any:
    """A message goes."""
    state.posts.delete(_message(state, request))


def history(state: State, request: Request) -> Any:
    """Messages, the newest first; none, and no error, without the permission to read the history."""
    channel = state.world.channel(request.number("channel_id"))
    if not in_channel(channel, state.world.me.id) & Allow.READ_MESSAGE_HISTORY:
        return []
    limit = int(request.query.get("limit", 50))
    if not 1 <= limit <= 100:
        raise Refused(50035, "limit")
    known = list(channel.messages.values())
    return [_written(state, message) for message in reversed(_part(known, request.query, limit))]


def _part(known: Sequence[Message], query: Any, limit: int) -> Sequence[Message]:
    """The part of a history that is asked for, the oldest first."""
    if "before" in query:
        return [message for message in known if message.id < int(query["before"])][-limit:]
    if "after" in query:
        return [message for message in known if message.id > int(query["after"])][:limit]
    if "around" in query:
        middle = int(query["around"])
        older = [message for message in known if message.id < middle][-(limit // 2) :]
        return [*older, *[message for message in known if message.id >= middle][: limit - len(older)]]
    return known[-limit:]


def react(state: State, request: Request) -> Any:
    """A reaction of the bot's own."""
    found, emoji = _message(state, request, Allow.ADD_REACTIONS), unquote(request.ids["emoji"])
    found.reactions.setdefault(emoji, set()).add(state.world.me.id)


def take_reaction(state: State, request: Request) -> Any:
    """It goes."""
    found, emoji = _message(state, request), unquote(request.ids["emoji"])
    found.reactions.get(emoji, set()).discard(state.world.me.id)


def reactions(state: State, request: Request) -> Any:
    """Who reacted with something."""
    found, emoji = _message(state, request), unquote(request.ids["emoji"])
    return [payloads.user(state.world.people[id]) for id in sorted(found.reactions.get(emoji, set()))]


def _message(state: State, request: Request, needed: int = 0) -> Message:
    channel = state.world.channel(request.number("channel_id"), needed)
    return state.posts.message(channel, request.number("message_id"))


def _written(state: State, message: Message) -> Any:
    return payloads.message(message, state.world.me)


MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = MESSAGES + "/{message_id}"
ROUTES = (
    Route("POST", MESSAGES, post, (5, 5.0)),
    Route("GET", MESSAGES, history, (5, 1.0)),
    Route("GET", MESSAGE, one, (5, 1.0)),
    Route("PATCH", MESSAGE, edit, (5, 5.0)),
    Route("DELETE", MESSAGE, delete, (5, 1.0)),
    Route("PUT", MESSAGE + "/reactions/{emoji}/@me", react, (1, 0.25)),
    Route("DELETE", MESSAGE + "/reactions/{emoji}/@me", take_reaction, (1, 0.25)),
    Route("GET", MESSAGE + "/reactions/{emoji}", reactions),
)
"""Five messages in five seconds a channel were observed; the others are of their size."""
