"""The library keeps its promises to those who read it and to those who edit it."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest

from bot.content.library import Library, LibraryError, load_library

REQUIRED_THEMES = {
    "goal", "silence", "mistake-named", "notes", "supervision", "vulnerability", "rupture", "endings",
    "boundaries", "time", "technology", "impostor", "countertransference",
}  # fmt: skip

# Words that carry no content: two questions may share these without being alike.
STOP_WORDS = set(
    re.findall(
        r"\w+",
        """
        a an and the of to in on at for with by from or but so as if it is was were be been are
        do did does had has have i you your yours we our us they them their this that these those
        what which who how when where not no
        """,
    )
)

SHAMING = re.compile(
    r"\b(shame\w*|ashamed|guilt\w*|fail\w*|should have|should've|confess\w*|unprofessional|incompetent"
    r"|careless|unethical|your fault|must|admit it was)\b",
    re.IGNORECASE,
)
IDENTIFYING = re.compile(
    r"\b(diagnos\w*|how old|what age|which client|who was (it|the client)|their name|client's name was|"
    r"nationality|where do they|what is their|describe the client|tell us about (the|your|a) client)\b",
    re.IGNORECASE,
)

THEME = """
key = "tea"
title = "Tea"
introduction = "Cups, and what we spill."
order = 1

[[prompts]]
key = "tea-1"
text = "Which cup did you knock over, and who mopped?"
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def texts(library: Library) -> dict[str, str]:
    return {prompt.key: prompt.text for theme in library.themes for prompt in theme.prompts}


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower().replace("’", "'"))) - STOP_WORDS


def write(folder: Path, text: str, name: str = "tea.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


# What a circle may count on


def test_a_circle_can_meet_for_a_year_and_a_half_without_a_repeat(library: Library) -> None:
    assert len(library.themes) >= 14
    assert all(len(theme.prompts) >= 6 for theme in library.themes)
    assert len(texts(library)) >= 84


def test_the_themes_that_therapists_ask_for_are_there(library: Library) -> None:
    assert {theme.key for theme in library.themes} >= REQUIRED_THEMES


def test_every_text_fits_where_it_is_shown(library: Library) -> None:
    for theme in library.themes:
        assert len(theme.title) <= 40, theme.key
        assert len(theme.introduction) <= 300, theme.key
        assert all(len(prompt.text) <= 300 for prompt in theme.prompts), theme.key


def test_no_two_prompts_share_more_than_half_their_words(library: Library) -> None:
    bags = {key: words(text) for key, text in texts(library).items()}
    alike = [
        (one, other, sorted(bags[one] & bags[other]))
        for one, other in combinations(bags, 2)
        if len(bags[one] & bags[other]) > 0.5 * min(len(bags[one]), len(bags[other]))
    ]
    assert alike == []


def test_prompts_open_in_many_ways(library: Library) -> None:
    openings = Counter(" ".join(text.split()[:2]).lower() for text in texts(library).values())
    first_words = Counter(text.split()[0].lower() for text in texts(library).values())
    assert openings.most_common(1)[0][1] <= 5
    assert first_words.most_common(1)[0][1] <= len(texts(library)) / 5


def test_every_prompt_asks_or_invites(library: Library) -> None:
    invitation = re.compile(r"\?|\b(tell us|describe|pick|write|try|finish|give us|share|walk us)\b", re.I)
    assert [key for key, text in texts(library).items() if not invitation.search(text)] == []


def test_no_prompt_is_a_questionnaire(library: Library) -> None:
    assert [key for key, text in texts(library).items() if text.count("?") > 3] == []


def test_no_prompt_shames(library: Library) -> None:
    assert [key for key, text in texts(library).items() if SHAMING.search(text)] == []


def test_no_prompt_asks_who_a_client_is(library: Library) -> None:
    assert [key for key, text in texts(library).items() if IDENTIFYING.search(text)] == []


def test_texts_show_as_written_on_discord(library: Library) -> None:
    shown = [text for theme in library.themes for text in (theme.title, theme.introduction)]
    markup = re.compile(r"[*_`~|<>#@\[\]\\{}]")
    assert [text for text in [*shown, *texts(library).values()] if markup.search(text)] == []


def test_an_introduction_suits_a_theme_of_several_weeks_too(library: Library) -> None:
    assert [theme.key for theme in library.themes if "this week" in theme.introduction.lower()] == []


def test_themes_come_in_library_order_with_keys_to_find_them_by(library: Library) -> None:
    assert [theme.key for theme in library.themes][:2] == ["goal", "silence"]
    for theme in library.themes:
        assert library.theme(theme.key) is theme
        for prompt in theme.prompts:
            assert library.prompt(prompt.key) is prompt
            assert library.theme_of(prompt.key) is theme


def test_a_key_that_left_the_library_is_answered_with_nothing(library: Library) -> None:
    assert library.theme("gone") is None
    assert library.prompt("gone-1") is None
    assert library.theme_of("gone-1") is None


# What an editor may count on


def test_every_file_says_on_top_in_two_lines_how_to_edit_it() -> None:
    for file in files("bot.content").joinpath("en", "library").iterdir():
        lines = file.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("# To edit"), file.name
        assert lines[1].startswith("# To add a question"), file.name
        assert not lines[2].startswith("#"), file.name


def test_an_edited_folder_is_read_in_its_own_order(tmp_path: Path) -> None:
    write(tmp_path, THEME.replace("order = 1", "order = 2"))
    write(tmp_path, THEME.replace("tea", "cake"), "cake.toml")
    write(tmp_path, "scribbles", "notes.txt")
    write(tmp_path, "left behind by a file manager", "._tea.toml")

    assert [theme.key for theme in load_library(folder=tmp_path).themes] == ["cake", "tea"]


def test_a_text_may_be_wrapped_over_several_lines(tmp_path: Path) -> None:
    write(tmp_path, THEME.replace('"Cups, and what we spill."', '"""\nCups, and\n  what we spill."""'))

    assert load_library(folder=tmp_path).themes[0].introduction == "Cups, and what we spill."


def test_a_file_saved_with_an_invisible_mark_in_front_is_read(tmp_path: Path) -> None:
    (tmp_path / "tea.toml").write_bytes(THEME.encode("utf-8-sig"))

    assert load_library(folder=tmp_path).theme("tea") is not None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "Tea"\n', "", 'the theme lacks "title"; add a line'),
        ("order = 1\n", "", 'the theme lacks "order"; add a line'),
        ('key = "tea-1"\n', "", 'question 1 lacks "key"; add a line'),
        ('"Tea"', f'"{"t" * 41}"', '"title" of the theme has 41 characters; shorten it to at most 40'),
        ("Cups,", "c" * 300, '"introduction" of the theme has 319 characters; shorten it to at most 300'),
        ("Which", "W" * 300, '"text" of question 1 has 340 characters; shorten it to at most 300'),
        ("order = 1", 'order = 1\ncolour = "red"', 'the theme has an unknown field "colour"; remove it'),
        ('key = "tea-1"', 'key = "tea-1"\ntag = "x"', 'question 1 has an unknown field "tag"; remove it'),
        ('key = "tea"', 'key = "coffee"', 'its key is "coffee"; give the file and the key the same name'),
        ('key = "tea-1"', 'key = "Tea 1"', "question 1 has a key that can't be used; write small letters"),
        ('"Cups, and what we spill."', '" "', '"introduction" of the theme says nothing; put words'),
        ("order = 1", 'order = "first"', '"order" is not a whole number; write for example'),
        ("order = 1", "order = true", '"order" is not a whole number; write for example'),
        ('title = "Tea"', 'title = "Tea', "can't be read"),
        (THEME[THEME.index("[[") :], "prompts = []", "the theme has no questions; write each one"),
        (THEME[THEME.index("[[") :], 'prompts = ["Why?"]', "question 1 is not a block; write it as"),
    ],
)
def test_a_slip_in_a_file_is_told_in_a_sentence_with_its_cure(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in THEME
    write(tmp_path, THEME.replace(old, new, 1))

    with pytest.raises(LibraryError) as caught:
        load_library(folder=tmp_path)

    assert str(caught.value).startswith("tea.toml")
    assert told in str(caught.value)


def test_a_key_used_twice_is_refused_across_files_too(tmp_path: Path) -> None:
    write(tmp_path, THEME)
    write(tmp_path, THEME.replace('"tea"', '"cake"'), "cake.toml")

    with pytest.raises(LibraryError, match=r'tea\.toml: the key "tea-1" stands in cake\.toml already; give'):
        load_library(folder=tmp_path)


def test_a_file_in_another_encoding_is_told_how_to_save_it(tmp_path: Path) -> None:
    (tmp_path / "tea.toml").write_bytes(THEME.replace("Tea", "Thé").encode("latin-1"))

    with pytest.raises(LibraryError, match=r"tea\.toml is not saved as UTF-8; save it again"):
        load_library(folder=tmp_path)


def test_an_empty_or_missing_folder_is_told_what_to_put_there(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="holds no themes; put at least one"):
        load_library(folder=tmp_path)
    with pytest.raises(LibraryError, match="is not a folder; name the folder"):
        load_library(folder=tmp_path / "nowhere")


@pytest.mark.parametrize("language", ["xx", "../en", "", "en/library"])
def test_a_language_without_a_library_is_told_which_there_are(language: str) -> None:
    with pytest.raises(LibraryError, match=r"There is no library in the language .*choose one of: en\."):
        load_library(language)
