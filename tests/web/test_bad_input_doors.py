"""Doors that are opened by a sign, a code or a right: forged, used again, guessed, raced for, or another person's."""

import asyncio
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from storage import recordings, survey_files
from storage.tables import accounts as accounts_
from storage.tables import acts, blobs, calls, cases, inbox
from storage.vault import Vault, make_key_file
from tests.stores import run_apart
from tests.unit.command_line import Run, config, run
from tests.web.doors import Waiting, enter, picture
from tests.web.house import House, browser_of, look
from tests.web.test_calls_pages import NAMED, reported
from vietnam.time import HOUR

__all__ = ["config", "run"]  # fixtures of the command line


def count(house: House, table: Any) -> int:
    return len(look(house, lambda conn: conn.execute(select(table)).all()))


# --- the page behind a signed address ---


@pytest.fixture
def zalo(house: House) -> Waiting:
    return Waiting(house)


@pytest.fixture
def anyone(house: House) -> Iterator[TestClient]:
    with browser_of(house) as client:
        yield client


def test_a_page_used_twice_answers_its_question_once(zalo: Waiting, anyone: TestClient) -> None:
    page = zalo.page()
    anyone.post(page, data={"m": "a" * 12, "place": "21.5,106.5"})
    assert "Ở đó thế nào?" in zalo.hears()
    # when the same page is filled in again, by whoever found it
    for again in ({"place": "21.6,106.6", "text": "chen vào"}, {"text": "chen vào"}, {"text": "NOI 1234 5678"}):
        anyone.post(page, data={"m": "b" * 12, **again})
        # then the question is past, and the one that is open now has not been answered by it
        assert "đã qua" in zalo.hears()
        assert "Ở đó thế nào?" in zalo.hears()


def test_a_page_whose_question_was_the_last_says_nothing_more(zalo: Waiting, anyone: TestClient) -> None:
    page = zalo.page()
    zalo.says("/huy")
    anyone.post(page, data={"m": "b" * 12, "text": "gửi phản ánh"})
    assert "đã qua" in zalo.hears()


@pytest.mark.parametrize(
    "command",
    ["NOI 1234 5678", "tách kênh", "nối kênh", "/dung", "không nhận tin nữa", "/huy", "menu", "xóa phiếu", "KS 1"],
)
def test_whoever_has_the_page_gives_no_commands_with_it(
    house: House, zalo: Waiting, anyone: TestClient, command: str
) -> None:
    # given the page of a question in words that is open
    asked = zalo.link()
    zalo.says("bỏ qua")
    page = zalo.page(asked=asked, nonce=_open_question(house, zalo), wants="words")
    accounts_before = look(house, lambda conn: conn.execute(select(accounts_)).all())
    # when a command is written on it
    anyone.post(page, data={"m": "a" * 12, "text": command})
    # then it is an answer like any other
    assert look(house, lambda conn: conn.execute(select(accounts_)).all()) == accounts_before
    assert "Đã ghi" in zalo.hears() or "chưa rõ ý" in zalo.hears()
    assert "Nối cuộc trò chuyện" not in zalo.hears()


def _open_question(house: House, zalo: Waiting) -> int:
    """Its number, as a button of it carries it."""
    found = re.search(r'"id":"(\d+):', zalo.hears())
    assert found, zalo.hears()
    return int(found[1])


def test_place_words_and_picture_of_one_page_belong_to_one_case(house: House, anyone: TestClient) -> None:
    zalo = Waiting(house, "77", "zalo_bot", asked=False)
    zalo.says("gửi phản ánh", "đường sá", "Đường vào nhà văn hóa thôn bị sạt lở sau mưa lớn.")
    form = {"m": "a" * 12, "place": "21.5,106.5", "text": "sau nhà văn hóa"}
    page = zalo.page()
    assert anyone.post(page, data=form, files={"photo": ("a.jpg", picture(), "image/jpeg")}).status_code == 200
    assert "đã qua" not in zalo.hears()
    # when the page is used once more, the words on it are no answer to what is asked by now
    anyone.post(page, data={"m": "b" * 12, "place": "21.5,106.5", "text": "thôn Mẫu 3"})
    anyone.post(page, data={"m": "c" * 12, "text": "thôn Mẫu 3"})
    assert "đã qua" in zalo.hears()
    assert "thôn nào" in zalo.hears()
    zalo.says("bỏ qua", "1")
    case = look(house, lambda conn: conn.execute(select(cases)).one())
    assert (case.lat, case.lon) == (21.5, 106.5)
    assert "sau nhà văn hóa" in str(case)


def test_the_same_page_sent_many_times_at_once_answers_once(house: House, zalo: Waiting) -> None:
    page = zalo.page()

    async def all_at_once() -> list[int]:
        transport = httpx.ASGITransport(app=house.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            posts = (client.post(page, data={"m": "a" * 12, "place": "21.5,106.5"}) for _ in range(10))
            return [answer.status_code for answer in await asyncio.gather(*posts)]

    assert set(run_apart(all_at_once())) == {303}
    assert "Ở đó thế nào?" in zalo.hears()
    assert "đã qua" not in zalo.hears()


def test_a_page_speaks_for_its_own_chat_whoever_sends_it(house: House, zalo: Waiting, anyone: TestClient) -> None:
    other = Waiting(house, "78")
    before = other.hears()
    anyone.get("/mau/")  # a visitor with a chat of their own
    anyone.post(zalo.page(), data={"m": "a" * 12, "place": "21.5,106.5"})
    assert other.hears() == before
    assert "Ở đó thế nào?" in zalo.hears()


@pytest.mark.parametrize(
    "other", [{"conversation": 1}, {"conversation": -1}, {"conversation": 2**63 - 1}, {"until": 0}]
)
def test_a_page_of_nobody_or_of_yesterday_is_over(zalo: Waiting, anyone: TestClient, other: dict[str, int]) -> None:
    page = zalo.page(**other)
    assert anyone.get(page).status_code == 410
    assert anyone.post(page, data={"m": "a" * 12, "text": "x"}).status_code == 410


def test_no_part_of_an_address_can_be_another_persons(house: House, zalo: Waiting) -> None:
    one, two = (page.rpartition("/")[2] for page in (zalo.page(), Waiting(house, "78").page()))
    with browser_of(house) as client:
        for at in range(1, len(one)):
            assert client.get(f"/mau/them/{one[:at]}{two[at:]}").status_code == (
                200 if one[:at] + two[at:] in (one, two) else 410
            )
        for odd in (one + "=", one + "A", one[:-1], one + "%0a", "%20" + one, one.swapcase(), one[::-1]):
            assert client.get(f"/mau/them/{odd}").status_code == 410


@pytest.mark.parametrize(
    "place",
    [
        "nan,nan",
        "inf,1",
        "-inf,1",
        "1e400,1",
        "90.0001,0",
        "0,180.5",
        "1",
        "1,",
        ",1",
        "1,2,3",
        "٣,٣",
        "1;2",
        "x" * 5000,
        "0x1,1",
        " ,",
    ],
)
def test_a_place_that_is_none_leaves_the_question_open(zalo: Waiting, anyone: TestClient, place: str) -> None:
    before = zalo.hears()
    assert anyone.post(zalo.page(), data={"m": "a" * 12, "place": place}).status_code == 422
    assert zalo.hears() == before


def test_huge_and_odd_texts_of_a_page_are_given_back_or_cleaned(
    house: House, zalo: Waiting, anyone: TestClient
) -> None:
    page, before = zalo.page(), zalo.hears()
    for text, status in (("ă" * 200_000, 400), ("ă" * 40_000, 422), ("\x00" * 100, 422), ("\u00a0" * 50, 422)):
        assert anyone.post(page, data={"m": "a" * 12, "text": text}).status_code == status, text[:1]
    assert zalo.hears() == before
    assert anyone.post(page, data={"m": "b" * 12, "text": "ở đầu \x00cầu\x07 <script>"}).status_code == 200
    assert "Ở đâu?" in zalo.hears()
    assert count(house, inbox) == 0


def test_pictures_that_are_none_or_too_much_are_told_so_and_not_kept(
    house: House, zalo: Waiting, anyone: TestClient
) -> None:
    page, before, kept = zalo.page(), zalo.hears(), count(house, blobs)
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for data in (
        b"GIF89a",
        b"\xff\xd8\xff" + bytes(900),
        svg,
        b"%PDF-1.7",
        picture(8000, 6300, "PNG"),
        bytes(13 << 20),
    ):
        files = {"photo": ("anh.jpg", io.BytesIO(data), "image/jpeg")}
        answer = anyone.post(page, data={"m": "a" * 12}, files=files)
        assert answer.status_code == 422, data[:10]
        assert 'role="alert"' in answer.text
        house.at += HOUR // 4  # pictures have a pace of their own
    assert (zalo.hears(), count(house, blobs)) == (before, kept)


def test_a_page_takes_pictures_at_its_pace(house: House, zalo: Waiting, anyone: TestClient) -> None:
    page = zalo.page()
    found = [
        anyone.post(page, data={"m": "a" * 12}, files={"photo": ("a", b"GIF89a", "image/gif")}).status_code
        for _ in range(12)
    ]
    assert found == [422] * 6 + [429] * 6


# --- whom to call ---


def _call(house: House) -> int:
    return look(house, lambda conn: conn.scalar(select(calls.c.id)) or 0)


def test_nobody_but_the_communes_own_officers_sees_or_ends_a_call(house: House) -> None:
    code = reported(house, "71", NAMED)
    call = _call(house)
    before = look(house, lambda conn: conn.execute(select(calls)).all())
    of_calls = select(acts).where(acts.c.thing != "officer")  # who logs in is an act as well
    acted = look(house, lambda conn: conn.execute(of_calls).all())
    with browser_of(house) as client:
        client.follow_redirects = False
        for login, status in (("", 303), ("xakhac", 0), ("quantri", 403)):
            client.cookies.clear()
            if login:
                enter(client, login)
            ended = [client.post(f"/can-bo/can-goi/{call}", data={"what": what}) for what in ("called", "printed", "x")]
            if login == "xakhac":
                # another commune's officer has the page, and this call is not on it
                assert [one.status_code for one in ended] == [404, 404, 404]
                assert client.get(f"/can-bo/can-goi/{call}/phieu").status_code == 404
                assert code not in client.get("/can-bo/can-goi").text
            else:
                assert {one.status_code for one in ended} == {status}
    assert look(house, lambda conn: conn.execute(select(calls)).all()) == before
    assert look(house, lambda conn: conn.execute(of_calls).all()) == acted


@pytest.mark.parametrize("call", ["0", str(2**63 - 1), str(2**63), "9" * 19, "9" * 40, "-1", "a", "%00"])
def test_a_call_that_is_none_is_not_there(house: House, call: str) -> None:
    with browser_of(house) as client:
        enter(client, "tiepnhan")
        client.follow_redirects = False
        assert client.get(f"/can-bo/can-goi/{call}/phieu").status_code == 404
        assert client.post(f"/can-bo/can-goi/{call}", data={"what": "called"}).status_code in (303, 404)


@pytest.mark.parametrize("form", [{}, {"what": ""}, {"what": "CALLED"}, {"what": "called\x00"}, {"what": "x" * 5000}])
def test_a_call_is_ended_by_a_known_word_only(house: House, form: dict[str, str]) -> None:
    reported(house, "71", NAMED)
    before = look(house, lambda conn: conn.execute(select(calls)).all())
    with browser_of(house) as client:
        enter(client, "tiepnhan")
        assert client.post(f"/can-bo/can-goi/{_call(house)}", data=form).status_code == 400
        assert client.get(f"/can-bo/can-goi/{_call(house)}", params={"what": "called"}).status_code == 405
    assert look(house, lambda conn: conn.execute(select(calls)).all()) == before


# --- recordings and the map ---


def test_a_recording_is_given_whole_or_not_at_all(house: House, citizen: TestClient, vault: Vault) -> None:
    data = b"ID3" + bytes(range(256)) * 40
    unit = house.commune.commune
    blob, own = (run_apart(house.runtime.blobs.put(unit, "audio/mpeg", data)) for _ in range(2))
    run_apart(house.store.write(lambda tx: survey_files.put(tx, house.commune.version, "cau1.mp3", blob)))
    path = f"/nghe/{recordings.make(vault, blob)}"
    for wanted in (
        "bytes=0-",
        "bytes=5-9",
        "bytes=-1",
        "bytes=9-5",
        "bytes=0-0,5-6," * 500,
        "x",
        "bytes=" + "9" * 5000,
    ):
        played = citizen.get(path, headers={"range": wanted})
        assert (played.status_code, played.content) == (200, data)
    assert citizen.post(path).status_code == 405
    for odd in (
        recordings.make(vault, own),
        recordings.make(vault, -1),
        recordings.make(vault, 2**63 - 1),
        path[6:-1],
        path[6:] + "A",
    ):
        assert citizen.get(f"/nghe/{odd}").status_code == 404


EDGES = ("--north", "21.6", "--south", "21.5", "--west", "106.4", "--east", "106.6")
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
NO_PICTURES = {
    "svg": SVG, "html": b"<html><script>1</script>", "nothing": b"", "half": picture()[:100], "gif": b"GIF89a" + SVG,
    "bomb": picture(8000, 6300, "PNG"), "huge": picture() + bytes(13 << 20),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_is_no_map(run: Run, config: Path, tmp_path: Path, name: str) -> None:
    make_key_file(tmp_path / "xa.key")
    file = tmp_path / f"{name}.jpg"
    file.write_bytes(NO_PICTURES[name])
    told = run("map", "set", file, *EDGES, "--config", config)
    assert told.code != 0
    assert str(file) in told.err
    assert not told.out


def test_a_map_from_a_device_without_an_end_is_refused_at_once(run: Run, config: Path) -> None:
    told = run("map", "set", "/dev/zero", *EDGES, "--config", config)
    assert told.code != 0
    assert "larger than 12 MB" in told.err


@pytest.mark.parametrize("edge", ["nan", "inf", "-inf", "1e400", "91", "x"])
def test_a_map_without_real_edges_is_refused(run: Run, config: Path, tmp_path: Path, edge: str) -> None:
    file = tmp_path / "map.jpg"
    file.write_bytes(picture())
    told = run("map", "set", file, "--north", edge, *EDGES[2:], "--config", config)
    assert told.code != 0
    assert "north" in told.err


def test_nothing_but_pixels_of_a_map_is_kept(house: House) -> None:
    data = picture(640, 320) + b"<script>alert(1)</script>"

    async def kept() -> bytes | None:
        blob = await house.services.keep_photo(house.commune.commune, data)
        assert isinstance(blob, int)
        return await house.runtime.blobs.get(blob)

    found = run_apart(kept())
    assert found is not None
    assert b"script" not in found
