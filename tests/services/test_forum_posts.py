"""What the simulation can't show of forums: requests that fail half-way, many posts, other kinds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest
from aiohttp import web
from discord.http import HTTPClient, Route

from bot import screen
from bot.delivery.forum import create_post, find_post
from bot.delivery.places import Unreadable, is_forum, lacks_tag, missing
from bot.delivery.steps import ForumPost
from bot.screen import mark, marker

ME = 600000000000000001
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HEADERS = {"Via": "made up", "Content-Type": "application/json"}  # exactly so, for discord.py


@dataclass
class Posting:
    """A Discord that answers as each test says, and the bot's client in front of it."""

    http: HTTPClient
    answers: list[Callable[[], web.Response]] = field(default_factory=list[Callable[[], web.Response]])
    posts: list[Any] = field(default_factory=list[Any])

    async def take(self, request: web.Request) -> web.Response:
        """Make the post, whatever is answered then."""
        self.posts.append(await request.json())
        return self.answers.pop(0)() if self.answers else made()

    async def create(self, title: str = "Story 1") -> Any:
        """Have the bot make a post."""
        client: Any = SimpleNamespace(http=self.http)
        view = mark(screen.screen(screen.text("A story")), "a delivery")
        return await create_post(client, a_forum(), ForumPost(title), view)


def made() -> web.Response:
    """The answer to a post that was made."""
    return _answer(200, {"id": "7", "message": {"id": "8"}})


def failed(status: int) -> Callable[[], web.Response]:
    """An answer that leaves open what happened."""
    return lambda: _answer(status, {})


def too_fast() -> web.Response:
    """Refused for now."""
    return _answer(429, {"retry_after": 0.01, "global": False})


def _answer(status: int, content: dict[str, Any]) -> web.Response:
    return web.Response(status=status, body=json.dumps(content).encode(), headers=HEADERS)


@pytest.fixture
async def posting(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Posting]:
    """discord.py's own client, on a server of ours."""
    http = HTTPClient(asyncio.get_running_loop())
    posting = Posting(http)
    app = web.Application()
    app.router.add_post("/channels/{channel}/threads", posting.take)
    app.router.add_get("/users/@me", lambda _: _me())
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    monkeypatch.setattr(Route, "BASE", f"http://{host}:{port}")
    await http.static_login("made.up.token")
    yield posting
    await http.close()
    await runner.cleanup()


async def _me() -> web.Response:
    return _answer(200, {"id": str(ME), "username": "bot", "discriminator": "0", "avatar": None})


def a_forum(**changes: Any) -> discord.ForumChannel:
    """A forum, or with ``type`` 16 a media channel."""
    data: Any = {"id": "5", "type": 15, "name": "circle", "position": 0, "permission_overwrites": []}
    guild: Any = SimpleNamespace(id=1, me=None)
    state: Any = SimpleNamespace()
    return discord.ForumChannel(state=state, guild=guild, data=data | changes)


async def test_a_post_is_made_with_title_and_marker_and_pings_nobody(posting: Posting) -> None:
    shown = await posting.create("A long title " * 20)

    assert (shown.message_id, shown.channel_id) == (8, 7)
    (sent,) = posting.posts
    assert len(sent["name"]) <= 100
    assert sent["name"].startswith("A long title")
    assert sent["message"]["components"][0]["id"] == marker("a delivery")
    assert sent["message"]["allowed_mentions"] == {"parse": []}
    assert sent["message"]["flags"] == 1 << 15


@pytest.mark.parametrize("status", [500, 502, 503, 504, 524])
async def test_a_failure_that_leaves_open_what_happened_is_not_repeated(
    posting: Posting, status: int
) -> None:
    posting.answers = [failed(status)]

    with pytest.raises(discord.DiscordServerError):
        await posting.create()

    assert len(posting.posts) == 1


async def test_a_reset_connection_is_not_tried_again(
    posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    request: Callable[..., Awaitable[Any]] = (
        aiohttp.ClientSession._request
    )  # discord.py catches what comes out

    async def reset(session: aiohttp.ClientSession, *given: Any, **kwargs: Any) -> Any:
        await request(session, *given, **kwargs)
        raise ConnectionResetError(54, "reset")  # the number for which discord.py tries again

    monkeypatch.setattr(aiohttp.ClientSession, "_request", reset)
    with pytest.raises(OSError, match="isn't repeated"):
        await posting.create()

    assert len(posting.posts) == 1


async def test_what_was_refused_as_too_fast_is_asked_for_again(posting: Posting) -> None:
    posting.answers = [too_fast, too_fast]

    shown = await posting.create()

    assert shown.channel_id == 7
    assert len(posting.posts) == 3


@dataclass
class MadeUpPost:
    """A post in a forum, of which only what the search looks at is there."""

    number: int
    delivery: str = "another"
    owner_id: int = ME
    parent_id: int = 5
    at: datetime = NOON
    archive_timestamp: datetime = NOON
    readable: bool = True

    @property
    def id(self) -> int:
        """A snowflake of its time."""
        return discord.utils.time_snowflake(self.at) + self.number

    async def history(self, **_: Any) -> AsyncIterator[Any]:
        """Its first message."""
        if self.readable:
            author = SimpleNamespace(id=self.owner_id)
            yield SimpleNamespace(
                author=author, components=[SimpleNamespace(id=marker(self.delivery))], post=self
            )


@dataclass
class MadeUpForum:
    """A forum that remembers how far it was looked through."""

    active: list[MadeUpPost] = field(default_factory=list[MadeUpPost])
    archived: list[MadeUpPost] = field(default_factory=list[MadeUpPost])
    id: int = 5
    looked_at: int = 0

    @property
    def guild(self) -> Any:
        """The server, which knows the active threads of all its channels."""
        return SimpleNamespace(active_threads=self._active)

    async def _active(self) -> list[MadeUpPost]:
        return self.active

    async def archived_threads(self, **_: Any) -> AsyncIterator[MadeUpPost]:
        """Latest archived first."""
        for post in self.archived:
            self.looked_at += 1
            yield post

    async def find(self, farthest: int = 400) -> MadeUpPost | None:
        """Look for the post of a delivery that was first tried at noon."""
        forum: Any = self
        found: Any = await find_post(forum, ME, "wanted", NOON - timedelta(minutes=2), farthest)
        return None if found is None else found.post


async def test_a_lost_post_is_found_among_active_and_archived_ones() -> None:
    others = [MadeUpPost(number) for number in range(3)]
    wanted = MadeUpPost(9, "wanted", at=NOON + timedelta(hours=1))

    assert await MadeUpForum(active=[*others, wanted]).find() is wanted
    assert await MadeUpForum(others, [*others, wanted]).find() is wanted
    assert await MadeUpForum(others, others).find() is None


@pytest.mark.parametrize("other", [
    MadeUpPost(1, "wanted", owner_id=ME + 1), MadeUpPost(1, "wanted", parent_id=6),
    MadeUpPost(1, "wanted", at=NOON - timedelta(hours=1)),
])  # fmt: skip
async def test_posts_of_others_elsewhere_or_of_an_earlier_time_are_not_meant(other: MadeUpPost) -> None:
    assert await MadeUpForum([other]).find() is None


async def test_the_search_ends_where_posts_were_archived_before_it_can_have_been_made() -> None:
    old = MadeUpPost(1, at=NOON - timedelta(days=9), archive_timestamp=NOON - timedelta(days=2))
    forum = MadeUpForum(archived=[MadeUpPost(0, at=NOON - timedelta(days=9)), *[old] * 1000])

    assert await forum.find() is None
    assert forum.looked_at == 2


async def test_what_can_not_be_read_or_is_too_far_away_leaves_it_open() -> None:
    with pytest.raises(Unreadable):
        await MadeUpForum([MadeUpPost(1, "wanted", readable=False)]).find()
    with pytest.raises(Unreadable):
        await MadeUpForum([MadeUpPost(number) for number in range(11)]).find(10)


def test_a_media_channel_is_no_forum_and_a_required_tag_must_be_there() -> None:
    media, tagless = a_forum(type=16), a_forum(flags=1 << 4)

    assert not is_forum(media)
    assert missing(media) == "not_text"
    assert is_forum(tagless)
    assert lacks_tag(tagless)
    tag = {"id": "3", "name": "Stories", "moderated": False, "emoji_id": None, "emoji_name": None}
    assert not lacks_tag(a_forum(flags=1 << 4, available_tags=[tag]))
    assert missing(a_forum()) is None  # what the bot may do there isn't known yet
