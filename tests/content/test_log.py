"""The open log has words for everything that can stand in it."""

from __future__ import annotations

import pytest

from bot.services.acts import Did, Role, Why
from tests.conftest import WORDS


@pytest.mark.parametrize("did", Did)
def test_whatever_was_done_can_be_said(did: Did) -> None:
    assert WORDS(f"log.did.{did}", who="A moderator", number=12)


@pytest.mark.parametrize("why", Why)
def test_every_reason_can_be_said(why: Why) -> None:
    assert WORDS(f"log.why.{why}")


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_name(role: Role) -> None:
    assert WORDS(f"log.role.{role}")
