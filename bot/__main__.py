"""The command line: ``python -m bot [command]``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

from bot.cli.exits import Exit
from bot.cli.problems import Problem
from bot.cli.secrecy import no_core_dumps
from bot.content.words import Words, load_words

COMMANDS = ("run", "init", "invite", "check", "backup", "restore", "rotate-pepper", "rehearse", "details")
OURS = ("bot", "cogs", "db")


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says. Returns the exit code (``bot.cli.exits``)."""
    words = load_words()
    arguments = parser(words).parse_args(argv)
    os.umask(0o077)  # every file that we make is its owner's alone
    no_core_dumps()  # before any secret is read
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a channel's name may hold what a terminal can't show
    try:
        name = (arguments.command or "run").replace("-", "_")
        return import_module(f"bot.cli.{name}").work(arguments, words)
    except Problem as problem:
        print(problem.sentence(words), file=sys.stderr)
        return problem.exit
    except ModuleNotFoundError as error:
        return _missing(error, words)
    except (KeyboardInterrupt, EOFError):
        print(file=sys.stderr)
        return Exit.INTERRUPTED


def parser(words: Words) -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="python -m bot", description=words("cli.help.bot"))
    commands = top.add_subparsers(dest="command", metavar=words("cli.help.command"))
    made = {
        name: commands.add_parser(name, help=words(f"cli.help.{name}"), description=words(f"cli.help.{name}"))
        for name in COMMANDS
    }
    made["init"].add_argument("--contact", help=words("cli.help.contact"))
    made["init"].add_argument("--token-stdin", action="store_true", help=words("cli.help.token_stdin"))
    made["backup"].add_argument("file", help=words("cli.help.backup_file"))
    source = made["restore"].add_mutually_exclusive_group(required=True)
    source.add_argument("file", nargs="?", help=words("cli.help.restore_file"))
    source.add_argument("--in-place", action="store_true", help=words("cli.help.in_place"))
    made["restore"].add_argument("--overwrite", action="store_true", help=words("cli.help.overwrite"))
    made["rotate-pepper"].add_argument("--lost", action="store_true", help=words("cli.help.lost"))
    made["details"].add_argument("file", help=words("cli.help.details_file"))
    made["rehearse"].add_argument("--port", type=int, default=0, help=words("cli.help.port"))
    made["rehearse"].add_argument("--no-browser", action="store_true", help=words("cli.help.no_browser"))
    return top


def _missing(error: ModuleNotFoundError, words: Words) -> int:
    """A package that isn't installed is the operator's to put right; a module of ours isn't."""
    if error.name is None or error.name.split(".")[0] in OURS:
        raise error
    print(words("cli.start.no_package", package=error.name), file=sys.stderr)
    return Exit.MISSING_PACKAGE


if __name__ == "__main__":
    sys.exit(main())
