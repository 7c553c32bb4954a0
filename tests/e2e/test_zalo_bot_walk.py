"""The whole way on the Zalo Bot Platform, through a real `nghedan serve`, by numbers and words: polling and webhook."""

import asyncio
from pathlib import Path

import pytest

from tests.e2e.citizens import OPINION, Officer, code_in, jpeg
from tests.e2e.citizens import typed as said
from tests.e2e.serving import Place, Server, start
from tests.fakes.zalo_bot import FakeZaloBot, Person

SECRET = "bi-mat_2026"


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_citizens_and_an_officer_meet_over_a_zalo_bot(mode: str, tmp_path: Path) -> None:
    # given a commune that listens on the Zalo Bot Platform
    with FakeZaloBot(wrapped=mode == "polling", statuses=mode == "polling") as fake:
        zalo_bot = {"token": fake.token, "api_base": fake.api_base, "mode": mode, "webhook_secret": SECRET}
        place = Place(tmp_path, zalo_bot=zalo_bot)
        await asyncio.to_thread(place.furnish, "sau_thu_tuc")
        running = await asyncio.to_thread(start, place)
        try:
            lan, ba = fake.user("Lan"), fake.user("Ba")
            # when one answers the survey and one sends a phản ánh with a picture
            _, code = await asyncio.gather(_answers_survey(lan), _sends_feedback(ba))
            await _is_answered(running, ba, code)
            await _is_no_orphan(fake)
            doctor = await asyncio.to_thread(place.command, "doctor")
        except BaseException:
            print(place.folder.joinpath("serve.log").read_text())
            running.kill()
            raise
        assert await asyncio.to_thread(running.stop) == 0
        # then nothing was refused, nothing waits, and the operator reads how it stands
        assert [call for call in fake.calls("sendMessage") if call.code] == []
        assert fake.waiting == 0
        sent = len(fake.calls("sendMessage"))
        assert f"ok  zalo_bot: bot.VDKyGxQvc BASIC, {sent} of 3000 messages of this month" in doctor
        assert ("`nghedan serve` is down is lost" in doctor) == (mode == "polling")


async def _answers_survey(lan: Person) -> None:
    lan.writes("Xin chào")
    menu = await lan.will_hear(said("menu.title"))
    number = next(line.partition(".")[0] for line in menu.text.splitlines() if said("menu.survey") in line)
    lan.writes(number)
    await lan.will_hear("Câu 1/3.")
    lan.writes("5")
    assert f"{said('survey.noted')} Rất hài lòng." in (await lan.will_hear("Câu 2/3.")).text
    lan.writes("khong hai long")
    await lan.will_hear("Câu 3/3.")
    lan.writes(OPINION)
    await lan.will_hear(said("survey.village"))
    lan.writes("mau hai")
    await lan.will_hear(said("survey.erased"))


async def _sends_feedback(ba: Person) -> str:
    ba.writes("menu")
    menu = await ba.will_hear(said("menu.title"))
    number = next(line.partition(".")[0] for line in menu.text.splitlines() if said("menu.feedback") in line)
    ba.writes(number)
    await ba.will_hear(said("draft.ask.category"))
    ba.writes("2")
    await ba.will_hear(said("draft.ask.text.feedback"))
    ba.writes("Rác ở đầu thôn chưa được thu gom từ thứ Hai.")
    await ba.will_hear(said("draft.ask.photo_place"))
    ba.sends_photo(jpeg())
    await ba.will_hear(said("draft.ask.village"))
    ba.writes("1")
    await ba.will_hear(said("draft.review"))
    ba.writes(said("draft.give_name"))
    await ba.will_hear(said("draft.ask.name"))
    ba.writes("Nông Văn Mẫu")
    await ba.will_hear(said("draft.ask.phone"))
    ba.writes("0912 345 678")
    review = await ba.will_hear(said("draft.review"))
    assert "1 ảnh" in review.text
    ba.writes("gửi")
    return code_in((await ba.will_hear(said("draft.sent.feedback"), 20)).text)


async def _is_answered(server: Server, ba: Person, code: str) -> None:
    reply = "Tổ vệ sinh đã thu gom sáng nay."
    async with Officer(server.url) as officer:
        await officer.logs_in()
        page = await officer.read(f"/can-bo/vu-viec/{code}")
        assert f"/can-bo/vu-viec/{code}/anh/" in page
        await officer.replies(code, reply)
    assert code in (await ba.will_hear(reply)).text
    ba.writes(code.lower())
    assert reply in (await ba.will_hear(said("track.reply"))).text


async def _is_no_orphan(fake: FakeZaloBot) -> None:
    """Whatever a protected person sends, somebody answers; in a group nobody does."""
    child = fake.user("Tí")
    child.is_protected()
    child.writes("Chào")
    await child.will_hear("")
    before = len(fake.calls("sendMessage"))
    child.writes_in_a_group("@bot xin chào")
    minh = fake.user("Minh")
    minh.writes("menu")
    await minh.will_hear(said("menu.title"))
    told = [call for call in fake.calls("sendMessage")[before:] if call.params["chat_id"] != minh.id]
    assert told == []
    for seen in (*child.heard, *minh.heard):
        assert seen.text.strip()
