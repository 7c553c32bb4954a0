"""The officers' papers: from the page to the file, by role and unit, and that what is taken out is written down."""

import html
import io
import re
import zipfile
from datetime import date

import docx
import msgspec
import openpyxl
from sqlalchemy import select, update
from starlette.testclient import TestClient

from app import worker
from app.runtime import Runtime
from feedback.acts import Refusal, Reply
from feedback.replies import Outcome, Parts
from feedback.roles import OFFICER, Actor, Role
from storage.jobs import Job
from storage.tables import acts, blobs, cases, jobs, officers
from tests.stores import run_apart
from tests.web.house import House, browser_of, look, outside
from tests.web.sessions_at_desk import announced
from tests.web.test_officers_pages import ANONYMOUS, NAMED, TEXT, bring, enter
from vietnam.time import day_of
from web.console.papers import periods

BOOKS = "/can-bo/so-sach"


def exports(house: House) -> list[tuple[str, dict[str, object]]]:
    """Who took out what, in order."""
    query = select(acts.c.actor, acts.c.detail).where(acts.c.action == "export").order_by(acts.c.seq)
    return look(house, lambda conn: [(row.actor, msgspec.json.decode(row.detail)) for row in conn.execute(query)])


async def _no_photo(_runtime: Runtime, _job: Job) -> None:
    raise AssertionError("no picture is to be fetched")


def work(client: TestClient, house: House) -> None:
    """Let the worker do what is due."""

    async def round_of_jobs() -> None:
        while await worker.take_dossiers(house.runtime, _no_photo):
            pass

    client.portal.call(round_of_jobs)  # type: ignore[union-attr]  # an open client has one


def test_the_papers_of_a_case_are_made_and_named_after_it(citizen: TestClient, house: House) -> None:
    code = bring(citizen, house, ANONYMOUS)
    enter(citizen)
    page = citizen.get(f"/can-bo/vu-viec/{code}").text
    assert f"/can-bo/vu-viec/{code}/giay/phieu-tiep-nhan.docx" in page

    made = citizen.get(f"/can-bo/vu-viec/{code}/giay/phieu-tiep-nhan.docx")

    assert made.status_code == 200
    assert f'filename="phieu-tiep-nhan-{code}.docx"' in made.headers["content-disposition"]
    assert made.headers["cache-control"] == "no-store"
    said = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(made.content)).paragraphs)
    assert TEXT in said
    assert code in said
    assert "đề nghị không nêu tên" in said
    (who, detail), *others = exports(house)
    assert who.startswith("officer:")
    assert detail["what"] == f"phieu-tiep-nhan-{code}.docx"
    assert others == []


def test_the_printed_answer_of_a_case_without_one_is_a_draft(citizen: TestClient, house: House) -> None:
    code = bring(citizen, house, NAMED)
    enter(citizen)

    made = citizen.get(f"/can-bo/vu-viec/{code}/giay/van-ban-tra-loi.pdf")

    assert made.headers["content-type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")


def test_the_letter_says_each_part_of_the_answer_once(citizen: TestClient, house: House) -> None:
    code = bring(citizen, house, ANONYMOUS)
    id, unit = look(house, lambda conn: conn.execute(select(cases.c.id, cases.c.unit_id)).one())
    officer = look(
        house, lambda conn: int(conn.execute(select(officers.c.id).where(officers.c.login == "lanhdao")).scalar_one())
    )
    parts = Parts(outcome=Outcome.RESOLVED, done="Thay bóng đèn.", day=day_of(house.at), person="Ông Mẫu Điện")
    leader = Actor(kind=OFFICER, unit=unit, id=officer, role=Role.LEADER)
    assert not isinstance(run_apart(house.runtime.act(id, Reply("Đèn đã sáng.", parts=parts), leader)), Refusal)
    enter(citizen)
    made = citizen.get(f"/can-bo/vu-viec/{code}/giay/van-ban-tra-loi.docx")
    said = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(made.content)).paragraphs)
    for once in ("Kết luận", "Đèn đã sáng.", "Thay bóng đèn.", "Ông Mẫu Điện", "hoàn thành"):
        assert said.count(once) == 1, once
    assert "Việc đã làm" in said


def test_what_is_no_paper_is_not_found(citizen: TestClient, house: House) -> None:
    code = bring(citizen, house, ANONYMOUS)
    enter(citizen)
    for path in (
        f"vu-viec/{code}/giay/phieu-la.docx",
        f"vu-viec/{code}/giay/phieu-tiep-nhan.exe",
        f"vu-viec/{code}/giay/phieu-tiep-nhan",
        "vu-viec/VL-2026-AAAAAA-2/giay/phieu-tiep-nhan.docx",
        "so-sach/so-la.xlsx",
        "so-sach/so-theo-doi.docx",
        "so-sach/buoi/1/bien-ban.docx",
        "so-sach/buoi/99999999999999999999/bien-ban.docx",
        "so-sach/buoi/1/bien-ban.txt",
    ):
        assert citizen.get(f"/can-bo/{path}").status_code == 404, path
    assert exports(house) == []


def test_the_registers_of_a_period_open_with_its_cases_alone(citizen: TestClient, house: House) -> None:
    bring(citizen, house, NAMED)
    enter(citizen)

    made = citizen.get(f"{BOOKS}/so-theo-doi.xlsx", params={"ky": "2026-10", "ten": "co"})
    nameless = citizen.get(f"{BOOKS}/so-theo-doi.xlsx", params={"ky": "2026-10"})
    earlier = citizen.get(f"{BOOKS}/so-theo-doi.xlsx", params={"ky": "2026-09", "ten": "co"})

    def values(content: bytes) -> str:
        book = openpyxl.load_workbook(io.BytesIO(content))
        return " ".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row)

    assert "Lương Văn Mẫu, 0912 xxx 678" in values(made.content)
    assert "Lương" not in values(nameless.content)
    assert "Đề nghị thu gom rác" in values(nameless.content)
    assert "Trong kỳ không có phản ánh, kiến nghị nào" in values(earlier.content)
    assert [detail["names"] for _, detail in exports(house)] == [True, False, True]


def test_a_period_that_is_none_or_has_not_begun_is_said(citizen: TestClient, house: House) -> None:
    enter(citizen)
    for period in ("", "2026-13", "2027-05", "=1+1", "2026-10" * 9):
        answer = citizen.get(f"{BOOKS}/so-theo-doi.pdf", params={"ky": period})
        assert answer.status_code == 422
        assert "Xin chọn một kỳ trong danh sách" in answer.text
    assert exports(house) == []


def test_only_a_leader_has_the_zip_and_nobody_of_another_commune(citizen: TestClient, house: House) -> None:
    code = bring(citizen, house, ANONYMOUS)
    for login, page, zipped in (("tiepnhan", 200, 403), ("quantri", 403, 403), ("lanhdao", 200, 200)):
        with browser_of(house) as client:
            enter(client, login)
            assert client.get(BOOKS).status_code == page, login
            assert client.post(f"{BOOKS}/ho-so", data={"ky": "2026-10"}).status_code == zipped, login
    with browser_of(house) as stranger:
        enter(stranger, "xakhac")
        assert stranger.get(f"/can-bo/vu-viec/{code}/giay/phieu-tiep-nhan.docx").status_code == 404


def test_the_zip_is_made_by_the_worker_fetched_once_noted_and_gone_after_a_day(
    citizen: TestClient, house: House
) -> None:
    code = bring(citizen, house, NAMED)
    enter(citizen, "lanhdao")
    asked = citizen.post(f"{BOOKS}/ho-so", data={"ky": "2026-10", "ten": "co"})
    assert "Đang lập…" in asked.text

    work(citizen, house)

    page = citizen.get(BOOKS).text
    (address,) = re.findall(rf"{BOOKS}/ho-so/\d+", page)
    fetched = citizen.get(address)
    assert 'filename="ho-so-kiem-tra-2026-10.zip"' in fetched.headers["content-disposition"]
    packed = zipfile.ZipFile(io.BytesIO(fetched.content))
    assert f"vu-viec/{code}/qua-trinh.txt" in packed.namelist()
    assert packed.testzip() is None
    assert [detail["what"] for _, detail in exports(house)] == ["ho-so-kiem-tra-2026-10.zip"]
    with browser_of(house) as stranger:
        enter(stranger, "tiepnhan")
        assert stranger.get(address).status_code == 403

    # Swept like anything that nobody points to.
    outside(house, lambda tx: tx.execute(update(blobs).values(created_at=0)).rowcount)
    citizen.portal.call(house.runtime.blobs.sweep, house.at)  # type: ignore[union-attr]  # an open client has one
    assert citizen.get(address).status_code == 404
    assert "Đã xóa" in citizen.get(BOOKS).text
    assert look(house, lambda conn: conn.execute(select(jobs.c.id).where(jobs.c.kind == "dossier")).all()) == []


def test_a_confidential_case_is_on_no_paper(citizen: TestClient, house: House) -> None:
    code = bring(citizen, house, NAMED)
    outside(house, lambda tx: tx.execute(update(cases).values(confidential=1)).rowcount)
    enter(citizen, "lanhdao")

    assert citizen.get(f"/can-bo/vu-viec/{code}/giay/phieu-chuyen.docx").status_code == 404
    register = citizen.get(f"{BOOKS}/so-theo-doi.xlsx", params={"ky": "2026-10", "ten": "co"})
    strings = zipfile.ZipFile(io.BytesIO(register.content)).read("xl/sharedStrings.xml").decode()
    assert code not in strings
    assert "thu gom rác" not in strings
    citizen.post(f"{BOOKS}/ho-so", data={"ky": "2026-10", "ten": "co"})
    work(citizen, house)
    (address,) = re.findall(rf"{BOOKS}/ho-so/\d+", citizen.get(BOOKS).text)
    packed = zipfile.ZipFile(io.BytesIO(citizen.get(address).content))
    assert not [name for name in packed.namelist() if name.startswith("vu-viec/")]
    assert code not in packed.read("muc-luc.txt").decode()


def test_a_zip_that_would_be_too_big_says_to_choose_less(citizen: TestClient, house: House) -> None:
    from app import dossiers

    bring(citizen, house, ANONYMOUS)
    enter(citizen, "lanhdao")
    most, dossiers.MOST_CASES = dossiers.MOST_CASES, 0
    try:
        citizen.post(f"{BOOKS}/ho-so", data={"ky": "2026-10"})
        work(citizen, house)
    finally:
        dossiers.MOST_CASES = most

    assert "xin chọn kỳ ngắn hơn" in citizen.get(BOOKS).text


def test_a_child_that_fails_is_told_without_an_address_of_anything(citizen: TestClient, house: House) -> None:
    from app import paper_trail

    code = bring(citizen, house, ANONYMOUS)
    enter(citizen)
    module, paper_trail.MODULE = paper_trail.MODULE, "reports.no_such_module"
    try:
        answer = citizen.get(f"/can-bo/vu-viec/{code}/giay/phieu-tiep-nhan.docx")
    finally:
        paper_trail.MODULE = module

    assert answer.status_code == 503
    assert "Chưa làm được giấy tờ này" in answer.text
    assert exports(house) == []


def test_the_papers_of_a_session_are_there_as_its_state_allows(citizen: TestClient, house: House) -> None:
    enter(citizen, "lanhdao")
    address = announced(house, citizen)
    number = address.rpartition("/")[2]
    links = re.findall(rf"{BOOKS}/buoi/{number}/[a-z.-]+", citizen.get(address).text)
    assert links == re.findall(rf"{BOOKS}/buoi/{number}/[a-z.-]+", citizen.get(BOOKS).text)
    assert {link.rpartition("/")[2].partition(".")[0] for link in links} == {
        "danh-sach",
        "niem-yet",
        "truyen-thanh",
        "bien-ban",
    }

    for link in (one for one in links if one.endswith(".docx")):
        made = citizen.get(link)
        assert made.status_code == 200, link
        said = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(made.content)).paragraphs)
        assert "iếp công dân" in said
        if "truyen-thanh" in link:
            # The words of the page where it is read from, and no others.
            shown = html.unescape(citizen.get(f"{address}/truyen-thanh").text)
            assert said.splitlines()[3] in shown

    with browser_of(house) as stranger:
        enter(stranger, "xakhac")
        assert stranger.get(links[0]).status_code == 404
        assert stranger.get(f"{BOOKS}/buoi/{number}/truyen-thanh.pdf").status_code == 404


def test_periods_to_choose_from_begin_with_this_month() -> None:
    found = [key for key, _ in periods(date(2026, 10, 3))]

    assert found[:2] == ["2026-10", "2026-09"]
    assert found[11:16] == ["2025-11", "2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1"]
    assert found[16:] == ["2026-6m", "2026-9m", "2026-12m", "2025-6m", "2025-9m", "2025-12m"]
