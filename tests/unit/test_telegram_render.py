"""A bubble -> Bot API calls: nothing lost, nothing too long, buttons where a thumb finds them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Address
from bot.channels.telegram.render import ApiCall, anew, render
from bot.channels.texts import split, utf16_length
from bot.conversation.messages import Bubble, Button

LAN = Address("5")


def digits(count: int) -> tuple[Button, ...]:
    return tuple(Button(id=f"n1:{digit}", label=str(digit)) for digit in range(count))


def rows(bubble: Bubble) -> list[list[str]]:
    markup: Any = render(LAN, bubble)[-1].params["reply_markup"]
    return [[button["text"] for button in row] for row in markup["inline_keyboard"]]


def test_a_text_is_one_plain_call_without_link_preview() -> None:
    [call] = render(LAN, Bubble(text=" Xin chào *Ông/Bà* <b> & _ "))
    assert call == ApiCall(
        "sendMessage",
        {"chat_id": 5, "text": "Xin chào *Ông/Bà* <b> & _", "link_preview_options": {"is_disabled": True}},
    )


def test_an_edit_changes_the_first_part_and_removes_the_old_buttons() -> None:
    first, *rest = render(Address("5", "31"), Bubble(text="chữ " * 2000))
    assert (first.method, first.params["message_id"]) == ("editMessageText", 31)
    assert "reply_markup" not in first.params
    assert [call.method for call in rest] == ["sendMessage"]
    assert anew(first) == ApiCall(
        "sendMessage", {key: first.params[key] for key in ("chat_id", "text", "link_preview_options")}
    )


def test_a_picture_is_sent_with_its_text_as_caption_where_that_fits() -> None:
    [short] = render(LAN, Bubble(text="Đã dọn", blob=7, buttons=digits(2)))
    assert (short.method, short.params["caption"], short.blob) == ("sendPhoto", "Đã dọn", 7)
    assert "reply_markup" in short.params

    photo, text = render(Address("5", "31"), Bubble(text="dài " * 300, blob=7, buttons=digits(2)))
    assert (photo.method, "caption" in photo.params, "reply_markup" in photo.params) == ("sendPhoto", False, False)
    assert (text.method, "reply_markup" in text.params) == ("sendMessage", True)

    [bare] = render(LAN, Bubble(text="", blob=7))
    assert bare == ApiCall("sendPhoto", {"chat_id": 5}, 7)


def test_a_link_stands_on_its_own_line_unless_the_text_has_it() -> None:
    assert render(LAN, Bubble(text="Xem", link="https://a.vn/x"))[0].params["text"] == "Xem\nhttps://a.vn/x"
    whole = "Xem https://a.vn/x nhé"
    assert render(LAN, Bubble(text=whole, link="https://a.vn/x"))[0].params["text"] == whole


def test_wide_buttons_stand_one_a_row_and_digits_side_by_side() -> None:
    assert rows(Bubble(text="?", buttons=digits(3))) == [["0"], ["1"], ["2"]]
    assert rows(Bubble(text="?", buttons=digits(5), wide=False)) == [["0", "1", "2", "3", "4"]]
    nps = rows(Bubble(text="?", buttons=digits(11), wide=False))
    assert [len(row) for row in nps] == [4, 4, 3]
    assert [digit for row in nps for digit in row] == [str(digit) for digit in range(11)]


def test_long_labels_are_never_squeezed_side_by_side() -> None:
    labels = ("Rất không hài lòng", "Không hài lòng")
    buttons = tuple(Button(id=label[:3], label=label) for label in labels)
    assert rows(Bubble(text="?", buttons=buttons, wide=False)) == [[labels[0]], [labels[1]]]
    yes_no = (Button(id="1", label="Có"), Button(id="0", label="Không"))
    assert rows(Bubble(text="?", buttons=yes_no, wide=False)) == [["Có", "Không"]]


def numbered(*labels: str) -> tuple[Button, ...]:
    ways = (Button(id="1:back", label="Sửa câu trước"), Button(id="go:menu", label="Về menu"))
    return (*(Button(id=f"1:={n}", label=label, digit=str(n)) for n, label in enumerate(labels, start=1)), *ways)


def test_numbers_stand_side_by_side_above_the_ways_out() -> None:
    nps = rows(Bubble(text="?", buttons=numbered(*map(str, range(1, 11))), wide=False))
    assert nps == [["1", "2", "3", "4", "5"], ["6", "7", "8", "9", "10"], ["Sửa câu trước", "Về menu"]]


def test_every_choice_is_printed_with_the_number_that_can_be_typed() -> None:
    left = (Button(id="1:=b", label="Nước", digit="2"), Button(id="1:=c", label="Chợ", digit="3"))
    assert rows(Bubble(text="?", buttons=(*left, Button(id="1:done", label="Đã chọn xong")))) == [
        ["2. Nước"],
        ["3. Chợ"],
        ["Đã chọn xong"],
    ]


def test_choices_too_long_for_a_button_are_read_in_the_text() -> None:
    long = "Việc hỗ trợ người dân làm ăn, phát triển kinh tế, vay vốn và tiêu thụ nông sản"
    bubble = Bubble(text="Câu 1/2. Việc nào?", buttons=numbered(long, "Việc khác"))
    [call] = render(LAN, bubble)
    assert call.params["text"] == f"Câu 1/2. Việc nào?\n\n1. {long}\n2. Việc khác"
    assert rows(bubble) == [["1. Việc hỗ trợ người dân làm…"], ["2. Việc khác"], ["Sửa câu trước"], ["Về menu"]]


@pytest.mark.parametrize(("count", "label"), [(120, "thôn Nà Pất"), (98, "đường " * 9), (100, "ấp " * 300), (500, "?")])
def test_any_number_of_choices_can_be_shown(count: int, label: str) -> None:
    calls = render(LAN, Bubble(text="?", buttons=numbered(*[label.strip()] * count)))
    *_, ways = keyboard = calls[-1].params["reply_markup"]["inline_keyboard"]  # type: ignore[index]
    assert len(json.dumps(keyboard)) < 10_000
    assert sum(map(len, keyboard)) <= 100
    assert ways == [{"text": "Về menu", "callback_data": "go:menu"}]
    assert f"{count}. {label.strip()}" in "\n".join(str(call.params["text"]) for call in calls)
    assert all(utf16_length(str(call.params["text"])) <= 4096 for call in calls)


def test_what_no_citizen_can_cause_is_an_error() -> None:
    with pytest.raises(ValueError, match="without text"):
        render(LAN, Bubble(text=" \n"))
    with pytest.raises(ValueError, match="101 buttons"):
        render(LAN, Bubble(text="?", buttons=digits(101)))
    for bad in ("", "đ" * 33):
        with pytest.raises(ValueError, match="1 to 64"):
            render(LAN, Bubble(text="?", buttons=(Button(id=bad, label="x"),)))
    render(LAN, Bubble(text="?", buttons=(Button(id="đ" * 32, label="x"),)))


def test_a_text_is_cut_between_paragraphs_then_lines_then_words() -> None:
    assert split("a" * 30 + "\n\n" + "b" * 30, 40) == ["a" * 30, "b" * 30]
    assert split("a" * 30 + "\n" + "b b b b b b b b", 40) == ["a" * 30, "b b b b b b b b"]
    assert split("chữ " * 8, 10) == ["chữ chữ", "chữ chữ", "chữ chữ", "chữ chữ"]
    assert split("abcd efgh", 4) == ["abcd", "efgh"]


def test_one_long_run_is_cut_between_letters_but_not_through_them() -> None:
    assert split("x" * 9, 4) == ["xxxx", "xxxx", "x"]
    farmer = "👩\u200d🌾"
    assert split(farmer * 3, 8) == [farmer, farmer, farmer]
    assert split("aaae\u0302bbb", 4) == ["aaa", "e\u0302bb", "b"]


@given(st.text(st.sampled_from("aế😀 \n\u200d\u0301\ufe0f"), max_size=200), st.integers(2, 40))
def test_no_part_is_empty_or_too_long_and_no_letter_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(part.strip() == part and 0 < utf16_length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.text(max_size=50))
def test_length_is_counted_as_telegram_counts(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("name", "method", "field"),
    [("cau_1.mp3", "sendAudio", "audio"), ("cau_1.M4A", "sendAudio", "audio"), ("cau_1.ogg", "sendVoice", "voice")],
)
def test_a_recording_goes_before_the_words_and_may_fail(name: str, method: str, field: str) -> None:
    recording, words = render(LAN, Bubble(text="Có không?", audio=7, audio_name=name, buttons=digits(2)))
    assert (recording.method, recording.field, recording.name, recording.blob) == (method, field, name, 7)
    assert recording.may_fail
    assert "reply_markup" not in recording.params
    assert (words.method, words.may_fail, "reply_markup" in words.params) == ("sendMessage", False, True)
