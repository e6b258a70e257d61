"""The bot works as installed: built, put into an empty environment, and started far from its source."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.cli.exits import Exit
from bot.settings import SETTINGS
from tests.cli.commands import ROOT

OLDEST_SETUPTOOLS = 77
"""The first that reads the licence as pyproject.toml names it."""
PACKAGES = ("bot", "cogs", "db")


def environment() -> dict[str, str]:
    """This one without the bot's settings, and without a way back to the source."""
    return {name: value for name, value in os.environ.items() if name not in {*SETTINGS, "PYTHONPATH"}}


def setuptools_is_here() -> bool:
    try:
        return int(version("setuptools").split(".")[0]) >= OLDEST_SETUPTOOLS
    except PackageNotFoundError:
        return False


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the wheel is built from, so that nothing is left behind in the checkout."""
    copy = tmp_path_factory.mktemp("source") / "good-enough"
    copy.mkdir()
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / package, copy / package, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    how = ["--no-isolation"] if setuptools_is_here() else []
    command = [sys.executable, "-m", "build", "--wheel", *how, "--outdir", str(folder), str(source)]
    built = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


def test_everything_that_is_no_code_is_in_the_wheel(source: Path, wheel: Path) -> None:
    wanted = {
        path.relative_to(source).as_posix()
        for package in PACKAGES
        for path in (source / package).rglob("*")
        if path.is_file()
    }
    assert wanted - set(ZipFile(wheel).namelist()) == set()
    for kind in ("bot/content/en/library/", "bot/rehearsal/page/", "db/migrations/versions/"):
        assert any(name.startswith(kind) for name in wanted)


def test_the_wheel_holds_nothing_but_the_bot(wheel: Path) -> None:
    assert {name.split("/")[0].split("-")[0] for name in ZipFile(wheel).namelist()} == {
        *PACKAGES,
        "good_enough",
    }


def test_an_installed_bot_checks_itself_far_from_its_source(wheel: Path, tmp_path: Path) -> None:
    python = installed(wheel, tmp_path / "environment")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    checked = run(python, "-m", "bot", "check", folder=elsewhere)
    assert checked.returncode == Exit.FINDINGS, checked.stderr
    assert checked.stderr == ""
    assert "DISCORD_TOKEN" in checked.stdout
    written = run(python, "-m", "bot", "init", folder=elsewhere)
    assert written.returncode == Exit.FINE, written.stderr
    where = run(python, "-c", "import bot; print(bot.__file__)", folder=elsewhere).stdout
    assert where.startswith(str(tmp_path))


def installed(wheel: Path, folder: Path) -> Path:
    """A new environment with the wheel in it. What the bot needs is borrowed from this one, so that
    nothing is fetched; the folder of the wheel comes first."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = folder / scripts / ("python.exe" if os.name == "nt" else "python")
    show = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run(python, "-c", show, folder=folder).stdout.strip())
    pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet"]
    subprocess.run([*pip, "--target", packages, wheel], env=environment(), check=True)
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python


def run(python: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, *arguments],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
