"""What is never logged, whatever the operator asks for."""

from __future__ import annotations

import asyncio
import ctypes
import importlib
import json
import logging
import os
import re
import sys

import pytest

from bot.__main__ import COMMANDS, main
from bot.cli import held_back
from bot.cli.logging_setup import LIBRARIES, Discreet, DiscreetJson, set_up_logging
from bot.pressing import pressed
from tests.cli.commands import TOKEN

PR_GET_DUMPABLE = 3
ARGUMENTS = {"backup": ("copy",), "details": ("texts.jsonl",), "restore": ("copy",)}


def record(name: str, message: str, error: BaseException | None = None) -> logging.LogRecord:
    told = (type(error), error, None) if error else None
    return logging.LogRecord(name, logging.WARNING, "", 1, message, None, told)


@pytest.mark.usefixtures("usual_logging")
@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_libraries_stay_quiet_about_values_also_when_we_are_not(level: str) -> None:
    set_up_logging(level, ())
    for name in (*LIBRARIES, "discord.gateway", "sqlalchemy.engine", "some.library"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
    assert not logging.getLogger("sqlalchemy.engine").isEnabledFor(logging.INFO)
    assert logging.getLogger("bot.client").isEnabledFor(logging.DEBUG) == (level == "DEBUG")


@pytest.mark.usefixtures("usual_logging")
def test_less_can_be_asked_for() -> None:
    set_up_logging("ERROR", ())
    assert not logging.getLogger("discord.http").isEnabledFor(logging.WARNING)
    assert not logging.getLogger("bot.client").isEnabledFor(logging.WARNING)


def test_the_token_is_never_in_a_line_not_even_in_a_traceback() -> None:
    line = Discreet([TOKEN, ""]).format(record("bot.x", f"with {TOKEN}", ValueError(f"not {TOKEN}")))
    assert TOKEN not in line
    assert line.count("[hidden]") == 2


def test_a_person_in_the_address_of_a_request_is_not_logged() -> None:
    discreet = Discreet([])
    message = "GET https://discord.com/api/v10/guilds/123456789012345678/members/987654321098765432"
    assert "987654321098765432" not in discreet.format(record("discord.http", message))


@pytest.mark.usefixtures("usual_logging")
def test_a_connection_that_breaks_takes_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO", ())
    try:
        raise ConnectionResetError("gone")
    except ConnectionResetError:
        logging.getLogger("discord.client").exception("Attempting a reconnect in %.2fs", 1.5)
    line = capsys.readouterr().err.strip()
    assert "\n" not in line
    assert "WARNING" in line
    assert "reconnect in 1.50s" in line
    assert "ConnectionResetError" in line


def test_neither_is_one_that_stands_in_an_error_of_our_own() -> None:
    told = record("bot.interactions", "reference AB12CD", ValueError("GET /users/987654321098765432"))
    assert "987654321098765432" not in Discreet([]).format(told)


@pytest.mark.usefixtures("usual_logging")
@pytest.mark.parametrize("form", ["plain", "json"])
async def test_what_is_logged_while_somebody_tells_comes_later_and_with_the_day_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(held_back, "WAIT", (0.05, 0.1))
    set_up_logging("DEBUG", (), form)
    log = logging.getLogger("bot.x")

    async def tell() -> None:
        pressed(open=False)
        log.info("answered slowly")
        try:
            raise ValueError("made up")
        except ValueError:
            log.exception("reference AB12CD")

    await asyncio.create_task(tell())
    log.warning("the bot's own")
    assert "AB12CD" not in (own := capsys.readouterr().err)
    assert re.search(r"\d\d:\d\d:\d\dZ", own)

    await asyncio.sleep(0.2)
    later = capsys.readouterr().err
    assert "reference AB12CD" in later
    assert "ValueError: made up" in later
    assert "answered slowly" not in later
    assert re.search(r"\d{4}-\d\d-\d\d", later)
    assert not re.search(r"\d\d:\d\d", later)


@pytest.mark.usefixtures("usual_logging")
async def test_what_is_still_held_is_written_when_the_process_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logging("INFO", ())
    (handler,) = [one for one in logging.root.handlers if isinstance(one, held_back.HoldingBack)]

    async def tell() -> None:
        pressed(open=False)
        logging.getLogger("discord.http").warning("We are being rate limited.")

    await asyncio.create_task(tell())
    assert capsys.readouterr().err == ""
    handler.close()
    assert capsys.readouterr().err.count("rate limited") == 1


def test_json_lines_are_as_discreet_and_hold_the_traceback_in_one_line() -> None:
    try:
        raise ValueError(f"not {TOKEN}")
    except ValueError as error:
        told = logging.LogRecord(
            "discord.http", logging.ERROR, "", 1, "members/%s", ("987654321098765432",),
            (type(error), error, error.__traceback__),
        )  # fmt: skip
    line = DiscreetJson([TOKEN]).format(told)
    assert "\n" not in line
    assert TOKEN not in line
    assert "987654321098765432" not in line
    found = json.loads(line)
    assert found.keys() == {"time", "level", "logger", "message", "traceback"}
    assert found["message"] == "members/[hidden]"
    assert "ValueError: not [hidden]" in found["traceback"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["time"])


@pytest.mark.usefixtures("usual_logging")
def test_the_form_is_chosen_by_the_setting(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("INFO", (), "json")
    logging.getLogger("bot.x").warning("said %s", "“so”")
    assert json.loads(capsys.readouterr().err)["message"] == "said “so”"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows writes no core dumps")
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_writes_a_core_dump_or_lets_another_program_look(command: str) -> None:
    import resource

    def work(*_: object) -> int:
        limited = resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
        looked_at = sys.platform == "linux" and ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0
        return 0 if limited and not looked_at else 1

    child = os.fork()
    if child == 0:
        code = 99
        try:
            module = importlib.import_module(f"bot.cli.{command.replace('-', '_')}")
            setattr(module, "work", work)  # noqa: B010  # a module's attribute
            code = main([command, *ARGUMENTS.get(command, ())])
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
