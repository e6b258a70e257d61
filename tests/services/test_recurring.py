"""A fault that comes again and again is told once, whole, and its end is told too."""

from __future__ import annotations

import logging

import pytest

from bot.operating.recurring import Recurring
from tests.conftest import ErrorCollector

log = logging.getLogger("bot.test_recurring")


def once(recurring: Recurring, error: Exception | None) -> None:
    with recurring.watched("looking"):
        if error is not None:
            raise error


def test_the_same_fault_is_told_once_another_one_too_and_then_that_it_is_over(
    caplog: pytest.LogCaptureFixture, logged_errors: ErrorCollector
) -> None:
    recurring = Recurring(log)

    with caplog.at_level(logging.INFO, log.name):
        for error in (None, OSError(), OSError(), OSError(), ValueError(), None, None, OSError()):
            once(recurring, error)

    logged_errors.records.clear()
    told = [(record.levelname, record.message, record.exc_info is not None) for record in caplog.records]
    failed, over = ("ERROR", "looking failed", True), ("INFO", "looking works again", False)
    assert told == [failed, failed, over, failed]


def test_things_that_fail_beside_each_other_are_told_each_for_itself(
    caplog: pytest.LogCaptureFixture, logged_errors: ErrorCollector
) -> None:
    recurring = Recurring(log)

    for what in ("prompts", "reminders", "prompts", "reminders"):
        with recurring.watched(what):
            raise OSError

    logged_errors.records.clear()
    assert [record.message for record in caplog.records] == ["prompts failed", "reminders failed"]
