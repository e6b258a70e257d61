"""An install with ``constraints.txt`` brings what was tested, whatever the day and the index."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.cli.commands import ROOT

PINS = {
    canonicalize_name(name): version
    for name, _, version in (
        line.partition("==")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
}
PLATFORMS: tuple[dict[str, str], ...] = (
    {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
    {"python_version": "3.13", "python_full_version": "3.13.0"},
    {},
)
"""Where else people install this: what only they need is pinned too."""


def wanted() -> set[Requirement]:
    """Every requirement of the project and its extras, and of what they require, as installed here."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    todo = [Requirement(text) for text in project["dependencies"]]
    todo += [Requirement(text) for texts in project["optional-dependencies"].values() for text in texts]
    found = set[Requirement]()
    while todo:
        requirement = todo.pop()
        if requirement.name != project["name"] and requirement not in found:
            found.add(requirement)
            todo += required_by(requirement)
    return found


def required_by(requirement: Requirement) -> Iterator[Requirement]:
    try:
        texts = requires(requirement.name) or []
    except PackageNotFoundError:  # needed on another platform only
        return
    for inner in map(Requirement, texts):
        if inner.marker is None or any(
            inner.marker.evaluate({"extra": extra} | platform)
            for extra in (*requirement.extras, "")
            for platform in PLATFORMS
        ):
            yield inner


@pytest.mark.parametrize("requirement", sorted(wanted(), key=str), ids=str)
def test_every_package_that_is_needed_is_pinned_to_a_version_that_fits(requirement: Requirement) -> None:
    pinned = PINS.get(canonicalize_name(requirement.name))
    assert pinned is not None, f"{requirement.name} is missing from constraints.txt"
    assert requirement.specifier.contains(pinned, prereleases=True)


def test_nothing_is_pinned_that_nobody_needs() -> None:
    assert PINS.keys() == {canonicalize_name(requirement.name) for requirement in wanted()}


def test_the_constraints_name_no_index_no_address_and_no_path() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"#.*|[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", line), line
        assert "://" not in line
