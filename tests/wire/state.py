"""What the double's routes work on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.wire.desk import Desk
from tests.wire.gateway import Gateway
from tests.wire.posts import Posts
from tests.wire.world import World


@dataclass
class State:
    """All parts of the double that a request may touch."""

    world: World
    posts: Posts
    desk: Desk
    gateway: Gateway
    application: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the portal says differently about the application."""
    commands: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """The registered commands."""
    registrations: int = 0
    """How often they were registered."""
