"""The whole way on a Zalo Official Account, through a real `nghedan serve`: login, survey, case, windows, tokens."""

import asyncio
import io
import os
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import aiohttp
import pytest
from sqlalchemy import select

from storage.sqlite import SqliteStore
from storage.tables import outbox
from tests.e2e.citizens import OPINION, Officer, bomb, code_in, jpeg, said
from tests.e2e.serving import SECONDS, Place, Server, serving, wait_until
from tests.fakes.zalo_oa import FakeZaloOa, Person
from tests.fakes.zalo_oa.fake import SEND, TOKEN
from tests.stores import UNHURRIED


def webhook(place: Place) -> str:
    """The address that the operator enters in the console of the app."""
    found = re.search(r"(\S+/webhook/zalo_oa/\d+)", place.command("channel", "list"))
    assert found
    return found[1]


def logs_in(fake: FakeZaloOa, place: Place) -> str:
    """The operator at the terminal, the administrator in the browser; what the terminal says."""
    terminal = subprocess.Popen(
        [*place.program, "channel", "login", "--wait", "20", "--config", place.config],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=place.folder,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert terminal.stdout
    shown = ""
    while "permission?" not in shown:
        line = terminal.stdout.readline()
        assert line, shown
        shown += line
    with urlopen(fake.consents(shown.split()[-1])) as page:
        assert "Đã kết nối với Zalo" in page.read().decode()
    rest, _ = terminal.communicate(timeout=SECONDS)
    assert terminal.returncode == 0, rest
    return shown + rest


@dataclass
class Scene:
    """A commune whose Official Account is connected."""

    fake: FakeZaloOa
    server: Server
    place: Place


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with FakeZaloOa() as fake:
        place = Place(tmp_path_factory.mktemp("zalo_oa"), zalo_oa=fake.settings)
        place.furnish("sau_thu_tuc")
        with serving(place) as server:
            fake.hook_at(webhook(place), patience=UNHURRIED)
            assert "Đã kết nối" in logs_in(fake, place)
            yield Scene(fake, server, place)


@pytest.fixture
async def officer(scene: Scene) -> AsyncIterator[Officer]:
    async with Officer(scene.server.url) as browser:
        await browser.logs_in()
        yield browser


async def test_who_follows_is_greeted_and_answers_a_survey_by_buttons_and_by_numbers(scene: Scene) -> None:
    lan = scene.fake.user("Lan")
    lan.follows()
    greeting = await lan.will_hear(said("menu.title"))
    assert greeting.text.count("Nghe Dân") <= 2
    lan.presses("Trả lời phiếu: Ba câu hỏi sau khi làm thủ tục")
    first = await lan.will_hear("Câu 1/3.")
    assert len(first.labels) <= 5
    lan.presses("Rất hài lòng")
    assert f"{said('survey.noted')} Rất hài lòng." in (await lan.will_hear("Câu 2/3.")).text
    lan.writes("2")
    assert f"{said('survey.noted')} Không hài lòng." in (await lan.will_hear("Câu 3/3.")).text
    lan.writes(OPINION)
    await lan.will_hear(said("survey.village"))
    lan.writes("thon mau hai")
    await lan.will_hear(said("survey.erased"))


async def test_a_case_with_a_picture_and_a_place_is_answered_and_tracked(scene: Scene, officer: Officer) -> None:
    ba = scene.fake.user("Ba")
    ba.follows()
    await ba.will_hear(said("menu.title"))
    code = await _sends_feedback(ba)
    page = await officer.read(f"/can-bo/vu-viec/{code}")
    assert re.search(rf'src="/can-bo/vu-viec/{code}/anh/\d+"', page)
    await officer.replies(code, "Tổ vệ sinh đã thu gom sáng nay.")
    assert code in (await ba.will_hear("Tổ vệ sinh đã thu gom sáng nay.")).text
    ba.writes(code.lower())
    await ba.will_hear(said("track.reply"))

    # what was pressed for a question that is past, a sticker, a point without a question: each is answered
    ba.sends_sticker()
    ba.sends_location(21.69, 106.6, "Chợ")
    ba.presses_payload("#1:x")
    answers = len(ba.heard)
    await scene.fake.until(lambda _: len(ba._chat.letters) >= answers + 3 or None, 15, "no answer")


async def _sends_feedback(citizen: Person) -> str:
    citizen.presses(said("menu.feedback"))
    await citizen.will_hear(said("draft.ask.category"))
    citizen.writes("2")
    await citizen.will_hear(said("draft.ask.text.feedback"))
    citizen.writes("Rác ở đầu thôn chưa được thu gom từ thứ Hai.")
    asked = await citizen.will_hear("Nếu có ảnh")
    assert "/them/" in citizen.opens(said("page.scene")), "a map for whoever is not on the spot"
    assert said("page.scene") in asked.labels
    citizen.sends_photo(jpeg())
    await citizen.will_hear(said("draft.ask.village"))
    citizen.sends_location(21.69, 106.6, "Chợ Mẫu")
    await citizen.will_hear(said("draft.ask.village"))
    citizen.presses("thôn Mẫu Một")
    await citizen.will_hear(said("draft.review"))
    citizen.presses(said("draft.give_name"))
    await citizen.will_hear(said("draft.ask.name"))
    citizen.writes("Nông Văn Mẫu")
    await citizen.will_hear(said("draft.ask.phone"))
    citizen.submits("84912345678")
    await citizen.will_hear(said("draft.review"))
    citizen.presses(said("draft.send"))
    return code_in((await citizen.will_hear(said("draft.sent.feedback"), 20)).text)


async def test_a_picture_that_is_none_is_refused_kindly(scene: Scene) -> None:
    tu = scene.fake.user("Tư")
    tu.follows()
    await tu.will_hear(said("menu.title"))
    tu.sends_photo(bomb())
    await tu.will_hear(said("photo.bomb"), 30)
    assert len([seen for seen in tu.heard if said("photo.bomb") in seen.text]) == 1


async def test_who_leaves_is_not_written_to_and_is_welcome_back(scene: Scene) -> None:
    tu = scene.fake.user("Tư")
    tu.follows()
    await tu.will_hear(said("menu.title"))
    before = len(tu.heard)
    tu.unfollows()
    await scene.fake.until(lambda _: not scene.fake.hook.waiting or None)
    assert len(tu.heard) == before, "whoever has left is not written to"
    tu.follows()
    await tu.will_hear(said("menu.title"))
    assert len(tu.heard) == before + 1


async def test_events_twice_backwards_and_an_hour_later_are_answered_once(scene: Scene) -> None:
    fake, lan = scene.fake, scene.fake.user("Lan")
    lan.follows()
    await lan.will_hear(said("menu.title"))
    fake.hook.copies = 3
    body = lan.writes("tro giup")
    await lan.will_hear(said("help"))
    fake.hook.copies = 1
    fake.hold()
    lan.writes("tra cuu")
    lan.looks()
    fake.release(backwards=True)
    await lan.will_hear(said("track.ask"))
    assert await fake.again(body) == 200
    assert await fake.again(body) == 200
    assert len([seen for seen in lan.heard if said("help") in seen.text]) == 1


async def test_a_token_that_ends_between_two_answers_is_not_noticed(scene: Scene) -> None:
    lan = scene.fake.user("Lan")
    lan.follows()
    await lan.will_hear(said("menu.title"))
    scene.fake.next_fault(SEND, "error", code=-216, message="Access token has expired")
    before = len(scene.fake.calls(TOKEN))
    lan.writes("tro giup")
    await lan.will_hear(said("help"))
    assert len(scene.fake.calls(TOKEN)) == before + 1


async def test_the_door_knows_who_knocks(scene: Scene) -> None:
    lan = scene.fake.user("Lan")
    body = lan.follows()
    await lan.will_hear(said("menu.title"))
    url = scene.fake.hook.url
    heard = len(lan.heard)
    async with aiohttp.ClientSession() as session:
        for headers, brought, status in (
            ({}, body, 401),
            ({"X-ZEvent-Signature": "mac=" + "0" * 64}, body, 401),
            ({"X-ZEvent-Signature": scene.fake.header(body, secret="khac")}, body, 401),
            ({"X-ZEvent-Signature": scene.fake.header(body)}, body, 200),
            ({"X-ZEvent-Signature": scene.fake.header(body)}, body + b" " * 10_000_000, 200),
            ({"X-ZEvent-Signature": scene.fake.header(body), "Content-Encoding": "gzip"}, b"\x1f\x8b" + body, 401),
        ):
            async with session.post(url, data=io.BytesIO(brought), headers=headers) as answer:
                assert answer.status == status
    assert len(lan.heard) == heard


async def test_a_login_that_nobody_began_brings_nothing(scene: Scene) -> None:
    account = scene.fake.hook.url.rpartition("/")[2]
    async with Officer(scene.server.url) as browser:
        status, page = await browser.get(f"/oauth/zalo_oa/{account}?code=x&state=y&oa_id={scene.fake.oa_id}")
        assert (status, "quá một giờ" in page.decode()) == (400, True)
        for path in ("/oauth/zalo_oa/1?code=x&state=y", "/oauth/telegram/1", "/nghe/x", f"/nghe/{'A' * 27}"):
            assert (await browser.get(path))[0] == 404


async def test_doctor_says_how_the_account_stands(scene: Scene) -> None:
    lan = scene.fake.user("Lan")
    lan.follows()
    await lan.will_hear(said("menu.title"))
    line = next(line for line in _doctor(scene.place).splitlines() if " zalo_oa: " in line)
    assert line.startswith("ok  zalo_oa: UBND xã Mẫu, token for 2"), line
    assert "last event" in line


def _doctor(place: Place) -> str:
    done = place._run(("doctor",), "")
    return done.stdout


@pytest.mark.slow
def test_nobody_is_written_to_when_the_window_is_closed(tmp_path: Path) -> None:
    with FakeZaloOa() as fake:
        place = Place(tmp_path, zalo_oa=fake.settings)
        place.furnish("sau_thu_tuc")
        with serving(place):
            fake.hook_at(webhook(place), patience=UNHURRIED)
            logs_in(fake, place)
            ba = fake.user("Ba")
            ba.follows()
            ba.hears(said("menu.title"))
            code = asyncio.run(_sends_feedback(ba))

        # given two days and more without a word of the person
        place.ahead = 50 * 60
        fake.advance(50 * 3600)
        heard = len(ba.heard)
        with serving(place) as server:
            asyncio.run(_replies(server.url, code))
            wait_until(lambda: fake.calls(TOKEN)[1:], "the token was not renewed")
            # then the reply is not lost: it waits, and comes with the person's next word
            wait_until(lambda: "48" in _unsent(place), "nobody sees that the reply could not go out")
            assert len(ba.heard) == heard
            ba.writes("menu")
            assert code in ba.hears("Đã sửa xong.", 20).text
            assert fake.do(lambda world: world.billed) == 0


async def _replies(url: str, code: str) -> None:
    async with Officer(url) as officer:
        await officer.logs_in()
        await officer.replies(code, "Đã sửa xong.")


def _unsent(place: Place) -> str:
    store = SqliteStore(place.folder / "nghedan.db")
    try:
        return " ".join(map(str, store.read_now(lambda conn: list(conn.scalars(select(outbox.c.fault))))))
    finally:
        store.close_now()
