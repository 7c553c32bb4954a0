"""A bubble -> Bot API calls: nothing lost, nothing too long, buttons where a thumb finds them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Address
from bot.channels.telegram.render import ApiCall, Key, Keys, anew, render, with_keys
from bot.channels.texts import split, utf16_length
from bot.conversation.messages import Bubble, Button
from feedback.attaching import Attached

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
    *_, ways = keyboard = calls[-1].params["reply_markup"]["inline_keyboard"]  # type: ignore[index]  # None fails the test
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


KEYS = Keys(place=Key("Chạm nút dưới", "Gửi vị trí"), contact=Key("Chạm nút", "Gửi số"), gone="Mời tiếp tục.")
WHERE = Bubble(text="Ở đâu?", wants="place", buttons=(Button(id="n1:skip", label="Bỏ qua"),))


def test_a_button_for_a_place_or_a_number_comes_beside_the_choices() -> None:
    question, key = with_keys(LAN, WHERE, KEYS, "")
    assert question == render(LAN, WHERE)[0]
    assert (key.params["text"], key.keys, key.may_fail) == ("Chạm nút dưới", "place", True)
    assert key.params["reply_markup"] == {
        "keyboard": [[{"text": "Gửi vị trí", "request_location": True}]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }
    _, key = with_keys(LAN, Bubble(text="Số điện thoại?", wants="contact"), KEYS, "place")
    markup: Any = key.params["reply_markup"]
    assert markup["keyboard"] == [[{"text": "Gửi số", "request_contact": True}]]
    assert with_keys(LAN, WHERE, KEYS, "place") == render(LAN, WHERE)
    assert len(with_keys(Address("5", "31"), WHERE, KEYS, "")) == 1


def test_the_button_is_taken_away_by_the_next_message() -> None:
    away = {"remove_keyboard": True}
    [plain] = with_keys(LAN, Bubble(text="Cảm ơn"), KEYS, "place")
    assert (plain.params["text"], plain.params["reply_markup"], plain.keys) == ("Cảm ơn", away, "none")

    gone, question = with_keys(LAN, Bubble(text="Tên?", buttons=digits(2)), KEYS, "place")
    assert (gone.params["text"], gone.params["reply_markup"], gone.keys) == ("Mời tiếp tục.", away, "none")
    assert (question.params["text"], question.keys) == ("Tên?", "")
    long = Bubble(text="chữ " * 2000, buttons=digits(2))
    first, *_, last = with_keys(LAN, long, KEYS, "contact")
    assert (first.params["reply_markup"], first.keys, last.keys) == (away, "none", "")
    assert len(with_keys(LAN, long, KEYS, "contact")) == len(render(LAN, long))


@given(
    text=st.text("ab \n", min_size=1, max_size=60).filter(str.strip),
    buttons=st.integers(0, 3),
    wants=st.sampled_from(("", "place", "contact", "photo")),
    shown=st.sampled_from(("", "place", "contact")),
)
def test_no_word_and_no_choice_is_lost_to_a_keyboard(text: str, buttons: int, wants: Any, shown: str) -> None:
    bubble = Bubble(text=text, buttons=digits(buttons), wants=wants)
    calls = with_keys(LAN, bubble, KEYS, shown)
    said = " ".join(str(call.params["text"]) for call in calls).split()
    assert [word for word in text.split() if word not in said] == []
    boards = [board for call in calls if "inline_keyboard" in str(board := call.params.get("reply_markup", ""))]
    assert len(boards) == (buttons > 0)
    if shown and not wants:
        assert sum(call.keys == "none" for call in calls) == 1


@pytest.mark.parametrize(
    ("address", "on_button"),
    [
        ("https://vanlinh.langson.gov.vn/xa-van-linh/them/abc", True),
        ("http://a.vn/x", True),
        ("http://8.8.8.8/x", True),
        ("http://127.0.0.1:8000/x", False),
        ("http://192.168.1.7/x", False),
        ("http://localhost:8000/x", False),
        ("http://may-chu.local/x", False),
        ("ftp://a.vn/x", False),
        ("https://[::1]/x", False),
        ("https://[/x", False),
    ],
)
def test_a_page_is_opened_by_a_button_where_telegram_takes_its_address(address: str, on_button: bool) -> None:  # noqa: FBT001 - the test names it
    bubble = Bubble(text="Ở đâu?", link=address, link_label="Chỉ trên bản đồ", buttons=digits(1))
    [call] = render(LAN, bubble)
    if on_button:
        markup: Any = call.params["reply_markup"]
        assert markup["inline_keyboard"][0] == [{"text": "Chỉ trên bản đồ", "url": address}]
        assert call.params["text"] == "Ở đâu?"
    else:
        assert call.params["text"] == f"Ở đâu?\nChỉ trên bản đồ: {address}"


def test_documents_follow_the_words_that_name_them_and_may_fail() -> None:
    files = (Attached(7, "Quyết định.pdf", 10), Attached(8, "lạ.zip", 10), Attached(9, "to.pdf", 60 * 1024 * 1024))
    words, document = render(
        LAN, Bubble(text="Xin xem.", files=files, buttons=digits(2), link="https://x.vn/mau/viec/a")
    )
    assert (words.method, words.may_fail, "reply_markup" in words.params) == ("sendMessage", False, True)
    assert (document.method, document.field, document.blob, document.name, document.may_fail) == (
        "sendDocument", "document", 7, "Quyết định.pdf", True,
    )  # fmt: skip
    assert "reply_markup" not in document.params
