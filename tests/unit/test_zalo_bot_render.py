"""A bubble as it is read on a channel that has nothing but text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Address
from bot.channels.texts import utf16_length
from bot.channels.zalo_bot.render import CAPABILITIES, MAX_TEXT, Words, render
from bot.conversation.messages import Bubble, Button

LAN = Address("6ede9afa66b88fe6d6a9")
WORDS = Words(ways="Hoặc gõ: {ways}.", recording="Nghe đọc câu hỏi tại đây:\n{link}")


def texts(bubble: Bubble, recording: str = "") -> list[str]:
    messages = render(LAN, bubble, WORDS, recording)
    assert all(message["chat_id"] == LAN.chat for message in messages)
    return [message["text"] for message in messages]


def test_choices_stand_in_the_text_with_their_numbers() -> None:
    bubble = Bubble(
        text="Ông/Bà có hài lòng không?",
        buttons=(
            Button(id="n1:5", label="Rất hài lòng", digit="5"),
            Button(id="n1:4", label="Hài lòng", digit="4"),
            Button(id="go:skip", label="Bỏ qua"),
            Button(id="go:back", label="Quay lại"),
        ),
    )
    assert texts(bubble) == [
        "Ông/Bà có hài lòng không?\n\n5. Rất hài lòng\n4. Hài lòng\n\nHoặc gõ: «Bỏ qua», «Quay lại»."
    ]


def test_a_scale_of_bare_numbers_is_one_line() -> None:
    scale = tuple(Button(id=f"n1:{one}", label=str(one), digit=str(one)) for one in range(11))
    skip = Button(id="go:skip", label="Bỏ qua")
    assert texts(Bubble(text="Từ 0 đến 10?", buttons=(*scale, skip))) == [
        "Từ 0 đến 10?\n\n0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10\n\nHoặc gõ: «Bỏ qua»."
    ]


def test_a_page_stands_at_the_end_with_its_address_on_a_line_of_its_own() -> None:
    bubble = Bubble(
        text="Việc xảy ra ở đâu?",
        buttons=(Button(id="go:skip", label="Bỏ qua"),),
        link="https://xa.vn/them/abc",
        link_label="Chỉ vị trí trên trang của xã",
    )
    assert texts(bubble) == [
        "Việc xảy ra ở đâu?\n\nHoặc gõ: «Bỏ qua».\n\nChỉ vị trí trên trang của xã:\nhttps://xa.vn/them/abc"
    ]
    assert texts(Bubble(text="Mời xem https://xa.vn", link="https://xa.vn")) == ["Mời xem https://xa.vn"]
    assert texts(Bubble(text="Mời xem", link="https://xa.vn")) == ["Mời xem\n\nhttps://xa.vn"]


def test_a_recording_is_an_address_and_a_picture_stays_away() -> None:
    bubble = Bubble(text="Câu 1/3.", audio=7, audio_name="cau.mp3", blob=8)
    assert texts(bubble, "https://xa.vn/nghe/x") == ["Câu 1/3.\n\nNghe đọc câu hỏi tại đây:\nhttps://xa.vn/nghe/x"]
    assert texts(bubble) == ["Câu 1/3."]
    with pytest.raises(ValueError, match="without text"):
        render(LAN, Bubble(text=" ", blob=8), WORDS)


def test_a_correction_comes_as_a_new_message() -> None:
    assert render(Address(LAN.chat, "ref"), Bubble(text="Đã ghi"), WORDS) == ({"chat_id": LAN.chat, "text": "Đã ghi"},)


@given(st.text(alphabet="ab \n😀ệ", max_size=9000), st.integers(0, 40))
def test_every_part_fits_and_nothing_is_lost(text: str, many: int) -> None:
    buttons = tuple(Button(id=f"n1:{one}", label=f"Lựa chọn {one} 😀", digit=str(one)) for one in range(1, many + 1))
    bubble = Bubble(text=f"Câu hỏi. {text}", buttons=buttons)
    parts = texts(bubble)
    assert all(1 <= utf16_length(part) <= MAX_TEXT and part.strip() for part in parts)
    whole = "".join("".join(parts).split())
    assert whole.startswith("".join(f"Câu hỏi. {text}".split()))
    assert all("".join(f"{one.digit}. {one.label}".split()) in whole for one in buttons)


def test_what_the_platform_lacks_is_declared() -> None:
    assert (CAPABILITIES.buttons, CAPABILITIES.edit, CAPABILITIES.place_in, CAPABILITIES.max_text) == (
        0,
        False,
        "never",
        2000,
    )
