"""What people type is understood when it is surely meant, and asked again when it is not."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surveys.definition import Answer, Kind, Question
from surveys.ready import ready, ready_names
from surveys.understanding import (
    SKIP,
    Misread,
    from_token,
    label,
    options,
    understand,
)
from surveys.wording import LABELS
from tests.unit.survey_questions import (
    ERRAND,
    LATE,
    MONEY,
    NPS,
    SCALE,
    SCALE_NA,
    SEVERAL,
    TIMES,
    VISITS,
    WORDS,
    YESNO,
    choices,
)
from vietnam.text import fold


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *[(str(n), n) for n in range(1, 6)],
        ("0", 0),
        (" 5. ", 5),
        ("5️⃣", 5),
        ("៥", 5),
        ("4/5", 4),
        ("mức 4", 4),
        ("4 điểm", 4),
        ("số hai", 2),
        ("năm", 5),
        ("hai long", 4),
        ("Hài lòng", 4),
        ("HÀI LÒNG!!!", 4),
        ("hài lòng 👍", 4),
        ("dạ hài lòng ạ", 4),
        ("tôi thấy hài lòng", 4),
        ("hl", 4),
        ("rat hai long", 5),
        ("rất hài lòng", 5),
        ("rhl", 5),
        ("vô cùng hài lòng", 5),
        ("khong hai long", 2),
        ("ko hài lòng", 2),
        ("k hai long", 2),
        ("chưa hài lòng", 2),
        ("em không hài lòng ạ", 2),
        ("rat khong hai long", 1),
        ("rất ko hl", 1),
        ("hổng hài lòng", 2),
        ("hoàn toàn không hài lòng", 1),
        ("binh thuong", 3),
        ("bình thường thôi", 3),
        ("bt", 3),
        ("không có ý kiến", 0),
        ("ko co y kien", 0),
        ("không biết", 0),
        ("4. Hài lòng", 4),
        ("2 - khong hai long", 2),
    ],
)
def test_the_scale_is_understood(typed: str, value: int) -> None:
    assert understand(SCALE, typed) == value


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("không hài lòng lắm", "unclear"),
        ("cũng không đến nỗi không hài lòng", "unclear"),
        ("không phải không hài lòng", "unclear"),
        ("khá hài lòng", "unclear"),
        ("hài lòng?", "unclear"),
        ("không", "unclear"),
        ("có", "unclear"),
        ("rất", "unclear"),
        ("tốt", "unclear"),
        ("được", "unclear"),
        ("hai", "ambiguous"),
        ("👍", "unclear"),
        ("-4", "unclear"),
        ("4-5", "unclear"),
        ("4,5", "unclear"),
        ("3.5", "unclear"),
        ("6", "out_of_range"),
        ("10", "out_of_range"),
        ("55555555555555555555", "unclear"),
        ("9", "not_offered"),
        ("không áp dụng", "not_offered"),
        ("5 không hài lòng", "conflict"),
        ("hài lòng không hài lòng", "unclear"),
        ("   ", "empty"),
        ("\x00", "empty"),
        ("bỏ qua", "required"),
        ("skip", "required"),
    ],
)
def test_the_scale_is_asked_again(typed: str, reason: str) -> None:
    assert understand(SCALE, typed) == Misread(reason)


@pytest.mark.parametrize("typed", ["9", "không áp dụng", "ko ap dung", "chưa gửi", "toi chua gui", "9. Không áp dụng"])
def test_not_applicable_where_it_is_offered(typed: str) -> None:
    assert understand(SCALE_NA, typed) == 9


def test_no_opinion_where_it_is_not_offered() -> None:
    assert understand(SCALE_NA, "0") == Misread("not_offered")
    assert understand(SCALE_NA, "không có ý kiến") == Misread("not_offered")
    assert understand(SCALE_NA, "gửi") == Misread("unclear")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        *[
            (t, "yes")
            for t in ("có", "co", "Vâng", "vang", "dạ", "ừ", "ok", "đúng", "dc", "được", "dạ có", "có ạ", "1")
        ],
        *[(t, "no") for t in ("không", "ko", "k", "khong", "chưa", "dạ không ạ", "k có", "hông", "không được", "2")],
        *[
            (t, Misread("unclear"))
            for t in ("cô", "có không?", "có nhưng không xin lỗi", "lúc có lúc không", "👍", "đã")
        ],
        ("1. Có", "yes"),
        ("2 có", Misread("conflict")),
        ("3", Misread("out_of_range")),
        ("bỏ qua", SKIP),
    ],
)
def test_yes_and_no(typed: str, expected: Answer | Misread) -> None:
    assert understand(YESNO, typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0", 0),
        ("10", 10),
        ("10/10", 10),
        ("8 điểm", 8),
        ("mười", 10),
        ("tam", Misread("unclear")),
        ("11", Misread("out_of_range")),
        ("không", Misread("unclear")),
        ("9,5", Misread("unclear")),
    ],
)
def test_nought_to_ten(typed: str, expected: Answer | Misread) -> None:
    assert understand(NPS, typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("3", 3),
        ("3 lần", 3),
        ("3 lan a", 3),
        ("hai lần", 2),
        ("mười", 10),
        ("số 3", 3),
        ("tôi đến 3 lần", Misread("unclear")),
        ("1.200", 1200),
        ("1 200", 1200),
        ("1.200,5", 1200.5),
        ("2,5", 2.5),
        ("0.125", 0.125),
        ("1.5", 1.5),
        ("1,200", Misread("ambiguous")),
        ("5 triệu", Misread("unclear")),
        ("50k", Misread("unclear")),
        ("3-4", Misread("unclear")),
        ("khoảng 3", Misread("unclear")),
        ("vài lần", Misread("unclear")),
        ("3?", Misread("unclear")),
        ("1.2.3", Misread("unclear")),
        ("-1", Misread("out_of_range")),
        ("2.001", Misread("out_of_range")),
        ("9" * 400, Misread("out_of_range")),
        ("bo qua", SKIP),
    ],
)
def test_numbers_in_vietnamese_writing(typed: str, expected: Answer | Misread) -> None:
    assert understand(TIMES, typed) == expected


@pytest.mark.parametrize(
    ("question", "typed", "expected"),
    [
        (ERRAND, "2", "dat_dai"),
        (ERRAND, "đất đai", "dat_dai"),
        (ERRAND, "dat dai", "dat_dai"),
        (ERRAND, "xay dung", "dat_dai"),
        (ERRAND, "2. Đất đai", "dat_dai"),
        (ERRAND, "Ho tich chung thuc", "ho_tich"),
        (ERRAND, "chưa đến", "chua_den"),
        (ERRAND, "tôi chưa đến lần nào", "chua_den"),
        (ERRAND, "đến", Misread("unclear")),
        (ERRAND, "chưa", Misread("unclear")),
        (ERRAND, "7", Misread("out_of_range")),
        (ERRAND, "làm giấy khai sinh", Misread("unclear")),
        (LATE, "có", "co"),
        (LATE, "ko", "khong"),
        (LATE, "dạ không", "khong"),
        (LATE, "không bị trễ", "khong_tre"),
        (LATE, "ko tre hen", "khong_tre"),
        (LATE, "trễ hẹn", Misread("unclear")),
        (VISITS, "3", "ba"),
        (VISITS, "hai lần", "hai"),
        (VISITS, "trên 3", "tren_ba"),
        (VISITS, "lần", Misread("ambiguous")),
        (MONEY, "k", "khong"),
        (MONEY, "không muốn trả lời", "khong_muon"),
        (MONEY, "bỏ qua", SKIP),
        (MONEY, "2 không", Misread("conflict")),
    ],
)
def test_one_choice(question: Question, typed: str, expected: Answer | Misread) -> None:
    assert understand(question, typed) == expected


def test_the_degree_of_a_choice_is_never_dropped() -> None:
    question = Question(id="q", kind=Kind.SINGLE, text="?", choices=choices("Rất nhanh chóng", "Chưa rõ ràng"))
    assert understand(question, "nhanh chóng") == Misread("unclear")
    assert understand(question, "rõ ràng") == Misread("unclear")
    assert understand(question, "ko rõ ràng") == Misread("unclear")
    assert understand(question, "rat nhanh") == "c1"


def test_labels_that_differ_by_an_accent_only_are_told_apart_by_it() -> None:
    question = Question(id="q", kind=Kind.SINGLE, text="?", choices=choices("Bản Mường", "Bàn Mượng"))
    assert understand(question, "bàn mượng") == "c2"
    assert understand(question, "ban muong") == Misread("ambiguous")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1, 3", ("c1", "c3")),
        ("3 1", ("c1", "c3")),
        ("1 và 3", ("c1", "c3")),
        ("1,3,3.", ("c1", "c3")),
        ("2", ("c2",)),
        ("đất đai và trợ cấp", ("c2", "c4")),
        ("dat dai va tro cap", ("c2", "c4")),
        ("đất đai, việc khác", ("c2", "c5")),
        ("Hộ tịch, chứng thực", ("c1",)),
        ("điện và nước", ("c3",)),
        ("điện và nước và trợ cấp", ("c3", "c4")),
        ("điện và nước, trợ cấp", ("c3", "c4")),
        ("không có việc nào", ("none",)),
        ("6", ("none",)),
        ("1 6", Misread("exclusive")),
        ("1 2 3 4", Misread("too_many")),
        ("1 9", Misread("out_of_range")),
        ("13", Misread("out_of_range")),
        ("1-3", Misread("unclear")),
        ("đất đai, linh tinh", Misread("unclear")),
        ("bỏ qua", SKIP),
        (",,,", Misread("unclear")),
    ],
)
def test_several_choices(typed: str, expected: Answer | Misread) -> None:
    assert understand(SEVERAL, typed) == expected


def test_free_text_is_kept_as_it_was_written() -> None:
    assert understand(WORDS, "  Đường thôn tối quá 😟 ") == "Đường thôn tối quá 😟"
    assert understand(WORDS, "không") == "không"
    assert understand(WORDS, "bỏ qua") is SKIP
    assert understand(WORDS, "a" * 10_000) == "a" * 10_000
    assert understand(WORDS, "a" * 10_001) == Misread("too_long")
    short = Question(id="q", kind=Kind.TEXT, text="?", min=5, max=8)
    assert understand(short, "abc") == Misread("too_short")
    assert understand(short, "abcdefghi") == Misread("too_long")


def test_a_note_has_no_answer() -> None:
    assert understand(Question(id="q", kind=Kind.NOTE, text="Chào"), "ok") == Misread("unclear")


READY = [q for name in ready_names() for q in ready(name).questions if options(q)] + [SCALE_NA, YESNO, SEVERAL]


@pytest.mark.parametrize("question", READY, ids=lambda q: q.id)
def test_every_button_label_and_printed_number_says_the_same(question: Question) -> None:
    for token, text, digit in options(question):
        assert token.isascii()
        assert len(token) <= 40
        answer = from_token(question, token)
        assert not isinstance(answer, Misread)
        for typed in (text, text.upper(), fold(text), digit, f"{digit}. {text}", f"  {text}  ạ"):
            assert understand(question, typed) == answer, typed
        if not isinstance(answer, tuple):
            assert label(question, answer) == text


SYLLABLES = st.sampled_from(
    ["đất", "đai", "hộ", "tịch", "trợ", "cấp", "điện", "nước", "khác", "thôn", "bản", "lúa", "rừng", "ruộng", "chợ"]
)
LABEL = st.lists(SYLLABLES, min_size=2, max_size=4).map(" ".join)


@given(texts=st.lists(LABEL, min_size=2, max_size=5, unique_by=fold), data=st.data())
def test_accents_case_and_spaces_never_change_which_label_is_meant(texts: list[str], data: st.DataObject) -> None:
    question = Question(id="q", kind=Kind.SINGLE, text="?", choices=choices(*texts))
    number = data.draw(st.integers(0, len(texts) - 1))
    typed = texts[number]
    if data.draw(st.booleans()):
        typed = fold(typed)
    typed = data.draw(st.sampled_from([typed, typed.upper(), typed.title()]))
    typed = data.draw(st.sampled_from(["", " ", "  "])) + typed.replace(" ", data.draw(st.sampled_from([" ", "   "])))
    assert understand(question, typed) == f"c{number + 1}"


TYPED_WORDS = st.lists(
    st.sampled_from(
        [
            "tôi",
            "rất",
            "hài lòng",
            "không",
            "ko",
            "k",
            "chưa",
            "có",
            "ý kiến",
            "bình thường",
            "lắm",
            "dạ",
            "ạ",
            "khl",
            "5",
        ]
    ),
    min_size=1,
    max_size=6,
)


@given(words=TYPED_WORDS, plain=st.booleans())
def test_a_denial_is_never_lost(words: list[str], *, plain: bool) -> None:
    assume({"không", "ko", "k", "chưa", "khl"} & set(words))
    typed = fold(" ".join(words)) if plain else " ".join(words)
    assert understand(SCALE, typed) not in {3, 4, 5}
    assert understand(YESNO, typed) != "yes"


@given(text=st.text(max_size=40), question=st.sampled_from([*READY, TIMES, NPS, WORDS]))
def test_any_text_is_answer_or_misread_and_an_answer_can_be_shown(text: str, question: Question) -> None:
    answer = understand(question, text)
    if not isinstance(answer, Misread):
        assert label(question, answer)


def test_every_language_has_all_labels() -> None:
    assert all(len(words.likert) == 5 for words in LABELS.values())
    assert label(SCALE, 5, "km-KH") == "Rất hài lòng"
