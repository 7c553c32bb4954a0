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
)


def test_what_is_printed_is_the_value_of_the_scale() -> None:
    assert [(t, d) for t, _, d in options(SCALE)] == [(str(n), str(n)) for n in (1, 2, 3, 4, 5, 0)]
    assert options(SCALE_NA)[-1] == ("9", "Không áp dụng (tôi chưa gửi)", "9")
    assert options(YESNO) == [("yes", "Có", "1"), ("no", "Không", "2")]
    assert options(WORDS) == options(TIMES) == []
    assert len(options(NPS)) == 11


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
    ],
)
def test_an_answer_is_shown_in_words(question: Question, answer: Answer, shown: str) -> None:
    assert label(question, answer) == shown
