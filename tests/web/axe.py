"""Pages in a real browser, read by axe-core (WCAG 2.2 A and AA), and as wide as their window and not wider."""

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.web.test_browser import wide

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCREEN = {"width": 1366, "height": 768}
COLOURS = ("color-contrast",)
"""All that light and dark can differ in."""
_SHORT = 200
_TEXT = re.compile(r">[^<>]+<")
_NAMES = re.compile(r'\s(?:href|value|id|for|name|action|aria-label|title|src|d|x\d?|y\d?|width|cx|cy)="[^"]*"')


def faults(page: Any, name: str, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe finds on the page as it stands, each in a line; by those rules alone, where some are named."""
    only: Any = {"type": "rule", "values": list(rules)} if rules else RULES
    found = Axe().run(page, options={"runOnly": only}).response["violations"]
    return [
        f"{name}: {one['id']}: {node['html'][:_SHORT]} ({' '.join(node['failureSummary'].split())[:_SHORT]})"
        for one in found
        for node in one["nodes"][:3]
    ]


def too_wide(page: Any, name: str, *widths: int) -> list[str]:
    """Widths of a window in which the page has to be moved sideways."""
    wrong = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 740})
        if over := wide(page):
            wrong.append(f"{name}: {over} px wider than {width}")
    page.set_viewport_size(SCREEN)
    return wrong


def skeleton(page: Any) -> str:
    """The page without its words, numbers and addresses: the same for the same marks, whoever looks."""
    marks = _TEXT.sub("><", str(page.inner_html("main")))
    return _NAMES.sub("", marks)
