"""Keeping what this process holds in memory, keys, pepper and words, from the disk and from others."""

from __future__ import annotations

import ctypes
import sys

_PR_SET_DUMPABLE = 4
"""Of ``prctl`` (its manual page): with 0 no core dump is written, also where one is piped to a program, and
no other process of the same user may look into this one's memory."""


def no_core_dumps() -> None:
    """A core dump would hold keys and words on disk. Windows writes none, and lacks the module."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
