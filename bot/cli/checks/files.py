"""The settings file, and whether folders can be written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from bot.cli.environment import ENV_FILE, names_in
from bot.cli.problems import Problem
from bot.cli.report import Report
from bot.settings import SETTINGS


def look_at_settings(
    report: Report, folder: Path, wrong: Mapping[str, Problem], *, being_changed: bool
) -> None:
    """Every setting that is missing, malformed or unknown, and who may read the file.

    ``being_changed``: there is a pepper of before.
    """
    before = report.findings
    path = folder / ENV_FILE
    for problem in wrong.values():
        report.problem(problem)
    for name in names_in(folder):
        if name not in SETTINGS:
            report.finding("unknown_setting", name=name, file=path)
    if open_to_others(path):
        report.finding("open_to_others", file=path)
    if being_changed:
        report.finding("pepper_before")
    if report.findings == before:
        report.well("settings")


def open_to_others(path: Path) -> bool:
    """Whether other users of this machine may read the file. Windows tells that in another way."""
    return os.name != "nt" and path.exists() and bool(path.stat().st_mode & 0o077)


def can_be_made(path: Path) -> bool:
    """Whether a file that isn't there yet can be made, with its folders."""
    folder = path.absolute().parent
    while not folder.exists():
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
