"""Names of who was here: bounded, forgotten, and never telling on which day somebody was."""

from __future__ import annotations

from datetime import timedelta

from bot.lately import MOST_NAMES, MOST_PLACES, TURN, TURNS, Lately
from tests.conftest import Now


def test_a_name_counts_from_the_next_turn_on_for_four_weeks(now: Now) -> None:
    lately = Lately(now, 0.3)
    lately.heard(1, "Quillonia Vex (she/her)")
    assert lately.names(1) == frozenset()

    now.forward(days=TURN.days)
    assert lately.names(1) == {"Quillonia Vex", "Quillonia", "Vex"}
    assert lately.names(2) == frozenset()
    now.at += TURN * (TURNS + 1)
    assert lately.names(1) == frozenset()


def test_all_who_came_in_one_turn_begin_to_count_at_the_same_moment(now: Now) -> None:
    lately, moments = Lately(now, 0.6), set[tuple[str, ...]]()
    lately.heard(1, "Ada")
    for hour in range(96):
        now.forward(hours=1)
        if hour == 3:
            lately.heard(1, "Bela")
        moments.add(tuple(sorted(lately.names(1))))

    assert moments <= {(), ("Ada", "Bela"), ("Ada",)}
    assert ("Ada", "Bela") in moments


def test_it_stays_small(now: Now) -> None:
    lately = Lately(now, 0)
    for number in range(MOST_NAMES * 2):
        lately.heard(1, f"Name{number}")
    now.at += timedelta(days=3)
    assert len(lately.names(1)) == MOST_NAMES
    for place in range(MOST_PLACES + 1):
        lately.heard(place + 2, "Ada")
    assert lately.names(1) == frozenset()


def test_a_name_of_signs_alone_is_no_name(now: Now) -> None:
    lately = Lately(now, 0)
    lately.heard(1, "(away)")
    now.forward(days=3)

    assert lately.names(1) == frozenset()
