"""The program's log: one JSON line an event, on stderr.

structlog draws tracebacks with rich where that is installed, and typer brings it. Nobody reads colours in a log file,
and they would cost every process 50 modules: rich is out of sight while structlog is imported, here and nowhere else.
"""

import logging
import sys
from typing import Any

_QUIET = {"sqlalchemy": logging.WARNING, "python_multipart": logging.ERROR}
"""Libraries that would write down what people wrote, at whatever level the rest is looked at: rows as they are read,
and the letters at which a spoiled form stops to be one."""
_RICH = "rich"
_hidden = _RICH not in sys.modules
if _hidden:
    sys.modules[_RICH] = None  # type: ignore[assignment]  # Python's own sign for "do not find it"
try:
    import structlog
finally:
    if _hidden:
        del sys.modules[_RICH]


def get_logger() -> Any:  # noqa: ANN401 - structlog's own loggers are proxies
    """A logger: `log.error("turn.failed", fault="TimeoutError")`."""
    return structlog.get_logger()


def set_up_logs() -> None:
    """Structured lines on stderr; the libraries' own lines go the same way."""
    for library, level in _QUIET.items():
        logging.getLogger(library).setLevel(level)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
