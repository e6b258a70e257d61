"""How long things are kept: the shorter rule wins, and a shorter one of the operator's is announced first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.retention import NOTICE, OperatorRule, is_shorter, last_day_over, read_rule, shortest

DAY = date(2026, 3, 1)
DAYS = st.none() | st.integers(60, 36_500)
RULES = st.builds(OperatorRule, DAYS, st.dates(date(2020, 1, 1), date(2030, 1, 1)), DAYS)


@given(DAYS, DAYS)
def test_the_shorter_rule_wins_and_none_is_the_longest(one: int | None, other: int | None) -> None:
    found = shortest(one, other)

    assert found in {one, other}
    assert not is_shorter(one, found)
    assert not is_shorter(other, found)


@given(RULES, DAYS, st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_changed_setting_takes_nothing_away_within_the_notice(
    rule: OperatorRule, days: int | None, today: date
) -> None:
    changed = rule.changed(days, today)

    for ahead in range(NOTICE.days):
        day = today + timedelta(days=ahead)
        assert not is_shorter(changed.at(day), rule.at(today)) or changed is rule
    assert changed.at(max(today + NOTICE, changed.since)) == days


@given(RULES)
def test_it_is_read_as_it_was_written(rule: OperatorRule) -> None:
    assert read_rule(rule.written()) == rule


@pytest.mark.parametrize("memo", [None, "", "1", "a b c", "60 2026-02-30 0", "60 2026-02-20 0 1"])
def test_what_cannot_be_read_is_none(memo: str | None) -> None:
    assert read_rule(memo) is None


def test_what_is_kept_for_ninety_days_is_over_on_the_ninetieth() -> None:
    assert last_day_over(90, DAY) == date(2025, 12, 1)
