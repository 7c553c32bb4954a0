"""What a message becomes where there are few buttons or none."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.texts import Typed, numbered, split, utf16_length
from bot.conversation.messages import Bubble, Button

TYPED = Typed(ways="Hoặc gõ: {ways}.")
SCALE = tuple(
    Button(id=f"1:{digit}", label=label, digit=str(digit))
    for digit, label in ((1, "Rất không hài lòng"), (2, "Không hài lòng"), (3, "Bình thường"), (4, "Hài lòng"))
)
WAYS = (Button(id="1:back", label="Quay lại"), Button(id="go:menu", label="Menu"))


def test_without_buttons_every_choice_stands_in_the_text_with_its_number() -> None:
    shown = numbered(Bubble(text="Ông/Bà thấy thế nào?", buttons=SCALE + WAYS), 0, 0, TYPED)
    assert shown.buttons == ()
    assert shown.text == (
        "Ông/Bà thấy thế nào?\n\n1. Rất không hài lòng\n2. Không hài lòng\n3. Bình thường\n4. Hài lòng\n\n"
        "Hoặc gõ: «Quay lại», «Menu»."
    )


def test_with_five_buttons_the_choices_are_pressed_and_as_many_ways_out_as_fit() -> None:
    shown = numbered(Bubble(text="Thế nào?", buttons=SCALE + WAYS), 5, 100, TYPED)
    assert shown.buttons == (*SCALE, WAYS[0])
    assert shown.text == "Thế nào?\n\nHoặc gõ: «Menu»."


def test_of_a_long_list_the_choices_are_typed_and_the_ways_out_are_pressed() -> None:
    many = tuple(Button(id=f"1:{n}", label=f"thôn {n}", digit=str(n)) for n in range(1, 12))
    shown = numbered(Bubble(text="Ở đâu?", buttons=many + WAYS), 5, 100, TYPED)
    assert shown.buttons == WAYS
    assert "11. thôn 11" in shown.text


def test_what_fits_stays_as_it_is() -> None:
    bubble = Bubble(text="Đúng không?", buttons=WAYS)
    assert numbered(bubble, 5, 100, TYPED) is bubble


@given(
    st.lists(st.tuples(st.sampled_from(["", "1", "2", "3"]), st.text(min_size=1, max_size=120)), max_size=12),
    st.integers(0, 6),
    st.integers(1, 100),
)
def test_no_choice_is_ever_lost(rows: list[tuple[str, str]], most: int, longest: int) -> None:
    buttons = tuple(Button(id=str(n), label=label, digit=digit) for n, (digit, label) in enumerate(rows))
    shown = numbered(Bubble(text="?", buttons=buttons), most, longest, TYPED)
    assert len(shown.buttons) <= max(most, 0)
    for button in buttons:
        assert button in shown.buttons or button.label in shown.text


@given(st.text(max_size=300), st.integers(2, 50))
def test_parts_are_short_enough_and_hold_every_letter(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(utf16_length(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
