"""Buttons live in posted messages for years: their patterns are a contract with the past."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.interactions import CustomId, Press, Router, _split
from bot.rules.calendar import zone_names
from bot.rules.receipts import new_receipt
from bot.services import Services
from cogs import custom_ids
from tests.contracts.features import bot_of, routes_of

GOLDEN = Path(__file__).with_name("custom_ids.txt")
PATTERNS = {name: value for name, value in vars(custom_ids).items() if isinstance(value, CustomId)}
AN_ID = str(2**62)
LONGEST = {
    "account": AN_ID,
    "addition": AN_ID,
    "channel": "1y2p0ij32e8e7",
    "choices": "63413z",
    "circle": AN_ID,
    "days": "36500",
    "delivery": "A" * 22,
    "facilitators": "1y2p0ij32e8e7",
    "form": "addition-change",
    "kind": "update",
    "list": "allow",
    "moderators": "1y2p0ij32e8e7",
    "note": AN_ID,
    "numbers": "6.1439.20.720",
    "how": "nothing",
    "message": AN_ID,
    "occurrence": AN_ID,
    "page": "9999",
    "picked": "1ffffff",
    "receipt": new_receipt(),
    "reminder": AN_ID,
    "report": AN_ID,
    "revision": "99999",
    "setting": "first_reply",
    "sender": "moderators",
    "sign": "learned",
    "start": "2026-01-05",
    "subject": AN_ID,
    "story": AN_ID,
    "theme": AN_ID,
    "token": "A" * 16,
    "until": str(int(datetime(2099, 12, 31, tzinfo=UTC).timestamp())),
    "value": "yes",
    "voice": "unnamed",
    "weeks": "99",
    "what": "w",
    "why": "identifies",
    "wipe": AN_ID,
    "what_goes": "named",
    "zone": max(zone_names(), key=len),
}
"""The longest value of each argument. A new argument is entered here with its own."""


def golden() -> list[str]:
    """The patterns that were ever given away."""
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_no_pattern_that_was_given_away_is_missing_and_every_new_one_is_written_down() -> None:
    assert sorted(repr(pattern) for pattern in PATTERNS.values()) == golden()


def test_no_two_patterns_are_the_same() -> None:
    assert len({pattern.key for pattern in PATTERNS.values()}) == len(PATTERNS)


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS.keys())
def test_the_longest_custom_id_fits(pattern: CustomId) -> None:
    made = pattern(*(LONGEST[name] for name in pattern.arguments))

    assert len(made) <= 100


def test_no_argument_says_who_somebody_is() -> None:
    arguments = {name for pattern in PATTERNS.values() for name in pattern.arguments}

    assert arguments.isdisjoint({"user", "member", "author", "teller", "person", "user_id"})


texts = st.text(
    st.characters(blacklist_characters=":", blacklist_categories=("Cs",)), min_size=1, max_size=20
)


@given(st.sampled_from(list(PATTERNS.values())), st.data())
def test_what_is_built_is_read_again(pattern: CustomId, data: st.DataObject) -> None:
    values = tuple(data.draw(texts) for _ in pattern.arguments)
    try:
        made = pattern(*values)
    except ValueError:
        assert len(":".join((pattern.key, *values))) > 100
        return

    assert _split(made) == (pattern.key, values)


@pytest.mark.parametrize("values", [(), ("a", "b"), ("a:b",), ("",), ("a" * 100,)])
def test_what_does_not_fit_the_pattern_is_not_built(values: tuple[str, ...]) -> None:
    with pytest.raises(ValueError):
        CustomId("feature", "action", "argument")(*values)


@pytest.mark.parametrize("given", ["x", "", "-1", "+1", "1.5", " 1", "1_0", "٣", "²", "1" * 25, str(2**63)])
def test_a_number_that_can_be_no_id_is_an_old_button(given: str) -> None:
    with pytest.raises(Refusal) as refused:
        Press((given,)).number(0)
    assert refused.value.key == "refusals.old_button"


def test_an_id_is_read_as_it_was_written() -> None:
    assert Press((AN_ID, "0", str(2**63 - 1))).number(2) == 2**63 - 1


async def test_every_pattern_has_exactly_one_route_and_every_route_its_pattern(services: Services) -> None:
    keys = [route.id.key for route in routes_of(bot_of(services))]

    assert sorted(keys) == sorted(pattern.key for pattern in PATTERNS.values())


async def test_two_routes_for_one_pattern_are_refused(services: Services) -> None:
    route = routes_of(bot_of(services))[0]

    with pytest.raises(ValueError):
        Router([route, route])
