"""Phrases are found with accents, with some or none of them, past a gap, and never with other accents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.phrases import Found, Phrase, Phrases, choice, words_of
from vietnam.text import fold

FIRE = Phrases([(Phrase("cháy nhà"), "fire")])


def starts(phrase: Phrase, text: str) -> bool:
    return bool(phrase.end(words_of(text), 0))


@pytest.mark.parametrize(
    "typed",
    [
        "cháy nhà",
        "CHÁY NHÀ",
        "chay nha",
        "chay nhà",
        "chaý nhà",
        "cháyyyy nhàaa",
        "cháyy nhà",
        "cháy  nhà",
        "cha\u0301y nha\u0300",
    ],
)
def test_the_same_words_however_they_are_written(typed: str) -> None:
    assert FIRE.find(words_of(typed)) == [Found(0, 2, "fire")]


@pytest.mark.parametrize(
    "typed", ["chạy nhà", "chảy nha", "cháy, nhà", "cháy. Nhà", "cháy to nhà", "cháy nhậ", "cháy nhã", "", "cháy"]
)
def test_other_words_and_pauses_are_not_the_phrase(typed: str) -> None:
    assert FIRE.find(words_of(typed)) == []


def test_what_is_forgotten_is_a_tone_or_the_stroke_of_d() -> None:
    assert starts(Phrase("cấp cứu"), "câp cưu")
    assert starts(Phrase("đánh nhau"), "dánh nhau")
    assert not starts(Phrase("nhỡ có"), "nhỏ có")
    assert starts(Phrase("cứu hỏa"), "cứu hoả")
    assert starts(Phrase("chữa cháy"), "chửa cháy"), "hỏi and ngã are one in many mouths"


def test_an_exact_phrase_wants_its_accents() -> None:
    assert starts(Phrase("đuối nước", exact=True), "Đuối nước")
    assert not starts(Phrase("đuối nước", exact=True), "duoi nuoc")
    assert not starts(Phrase("đuối nước", exact=True), "đuối nươc")


def test_a_gap_is_up_to_three_words_and_ends_with_the_sentence() -> None:
    gap = Phrase("cán bộ ... đòi tiền")
    for between in ("", "xã ", "địa chính xã ", ", địa chính, "):
        assert starts(gap, f"cán bộ {between}đòi tiền"), between
    for between in ("một hai ba bốn ", ". Họ "):
        assert not starts(gap, f"cán bộ {between}đòi tiền"), between


def test_a_class_stands_for_any_of_its_phrases() -> None:
    who = {"who": choice(["cán bộ", "trưởng thôn"])}
    phrase = Phrase("<who> ... hối lộ", who)
    assert starts(phrase, "trưởng thôn nhận hối lộ")
    assert starts(phrase, "can bo hoi lo")
    assert not starts(phrase, "cán hối lộ")
    with pytest.raises(ValueError, match="no class <whom>"):
        Phrase("<whom> hối lộ", who)


@pytest.mark.parametrize("text", ["", "...", "... cháy", "cháy ..."])
def test_a_phrase_begins_and_ends_with_words(text: str) -> None:
    with pytest.raises(ValueError, match="begins and ends with words"):
        Phrase(text)


def test_what_is_a_part_of_another_and_what_only_touches_it() -> None:
    calm = [Found(1, 4, None)]
    assert Found(1, 4, "").within(calm)
    assert Found(2, 4, "").overruled(calm)
    assert Found(3, 5, "").overruled(calm)
    assert not Found(3, 5, "").within(calm)
    assert not Found(0, 4, "").overruled(calm), "it says more than what would calm it"
    assert Found(0, 4, "").touched(calm)
    assert not Found(4, 6, "").touched(calm)


@given(st.text(alphabet="cháy nàđướễảỗyuabe .,", max_size=60))
def test_without_its_accents_a_text_has_at_least_the_phrases_it_had(text: str) -> None:
    assert len(FIRE.find(words_of(fold(text)))) >= len(FIRE.find(words_of(text)))
