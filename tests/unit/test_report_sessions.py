"""What a report says of dialogues that were held, of what became of cases, and of the official ratios."""

from datetime import date

from msgspec.structs import replace

from bot.conversation.wording import Wording
from reports.composing import compose
from reports.danvan import compose_danvan
from reports.document import Document, Heading, Paragraph, Table
from reports.figures import Figures, build
from reports.periods import parse
from reports.plans import plan
from reports.source import Answered, CaseLine, OverdueLine, PromiseLine, QuestionLine, SessionLine
from tests.unit.report_source import MemorySource, empty

PLAN, MADE = plan("y_tich_2024"), date(2026, 11, 2)
DAY = date(2026, 10, 12)


def figures_of(source: MemorySource, period: str = "2026-10") -> Figures:
    return build(source, parse(period), PLAN, sample=False, made_on=MADE)


def words(document: Document) -> str:
    return " ".join(block.text for block in document.blocks if isinstance(block, Paragraph | Heading))


def busy() -> MemorySource:
    return MemorySource(
        held=[
            SessionLine(kind="periodic", day=DAY, state="held", visitors=34, absent=2, published=True),
            SessionLine(kind="reception", day=DAY, state="held", visitors=7),
            SessionLine(kind="reception", day=DAY, state="cancelled"),
            SessionLine(kind="business", day=DAY, state="open"),
            SessionLine(kind="reception", day=date(2026, 9, 8), state="held", visitors=5),
            SessionLine(kind="yearly", day=date(2026, 11, 1), state="held", visitors=99),
        ],
        asked_there=[
            QuestionLine(kind="periodic", day=DAY, answered=DAY),
            QuestionLine(kind="periodic", day=DAY),
            QuestionLine(kind="reception", day=date(2026, 9, 8)),
        ],
        promised_there=[
            PromiseLine(kind="periodic", made=DAY, due=date(2026, 10, 20), ended=date(2026, 10, 20)),
            PromiseLine(kind="periodic", made=DAY, due=date(2026, 10, 20), ended=date(2026, 10, 21)),
            PromiseLine(kind="periodic", made=DAY, due=date(2026, 10, 20)),
            PromiseLine(kind="periodic", made=date(2026, 8, 1), due=date(2026, 10, 1), ended=DAY, dropped=True),
            PromiseLine(kind="periodic", made=date(2026, 8, 1), due=date(2026, 9, 1)),
            PromiseLine(kind="periodic", made=DAY, due=date(2026, 12, 1)),
        ],
    )


def test_the_section_speaks_of_sessions_that_were_held() -> None:
    said = words(compose(figures_of(busy()), PLAN))

    assert "3. Đối thoại, tiếp công dân" in said
    assert "Đã tổ chức 1 cuộc đối thoại (kỳ trước: 0), 34 lượt người dự được ghi tên." in said
    assert "Đã công bố kết quả 1 trên 1 cuộc. Có 2 câu hỏi, đã trả lời 1." in said
    assert "Người đứng đầu tiếp công dân 1 buổi (kỳ trước: 1), tiếp 7 lượt người (kỳ trước: 5)." in said
    assert "Có 1 buổi đã lên lịch phải hủy." in said
    assert "Có 1 buổi đã qua ngày mà chưa ghi là đã diễn ra hay đã hủy." in said
    assert "còn 2 câu hỏi chưa được trả lời." in said
    assert "Lãnh đạo xã hứa 4 việc tại đối thoại, tiếp công dân." in said
    assert "Đến hạn trong kỳ 4 việc đã hứa: 1 việc làm xong đúng hẹn; 1 việc làm xong sau hẹn;" in said
    assert "Còn 1 việc đã hứa từ các kỳ trước quá hạn chưa làm xong." in said


def test_the_table_has_every_kind_that_there_was_and_the_draft_says_the_same() -> None:
    figures = figures_of(busy(), "2026-12m")
    for document in (compose(figures, PLAN), compose_danvan(figures, PLAN)):
        (table,) = (
            one for one in document.blocks if isinstance(one, Table) and "Đối thoại, tiếp công dân" in one.caption
        )
        assert [row[:4] for row in table.rows] == [
            ("Đối thoại định kỳ", "1", "0", "34"),
            ("Đối thoại hằng năm", "1", "0", "99"),
            ("Đối thoại với doanh nghiệp", "0", "0", "0"),
            ("Tiếp công dân định kỳ", "2", "1", "12"),
        ]


def test_where_nothing_was_held_the_section_says_so() -> None:
    said = words(compose(figures_of(empty()), PLAN))
    assert "Trong kỳ không có cuộc đối thoại nào được ghi vào hệ thống." in said
    assert "Trong kỳ không có buổi tiếp công dân nào được ghi vào hệ thống." in said


def line(**more: object) -> CaseLine:
    bare = CaseLine(kind="feedback", category="roads", village=11, opened=DAY, answered=None)
    return replace(bare, **more)


def test_a_case_with_another_authority_is_not_owed_an_answer_here_for_ever() -> None:
    away = line(opened=date(2026, 8, 1), away=((date(2026, 8, 3), None),))
    found = figures_of(MemorySource(lines=[away, line(away=((DAY, None),)), line(away=((DAY, date(2026, 10, 20)),))]))

    cases = found.cases
    assert (cases.forwarded, cases.away, cases.open, cases.carried) == (2, 2, 1, 0)
    assert "Trong kỳ chuyển 2 việc đến cơ quan khác có thẩm quyền" in words(compose(found, PLAN))


def test_settled_is_told_apart_from_answered_and_by_who_said_so() -> None:
    found = figures_of(
        MemorySource(
            lines=[
                line(answered=DAY, done=((DAY, None, True),)),
                line(answered=DAY, done=((DAY, None, False),)),
                line(answered=DAY, done=((DAY, date(2026, 10, 20), True),), reopened=date(2026, 10, 20)),
                line(answered=DAY),
            ]
        )
    ).cases

    assert (found.answered, found.solved, found.confirmed, found.reopened) == (4, 2, 1, 1)


def test_a_mean_of_stars_needs_five_cases() -> None:
    four = [line(answered=DAY, rated=((DAY, 2), (date(2026, 10, 13), 5)))] * 4
    assert figures_of(MemorySource(lines=four)).cases.rated.mean is None
    five = figures_of(MemorySource(lines=[*four, line(answered=DAY, rated=((DAY, 1),))]))
    assert (five.cases.rated.n, five.cases.rated.mean) == (5, 4.2)
    assert "trung bình 4,2 trên 5 sao" in words(compose(five, PLAN))


def test_the_two_official_ratios_stand_with_the_word_that_they_replace_nothing() -> None:
    done = Answered(kind="feedback", category="roads", village=11, works="", day=DAY, in_time=True, by_first_day=True)
    late = replace(done, in_time=False, stars=1)
    praise = replace(done, kind="praise")
    owed = OverdueLine(code="MAU-1", kind="petition", category="land", village=None, due=DAY)
    source = MemorySource(timed=[*[done] * 6, replace(done, stars=2), late, praise], late=[owed])

    found = figures_of(source)

    assert (found.official.total, found.official.in_time, found.official.dissatisfied) == (9, 7, 1)
    said = words(compose(found, PLAN))
    assert "xử lý đúng hạn 7 trên 9 (77,8%)" in said
    assert "thì còn 66,7%." in said
    assert "không thay thế kết quả chính thức của Bộ chỉ số" in said


def test_kinds_and_fields_are_called_the_same_in_chat_and_in_reports() -> None:
    from app.wording import bot_wording
    from feedback.kinds import CATEGORIES, Kind
    from reports.texts import texts

    chat: Wording = bot_wording()
    for key in (*(f"kind.{kind}" for kind in Kind), *(f"category.{id}" for id in CATEGORIES)):
        assert texts().say(key) == chat(key), key
