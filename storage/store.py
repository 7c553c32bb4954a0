"""One way to read and one way to write, on SQLite and on PostgreSQL."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from storage.tx import Tx
from storage.wakes import Wakes

T = TypeVar("T")


class Store(ABC):
    """The store of one process. Units of work are plain functions: they may run again, so they touch nothing else."""

    def __init__(self) -> None:
        self.wakes = Wakes()

    @abstractmethod
    async def write(self, unit: Callable[[Tx], T]) -> T:
        """Run a unit of work in a transaction; returns after its commit. Whatever it raises rolls it back."""

    @abstractmethod
    async def read(self, look: Callable[[Connection], T]) -> T:
        """Run a look over one consistent snapshot; it cannot write."""

    def listen(self) -> None:  # noqa: B027 - one process has a SQLite file for itself, and polls for the rest
        """Hear the wakes of other processes too, where the engine can tell them; to be called in the event loop."""

    async def forget_log(self) -> bool:
        """Empty the log of the engine, which counts turns, where that is possible; False where not, or not now."""
        return False

    @abstractmethod
    async def close(self) -> None:
        """Finish what waits and give back every connection."""
