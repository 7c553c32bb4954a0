"""Lines -> screen: edits in place, erased words merged, only the newest question active."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.messages import Bubble, Button, Own
from storage.reading_chat import Line
from web.bubbles import pieces
from web.pages import linked


def ours(seq: int, text: str = "Câu hỏi", *buttons: Button, replaces: int = 0) -> Line:
    """A message of ours."""
    body = msgspec.json.encode(Bubble(text=text, buttons=buttons))
    return Line(seq=seq, own=False, body=body, replaces=replaces, at=0)


def own(seq: int, text: str) -> Line:
    """The person's words."""
    return Line(seq=seq, own=True, body=msgspec.json.encode(Own(text=text)), replaces=0, at=0)


def gone(seq: int) -> Line:
    """An erased line."""
    return Line(seq=seq, own=False, body=None, replaces=0, at=0)


YES, NO = Button(id="1:=yes", label="Có", digit="1"), Button(id="1:=no", label="Không", digit="2")
BACK, MENU = Button(id="1:back", label="Quay lại"), Button(id="go:menu", label="Về menu")


def test_an_edit_takes_the_place_of_what_it_replaces() -> None:
    screen = pieces([ours(1, "một"), ours(2, "hai"), ours(3, "một, sửa", replaces=1)])
    assert [(piece.seq, piece.newest, piece.text) for piece in screen] == [(1, 3, "một, sửa"), (2, 2, "hai")]


def test_an_edit_of_what_is_not_there_stands_at_its_own_end() -> None:
    assert [piece.text for piece in pieces([ours(9, "mới", replaces=2)])] == ["mới"]


def test_neighbours_that_were_erased_are_one_line() -> None:
    screen = pieces([ours(1), gone(2), gone(3), own(4, "x"), gone(5)])
    assert [piece.kind for piece in screen] == ["ours", "erased", "own", "erased"]
    assert screen[1].newest == 3


def test_only_the_question_after_the_persons_last_words_is_active() -> None:
    screen = pieces([ours(1, "?", YES, NO), own(2, "Có"), ours(3, "?", Button(id="2:=a", label="A"))])
    assert [piece.active for piece in screen] == [False, False, True]
    assert screen[0].chosen == YES.id


def test_a_digit_chooses_too() -> None:
    assert pieces([ours(1, "?", YES, NO), own(2, "2")])[0].chosen == NO.id


def test_an_answer_of_an_officer_leaves_the_open_question_open() -> None:
    screen = pieces([ours(1, "?", YES, NO), ours(2, "Xã đã trả lời.", MENU)])
    assert [piece.active for piece in screen] == [True, True]


def test_an_older_question_closes_when_a_newer_one_is_asked() -> None:
    screen = pieces([ours(1, "?", YES), ours(2, "?", Button(id="2:=yes", label="Có"))])
    assert [piece.active for piece in screen] == [False, True]


def test_ways_out_stand_apart_from_answers() -> None:
    (piece,) = pieces([ours(1, "?", YES, BACK, MENU)])
    assert [button.id for button in piece.choices] == [YES.id]
    assert [button.id for button in piece.ways] == [BACK.id, MENU.id]


@given(st.lists(st.sampled_from("ogep")))
def test_every_line_is_on_the_screen_once(kinds: list[str]) -> None:
    lines = [
        own(seq, "x")
        if kind == "o"
        else gone(seq)
        if kind == "e"
        else ours(seq, "?", replaces=seq // 2 if kind == "p" else 0)
        for seq, kind in enumerate(kinds, start=1)
    ]
    screen = pieces(lines)
    places = [piece.seq for piece in screen]
    assert len(places) == len(set(places))
    assert max((piece.newest for piece in screen), default=0) == len(lines)


@given(st.text())
def test_words_never_become_tags(text: str) -> None:
    shown = str(linked(text))
    left = shown.replace('<b class="nowrap">', "").replace("</b>", "").replace("</a>", "")
    assert "<" not in left.replace('<a href="http', "").replace("<a ", "") or "http" in text
    assert "<script" not in shown


def test_addresses_become_links_and_codes_stay_whole() -> None:
    shown = str(linked('Xem https://xa.example/vl/?a=1&b=2. Mã VL-2026-AB12CD-7 "<b>"'))
    assert '<a href="https://xa.example/vl/?a=1&amp;b=2" rel' in shown
    assert '<b class="nowrap">VL-2026-AB12CD-7</b>' in shown
    assert "&lt;b&gt;" in shown
