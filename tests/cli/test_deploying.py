"""The container file and the systemd unit do what the operator's guide says, and nothing else."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib

import pytest

from bot.cli.exits import Exit
from bot.cli.run import STOP_SECONDS
from tests.cli.commands import ROOT

GUIDE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
CONTAINER = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
UNIT = ROOT / "deploy" / "good-enough.service"
INSTALL = (".venv/bin/pip", "install", "-c", "constraints.txt", "-e")
FOR_SOMEBODY = {
    Exit.USAGE, Exit.MISSING_TOKEN, Exit.BAD_TOKEN, Exit.MISSING_CONTACT, Exit.MISSING_PEPPER,
    Exit.BAD_PEPPER, Exit.BAD_SETTING, Exit.BAD_ENV_FILE, Exit.DATABASE_TOO_NEW, Exit.WRONG_PEPPER,
    Exit.BAD_KEY_FILE, Exit.MISSING_PACKAGE, Exit.TOKEN_REFUSED, Exit.RESTORE_UNFINISHED,
}  # fmt: skip
"""How ``run`` ends where starting again would change nothing."""


def instructions(name: str) -> list[str]:
    """What follows each instruction of a name in the container file."""
    return re.findall(rf"^{name} (.*)$", CONTAINER, flags=re.MULTILINE)


def unit(name: str) -> list[str]:
    """The values of a setting of the unit."""
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(encoding="utf-8"), flags=re.MULTILINE)


def steps() -> list[list[str]]:
    """The commands in the guide's grey boxes, as lists of words, without who runs them."""
    boxes = re.findall(r"^ *```\n(.*?)^ *```", GUIDE, flags=re.MULTILINE | re.DOTALL)
    lines = [shlex.split(line, comments=True) for box in boxes for line in box.splitlines()]
    return [line[3:] if line[:2] == ["sudo", "-u"] else line for line in lines]


def test_the_container_is_made_by_the_guides_steps() -> None:
    environment, install, _ = (shlex.split(line) for line in instructions("RUN"))

    assert environment in steps()
    assert [word for word in install if word != "--no-cache-dir"][:-1] == list(INSTALL)
    assert [*INSTALL, "."] in steps()


def test_the_container_installs_extras_that_there_are() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        extras = tomllib.load(file)["project"]["optional-dependencies"]
    (wanted,) = re.findall(r"'\.\[(.*)\]'", CONTAINER)

    assert set(wanted.split(",")) <= set(extras)


def test_the_container_copies_what_is_there_and_no_settings() -> None:
    copied = [word for line in instructions("COPY") for word in line.split()[:-1]]

    assert all((ROOT / name).exists() for name in copied)
    assert not [name for name in copied if name.startswith(".")]
    allowed = (ROOT / "deploy" / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in allowed if line.startswith("!")} == set(copied)


def test_container_and_unit_run_the_guides_command() -> None:
    (entry,) = instructions("ENTRYPOINT")
    (started,) = unit("ExecStart")
    (folder,) = unit("WorkingDirectory")
    command = [".venv/bin/python", "-m", "bot"]

    assert re.findall(r'"([^"]*)"', entry) == command
    assert command in steps()
    assert started.split() == [f"{folder}/{command[0]}", *command[1:]]
    assert folder in GUIDE


def test_whoever_supervises_waits_until_the_bot_has_stopped_by_itself() -> None:
    (seconds,) = unit("TimeoutStopSec")

    assert STOP_SECONDS < int(seconds) <= 15


def test_the_unit_starts_again_unless_somebody_has_to_mend_something() -> None:
    (codes,) = unit("RestartPreventExitStatus")

    assert {int(code) for code in codes.split()} == set(FOR_SOMEBODY)
    assert unit("Restart") == ["always"]
    assert int(unit("RestartSec")[0]) >= 10


def test_the_unit_writes_nothing_but_data_and_dumps_no_memory() -> None:
    assert unit("ReadWritePaths") == [f"{unit('WorkingDirectory')[0]}/data"]
    assert unit("ProtectSystem") == ["strict"]
    assert unit("NoNewPrivileges") == ["yes"]
    assert unit("LimitCORE") == ["0"]
    assert unit("UMask") == ["0077"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_understands_every_line_of_the_unit() -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", str(UNIT)],  # noqa: S607  # wherever the system has it
        capture_output=True,
        text=True,
        check=False,
    )

    unknown = set(re.findall(r"Unknown key '(\w+)'", done.stderr))
    assert unknown <= {"RestartSteps", "RestartMaxDelaySec"}  # from systemd 254 on; ignored before
    assert "Failed to parse" not in done.stderr
