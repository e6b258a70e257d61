"""The threat model claims nothing without a test, and forgets nobody."""

from __future__ import annotations

import ast
import re

import pytest

from tests.contracts.code import ROOT

PAGE = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
ADVERSARIES = (
    "A member of the circle", "A clever member who watches the clock", "A moderator", "A facilitator",
    "A thief of the database", "Whoever runs the PostgreSQL server, or steals its files",
    "A thief of backups", "A thief of everything", "Whoever runs the bot, while it runs", "Discord",
    "Other bots in the server", "A court, or a complaint",
)  # fmt: skip


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[f"{file}::{name}" for file, name in NAMED])
def test_every_test_that_it_names_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    assigned = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    assert name in defined | assigned


def test_everybody_is_gone_through_with_what_they_have_and_learn() -> None:
    parts = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))

    assert set(ADVERSARIES) <= set(parts)
    for adversary in ADVERSARIES:
        assert re.search(r"\*\*(Has|Have)\*\*", parts[adversary]), adversary
        assert "earn" in parts[adversary], adversary
    assert "What nobody can hide" in parts
