"""``details`` measures on an operator's own texts, and shows none of their words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli.exits import Exit
from tests.cli.commands import ended


def written(folder: Path, *lines: object) -> str:
    file = folder / "texts.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    return str(file)


async def test_it_tells_what_was_found_missed_and_wrong(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        {
            "id": "1",
            "text": "My client Anna rang 07911 123 456.",
            "spans": [[10, 14, "PERSON"], [20, 33, "PHONE"]],
        },
        {"id": "2", "text": "It was the sitting one.", "spans": [[11, 18, "PERSON"]]},
        {"id": "3", "text": "I told Priya so.", "spans": []},
        {"id": "4", "text": "Freud again.", "spans": []},
    )
    end = await ended(tmp_path, "details", file)
    assert end.code == Exit.FINE, end.err
    assert "Texts: 4, of which 2 hold no detail. Marked details: 3." in end.out
    assert "missed in line 2: PERSON at 11 to 18" in end.out
    assert "wrongly certain in line 3: PERSON at 7 to 12" in end.out
    rows = [line.split() for line in end.out.splitlines() if line.startswith("P")]
    assert rows == [["PERSON", "2", "0.500", "0.500"], ["PHONE", "1", "1.000", "1.000"]]
    assert "Found: 0.667; as certain: 0.667. Texts with every detail found: 0.500." in end.out
    assert "Right when certain: 0.667. Texts without details left alone: 0.500." in end.out
    assert "Time for 4,000 characters: median" in end.out
    assert "Anna" not in end.out + end.err
    assert "Priya" not in end.out + end.err


@pytest.mark.parametrize(("lines", "said"), [
    (["no json"], "Line 1 of"),
    (['{"text": "a"}'], "Line 1 of"),
    (['{"text": "a", "spans": []}', '{"text": "a", "spans": [[0, 2, "PERSON"]]}'], "Line 2 of"),
    (['{"text": 1, "spans": []}'], "Line 1 of"),
    (["", " "], "holds no text"),
])  # fmt: skip
async def test_what_it_can_not_read_is_said_in_a_sentence(
    tmp_path: Path, lines: list[str], said: str
) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    end = await ended(tmp_path, "details", str(file))
    assert end.code == Exit.NOT_MARKED_TEXTS
    assert said in end.sentence


async def test_a_missing_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    end = await ended(tmp_path, "details", "nowhere.jsonl")
    assert end.code == Exit.NOT_MARKED_TEXTS
    assert "nowhere.jsonl" in end.sentence
