"""One matter told by several people: joined, told, answered once, counted once, and taken apart again the same day."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from app.merging import part_one, tell_joined
from storage import case_lines, following
from storage.jobs import Job
from storage.merging import JOB, PART_JOB
from storage.tables import acts, cases, jobs, keepers, officers, outbox
from storage.tx import Tx
from tests.stores import run_apart
from tests.web.house import PASSWORD, House, browser_of, look, outside, signed_in
from tests.web.test_case_work import hidden
from vietnam.time import DAY

LAMP = "Đèn đường ở ngã ba hỏng ba hôm nay rồi"
FORM = {
    "heard": "visit", "kind": "feedback", "category": "roads", "works": "", "village": "", "text": LAMP, "where": "",
    "name": "Lò Thị Mẫu", "phone": "0912345678", "day": "",
}  # fmt: skip


@pytest.fixture
def clerk(house: House) -> Iterator[TestClient]:
    with signed_in(house, "tiepnhan") as client:
        yield client


@pytest.fixture
def leader(house: House) -> Iterator[TestClient]:
    with signed_in(house, "lanhdao") as client:
        yield client


def entered(client: TestClient, **changed: str) -> str:
    """A case that was entered for somebody; its code."""
    page = client.post("/can-bo/nhap-ho", data=FORM | changed)
    found = re.search(r"/nhap-ho/([A-Z0-9-]+)/phieu-hen", str(page.url))
    assert found is not None, page.text
    return found[1]


@pytest.fixture
def two(house: House, clerk: TestClient) -> tuple[str, str]:
    """The codes of two cases of one village and field: the first with a name, the second without."""
    village = str(house.commune.villages[0])
    first = entered(clerk, village=village)
    return first, entered(clerk, village=village, name="", phone="", unknown="1", text=f"{LAMP}, tối lắm")


def join(client: TestClient, code: str, into: str) -> str:
    """What the page says after this case was to be joined into that one."""
    page = f"/can-bo/vu-viec/{code}"
    seen = hidden(client.get(page).text, "seen")
    return client.post(f"{page}/gop", data={"ma": into, "seen": seen}).text


def state(house: House, code: str) -> str:
    return look(house, lambda conn: str(conn.scalar(select(cases.c.state).where(cases.c.code == code))))


def told(house: House, code: str) -> list[int]:
    """Messages (ids) about a case."""
    mine = select(outbox.c.id).join(cases, cases.c.id == outbox.c.case_id).where(cases.c.code == code)
    return look(house, lambda conn: list(conn.scalars(mine)))


def work_off(house: House) -> None:
    """What the worker would do a moment later."""
    waiting = select(jobs).where(jobs.c.kind.in_((JOB, PART_JOB)))
    for row in look(house, lambda conn: conn.execute(waiting).all()):
        do = tell_joined if row.kind == JOB else part_one
        run_apart(do(house.runtime, Job(row.id, row.unit_id, row.kind, row.key, row.body, 1, 0)))
    outside(house, lambda tx: tx.execute(jobs.delete().where(jobs.c.kind.in_((JOB, PART_JOB)))).rowcount)


def test_the_page_offers_what_may_be_the_same_and_joins_it(
    house: House, clerk: TestClient, two: tuple[str, str]
) -> None:
    first, second = two
    # given two cases that tell of one lamp
    page = clerk.get(f"/can-bo/vu-viec/{second}").text
    assert "Có thể cùng một việc" in page
    assert f'Gộp vào <span class="code">{first}</span>' in page
    # when the later one is joined into the earlier
    done = join(clerk, second, first)
    # then it is closed, both pages say so, its sender is told, and whose they are nobody learns
    assert "Đã gộp." in done
    assert state(house, second) == "closed"
    assert f"/can-bo/vu-viec/{first}" in done
    assert "Lò Thị Mẫu" not in done
    other = clerk.get(f"/can-bo/vu-viec/{first}").text
    assert second in other
    assert "2 người cùng báo" in other
    assert "tài liệu kèm theo gửi cho cả 2 người" in other
    assert len(told(house, second)) == 1
    # and both histories stay
    assert [act.action for act in acts_of(house, second)] == ["open", "merge"]
    assert [act.action for act in acts_of(house, first)] == ["open", "joined"]


def acts_of(house: House, code: str) -> list[Any]:
    mine = select(acts.c.action, acts.c.detail).join(cases, cases.c.id == acts.c.thing_id)
    mine = mine.where(acts.c.thing == "case", cases.c.code == code).order_by(acts.c.version)
    return look(house, lambda conn: list(conn.execute(mine).all()))


def test_the_answer_goes_to_both_and_names_neither(house: House, clerk: TestClient, two: tuple[str, str]) -> None:
    first, second = two
    join(clerk, second, first)
    page = f"/can-bo/vu-viec/{first}"
    seen = hidden(clerk.get(page).text, "seen")
    named = clerk.post(f"{page}/tra-loi", data={"text": "Thưa bà Lò Thị Mẫu, đã thay bóng.", "seen": seen})
    assert named.status_code == 422
    assert "xin bỏ họ tên" in named.text
    before = len(told(house, second))
    assert clerk.post(f"{page}/tra-loi", data={"text": "Đã thay bóng.", "seen": seen}).status_code == 200
    work_off(house)
    assert len(told(house, second)) == before + 1


def test_an_event_is_counted_once_in_every_column(house: House, clerk: TestClient, two: tuple[str, str]) -> None:
    first, second = two
    whole = date(2000, 1, 1), date(2100, 1, 1)

    def lines() -> list[case_lines.CaseRow]:
        return look(house, lambda conn: case_lines.lines(conn, house.commune.commune, *whole))

    assert len(lines()) == 2
    join(clerk, second, first)
    # joined, there is one; it is received and still open, and nothing was settled by joining
    (one,) = lines()
    assert (one.answered, one.done, one.reopened) == (None, (), None)
    page = f"/can-bo/vu-viec/{first}"
    clerk.post(f"{page}/tra-loi", data={"text": "Đã thay bóng.", "seen": hidden(clerk.get(page).text, "seen")})
    (one,) = lines()
    assert one.answered is not None
    # the queue counts who tells of it
    counted = look(house, lambda conn: following.counts(conn, house.commune.commune, [first, second]))
    assert counted == {first: 1}


def test_a_leader_takes_it_apart_the_same_day_and_not_after(
    house: House, clerk: TestClient, leader: TestClient, two: tuple[str, str]
) -> None:
    first, second = two
    join(clerk, second, first)
    page = f"/can-bo/vu-viec/{second}"
    assert "Tách ra" not in clerk.get(page).text
    assert clerk.post(f"{page}/tach", data={"seen": "2"}).status_code == 403
    # the same day
    apart = leader.post(f"{page}/tach", data={"seen": hidden(leader.get(page).text, "seen")})
    assert "Đã tách ra" in apart.text
    assert state(house, second) == "received"
    assert look(house, lambda conn: conn.scalar(select(cases.c.due_at).where(cases.c.code == second))) is not None
    assert [act.action for act in acts_of(house, first)] == ["open", "joined", "parted"]
    # joined again, and a day later
    join(clerk, second, first)
    house.at += DAY
    leader.post("/can-bo/dang-nhap", data={"login": "lanhdao", "password": PASSWORD})
    late = leader.post(f"{page}/tach", data={"seen": "4"})
    assert late.status_code == 422
    assert "trong ngày gộp" in late.text


@pytest.mark.parametrize("into", ["", "khong-co", "M-2026-AAAAAA-A", "x" * 500, "\0", "<b>"])
def test_a_code_that_is_none_comes_back_with_why(
    house: House, clerk: TestClient, two: tuple[str, str], into: str
) -> None:
    page = f"/can-bo/vu-viec/{two[0]}"
    refused = clerk.post(f"{page}/gop", data={"ma": into, "seen": hidden(clerk.get(page).text, "seen")})
    assert refused.status_code == 422
    assert "Không có việc nào mang mã" in refused.text
    assert state(house, two[0]) == "new"


def test_neither_both_ways_nor_into_itself_nor_in_a_chain(
    house: House, clerk: TestClient, two: tuple[str, str]
) -> None:
    first, second = two
    assert "Đây chính là việc này" in join(clerk, first, first)
    join(clerk, second, first)
    third = entered(clerk, text="Đèn đường ngã ba lại hỏng")
    assert "đã được gộp vào một việc khác" in join(clerk, third, second)
    page = f"/can-bo/vu-viec/{first}"
    back = clerk.post(f"{page}/gop", data={"ma": third, "seen": hidden(clerk.get(page).text, "seen")})
    assert "Đã có việc khác gộp vào việc này" in back.text
    assert state(house, third) == "new"


def test_requests_for_a_talk_are_answered_one_by_one(house: House, clerk: TestClient, two: tuple[str, str]) -> None:
    talk = entered(clerk, kind="dialogue", category="roads", day="thứ ba")
    page = f"/can-bo/vu-viec/{two[0]}"
    refused = clerk.post(f"{page}/gop", data={"ma": talk, "seen": hidden(clerk.get(page).text, "seen")})
    assert "trả lời riêng từng người" in refused.text


def test_another_units_and_confidential_cases_are_not_there_to_join(
    house: House, clerk: TestClient, two: tuple[str, str]
) -> None:
    first, second = two
    with browser_of(house) as stranger:
        stranger.post("/can-bo/dang-nhap", data={"login": "xakhac", "password": PASSWORD})
        assert stranger.post(f"/can-bo/vu-viec/{first}/gop", data={"ma": second, "seen": "1"}).status_code == 404
    outside(house, lambda tx: tx.execute(update(cases).where(cases.c.code == second).values(confidential=1)).rowcount)
    assert "Không có việc nào mang mã" in join(clerk, first, second)
    assert second not in clerk.get(f"/can-bo/vu-viec/{first}").text.partition('name="ma" value=')[0]


def test_a_case_whose_other_is_closed_to_the_unit_goes_its_own_way(
    house: House, clerk: TestClient, leader: TestClient, two: tuple[str, str]
) -> None:
    first, second = two
    join(clerk, second, first)

    def keep(tx: Tx) -> None:
        lead = tx.execute(select(officers.c.id).where(officers.c.login == "lanhdao")).scalar_one()
        tx.execute(keepers.insert().values(unit_id=house.commune.commune, officer_id=lead, at=house.at))

    outside(house, keep)
    # when the other is found to be a tố cáo
    marked = clerk.post(f"/can-bo/vu-viec/{first}/danh-dau", data={"seen": "2", "way": "mark"})
    assert marked.status_code == 200, marked.text
    work_off(house)
    # then this one is open again by itself, its page names the other no more, and its sender is told
    assert state(house, second) == "received"
    assert first not in clerk.get(f"/can-bo/vu-viec/{second}").text
    assert len(told(house, second)) == 2


def test_two_officers_who_join_both_ways_at_once_make_one_of_them(
    house: House, clerk: TestClient, leader: TestClient, two: tuple[str, str]
) -> None:
    first, second = two
    seen = hidden(clerk.get(f"/can-bo/vu-viec/{first}").text, "seen")
    clerk.post(f"/can-bo/vu-viec/{second}/gop", data={"ma": first, "seen": seen})
    late = leader.post(f"/can-bo/vu-viec/{first}/gop", data={"ma": second, "seen": seen})
    assert late.status_code == 422
    assert (state(house, first), state(house, second)) == ("new", "closed")
