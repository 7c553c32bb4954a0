"""Typing paper forms in the console: piles, forms, the second typing, closing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from storage import paper_reading
from storage.tables import paper_batches, paper_forms, paper_totals, sealed_responses, waves
from surveys.paper_numbers import shown
from tests.web.house import House, browser_of, look, outside
from tests.web.piles import (
    ENTRY,
    FORM,
    check_all,
    drawn,
    entered,
    furnish,
    number,
    open_pile,
    sealed,
    type_in,
    typed,
    wave,
)


@pytest.fixture
def desk(house: House) -> House:
    """A house where forms can be typed."""
    outside(house, lambda tx: furnish(tx, house))
    return house


@pytest.fixture
def officer(desk: House) -> Iterator[TestClient]:
    """The reception at work."""
    with browser_of(desk) as client:
        yield entered(client, "tiepnhan")


def test_a_pile_from_opening_to_closing(officer: TestClient, desk: House) -> None:
    # given a pile of three forms, typed one after the other
    village = desk.commune.villages[0]
    batch = open_pile(officer, desk, village=str(village))
    for n in (1, 2, 3):
        page = type_in(officer, batch, n)
        assert f"Đã lưu phiếu {shown(number(n))}" in page.text
        assert f'<span id="forms">{n}</span>/3' in page.text
    # when one is drawn, typed again alike, and the pile is closed
    check_all(officer, desk, batch)
    page = officer.post(f"{ENTRY}/{batch}/dong")
    # then three sealed answers are there, assisted, on the channel of paper, and nothing of the typing is left
    assert "3 phiếu được niêm phong" in page.text
    found = sealed(desk)
    assert [(place, channel, body.assisted) for place, channel, body in found] == [(village, "paper", True)] * 3
    assert found[0][2].answers["thai_do"] == 5
    assert look(desk, lambda conn: conn.scalar(select(func.count()).select_from(paper_forms))) == 0
    total = look(desk, lambda conn: conn.execute(select(paper_totals)).one())
    assert (total.forms, total.checked, total.differing, total.counts) == (3, 1, 0, "")


def test_no_officer_and_no_number_hangs_on_an_answer(officer: TestClient, desk: House) -> None:
    batch = open_pile(officer, desk, expected=5)
    for n in range(1, 6):
        type_in(officer, batch, n)
    stored = look(desk, lambda conn: conn.execute(select(paper_forms.c.body)).scalars().all())
    assert len({len(body) for body in stored}) == 1
    assert not any(b"thai_do" in body for body in stored)
    check_all(officer, desk, batch)
    officer.post(f"{ENTRY}/{batch}/dong")
    assert {column.name for column in sealed_responses.c} == {
        "id",
        "unit_id",
        "wave_id",
        "village_id",
        "channel",
        "partial",
        "body",
    }
    # the counts of five forms are kept, sealed
    [total] = look(desk, lambda conn: paper_reading.totals(conn, desk.services.vault, wave(desk)))
    assert total.kept is not None
    assert total.kept.counts["thai_do"] == {"5": 5}
    raw = look(desk, lambda conn: conn.execute(select(paper_totals.c.counts)).scalar_one())
    assert "thai_do" not in raw
    assert b"thai_do" not in bytes.fromhex(raw)


def test_a_form_typed_twice_is_refused_and_says_where_it_is(officer: TestClient, desk: House) -> None:
    batch = open_pile(officer, desk)
    type_in(officer, batch, 1)
    again = type_in(officer, batch, 1, ["2", *FORM[1:]])
    assert again.status_code == 422
    assert "đã nhập trong chồng này" in again.text
    assert f"phieu?so={shown(number(1))}" in again.text
    # what was typed stays on the screen
    assert 'value="Cần thêm ghế' in again.text
    other = open_pile(officer, desk)
    elsewhere = type_in(officer, other, 1)
    assert elsewhere.status_code == 422
    assert "chồng của Nông Thị Mẫu" in elsewhere.text
    check_all(officer, desk, batch)
    officer.post(f"{ENTRY}/{batch}/dong")
    closed = type_in(officer, other, 1)
    assert closed.status_code == 422
    assert "chồng phiếu đó đã đóng" in closed.text
    assert len(sealed(desk)) == 1


def test_a_slip_in_the_number_is_noticed(officer: TestClient, desk: House) -> None:
    batch = open_pile(officer, desk)
    right = number(1)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    answer = officer.post(f"{ENTRY}/{batch}/phieu", data={"so": wrong, **typed(FORM)})
    assert answer.status_code == 422
    assert "gõ nhầm một chữ số" in answer.text


def test_a_form_is_put_right_before_its_pile_is_checked(officer: TestClient, desk: House) -> None:
    batch = open_pile(officer, desk)
    type_in(officer, batch, 1)
    page = officer.get(f"{ENTRY}/{batch}/phieu?so={shown(number(1))}")
    assert 'value="Cần thêm ghế' in page.text
    fixed = {"so": shown(number(2)), "lan": shown(number(1)), **typed(["1", "1", *FORM[2:]])}
    assert officer.post(f"{ENTRY}/{batch}/phieu", data=fixed).status_code == 200
    [form] = look(desk, lambda conn: paper_reading.bodies(conn, batch))
    assert form.number == number(2)
    assert paper_reading.opened(desk.services.vault, form.id, form.body)["don_tiep"] == 1
    officer.post(f"{ENTRY}/{batch}/bo", data={"lan": shown(number(2))})
    assert look(desk, lambda conn: paper_reading.bodies(conn, batch)) == []


def test_what_should_have_been_passed_over_counts_for_nothing(officer: TestClient, desk: House) -> None:
    batch = open_pile(officer, desk)
    # given a form of somebody who never went there, with an answer about the staff all the same
    type_in(officer, batch, 1, ["6", *FORM[1:]])
    [form] = look(desk, lambda conn: paper_reading.bodies(conn, batch))
    answers = paper_reading.opened(desk.services.vault, form.id, form.body)
    assert "thai_do" not in answers
    assert answers["viec"] == "chua_den"
    hidden = officer.post(f"{ENTRY}/{batch}/hien", data=typed(["6", *[""] * 16])).json()["hidden"]
    assert hidden[0] == "don_tiep"
    assert "khoan_ngoai" in hidden
    assert "gop_y" not in hidden


def test_a_digit_that_is_not_printed_is_named_by_its_question(officer: TestClient, desk: House) -> None:
    batch = open_pile(officer, desk)
    answer = type_in(officer, batch, 1, ["7", "6", *FORM[2:]])
    assert answer.status_code == 422
    assert "câu 1, câu 2" in answer.text
    assert look(desk, lambda conn: paper_reading.bodies(conn, batch)) == []


def test_a_difference_is_shown_and_the_second_typing_decides(officer: TestClient, desk: House) -> None:
    batch = open_pile(officer, desk, expected=1)
    type_in(officer, batch, 1)
    officer.post(f"{ENTRY}/{batch}/rut")
    assert drawn(desk, batch) == [number(1)]
    # while a form waits nothing new comes in, and the pile does not close
    assert type_in(officer, batch, 2).status_code == 422
    assert "Còn phiếu chưa nhập kiểm tra" in officer.post(f"{ENTRY}/{batch}/dong").text
    other = ["1", "2", *FORM[2:]]
    page = officer.post(f"{ENTRY}/{batch}/kiem-tra", data={"so": number(1), **typed(other)})
    assert "1 câu khác nhau" in page.text
    assert "5 Rất hài lòng" in page.text
    assert "2 Không hài lòng" in page.text
    # typed once more, different again, and confirmed
    officer.post(str(page.url), data={"dung": "lai"})
    page = officer.post(f"{ENTRY}/{batch}/kiem-tra", data={"so": number(1), **typed(other)})
    officer.post(str(page.url), data={"dung": "hai"})
    officer.post(f"{ENTRY}/{batch}/dong")
    [(_, _, body)] = sealed(desk)
    assert body.answers["don_tiep"] == 2
    total = look(desk, lambda conn: conn.execute(select(paper_totals)).one())
    assert (total.checked, total.differing) == (1, 1)


def test_one_in_twenty_is_drawn(officer: TestClient, desk: House) -> None:
    batch = open_pile(officer, desk, expected=41)
    for n in range(1, 42):
        type_in(officer, batch, n)
    officer.post(f"{ENTRY}/{batch}/rut")
    first = drawn(desk, batch)
    officer.post(f"{ENTRY}/{batch}/rut")
    assert len(first) == 3
    assert drawn(desk, batch) == first


def test_a_pile_whose_wave_is_over_can_only_be_thrown_away(officer: TestClient, desk: House) -> None:
    batch = open_pile(officer, desk)
    type_in(officer, batch, 1)
    outside(desk, lambda tx: tx.execute(update(waves).values(state="closed", closes_at=desk.at - 1)).rowcount)
    assert "phiếu không còn được nhận" in type_in(officer, batch, 2).text
    assert officer.post(f"{ENTRY}/{batch}/dong").status_code == 422
    assert "Tôi chắc chắn" in officer.post(f"{ENTRY}/{batch}/huy", data={"chac": ""}).text
    assert look(desk, lambda conn: conn.scalar(select(func.count()).select_from(paper_forms))) == 1
    assert "Đã hủy" in officer.post(f"{ENTRY}/{batch}/huy", data={"chac": "co"}).text
    assert look(desk, lambda conn: conn.scalar(select(func.count()).select_from(paper_forms))) == 0
    assert sealed(desk) == []


@pytest.mark.parametrize(
    "wrong", [{"so": "0"}, {"so": "x"}, {"so": "99999"}, {"nguon": "webchat"}, {"dot": "1"}, {"thon": "7"}]
)
def test_a_pile_that_makes_no_sense_is_not_opened(officer: TestClient, desk: House, wrong: dict[str, str]) -> None:
    facts = {"dot": str(wave(desk)), "nguon": "paper", "thon": "", "so": "3", **wrong}
    assert officer.post(ENTRY, data=facts).status_code == 422
    assert look(desk, lambda conn: conn.scalar(select(func.count()).select_from(paper_batches))) == 0
