"""Reading what the bot shows: texts and controls of a message's or form's components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.openapi import nested

Parts = Iterable[Mapping[str, Any]]
READ = ("content", "label", "description", "placeholder", "value")


def text_of(components: Parts) -> str:
    """Everything that is read, one part a line."""
    found: list[str] = []
    for one in nested(components):
        found += [one[name] for name in READ if isinstance(one.get(name), str)]
        found += [option["label"] for option in one.get("options", ())]
    return "\n".join(found)


def custom_ids(components: Parts) -> list[str]:
    """The custom_ids of all controls."""
    return [one["custom_id"] for one in nested(components) if "custom_id" in one]


def control(components: Parts, custom_id: str | None, label: str | None) -> Mapping[str, Any]:
    """The one control with this custom_id, or with this label. Raises LookupError, telling what there is."""
    controls = [one for one in nested(components) if "custom_id" in one]
    found = [
        one
        for one in controls
        if (custom_id is None or one["custom_id"] == custom_id)
        and (label is None or one.get("label") == label)
    ]
    if len(found) != 1 or custom_id is None is label:
        there = [one.get("label") or one["custom_id"] for one in controls]
        raise LookupError(f"{len(found)} controls are {custom_id or label!r}; there are {there}")
    if found[0].get("disabled"):
        raise LookupError(f"{custom_id or label!r} can't be pressed")
    return found[0]


def numbered(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Components with the ids that Discord gives to those that have none (its component reference): it
    counts up, over those that were given."""
    given = {one["id"] for one in nested(components) if one.get("id")}
    free = iter(number for number in range(1, 10_000) if number not in given)
    for one in nested(components):
        if not one.get("id"):
            one["id"] = next(free)
    return components
