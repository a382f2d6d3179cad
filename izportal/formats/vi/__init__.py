"""Formats of one language; the values are in the module formats."""
