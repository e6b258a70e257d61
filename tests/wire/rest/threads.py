"""Threads of messages, forum posts, and which threads there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.wire import payloads
from tests.wire.permissions import Allow, in_channel
from tests.wire.requests import Request, Route
from tests.wire.state import State
from tests.wire.things import Channel


def of_message(state: State, request: Request) -> Any:
    """The thread of a message."""
    channel = state.world.channel(request.number("channel_id"), Allow.CREATE_PUBLIC_THREADS)
    message = state.posts.message(channel, request.number("message_id"))
    auto_archive = request.json.get("auto_archive_duration") or 4320
    return payloads.thread(state.posts.open_thread(channel, message, request.json["name"], auto_archive))


def post(state: State, request: Request) -> Any:
    """A post in a forum. There is no nonce: asked twice, it stands there twice."""
    forum = state.world.channel(request.number("channel_id"), Allow.SEND_MESSAGES)
    made, first = state.posts.open_post(forum, request.json, request.files)
    return payloads.thread(made) | {"message": payloads.message(first, state.world.me)}


def active(state: State, request: Request) -> Any:
    """A server's threads that aren't archived, as far as the bot sees them."""
    guild = state.world.guild(request.number("guild_id"))
    found = [one for one in guild.channels.values() if one.thread is not None and not one.thread.archived]
    seen = [one for one in found if in_channel(one, state.world.me.id) & Allow.VIEW_CHANNEL]
    return {"threads": [payloads.thread(one) for one in reversed(seen)], "members": []}


def archived(state: State, request: Request) -> Any:
    """A channel's archived threads, the one archived last first."""
    parent = state.world.channel(request.number("channel_id"), Allow.READ_MESSAGE_HISTORY)
    assert parent.guild is not None
    found = [one for one in parent.guild.channels.values() if one.parent is parent and _archived(one)]
    if "before" in request.query:
        end = datetime.fromisoformat(request.query["before"])
        found = [one for one in found if _archived_at(one) < end]
    found.sort(key=_archived_at, reverse=True)
    limit = int(request.query.get("limit", 50))
    threads = [payloads.thread(one) for one in found[:limit]]
    return {"threads": threads, "members": [], "has_more": len(found) > limit}


def _archived(given: Channel) -> bool:
    return given.thread is not None and given.thread.archived


def _archived_at(given: Channel) -> datetime:
    assert given.thread is not None
    return given.thread.archived_at


ROUTES = (
    Route("POST", "/channels/{channel_id}/messages/{message_id}/threads", of_message, (10, 10.0)),
    Route("POST", "/channels/{channel_id}/threads", post, (10, 10.0)),
    Route("GET", "/guilds/{guild_id}/threads/active", active),
    Route("GET", "/channels/{channel_id}/threads/archived/public", archived),
)
