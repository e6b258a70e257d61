"""What can be wrong with the database, in words for the operator."""

from __future__ import annotations


class DatabaseProblem(Exception):
    """The database can't be used; ``where`` names the file, folder or server."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


class DatabaseBusy(DatabaseProblem):
    """Another process already works on this file."""


class DatabaseTooNew(DatabaseProblem):
    """A newer version of the bot has changed the tables."""


class DatabaseUnusable(DatabaseProblem):
    """It can't be opened, created or written."""


class FolderUnwritable(DatabaseUnusable):
    """The folder that ``where`` names can't be made or written to."""


class LeaseLost(Exception):
    """Somebody else has taken over this delivery: the result must not be recorded."""


class ShareLost(Exception):
    """Another process may work for our servers by now: this one must stop."""
