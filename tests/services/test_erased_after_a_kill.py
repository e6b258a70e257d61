"""What was deleted can't be read in the files, also if the process was killed while it rewrote them.

A real process is killed with SIGKILL at a chosen stage of its clean-up; the next one finishes it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.services.erasing import FILE, GONE, STORIES, clean

ROOT = Path(__file__).parents[2]
TRIES = 10
"""To hit the moment, on a machine that is busy."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lived")
    assert started("live", folder).wait(60) == 0
    assert in_the_files(folder)
    return folder


def started(what: str, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.services.erasing", what, str(folder)], cwd=ROOT)


def in_the_files(folder: Path) -> bool:
    return any(GONE.encode() in path.read_bytes() for path in folder.iterdir())


def reached(stage: str, folder: Path) -> Callable[[], bool]:
    """Whether the clean-up is so far, as far as its files tell."""
    file, log = folder / FILE, folder / f"{FILE}-wal"
    written, length = file.stat().st_mtime_ns, log.stat().st_size

    def into_the_log() -> bool:
        try:
            return log.stat().st_size > length
        except FileNotFoundError:  # it is done already
            return False

    def into_the_file() -> bool:
        return file.stat().st_mtime_ns != written

    return into_the_file if stage == "checkpoint" else into_the_log


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("stage", ["VACUUM", "checkpoint"])
def test_a_process_killed_while_it_erases_leaves_nothing_to_the_one_that_follows(
    lived: Path, tmp_path: Path, stage: str
) -> None:
    for number in range(TRIES):
        folder = tmp_path / str(number)
        shutil.copytree(lived, folder)
        if killed_in(stage, folder) and in_the_files(folder):
            break
    else:
        pytest.fail("it was always too fast to be killed in the middle")

    assert asyncio.run(clean(folder)) == 1

    assert not in_the_files(folder)
    with closing(sqlite3.connect(folder / FILE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (kept,) = connection.execute("SELECT count(*) FROM stories").fetchone()
    assert kept == STORIES // 2


def killed_in(stage: str, folder: Path) -> bool:
    """Start the clean-up, and kill it at a stage. Returns whether that came before its end."""
    so_far = reached(stage, folder)
    process = started("clean", folder)
    end = time.monotonic() + 60
    while not so_far() and process.poll() is None and time.monotonic() < end:
        pass
    process.send_signal(signal.SIGKILL)
    return process.wait(60) == -signal.SIGKILL
