"""A Bubble -> the messages of the OpenAPI, within everything that Zalo refuses (checked by the fake's own rules)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Address
from bot.channels.texts import utf16_length
from bot.channels.zalo_oa.render import FREE, MAX_TEXT, PAID, Words, closed, render
from bot.conversation.messages import Bubble, Button
from tests.fakes.zalo_oa import checks

WORDS = Words(
    ways="Ông/Bà cũng có thể gõ: {ways}",
    recording="Nghe: {link}",
    picture="Ảnh kèm theo tin dưới đây.",
    contact_title="Gửi số điện thoại",
    contact_text="Xin chạm vào đây",
    contact_image="https://xa.vn/static/contact.png",
)
LEVELS = ("Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng")
LIKERT = tuple(Button(id=f"7:{n}", label=label, digit=str(n)) for n, label in enumerate(LEVELS, 1))
BACK = Button(id="go:back", label="Quay lại")


def messages(bubble: Bubble, recording: str = "") -> list[dict[str, Any]]:
    return [call.message for call in render(bubble, WORDS, recording)]


def buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = message["attachment"]["payload"]["buttons"]
    return found


def test_a_text_alone() -> None:
    assert messages(Bubble(text="  Kính chào  ")) == [{"text": "Kính chào"}]


def test_five_choices_are_five_buttons_with_their_numbers() -> None:
    (message,) = messages(Bubble(text="Mức hài lòng?", buttons=LIKERT))
    assert message["text"] == "Mức hài lòng?"
    assert [one["title"] for one in buttons(message)] == [f"{n}. {label}" for n, label in enumerate(LEVELS, 1)]
    assert buttons(message)[0] == {
        "title": "1. Rất không hài lòng",
        "type": "oa.query.hide",
        "payload": "#7:1",
    }


def test_what_has_no_button_stands_in_the_text() -> None:
    (message,) = messages(Bubble(text="Mức hài lòng?", buttons=(*LIKERT, BACK)))
    assert len(buttons(message)) == 5
    assert "gõ: «Quay lại»" in message["text"]
    many = tuple(Button(id=f"7:{n}", label=f"thôn {n}", digit=str(n)) for n in range(1, 13))
    (message,) = messages(Bubble(text="Thôn nào?", buttons=many))
    assert "attachment" not in message
    assert all(f"{n}. thôn {n}" in message["text"] for n in range(1, 13))


def test_a_page_is_a_button_that_opens_it() -> None:
    bubble = Bubble(text="Ở đâu?", buttons=(BACK,), link="https://xa.vn/them/x", link_label="Chọn trên bản đồ")
    (message,) = messages(bubble)
    assert buttons(message)[1] == {
        "title": "Chọn trên bản đồ",
        "type": "oa.open.url",
        "payload": {"url": "https://xa.vn/them/x"},
    }
    assert messages(Bubble(text="Xem:", link="https://xa.vn/x")) == [{"text": "Xem:\nhttps://xa.vn/x"}]


def test_a_recording_is_an_address_in_the_text() -> None:
    (message,) = messages(Bubble(text="Câu 1/3.", audio=4), "https://xa.vn/nghe/x")
    assert message["text"] == "Câu 1/3.\n\nNghe: https://xa.vn/nghe/x"


def test_a_telephone_number_is_asked_for_by_a_form_that_may_fail() -> None:
    ask, form = render(Bubble(text="Số điện thoại?", wants="contact", buttons=(BACK,)), WORDS)
    assert (ask.may_fail, form.may_fail) == (False, True)
    assert checks.form_of(form.message["attachment"]["payload"])["title"] == "Gửi số điện thoại"


def test_a_picture_goes_up_first() -> None:
    (alone,) = render(Bubble(text="Đã dọn xong", blob=7), WORDS)
    assert (alone.blob, alone.message) == (7, {"text": "Đã dọn xong"})
    assert alone.with_picture("abc")["attachment"]["payload"]["elements"] == [
        {"media_type": "image", "attachment_id": "abc"}
    ]
    picture, words = render(Bubble(text="Đã dọn xong", blob=7, buttons=(BACK,)), WORDS)
    assert (picture.blob, picture.message["text"]) == (7, WORDS.picture)
    assert (words.blob, words.message["text"]) == (0, "Đã dọn xong")


def test_what_no_citizen_can_cause_is_refused() -> None:
    with pytest.raises(ValueError, match="without text"):
        render(Bubble(text="  "), WORDS)
    with pytest.raises(ValueError, match="button id"):
        render(Bubble(text="x", buttons=(Button(id="x" * 1000, label="x"),)), WORDS)


@pytest.mark.parametrize(
    ("silent", "free", "paid"),
    [(0, "", ""), (FREE, "", ""), (FREE + 1, "48 hours", ""), (PAID, "48 hours", ""), (PAID + 1, "7 days", "7 days")],
)
def test_windows(silent: int, free: str, paid: str) -> None:
    now = 1_795_000_000_000
    address = Address("5", heard_at=now - silent)
    for says, expected in ((closed(address, now, paid=False), free), (closed(address, now, paid=True), paid)):
        assert says.endswith(expected)
        assert bool(says) == bool(expected)
    assert closed(Address("5"), now, paid=False) == ""


LABELS = st.text(min_size=1, max_size=130).filter(lambda text: bool(text.strip()))
BUTTONS = st.lists(
    st.builds(Button, id=st.from_regex(r"[0-9]{1,5}:[a-z_]{1,20}", fullmatch=True), label=LABELS, digit=st.just("")),
    max_size=9,
)


@given(
    st.text(min_size=1, max_size=5000),
    BUTTONS,
    st.sampled_from([0, 1]),
    st.sampled_from(["", "Mở trang"]),
    st.sampled_from([0, 3]),
)
def test_nothing_that_zalo_refuses_is_rendered(
    text: str, ways: list[Button], numbers: int, label: str, picture: int
) -> None:
    if not text.strip():
        return
    offered = tuple(
        Button(id=one.id, label=one.label, digit=str(n)) if numbers else one for n, one in enumerate(ways, 1)
    )
    bubble = Bubble(text=text, buttons=offered, link="https://xa.vn/x", link_label=label, blob=picture)
    calls = render(bubble, WORDS)
    for call in calls:
        checks.text_of(call.message, needed=True)
        assert utf16_length(call.message["text"]) <= MAX_TEXT
        if "attachment" in call.message:
            checks.buttons_of(call.message["attachment"]["payload"])
    whole = "".join(call.message["text"] for call in calls)
    shown = [one["title"] for call in calls if "attachment" in call.message for one in buttons(call.message)]
    squeezed = "".join(whole.split())
    for one in offered:
        assert "".join(one.label.split()) in squeezed or any(one.label in title for title in shown), "nothing is lost"
