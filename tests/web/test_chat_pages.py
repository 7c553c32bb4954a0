"""The web chat as pages: the first question, sending with and without scripts, reading, and what is refused."""

import hashlib
import re
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select
from starlette.testclient import TestClient

from storage import counters
from storage.tables import accounts, blobs, case_blobs, conversations, outbox, seen_events
from tests.stores import run_apart
from tests.web.house import House, browser_of, look, wait_for
from vietnam.time import DAY
from web.limits import Limit, Limits, Rate

JSON = {"accept": "application/json"}
CHAT = "/mau/"


def send(client: TestClient, m: str = "a" * 12, **fields: str) -> dict[str, object]:
    """Send as the page's script does; the JSON answer with its status."""
    answer = client.post("/mau/gui", data={"m": m, **fields}, headers=JSON)
    return {"status": answer.status_code, **answer.json()}


def shown(client: TestClient, after: int = 0) -> list[dict[str, object]]:
    """What the chat shows after a line."""
    found: list[dict[str, object]] = client.get(f"/mau/tin?sau={after}").json()
    return found


def photo(side: int = 64) -> bytes:
    """A small picture."""
    data = BytesIO()
    Image.new("RGB", (side, side), "green").save(data, "JPEG")
    return data.getvalue()


def test_the_first_visit_already_shows_the_first_question(citizen: TestClient) -> None:
    page = citizen.get(CHAT)
    assert page.status_code == 200
    assert "Xã Mẫu" in page.text
    assert 'value="go:feedback"' in page.text
    assert 'role="log"' in page.text


def test_a_reload_begins_nothing_anew(citizen: TestClient, house: House) -> None:
    citizen.get(CHAT)
    before = shown(citizen)
    citizen.get(CHAT)
    assert shown(citizen) == before
    assert look(house, lambda conn: conn.scalar(select(func.count()).select_from(conversations))) == 1


def test_the_cookie_is_the_browsers_alone_and_the_store_never_holds_it(citizen: TestClient, house: House) -> None:
    page = citizen.get(CHAT)
    cookie = page.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Path=/mau/", "Max-Age=31536000"))
    token = citizen.cookies["nghedan"]
    path = Path(house.runtime.settings.storage.url.removeprefix("sqlite:///"))
    kept = b"".join(file.read_bytes() for file in path.parent.glob("nghedan.db*"))
    assert hashlib.sha256(token.encode()).hexdigest().encode() in kept
    assert token.encode() not in kept


def test_a_qr_code_begins_its_survey_and_leaves_a_clean_address(citizen: TestClient, house: House) -> None:
    page = citizen.get("/mau?n=mau")
    assert str(page.url).endswith(CHAT)
    assert house.commune.survey.questions[0].text in page.text


def test_a_chat_works_without_scripts(citizen: TestClient, house: House) -> None:
    page = citizen.get(CHAT)
    m = re.search(r'name="m" value="([0-9a-f]+)"', page.text)
    assert m is not None
    page = citizen.post("/mau/gui", data={"m": m[1], "choice": "go:feedback"}, files={"photo": ("", b"")})
    assert page.status_code == 200
    assert house.services.say("draft.ask.category") in page.text
    assert page.text.count("<fieldset disabled>") == 1


def test_a_message_sent_again_is_taken_once(citizen: TestClient) -> None:
    citizen.get(CHAT)
    first = send(citizen, text="menu")
    again = send(citizen, text="menu")
    assert first == again
    assert [item["text"] for item in shown(citizen) if item["kind"] == "own"] == ["menu"]


def test_the_same_id_from_two_browsers_is_two_messages(house: House) -> None:
    with browser_of(house) as one, browser_of(house) as other:
        for client in (one, other):
            client.get(CHAT)
            send(client, text="menu")
            assert [item["text"] for item in shown(client) if item["kind"] == "own"] == ["menu"]


def test_a_press_is_shown_as_its_label_and_its_question_is_past(citizen: TestClient, house: House) -> None:
    citizen.get(CHAT)
    send(citizen, choice="go:feedback")
    own = [item["text"] for item in shown(citizen) if item["kind"] == "own"]
    assert own == [house.services.say("menu.feedback")]
    page = citizen.get(CHAT).text
    assert page.count("<fieldset disabled>") == 1
    assert 'choice chosen" name="choice" value="go:feedback"' in page


def test_what_was_pressed_is_not_told_by_the_events_that_were_seen(citizen: TestClient, house: House) -> None:
    # given somebody who answers a question by its button
    citizen.get(f"{CHAT}?n=ks_mau")
    page = citizen.get(CHAT).text
    m, pressed = re.findall(r'name="m" value="([^"]+)"', page)[0], re.findall(r'value="(\d+:=4)"', page)[0]
    send(citizen, m=m, choice=pressed)
    # then what is kept of the events names neither the person nor the button nor the page's id of it
    person = look(house, lambda conn: conn.execute(select(accounts.c.platform_id)).scalar_one())
    keys = look(house, lambda conn: conn.execute(select(seen_events.c.dedupe_key)).scalars().all())
    assert len(keys) == 2
    assert not [key for key in keys if person[:24] in key]
    assert not [key for key in keys if pressed in key or "=4" in key or m in key]
    # and the same press again is still the same event
    before = shown(citizen)
    send(citizen, m=m, choice=pressed)
    assert shown(citizen) == before


def test_a_cursor_gives_only_what_is_newer(citizen: TestClient) -> None:
    citizen.get(CHAT)
    before = shown(citizen)
    seq = int(str(send(citizen, text="menu")["seq"]))
    newer = shown(citizen, int(str(before[-1]["seq"])))
    assert [item["seq"] for item in newer] == list(range(int(str(before[-1]["seq"])) + 1, seq + 1))


@pytest.mark.parametrize("cursor", ["", "-1", "x", "9" * 40, "\u0661"])
def test_a_cursor_that_is_none_reads_from_the_beginning(citizen: TestClient, cursor: str) -> None:
    citizen.get(CHAT)
    assert len(citizen.get("/mau/tin", params={"sau": cursor}).json()) == 1


def test_ten_thousand_characters_are_refused_with_the_words_kept(citizen: TestClient) -> None:
    citizen.get(CHAT)
    before = shown(citizen)
    long = "ý " * 5_000
    answer = send(citizen, text=long)
    assert answer["status"] == 422
    assert "10.000" in str(answer["text"])
    page = citizen.post("/mau/gui", data={"m": "b" * 12, "text": long})
    assert page.status_code == 422
    assert long.strip() in page.text
    assert "10.000" in page.text
    assert shown(citizen) == before


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "👩‍👩‍👧 ok", "\u202eabc", "a\u200bb"])
def test_odd_words_are_shown_as_they_were_sent(citizen: TestClient, text: str) -> None:
    citizen.get(CHAT)
    send(citizen, text=text)
    assert [item["text"] for item in shown(citizen) if item["kind"] == "own"] == [text]
    assert "<script>alert" not in citizen.get(CHAT).text


def test_characters_that_no_store_can_keep_are_taken_out_and_counted(citizen: TestClient, house: House) -> None:
    citizen.get(CHAT)
    send(citizen, text="xin\0 chào\0")
    assert [line["text"] for line in shown(citizen) if line["kind"] == "own"] == ["xin chào"]
    wait_for(lambda: look(house, counters.totals) == {"webchat.removed_characters": 2})


def test_nothing_but_spaces_and_nul_is_refused(citizen: TestClient) -> None:
    citizen.get(CHAT)
    assert send(citizen, text=" \x00 \n")["error"] == "empty"


def to_photo_step(client: TestClient) -> None:
    """Walk to the question for a picture."""
    client.get(CHAT)
    steps = ["go:feedback", "", ""]
    texts = ["", "đất đai", "Đường vào thôn bị sạt lở sau mưa."]
    for number, (choice, text) in enumerate(zip(steps, texts, strict=True)):
        assert send(client, m=f"step{number:08d}", choice=choice, text=text)["status"] == 200


def test_a_picture_is_shown_to_its_conversation_and_to_nobody_else(house: House) -> None:
    with browser_of(house) as client, browser_of(house) as stranger:
        to_photo_step(client)
        sent = client.post("/mau/gui", data={"m": "c" * 12}, files={"photo": ("a.jpg", photo())}, headers=JSON)
        assert sent.status_code == 200
        blob = next(item["blob"] for item in shown(client) if item["blob"])
        picture = client.get(f"/mau/anh/{blob}")
        assert picture.headers["content-type"] == "image/jpeg"
        assert picture.content.startswith(b"\xff\xd8")
        stranger.get(CHAT)
        assert stranger.get(f"/mau/anh/{blob}").status_code == 404


def test_a_picture_that_was_swept_meanwhile_is_asked_for_again(citizen: TestClient, house: House) -> None:
    # given a case with a picture that was put aside for longer than a picture without a case is kept
    citizen.get(CHAT)
    for number, words in enumerate(("gửi phản ánh", "đường sá", "Đường vào thôn bị sạt lở.")):
        send(citizen, f"before{number:06d}", text=words)
    files = {"file": ("a.jpg", photo(), "image/jpeg")}
    citizen.post("/mau/gui", data={"m": "picture000001"}, files=files, headers=JSON)
    send(citizen, "village00001", text="bỏ qua")
    run_apart(house.runtime.blobs.sweep(time.time_ns() // 1_000_000 + DAY))
    assert look(house, lambda conn: conn.scalar(select(func.count()).select_from(blobs))) == 0
    # when it is sent off after all
    send(citizen, "sendit000001", text="đồng ý và gửi")
    assert "không còn lưu" in str(shown(citizen)[-1]["text"])
    # then another picture goes with it, and nothing else has to be said again
    citizen.post("/mau/gui", data={"m": "picture000002"}, files=files, headers=JSON)
    send(citizen, "sendit000002", text="đồng ý và gửi")
    assert look(house, lambda conn: conn.scalar(select(func.count()).select_from(case_blobs))) == 1


def test_a_photo_that_is_none_is_refused_in_the_chat(citizen: TestClient, house: House) -> None:
    to_photo_step(citizen)
    sent = citizen.post("/mau/gui", data={"m": "d" * 12}, files={"photo": ("a.jpg", b"no picture")}, headers=JSON)
    assert sent.status_code == 200
    assert house.services.say("photo.not_a_photo") in str(shown(citizen)[-1]["text"])


def test_sixty_megabytes_are_refused_in_the_chat_and_never_read_whole(citizen: TestClient, house: House) -> None:
    to_photo_step(citizen)
    read = 0

    def body() -> object:
        nonlocal read
        begin = b'--x\r\nContent-Disposition: form-data; name="m"\r\n\r\neeeeeeeeeeee\r\n'
        yield begin + b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
        for _ in range(60):
            read += 1
            yield b"\xff" * 1024 * 1024
        yield b"\r\n--x--\r\n"

    headers = {**JSON, "content-type": "multipart/form-data; boundary=x"}
    sent = citizen.post("/mau/gui", content=body(), headers=headers)  # type: ignore[arg-type]
    assert sent.status_code == 200
    assert house.services.say("photo.too_big") in str(shown(citizen)[-1]["text"])


def test_a_picture_the_page_found_too_big_is_refused_without_sending_it(citizen: TestClient, house: House) -> None:
    to_photo_step(citizen)
    assert send(citizen, m="f" * 12, too_big="1")["status"] == 200
    assert house.services.say("photo.too_big") in str(shown(citizen)[-1]["text"])


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://la.example"},
        {"origin": "null"},
    ],
)
def test_a_form_of_another_site_is_refused(citizen: TestClient, headers: dict[str, str]) -> None:
    citizen.get(CHAT)
    before = shown(citizen)
    answer = citizen.post("/mau/gui", data={"m": "a" * 12, "text": "menu"}, headers=headers)
    assert answer.status_code == 403
    assert "từ một trang khác" in answer.text
    assert shown(citizen) == before


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}])
def test_a_form_of_ours_is_taken(citizen: TestClient, headers: dict[str, str]) -> None:
    citizen.get(CHAT)
    assert citizen.post("/mau/gui", data={"m": "a" * 12, "text": "menu"}, headers=headers).status_code == 200


def test_a_browser_without_cookies_is_told_so(citizen: TestClient) -> None:
    citizen.get(CHAT)
    citizen.cookies.clear()
    answer = send(citizen, text="menu")
    assert answer["status"] == 400
    assert "cookie" in str(answer["text"])


def test_a_flood_is_slowed_down_kindly_and_passes(house: House) -> None:
    house.limits = Limits(session=Limit(Rate(2, 1_000)))
    with browser_of(house) as client:
        client.get(CHAT)
        answers = [send(client, m=f"flood{number:07d}", text="menu") for number in range(3)]
        assert [answer["status"] for answer in answers] == [200, 200, 429]
        assert "chờ vài giây" in str(answers[-1]["text"])
        house.at += 1_000
        assert send(client, m="flood0000009", text="menu")["status"] == 200


def test_made_up_cookies_begin_no_more_chats_than_visits_do(house: House) -> None:
    # given an address that may begin two chats
    house.limits = Limits(newcomers=Limit(Rate(2, 3_600_000)))
    with browser_of(house) as client:
        for number in range(5):
            client.cookies.clear()
            client.cookies.set("nghedan", f"{number:032x}", path=CHAT)
            answer = send(client, f"made-up-{number:04d}", text="xin chào")
            assert answer["status"] == (200 if number < 2 else 429)
    # then two it is, whatever cookies it makes up
    assert look(house, lambda conn: conn.scalar(select(func.count()).select_from(conversations))) == 2


@pytest.mark.parametrize("body", [b"--x\r\nbroken", b"\x00\xff"])
def test_a_body_that_is_no_form_is_answered(citizen: TestClient, body: bytes) -> None:
    citizen.get(CHAT)
    for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "text/plain", ""):
        answer = citizen.post("/mau/gui", content=body, headers={**JSON, "content-type": kind})
        assert answer.status_code in {400, 422}


def test_a_form_without_a_picture_is_never_read_beyond_its_cap(citizen: TestClient) -> None:
    citizen.get(CHAT)
    for body in (b"&" * 1_000_000, b"m=" + b"a" * 12 + b"&text=" + b"a" * 1_000_000):
        form = {"content-type": "application/x-www-form-urlencoded"}
        assert citizen.post("/mau/gui", content=body, headers=JSON | form).json()["error"] == "odd"


def test_erased_words_become_one_quiet_line(citizen: TestClient, house: House) -> None:
    citizen.get("/mau?n=mau")
    for number in range(3):
        send(citizen, m=f"answer{number:06d}", text="bỏ qua")

    def erase(tx: object) -> None:
        tx.execute(outbox.update().where(outbox.c.topic > 0).values(body=None))  # type: ignore[attr-defined]

    citizen.portal.call(house.store.write, erase)  # type: ignore[union-attr]  # an open client has one
    assert citizen.get(CHAT).text.count("Nội dung ở đây đã được xóa") == 1


@pytest.mark.parametrize("path", ["/khong-co/", "/khong-co/tin", "/khong-co/rieng-tu", "/mau/anh/1", "/mau/anh/x"])
def test_what_is_not_there_is_said_in_vietnamese(citizen: TestClient, path: str) -> None:
    answer = citizen.get(path)
    assert answer.status_code == 404
    assert "Không tìm thấy trang này" in answer.text


def test_the_notice_says_what_is_stored_and_who_answers(citizen: TestClient) -> None:
    text = citizen.get("/mau/rieng-tu").text
    for words in ("niêm phong", "từ 5 phiếu", "Cookie", "Telegram", "0205 000 0000", "rút lại sự đồng ý"):
        assert words in text


def test_the_front_door_lists_the_communes(citizen: TestClient) -> None:
    page = citizen.get("/")
    assert 'href="/mau/"' in page.text


@pytest.mark.parametrize("path", ["/", CHAT, "/mau/rieng-tu", "/can-bo/dang-nhap", "/khong-co/", "/health"])
def test_every_answer_wears_its_headers(citizen: TestClient, path: str) -> None:
    headers = citizen.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "geolocation=(self)" in headers["permissions-policy"]
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [CHAT, "/", "/mau/rieng-tu", "/can-bo/dang-nhap"])
def test_no_page_has_a_script_or_style_inside(citizen: TestClient, path: str) -> None:
    text = citizen.get(path).text
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", text)
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=\"(?:https?:)?//", text)


def test_files_of_ours_may_be_kept(citizen: TestClient) -> None:
    address = re.search(r'href="(/static/chat\.css\?v=\w+)"', citizen.get(CHAT).text)
    assert address is not None
    assert "immutable" in citizen.get(address[1]).headers["cache-control"]


def test_whoever_runs_it_sees_that_it_runs(citizen: TestClient, house: House) -> None:
    assert citizen.get("/health").text == "ok\n"
    assert citizen.get("/ready").text == "ok\n"
    citizen.get(CHAT)
    send(citizen, text="một lời riêng tư")
    assert "riêng tư" not in citizen.get("/metrics").text
    house.runtime.stop.set()
    assert citizen.get("/ready").status_code == 503
