"""Changing the settings file: a few values, the rest as its owner wrote it."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from db.files import Overwritten, sync_folder, write_new


def change_settings(path: Path, values: Mapping[str, str]) -> None:
    """Give settings other values in the file ``path``, all of them or, after a crash, none.

    Comments, order and owner stay; what stood there before is blanked on the disk. Raises OSError, also
    where the file is of a kind that can't be replaced.
    """
    real = path.resolve()
    with real.open(encoding="utf-8", newline="") as file:
        content = changed(file.read(), values)
    state, unfinished = real.stat(), real.with_name(real.name + ".new")
    unfinished.unlink(missing_ok=True)
    write_new(unfinished, content.encode())
    try:
        unfinished.chmod(state.st_mode & 0o777)
        if hasattr(os, "chown"):
            with suppress(OSError):  # whoever may not give it away owns it already
                os.chown(unfinished, state.st_uid, state.st_gid)
        with Overwritten(real):
            unfinished.replace(real)
            sync_folder(real.parent)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def changed(content: str, values: Mapping[str, str]) -> str:
    """The content of a settings file with other values; those that it lacks stand at its end."""
    left, parts = dict(values), list[str]()
    for binding in parse_stream(io.StringIO(content)):
        parts.append(_line(binding, values, left))
    if parts and not parts[-1].endswith("\n"):
        parts.append("\n")
    return "".join((*parts, *(f"{name}={quoted(value)}\n" for name, value in left.items())))


def _line(binding: Binding, values: Mapping[str, str], left: dict[str, str]) -> str:
    """A statement as it was, or with its new value; what was said twice is said once."""
    text, name = binding.original.string, binding.key
    if name is None or name not in values:
        return text
    empty_lines = text[: len(text) - len(text.lstrip())]
    return f"{empty_lines}{name}={quoted(left.pop(name))}\n" if name in left else empty_lines


def quoted(value: str) -> str:
    """As python-dotenv reads it back: in single quotes nothing but the backslash and the quote is special."""
    if re.fullmatch(r"[\w./:@+-]*", value, re.ASCII):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
