"""The page of one report: what each role sees and does, what is refused, and that nothing typed is lost."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import insert, update
from starlette.testclient import TestClient

from app.reporting import ask_report
from feedback.roles import SYSTEM, Actor
from reports.figures import build
from reports.periods import parse
from reports.places import places
from reports.plans import plan
from storage import reading_report, report_rows
from storage.tables import report_files, report_texts, reports
from storage.tx import Tx
from tests.stores import run_apart
from tests.unit.report_source import empty, lively
from tests.web.house import House, browser_of, look, outside
from tests.web.test_officers_pages import enter
from vietnam.time import day_of

PLAN = plan("y_tich_2024")
BASES = next(
    one.id
    for one in places(build(empty(), parse("2026-09"), PLAN, sample=False, made_on=date(2026, 10, 1)), PLAN)
    if one.start
)
SIGNED = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
UNSIGNED = SIGNED.replace(b"<<>>", b"<< >>")


@pytest.fixture
def desk(house: House) -> Iterator[TestClient]:
    """An officer of reception."""
    with browser_of(house) as client:
        enter(client)
        yield client


@pytest.fixture
def leader(house: House) -> Iterator[TestClient]:
    with browser_of(house) as client:
        enter(client, "lanhdao")
        yield client


def drafted(house: House, period: str = "2026-09", *, cited: bool = False) -> int:
    """A draft with figures and one file, as if its documents had been made; `cited`: its căn cứ were looked at."""
    unit = house.commune.commune
    report = run_apart(ask_report(house.runtime, unit, period, Actor(kind=SYSTEM, unit=unit), by_worker=False))
    figures = build(lively(), parse(period), plan("y_tich_2024"), sample=False, made_on=day_of(house.at))
    blob = run_apart(house.runtime.blobs.put(unit, "application/pdf", UNSIGNED, name="bao-cao.pdf"))

    def keep(tx: Tx) -> bool:
        body, files = figures.encode().decode(), [("bao-cao.pdf", blob)]
        return report_rows.keep(tx, report, body, files, (), published=0, title="tháng 9", now=house.at)

    assert outside(house, keep)
    if cited:
        words = {"section": BASES, "text": "Căn cứ của xã", "digest": "", "written_by": "officer:1", "written_at": 1}
        outside(house, lambda tx: tx.execute(insert(report_texts).values(report_id=report, **words)).rowcount)
    return report


def row_of(house: House, report: int) -> reading_report.OneReport:
    found = look(house, lambda conn: reading_report.one(conn, house.commune.commune, report))
    assert found is not None
    return found


def caught_up(house: House, report: int) -> None:
    """As if the worker had written the documents."""
    same = update(reports).where(reports.c.id == report).values(files_version=reports.c.files_wanted)
    outside(house, lambda tx: tx.execute(same).rowcount)


def fields(page: str) -> dict[str, str]:
    """What the form of the texts would send, as it stands on the page."""
    hidden = re.findall(r'<input type="hidden" name="([sd]\.[^"]+)" value="([^"]*)"', page)
    typed = re.findall(r'<textarea [^>]*name="(t\.[^"]+)"[^>]*>([^<]*)</textarea>', page)
    return dict([*hidden, *typed])


def send(client: TestClient, report: int, form: dict[str, str], **changed: str) -> tuple[int, str]:
    parts = {name: (None, text) for name, text in {**form, **changed}.items()}
    answer = client.post(f"/can-bo/bao-cao/{report}/viet", files=parts)
    return answer.status_code, answer.text


def test_the_list_leads_to_the_report_and_says_how_far_it_is(desk: TestClient, house: House) -> None:
    report = drafted(house)
    listed = desk.get("/can-bo/bao-cao").text
    assert f'href="/can-bo/bao-cao/{report}"' in listed
    assert "Dự thảo" in listed
    issued = {"state": "frozen", "number": "5", "issued_on": "2026-10-05", "frozen_at": house.at}
    outside(house, lambda tx: tx.execute(update(reports).values(**issued)).rowcount)
    assert "Số 05, ngày 05/10/2026" in desk.get("/can-bo/bao-cao").text


def test_words_are_saved_and_shown_with_their_writer(desk: TestClient, house: House) -> None:
    report = drafted(house)
    here = f"/can-bo/bao-cao/{report}"
    form = fields(desk.get(here).text)
    assert set(form) >= {"t.survey:limits", "s.survey:limits", "d.survey:limits"}

    status, page = send(desk, report, form, **{"t.survey:limits": "Thiếu người trực.\r\nThiếu máy <b>"})

    assert status == 200
    assert "Đã lưu" in page
    assert "Thiếu máy &lt;b&gt;" in page
    assert "Nông Thị Mẫu" in page
    assert "Văn bản đang được ghi lại" in desk.get(here).text
    words = look(house, lambda conn: reading_report.words_of(conn, report))
    assert {place: one.text for place, one in words.items()} == {"survey:limits": "Thiếu người trực.\nThiếu máy <b>"}


def test_the_words_of_the_period_before_are_copied_and_nothing_typed_is_lost(desk: TestClient, house: House) -> None:
    before = drafted(house, "2026-08")
    form = fields(desk.get(f"/can-bo/bao-cao/{before}").text)
    send(desk, before, form, **{"t.survey:limits": "Lời tháng 8."})
    report = drafted(house)
    shown = desk.get(f"/can-bo/bao-cao/{report}").text
    assert "Kỳ trước viết (tháng 8 năm 2026)" in shown
    form = fields(shown)
    assert form["t.survey:limits"] == ""

    status, page = send(desk, report, form, **{"t.survey:ask": "Xin thêm máy.", "chep": "survey:limits"})

    again = fields(page)
    assert (status, again["t.survey:limits"], again["t.survey:ask"]) == (200, "Lời tháng 8.", "Xin thêm máy.")
    assert look(house, lambda conn: reading_report.words_of(conn, report)) == {}


def test_two_officers_at_one_place_both_keep_what_they_wrote(
    desk: TestClient, leader: TestClient, house: House
) -> None:
    report = drafted(house)
    mine, theirs = (fields(who.get(f"/can-bo/bao-cao/{report}").text) for who in (desk, leader))
    send(leader, report, theirs, **{"t.survey:limits": "Lời của lãnh đạo."})

    status, page = send(desk, report, mine, **{"t.survey:limits": "Lời của cán bộ.", "t.survey:ask": "Xin thêm máy."})

    assert status == 422
    assert "vừa được người khác viết" in page
    again = fields(page)
    assert again["t.survey:limits"] == "Lời của cán bộ."
    assert again["t.survey:ask"] == "Xin thêm máy."
    assert "Lời của lãnh đạo." in page
    # whoever has seen it and sends it again is understood
    status, _ = send(desk, report, again, **{"t.survey:limits": "Lời của cả hai."})
    assert status == 200


def test_words_beside_other_figures_are_marked_until_somebody_has_read_them_again(
    desk: TestClient, leader: TestClient, house: House
) -> None:
    report = drafted(house, cited=True)
    here = f"/can-bo/bao-cao/{report}"
    send(desk, report, fields(desk.get(here).text), **{"t.survey:limits": "Thiếu người trực."})
    other = build(empty(), parse("2026-09"), plan("y_tich_2024"), sample=False, made_on=day_of(house.at))
    outside(house, lambda tx: tx.execute(update(reports).values(figures=other.encode().decode())).rowcount)
    caught_up(house, report)
    page = leader.get(here).text
    assert "Số liệu đã thay đổi sau khi viết" in page
    assert 'name="chac"' in page
    assert leader.post(f"{here}/duyet", data={"seen": ""}).status_code == 422

    status, page = send(desk, report, fields(page), **{"x.survey:limits": "1"})

    assert status == 200
    assert "Số liệu đã thay đổi" not in page
    caught_up(house, report)
    assert "Đã duyệt" in leader.post(f"{here}/duyet", data={"seen": ""}).text


def test_each_role_has_its_own_buttons(desk: TestClient, leader: TestClient, house: House) -> None:
    report = drafted(house, cited=True)
    here = f"/can-bo/bao-cao/{report}"
    ways = ("duyet", "tra-lai", "van-thu", "phat-hanh", "viet", "gop-y", "tao-lai")

    def buttons(who: TestClient) -> set[str]:
        page = who.get(here).text
        return {way for way in ways if f'action="{here}/{way}"' in page}

    def state(name: str) -> None:
        values = {"state": name, "number": "5", "issued_on": "2026-10-05", "frozen_at": house.at}
        outside(house, lambda tx: tx.execute(update(reports).values(**values)).rowcount)

    assert (buttons(desk), buttons(leader)) == (
        {"viet", "gop-y", "tao-lai"},
        {"viet", "gop-y", "tao-lai", "duyet", "tra-lai"},
    )
    state("approved")
    assert (buttons(desk), buttons(leader)) == ({"gop-y", "van-thu"}, {"gop-y", "tra-lai"})
    state("handed")
    assert (buttons(desk), buttons(leader)) == ({"gop-y", "phat-hanh"}, {"gop-y", "tra-lai"})
    state("frozen")
    assert (buttons(desk), buttons(leader)) == (set(), set())
    with browser_of(house) as admin:
        enter(admin, "quantri")
        assert admin.get(here).status_code == 200
        assert admin.post(f"{here}/duyet", data={"seen": ""}).status_code == 403
    assert desk.post(f"{here}/duyet", data={"seen": ""}).status_code == 403
    assert leader.post(f"{here}/van-thu", data={"seen": ""}).status_code == 403


def test_from_agreement_to_the_signed_file(desk: TestClient, leader: TestClient, house: House) -> None:
    report = drafted(house, cited=True)
    here = f"/can-bo/bao-cao/{report}"
    today = day_of(house.at).isoformat()
    # An old page agrees to nothing
    assert leader.post(f"{here}/duyet", data={"seen": "9"}).status_code == 422
    assert "Đã duyệt" in leader.post(f"{here}/duyet", data={"seen": "1"}).text
    assert desk.post(f"{here}/van-thu", data={"seen": ""}).status_code == 422  # its documents are being written
    caught_up(house, report)
    assert "chuyển văn thư" in desk.post(f"{here}/van-thu", data={"seen": ""}).text
    # A number alone is kept; a file that is none is refused, and the number stays
    assert "Đã ghi số" in desk.post(f"{here}/phat-hanh", data={"so": "05", "ngay": today}).text
    wrong = desk.post(f"{here}/phat-hanh", data={"so": "5", "ngay": today}, files={"tep": ("a.pdf", b"PK\x03\x04")})
    assert wrong.status_code == 422
    assert "không phải PDF" in wrong.text
    assert row_of(house, report).number == "5"
    own = desk.post(f"{here}/phat-hanh", data={"so": "5", "ngay": today}, files={"tep": ("a.pdf", UNSIGNED)})
    assert "do phần mềm tạo, chưa có chữ ký" in own.text
    assert row_of(house, report).state == "handed"
    signed = desk.post(f"{here}/phat-hanh", data={"so": "5", "ngay": today}, files={"tep": ("a.pdf", SIGNED)})
    assert "Đã phát hành" in signed.text
    row = row_of(house, report)
    assert row.state == "frozen"
    assert row.sha256 in signed.text
    assert desk.get(f"{here}/ban-da-ky.pdf").content == SIGNED
    assert desk.post(f"{here}/viet", files={"t.survey:ask": (None, "Thêm.")}).status_code == 422


def test_a_draft_that_is_ready_is_seen_by_the_leader(desk: TestClient, leader: TestClient, house: House) -> None:
    report = drafted(house, cited=True)
    here = f"/can-bo/bao-cao/{report}"
    form = fields(desk.get(here).text)
    parts = {name: (None, text) for name, text in (form | {"t.survey:ask": "Xin thêm máy.", "seen": "1"}).items()}

    page = desk.post(f"{here}/trinh", files=parts).text

    # then what was typed is kept, and everybody sees since when it waits, and by whom
    assert "Đã trình" in page
    assert "Nông Thị Mẫu trình" in page
    assert f'action="{here}/trinh"' not in page
    assert {one.text for one in look(house, lambda conn: reading_report.words_of(conn, report)).values()} >= {
        "Xin thêm máy."
    }
    assert "Đang chờ duyệt từ" in desk.get("/can-bo/bao-cao").text
    home = leader.get("/can-bo/").text
    assert '<span>Chờ duyệt</span><b class="count">1</b>' in home
    assert "đang chờ lãnh đạo duyệt" in home
    assert "đang chờ lãnh đạo duyệt" not in desk.get("/can-bo/").text
    assert f'href="{here}"' in leader.get("/can-bo/cho-duyet").text
    # said twice it is refused; and an old page says nothing
    assert desk.post(f"{here}/trinh", data={"seen": "3"}).status_code == 422
    assert desk.post(f"{here}/trinh", data={"seen": "1"}).status_code == 422
    assert leader.post(f"{here}/trinh", data={"seen": ""}).status_code == 403
    # when it comes back, the officers read why
    leader.post(f"{here}/tra-lai", data={"ly_do": "Thiếu {số} hòa giải.", "seen": ""})
    assert "để sửa: “Thiếu {số} hòa giải.”" in desk.get("/can-bo/").text
    assert "Đang chờ duyệt" not in desk.get(here).text
    assert '<b class="count">' not in leader.get("/can-bo/cho-duyet").text.partition("Chờ duyệt")[2][:60]


def test_a_file_beyond_the_cap_is_said_to_be_too_big(desk: TestClient, house: House) -> None:
    report = drafted(house)
    outside(house, lambda tx: tx.execute(update(reports).values(state="handed")).rowcount)
    form = {"so": "5", "ngay": f"{date(2026, 10, 5)}"}

    scan = {"tep": ("a.pdf", b"%PDF-" + b"0" * (22 << 20))}

    answer = desk.post(f"/can-bo/bao-cao/{report}/phat-hanh", data=form, files=scan)

    assert answer.status_code == 422
    assert "lớn quá" in answer.text


def test_remarks_stand_in_their_thread_and_a_return_says_why(
    desk: TestClient, leader: TestClient, house: House
) -> None:
    report = drafted(house)
    here = f"/can-bo/bao-cao/{report}"
    assert desk.post(f"{here}/gop-y", data={"y_kien": "  "}).status_code == 422
    long = "Ý kiến dài. " * 1_600
    assert long.strip() in desk.post(f"{here}/gop-y", data={"y_kien": long}).text
    leader.post(f"{here}/tra-lai", data={"ly_do": "Thiếu số hòa giải.", "seen": "2"})
    page = desk.get(here).text
    assert "trả lại" in page
    assert "Thiếu số hòa giải." in page
    assert "để sửa: “Thiếu số hòa giải.”" in desk.get("/can-bo/").text


def test_the_page_of_a_report_elsewhere_or_of_none_is_not_there(desk: TestClient, house: House) -> None:
    report = drafted(house)
    outside(house, lambda tx: tx.execute(update(reports).values(unit_id=house.commune.province)).rowcount)
    for id in (report, 1):
        assert desk.get(f"/can-bo/bao-cao/{id}").status_code == 404
        for way in ("viet", "gop-y", "tao-lai", "van-thu", "phat-hanh"):
            assert desk.post(f"/can-bo/bao-cao/{id}/{way}", data={"y_kien": "a", "so": "1"}).status_code == 404


def test_can_cu_of_another_year_are_not_signed_unseen(desk: TestClient, leader: TestClient, house: House) -> None:
    report = drafted(house)
    here = f"/can-bo/bao-cao/{report}"
    page = leader.get(here).text
    assert "Chưa duyệt được" in page
    assert leader.post(f"{here}/duyet", data={"seen": ""}).status_code == 422
    page = desk.get(here).text
    assert "Kiểm tra căn cứ" in page
    assert "của kế hoạch năm 2024, tỉnh Lạng Sơn" in page or "của kế hoạch năm 2024;" in page
    # when those of the plan are copied, nothing is kept until they are saved
    status, page = send(desk, report, fields(page), chep_goc=BASES)
    form = fields(page)
    assert (status, form[f"t.{BASES}"].splitlines()) == (200, [one.report for one in PLAN.bases if one.report])
    assert look(house, lambda conn: reading_report.words_of(conn, report)) == {}
    # and nothing goes out under căn cứ that say that there are none
    nothing, said = send(desk, report, {**form, f"t.{BASES}": " Không  có. "})
    assert (nothing, "Căn cứ không thể ghi" in said) == (422, True)
    assert look(house, lambda conn: reading_report.words_of(conn, report)) == {}
    # when they are saved, the leader may agree, and they are copied again in the next month
    status, page = send(desk, report, form)
    assert status == 200
    caught_up(house, report)
    assert "Đã duyệt" in leader.post(f"{here}/duyet", data={"seen": ""}).text
    again = drafted(house, "2026-10")
    page = desk.get(f"/can-bo/bao-cao/{again}").text
    assert fields(page)[f"t.{BASES}"] == ""
    _, page = send(desk, again, fields(page), chep=BASES)
    assert fields(page)[f"t.{BASES}"] == form[f"t.{BASES}"]


def test_figures_that_no_program_reads_leave_the_files(desk: TestClient, house: House) -> None:
    report = drafted(house)
    outside(house, lambda tx: tx.execute(update(reports).values(figures="{}")).rowcount)
    page = desk.get(f"/can-bo/bao-cao/{report}?so=1")
    assert page.status_code == 200
    assert "bao-cao.pdf" in page.text
    assert "không so được" in page.text


def test_two_who_ask_for_the_same_report_at_once_get_one(desk: TestClient, house: House) -> None:
    unit = house.commune.commune
    actor = Actor(kind=SYSTEM, unit=unit)

    first, second, other = (
        run_apart(ask_report(house.runtime, unit, period, actor)) for period in ("2026-09", "2026-09", "2026-08")
    )

    assert first == second
    assert other != first
    # and what has been in the making for too long keeps nobody from asking again
    outside(house, lambda tx: tx.execute(update(reports).values(asked_at=house.at - 16 * 60_000)).rowcount)
    assert run_apart(ask_report(house.runtime, unit, "2026-09", actor)) != first


@pytest.mark.parametrize(
    ("period", "label"), [("2026-9m", "Số của báo cáo dân vận</label>"), ("2026-09", "Số của báo cáo</label>")]
)
def test_the_paper_that_is_owed_stands_first_and_has_the_number(
    desk: TestClient, house: House, period: str, label: str
) -> None:
    report = drafted(house, period)
    blob = row_of(house, report).files[0].blob
    more = [{"report_id": report, "name": name, "blob_id": blob} for name in ("bao-cao.docx", "du-thao-dan-van.docx")]
    outside(house, lambda tx: tx.execute(insert(report_files), more).rowcount)
    outside(house, lambda tx: tx.execute(update(reports).where(reports.c.id == report).values(state="handed")).rowcount)
    page = desk.get(f"/can-bo/bao-cao/{report}").text
    assert label in page
    for shown in (page, desk.get("/can-bo/bao-cao").text):
        assert shown.index("/du-thao-dan-van.docx") < shown.index("/bao-cao.docx")
