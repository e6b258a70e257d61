"""Messages, threads, posts and histories of the double behave as Discord's."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from tests.wire.asker import Asker
from tests.wire.clock import time_of
from tests.wire.discord_double import Double
from tests.wire.permissions import Allow
from tests.wire.things import Channel, Message

QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}}
MESSAGE = QUIET | {"content": "A word."}
ONCE = MESSAGE | {"nonce": "a-delivery", "enforce_nonce": True}


def place(discord: Double, **options: Any) -> Channel:
    discord.limits.enforced = False
    return discord.world.add_channel(discord.world.add_guild(), **options)


def said(discord: Double, channel: Channel, *texts: str) -> list[Message]:
    return [
        discord.posts.send(channel, discord.world.me, {"content": text})
        for text in texts or ("A word.", "Another.", "A third.", "A fourth.")
    ]


async def test_a_nonce_makes_one_message_for_a_few_minutes(discord: Double, ask: Asker) -> None:
    here, there = place(discord), place(discord)
    first = await ask("POST", f"/channels/{here.id}/messages", ONCE)
    again = await ask("POST", f"/channels/{here.id}/messages", ONCE)
    elsewhere = await ask("POST", f"/channels/{there.id}/messages", ONCE)
    assert again.body["id"] == first.body["id"]
    assert elsewhere.body["id"] != first.body["id"]
    assert len(discord.messages(here)) == 1

    discord.clock.forward(minutes=4)
    later = await ask("POST", f"/channels/{here.id}/messages", ONCE)
    assert later.body["id"] != first.body["id"]
    assert time_of(int(later.body["id"])) > time_of(int(first.body["id"]))


async def test_a_nonce_that_is_not_enforced_makes_two(discord: Double, ask: Asker) -> None:
    channel = place(discord)
    for _ in range(2):
        await ask("POST", f"/channels/{channel.id}/messages", ONCE | {"enforce_nonce": False})
    assert len(discord.messages(channel)) == 2


async def test_a_thread_has_the_id_of_its_message_and_is_opened_once(discord: Double, ask: Asker) -> None:
    channel = place(discord)
    (message,) = said(discord, channel, "A story.")
    path = f"/channels/{channel.id}/messages/{message.id}/threads"
    opened = await ask("POST", path, {"name": "Story 1"})
    again = await ask("POST", path, {"name": "Story 1"})
    assert opened.body["id"] == str(message.id)
    assert opened.body["parent_id"] == str(channel.id)
    assert (again.status, again.code) == (400, 160004)
    shown = await ask("GET", f"/channels/{channel.id}/messages/{message.id}")
    assert shown.body["thread"]["id"] == str(message.id)

    await ask("DELETE", f"/channels/{channel.id}/messages/{message.id}")
    assert (await ask("GET", f"/channels/{message.id}")).status == 200
    assert (await ask("DELETE", f"/channels/{message.id}")).status == 200
    assert (await ask("GET", f"/channels/{message.id}")).code == 10003


async def test_a_post_has_the_id_of_its_first_message_and_no_nonce(discord: Double, ask: Asker) -> None:
    forum = place(discord, kind="forum", tags=["Endings"])
    (tag,) = forum.tags
    body = {"name": "Story 1", "applied_tags": [str(tag)], "message": ONCE}
    first = await ask("POST", f"/channels/{forum.id}/threads", body)
    second = await ask("POST", f"/channels/{forum.id}/threads", body)
    assert first.body["message"]["id"] == first.body["id"] != second.body["id"]
    assert first.body["applied_tags"] == [str(tag)]
    assert [len(discord.messages(post)) for post in discord.threads(forum)] == [1, 1]


async def test_a_forum_may_require_a_tag_and_knows_only_its_own(discord: Double, ask: Asker) -> None:
    forum = place(discord, kind="forum", tags=["Endings"], require_tag=True)
    path, body = f"/channels/{forum.id}/threads", {"name": "Story 1", "message": MESSAGE}
    assert (await ask("POST", path, body)).code == 40067
    assert (await ask("POST", path, body | {"applied_tags": ["100000000000000000"]})).code == 50035
    assert (await ask("POST", f"/channels/{forum.id}/messages", MESSAGE)).code == 50024


async def test_a_history_goes_in_every_direction_the_newest_first(discord: Double, ask: Asker) -> None:
    channel = place(discord)
    a, b, c, d = said(discord, channel)
    path = f"/channels/{channel.id}/messages"

    async def ids(**query: Any) -> list[int]:
        return [int(one["id"]) for one in (await ask("GET", path, **query)).body]

    assert await ids() == [d.id, c.id, b.id, a.id]
    assert await ids(limit=2) == [d.id, c.id]
    assert await ids(after=a.id, limit=2) == [c.id, b.id]
    assert await ids(before=c.id, limit=1) == [b.id]
    assert await ids(around=c.id, limit=3) == [d.id, c.id, b.id]
    assert (await ask("GET", path, limit=101)).code == 50035


async def test_a_history_is_empty_without_the_permission_to_read_it(discord: Double, ask: Asker) -> None:
    channel = place(discord)
    said(discord, channel)
    discord.world.change_channel(channel, deny=Allow.READ_MESSAGE_HISTORY)
    answered = await ask("GET", f"/channels/{channel.id}/messages")
    assert (answered.status, answered.body) == (200, [])
    discord.world.allow_everything(channel)
    assert len((await ask("GET", f"/channels/{channel.id}/messages")).body) == 4


async def test_permissions_are_asked_for(discord: Double, ask: Asker) -> None:
    channel = place(discord)
    (message,) = said(discord, channel, "A story.")
    messages = f"/channels/{channel.id}/messages"
    thread = f"{messages}/{message.id}/threads"
    discord.world.change_channel(channel, deny=Allow.SEND_MESSAGES | Allow.CREATE_PUBLIC_THREADS)
    assert (await ask("POST", messages, MESSAGE)).code == 50013
    assert (await ask("POST", thread, {"name": "Story 1"})).code == 50013
    discord.world.change_channel(channel, deny=Allow.VIEW_CHANNEL)
    assert (await ask("POST", messages, MESSAGE)).code == 50001
    assert (await ask("GET", messages + "/1")).code == 50001
    discord.world.allow_everything(channel)
    assert (await ask("GET", messages + "/1")).code == 10008
    assert (await ask("PATCH", f"/channels/{channel.id}", {"name": "other"})).code == 50013
    ann = discord.world.add_person("ann", channel.guild)
    hers = discord.people.write(ann, channel, "Good morning.")
    assert (await ask("PATCH", f"{messages}/{hers.id}", MESSAGE)).code == 50005
    assert (await ask("DELETE", f"{messages}/{hers.id}")).code == 50013
    assert channel.guild is not None
    discord.world.leave_guild(channel.guild)
    assert (await ask("POST", messages, MESSAGE)).code == 50001


async def test_an_archived_thread_sleeps_until_somebody_writes(discord: Double, ask: Asker) -> None:
    channel = place(discord)
    (message,) = said(discord, channel, "A story.")
    thread = discord.posts.open_thread(channel, message, "Story 1", 60)
    (reply,) = said(discord, thread, "A reply.")
    discord.people.archive(thread)
    path = f"/channels/{thread.id}"
    assert (await ask("PATCH", f"{path}/messages/{reply.id}", MESSAGE)).code == 50083
    assert (await ask("DELETE", f"{path}/messages/{reply.id}")).code == 50083
    assert (await ask("PATCH", path, {"locked": True})).code == 50083
    listed = await ask("GET", f"/channels/{channel.id}/threads/archived/public")
    assert [one["id"] for one in listed.body["threads"]] == [str(thread.id)]
    assert (await ask("GET", f"/guilds/{channel.guild_id}/threads/active")).body["threads"] == []

    assert (await ask("POST", f"{path}/messages", MESSAGE)).status == 200
    assert (await ask("GET", f"/guilds/{channel.guild_id}/threads/active")).body["threads"] != []
    closed = await ask("PATCH", path, {"locked": True, "archived": False})
    assert closed.body["thread_metadata"]["locked"] is True
    ann = discord.world.add_person("ann", channel.guild)
    discord.people.archive(thread, locked=True)
    assert (await ask("POST", f"{path}/messages", MESSAGE)).code == 50083
    assert ann.id not in {one.author.id for one in discord.messages(thread)}


async def test_a_private_channel_can_be_closed_or_out_of_reach(discord: Double, ask: Asker) -> None:
    ann = discord.world.add_person("ann", discord.world.add_guild())
    stranger = discord.world.add_person("sue")
    opened = await ask("POST", "/users/@me/channels", {"recipient_id": str(ann.id)})
    path = f"/channels/{opened.body['id']}/messages"
    assert (await ask("POST", path, MESSAGE)).status == 200
    ann.dms_open = False
    assert (await ask("POST", path, MESSAGE)).code == 50007
    strange = await ask("POST", "/users/@me/channels", {"recipient_id": str(stranger.id)})
    assert (await ask("POST", f"/channels/{strange.body['id']}/messages", MESSAGE)).code == 50278
    assert (await ask("POST", "/users/@me/channels", {"recipient_id": "1"})).code == 10013


async def test_old_messages_can_be_edited_only_so_often(discord: Double, ask: Asker) -> None:
    channel = place(discord)
    (message,) = said(discord, channel, "A story.")
    discord.posts.old_edits_allowed = 1
    path = f"/channels/{channel.id}/messages/{message.id}"
    assert (await ask("PATCH", path, MESSAGE)).body["edited_timestamp"]
    discord.clock.forward(hours=2)
    assert [(await ask("PATCH", path, MESSAGE)).status for _ in range(2)] == [200, 400]


async def test_components_without_an_id_get_one(discord: Double, ask: Asker) -> None:
    channel = place(discord)
    texts = [{"type": 10, "content": "One."}, {"type": 10, "content": "Two.", "id": 1}]
    body = QUIET | {"flags": 1 << 15, "components": texts}
    sent = await ask("POST", f"/channels/{channel.id}/messages", body)
    assert [one["id"] for one in sent.body["components"]] == [2, 1]
    empty = await ask("POST", f"/channels/{channel.id}/messages", QUIET)
    assert empty.code == 50006


async def test_a_file_comes_with_its_message_and_stays_when_it_is_named_again(
    discord: Double, ask: Asker
) -> None:
    channel = place(discord)
    form = aiohttp.FormData(quote_fields=False)
    body = MESSAGE | {"attachments": [{"id": 0, "filename": "words.txt"}]}
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    form.add_field("files[0]", b"My words.", filename="words.txt")
    sent = await ask("POST", f"/channels/{channel.id}/messages", form)
    (attachment,) = sent.body["attachments"]
    assert attachment["filename"] == "words.txt"
    (message,) = discord.messages(channel)
    assert message.files == {"words.txt": b"My words."}

    path = f"/channels/{channel.id}/messages/{message.id}"
    kept = await ask("PATCH", path, MESSAGE | {"attachments": [{"id": attachment["id"]}]})
    assert kept.body["attachments"] == [attachment]
    assert (await ask("PATCH", path, MESSAGE | {"attachments": []})).body["attachments"] == []


async def test_who_is_a_member_is_known(discord: Double, ask: Asker) -> None:
    guild = discord.world.add_guild()
    ann = discord.world.add_person("ann", guild)
    path = f"/guilds/{guild.id}/members/{ann.id}"
    assert (await ask("GET", path)).body["user"]["id"] == str(ann.id)
    discord.world.leave(ann, guild)
    assert (await ask("GET", path)).code == 10007
    assert (await ask("GET", "/guilds/1")).code == 10004


async def test_reactions_are_counted(discord: Double, ask: Asker) -> None:
    channel = place(discord)
    ann = discord.world.add_person("ann", channel.guild)
    (message,) = said(discord, channel, "A story.")
    discord.world.change_role(
        message.channel.guild, discord.world.our_role(message.channel.guild), (1 << 53) - 1
    )
    discord.people.react(ann, message, "🌱")
    path = f"/channels/{channel.id}/messages/{message.id}/reactions/%F0%9F%8C%B1"
    assert (await ask("PUT", f"{path}/@me")).status == 204
    assert len((await ask("GET", path)).body) == 2
    assert (await ask("DELETE", f"{path}/@me")).status == 204
    assert [one["id"] for one in (await ask("GET", path)).body] == [str(ann.id)]
