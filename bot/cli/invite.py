"""``invite``: the link by which a server's administrator adds the bot, with the least permissions."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli.environment import application_id, known_settings, values_in
from bot.content.words import Words

SCOPES = ("bot", "applications.commands")


def work(arguments: argparse.Namespace, words: Words) -> int:
    """Print the link; needs the token and nothing else, no network either. Raises Problem."""
    known = known_settings(values_in(Path.cwd()))
    if problem := known.wrong.get("DISCORD_TOKEN"):
        raise problem
    print(words("cli.invite.link"))
    print(f"\n    {invite_link(application_id(known.settings.token))}\n")
    print(words("cli.invite.asks"))
    for name in needed():
        print(f"    - {words(f'cli.permissions.{name}')}")
    print(words("cli.invite.after"))
    return 0


def needed() -> tuple[str, ...]:
    """The permissions that the bot asks for, by discord.py's names."""
    from bot.delivery.places import NEEDED  # slow to import

    return NEEDED


def invite_link(application: int) -> str:
    """The address of Discord's page for adding an application to a server."""
    import discord

    permissions = discord.Permissions(**dict.fromkeys(needed(), True))
    return discord.utils.oauth_url(application, permissions=permissions, scopes=SCOPES)
