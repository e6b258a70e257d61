"""The deadline of a delivery: after it, nothing of it leaves this process.

A process can be stopped between deciding and sending, for longer than its lease lasts; meanwhile somebody
else may have taken the delivery over. So the last thing before a request is put on the wire is a look at
the time. Between that look and the wire nothing is awaited.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp

_DEADLINE = ContextVar[float | None]("deadline", default=None)


def steady() -> float:
    """Seconds that pass also while the process is stopped or, where the system can tell, the machine
    sleeps; whoever sets the wall clock doesn't change them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@contextmanager
def deadline(end: float) -> Generator[None]:
    """Requests begun inside are given up when it is later than ``end``, by ``steady()``."""
    token = _DEADLINE.set(end)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def in_time() -> None:
    """Raises TimeoutError when the deadline of what is under way has passed."""
    end = _DEADLINE.get()
    if end is not None and steady() > end:
        raise TimeoutError("the lease of this delivery is nearly over")


def always() -> bool:
    """For a process that has its servers for itself."""
    return True


def watch_deadlines(
    trace: aiohttp.TraceConfig, still_ours: Callable[[], bool] = always
) -> aiohttp.TraceConfig:
    """Look at the deadline before each request of a client session, and once more when it has its
    connection. Nothing at all leaves when our servers may be another process's by now."""

    async def look(_session: aiohttp.ClientSession, _context: SimpleNamespace, _params: object) -> None:
        in_time()
        if not still_ours():
            raise TimeoutError("our servers may be another process's by now")

    trace.on_request_start.append(look)
    trace.on_connection_reuseconn.append(look)
    trace.on_connection_create_end.append(look)
    return trace
