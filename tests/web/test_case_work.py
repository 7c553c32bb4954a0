"""Work on a case: notes that stay inside, answers kept ready, who else is there, the sheet, and nothing typed lost."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from storage import confidential, rights, threads
from storage.case_presence import FRESH
from storage.tables import act_heads, acts, canned_replies, cases, commune_profiles, outbox, routing_rules
from storage.tx import Tx
from tests.web.house import House, look, outside, signed_in
from tests.web.test_case_thread import says
from vietnam.time import MINUTE

REPORT = ("Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1", "bỏ qua", "bỏ qua", "1")
ENTERED = {
    "heard": "visit", "kind": "feedback", "category": "roads", "works": "", "village": "", "text": "Cống vỡ ở chợ",
    "where": "", "name": "Lò Thị Mẫu", "phone": "0912345678", "day": "",
}  # fmt: skip


@pytest.fixture
def clerk(house: House) -> Iterator[TestClient]:
    with signed_in(house, "tiepnhan") as client:
        yield client


@pytest.fixture
def leader(house: House) -> Iterator[TestClient]:
    with signed_in(house, "lanhdao") as client:
        yield client


@pytest.fixture
def stranger(house: House) -> Iterator[TestClient]:
    with signed_in(house, "xakhac") as client:
        yield client


@pytest.fixture
def page(house: House) -> str:
    """The address of a case that somebody has sent without a name."""
    says(house, *REPORT)
    return "/can-bo/vu-viec/" + look(house, lambda conn: str(conn.scalar(select(cases.c.code))))


def hidden(text: str, name: str) -> str:
    """The value of the first hidden field of that name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return found[1]


def sent(house: House) -> int:
    return look(house, lambda conn: len(conn.execute(select(outbox.c.id)).all()))


# --- notes ------------------------------------------------------------------------------------------------------------


def test_a_note_stands_in_the_history_and_never_with_the_citizen(house: House, clerk: TestClient, page: str) -> None:
    before, seen = sent(house), hidden(clerk.get(page).text, "seen")
    # when an officer writes something down for colleagues
    saved = clerk.post(f"{page}/ghi-chu", data={"text": "Điện lực hẹn chiều mai.", "seen": seen})
    # then it is there, plainly marked, and nobody outside hears a word
    assert "Đã lưu ghi chú" in saved.text
    assert "Điện lực hẹn chiều mai." in saved.text
    assert "người dân không thấy" in saved.text
    assert sent(house) == before
    case, account = look(house, lambda conn: tuple(conn.execute(select(cases.c.id, cases.c.account_id)).one()))
    assert "Điện lực" not in str(look(house, lambda conn: threads.thread(conn, case)))
    assert "Điện lực" not in str(look(house, lambda conn: rights.held(conn, [account])))
    # nor does it take the case in hand, or put off what comes of itself
    row = look(house, lambda conn: conn.execute(select(cases)).one())
    assert (row.officer_id, row.moved_at, row.state) == (None, row.opened_at, "new")


def test_a_note_with_a_name_is_asked_about_once(clerk: TestClient, page: str) -> None:
    text = "Đã gặp ông Nông Văn Tài, số 0912 345 678."
    asked = clerk.post(f"{page}/ghi-chu", data={"text": text, "seen": "1"})
    assert asked.status_code == 422
    assert "“Nông Văn Tài”" in asked.text
    assert text in asked.text
    # asked about other words, it is asked again; about these, it is kept
    again = {"text": text + " Gặp bà Lò Thị Hoa.", "seen": "1", "biet": hidden(asked.text, "biet")}
    assert clerk.post(f"{page}/ghi-chu", data=again).status_code == 422
    kept = clerk.post(f"{page}/ghi-chu", data={"text": text, "seen": "1", "biet": hidden(asked.text, "biet")})
    assert "Đã lưu ghi chú" in kept.text


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2_001])
def test_a_note_of_nothing_or_too_much_comes_back(clerk: TestClient, page: str, text: str) -> None:
    refused = clerk.post(f"{page}/ghi-chu", data={"text": text, "seen": "1"})
    assert refused.status_code == 422
    assert text.strip() in refused.text


def test_markup_in_a_note_is_only_text_and_another_unit_writes_none(
    clerk: TestClient, stranger: TestClient, page: str
) -> None:
    assert "<b>đậm</b>" not in clerk.post(f"{page}/ghi-chu", data={"text": "<b>đậm</b> \0 \u202e 😀", "seen": "1"}).text
    assert stranger.post(f"{page}/ghi-chu", data={"text": "Xin chào", "seen": "1"}).status_code == 404


def test_a_note_goes_with_what_is_erased(house: House, clerk: TestClient, page: str) -> None:
    clerk.post(f"{page}/ghi-chu", data={"text": "Điện lực hẹn chiều mai.", "seen": "1"})
    # given the case was erased, as what is about the Chủ tịch is
    code = page.rpartition("/")[2]

    def erase(tx: Tx) -> None:
        from feedback.confidential import Closed
        from feedback.roles import SYSTEM, Actor
        from storage.cases import facts_of, id_of

        facts = facts_of(tx, id_of(tx.conn, code))
        assert facts is not None
        confidential.close(tx, facts, Closed.ERASED, Actor(kind=SYSTEM, unit=facts.unit), house.at)

    outside(house, erase)
    words = look(house, lambda conn: [row.detail for row in conn.execute(select(acts.c.detail))])
    assert not any("Điện lực" in word for word in words)
    assert look(house, lambda conn: conn.execute(select(act_heads)).first()) is not None


# --- answers kept ready -----------------------------------------------------------------------------------------------


def ready(client: TestClient, **changed: str) -> str:
    """The id of an answer that was kept."""
    one = {"title": "Đã thay bóng", "text": "Việc {ma} ở {xa} đã xong. {can_bo}", "seen": "0"}
    saved = client.post("/can-bo/cau-mau/0", data=one | {"kind": "", "category": "", "outcome": "resolved"} | changed)
    assert "Đã lưu" in saved.text, saved.text
    found = re.findall(r"/can-bo/cau-mau/(\d+)/bat-tat", saved.text)
    return str(found[-1])


def test_one_is_put_behind_what_was_typed_and_nothing_is_sent(house: House, clerk: TestClient, page: str) -> None:
    id, before = ready(clerk), sent(house)
    assert "Đã thay bóng" in clerk.get(page).text
    typed = {"text": "Chào Ông/Bà.", "outcome": "answered", "done": "Thay bóng", "day": "", "person": "A", "seen": "1"}
    page_again = clerk.post(f"{page}/dua-mau", data=typed | {"mau": f"u{id}"})
    assert page_again.status_code == 200
    code = page.rpartition("/")[2]
    assert f"Chào Ông/Bà.\n\nViệc {code} ở Xã" in page_again.text
    assert "Nông Thị Mẫu" in page_again.text
    assert "Thay bóng</textarea>" in page_again.text
    assert '<option value="resolved" selected>' in page_again.text
    assert sent(house) == before


def test_a_shipped_one_is_offered_and_its_gaps_never_go_out(house: House, clerk: TestClient, page: str) -> None:
    assert "Mẫu gợi ý" in clerk.get(page).text
    filled = clerk.post(f"{page}/dua-mau", data={"text": "", "mau": "snot_ours", "seen": "1"})
    assert "[tên cơ quan]" in filled.text
    before = sent(house)
    refused = clerk.post(f"{page}/tra-loi", data={"text": "Do [tên cơ quan] giải quyết.", "seen": "1"})
    assert refused.status_code == 422
    assert "còn chỗ chưa điền: [tên cơ quan]" in refused.text
    assert "Do [tên cơ quan] giải quyết." in refused.text
    assert sent(house) == before


@pytest.mark.parametrize("mau", ["", "u1", "u99999999999999999999", "snothing", "x", "u"])
def test_none_chosen_or_an_odd_one_loses_nothing(clerk: TestClient, page: str, mau: str) -> None:
    refused = clerk.post(f"{page}/dua-mau", data={"text": "Chào Ông/Bà.", "mau": mau, "seen": "1"})
    assert refused.status_code == 422
    assert "Chào Ông/Bà." in refused.text


def test_one_that_is_switched_off_or_of_another_unit_is_not_there(
    house: House, clerk: TestClient, stranger: TestClient, page: str
) -> None:
    id = ready(clerk)
    assert stranger.get(f"/can-bo/cau-mau/{id}").status_code == 404
    assert stranger.post(f"/can-bo/cau-mau/{id}", data={"title": "x", "text": "x", "seen": "1"}).status_code == 404
    stranger.post(f"/can-bo/cau-mau/{id}/bat-tat", data={"on": "0"})
    assert look(house, lambda conn: conn.scalar(select(canned_replies.c.active))) == 1
    assert "Đã tắt" in clerk.post(f"/can-bo/cau-mau/{id}/bat-tat", data={"on": "0"}).text
    assert "Đã thay bóng" not in clerk.get(page).text
    assert clerk.post(f"{page}/dua-mau", data={"text": "", "mau": f"u{id}", "seen": "1"}).status_code == 422


def test_a_shipped_one_that_was_taken_over_is_offered_once(clerk: TestClient) -> None:
    begun = clerk.get("/can-bo/cau-mau/0?mau=promised").text
    assert hidden(begun, "tu") == "promised"
    ready(clerk, tu="promised", title="Hẹn ngày của xã")
    listed = clerk.get("/can-bo/cau-mau").text
    assert "/can-bo/cau-mau/0?mau=promised" not in listed
    assert "/can-bo/cau-mau/0?mau=not_ours" in listed


def test_the_later_of_two_who_write_one_sees_both(clerk: TestClient, leader: TestClient) -> None:
    id = ready(clerk)
    theirs = {"title": "Đã thay bóng", "text": "Bản của lãnh đạo.", "seen": "1"}
    assert "Đã lưu" in leader.post(f"/can-bo/cau-mau/{id}", data=theirs).text
    late = clerk.post(f"/can-bo/cau-mau/{id}", data=theirs | {"text": "Bản của tiếp nhận."})
    assert late.status_code == 422
    assert "Bản của lãnh đạo." in late.text
    assert "Bản của tiếp nhận." in late.text
    # pressed again, with what stands now having been shown
    again = clerk.post(
        f"/can-bo/cau-mau/{id}", data=theirs | {"text": "Bản của tiếp nhận.", "seen": hidden(late.text, "seen")}
    )
    assert "Bản của tiếp nhận." in again.text


@pytest.mark.parametrize("text", ["", "Kính gửi {ten}", "Việc {ma", "x" * 3_501])
def test_what_cannot_be_kept_comes_back_as_it_was_written(clerk: TestClient, text: str) -> None:
    refused = clerk.post("/can-bo/cau-mau/0", data={"title": "Tên mẫu", "text": text, "seen": "0"})
    assert refused.status_code == 422
    assert "Tên mẫu" in refused.text
    assert text in refused.text


# --- two at one case --------------------------------------------------------------------------------------------------


def test_who_has_the_case_open_is_said_to_the_other_and_forgotten_soon(
    house: House, clerk: TestClient, leader: TestClient, page: str
) -> None:
    assert "Mẫu đang mở việc này" not in clerk.get(page).text
    # when the leader opens it two minutes later, and the clerk looks again
    house.at += 2 * MINUTE
    opened = leader.get(page).text
    assert "Nông Thị Mẫu đang mở việc này (2 phút trước)" in opened
    assert "Hoàng Văn Mẫu đang mở việc này" in clerk.get(page).text
    # then both are forgotten after a while
    house.at += FRESH + MINUTE
    assert "Mẫu đang mở việc này" not in clerk.get(page).text


def test_the_later_of_two_who_answer_reads_the_other_beside_their_own_words(
    clerk: TestClient, leader: TestClient, page: str
) -> None:
    seen = hidden(clerk.get(page).text, "seen")
    leader.post(f"{page}/tra-loi", data={"text": "Đã thay bóng sáng nay.", "seen": seen})
    late = clerk.post(f"{page}/tra-loi", data={"text": "Mai sẽ thay bóng.", "done": "Đi xem", "seen": seen})
    assert late.status_code == 422
    newer = late.text.partition("Trong lúc Ông/Bà viết")[2].partition("</section>")[0]
    assert "Đã thay bóng sáng nay." in newer
    assert "Hoàng Văn Mẫu" in newer
    assert "Mai sẽ thay bóng.</textarea>" in late.text
    assert "Đi xem</textarea>" in late.text


def test_the_stream_tells_who_has_the_case_open_and_keeps_that_the_officer_is_there(
    house: House, clerk: TestClient, leader: TestClient, page: str
) -> None:
    leader.get(page)
    code = page.rpartition("/")[2]
    told = clerk.get(f"/can-bo/luong?tu=0&vu-viec={code}").json()
    assert told["presence"] == {"who": [["Hoàng Văn Mẫu", 0]]}
    assert "presence" in hidden_events(clerk.get(page).text)
    # not of a case that is not this officer's to see, and not where none is open
    outside(house, lambda tx: tx.execute(update(cases).values(confidential=1)).rowcount)
    for query in (f"tu=0&vu-viec={code}", "tu=0", "tu=0&vu-viec=%00"):
        assert "presence" not in clerk.get(f"/can-bo/luong?{query}").json()


def hidden_events(text: str) -> str:
    found = re.search(r'data-events="([^"]*)"', text)
    return found[1] if found else ""


# --- the sheet --------------------------------------------------------------------------------------------------------


def test_the_sheet_tells_what_happened_without_the_name_or_the_notes(
    clerk: TestClient, stranger: TestClient, page: str
) -> None:
    clerk.post(f"{page}/ghi-chu", data={"text": "Điện lực hẹn chiều mai.", "seen": "1"})
    clerk.post(f"{page}/tra-loi", data={"text": "Đã thay bóng.", "seen": "2"})
    assert f'href="{page}/in"' in clerk.get(page).text
    sheet = clerk.get(f"{page}/in").text
    assert "Ẩn danh" in sheet
    assert "Đã thay bóng." in sheet
    assert "Đèn đường ở ngã ba" in sheet
    assert "Điện lực" not in sheet
    assert stranger.get(f"{page}/in").status_code == 404


# --- nothing typed is lost --------------------------------------------------------------------------------------------


def test_what_a_refusal_used_to_lose_is_still_there(house: House, clerk: TestClient, page: str) -> None:
    # whom a case was to be given to
    given = clerk.post(f"{page}/phan-cong", data={"to": "leader", "reason": "", "seen": "1"})
    assert '<option value="leader" selected>' in given.text
    # how much longer it was to take
    longer = clerk.post(f"{page}/gia-han", data={"by": "3", "text": "", "seen": "1"})
    assert re.search(r'name="by"[^>]*value="3"', longer.text)
    # for how many days somebody was to be stopped
    stopped = clerk.post(f"{page}/chan", data={"days": "5", "reason": ""})
    assert re.search(r'name="days"[^>]*value="5"', stopped.text)


def test_a_line_of_phan_cong_comes_back_as_it_was_chosen(clerk: TestClient, leader: TestClient, house: House) -> None:
    village = str(house.commune.villages[0])
    refused = leader.post("/can-bo/phan-cong", data={"kind": "", "category": "", "village": "", "to": "leader"})
    assert refused.status_code == 422
    assert '<option value="leader" selected>' in refused.text
    refused = leader.post(
        "/can-bo/phan-cong", data={"kind": "feedback", "category": "land", "village": village, "to": ""}
    )
    for chosen in ("feedback", "land", village):
        assert f'<option value="{chosen}" selected>' in refused.text


def test_the_later_of_two_who_write_one_line_of_phan_cong_is_told_whose_it_is(
    house: House, clerk: TestClient, leader: TestClient
) -> None:
    seen = hidden(leader.get("/can-bo/phan-cong").text, "da_xem")
    line = {"kind": "feedback", "category": "", "village": "", "to": "leader"}
    assert leader.post("/can-bo/phan-cong", data=line | {"da_xem": seen}).status_code == 200
    late = leader.post("/can-bo/phan-cong", data=line | {"to": "reception", "da_xem": seen})
    assert late.status_code == 422
    assert "nay đang giao cho lãnh đạo" in late.text
    assert look(house, lambda conn: conn.scalar(select(routing_rules.c.role))) == "leader"
    again = leader.post("/can-bo/phan-cong", data=line | {"to": "reception", "da_xem": hidden(late.text, "da_xem")})
    assert again.status_code == 200
    assert look(house, lambda conn: conn.scalar(select(routing_rules.c.role))) == "reception"


PROFILE = {
    "addressed": "UBND tỉnh", "copies": "Như trên", "signature": "CHỦ TỊCH", "signer": "Hoàng Văn Mẫu",
    "mark": "BC-UBND", "letters_mark": "UBND-VP",
}  # fmt: skip


def test_the_later_of_two_who_write_the_profile_sees_both(house: House, leader: TestClient) -> None:
    seen = hidden(leader.get("/can-bo/ho-so-xa").text, "da_xem")
    assert "Đã ghi" in leader.post("/can-bo/ho-so-xa", data=PROFILE | {"da_xem": seen}).text
    late = leader.post("/can-bo/ho-so-xa", data=PROFILE | {"signer": "Nông Văn Khác", "da_xem": seen})
    assert late.status_code == 422
    assert "vừa được người khác sửa" in late.text
    assert "Hoàng Văn Mẫu" in late.text
    assert 'value="Nông Văn Khác"' in late.text
    assert "Khác" not in str(look(house, lambda conn: conn.scalar(select(commune_profiles.c.body))))
    again = PROFILE | {"signer": "Nông Văn Khác", "da_xem": hidden(late.text, "da_xem")}
    assert "Đã ghi" in leader.post("/can-bo/ho-so-xa", data=again).text
    # pressed twice it is no change of somebody else
    assert "Đã ghi" in leader.post("/can-bo/ho-so-xa", data=again).text


def test_a_case_entered_for_somebody_is_one_however_often_the_form_is_sent(house: House, clerk: TestClient) -> None:
    form = ENTERED | {"lan": hidden(clerk.get("/can-bo/nhap-ho").text, "lan")}
    first, second = (clerk.post("/can-bo/nhap-ho", data=form) for _ in range(2))
    assert first.url == second.url
    assert look(house, lambda conn: len(conn.execute(select(cases.c.id)).all())) == 1
    # another matter on the page that was gone back to is another case
    clerk.post("/can-bo/nhap-ho", data=form | {"text": "Đường sạt ở dốc"})
    assert look(house, lambda conn: len(conn.execute(select(cases.c.id)).all())) == 2


def test_a_number_that_a_form_cannot_have_makes_a_case_as_ever(house: House, clerk: TestClient) -> None:
    for number in ("", "-1", "x" * 400, "1" * 30):
        assert clerk.post("/can-bo/nhap-ho", data=ENTERED | {"lan": number}).status_code == 200
    assert look(house, lambda conn: len(conn.execute(select(cases.c.id)).all())) == 4


def test_a_picture_of_a_kept_case_fetched_by_its_address_is_written_down(house: House, page: str) -> None:
    from sqlalchemy import insert

    from storage.tables import blobs, case_blobs, keepers, officers
    from tests.stores import run_apart

    # given a confidential case with a picture, and its keeper
    blob = run_apart(house.runtime.blobs.put(house.commune.commune, "image/png", b"picture"))
    code = page.rpartition("/")[2]

    def keep(tx: Tx) -> None:
        case = tx.execute(select(cases.c.id)).scalar_one()
        tx.execute(insert(case_blobs).values(case_id=case, blob_id=blob))
        tx.execute(update(blobs).where(blobs.c.id == blob).values(kept=1))
        tx.execute(update(cases).values(confidential=1))
        leader = tx.execute(select(officers.c.id).where(officers.c.login == "lanhdao")).scalar_one()
        tx.execute(insert(keepers).values(unit_id=house.commune.commune, officer_id=leader, at=house.at))

    outside(house, keep)
    read = select(acts.c.detail).where(acts.c.thing == confidential.READING)

    def looked() -> int:
        return look(house, lambda conn: len(conn.execute(read).all()))

    with signed_in(house, "lanhdao") as keeper:
        # when the picture alone is fetched, that is a look
        assert keeper.get(f"/can-bo/don-bao-mat/{code}/anh/{blob}").status_code == 200
        assert looked() == 1
        # those that a page fetches come with the look that opened the page
        house.at += 6 * MINUTE
        keeper.get(f"/can-bo/don-bao-mat/{code}")
        keeper.get(f"/can-bo/don-bao-mat/{code}/anh/{blob}")
        assert looked() == 2
