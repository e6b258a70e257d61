"""Style, types and the direction of imports are part of what the tests promise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUIET = {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
"""Pyright then doesn't ask whether there is a newer one; the one that is installed runs, offline."""


@pytest.mark.parametrize("command", [
    pytest.param(("-m", "ruff", "check", "."), id="lint"),
    pytest.param(("-m", "ruff", "format", "--check", "."), id="format"),
    pytest.param(("-m", "pyright", "--pythonpath", sys.executable), id="types"),
    pytest.param(("-c", "import sys; from importlinter.cli import lint_imports_command as lint; "
                  "sys.argv[1:] = ['--no-logo', '--no-cache']; lint()"), id="imports"),
])  # fmt: skip
def test_the_tools_find_nothing(command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | QUIET,
        capture_output=True,
        text=True,
        timeout=240,
    )

    assert done.returncode == 0, done.stdout + done.stderr
