"""The rehearsal at the terminal: letters that skip time, how it begins, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from bot.content.words import Words, load_words
from bot.rehearsal.scene import Busy
from bot.rehearsal.terminal import Terminal
from tests.conftest import ErrorCollector
from tests.rehearsal.test_control import QUESTION, FakeStage

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def words() -> Words:
    return load_words()


@pytest.mark.parametrize(("letter", "asked"), [("h", "hour"), ("d", "day"), ("n", "next"), (" N ", "next")])
async def test_a_letter_skips_time_and_says_what_happened(words: Words, letter: str, asked: str) -> None:
    stage, said = FakeStage(), list[str]()

    await Terminal(stage, words, said.append).take(letter)

    assert stage.asked == [f"skip {asked}"]
    assert said == [
        f"{QUESTION.moment}: {QUESTION.text}",
        words("rehearsal.terminal.now", moment=stage.told.moment),
    ]


async def test_q_ends_it_and_anything_else_is_explained(words: Words) -> None:
    said = list[str]()
    terminal = Terminal(FakeStage(), words, said.append)

    for typed in ("what", "?", ""):
        await terminal.take(typed)
    assert said == [words("rehearsal.terminal.letters")] * 2
    assert not terminal.over.is_set()
    await terminal.take("q")

    assert terminal.over.is_set()


async def test_a_bot_that_is_busy_is_said(words: Words) -> None:
    said = list[str]()

    await Terminal(FakeStage(trouble=Busy()), words, said.append).take("d")

    assert said == [words("rehearsal.sorry.busy")]


async def test_a_mistake_doesnt_end_the_rehearsal(words: Words, logged_errors: ErrorCollector) -> None:
    said = list[str]()

    await Terminal(FakeStage(trouble=RuntimeError("a step that isn't there")), words, said.append).take("d")

    assert said == [words("rehearsal.sorry.failed")]
    assert len(logged_errors.records) == 1
    logged_errors.records.clear()


@contextmanager
def started(folder: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """``python -m bot rehearse`` without browser and settings; its temporary files go into ``folder``."""
    environment = {
        name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "SYSTEMROOT"}
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "rehearse", "--no-browser", *options],
        cwd=folder, env=environment | {"PYTHONPATH": str(PROJECT), "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_it_opens_without_token_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with started(tmp_path) as process:
        said = ""
        while (found := re.search(r"http://\S+", said)) is None:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.stderr and process.stderr.read()
            said += line
        with urlopen(found[0], timeout=30) as page:  # noqa: S310  # our own page
            assert "Share without my name" in page.read().decode()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)

    assert process.returncode == 0
    assert rest.endswith(load_words()("rehearsal.terminal.ended") + "\n")
    assert errors == ""
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with started(tmp_path, "--port", str(port)) as process:
            _, errors = process.communicate(timeout=60)

    assert process.returncode == 2
    assert errors == load_words()("cli.start.bad_port", port=port) + "\n"
    assert list(tmp_path.iterdir()) == []
