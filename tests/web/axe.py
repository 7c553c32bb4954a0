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
_TARGET = 44
"""Pixels that a target is high at least."""
_CLUMSY = r"""(least) => {
  const found = [];
  const seen = (one) => one && one.getClientRects().length && getComputedStyle(one).visibility !== "hidden"
    && !one.closest(".hidden, .skip, code, .seal, .sheet");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; (text = texts.nextNode()); ) {
    if (!seen(text.parentElement)) continue;
    for (const word of text.data.matchAll(/(?<![\p{L}\p{N}/_.@:?=&-])\p{L}{2,12}(?![\p{L}\p{N}/_@:?=&-])/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].filter((one) => one.width).map((one) => Math.round(one.top))).size > 1)
        found.push(`"${word[0]}" is broken in ${text.parentElement.outerHTML.slice(0, 90)}`);
    }
  }
  for (const one of document.querySelectorAll("a, button, summary, select, textarea, input:not([type=hidden])")) {
    const inline = one.tagName === "A" && getComputedStyle(one).display === "inline";
    const boxed = ["checkbox", "radio", "file"].includes(one.type);
    if (!seen(one) || inline || boxed || one.matches(":disabled")) continue;
    const high = one.getBoundingClientRect().height;
    if (high < least - 0.5) found.push(`${Math.round(high)} px high: ${one.outerHTML.slice(0, 90)}`);
  }
  return found;
}"""
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


def clumsy(page: Any, name: str) -> list[str]:
    """What an old thumb or an old eye stumbles over on a telephone: words broken inside, and targets too small.

    Inside a running text a link is as high as its line, and what is disabled is no target.
    """
    page.set_viewport_size({"width": 360, "height": 740})
    found = page.evaluate(_CLUMSY, _TARGET)
    page.set_viewport_size(SCREEN)
    return [f"{name}: {one}" for one in found]


def skeleton(page: Any) -> str:
    """The page without its words, numbers and addresses: the same for the same marks, whoever looks."""
    marks = _TEXT.sub("><", str(page.inner_html("main")))
    return _NAMES.sub("", marks)
