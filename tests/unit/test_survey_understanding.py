"""What people type is understood when it is surely meant, and asked again when it is not: what holds for any text.

The phrasings themselves are in tests/unit/phrasings.
"""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surveys.definition import Answer, Choice, Kind, Question
from surveys.ready import ready, ready_names
from surveys.understanding import Misread, from_token, label, options, settle, understand
from surveys.vocabulary import vocabulary
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

TODAY = "2026-11-25"
LEVELS = Question(id="q", kind=Kind.SINGLE, text="?", choices=choices(*LABELS["vi"].likert))
"""The scale as an author may write it himself, as choices."""
TICKED = Question(id="q", kind=Kind.MULTIPLE, text="?", choices=choices(*LABELS["vi"].likert))
ORDER = Question(id="q", kind=Kind.RANK, text="?", choices=choices("Làm đường", "Nước sạch", "Đèn đường"))
BY_KIND: dict[Kind, Question] = {
    Kind.DECIMAL: Question(id="q", kind=Kind.DECIMAL, text="Bao nhiêu sào ruộng?", min=0),
    Kind.RANGE: Question(id="q", kind=Kind.RANGE, text="Mấy điểm?", min=0, max=10, step=1),
    **{kind: Question(id="q", kind=kind, text="?") for kind in Kind if kind not in {Kind.DECIMAL, Kind.RANGE}},
    Kind.SINGLE: ERRAND,
    Kind.MULTIPLE: SEVERAL,
    Kind.RANK: ORDER,
}


@pytest.mark.parametrize(
    ("question", "typed", "expected"),
    [
        (ERRAND, "2", "dat_dai"),
        (ERRAND, "đất đai", "dat_dai"),
        (ERRAND, "xay dung", "dat_dai"),
        (ERRAND, "2. Đất đai", "dat_dai"),
        (ERRAND, "Ho tich chung thuc", "ho_tich"),
        (ERRAND, "chưa đến", "chua_den"),
        (ERRAND, "tôi chưa đến lần nào", "chua_den"),
        (ERRAND, "đến", Misread("unclear")),
        (ERRAND, "chưa", Misread("unclear")),
        (ERRAND, "7", Misread("out_of_range")),
        (LATE, "có", "co"),
        (LATE, "ko", "khong"),
        (LATE, "dạ không", "khong"),
        (LATE, "không bị trễ", "khong_tre"),
        (LATE, "ko tre hen", "khong_tre"),
        (VISITS, "3", "ba"),
        (VISITS, "hai lần", "hai"),
        (VISITS, "trên 3", "tren_ba"),
        (VISITS, "lần", Misread("unclear")),
        (MONEY, "k", "khong"),
        (MONEY, "không muốn trả lời", "khong_muon"),
        (MONEY, "bỏ qua", None),
        (MONEY, "2 không", Misread("conflict", ("co", "khong"))),
    ],
)
def test_the_ready_questionnaires_are_answered_in_free_words(
    question: Question, typed: str, expected: Answer | Misread
) -> None:
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
    assert understand(question, "ban muong") == Misread("ambiguous", ("c1", "c2"))


def test_a_slip_is_undone_only_towards_one_label() -> None:
    two = Question(id="q", kind=Kind.SINGLE, text="?", choices=choices("Thôn Trang", "Thôn Trank"))
    assert understand(two, "thôn trangk") == Misread("ambiguous", ("c1", "c2"))
    one = Question(id="q", kind=Kind.SINGLE, text="?", choices=choices("Thôn Trang", "Thôn Vạn"))
    assert understand(one, "thôn trnag") == "c1"
    # another vowel is another name, not a slip
    assert understand(one, "thôn trung") == Misread("unclear")


def test_what_is_much_too_long_for_an_answer_is_not_looked_at() -> None:
    for question in BY_KIND.values():
        if question.kind not in {Kind.TEXT, Kind.PLACE}:
            assert isinstance(understand(question, "hài lòng, " * 1000, today=TODAY), Misread)
    assert understand(WORDS, "a" * 10_000) == "a" * 10_000
    assert understand(WORDS, "a" * 10_001) == Misread("too_long")


READY = [q for name in ready_names() for q in ready(name).questions if options(q)]
OFFERED = [*READY, SCALE_NA, YESNO, SEVERAL, NPS, LEVELS, TICKED, ORDER, BY_KIND[Kind.RANGE], BY_KIND[Kind.ACKNOWLEDGE]]


@pytest.mark.parametrize("question", OFFERED, ids=lambda q: f"{q.kind} {q.id}")
def test_every_button_label_and_printed_number_says_the_same(question: Question) -> None:
    for token, text, digit in options(question):
        assert token.isascii()
        assert len(token) <= 40
        answer = from_token(question, token)
        assert not isinstance(answer, Misread)
        if question.kind is Kind.RANK:
            continue  # one choice alone is no answer to it
        if question.kind is Kind.MULTIPLE:
            answer = settle(question, (token,))
        for typed in (text, text.upper(), fold(text), digit, f"{digit}. {text}", f"  {text}  ạ"):
            if typed != f"{digit}. {digit}":
                assert understand(question, typed) == answer, typed
        if not isinstance(answer, tuple | Misread):
            assert label(question, answer) == text


def test_the_printed_number_is_the_choices_own_whatever_is_left_out() -> None:
    offered = tuple(
        Choice(id=f"t{number}", text=f"Thôn {name}", number=number) for number, name in ((3, "Đông"), (7, "Tây"))
    )
    for kind, answers in ((Kind.SINGLE, ("t3", "t7")), (Kind.MULTIPLE, (("t3",), ("t7",)))):
        question = Question(id="q", kind=kind, text="?", choices=offered)
        assert [digit for _, _, digit in options(question)] == ["3", "7"]
        assert [understand(question, typed) for typed in ("3", "7")] == list(answers)
        assert [understand(question, typed) for typed in ("3. thôn đông", "tây")] == list(answers)
        assert understand(question, "1") == Misread("out_of_range")
    ranked = Question(id="q", kind=Kind.RANK, text="?", choices=offered)
    assert understand(ranked, "7 3") == ("t7", "t3")
    assert understand(ranked, "73") == ("t7", "t3")


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


@given(texts=st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6), data=st.data())
def test_any_label_an_author_writes_is_read_as_itself_or_asked_back(texts: list[str], data: st.DataObject) -> None:
    question = Question(id="q", kind=Kind.SINGLE, text="?", choices=choices(*texts))
    number = data.draw(st.integers(0, len(texts) - 1))
    read = understand(question, texts[number])
    if not isinstance(read, Misread) and texts.count(texts[number]) == 1:
        plain = [fold(text) for text in texts]
        assert (
            read == f"c{number + 1}" or texts[number].strip().rstrip(".").isdecimal() or plain[number] in plain[:number]
        )


DENIALS = (*vocabulary("vi").negations, "đâu có", "không hề", "chưa thật", "làm gì", "k phải", "chẳng hề")
AROUND = st.sampled_from(
    ["", "dạ", "tôi", "thấy", "ạ", "lắm", "rất", "cũng", "được", "nhé", "thật", "có", "là", "rồi", "4", "5"]
)


@given(
    denial=st.sampled_from(DENIALS),
    level=st.sampled_from([4, 5]),
    before=AROUND,
    between=AROUND,
    after=AROUND,
    behind=st.booleans(),
    plain=st.booleans(),
)
def test_what_denies_a_good_level_is_never_read_as_that_level(
    denial: str, level: int, before: str, between: str, after: str, *, behind: bool, plain: bool
) -> None:
    good = LABELS["vi"].likert[level - 1]
    pair = (good, between, denial) if behind else (denial, between, good)
    said = " ".join(filter(None, (before, *pair, after)))
    typed = fold(said) if plain else said
    assert understand(SCALE, typed) not in {4, 5}, typed
    assert understand(LEVELS, typed) not in {"c4", "c5"}, typed
    assert understand(YESNO, typed) != "yes", typed
    ticked = understand(TICKED, typed)
    assert not (isinstance(ticked, tuple) and {"c4", "c5"} & set(ticked)), typed


TYPED_WORDS = st.lists(
    st.sampled_from(
        [
            *(
                "tôi",
                "rất",
                "hài lòng",
                "hài lòg",
                "hl",
                "rhl",
                "không",
                "ko",
                "k",
                "chưa",
                "chả",
                "đâu",
                "có",
                "ý kiến",
            ),
            *(
                "bình thường",
                "lắm",
                "dạ",
                "ạ",
                "khl",
                "5",
                "hông",
                "hafi lofng",
                "hailong",
                "đồng ý",
                "đúng",
                "được",
                "xin lỗi",
            ),
        ]
    ),
    min_size=1,
    max_size=6,
)


@given(words=TYPED_WORDS, plain=st.booleans())
def test_a_denial_is_never_lost(words: list[str], *, plain: bool) -> None:
    assume({"không", "ko", "k", "chưa", "khl", "chả", "đâu", "hông"} & set(words))
    typed = fold(" ".join(words)) if plain else " ".join(words)
    assert understand(SCALE, typed) not in {3, 4, 5}
    assert understand(YESNO, typed) != "yes"
    assert understand(BY_KIND[Kind.ACKNOWLEDGE], typed) != "yes"


ODD = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789/-.,:h giờngàythángnămrưỡikém?½²①٣", max_size=20),
    st.lists(
        st.sampled_from(["hài", "lòng", "không", "5", "hoặc", "-", "/", "3", "thứ", "hai", "tuần", "trước"]), max_size=6
    ).map(" ".join),
)


@given(text=ODD, question=st.sampled_from([*OFFERED, *BY_KIND.values(), SCALE, TIMES, WORDS]))
def test_any_text_is_an_answer_that_can_be_shown_or_a_misread_that_can_be_asked_back(
    text: str, question: Question
) -> None:
    answer = understand(question, text, today=TODAY)
    if not isinstance(answer, Misread):
        assert label(question, answer)
        return
    assert len(answer.candidates) in {0, 2, 3}
    assert len(set(answer.candidates)) == len(answer.candidates)
    for token in answer.candidates:
        assert not isinstance(from_token(question, token), Misread)


@given(text=ODD)
def test_without_a_day_nothing_is_counted_from_today(text: str) -> None:
    for kind in (Kind.DATE, Kind.TIME):
        understand(BY_KIND[kind], text)
    assert understand(BY_KIND[Kind.DATE], "hôm qua") == Misread("unclear")
    assert understand(BY_KIND[Kind.DATE], "21/11/2026") == "2026-11-21"
    assert understand(BY_KIND[Kind.DATE], "21/11/26") == Misread("ambiguous", ("=1926-11-21", "=2026-11-21"))


@given(day=st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_a_day_shown_is_a_day_read(day: date) -> None:
    question = BY_KIND[Kind.DATE]
    assert understand(question, label(question, str(day)), today=TODAY) == str(day)


@given(value=st.floats(min_value=0, max_value=1e9).map(lambda x: round(x, 2)))
def test_a_number_shown_is_a_number_read(value: float) -> None:
    question = BY_KIND[Kind.DECIMAL]
    read = understand(question, label(question, value))
    assert read == value or (isinstance(read, Misread) and read.reason == "ambiguous")


def test_every_language_has_all_labels() -> None:
    assert all(len(words.likert) == 5 for words in LABELS.values())
    assert label(SCALE, 5, "km-KH") == "Rất hài lòng"
