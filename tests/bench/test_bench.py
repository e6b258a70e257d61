"""The benchmark's own arithmetic, and that its parts still run: numbers are for the command alone."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.bench import ticks
from tests.bench.crowd import Waits
from tests.bench.report import Row, percentile, table


@given(st.lists(st.floats(0, 10), min_size=1, max_size=300), st.floats(0, 1))
def test_a_percentile_is_one_of_the_values_and_so_many_do_not_exceed_it(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)

    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


def test_who_got_no_answer_counts_as_having_waited_to_the_end() -> None:
    waits = Waits([0.01] * 98, unanswered=2)

    assert waits.percentile(0.5) == 0.01
    assert waits.percentile(0.99) == 3.0


def test_what_falls_short_stands_out_in_the_table() -> None:
    text = table([Row("a", "1"), Row("b", "2", "≤ 3", True), Row("c", "4", "≤ 3", False)])

    assert text.splitlines()[2:] == ["| a | 1 |  |  |", "| b | 2 | ≤ 3 | yes |", "| c | 4 | ≤ 3 | **no** |"]


async def test_a_small_database_can_be_measured(tmp_path: Path) -> None:
    rows = await ticks.measure(tmp_path, 30, 3)

    assert [row.reach for row in rows] == ["≤ 5 ms", ""]
