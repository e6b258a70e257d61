"""The watch over our requests notices what Discord would refuse, and what would ping somebody."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

import pytest

from tests import openapi
from tests.contracts import code

NO_PINGS: dict[str, Any] = {"parse": []}
needs_description = pytest.mark.skipif(
    not openapi.DESCRIPTION.exists(), reason="Discord's description isn't beside the project"
)


@dataclass
class Sent:
    """A request as simcord notes it."""

    json: Any
    method: str = "POST"
    path: str = "/channels/600000000000000001/messages"


def text(content: str) -> dict[str, Any]:
    """A paragraph."""
    return {"type": 10, "content": content}


def buttons(*custom_ids: str) -> dict[str, Any]:
    """A row of buttons."""
    made = [{"type": 2, "style": 1, "label": "Post", "custom_id": custom_id} for custom_id in custom_ids]
    return {"type": 1, "components": made}


def message(*components: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A message as the bot sends it."""
    return {"flags": 32768, "components": [*components], "allowed_mentions": NO_PINGS} | changes


def test_a_message_as_we_send_it_is_fine() -> None:
    body = message(
        {"type": 17, "components": [text("Hello"), buttons("a", "b")]}, nonce="n", enforce_nonce=True
    )

    assert openapi.problems(Sent(body)) == []
    assert openapi.problems(Sent({"type": 4, "data": body}, path="/interactions/1/token/callback")) == []


@pytest.mark.parametrize(("body", "minded"), [
    (message(text("Hello"), allowed_mentions=None), "allowed_mentions is missing"),
    ({"components": [text("Hello")]}, "allowed_mentions is missing"),
    (message(text("Hello"), allowed_mentions={"parse": ["everyone"]}), "may ping"),
    (message(text("Hello"), allowed_mentions={"parse": [], "users": ["1"]}), "may ping"),
    (message(text("Hello"), allowed_mentions={"parse": [], "replied_user": True}), "may ping"),
    (message(text("a" * 2001), {"type": 17, "components": [text("b" * 2000)]}), "4001 characters"),
    (message(*(text("a") for _ in range(40)), {"type": 14}), "41 components"),
    (message(*(buttons(*(f"{row}{n}" for n in range(4))) for row in range(9))), "45 components"),
    (message(buttons("same"), {"type": 17, "components": [buttons("same")]}), "stands there 2 times"),
    (message(buttons("a" * 101)), "too long"),
])  # fmt: skip
@pytest.mark.parametrize("path", [
    "/channels/1/messages", "/channels/1/messages/2", "/webhooks/1/token/messages/@original",
    "/webhooks/1/token",
])  # fmt: skip
def test_what_the_description_does_not_know_is_noticed(path: str, body: dict[str, Any], minded: str) -> None:
    method = "PATCH" if "messages/" in path else "POST"

    assert minded in " ".join(openapi.problems(Sent(body, method, path)))


def test_the_first_message_of_a_post_is_watched_too() -> None:
    body = {"name": "Story 1", "message": message(buttons("same", "same"))}

    assert "2 times" in " ".join(openapi.problems(Sent(body, path="/channels/1/threads")))


def test_private_answers_are_watched_too() -> None:
    body = {"type": 4, "data": message(buttons("same", "same"))}

    assert "2 times" in " ".join(openapi.problems(Sent(body, path="/interactions/1/token/callback")))


@needs_description
@pytest.mark.parametrize(("sent", "minded"), [
    (Sent(message(buttons("a")) | {"nonce": "n" * 26}), "nonce"),
    (Sent(message({"type": 1, "components": []})), "components"),
    (Sent(message({"type": 99})), "type"),
    (Sent(message({"type": 17, "components": [text("")]})), "content"),
    (Sent(message({"type": 1, "components": [{"type": 2, "style": 1, "label": "a" * 81, "custom_id": "a"}]})),
     "label"),
    (Sent({"type": 9, "data": {"title": "a" * 46, "custom_id": "a", "components": []}},
          path="/interactions/1/token/callback"), "data"),
    (Sent({"name": ""}, path="/channels/1/messages/2/threads"), "name"),
    (Sent({"what": 1}, "DELETE", "/channels/1/messages/2"), "no body"),
    (Sent({}, "POST", "/channels/1/nonsense"), "no such operation"),
])  # fmt: skip
def test_a_broken_body_is_noticed(sent: Sent, minded: str) -> None:
    found = openapi.problems(sent)

    assert minded in " ".join(found)


@needs_description
def test_a_mistake_deep_in_a_message_is_named_at_its_place() -> None:
    select = {"type": 6, "custom_id": "a", "placeholder": "a" * 151}
    body = message({"type": 17, "components": [text("a"), {"type": 1, "components": [select]}]})

    (found,) = openapi.problems(Sent(body))

    assert "$.components[0].components[1].components[0].placeholder" in found


def test_a_form_that_takes_a_file_is_noticed() -> None:
    upload = {"type": 18, "label": "Anything else?", "component": {"type": 19, "custom_id": "file"}}
    form = {"title": "Tell a story", "custom_id": "a", "components": [upload]}

    found = openapi.problems(Sent({"type": 9, "data": form}, path="/interactions/1/token/callback"))

    assert "a form takes a file" in " ".join(found)


def test_no_form_of_the_code_takes_a_file_and_nothing_allows_pings() -> None:
    quiet = {"NO_PINGS", "discord.AllowedMentions.none()"}
    for place, tree in code.trees():
        for node in ast.walk(tree):
            name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
            assert name not in {"FileUpload", "Attachment"}, f"{place}:{node.lineno}"
            if isinstance(node, ast.keyword) and node.arg == "allowed_mentions":
                assert ast.unparse(node.value) in quiet, f"{place}:{node.value.lineno}"


def test_a_flow_with_a_broken_request_fails() -> None:
    with pytest.raises(AssertionError, match="may ping"):
        openapi.check(
            [Sent(message(text("Hello"))), Sent(message(text("Hello"), allowed_mentions={"users": [1]}))]
        )
