"""Errors of PostgreSQL without the values that they quote.

``hide_parameters`` leaves out what we sent, not what the server and its driver answer: a refused row is
quoted whole as the error's detail (https://www.postgresql.org/docs/current/protocol-error-fields.html), and
asyncpg quotes an argument that it can't encode. Both would stand in the log.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine

HIDDEN = "[hidden]"
_ARGUMENT = re.compile(r"(query argument \$\d+):.*", re.DOTALL)


def hide_values(engine: AsyncEngine) -> None:
    """Let no error of this engine quote a value: not its own message, nor those that it came from."""

    @event.listens_for(engine.sync_engine, "handle_error")
    def on_error(context: ExceptionContext) -> None:  # pyright: ignore[reportUnusedFunction]  # SQLAlchemy calls it
        driver = context.original_exception.__cause__
        detail: object = getattr(driver, "detail", None)

        def hidden(text: str) -> str:
            if isinstance(detail, str) and detail:
                text = text.replace(detail, HIDDEN)
            return _ARGUMENT.sub(rf"\1: {HIDDEN}", text)

        for error in (context.original_exception, context.sqlalchemy_exception, driver):
            _rewrite(error, hidden)
        if detail:
            driver.detail = HIDDEN  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess]  # just found


def _rewrite(error: BaseException | None, hidden: Callable[[str], str]) -> None:
    if error is not None:
        error.args = tuple(hidden(part) if isinstance(part, str) else part for part in error.args)
