"""What is too easy a password, and why."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.passwords import LEAST, MOST, Weakness, weakness

ABOUT = ("nong.mau", "Nông Thị Mẫu", "xã Vạn Linh", "thôn Nà Sèn")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", Weakness.SHORT),
        ("kV7tQm2xL", Weakness.SHORT),
        ("x" * (MOST + 1), Weakness.LONG),
        ("Vạn Linh 2026", Weakness.OWN),
        ("vanlinh@2026!", Weakness.OWN),
        ("NongThiMau1990", Weakness.OWN),
        ("nong.mau-nong.mau", Weakness.OWN),
        ("naSen!2025ab", Weakness.OWN),
        ("matkhau12345", Weakness.COMMON),
        ("Mật khẩu 2026", Weakness.COMMON),
        ("P@ssw0rd2026", Weakness.COMMON),
        ("nguyenvanan1985", Weakness.COMMON),
        ("aaaaaaaaaaaaaa", Weakness.REPEATS),
        ("kvtkvtkvtkvtkvt", Weakness.REPEATS),
        ("1234567890", Weakness.ROW),
        ("qwertyuiop[]", Weakness.ROW),
        ("zyxwvutsrqpo", Weakness.ROW),
        ("zaq12wsxcde3", Weakness.ROW),
        ("!@#$%^&*()", Weakness.ROW),
        ("20/10/1985 ab", Weakness.DATE),
        ("03091972kv", Weakness.DATE),
        ("          ", Weakness.SIMPLE),
    ],
)
def test_what_is_easily_guessed_is_said_by_its_reason(password: str, why: Weakness) -> None:
    assert weakness(password, ABOUT) is why


@pytest.mark.parametrize(
    "password",
    ["con trâu gặm cỏ ven sông", "giếng cổ đầu làng 7", "x9$K!p2@vQ#z", "kV7tQm2xLp", "trời hôm nay đẹp quá"],
)
def test_a_sentence_or_what_was_drawn_is_taken(password: str) -> None:
    assert weakness(password, ABOUT) is None


def test_what_everybody_knows_of_the_officer_is_easy_for_that_officer_alone() -> None:
    assert weakness("bế văn đàn pò hèn", ("Bế Văn Đàn", "xã Pò Hèn")) is Weakness.OWN
    assert weakness("bế văn đàn pò hèn", ABOUT) is None


def test_passwords_that_were_drawn_are_hard() -> None:
    assert [weakness(secrets.token_urlsafe(12), ABOUT) for _ in range(50)] == [None] * 50


@given(st.text(max_size=MOST))
def test_every_text_is_judged(password: str) -> None:
    assert weakness(password, ABOUT) in {None, *Weakness}


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=LEAST, max_size=30), st.text(max_size=20))
def test_to_know_more_of_the_officer_never_makes_a_password_harder(password: str, known: str) -> None:
    if weakness(password) is not None:
        assert weakness(password, (known,)) is not None


@given(st.lists(st.sampled_from(["Vạn Linh", "vanlinh", "2026", "Nông", "mau", "123456", " ", "!"]), max_size=4))
def test_a_few_known_words_in_any_order_are_easy(parts: list[str]) -> None:
    assert weakness("".join(parts), ABOUT) is not None


def test_the_longest_password_takes_no_time() -> None:
    # each way of cutting it up was once looked at anew, and this never came back
    assert weakness("a" * MOST) is Weakness.REPEATS
