"""What the source says about texts: read from its syntax, without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
WORDS = {"words", "_words"}
HOLE = "\0"
"""Stands for what an f-string fills in."""


@dataclass(frozen=True, slots=True)
class Call:
    """A text asked for by its key: where, and with which values."""

    place: str
    key: str
    """With ``HOLE`` where it is filled in."""
    values: frozenset[str]
    complete: bool
    """No ``**values`` beside those that stand there."""
    refusal: bool


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """The syntax of every file that can ask for a text."""
    found: list[tuple[str, ast.Module]] = []
    for folder in ("bot", "cogs"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            found.append((name, ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(found)


def text_of(node: ast.expr) -> str | None:
    """A text that stands in the code, with ``HOLE`` for what is filled in; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)
    return None


def strings() -> Iterator[tuple[str, str]]:
    """Every text in the code but docstrings, with its place."""
    for name, tree in trees():
        inside: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                inside.add(id(node.value))
            if isinstance(node, ast.JoinedStr):
                inside.update(id(part) for part in node.values)
            if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
                inside.add(id(node.format_spec))
            if isinstance(node, ast.expr) and id(node) not in inside:
                text = text_of(node)
                if text is not None:
                    yield f"{name}:{node.lineno}", text


@cache
def names() -> frozenset[str]:
    """Every word by which the code calls anything: what an f-string may be filled with."""
    found = {text for _place, text in strings() if HOLE not in text}
    for _name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                found.add(node.id.lower())
            elif isinstance(node, ast.Attribute):
                found.add(node.attr.lower())
    return frozenset(found)


def calls() -> Iterator[Call]:
    """Every place where a text is asked for by a key that stands there: ``words("…")``, ``Refusal("…")``."""
    for name, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            refusal, key = _called(node) in refusals(), text_of(node.args[0])
            if key is None or not (refusal or _called(node) in WORDS | {"several"}):
                continue
            given = frozenset(keyword.arg for keyword in node.keywords if keyword.arg is not None)
            complete = all(keyword.arg is not None for keyword in node.keywords)
            yield Call(f"{name}:{node.lineno}", key, given, complete, refusal)


def labels(function: str, argument: str | int) -> Iterator[tuple[str, str]]:
    """The keys of texts that a function is given as one of its arguments, with the place."""
    for name, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or _called(node) != function:
                continue
            given = _argument(node, argument)
            if isinstance(given, ast.Call) and _called(given) in WORDS and given.args:
                key = text_of(given.args[0])
                if key is not None:
                    yield f"{name}:{node.lineno}", key


@cache
def refusals() -> frozenset[str]:
    """The names of Refusal and its children whose first argument is a key."""
    tree = dict(trees())["bot/errors.py"]
    return frozenset(node.name for node in tree.body if isinstance(node, ast.ClassDef))


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _argument(node: ast.Call, argument: str | int) -> ast.expr | None:
    if isinstance(argument, int):
        return node.args[argument] if argument < len(node.args) else None
    return next((keyword.value for keyword in node.keywords if keyword.arg == argument), None)


@cache
def patterns() -> frozenset[str]:
    """Every text with holes that can become a part of a key."""
    found = {text for _place, text in strings() if HOLE in text}
    return frozenset(
        text for text in found if re.fullmatch(rf"[a-z0-9_.{HOLE}]*[a-z0-9_.]+[a-z0-9_.{HOLE}]*", text)
    )


def can_become(pattern: str, text: str, *, directly: bool = False) -> bool:
    """Whether filling its holes can make this text: with words of the code, or (unless ``directly``) with
    what such words make."""
    match = _expression(pattern).fullmatch(text)
    said = names().__contains__ if directly else _can_be_said
    return match is not None and all(said(part) for part in match.groups())


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile("(.+)".join(re.escape(part) for part in pattern.split(HOLE)))


@cache
def _can_be_said(text: str) -> bool:
    return text in names() or any(can_become(pattern, text) for pattern in patterns())


def pages() -> str:
    """The rehearsal's pages, which ask for texts by their keys."""
    return "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot/rehearsal/page").iterdir())
    )
