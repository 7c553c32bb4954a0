"""Forms of the console as somebody fills them in: every field with good words, and the same with one thing wrong."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.web.asking import FORM, Answer, Asker
from tests.web.forms_on import BOUNDARY, FoundForm, forms_on, multipart
from tests.web.nasty import urlencoded
from tests.web.two_communes import ROLES, Endpoint, World
from web.console.access import COOKIE

VERSIONS = frozenset({"seen", "seen_vao", "da_xem", "ban", "truoc", "version"})
"""What a page calls the version of what it shows, in the forms about it."""
CODES = frozenset({"login", "ma", "so", "code", "password", "old", "new", "again", "name_of_file"})
"""Fields of one line that take no free words."""
PHONES = frozenset({"phone", "sdt", "dien_thoai"})
_TYPED = {
    "date": "2026-11-20",
    "time": "07:30",
    "month": "2026-10",
    "number": "5",
    "tel": "0912345678",
    "email": "a@b.vn",
}
_LONG = "rất dài " * 2_500


class Shown(NamedTuple):
    """A form, on which page it stands and who is shown it."""

    role: str
    page: str
    form: FoundForm

    @property
    def to(self) -> str:
        """Where it goes, without what is asked besides."""
        return urlsplit(self.form.address).path

    @property
    def free(self) -> list[str]:
        """Fields in which somebody writes in their own words."""
        kinds, odd = self.form.kinds, CODES | PHONES | self.form.patterned
        return [name for name in self.form.names if kinds.get(name) in ("textarea", "text") and name not in odd]

    @property
    def versions(self) -> list[str]:
        """Fields that say which version of a thing the page shows."""
        return [
            name for name in self.form.names if name.partition(".")[0] in VERSIONS and self.form.kinds[name] == "hidden"
        ]


def word(name: str) -> str:
    """Good words for a field, its own."""
    return f"Ngọc thạch {name} rõ ràng"


def filled(shown: Shown) -> list[tuple[str, str]]:
    """Every field filled in: free words, a day, a number; what is chosen already stays; one button is pressed."""
    free, buttons = set(shown.free), [name for name, kind in shown.form.kinds.items() if kind == "button"]
    pressed = next(((name, said) for name, said in shown.form.fields if name in buttons), None)

    def value(name: str, said: str) -> str:
        kind = shown.form.kinds.get(name, "hidden")
        if name in free:
            return word(name)
        if name in PHONES:
            return "0912345678"
        return said or _TYPED.get(kind, "")

    sent = [(name, value(name, said)) for name, said in shown.form.fields if name not in buttons]
    return [*sent, pressed] if pressed else sent


def spoiled(shown: Shown) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """(which field, what is wrong with it, the form) for everything that a person may get wrong in it."""
    good = filled(shown)

    def but(name: str, said: str) -> list[tuple[str, str]]:
        return [(one, said if one == name else value) for one, value in good]

    for name in shown.form.names:
        kind = shown.form.kinds.get(name, "hidden")
        if name in shown.free:
            yield name, "empty", but(name, "")
            yield name, "too long", but(name, _LONG)
        elif kind == "date":
            yield name, "no day", but(name, "30/02/2026")
        elif kind in ("number", "tel") or name in PHONES:
            yield name, "no number", but(name, "năm")
        elif name in shown.versions:
            yield name, "stale", stale(good, name)
        elif kind == "select":
            yield name, "nothing chosen", but(name, "")
        elif kind == "checkbox":
            yield name, "not ticked", [(one, said) for one, said in good if one != name]


def stale(fields: list[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    """The form as it was before somebody else saved."""

    def before(said: str) -> str:
        return str(int(said) + 7) if said.isascii() and said.isdecimal() else f"{said}x"

    return [(one, before(said) if one == name else said) for one, said in fields]


async def shown_on(asker: Asker, world: World, pages: list[Endpoint]) -> list[Shown]:
    """Every form that changes something and stands on one of these pages, once for each address that it goes to."""
    found: dict[str, Shown] = {}
    for page in pages:
        if page.method != "GET" or not page.action:
            continue
        address = world.fill(page.asked, world.home)
        for role in ROLES[:-1]:
            answer = await asker.ask("GET", address, cookies={COOKIE: role})
            if answer.status != 200 or "html" not in answer.headers.get("content-type", ""):
                continue
            for form in forms_on(address, answer.text):
                one = Shown(role, address, form)
                if form.method == "POST" and form.has_button and len(form.fields) > len(_fields(found.get(one.to))):
                    found[one.to] = one
    return list(found.values())


def _fields(shown: Shown | None) -> list[tuple[str, str]]:
    return [] if shown is None else shown.form.fields


async def send(asker: Asker, shown: Shown, fields: list[tuple[str, str]]) -> Answer:
    """Post it as whoever was shown it, without any file."""
    if shown.form.multipart:
        kind, body = f"multipart/form-data; boundary={BOUNDARY}", multipart(fields, [])
    else:
        kind, body = FORM, urlencoded(fields)
    headers = {"content-type": kind}
    return await asker.ask("POST", shown.form.address, cookies={COOKIE: shown.role}, headers=headers, body=body)
