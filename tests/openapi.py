"""Every request that the bot makes, held against Discord's own description and against its limits.

The description (Discord's OpenAPI file, which is not part of this project) lies beside the project's
folder where it is there at all; the limits that it doesn't know are checked in any case.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

DESCRIPTION = Path(__file__).parents[2] / "shared" / "discord-openapi.json"
TEXT_LIMIT, COMPONENT_LIMIT, CUSTOM_ID_LIMIT = 4000, 40, 100
"""Discord's message component reference: over a whole message, nested components included."""
TEXT_DISPLAY = 10
MESSAGE_PATHS = (
    re.compile(r"/channels/\d+/messages(/\d+)?"),
    re.compile(r"/webhooks/\d+/[^/]+(/messages/[^/]+)?"),
)
POSTS = re.compile(r"/channels/\d+/threads")
CALLBACK = re.compile(r"/interactions/\d+/[^/]+/callback")
ANSWERS_WITH_A_MESSAGE = {4, 7}
"""Discord's types of interaction answers that carry one: a new message, or the pressed one replaced."""
ANSWERS_WITH_A_FORM = 9
FILE_UPLOAD = 19
"""A file holds more than its writer sees: who made it, where, and on what. So no form of ours takes one."""
URN = "urn:discord"
AN_ID, ANY_ID = re.compile(r"\d{17,20}"), "600000000000000000"


class Request(Protocol):
    """One request as simcord notes it."""

    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def json(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that Discord's description knows: where, how, and the schema of its body."""

    path: re.Pattern[str]
    literals: int
    body: Draft202012Validator | None


@cache
def operations() -> Mapping[str, tuple[Operation, ...]]:
    """All operations of the description by method, the most literal paths first; none without the file."""
    if not DESCRIPTION.exists():
        return {}
    description = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    # Discord writes ids as strings and takes them as numbers too, as which discord.py sends some
    description["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
    resource: Resource[Any] = Resource.from_contents(description, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(URN, resource)
    found: dict[str, list[Operation]] = {}
    for template, methods in description["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                made = _operation(template, method, operation, registry)
                found.setdefault(method.upper(), []).append(made)
    return {
        method: tuple(sorted(group, key=lambda operation: -operation.literals))
        for method, group in found.items()
    }


def _operation(template: str, method: str, operation: dict[str, Any], registry: Registry[Any]) -> Operation:
    parts = [part for part in template.split("/") if part]
    pattern = "/" + "/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts)
    content = operation.get("requestBody", {}).get("content", {})
    kind = next((kind for kind in ("application/json", "multipart/form-data") if kind in content), None)
    body = None
    if kind is not None:
        keys = ("paths", template, method, "requestBody", "content", kind, "schema")
        pointer = "/".join(key.replace("~", "~0").replace("/", "~1") for key in keys)
        body = Draft202012Validator({"$ref": f"{URN}#/{pointer}"}, registry=registry)
    return Operation(re.compile(pattern), sum(not part.startswith("{") for part in parts), body)


def problems(request: Request) -> list[str]:
    """All that Discord would mind about a request; empty when it is well-formed."""
    # which ids it are makes no difference, so the same screen is judged once
    path, body = AN_ID.sub(ANY_ID, request.path), AN_ID.sub(ANY_ID, json.dumps(request.json))
    found = [*_against_description(request.method, path, body)]
    message = message_of(request)
    if message is not None:
        found.extend(_against_limits(message))
    if CALLBACK.fullmatch(request.path) and request.json.get("type") == ANSWERS_WITH_A_FORM:
        parts = nested(request.json["data"].get("components") or [])
        found.extend("a form takes a file" for one in parts if one.get("type") == FILE_UPLOAD)
    return [f"{request.method} {request.path}: {problem}" for problem in found]


@cache
def _against_description(method: str, path: str, body: str) -> tuple[str, ...]:
    known, given = operations(), json.loads(body)
    if not known:
        return ()
    operation = next((one for one in known.get(method, ()) if one.path.fullmatch(path)), None)
    if operation is None:
        return ("Discord has no such operation",)
    if operation.body is None:
        return ("Discord takes no body here",) if given else ()
    if given is None:
        return ()
    errors = (_clearest(error) for error in operation.body.iter_errors(given))
    return tuple(f"{error.json_path}: {error.message[:500]}" for error in errors)


def _clearest(error: ValidationError) -> ValidationError:
    """Of an error in one of several alternatives, the one in the alternative that was meant: its ``type``
    fits."""
    while error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.relative_schema_path[0], []).append(inner)
        meant = [
            group
            for group in branches.values()
            if all(list(inner.relative_path) != ["type"] for inner in group)
        ]
        error = (meant or list(branches.values()))[0][0]
    return error


def message_of(request: Request) -> Mapping[str, Any] | None:
    """The message that a request makes or changes, if it does."""
    body = request.json
    if not isinstance(body, dict) or request.method not in {"POST", "PATCH"}:
        return None
    if CALLBACK.fullmatch(request.path):
        return body.get("data") if body.get("type") in ANSWERS_WITH_A_MESSAGE else None
    if POSTS.fullmatch(request.path):
        return body.get("message")
    return body if any(path.fullmatch(request.path) for path in MESSAGE_PATHS) else None


def _against_limits(message: Mapping[str, Any]) -> Iterator[str]:
    mentions = message.get("allowed_mentions")
    if mentions is None:
        yield "allowed_mentions is missing: it might ping"
    elif any(mentions.get(kind) for kind in ("parse", "users", "roles", "replied_user")):
        yield f"it may ping: {mentions}"
    components = list(nested(message.get("components") or []))
    if len(components) > COMPONENT_LIMIT:
        yield f"{len(components)} components are more than {COMPONENT_LIMIT}"
    text = sum(len(one.get("content", "")) for one in components if one.get("type") == TEXT_DISPLAY)
    if text > TEXT_LIMIT:
        yield f"{text} characters of text are more than {TEXT_LIMIT}"
    ids = Counter(one["custom_id"] for one in components if "custom_id" in one)
    for custom_id, times in ids.items():
        if times > 1:
            yield f"the custom_id {custom_id} stands there {times} times"
        if len(custom_id) > CUSTOM_ID_LIMIT:
            yield f"the custom_id {custom_id} is too long"


def nested(components: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every component of a message, also those inside others."""
    for component in components:
        yield component
        yield from nested(component.get("components") or [])
        for name in ("accessory", "component"):
            if isinstance(component.get(name), dict):
                yield from nested([component[name]])


def check(requests: Iterable[Request]) -> None:
    """Assert that Discord would mind nothing about any of them."""
    found = [problem for request in requests for problem in problems(request)]
    assert not found, "\n".join(found)
