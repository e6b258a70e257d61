"""Reading an SQLite file as a thief with a hex editor does: page by page, where each row and entry lies.

After https://www.sqlite.org/fileformat2.html. Only what is in use is walked; what was deleted is looked for
by its bytes. The log has to be checkpointed before.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

INTERIOR_INDEX, INTERIOR_TABLE, LEAF_INDEX, LEAF_TABLE = 2, 5, 10, 13
INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
Value = int | float | str | bytes | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One row of a table, or one entry of an index."""

    name: str
    """The table or index."""
    place: int
    """Which it is when the tree is walked in its order."""
    page: int
    offset: int
    """Bytes from the beginning of the file."""
    values: tuple[Value, ...]
    """As they lie there; a table's own row number comes first where it has one."""


class SqliteFile:
    """A whole file in memory."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        size = int.from_bytes(self._bytes[16:18])
        self._page = 65536 if size == 1 else size
        self._usable = self._page - self._bytes[20]

    def cells(self) -> Iterator[Cell]:
        """Everything in every table and index, the list of tables left out."""
        for _number, _kind, name, _table, root, _sql in (
            cell.values for cell in self._tree("sqlite_schema", 1)
        ):
            if isinstance(root, int) and root:
                yield from self._tree(str(name), root)

    def _tree(self, name: str, root: int) -> Iterator[Cell]:
        for place, (page, offset, values) in enumerate(self._walk(root)):
            yield Cell(name, place, page, offset, values)

    def _walk(self, page: int) -> Iterator[tuple[int, int, tuple[Value, ...]]]:
        start = (page - 1) * self._page
        head = start + (100 if page == 1 else 0)
        kind = self._bytes[head]
        count = int.from_bytes(self._bytes[head + 3 : head + 5])
        pointers = head + (12 if kind in {INTERIOR_INDEX, INTERIOR_TABLE} else 8)
        for number in range(count):
            at = start + int.from_bytes(self._bytes[pointers + 2 * number : pointers + 2 * number + 2])
            begin = at
            if kind in {INTERIOR_INDEX, INTERIOR_TABLE}:
                yield from self._walk(int.from_bytes(self._bytes[at : at + 4]))
                at += 4
            if kind == INTERIOR_TABLE:
                continue
            length, at = self._varint(at)
            row: tuple[Value, ...] = ()
            if kind == LEAF_TABLE:
                number_of_row, at = self._varint(at)
                row = (number_of_row,)
            yield page, begin, row + _values(self._payload(at, length, kind))
        if kind in {INTERIOR_INDEX, INTERIOR_TABLE}:
            yield from self._walk(int.from_bytes(self._bytes[head + 8 : head + 12]))

    def _payload(self, at: int, length: int, kind: int) -> bytes:
        """With what didn't fit and lies in pages of its own."""
        most = self._usable - 35 if kind == LEAF_TABLE else (self._usable - 12) * 64 // 255 - 23
        if length <= most:
            return self._bytes[at : at + length]
        least = (self._usable - 12) * 32 // 255 - 23
        here = least + (length - least) % (self._usable - 4)
        here = here if here <= most else least
        parts, left = [self._bytes[at : at + here]], length - here
        page = int.from_bytes(self._bytes[at + here : at + here + 4])
        while left > 0:
            start = (page - 1) * self._page
            parts.append(self._bytes[start + 4 : start + 4 + min(left, self._usable - 4)])
            left -= len(parts[-1])
            page = int.from_bytes(self._bytes[start : start + 4])
        return b"".join(parts)

    def _varint(self, at: int) -> tuple[int, int]:
        return _varint(self._bytes, at)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(8):
        value = value << 7 | data[at + step] & 0x7F
        if not data[at + step] & 0x80:
            return value, at + step + 1
    value = value << 8 | data[at + 8]
    return (value - 2**64 if value >= 2**63 else value), at + 9


def _values(payload: bytes) -> tuple[Value, ...]:
    end, at = _varint(payload, 0)
    body, found = end, list[Value]()
    while at < end:
        kind, at = _varint(payload, at)
        value, body = _value(payload, body, kind)
        found.append(value)
    return tuple(found)


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind == 0:
        return None, at
    if kind in INTEGERS:
        end = at + INTEGERS[kind]
        return int.from_bytes(payload[at:end], signed=True), end
    if kind == 7:
        return struct.unpack(">d", payload[at : at + 8])[0], at + 8
    if kind in {8, 9}:
        return kind - 8, at
    end = at + (kind - 12) // 2
    return (payload[at:end] if kind % 2 == 0 else payload[at:end].decode()), end
