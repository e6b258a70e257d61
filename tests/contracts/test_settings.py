"""Every setting is explained to who has to set it."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from bot.content.words import load_words
from bot.settings import SETTINGS, SettingsError, read_settings

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.env"
OPERATING = ROOT / "docs" / "operating.md"


def explained() -> dict[str, tuple[str, str]]:
    """The example's settings in order, each with its explanation and its default."""
    found: dict[str, tuple[str, str]] = {}
    comment: list[str] = []
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            comment.append(line.lstrip("# "))
        elif setting := re.fullmatch(r"([A-Z_]+)=(.*)", line):
            found[setting[1]] = (" ".join(comment), setting[2])
        else:
            assert line == "", f"neither a setting nor an explanation: {line}"
            comment.clear()
    return found


def test_the_example_has_every_setting_and_no_other_in_the_same_order() -> None:
    assert tuple(explained()) == SETTINGS


@pytest.mark.parametrize("name", SETTINGS)
def test_each_is_explained_there(name: str) -> None:
    explanation, _default = explained()[name]

    assert len(explanation) > 40


def test_the_example_as_it_stands_means_the_defaults() -> None:
    required = {
        "DISCORD_TOKEN": "made.up.token",
        "OPERATOR_CONTACT": "Ann, ann@example.org",
        "PEPPER": base64.urlsafe_b64encode(bytes(range(32))).decode(),
    }
    written = {name: default for name, (_, default) in explained().items()}

    assert read_settings(written | required) == read_settings(required)


def test_the_copy_that_init_writes_is_the_same() -> None:
    assert (ROOT / "bot" / "config.example.env").read_bytes() == EXAMPLE.read_bytes()


@pytest.mark.skipif(not OPERATING.exists(), reason="there is no page for operators yet")
def test_the_operators_page_tells_of_every_setting_and_invents_none() -> None:
    page = OPERATING.read_text(encoding="utf-8")

    assert [name for name in SETTINGS if not re.search(rf"`{name}[`=]", page)] == []
    invented = set(re.findall(r"`([A-Z]{3,}(?:_[A-Z]+)+)[`=]", page)) - set(SETTINGS)
    assert invented == set()


@pytest.mark.parametrize("given", ["not there.toml", "broken.toml", "empty.toml"])
def test_a_list_of_help_with_a_mistake_is_told_at_start_and_a_good_one_taken(
    given: str, tmp_path: Path
) -> None:
    (tmp_path / "broken.toml").write_text("[international", encoding="utf-8")
    (tmp_path / "empty.toml").write_text("", encoding="utf-8")
    shipped = (ROOT / "bot" / "content" / "resources.toml").read_bytes()
    (tmp_path / "good.toml").write_bytes(shipped)
    required = {
        "DISCORD_TOKEN": "made.up.token",
        "OPERATOR_CONTACT": "Ann, ann@example.org",
        "PEPPER": base64.urlsafe_b64encode(bytes(range(32))).decode(),
    }

    with pytest.raises(SettingsError) as refused:
        read_settings(required | {"HELP_FILE": str(tmp_path / given)})

    assert (refused.value.setting, refused.value.key) == ("HELP_FILE", "bad_help_file")
    assert given in load_words()("cli.settings.bad_help_file", setting="HELP_FILE", **refused.value.values)
    good = tmp_path / "good.toml"
    assert read_settings(required | {"HELP_FILE": str(good)}).help_file == good
