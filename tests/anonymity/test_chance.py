"""The arithmetic by which the proofs tell a leak from chance."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.anonymity.chance import Share, area, area_of_pairs, permutation_p, ranks, spearman, within


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=40))
def test_ranks_keep_the_order_and_their_sum(values: list[int]) -> None:
    found = ranks(values)

    assert sum(found) == len(values) * (len(values) + 1) / 2
    for one, its_rank in zip(values, found, strict=True):
        assert all((one < other) == (its_rank < rank) for other, rank in zip(values, found, strict=True))


def test_the_same_order_correlates_wholly_and_its_reverse_too() -> None:
    assert spearman([1, 2, 3, 4], [10, 20, 30, 99]) > 0.999
    assert spearman([1, 2, 3, 4], [4, 3, 2, 1]) < -0.999
    assert spearman([1, 2, 3], [5, 5, 5]) == 0


def test_a_kept_order_is_noticed_in_small_groups_and_a_shuffled_one_is_not() -> None:
    random = Random(1)
    kept = [[(float(n), float(n)) for n in range(8)] for _ in range(6)]
    shuffled = [[(a, random.random()) for a, _ in group] for group in kept]

    assert within(kept).surprising
    assert permutation_p(kept, random, 500) < 0.01
    assert not within(shuffled).surprising
    assert permutation_p(shuffled, random, 500) > 0.01
    assert within([[(1.0, 2.0)], [(1.0, 1.0), (2.0, 1.0), (3.0, 1.0)]]).groups == 0


def test_independent_orders_deviate_as_much_as_is_said() -> None:
    """The variance that ``within`` counts with is that of permutations, ties included."""
    random = Random(2)
    found = list[float]()
    for _ in range(600):
        groups = [[(float(n), float(random.randrange(4))) for n in range(9)] for _ in range(3)]
        found.append(within(groups).deviations)

    assert abs(sum(found) / len(found)) < 0.15
    assert 0.85 < sum(one * one for one in found) / len(found) < 1.15


def test_an_area_is_one_for_what_is_told_apart_and_a_half_for_what_is_not() -> None:
    assert area([3, 4, 1, 2], [True, True, False, False]) == 1
    assert area([1, 1, 1], [True, False, False]) == 0.5


def test_pairs_of_one_owner_that_score_higher_are_noticed() -> None:
    random = Random(3)
    owners = [n % 5 for n in range(60)]
    pairs = [(a, b) for a in range(60) for b in range(a)]
    telling = [float(owners[a] == owners[b]) + random.random() for a, b in pairs]
    silent = [random.random() for _ in pairs]

    assert area_of_pairs(telling, pairs, owners, [0] * 60, random).surprising
    assert not area_of_pairs(silent, pairs, owners, [0] * 60, random).surprising


def test_many_right_guesses_are_no_chance_and_a_few_are() -> None:
    assert Share(30, 50, 0.1).surprising
    assert not Share(6, 50, 0.1).surprising
    assert not Share(0, 0, 0.1).surprising
    assert abs(Share(2, 3, 0.5).p - 0.5) < 1e-12
    low, high = Share(30, 50, 0.1).interval
    assert low < 0.6 < high
