"""The printable form: filled in by anybody, given back as a page or as Word, and kept nowhere."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from sqlalchemy import Connection, text
from starlette.testclient import TestClient

from storage.tables import metadata
from tests.web.house import House, live, look

MARK = "dauhieurieng"
FILLED = {
    "to": "tinh",
    "name": "Nông Văn Mẫu",
    "address": "thôn Mẫu 1",
    "phone": "0912 345 678",
    "against": "Ông A",
    "content": f"Dòng một {MARK}\r\nDòng hai <script>alert(1)</script>",
    "wish": "Xem xét lại.",
}
FORMS = {"khieu-nai": "ĐƠN KHIẾU NẠI", "to-cao": "ĐƠN TỐ CÁO", "kien-nghi": "ĐƠN KIẾN NGHỊ, PHẢN ÁNH"}


def words_of(data: bytes) -> str:
    """The text of a Word file, its table included."""
    made = docx.Document(BytesIO(data))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])


@pytest.mark.parametrize("form", FORMS)
def test_the_form_is_shown_to_everybody(citizen: TestClient, form: str) -> None:
    page = citizen.get(f"/mau/mau-don/{form}")
    assert page.status_code == 200
    assert "no-store" in page.headers["cache-control"]
    assert "lưu lại" in page.text
    assert "Tải tệp Word" in page.text


@pytest.mark.parametrize("form", FORMS)
def test_it_comes_back_as_word(citizen: TestClient, form: str) -> None:
    answer = citizen.post(f"/mau/mau-don/{form}", data={**FILLED, "as": "word"})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f"don-{form}.docx")
    said = words_of(answer.content)
    assert FORMS[form] in said
    for value in ("Nông Văn Mẫu", "0912 345 678", "Xem xét lại.", "<script>alert(1)</script>", "Chủ tịch UBND tỉnh"):
        assert value in said
    made = docx.Document(BytesIO(answer.content)).core_properties
    assert (made.author, made.last_modified_by, made.comments) == ("", "", "")


@pytest.mark.parametrize("form", FORMS)
def test_it_comes_back_as_a_page_to_print(citizen: TestClient, form: str) -> None:
    page = citizen.post(f"/mau/mau-don/{form}", data={**FILLED, "as": "print"}).text
    assert FORMS[form] in page
    assert MARK in page
    assert "<script>alert(1)" not in page, "what somebody types is never a script"


def test_what_is_left_empty_is_a_dotted_line(citizen: TestClient) -> None:
    page = citizen.post("/mau/mau-don/khieu-nai", data={"to": "", "as": "print"}).text
    assert page.count('class="dots"') == 1 + 3 + 2 + 6 + 3 + 1
    word = citizen.post("/mau/mau-don/khieu-nai", data={"as": "word"})
    assert word.status_code == 200


def test_whom_it_is_addressed_to_may_come_with_the_link(citizen: TestClient) -> None:
    page = citizen.get("/mau/mau-don/to-cao?gui=tinh").text
    assert 'value="tinh" checked' in page
    for wrong in ("", "?gui=ai-do"):
        assert 'value="xa" checked' in citizen.get(f"/mau/mau-don/to-cao{wrong}").text


def test_nothing_of_it_is_kept(house: House, citizen: TestClient, tmp_path: Path, capfd: Any) -> None:
    def rows(conn: Connection) -> str:
        return str([conn.execute(text(f"SELECT * FROM {table.name}")).all() for table in metadata.sorted_tables])

    before = look(house, rows)
    for way in ("word", "print"):
        assert citizen.post("/mau/mau-don/to-cao", data={**FILLED, "as": way}).status_code == 200
    assert look(house, rows) == before
    assert MARK.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    said = capfd.readouterr()
    assert MARK not in said.out + said.err


# --- bad input ---


@pytest.mark.parametrize(("name", "most"), [("name", 80), ("content", 8_000), ("wish", 2_000)])
def test_what_is_too_long_for_the_paper_is_said_and_stays(citizen: TestClient, name: str, most: int) -> None:
    answer = citizen.post("/mau/mau-don/to-cao", data={**FILLED, name: "ă" * (most + 1), "as": "word"})
    assert answer.status_code == 422
    assert "rút gọn" in answer.text
    assert "ă" * (most + 1) in answer.text
    assert citizen.post("/mau/mau-don/to-cao", data={**FILLED, name: "ă" * most, "as": "print"}).status_code == 200


def test_signs_that_no_paper_has_are_left_out(citizen: TestClient) -> None:
    odd = "Tôi\x00 bị\x07 phạt \u202eoan\ud800 \U0001f600\ufffe"
    data = {"content": odd.encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "as": "word"}
    answer = citizen.post("/mau/mau-don/khieu-nai", data=data)
    assert answer.status_code == 200
    assert "Tôi bị phạt oan" in words_of(answer.content)


@pytest.mark.parametrize("form", ["", "khac", "khieu-nai/x", "KHIEU-NAI"])
def test_another_form_is_not_found(citizen: TestClient, form: str) -> None:
    assert citizen.get(f"/mau/mau-don/{form}").status_code == 404


def test_a_form_of_another_site_is_not_filled(citizen: TestClient) -> None:
    answer = citizen.post("/mau/mau-don/to-cao", data=FILLED, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert MARK not in answer.text


def test_what_is_no_form_is_said_so(citizen: TestClient) -> None:
    answer = citizen.post("/mau/mau-don/to-cao", content=b"{}", headers={"content-type": "application/json"})
    assert answer.status_code == 400


def test_a_flood_of_files_is_slowed_down_and_the_page_still_prints(citizen: TestClient, house: House) -> None:
    while house.limits.letters.allows("testclient", house.at):
        pass
    answer = citizen.post("/mau/mau-don/to-cao", data={**FILLED, "as": "word"})
    assert answer.status_code == 429
    assert citizen.post("/mau/mau-don/to-cao", data={**FILLED, "as": "print"}).status_code == 200


# --- in a browser ---


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with live(house) as at:
        yield at


@pytest.mark.parametrize(("width", "scripts"), [(390, True), (1366, True), (390, False)])
def test_it_is_filled_in_and_shown_in_a_browser(chromium: Any, address: str, width: int, scripts: bool) -> None:  # noqa: FBT001 - the test names it
    page = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts).new_page()
    page.goto(f"{address}/mau/mau-don/to-cao")
    page.get_by_label("Họ và tên").fill("Nông Văn Mẫu")
    page.get_by_label("Nội dung").fill("Dòng một\nDòng hai")
    page.get_by_role("button", name="Xem để in").click()
    page.get_by_role("heading", name="ĐƠN TỐ CÁO").wait_for()
    if scripts:
        page.get_by_role("button", name="In đơn").wait_for()
        assert page.locator("body").evaluate("node => node.scrollWidth <= window.innerWidth")
    else:
        assert page.get_by_role("button", name="In đơn").is_hidden()
