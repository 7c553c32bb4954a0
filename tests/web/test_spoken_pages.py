"""A citizen speaks instead of writing; officers listen, write it down, and find it by what they wrote."""

from itertools import count
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.conversation.messages import Inbound, Media
from storage import rights
from storage.tables import cases, keepers, officers
from storage.tx import Tx
from tests.stores import run_apart
from tests.web.house import House, live, look, outside, signed_in

_numbers = count()
SPOKEN = b"OggS" + bytes(300)


def sends(house: House, *said: str | int) -> None:
    """Lan writes (words), or speaks (the blob of a recording), on Telegram."""
    for one in said:
        spoken = isinstance(one, int)
        inbound = Inbound(
            channel="telegram",
            channel_account=house.commune.telegram,
            dedupe_key=f"v{next(_numbers)}",
            person="71",
            kind="voice" if spoken else "text",
            at=house.at,
            text="" if isinstance(one, int) else one,
            media=(Media(blob=one, kind="voice"),) if isinstance(one, int) else (),
        )
        run_apart(house.runtime.receive(inbound))


def recorded(house: House) -> int:
    return run_apart(house.runtime.blobs.put(house.commune.commune, "audio/ogg", SPOKEN))


@pytest.fixture
def code(house: House) -> str:
    """A report that is nothing but a voice."""
    sends(house, recorded(house), "1", "1", "bỏ qua", "bỏ qua", "1")
    return look(house, lambda conn: str(conn.scalar(select(cases.c.code))))


def test_a_voice_is_heard_written_down_and_found(house: House, code: str) -> None:
    page = f"/can-bo/vu-viec/{code}"
    with signed_in(house, "tiepnhan") as desk:
        # given a case that waits to be written down
        assert "1 việc có lời nói chờ ghi lại" in desk.get("/can-bo/").text
        assert code in desk.get("/can-bo/loi-noi").text
        shown = desk.get(page).text
        assert "(lời nói, chưa ghi lại)" in shown
        assert "<img" not in shown.partition("loi-noi")[0], "a recording is no picture"
        address = shown.partition('preload="none" src="')[2].partition('"')[0]
        heard = desk.get(address)
        assert (heard.content, heard.headers["content-type"]) == (SPOKEN, "audio/ogg")
        # when it is written down
        told = desk.post(f"{page}/ghi-lai", data={"text": "Cống đầu thôn bị tắc.", "language": ""}).text
        # then it stands there with the officer's name, is found, and waits no more
        assert "Cán bộ ghi lại từ lời nói: Nông Thị Mẫu" in told
        assert "Cống đầu thôn bị tắc." in told
        assert code in desk.get("/can-bo/?tim=cong+dau+thon").text
        assert "chờ ghi lại" not in desk.get("/can-bo/").text
        assert code not in desk.get("/can-bo/loi-noi").text


def test_what_was_spoken_in_another_language_says_so(house: House, code: str) -> None:
    with signed_in(house, "lanhdao") as desk:
        told = desk.post(f"/can-bo/vu-viec/{code}/ghi-lai", data={"text": "Xin sửa cống.", "language": "tiếng Tày"})
        assert "Lời nói bằng tiếng Tày; cán bộ nghe và viết lại bằng tiếng Việt" in told.text


def test_writing_it_down_takes_the_case_out_of_nobodys_hands_and_tells_the_citizen_nothing(
    house: House, code: str
) -> None:
    with signed_in(house, "lanhdao") as desk:
        desk.post(f"/can-bo/vu-viec/{code}/nhan")
        before = look(house, lambda conn: conn.execute(select(cases.c.officer_id, cases.c.state)).one())
    with signed_in(house, "tiepnhan") as desk:
        desk.post(f"/can-bo/vu-viec/{code}/ghi-lai", data={"text": "Cống tắc."})
    assert look(house, lambda conn: conn.execute(select(cases.c.officer_id, cases.c.state)).one()) == before


def test_what_is_said_later_waits_to_be_written_down_again(house: House, code: str) -> None:
    with signed_in(house, "tiepnhan") as desk:
        desk.post(f"/can-bo/vu-viec/{code}/ghi-lai", data={"text": "Cống tắc."})
        desk.post(f"/can-bo/vu-viec/{code}/hoi", data={"text": "Cống nào ạ?"})
        sends(house, "trả lời cán bộ", recorded(house))
        assert code in desk.get("/can-bo/loi-noi").text
        assert desk.get(f"/can-bo/vu-viec/{code}").text.count("<audio") == 2


def test_a_confidential_one_waits_in_no_list(house: House, code: str) -> None:
    outside(house, lambda tx: tx.execute(update(cases).values(confidential=1)).rowcount)
    with signed_in(house, "tiepnhan") as desk:
        assert code not in desk.get("/can-bo/loi-noi").text
        assert "chờ ghi lại" not in desk.get("/can-bo/").text
        assert desk.post(f"/can-bo/vu-viec/{code}/ghi-lai", data={"text": "x"}).status_code == 404


def test_whoever_agrees_no_longer_is_heard_no_longer(house: House, code: str) -> None:
    mine = look(house, lambda conn: [conn.scalar(select(cases.c.account_id)) or 0])
    outside(house, lambda tx: rights.withdraw(tx, mine, house.at))
    with signed_in(house, "tiepnhan") as desk:
        assert "<audio" not in desk.get(f"/can-bo/vu-viec/{code}").text
        assert code not in desk.get("/can-bo/loi-noi").text


def test_the_keeper_of_a_confidential_one_can_hear_it(house: House, code: str) -> None:
    unit = house.commune.commune

    def name(tx: Tx) -> int:
        leader = tx.execute(select(officers.c.id).where(officers.c.login == "lanhdao")).scalar_one()
        tx.execute(keepers.insert().values(unit_id=unit, officer_id=leader, at=house.at))
        return tx.execute(update(cases).values(confidential=1)).rowcount

    outside(house, name)
    with signed_in(house, "lanhdao") as desk:
        shown = desk.get(f"/can-bo/don-bao-mat/{code}").text
        address = shown.partition('preload="none" src="')[2].partition('"')[0]
        assert desk.get(address).content == SPOKEN


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "ă" * 3_501}, 422),
        ({"text": "Cống tắc.", "language": "t" * 41}, 422),
        ({"text": "Cống tắc.", "seen": "99"}, 422),
        ({"text": "Cống tắc.", "seen": "-1"}, 200),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(
    house: House, code: str, data: dict[str, str], status: int
) -> None:
    with signed_in(house, "tiepnhan") as desk:
        answer = desk.post(f"/can-bo/vu-viec/{code}/ghi-lai", data=data)
        assert answer.status_code == status
        assert data["text"] in answer.text


def test_only_who_works_on_cases_writes_down_and_only_where_something_was_said(house: House, code: str) -> None:
    for login, status in (("quantri", 403), ("xakhac", 404)):
        with signed_in(house, login) as desk:
            answer = desk.post(f"/can-bo/vu-viec/{code}/ghi-lai", data={"text": "x"})
            assert answer.status_code == status, login


@pytest.mark.parametrize("can_record", [True, False])
def test_the_citizen_may_record_wherever_words_are_asked(house: House, chromium: Any, *, can_record: bool) -> None:
    with live(house) as address:
        page = chromium.new_context(viewport={"width": 390, "height": 800}).new_page()
        if not can_record:
            page.add_init_script("delete window.MediaRecorder")
        page.goto(f"{address}/mau/")
        record = page.get_by_role("button", name="Ghi âm", exact=True)
        # given a menu, which asks for no words
        page.get_by_role("button", name="Gửi phản ánh").wait_for()
        assert record.count() == 0
        # when what it is about has been chosen, and words are asked
        page.get_by_role("button", name="Gửi phản ánh").click()
        page.get_by_role("button", name="Đất đai, xây dựng").click()
        page.get_by_text("Chọn đoạn ghi âm").wait_for()
        # then there is a button where the browser can record, and a file can be chosen in any case
        assert record.is_visible() is can_record
        chosen = page.locator("input[type=file][name=voice]:enabled")
        assert chosen.count() == 1
        assert chosen.get_attribute("accept") == "audio/*"
        assert page.locator("fieldset:not([disabled]) [data-record]").count() == 1
