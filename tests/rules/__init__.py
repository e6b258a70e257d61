"""Promises of the pure rules."""
