"""The real command line with a clock that can be moved, leases of seconds instead of a minute, and a tick
every second: ``python -m tests.wire.hurried [command]``. What they promise each other in length stays.
"""

from __future__ import annotations

import sys
from datetime import timedelta

IDENTIFY_SECONDS = 0.6
"""What the double asks for, where Discord asks for five."""
BETWEEN_IDENTIFIES = timedelta(seconds=1.2)
"""Twice that, so that a computer that is busy with other things isn't taken for a bot in a hurry."""
SHARE_SECONDS = 3
DELIVERY_SECONDS = 5
REQUEST_SECONDS = 3.5


def launch() -> int:
    """Shorten every lease, and run the command line."""
    from bot import clock
    from bot.cli import sharing
    from bot.delivery import deliverer
    from bot.services import identifying, outbox, shard_groups
    from tests.wire import launched

    shard_groups.LEASE_SECONDS, shard_groups.RENEW_SECONDS = SHARE_SECONDS, 1
    sharing.LOOK_SECONDS = 0.2
    outbox.LEASE_SECONDS, deliverer.REQUEST_SECONDS = DELIVERY_SECONDS, REQUEST_SECONDS
    clock.TICK_SECONDS = 1
    identifying.SPACING = BETWEEN_IDENTIFIES
    return launched.launch()


if __name__ == "__main__":
    sys.exit(launch())
