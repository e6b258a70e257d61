"""Which files are made in a folder, also those that are gone again at once (Linux: inotify)."""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path

IN_CREATE = 0x100  # /usr/include/linux/inotify.h
HEAD = struct.Struct("iIII")


class Created:
    """Watches a folder from now on. Raises OSError where that can't be done."""

    def __init__(self, folder: Path) -> None:
        library = ctypes.CDLL(None, use_errno=True)
        self._handle = library.inotify_init1(os.O_NONBLOCK)
        if self._handle < 0 or library.inotify_add_watch(self._handle, os.fsencode(folder), IN_CREATE) < 0:
            raise OSError(ctypes.get_errno(), "the folder can't be watched")

    def names(self) -> list[str]:
        """What was made since the last time."""
        found = list[str]()
        while True:
            try:
                events = os.read(self._handle, 65536)
            except BlockingIOError:
                return found
            at = 0
            while at < len(events):
                length = HEAD.unpack_from(events, at)[3]
                at += HEAD.size
                found.append(events[at : at + length].rstrip(b"\0").decode())
                at += length

    def close(self) -> None:
        """Watch no more."""
        os.close(self._handle)
