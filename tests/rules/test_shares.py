"""Which process works for which servers: every server for one, private messages for the first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.shares import EVERYTHING, share_of

GUILDS = st.integers(1 << 22, (1 << 63) - 1)


@given(st.integers(1, 40), st.data(), GUILDS)
def test_every_server_belongs_to_one_share_and_private_messages_to_the_first(
    count: int, data: st.DataObject, guild_id: int
) -> None:
    groups = data.draw(st.integers(1, count))

    shares = [share_of(group, groups, count) for group in range(groups)]

    assert [share.owns(guild_id) for share in shares].count(True) == 1
    assert [share.owns(None) for share in shares] == [share.first for share in shares]
    assert [share.first for share in shares] == [True] + [False] * (groups - 1)
    assert sorted(shard for share in shares for shard in share.shards) == list(range(count))


@given(st.integers(1, 40), st.data())
def test_the_parts_of_the_pace_add_up_to_all_of_it(count: int, data: st.DataObject) -> None:
    groups = data.draw(st.integers(1, count))

    parts = [share_of(group, groups, count).part for group in range(groups)]

    assert abs(sum(parts) - 1) < 1e-9
    assert min(parts) > 0


@given(GUILDS)
def test_one_process_has_everything_also_when_discord_chooses_the_shards(guild_id: int) -> None:
    share = share_of(0, 1, 0)

    assert share == EVERYTHING
    assert share.owns(guild_id)
    assert share.owns(None)
    assert share.part == 1
