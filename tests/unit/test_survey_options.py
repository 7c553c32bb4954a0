"""How a question is offered: buttons, printed numbers, and an answer shown again."""

import pytest

from surveys.definition import Answer, Kind, Question
from surveys.understanding import (
    SKIP,
    SKIP_TOKEN,
    Misread,
    from_token,
    label,
    options,
    settle,
    toggle,
)
from tests.unit.survey_questions import (
    NPS,
    SCALE,
    SCALE_NA,
    SEVERAL,
    TIMES,
    WORDS,
    YESNO,
    choices,
)


def test_what_is_printed_is_the_value_of_the_scale() -> None:
    assert [(t, d) for t, _, d in options(SCALE)] == [(str(n), str(n)) for n in (1, 2, 3, 4, 5, 0)]
    assert options(SCALE_NA)[-1] == ("9", "Không áp dụng (tôi chưa gửi)", "9")
    assert options(YESNO) == [("yes", "Có", "1"), ("no", "Không", "2")]
    assert options(WORDS) == options(TIMES) == []
    assert len(options(NPS)) == 11


def test_a_short_range_is_offered_value_by_value() -> None:
    marks = Question(id="q", kind=Kind.RANGE, text="?", min=0, max=10, step=1)
    assert [token for token, _, _ in options(marks)] == [f"={n}" for n in range(11)]
    halves = Question(id="q", kind=Kind.RANGE, text="?", min=1, max=3, step=0.5)
    assert options(halves)[1] == ("=1.5", "1,5", "1,5")
    assert [from_token(halves, token) for token, _, _ in options(halves)] == [1, 1.5, 2, 2.5, 3]
    tenths = Question(id="q", kind=Kind.RANGE, text="?", min=0, max=1, step=0.1)
    assert [from_token(tenths, token) for token, _, _ in options(tenths)][3] == 0.3
    assert options(Question(id="q", kind=Kind.RANGE, text="?", min=0, max=11, step=1)) == []
    assert options(Question(id="q", kind=Kind.RANGE, text="?")) == []


def test_what_is_only_read_has_one_button() -> None:
    notice = Question(id="q", kind=Kind.ACKNOWLEDGE, text="?", required=True)
    assert options(notice) == [("yes", "Tôi đã đọc", "1")]
    assert from_token(notice, "yes") == "yes"


VALUES = {
    kind: Question(id="q", kind=kind, text="?", min=0, max=2000, step=1)
    for kind in (Kind.NUMBER, Kind.DECIMAL, Kind.RANGE, Kind.DATE, Kind.TIME)
}


@pytest.mark.parametrize(
    ("kind", "token", "answer"),
    [
        (Kind.NUMBER, "=1200", 1200),
        (Kind.NUMBER, "=2.5", Misread("whole")),
        (Kind.NUMBER, "=2001", Misread("out_of_range")),
        (Kind.NUMBER, "=nan", Misread("out_of_range")),
        (Kind.NUMBER, "1200", Misread("unknown")),
        (Kind.NUMBER, "=", Misread("unknown")),
        (Kind.DECIMAL, "=2.5", 2.5),
        (Kind.DECIMAL, "=2,5", Misread("unknown")),
        (Kind.RANGE, "=7", 7),
        (Kind.RANGE, "=7.5", Misread("step", ("=7", "=8"))),
        (Kind.DATE, "=2026-11-21", "2026-11-21"),
        (Kind.DATE, "=2026-02-31", Misread("unknown")),
        (Kind.TIME, "=15:00", "15:00"),
        (Kind.TIME, "=24:00", Misread("unknown")),
        (Kind.TIME, "=3:5", Misread("unknown")),
        (Kind.TIME, SKIP_TOKEN, SKIP),
    ],
)
def test_a_value_comes_back_from_its_button(kind: Kind, token: str, answer: Answer | Misread) -> None:
    assert from_token(VALUES[kind], token) == answer


ORDER = Question(id="q", kind=Kind.RANK, text="?", choices=choices("Đường", "Nước", "Đèn"), required=True)


def test_ranking_by_pressing_one_after_the_other() -> None:
    # given nothing pressed, when two are pressed, then the third is last without a press
    assert toggle(ORDER, (), "c3") == ("c3",)
    assert toggle(ORDER, ("c3",), "c1") == ("c3", "c1", "c2")
    # and pressing one again takes it out
    assert toggle(ORDER, ("c3", "c1", "c2"), "c1") == ("c3", "c2")
    assert toggle(ORDER, ("c3", "c2"), "c1") == ("c3", "c2", "c1")
    assert toggle(ORDER, ("c3",), "c9") == ("c3",)
    assert from_token(ORDER, "c2") == ("c2",)
    assert settle(ORDER, ("c3", "c1", "c2")) == ("c3", "c1", "c2")
    assert settle(ORDER, ("c3", "c1")) == Misread("rank_missing")
    assert settle(ORDER, ("c3", "c1", "c1")) == Misread("rank_twice")
    assert settle(ORDER, ()) == Misread("required")


def test_buttons_of_other_questions_are_refused() -> None:
    assert from_token(SCALE, "9") == Misread("unknown")
    assert from_token(SCALE, "co") == Misread("unknown")
    assert from_token(SCALE, SKIP_TOKEN) == Misread("required")
    assert from_token(YESNO, SKIP_TOKEN) is SKIP


def test_pressing_several_choices() -> None:
    assert toggle(SEVERAL, (), "c3") == ("c3",)
    assert toggle(SEVERAL, ("c3",), "c1") == ("c1", "c3")
    assert toggle(SEVERAL, ("c1", "c3"), "c3") == ("c1",)
    assert toggle(SEVERAL, ("c1", "c3"), "none") == ("none",)
    assert toggle(SEVERAL, ("none",), "c1") == ("c1",)
    assert settle(SEVERAL, ("c3", "c1")) == ("c1", "c3")
    assert settle(SEVERAL, ()) is SKIP
    at_least = Question(id="q", kind=Kind.MULTIPLE, text="?", min=2, choices=SEVERAL.choices, required=True)
    assert settle(at_least, ("c1",)) == Misread("too_few")
    assert settle(at_least, ("none",)) == ("none",)
    assert settle(at_least, ()) == Misread("required")
    assert settle(SEVERAL, ("c99",)) == Misread("unknown")


@pytest.mark.parametrize(
    ("question", "answer", "shown"),
    [
        (SCALE, 4, "Hài lòng"),
        (SCALE, 0, "Không có ý kiến"),
        (SCALE_NA, 9, "Không áp dụng (tôi chưa gửi)"),
        (YESNO, "no", "Không"),
        (NPS, 7, "7"),
        (TIMES, 1200, "1.200"),
        (TIMES, 2.5, "2,5"),
        (SEVERAL, ("c1", "c4"), "Hộ tịch, chứng thực; Trợ cấp"),
        (WORDS, "Đường tối", "Đường tối"),
        (WORDS, None, "Bỏ qua"),
        (ORDER, ("c3", "c1", "c2"), "1. Đèn; 2. Đường; 3. Nước"),
        (VALUES[Kind.DECIMAL], 2.25, "2,25"),
        (VALUES[Kind.DECIMAL], 3, "3"),
        (VALUES[Kind.RANGE], 1200.5, "1.200,5"),
        (VALUES[Kind.DATE], "2026-11-21", "21/11/2026"),
        (VALUES[Kind.DATE], "không rõ", "không rõ"),
        (VALUES[Kind.TIME], "08:30", "08:30"),
        (Question(id="q", kind=Kind.PHOTO, text="?"), "blob:1", "Đã nhận ảnh"),
        (Question(id="q", kind=Kind.VOICE, text="?"), "blob:1", "Đã nhận đoạn ghi âm"),
        (Question(id="q", kind=Kind.PLACE, text="?"), "21.65,106.6", "Vị trí 21.65, 106.6"),
        (Question(id="q", kind=Kind.ACKNOWLEDGE, text="?"), "yes", "Tôi đã đọc"),
        (Question(id="q", kind=Kind.CALCULATED, text="?"), 12.5, "12,5"),
        (Question(id="q", kind=Kind.CALCULATED, text="?"), "đủ", "đủ"),
    ],
)
def test_an_answer_is_shown_in_words(question: Question, answer: Answer, shown: str) -> None:
    assert label(question, answer) == shown
