"""A survey walked before it opens."""

import pytest

from app.transcripts import shown
from bot.conversation.desk import Commune
from bot.conversation.messages import Wants
from bot.preview import Preview
from surveys.reading import read_survey
from surveys.ready import ready
from surveys.walking import Hidden
from tests.unit.desk import NOW, WORDING

COMMUNE = Commune(id=1, name="xã Mẫu", prefix="", phone="", contact="", privacy_url="https://nghedan.example/")


def preview(name: str = "chinh_quyen_than_thien") -> Preview:
    walking = Preview(ready(name), WORDING, COMMUNE, NOW)
    walking.start()
    return walking


def test_it_is_the_conversation_that_citizens_will_have() -> None:
    walking = Preview(ready("sau_thu_tuc"), WORDING, COMMUNE, NOW)
    begun = shown(walking.start())
    assert "Chỉ có 3 câu" in begun
    assert "Câu 1/3" in begun
    assert "Đã ghi: Hài lòng" in shown(walking.say("hai long"))


def test_at_the_end_it_shows_what_would_be_stored() -> None:
    walking = preview("sau_thu_tuc")
    for line in ("5", "9", "Làm nhanh hơn."):
        walking.say(line)
    assert walking.handed_in is None
    walking.say("Gửi phiếu")
    assert walking.handed_in == {"chung": 5, "thoi_gian": 9, "gop_y": "Làm nhanh hơn."}


def test_the_map_says_what_is_asked_and_why_the_rest_is_not() -> None:
    walking = preview()
    walking.say("Chưa đến lần nào")
    lines = {line.id: line for line in walking.map()}
    assert lines["viec"].state == "answered"
    assert lines["viec"].answer == "Chưa đến lần nào"
    assert lines["thai_do"].state == "hidden"
    hidden = lines["thai_do"].hidden
    assert hidden is not None
    assert hidden.looked_at == {"viec": "chua_den"}
    assert lines["gui_phan_anh"].state == "here"
    assert lines["gop_y"].state == "waiting"


def test_a_jump_goes_straight_there_and_the_questions_before_count_as_skipped() -> None:
    walking = preview()
    heard = walking.jump("14")
    assert not isinstance(heard, Hidden)
    assert "Nhìn chung" in shown(heard)
    assert walking.answers["thai_do"] is None
    back = walking.jump("thai_do")
    assert not isinstance(back, Hidden)
    assert "thái độ" in shown(back)


def test_a_jump_to_what_is_hidden_says_why() -> None:
    walking = preview()
    walking.say("6")
    assert isinstance(walking.jump("thai_do"), Hidden)
    assert walking.why("gop_y") is None
    with pytest.raises(KeyError):
        walking.jump("18")
    with pytest.raises(KeyError):
        walking.why("khong_co")


def test_what_is_sent_is_taken_as_sent() -> None:
    asked = read_survey(
        b"""
id = "gui"
title = "Anh, tieng noi, cho"
privacy = "named"
questions = [
  { id = "anh", kind = "photo", text = "Anh?" },
  { id = "loi", kind = "voice", text = "Noi?" },
  { id = "cho", kind = "place", text = "Cho?" },
]
""",
        "gui.toml",
    )
    walking = Preview(asked, WORDING, COMMUNE, NOW)
    walking.start()
    wanted: tuple[Wants, ...] = ("photo", "voice", "place")
    for what in wanted:
        assert [line.kind for line in walking.map() if line.state == "here"] == [what]
        walking.send(what)
    assert {line.state for line in walking.map()} == {"answered"}
    # at the review no question is open, and a button of an earlier question is past
    first = walking.press("1:skip")
    assert {line.state for line in walking.map()} == {"answered"}
    assert first


def test_it_can_be_walked_again_from_the_beginning() -> None:
    walking = preview("sau_thu_tuc")
    walking.say("5")
    assert "Câu 1/3" in shown(walking.start())
    assert walking.answers == {}


def test_every_ready_questionnaire_can_be_walked_to_its_end() -> None:
    for name in (
        "mot_cua",
        "chinh_sach",
        "dan_chu_o_co_so",
        "sau_phan_anh",
        "sau_doi_thoai",
        "thuc_trang",
        "lay_y_kien",
    ):
        walking = preview(name)
        for _ in range(40):
            if any(button.label == "Gửi phiếu" for button in walking.buttons):
                break
            walking.say("bỏ qua")
        walking.say("Gửi phiếu")
        assert walking.handed_in is not None, name
        assert set(walking.handed_in.values()) == {None}, name
