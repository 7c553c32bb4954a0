"""Documents as officers attach them, and some that only look like it."""

import io
import zipfile
from collections.abc import Mapping

import docx
import openpyxl

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)
ODT_TYPE = b"application/vnd.oasis.opendocument.text"


def docx_file(text: str = "Kết quả kiểm tra") -> bytes:
    """A document of Word, made by a library that knows how."""
    made, out = docx.Document(), io.BytesIO()
    made.add_paragraph(text)
    made.save(out)
    return out.getvalue()


def xlsx_file() -> bytes:
    """A workbook with a formula, which does no harm."""
    made, out = openpyxl.Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet["A1"], sheet["A2"] = 12, "=A1*2"
    made.save(out)
    return out.getvalue()


def odt_file() -> bytes:
    """A text of LibreOffice, as bare as it may be."""
    return packed({"mimetype": ODT_TYPE, "content.xml": b"<office:document-content/>"})


def packed(parts: Mapping[str, bytes], *, deflated: bool = True) -> bytes:
    """A ZIP of these files, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def changed(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A packed document with some parts put in, or in place of those of that name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    return packed({**kept, **parts})


def types_of(data: bytes) -> bytes:
    """The list of what is in a document of Word or Excel."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("[Content_Types].xml")


def bare_office(main: str) -> bytes:
    """A document of Word or Excel with nothing but the list that says what it is; always as large."""
    types = f'<Types><Override PartName="/main.xml" ContentType="application/vnd.{main}.main+xml"/></Types>'
    return packed({"[Content_Types].xml": types.encode(), "main.xml": b"<main/>"})


def by_name(name: str) -> bytes:
    """A small document that is what its name says; one that is none for any other ending."""
    made = {
        "pdf": lambda: PDF,
        "docx": lambda: bare_office("openxmlformats-officedocument.wordprocessingml.document"),
        "xlsx": lambda: bare_office("openxmlformats-officedocument.spreadsheetml.sheet"),
        "odt": odt_file,
    }
    ending = name.rpartition(".")[2]
    return made[ending]() if ending in made else b"this is no document"
