"""The Discord surface: one file or package a feature, each with a ``setup()`` that hands over a Feature."""
