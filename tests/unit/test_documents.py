"""What may be attached to a case, told by its content; and under which name it is kept."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import documents
from app.documents import Document, DocumentRefused, look
from feedback.attaching import MAX_NAME, Attached, fault, listed, safe_name, size_vi, words_of
from tests.documents import (
    ODT_TYPE,
    PDF,
    bare_office,
    changed,
    docx_file,
    odt_file,
    packed,
    types_of,
    xlsx_file,
)

MOST = 10 * 1024 * 1024
OFFICE = "openxmlformats-officedocument"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "ending"), [(PDF, ".pdf"), (docx_file(), ".docx"), (xlsx_file(), ".xlsx"), (odt_file(), ".odt")]
)
def test_a_document_is_known_by_its_content(data: bytes, ending: str) -> None:
    found = look(data, MOST)
    assert isinstance(found, Document)
    assert found.ending == ending
    assert found.media_type.startswith("application/")


def with_macros() -> bytes:
    plain = docx_file()
    types = types_of(plain).replace(b"document.main+xml", b"document.macroEnabled.main+xml")
    return changed(plain, {"[Content_Types].xml": types})


def far_template() -> bytes:
    leads = (
        b'<Relationships><Relationship Id="r1" Type="http://x/relationships/attachedTemplate" '
        b'Target="https://example.org/a.dotm" TargetMode="External"/></Relationships>'
    )
    return changed(docx_file(), {"word/_rels/settings.xml.rels": leads})


def locked() -> bytes:
    """A ZIP whose entries say that they are encrypted."""
    data = bytearray(docx_file())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            flags = struct.unpack_from("<H", data, at + place)[0]
            struct.pack_into("<H", data, at + place, flags | 1)
            at = data.find(mark, at + 1)
    return bytes(data)


def twice() -> bytes:
    """Two parts of one name, of which some programs open the first and some the last."""
    return packed({"word/document.xml": b"one", "word/documemt.xml": b"two"}).replace(b"documemt", b"document")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"", documents.EMPTY, id="nothing"),
        pytest.param(PDF + bytes(MOST), documents.TOO_BIG, id="too large"),
        pytest.param(b"MZ\x90\0 this is a program", documents.UNKNOWN, id="a program"),
        pytest.param(b"<html><script>alert(1)</script>", documents.UNKNOWN, id="a page"),
        pytest.param(b"\xff\xd8\xff\xe0 a picture", documents.PICTURE, id="a picture"),
        pytest.param(b" %PDF-1.4 later\nstartxref\n%%EOF", documents.UNKNOWN, id="a PDF that begins later"),
        pytest.param(PDF[:-30], documents.BROKEN, id="a PDF that breaks off"),
        pytest.param(PDF.replace(b"/Catalog", b"/Catalog/AA<</S/JavaScript/JS(x)>>"), documents.ACTIVE, id="JS"),
        pytest.param(PDF.replace(b"/Catalog", b"/Catalog/A<</S/Launch/F(x.exe)>>"), documents.ACTIVE, id="launch"),
        pytest.param(PDF.replace(b"/Catalog", b"/Catalog/N<</EmbeddedFiles 9 0 R>>"), documents.ACTIVE, id="inside"),
        pytest.param(docx_file()[:-60], documents.BROKEN, id="a ZIP that breaks off"),
        pytest.param(packed({"a.txt": b"words"}), documents.UNKNOWN, id="a ZIP of anything"),
        pytest.param(bare_office(f"{OFFICE}.presentationml.presentation"), documents.UNKNOWN, id="pptx"),
        pytest.param(packed({"content.xml": b"<a/>", "mimetype": ODT_TYPE}), documents.UNKNOWN, id="odt, not first"),
        pytest.param(packed({"mimetype": b"application/zip", "content.xml": b"<a/>"}), documents.UNKNOWN, id="no odt"),
        pytest.param(with_macros(), documents.ACTIVE, id="docm under the name of a docx"),
        pytest.param(changed(docx_file(), {"word/vbaProject.bin": b"x"}), documents.ACTIVE, id="vbaProject"),
        pytest.param(changed(xlsx_file(), {"xl/macrosheets/sheet1.xml": b"x"}), documents.ACTIVE, id="macro sheet"),
        pytest.param(changed(docx_file(), {"word/embeddings/oleObject1.bin": b"x"}), documents.ACTIVE, id="OLE object"),
        pytest.param(changed(odt_file(), {"Basic/Standard/Module1.xml": b"x"}), documents.ACTIVE, id="odt with Basic"),
        pytest.param(far_template(), documents.ACTIVE, id="a template from elsewhere"),
        pytest.param(locked(), documents.LOCKED, id="a password"),
        pytest.param(OLD + bytes(600), documents.OLD_OFFICE, id="doc or xls"),
        pytest.param(
            OLD + "EncryptedPackage".encode("utf-16-le"), documents.LOCKED, id="locked docx"
        ),
        pytest.param(changed(docx_file(), {"word/media/a.bin": bytes(30_000_000)}), documents.BOMB, id="a packed bomb"),
        pytest.param(twice(), documents.BROKEN, id="two parts of one name"),
        pytest.param(
            packed({f"word/{number}.xml": b"" for number in range(documents.MAX_PARTS + 1)}), documents.BOMB, id="many"
        ),
    ],
)  # fmt: skip
def test_what_may_harm_whoever_opens_it_is_refused_with_its_reason(data: bytes, why: str) -> None:
    assert look(data, MOST) == DocumentRefused(why)


@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", PDF[:60], docx_file()[:200]]))
def test_no_bytes_make_it_fail(rest: bytes, head: bytes) -> None:
    assert isinstance(look(head + rest, MOST), Document | DocumentRefused)


@given(st.integers(0, len(docx_file()) - 1), st.integers(0, 255))
def test_a_damaged_document_is_read_or_refused(at: int, byte: int) -> None:
    data = bytearray(docx_file())
    data[at] = byte
    assert isinstance(look(bytes(data), MOST), Document | DocumentRefused)


@pytest.mark.parametrize(
    ("sent", "ending", "kept"),
    [
        ("quyết định.pdf", ".pdf", "quyết định.pdf"),
        ("QD.PDF", ".pdf", "QD.pdf"),
        ("../../etc/x", ".pdf", "x.pdf"),
        ("C:\\Users\\Lan\\Công văn 12.docx", ".docx", "Công văn 12.docx"),
        ("báo cáo\u202efdp.exe", ".pdf", "báo cáofdp.exe.pdf"),
        ("a\0b\r\nX-Header: c.pdf", ".pdf", "ab X-Header c.pdf"),
        ("\u200b\u200f.pdf", ".pdf", "tai-lieu.pdf"),
        ("", ".xlsx", "tai-lieu.xlsx"),
        ("..", ".pdf", "tai-lieu.pdf"),
        ("CON.pdf", ".pdf", "tai-lieu-CON.pdf"),
        ('12/QĐ-UBND "hỏa tốc".pdf', ".pdf", "QĐ-UBND hỏa tốc.pdf"),
        ("Bie\u0302n ba\u0309n.pdf", ".pdf", "Biên bản.pdf"),
    ],
)
def test_a_name_is_one_line_that_hides_nothing(sent: str, ending: str, kept: str) -> None:
    assert safe_name(sent, ending) == kept


@given(st.text(max_size=300), st.sampled_from([".pdf", ".docx"]))
def test_whatever_a_file_is_called_its_name_can_be_saved(sent: str, ending: str) -> None:
    name = safe_name(sent, ending)
    assert name.endswith(ending)
    assert len(ending) < len(name) <= MAX_NAME + len(ending) + len("tai-lieu-")
    assert not set(name) & set('/\\<>:"|?*\0\r\n')
    assert name.isprintable()
    assert safe_name(name, ending) == name


def test_sizes_and_names_are_told_as_people_read_them() -> None:
    files = (Attached(1, "a.pdf", 0), Attached(2, "b.docx", 86_016), Attached(3, "c.xlsx", 1_258_291))
    told = listed(files, lambda key: {"files.with": "Tài liệu kèm theo:"}[key])
    assert told == "Tài liệu kèm theo:\n• a.pdf (1 KB)\n• b.docx (84 KB)\n• c.xlsx (1,2 MB)"
    assert listed((), lambda _key: "never") == ""
    assert size_vi(MOST) == "10,0 MB"
    assert words_of([Attached(1, "don-cua_Nông.Văn Mẫu.pdf", 1)]) == "don cua Nông Văn Mẫu pdf"


def test_at_most_five_go_and_none_of_a_confidential_case() -> None:
    six = tuple(Attached(number, "a.pdf", 1) for number in range(6))
    assert fault(six[:5], confidential=False) == ""
    assert fault(six, confidential=False) == "files.too_many"
    assert fault(six[:1], confidential=True) == "files.confidential"
    assert fault((), confidential=True) == ""
