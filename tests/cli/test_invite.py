"""``invite`` prints a link that asks for what is needed and nothing else, without any network."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.cli.environment import application_id
from bot.cli.exits import Exit
from bot.cli.problems import Problem
from bot.delivery.places import NEEDED
from tests.cli.commands import APPLICATION, GOOD, NOBODY_LISTENS, TOKEN, ended


async def test_the_link_asks_for_the_least_and_needs_only_the_token(tmp_path: Path) -> None:
    end = await ended(tmp_path, "invite", values={"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": NOBODY_LISTENS})
    assert end.code == Exit.FINE, end.err
    link = next(line.strip() for line in end.out.splitlines() if "https://" in line)
    address = urlsplit(link)
    asked = parse_qs(address.query)
    assert (address.hostname, address.path) == ("discord.com", "/oauth2/authorize")
    assert asked["client_id"] == [str(APPLICATION)]
    assert asked["scope"] == ["bot applications.commands"]
    assert int(asked["permissions"][0]) == discord.Permissions(**dict.fromkeys(NEEDED, True)).value
    assert int(asked["permissions"][0]).bit_count() == len(NEEDED)


async def test_every_permission_is_named_as_in_discord(tmp_path: Path) -> None:
    end = await ended(tmp_path, "invite", values=GOOD)
    assert end.out.count("    - ") == len(NEEDED)
    assert "Read Message History" in end.out


async def test_without_a_token_it_says_where_one_comes_from(tmp_path: Path) -> None:
    end = await ended(tmp_path, "invite")
    assert end.code == Exit.MISSING_TOKEN
    assert "DISCORD_TOKEN" in end.sentence


@pytest.mark.parametrize("token", ["a.b.c", "..", "MTAwMQé.b.c", "dGV4dA.b.c"])
def test_a_token_that_begins_with_no_number_is_refused(token: str) -> None:
    with pytest.raises(Problem) as problem:
        application_id(token)
    assert problem.value.exit == Exit.BAD_TOKEN
