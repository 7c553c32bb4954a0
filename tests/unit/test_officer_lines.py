"""What an officer reads in chat, line by line: made of code, kind, thôn, day, a colleague's name and a link alone."""

import string
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from app import officer_held, officer_lines
from app.capabilities import CAPABILITIES
from app.officer_chat import Said, said
from bot.channels.texts import utf16_length
from feedback.codes import make_code
from storage.board import NewCase
from storage.board_lines import Standing
from storage.officer_news import CaseNews, Fate
from tests.unit.desk import WORDING
from vietnam.time import DAY

AT = 1_795_000_000_000
CODE = make_code("VL", 2026, 123_456_789)
SLIP = CODE[:-1] + ("2" if CODE[-1] != "2" else "3")
PUBLIC = "https://nghedan.xa-mau.example.vn"
SORTS = ("new", "given", "soon", "late", "draft", "returned")
_CASE = {"code", "kind", "village", "state", "time", "day", "many", "number", "minutes", "parts", "who", "ways"}
_OFFICERS = {"name", "unit"}
"""`name` is an officer's own, or a colleague's: as the console shows it to officers."""
OF_THE_SCREEN = ("officer.added", "officer.reset", "officer.on", "officer.off", "officer.role", "officer.keeper")


def runtime() -> Any:
    """What a line needs of a runtime."""
    settings = SimpleNamespace(public_url=PUBLIC, officers=SimpleNamespace(soon_hours=24))
    return SimpleNamespace(wording=WORDING, settings=settings)


def news(what: str, code: str = CODE) -> CaseNews:
    return CaseNews(what=what, key=f"{what}:1", code=code, kind="petition", village="thôn Mẫu 1", due_at=AT + DAY)


@pytest.mark.parametrize("shape", [CaseNews, NewCase, Standing, Fate])
def test_a_line_knows_nothing_of_who_and_what(shape: type) -> None:
    allowed = {"id", "what", "key", "code", "kind", "village", "opened_at", "due_at", "at", "case", "state"}
    allowed |= {"version", "draft", "holder_id", "holder", "taken_at"}
    assert {field.name for field in msgspec.structs.fields(shape)} <= allowed


def test_no_text_of_the_officers_chat_has_a_place_for_anything_else() -> None:
    beginnings = ("officer.", "board.", "morning.")
    keys = [key for key in WORDING.texts if key.startswith(beginnings) and not key.startswith(OF_THE_SCREEN)]
    assert len(keys) > 60, "the catalogue was read"
    for key in keys:
        places = {name for _, name, _, _ in string.Formatter().parse(WORDING.texts[key]) if name}
        assert places <= _CASE | _OFFICERS, key


@pytest.mark.parametrize("channel", ["telegram", "zalo_bot", "zalo_oa"])
@pytest.mark.parametrize("what", SORTS)
def test_each_line_says_what_where_until_when_and_how_to_answer(channel: str, what: str) -> None:
    line = officer_lines.worded(runtime(), channel, news(what), 7)
    head, where, due, *rest = line.text.splitlines()
    assert head.endswith(f"iến nghị {CODE}") or head == f"Kiến nghị mới: {CODE}"
    assert where == "Nơi xảy ra: thôn Mẫu 1"
    assert due.startswith("Hạn trả lời: ")
    ways = officer_lines.ways(what)
    if CAPABILITIES[channel].buttons:
        assert [button.id for button in line.buttons] == [f"go:cb:{way}:{CODE}" for way in ways]
        assert rest == []
    else:
        # a number for each way out, and nothing that could only be pressed
        assert line.buttons == ()
        assert [way in text for way, text in zip(ways, rest[1:], strict=True)] == [False] * len(ways)
        assert all("7”" in text for text in rest[1:])
        assert all(said(text.split("“")[1].split("”")[0]) for text in rest[1:]), "what is to be typed is understood"
    assert line.link in ("", f"{PUBLIC}/can-bo/vu-viec/{CODE}")
    assert bool(line.link) or what == "draft"
    assert utf16_length(line.text) < 300, "read at one look"


def test_a_summary_counts_and_names_the_most_urgent() -> None:
    found = [news("late"), news("draft", "VL-2026-AAAAAA-2"), *(news("new", f"VL-{number}") for number in range(3))]
    told = officer_held.summary(runtime(), found, {CODE: 4, "VL-2026-AAAAAA-2": 1, "VL-0": 2})
    assert told.text.splitlines() == [
        "Từ tin trước của Ông/Bà đến nay: 1 việc quá hạn, 1 câu trả lời chờ duyệt, 3 việc mới.",
        "",
        f"4. QUÁ HẠN: Kiến nghị {CODE}, thôn Mẫu 1, hạn 19/11",
        "1. Câu trả lời chờ Ông/Bà duyệt: Kiến nghị VL-2026-AAAAAA-2, thôn Mẫu 1, hạn 19/11",
        "2. Kiến nghị mới: VL-0, thôn Mẫu 1, hạn 19/11",
        "Và 2 việc nữa, xin xem ở trang làm việc.",
        "",
        "Nhận việc: nhắn “nhận” kèm số đầu dòng, như “nhận 2”.",
        "Đọc và duyệt: nhắn “duyệt” kèm số đầu dòng, như “duyệt 1”.",
        "Trả lại để sửa: nhắn “trả” kèm số đầu dòng, như “trả 1”.",
    ]
    assert (told.link, told.buttons) == (f"{PUBLIC}/can-bo/", ())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("nhận 3", Said("nhan", number=3)),
        ("NHAN VIEC SO 12", Said("nhan", number=12)),
        ("Nhận việc.", Said("nhan")),
        ("duyệt 1", Said("duyet", number=1)),
        ("trả lại 2", Said("tra", number=2)),
        ("tra 2", Said("tra", number=2)),
        (f"duyệt {CODE}", Said("duyet", code=CODE)),
        (f"nhan {CODE.lower().replace('-', ' ')}", Said("nhan", code=CODE)),
        ("nhận", Said("nhan")),
        # a citizen's words, and an officer's as a citizen
        (f"tra cứu {CODE}", None),
        (CODE, None),
        ("trả lời", None),
        ("tra loi 3", None),
        ("nhận được rồi, cảm ơn xã", None),
        ("/nhan_tin", None),
        ("nhận 100", None),
        (f"nhận {SLIP}", None),
        ("3", None),
        ("duyệt " + "9" * 80, None),
        ("", None),
    ],
)
def test_a_word_with_a_number_or_a_code_is_an_answer_and_nothing_else_is(text: str, meant: Said | None) -> None:
    assert said(text) == meant


def test_what_is_shown_to_whoever_pressed_in_the_group_fits() -> None:
    for key in ("officer.group.stranger", "officer.must_change", "officer.no_case"):
        assert utf16_length(WORDING.texts[key]) <= 200
