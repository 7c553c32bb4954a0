"""Fixtures of several unit tests."""

from tests.unit.command_line import config, run

__all__ = ["config", "run"]
