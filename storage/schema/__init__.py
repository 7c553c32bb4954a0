"""The tables, a file for each part of the house; use them by storage.tables."""
