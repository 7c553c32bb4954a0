"""What the forms on the page of a case bring: the case of the address, words, numbers."""

from starlette.exceptions import HTTPException

from storage import reading_cases
from storage.reading_cases import CasePage
from vietnam.text import clean
from web.body import FIELD_CAP, Form, read_form
from web.console.access import Desk

_LONGEST_NUMBER = 10


async def case_of(desk: Desk) -> CasePage:
    """The case of the address, one that the officer reaches; 404 for any other."""
    code = desk.request.path_params["code"]
    case = await desk.services.store.read(lambda conn: reading_cases.one(conn, desk.unit, code, by=desk.actor))
    if case is None:
        raise HTTPException(404)
    return case


async def form_of(desk: Desk, *, cap: int = FIELD_CAP, fields: int = 8, files: int = 1) -> Form:
    """What was sent; 400 for what is no form of ours, or more than it may be."""
    return await read_form(desk.request, cap=cap, fields=fields, files=files)


def words_of(text: str) -> str:
    """Words of several lines as they are kept."""
    return clean(text.replace("\r\n", "\n"))[0]


def number_of(text: str, *, most: int = _LONGEST_NUMBER) -> int:
    """A whole number of fewer digits than `most`, 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < most else 0
