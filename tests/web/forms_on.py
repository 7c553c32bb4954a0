"""The forms that stand on a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

BOUNDARY = "----form-of-the-tests"


@dataclass
class FoundForm:
    """A form: where it goes, and what it holds as it stands there: the first choice where nothing is chosen."""

    method: str
    address: str
    multipart: bool
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    """Field -> "textarea", "select" or the type of its input."""
    has_button: bool = False
    """Whether it can be sent at all: whoever may not send it is shown it without."""
    patterned: set[str] = field(default_factory=set)
    """Fields whose words have a shape of their own: a number, a code."""

    @property
    def names(self) -> list[str]:
        """Names of its fields, each once."""
        return list(dict.fromkeys(name for name, _ in self.fields))


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.forms: list[FoundForm] = []
        self._now: FoundForm | None = None
        self._select = ""
        self._text = ""
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            address = urljoin(self.page, said.get("action", "") or self.page)
            kind = said.get("enctype", "") == "multipart/form-data"
            self._now = FoundForm(said.get("method", "get").upper(), address, kind)
            self.forms.append(self._now)
            return
        if self._now is not None and (tag == "button" or said.get("type") in {"submit", "image"}):
            self._now.has_button |= said.get("type") != "button"
        if self._now is not None and tag in {"input", "button"} and said.get("name"):
            self._field(self._now, {"type": "button"} | said if tag == "button" else said)
        elif self._now is not None and tag == "select":
            self._select = said.get("name", "")
            self._now.kinds.setdefault(self._select, "select")
        elif self._now is not None and tag == "option" and self._select:
            self._option(self._now, said)
        elif self._now is not None and tag == "textarea":
            self._text, self._words = said.get("name", ""), []
            self._now.kinds.setdefault(self._text, "textarea")

    def _field(self, form: FoundForm, said: dict[str, str]) -> None:
        kind, name, value = said.get("type", "text"), said["name"], said.get("value", "")
        form.kinds.setdefault(name, "button" if kind == "submit" else kind)
        if {"pattern", "inputmode"} & set(said):
            form.patterned.add(name)
        if kind == "file":
            form.files.append(name)
        elif kind in {"radio", "checkbox"}:
            if "checked" in said or name not in form.names:
                form.fields = [one for one in form.fields if one[0] != name or kind == "checkbox"]
                form.fields.append((name, value or "on"))
        else:
            form.fields.append((name, value))

    def _option(self, form: FoundForm, said: dict[str, str]) -> None:
        value = said.get("value", "")
        had = dict(form.fields).get(self._select)
        if had is None or "selected" in said or (not had and value):
            form.fields = [one for one in form.fields if one[0] != self._select]
            form.fields.append((self._select, value))

    def handle_data(self, data: str) -> None:
        if self._text:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._now = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._now is not None and self._text:
            self._now.fields.append((self._text, "".join(self._words)))
            self._text = ""


def forms_on(page: str, html: str) -> list[FoundForm]:
    """Forms of a page that came from the address `page`."""
    reader = _Reader(page)
    reader.feed(html)
    return reader.forms


def multipart(fields: list[tuple[str, str]], files: list[tuple[str, str, str, bytes]]) -> bytes:
    """A body of fields and of files (field, name, kind, content)."""
    parts = [
        f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode("utf-8", "replace")
        for name, value in fields
    ]
    for name, called, kind, content in files:
        head = f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="{name}"; filename="{called}"\r\n'
        parts.append(f"{head}content-type: {kind}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
