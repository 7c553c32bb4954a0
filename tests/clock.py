"""A clock that stands still until it is moved."""

from dataclasses import dataclass

from app.runtime import Runtime


@dataclass
class Clock:
    """`at`: UTC milliseconds."""

    at: int

    def __call__(self) -> int:
        return self.at


def pass_to(runtime: Runtime, at: int) -> None:
    """Move the clock that everything of the runtime looks at; a runtime with another clock is refused."""
    assert isinstance(runtime.now, Clock)
    runtime.now.at = at
