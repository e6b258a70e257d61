"""Discord's HTTP routes, as far as the bot uses them."""

from __future__ import annotations

from tests.wire.requests import Routes
from tests.wire.rest import account, channels, interactions, messages, threads


def all_routes() -> Routes:
    """Every route that the double knows."""
    return Routes(
        [*account.ROUTES, *channels.ROUTES, *interactions.ROUTES, *messages.ROUTES, *threads.ROUTES]
    )
