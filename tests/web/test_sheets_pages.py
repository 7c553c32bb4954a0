"""Biểu chỉ tiêu, biểu tự đánh giá at the desk: typing, the sum, the file of criteria and what is wrong with it."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select
from starlette.testclient import TestClient

from reports.criteria import read, template
from reports.figures import build
from reports.periods import parse
from reports.plans import FOLDER, plan
from reports.sheets import target_id
from reports.time_figures import TimeFigures
from storage.ids import new_id
from storage.tables import criteria_files, plans, reports, sheet_rows
from storage.tx import Tx
from tests.unit.report_source import lively
from tests.web.house import House, look, outside, signed_in

PAGE = "/can-bo/bieu"
CRITERIA = read(template())
CAU_NGANG = plan("cau_ngang_2022_2026")


@pytest.fixture
def leader(house: House) -> Iterator[TestClient]:
    with signed_in(house, "lanhdao") as client:
        yield client


@pytest.fixture
def clerk(house: House) -> Iterator[TestClient]:
    with signed_in(house, "tiepnhan") as client:
        yield client


def fields(page: str, sheet: str) -> dict[str, str]:
    """The form of a sheet as the browser would send it."""
    form = next(part for part in page.split("<form")[1:] if f'name="bieu" value="{sheet}"' in part)
    found = {}
    for tag in re.findall(r"<input [^>]*>", form.partition("</form>")[0]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            found[name[1]] = value[1]
    return found


def typed(house: House) -> set[tuple[str, str, str]]:
    rows = look(house, lambda conn: conn.execute(select(sheet_rows)).all())
    return {(row.sheet, row.done, row.note) for row in rows}


def upload(client: TestClient, body: str, name: str = "tieu-chi.toml") -> str:
    return client.post(f"{PAGE}/tieu-chi", data={"ky": ""}, files={"tep": (name, body.encode())}).text


def test_without_criteria_the_page_says_how_to_bring_them(leader: TestClient) -> None:
    page = leader.get(PAGE).text

    assert "Phần mềm không đặt ra tiêu chí thay cấp có thẩm quyền" in page
    assert leader.get(f"{PAGE}/tieu-chi-mau.toml").text == template()


def test_points_are_typed_summed_and_graded(house: House, leader: TestClient) -> None:
    assert "Đã nhận tiêu chí mới." in upload(leader, template())
    form = fields(leader.get(PAGE).text, "criteria")
    ids = [one.id for one in CRITERIA.lines()]

    some = leader.post(PAGE, data=form | {f"done.{ids[0]}": "7,5", f"note.{ids[0]}": "KH số 12"}).text
    assert "Đã chấm <strong>7,5</strong> trên 100 điểm; còn 7 tiêu chí chưa chấm" in some
    form = fields(some, "criteria")
    done = leader.post(PAGE, data=form | {f"done.{one.id}": f"{one.points:g}" for one in CRITERIA.lines()}).text

    assert "Tổng điểm <strong>100/100</strong>. Tự xếp loại: <strong>Tốt</strong>" in done
    assert ("criteria", "10", "KH số 12") in typed(house)


@pytest.mark.parametrize("points", ["10,5", "-1", "mười", "1e1"])
def test_points_that_are_none_come_back(house: House, leader: TestClient, points: str) -> None:
    upload(leader, template())
    form = fields(leader.get(PAGE).text, "criteria")
    id = CRITERIA.lines()[0].id

    page = leader.post(PAGE, data=form | {f"done.{id}": points})

    assert page.status_code == 422
    assert "Điểm phải là số từ 0 đến 10." in page.text
    assert f'value="{points}"' in page.text
    assert typed(house) == set()


def test_what_a_colleague_typed_meanwhile_is_kept(house: House, leader: TestClient, clerk: TestClient) -> None:
    upload(leader, template())
    form, id = fields(leader.get(PAGE).text, "criteria"), CRITERIA.lines()[0].id
    clerk.post(PAGE, data=form | {f"done.{id}": "9"})

    page = leader.post(PAGE, data=form | {f"done.{id}": "5"})

    assert page.status_code == 422
    assert "vừa được cán bộ khác ghi" in page.text
    assert typed(house) == {("criteria", "9", "")}


def test_a_file_with_faults_names_every_line(house: House, leader: TestClient) -> None:
    page = upload(leader, template().replace("from = 70", "from = 95").replace("points = 15", "points = 0"))

    assert page.count("Dòng ") >= 4
    assert "Dòng 32: points phải là một số lớn hơn 0" in page
    assert look(house, lambda conn: conn.scalar(select(criteria_files.c.body))) is None


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"x" * 300_000])
def test_what_is_no_file_of_criteria_is_told(house: House, leader: TestClient, body: bytes) -> None:
    page = leader.post(f"{PAGE}/tieu-chi", files={"tep": ("a.toml", body)})

    assert page.status_code == 422
    assert look(house, lambda conn: conn.scalar(select(criteria_files.c.body))) is None


def test_only_who_may_brings_criteria(house: House, clerk: TestClient) -> None:
    assert clerk.post(f"{PAGE}/tieu-chi", files={"tep": ("a.toml", template().encode())}).status_code == 403
    assert "Gửi tệp tiêu chí" not in clerk.get(PAGE).text
    assert look(house, lambda conn: conn.scalar(select(criteria_files.c.body))) is None


def test_a_period_or_sheet_that_there_is_not_changes_nothing(house: House, leader: TestClient) -> None:
    for data in ({"bieu": "targets", "ky": "2026-02"}, {"bieu": "x", "ky": "2026-9m"}, {}):
        assert leader.post(PAGE, data=data or {"a": "b"}).status_code == 422
    assert leader.get(f"{PAGE}?ky=%00&ke_hoach=..%2F..").status_code == 200
    assert typed(house) == set()


def planned(house: House) -> None:
    """The commune works by a plan with targets, and has a report of the year's nine months."""
    figures = build(lively(), parse("2026-9m"), CAU_NGANG, sample=False, made_on=date(2026, 10, 2))
    figures = replace(figures, times=TimeFigures(answered=50, in_time=45))

    def put(tx: Tx) -> None:
        unit = {"unit_id": house.commune.commune}
        body = {"slug": CAU_NGANG.id, "body": (FOLDER / f"{CAU_NGANG.id}.toml").read_text("utf-8")}
        tx.execute(insert(plans).values(id=new_id(), **unit, **body))
        made = {"period": "2026-9m", "state": "ready", "made_by": "system", "plan": CAU_NGANG.id}
        body = {"figures": figures.encode().decode()}
        tx.execute(insert(reports).values(id=new_id(), **unit, **made, **body, asked_at=house.at))

    outside(house, put)


def test_what_the_product_knows_stands_there_and_the_rest_is_typed(house: House, clerk: TestClient) -> None:
    planned(house)
    page = clerk.get(f"{PAGE}?ky=2026-9m").text
    assert "Hệ thống: <b>45/50 (90%)</b>" in page
    assert "Số liệu ngày hẹn trả lời trên hệ thống đến 30/09/2026." in page
    first = target_id(CAU_NGANG.targets[0])

    done = clerk.post(PAGE, data=fields(page, "targets") | {f"done.{first}": "42/50", f"note.{first}": "theo sổ"})

    assert "Đã lưu." in done.text
    assert typed(house) == {("targets", "42/50", "theo sổ")}
    assert 'value="42/50"' in clerk.get(f"{PAGE}?ky=2026-9m").text
    assert 'value="42/50"' not in clerk.get(f"{PAGE}?ky=2026-6m").text, "another period is another sheet"


def test_a_draft_of_the_period_is_written_anew(house: House, clerk: TestClient) -> None:
    planned(house)
    form, first = fields(clerk.get(f"{PAGE}?ky=2026-9m").text, "targets"), target_id(CAU_NGANG.targets[0])

    clerk.post(PAGE, data=form | {f"done.{first}": "42/50"})

    row = look(house, lambda conn: conn.execute(select(reports.c.files_wanted, reports.c.files_version)).one())
    assert row.files_wanted > row.files_version
