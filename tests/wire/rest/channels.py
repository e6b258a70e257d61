"""Channels themselves."""

from __future__ import annotations

from typing import Any

from tests.wire import payloads
from tests.wire.errors import Refused
from tests.wire.permissions import Allow
from tests.wire.requests import Request, Route
from tests.wire.state import State
from tests.wire.things import Channel


def channel(state: State, request: Request) -> Any:
    """A channel or thread."""
    return payloads.channel(state.world.channel(request.number("channel_id")))


def change(state: State, request: Request) -> Any:
    """A channel or thread, changed."""
    found = state.world.channel(request.number("channel_id"))
    state.world.channel(found.id, Allow.MANAGE_CHANNELS if found.thread is None else Allow.MANAGE_THREADS)
    changes = dict(request.json)
    if found.thread is not None:
        _change_thread(found, changes)
        if changes.get("archived") is True:
            found.thread.archived_at = state.world.clock.now()
    elif changes.keys() - {"name"}:
        raise NotImplementedError(f"changing {sorted(changes)} of a channel")
    state.world.change_channel(found, name=changes.get("name", found.name))
    return payloads.channel(found)


def _change_thread(found: Channel, changes: dict[str, Any]) -> None:
    own = found.thread
    assert own is not None
    if unknown := changes.keys() - {"name", "archived", "locked", "auto_archive_duration", "applied_tags"}:
        raise NotImplementedError(f"changing {sorted(unknown)} of a thread")
    if own.archived and changes.get("archived") is not False:
        raise Refused(50083)
    own.archived = changes.get("archived", own.archived)
    own.locked = changes.get("locked", own.locked)
    own.auto_archive = changes.get("auto_archive_duration", own.auto_archive)
    if "applied_tags" in changes:
        tags = tuple(int(tag) for tag in changes["applied_tags"])
        if found.parent is None or not set(tags) <= found.parent.tags.keys():
            raise Refused(50035, "applied_tags")
        own.tags = tags


def delete(state: State, request: Request) -> Any:
    """A channel or thread goes."""
    found = state.world.channel(request.number("channel_id"))
    state.world.channel(found.id, Allow.MANAGE_CHANNELS if found.thread is None else Allow.MANAGE_THREADS)
    gone = payloads.channel(found)
    state.world.delete_channel(found)
    return gone


ROUTES = (
    Route("GET", "/channels/{channel_id}", channel),
    Route("PATCH", "/channels/{channel_id}", change, (5, 5.0)),
    Route("DELETE", "/channels/{channel_id}", delete, (5, 5.0)),
)
