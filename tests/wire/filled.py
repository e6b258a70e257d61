"""What Discord's app sends for a command or form that somebody filled in, and what it wouldn't send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

STRING, INTEGER, BOOLEAN = 3, 4, 5
ROW, TEXT_INPUT, TEXT_DISPLAY, LABEL, RADIO, CHECKBOX = 1, 4, 10, 18, 21, 23
"""Discord's numbers of option types and of component types."""
Part = Mapping[str, Any]


def command(
    commands: Sequence[Part], name: str, options: Mapping[str, Any], *, focused: str | None = None
) -> dict[str, Any]:
    """A slash command's data. Raises LookupError for what isn't registered."""
    first, *rest = name.split()
    known = [one for one in commands if one["type"] == 1]
    top = _named(known, first)
    data: dict[str, Any] = {"id": top["id"], "name": first, "type": 1, "options": []}
    here, there = data, top
    for word in rest:
        there = _named(there.get("options") or [], word)
        deeper: dict[str, Any] = {"name": word, "type": there["type"], "options": []}
        here["options"].append(deeper)
        here = deeper
    registered = there.get("options") or []
    for option, value in options.items():
        found = _named(registered, option)
        given = {
            "name": option,
            "type": found["type"],
            "value": _value(found, value, typing=option == focused),
        }
        here["options"].append(given | ({"focused": True} if option == focused else {}))
    missing = [one["name"] for one in registered if one.get("required") and one["name"] not in options]
    if missing and focused is None:
        raise LookupError(f"/{name} needs {missing}")
    return data


def _named(known: Sequence[Part], name: str) -> Part:
    found = next((one for one in known if one["name"] == name), None)
    if found is None:
        raise LookupError(f"there is no {name!r}; there are {[one['name'] for one in known]}")
    return found


def _value(option: Part, value: Any, *, typing: bool) -> Any:
    if choices := option.get("choices"):
        value = next((one["value"] for one in choices if value in {one["name"], one["value"]}), None)
        if value is None:
            raise LookupError(f"{option['name']} has no such choice; there are {choices}")
    kinds: dict[int, type] = {STRING: str, INTEGER: int, BOOLEAN: bool}
    wanted = kinds.get(option["type"])
    if wanted is None:
        return str(getattr(value, "id", value))
    if not typing and not isinstance(value, wanted):
        raise LookupError(f"{option['name']} takes {wanted.__name__}, not {value!r}")
    return value


def form(opened: Part, values: Mapping[str, Any]) -> dict[str, Any]:
    """A form's data. Raises LookupError for what isn't on it, ValueError for what can't be sent off."""
    left = dict(values)
    components = [_part(one, left) for one in opened["components"]]
    if left:
        raise LookupError(f"the form has no {sorted(left)}")
    return {"custom_id": opened["custom_id"], "components": components}


def _part(given: Part, left: dict[str, Any]) -> dict[str, Any]:
    match given["type"]:
        case 18:
            return {"type": LABEL, "id": 0, "component": _control(given["component"], left)}
        case 1:
            return {"type": ROW, "id": 0, "components": [_control(one, left) for one in given["components"]]}
        case _:
            return {"type": given["type"], "id": 0}


def _control(given: Part, left: dict[str, Any]) -> dict[str, Any]:
    custom_id, type = given["custom_id"], given["type"]
    made: dict[str, Any] = {"type": type, "id": 0, "custom_id": custom_id}
    value = left.pop(custom_id) if custom_id in left else _as_it_stands(given)
    required = given.get("required", True)
    if type == TEXT_INPUT:
        low, high = given.get("min_length", 0), given.get("max_length", 4000)
        if (required and not value) or (value and not low <= len(value) <= high):
            raise ValueError(f"{custom_id} takes {low} to {high} characters, not {len(value)}")
        return made | {"value": value}
    if type in {RADIO, CHECKBOX}:
        if type == RADIO and value is None and required:
            raise ValueError(f"{custom_id} is to be chosen")
        return made | {"value": value}
    chosen = [value] if isinstance(value, str) else list(value)
    return made | {"values": [str(getattr(one, "id", one)) for one in chosen]}


def _as_it_stands(given: Part) -> Any:
    """What a control holds before anybody touches it."""
    chosen = [one["value"] for one in given.get("options") or () if one.get("default")]
    match given["type"]:
        case 4:
            return given.get("value") or ""
        case 21:
            return chosen[0] if chosen else None
        case 23:
            return bool(given.get("default"))
        case _:
            return chosen
