"""The bot with all its features, without Discord: what the contract tests look at."""

from __future__ import annotations

from pathlib import Path
from random import Random

from bot.client import Bot
from bot.interactions import Route
from bot.services import Services
from tests.conftest import START, WORDS, make_settings


def bot_of(services: Services) -> Bot:
    """A bot that isn't connected to anything."""
    return Bot(make_settings(Path()), services, WORDS, now=lambda: START, random=Random(1), ticking=False)


def routes_of(bot: Bot) -> list[Route]:
    """The routes of all features."""
    return [route for feature in bot.features for route in feature.routes]
