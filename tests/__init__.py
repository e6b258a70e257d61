"""Tests tell stories: the name says the promise."""
