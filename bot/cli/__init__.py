"""The command line: one file a command. ``bot/__main__.py`` finds the command and calls its ``work``."""
