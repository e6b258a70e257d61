"""Good Enough: the application. Wiring, decisions and words; Discord lives in ``cogs``, memory in ``db``."""
