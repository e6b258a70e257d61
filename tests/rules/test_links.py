"""Links are counted however they are written, and those that hide where they lead are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.links import Links, links_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("No link here. Not even e.g. this one, or 5.30.", Links(0, 0, 0, 0)),
        ("See https://example.org/a_(b) and www.example.org.", Links(2, 0, 0, 0)),
        ("https://discord.gg/abc", Links(1, 1, 0, 0)),
        ("discord.gg/abc, or discord.com/invite/abc-d!", Links(2, 2, 0, 0)),
        ("https://ptb.discord.com/invite/abc", Links(1, 1, 0, 0)),
        ("https://discord.com/channels/1/2", Links(1, 0, 0, 0)),
        ("mydiscord.gg/abc", Links(0, 0, 0, 0)),
        ("[the ethics code](https://example.org/code)", Links(1, 0, 1, 0)),
        ("[https://example.org](https://evil.example/x)", Links(1, 0, 1, 1)),
        ("[example.org](https://evil.example/x)", Links(1, 0, 1, 1)),
        ("[https://example.org/page](https://example.org/page)", Links(1, 0, 1, 0)),
        ("[come](<discord.gg/abc>)", Links(1, 1, 1, 0)),
        ("[he said](not an address)", Links(0, 0, 0, 0)),
        ("https://example.org/a%20b", Links(1, 0, 0, 0)),
        ("https://discord.com@evil.example/x", Links(1, 0, 0, 1)),
        ("hxxps://evil.example/x", Links(1, 0, 0, 1)),
        ("discord[.]gg/abc and discord (dot) gg/abc", Links(2, 2, 0, 2)),
        ("disc\u200bord.gg/abc", Links(1, 1, 0, 1)),
        ("ｄｉｓｃｏｒｄ.gg/abc", Links(1, 1, 0, 1)),
        ("<https://example.org>", Links(1, 0, 0, 0)),
        ("||https://example.org||", Links(1, 0, 0, 0)),
    ],
)
def test_links_are_counted_as_what_they_are(text: str, found: Links) -> None:
    assert links_in(text) == found


@given(st.text(max_size=200))
def test_any_text_can_be_counted(text: str) -> None:
    found = links_in(text)

    assert 0 <= found.invites <= found.links


@given(st.integers(0, 5), st.integers(0, 5))
def test_each_link_counts_once(links: int, invites: int) -> None:
    text = " and ".join(["https://example.org/x"] * links + ["discord.gg/abc"] * invites)

    assert links_in(text) == Links(links + invites, invites, 0, 0)
