"""A thief links no story to its teller, nor two stories of one teller; and the same thief wins against a
bot that breaks its promise. ``python -m tests.anonymity linking`` plays longer."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.anonymity.linking.attacker import Attacker
from tests.anonymity.linking.broken import BROKEN
from tests.anonymity.linking.game import Loot, play
from tests.anonymity.linking.world import make_world

FEW = {"the key file is written at Post": 50}
"""Of so many stories only a few have a time; every other leak shows at each of them."""


async def test_a_thief_of_the_database_links_nothing_and_of_everything_nothing_after_the_window(
    tmp_path: Path,
) -> None:
    random = Random(1)
    world = make_world(random, circles=1, members=10, stories=70, weeks=2)
    played = await play(tmp_path, world, random, delay=30)
    attacker = Attacker(played, random)

    assert len(played.stories) == 70
    assert not attacker.by_rows(Loot(played.inside.cells)).surprising
    assert not attacker.by_rows(Loot(played.after.cells)).surprising
    assert not attacker.by_rows(played.after).surprising
    # what is openly not covered: inside the window who has every file and secret can test members
    assert attacker.by_rows(played.inside).tellers.found == 1
    # and who watches everybody sees more in half an hour than chance would
    assert attacker.by_presence().tellers.found > 0.2


@pytest.mark.parametrize("what", BROKEN)
async def test_the_same_thief_wins_against_a_bot_that_breaks_its_promise(tmp_path: Path, what: str) -> None:
    random = Random(2)
    world = make_world(random, circles=1, members=10, stories=FEW.get(what, 36), weeks=2)
    played = await play(tmp_path, world, random, delay=30, breaking=BROKEN[what], to_the_end=False)
    attacker = Attacker(played, random)

    from_rows, (from_times, _source) = attacker.by_rows(Loot(played.inside.cells)), attacker.by_moments()

    assert from_rows.surprising or from_times.p < 0.001
