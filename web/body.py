"""Reading a form without trusting its size: nothing beyond the cap is ever held."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from vietnam.text import clean

PHOTO_CAP = 12 * 1024 * 1024
FIELD_CAP = 256 * 1024
_FIELDS = 8


class TooMuch(Exception):
    """The body passed the cap."""


class Unreadable(Exception):
    """The body is no form, or it broke off."""


@dataclass(frozen=True, slots=True)
class Form:
    """Fields, the file if one came with the name of its field and its own, and whether reading stopped at the cap.

    Fields before the file are there even then.
    """

    fields: dict[str, str] = field(default_factory=dict)
    file: bytes | None = None
    file_field: str = ""
    file_name: str = ""
    too_big: bool = False
    files: tuple[bytes, ...] = ()
    """Every file that came, for a form that takes several; `file` is the last of them."""
    names: tuple[str, ...] = ()
    """What they are called, in the same order."""
    file_fields: tuple[str, ...] = ()
    """The names of the fields that they came in, in the same order."""

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


class _Parser(MultiPartParser):
    # The default writes pictures above 1 MB to a temporary file: a citizen's picture has no business there.
    spool_max_size = PHOTO_CAP + FIELD_CAP

    def give_back(self) -> None:
        """Let go of every picture that was begun, also of one whose end never came."""
        for file in self._files_to_close_on_error:
            file.close()


def line(text: str) -> str:
    """What was typed into a field of one line, spaces put in order."""
    return " ".join(clean(text)[0].split())


def words(text: str) -> str:
    """What was typed into a field of several lines."""
    return clean(text.replace("\r\n", "\n"))[0].strip()


async def read_form(request: Request, *, cap: int = FIELD_CAP, fields: int = _FIELDS, files: int = 1) -> Form:
    """The form of a request, urlencoded or multipart, of at most `cap` bytes, `fields` fields and `files` files.

    Unreadable where it is more, or no form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # Only a picture is large, and no picture comes urlencoded: reading 12 MB of "&" would hold everybody up.
    stream = _capped(request, cap if kind == "multipart/form-data" else min(cap, FIELD_CAP))
    if kind == "multipart/form-data":
        parser = _Parser(request.headers, stream, max_files=files, max_fields=fields, max_part_size=FIELD_CAP)
        try:
            return await _sorted(await parser.parse())
        except TooMuch:
            return Form({name: value for name, value in parser.items if isinstance(value, str)}, too_big=True)
        except (MultiPartException, ClientDisconnect, KeyError, ValueError) as fault:
            # ValueError: a charset that Python cannot even look for, such as one with NUL in its name.
            raise Unreadable from fault
        finally:
            parser.give_back()
    if kind == "application/x-www-form-urlencoded":
        try:
            return await _sorted(await FormParser(request.headers, stream, max_fields=fields).parse())
        except (TooMuch, MultiPartException, ClientDisconnect) as fault:
            raise Unreadable from fault
    raise Unreadable


async def _capped(request: Request, cap: int) -> AsyncGenerator[bytes, None]:
    if int(request.headers.get("content-length") or 0) > cap + FIELD_CAP:
        # A body that says it is too big is still read as far as its first fields, which stand in the first chunk.
        async for chunk in request.stream():
            yield chunk[: 64 * 1024]
            raise TooMuch
    held = 0
    async for chunk in request.stream():
        held += len(chunk)
        if held > cap:
            raise TooMuch
        yield chunk


async def _sorted(data: FormData) -> Form:
    fields: dict[str, str] = {}
    file: bytes | None = None
    file_field = file_name = ""
    files, names, fields_of = [], [], []
    for name, value in data.multi_items():
        if isinstance(value, UploadFile):
            content = await value.read()
            await value.close()
            # A form without a picture sends an empty file with no name.
            if content or value.filename:
                file, file_field, file_name = content, name, value.filename or ""
                files.append(content)
                names.append(file_name)
                fields_of.append(name)
        else:
            # A form may name a charset that smuggles in lone surrogates, which no page can show again.
            fields[name] = value.encode(errors="ignore").decode()
    return Form(
        fields, file, file_field, file_name, files=tuple(files), names=tuple(names), file_fields=tuple(fields_of)
    )
