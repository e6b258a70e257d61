"""Everything that can be pressed is known to the walks (``python -m tests.rehearsal.walk``)."""

from __future__ import annotations

from pathlib import Path

from tests.rehearsal.everything import NOT_PRESSED, NOT_YET, PRESSED

GOLDEN = Path(__file__).parents[1] / "contracts" / "custom_ids.txt"


def patterns() -> set[str]:
    """Every custom_id that was ever posted, without its arguments."""
    lines = GOLDEN.read_text(encoding="utf-8").splitlines()
    return {":".join(line.split(":")[:3]) for line in lines if line and not line.startswith("#")}


def test_every_button_is_pressed_by_somebody_or_has_a_reason_not_to_be() -> None:
    pressed = frozenset[str]().union(*PRESSED.values())

    assert patterns() == pressed | NOT_PRESSED.keys() | NOT_YET.keys()
    assert not pressed & (NOT_PRESSED.keys() | NOT_YET.keys())
    assert not NOT_PRESSED.keys() & NOT_YET.keys()


def test_what_is_not_walked_yet_names_a_test_that_there_is() -> None:
    for reason in NOT_YET.values():
        held_by = reason.rpartition("held by ")[2]
        assert (Path(__file__).parents[2] / held_by).is_file(), reason
