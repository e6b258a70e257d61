"""The forum's side of a delivery: a message becomes a post of its own, with a title and a tag.

Posts have no nonce, so Discord would make a second one if the request came twice. Therefore a request is
never repeated by itself, and one whose outcome is unknown is looked for among the bot's own posts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import discord
from discord.http import Route
from discord.ui import LayoutView

from bot.delivery.places import ARCHIVE_MINUTES, Unreadable
from bot.delivery.steps import ForumPost, Shown
from bot.rules.text import shorten
from bot.screen import is_marked
from bot.wire import OneAttempt

TITLE_LIMIT = 100
TAG_LENGTH = 20
"""The longest name of a tag (Discord's channel reference, Forum Tag)."""
COMPONENTS_V2 = discord.MessageFlags(components_v2=True).value


async def create_post(
    client: discord.Client, forum: discord.ForumChannel, post: ForumPost, view: LayoutView
) -> Shown:
    """Make a message a post of its own. Raises what discord.py raises; a failure is never repeated here.

    Sent as the bot's own request, never as an answer to somebody's, so that nobody's name stands on it.
    """
    tag = choose_tag(forum, post)
    body: dict[str, object] = {
        "name": shorten(post.title, TITLE_LIMIT),
        "auto_archive_duration": ARCHIVE_MINUTES,
        "applied_tags": [str(tag.id)] if tag is not None else [],
        "message": {
            "components": view.to_components(),
            "flags": COMPONENTS_V2,
            "allowed_mentions": {"parse": []},
        },
    }
    attempt = OneAttempt()
    made: Any = await client.http.request(
        Route("POST", "/channels/{channel_id}/threads", channel_id=forum.id),
        json=body,
        params={"use_nested_fields": 1},  # as discord.py asks for it: the message stands inside
        skip_auto_headers=attempt,
        raise_for_status=attempt.answered,
    )
    return Shown(int(made["message"]["id"]), int(made["id"]))


def choose_tag(forum: discord.ForumChannel, post: ForumPost) -> discord.ForumTag | None:
    """The tag that is named like the post's theme; where one is required and none is, the best other one.

    Tags that only moderators may use come last: the bot may (it has Manage Threads), but they mean
    something else here.
    """
    tags = {_plain(tag.name): tag for tag in forum.available_tags}
    themed = tags.get(_plain(post.theme)) or tags.get(_plain(post.theme[:TAG_LENGTH])) if post.theme else None
    if themed is not None or not forum.flags.require_tag:
        return themed
    named = (tags[_plain(name)] for name in post.tags if _plain(name) in tags)
    free = (tag for tag in forum.available_tags if not tag.moderated)
    return next(named, None) or next(free, None) or next(iter(forum.available_tags), None)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


async def find_post(
    forum: discord.ForumChannel, own_id: int, delivery_id: str, earliest: datetime, farthest: int
) -> discord.Message | None:
    """The first message of the bot's post for a delivery, created since ``earliest`` (aware UTC).

    Raises Unreadable when more than ``farthest`` posts would have to be looked at, or one of them can't be
    read; None when it certainly isn't there.
    """
    seen = 0
    async for thread in _own_posts(forum, own_id, earliest):
        seen += 1
        if seen > farthest:
            raise Unreadable
        first = [message async for message in thread.history(limit=1, oldest_first=True)]
        if not first:
            raise Unreadable  # nothing comes back, and no error, where reading was forbidden meanwhile
        if first[0].author.id == own_id and is_marked(first[0].components, delivery_id):
            return first[0]
    return None


async def _own_posts(
    forum: discord.ForumChannel, own_id: int, earliest: datetime
) -> AsyncIterator[discord.Thread]:
    """The bot's posts created since then; the archived ones come latest archived first."""
    for thread in await forum.guild.active_threads():
        if thread.parent_id == forum.id and _is_own(thread, own_id, earliest):
            yield thread
    async for thread in forum.archived_threads(limit=None):
        if thread.archive_timestamp < earliest:
            return  # archived before then, so also created before then, like all that follow
        if _is_own(thread, own_id, earliest):
            yield thread


def _is_own(thread: discord.Thread, own_id: int, earliest: datetime) -> bool:
    return thread.owner_id == own_id and discord.utils.snowflake_time(thread.id) >= earliest
