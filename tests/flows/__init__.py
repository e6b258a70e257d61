"""User stories, played by people on a simulated Discord against the real bot."""
