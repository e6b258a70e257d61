"""The rehearsal: the real bot with a throw-away database in a local browser, without a token or a network."""
