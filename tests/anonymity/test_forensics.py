"""Months later no byte leads to a teller, and what was taken back can't be read. ``python -m tests.anonymity
forensics`` lives longer, and with the real process."""

from __future__ import annotations

from pathlib import Path

from tests.anonymity.forensics import proof
from tests.anonymity.forensics.daily import DEEDS


async def test_after_months_nothing_leads_to_a_teller_and_nothing_taken_back_can_be_read(
    tmp_path: Path,
) -> None:
    found = await proof.play(tmp_path, seed=6, weeks=2, deeds=5)

    assert found.tellers == {}
    assert found.out_of_place == {}
    assert found.words == {}
    assert found.logged == {}
    assert found.unseen == []  # the search finds every form in every kind of place
    assert found.seen["crashes"]
    assert found.seen["backups"] == 2
    assert found.seen["searches"] == 3
    # it sees deleted words where they are known to be: in the files, until the night
    assert found.seen["deeds that leave words until the night"]
    assert sum(f"done: {deed}" in found.seen for deed in DEEDS) > 25
