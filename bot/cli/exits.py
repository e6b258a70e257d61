"""How a command ends: a number for each kind of problem, so that scripts and supervisors can tell them
apart. ``docs/operating.md`` says what to do about each; a test compares the two."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes. 1 stays Python's own: a fault of ours, with a traceback."""

    FINE = 0
    USAGE = 2
    """argparse's number for a command line that it doesn't understand."""
    FINDINGS = 3
    """``check`` found something to put right."""

    MISSING_TOKEN = 10
    BAD_TOKEN = 11
    MISSING_CONTACT = 12
    MISSING_PEPPER = 13
    BAD_PEPPER = 14
    BAD_SETTING = 15
    BAD_ENV_FILE = 16
    ENV_EXISTS = 17

    UNWRITABLE = 20
    DATABASE_BUSY = 21
    DATABASE_TOO_NEW = 22
    DATABASE_UNUSABLE = 23
    WRONG_PEPPER = 24
    BAD_KEY_FILE = 25
    SHARE_LOST = 26

    MISSING_PACKAGE = 30

    TOKEN_REFUSED = 40
    DISCORD_UNREACHABLE = 41
    DISCORD_REFUSED = 42

    BACKUP_EXISTS = 50
    NOT_A_FILE = 51
    """The database isn't a file that ``backup`` and ``restore`` could copy."""
    NO_DATABASE = 52
    NOT_A_BACKUP = 53
    WOULD_OVERWRITE = 54
    RESTORE_UNFINISHED = 55

    PEPPER_BY_HAND = 60
    """The settings file isn't where the pepper can be changed."""
    PEPPER_NOT_LOST = 61

    NOT_MARKED_TEXTS = 70
    """``details`` was given a file that it can't read."""

    INTERRUPTED = 130
    """Ctrl+C at a question; the number that shells use for it."""
