"""Templates: how a page is worded and put together; Python hands over values, templates hold the words."""

import hashlib
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feedback.attaching import size_vi
from reports.periods import BadPeriod, parse
from surveys.options import shown_number
from vietnam.spoken import WEEKDAYS
from vietnam.time import day_of, local
from web.services import Services

HERE = Path(__file__).parent
STATIC = HERE / "static"
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]|\b[A-Z]{1,5}-\d{4}-[A-Z0-9]{4,10}-[A-Z0-9]\b")


class Pages:
    """The templates of one process."""

    def __init__(self, services: Services) -> None:
        self._env = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.filters |= {"day": _day, "clock": _clock, "month": _month, "linked": linked, "number": number}
        self._env.filters["figure"] = shown_number
        self._env.filters |= {"weekday": _weekday, "hour": _hour, "bytes": size_vi, "period": _period}
        self._env.globals |= {"static": static_address, "say": services.say}
        self._now = services.now

    def text(self, template: str, **values: Any) -> str:  # noqa: ANN401 - whatever the template takes
        """A template as text."""
        return self._env.get_template(template).render(now=self._now(), **values)

    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - handed on as it came
        """A template as the answer to a request."""
        from web.looks import look_of

        classes = look_of(request).classes
        return HTMLResponse(self.text(template, path=request.url.path, look_classes=classes, **values), status)


def services_of(request: Request) -> Services:
    """What this process was given."""
    services: Services = request.app.state.services
    return services


def pages_of(request: Request) -> Pages:
    """The templates of this process."""
    pages: Pages = request.app.state.pages
    return pages


def wants_json(request: Request) -> bool:
    """Whether a script asks, and not a form."""
    return "application/json" in request.headers.get("accept", "")


@cache
def static_address(name: str) -> str:
    """Address of a file of ours that changes when the file does, so that browsers may keep it for long."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def linked(text: str) -> Markup:
    """Text with its web addresses made into links and case codes kept on one line; everything else is escaped."""
    parts: list[Markup] = []
    at = 0
    for found in _ADDRESS.finditer(text):
        parts += [escape(text[at : found.start()]), _link(found.group())]
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])


def _link(address: str) -> Markup:
    if not address.startswith("http"):
        return Markup('<b class="nowrap">{0}</b>').format(address)
    return Markup('<a href="{0}" rel="noopener noreferrer" target="_blank">{1}</a>').format(
        address, re.sub(r"^https?://", "", address)
    )


def number(value: float, digits: int = 0) -> str:
    """A figure as it is written in Vietnamese: 1.234,5."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def _day(value: int | date | str) -> str:
    """An instant, a day, or a day as ISO text."""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    day = value if isinstance(value, date) else day_of(value)
    return f"{day:%d/%m/%Y}"


def _weekday(value: int | date) -> str:
    return WEEKDAYS[(value if isinstance(value, date) else day_of(value)).weekday()]


def _hour(value: int) -> str:
    return f"{local(value):%H:%M}"


def _clock(value: int) -> str:
    return f"{local(value):%H:%M %d/%m/%Y}"


def _period(key: str) -> str:
    """ "tháng 10 năm 2026", "quý III năm 2026"; what is no period of a report as it stands."""
    try:
        return parse(key).title
    except BadPeriod:
        return key


def _month(period: str) -> str:
    year, _, month = period.partition("-")
    return f"{month}/{year}"
