"""The words of a report: complete, never saying more than who answered, and readable when nothing happened."""

import dataclasses
import re
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

import reports
from reports.composing import compose
from reports.document import Chart, Document, Heading, Paragraph, Table
from reports.figures import Figures, build
from reports.periods import parse
from reports.plans import SatisfactionTarget, plan
from reports.texts import CATALOGUE, Texts, texts
from surveys.definition import Kind
from surveys.ready import ready
from tests.unit.report_source import Answered, MemorySource, empty, lively

PLAN = plan("y_tich_2024")
MADE = date(2026, 11, 2)
SURVEY = ready("chinh_quyen_than_thien")
ROOM = Path(reports.__file__).parent


def figures_of(source: MemorySource, key: str = "2026-10") -> Figures:
    return build(source, parse(key), PLAN, sample=False, made_on=MADE)


def words(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks if isinstance(block, Heading | Paragraph))


def test_every_key_named_in_the_code_is_in_the_catalogue() -> None:
    known = texts()
    written = re.compile(r"""\bsay\(\s*"([a-z0-9_.]+)\"""")

    missing = [
        key for path in ROOM.glob("*.py") for key in written.findall(path.read_text("utf-8")) if key not in known
    ]

    assert missing == []


def test_a_missing_key_or_parameter_is_an_error_and_not_half_a_sentence() -> None:
    known = Texts({"a": "Có {n} phiếu"})

    with pytest.raises(KeyError):
        known.say("b")
    with pytest.raises(KeyError):
        known.say("a")


def test_the_compiled_catalogue_says_the_same(tmp_path: Path) -> None:
    from app.catalogues import compile_catalogue

    copied = tmp_path / "reports" / "locale" / "vi" / "LC_MESSAGES" / "reports.po"
    copied.parent.mkdir(parents=True)
    copied.write_bytes(CATALOGUE.read_bytes())
    before = texts(copied)
    texts.cache_clear()

    compile_catalogue(copied)

    assert copied.with_suffix(".mo").exists()
    assert texts(copied).say("none") == before.say("none")
    assert texts(copied).keys() == before.keys()


def test_the_frame_leaves_number_and_day_blank() -> None:
    document = compose(figures_of(lively()), PLAN)

    assert re.fullmatch(r"Số: +/BC-UBND", document.number)
    assert re.fullmatch(r"Vạn Linh, ngày +tháng +năm 2026", document.place_date)
    assert document.issuer == ("ỦY BAN NHÂN DÂN", "XÃ VẠN LINH")
    assert document.dates == "(Số liệu từ ngày 01/10/2026 đến hết ngày 31/10/2026)"
    assert document.signature == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert words(document).endswith("./.")


def test_the_sections_stand_in_their_order() -> None:
    document = compose(figures_of(lively()), PLAN)

    heads = [block.text for block in document.blocks if isinstance(block, Heading) and block.level < 3]
    assert heads == [
        "I. TÌNH HÌNH CHUNG",
        "II. KẾT QUẢ",
        "1. Khảo sát mức độ hài lòng",
        "2. Tiếp nhận, xử lý phản ánh, kiến nghị",
        "3. Đối thoại, tiếp công dân",
        "4. Tình hình tâm tư, dư luận Nhân dân",
        "5. Ngày hẹn trả lời và lời xin lỗi khi chậm",
        "III. TỒN TẠI, HẠN CHẾ",
        "IV. PHƯƠNG HƯỚNG, KIẾN NGHỊ",
    ]


def test_an_open_wave_speaks_only_for_who_answered() -> None:
    said = words(compose(figures_of(lively()), PLAN))

    assert "Đây là ý kiến tự nguyện, không suy rộng cho toàn xã" in said
    for line in said.splitlines():
        if re.search(r"\d%", line) and "=" not in line:
            assert re.search(r"người trả lời|Với câu hỏi|× 100%", line), line
    for claim in ("người dân hài lòng", "nhân dân hài lòng", "đa số người dân", "toàn xã hài lòng"):
        assert claim not in said.lower()


def test_an_invited_wave_is_not_called_voluntary() -> None:
    source = lively()
    source.surveys = [replace(asked, kind="invited") for asked in source.surveys]
    source.answered = [dataclasses.replace(one, kind="invited") for one in source.answered]

    said = words(compose(figures_of(source), PLAN))

    assert "tự nguyện" not in said
    assert "theo danh sách mời" in said


def test_the_index_in_use_is_explained_and_the_other_is_not() -> None:
    mean = replace(PLAN, index="mean")
    top2 = words(compose(figures_of(lively()), PLAN))
    other = words(compose(build(lively(), parse("2026-10"), mean, sample=False, made_on=MADE), mean))

    assert "Tỷ lệ hài lòng là số ý kiến" in top2
    assert "điểm trung bình" not in top2
    assert "Chỉ số hài lòng tính theo điểm trung bình" in other
    assert "Tỷ lệ hài lòng" not in other


def test_the_printed_difference_is_that_of_the_printed_shares() -> None:
    figures = figures_of(lively())
    overall = figures.surveys[0].overall
    assert overall is not None
    assert overall.index is not None
    assert overall.before is not None
    assert overall.before.index is not None

    said = words(compose(figures, PLAN))

    points = re.search(r"(?:Cao|Thấp) hơn ([\d,]+) điểm phần trăm", said)
    assert points is not None
    expected = abs(round(overall.index * 100, 1) - round(overall.before.index * 100, 1))
    assert float(points[1].replace(",", ".")) == pytest.approx(expected)


def test_nothing_at_all_reads_well() -> None:
    document = compose(figures_of(empty()), PLAN)

    said = words(document)
    assert "Trong kỳ không phát sinh phiếu trả lời khảo sát" in said
    assert "Trong kỳ không phát sinh phản ánh, kiến nghị." in said
    assert "Trong kỳ không phát sinh đề nghị đối thoại, gặp lãnh đạo." in said
    assert not [block for block in document.blocks if isinstance(block, Table | Chart)]
    assert not re.search(r"\b0\b|None|nan|\{|\}", said)


def test_four_answers_are_told_as_a_number_only() -> None:
    source = lively()
    source.answered = [one for one in source.answered if one.day.month == 10][:4]

    document = compose(figures_of(source), PLAN)

    assert "Phiếu có 4 người trả lời, dưới 5 người nên chỉ công bố số người trả lời." in words(document)
    assert "%" not in words(document)
    assert [block.name for block in document.blocks if isinstance(block, Chart)] == ["cases", "dialogues"]


@pytest.mark.parametrize("key", ["2026-05", "2026-10", "2026-Q3", "2026-6m", "2026-9m"])
@pytest.mark.parametrize("per_month", [1, 3, 7, 60])
def test_no_amount_of_answers_leaves_a_hole_in_a_sentence(key: str, per_month: int) -> None:
    document = compose(figures_of(lively(per_month), key), PLAN)

    for text in [words(document), *(chart.alt for chart in document.charts())]:
        assert not re.search(r"None|nan|\{|\}| {2}|\(\)|-0", text.replace("      ", ""))
    for table in document.tables():
        assert {len(row) for row in (table.head, *table.rows)} == {len(table.widths)} == {len(table.align)}
        assert sum(table.widths) == pytest.approx(1)


def test_everybody_satisfied_and_nobody_satisfied_are_said_in_words() -> None:
    for level, words_said in ((5, "cả 60 người trả lời câu hỏi này đều hài lòng"), (1, "không có ai hài lòng")):
        source = lively()
        source.answered = [
            answering(one, level) for one in [one for one in source.answered if one.day.month == 10][:60]
        ]

        said = words(compose(figures_of(source), PLAN))

        assert words_said in said


def answering(one: Answered, level: int) -> Answered:
    likert = {question.id for question in SURVEY.questions if question.kind is Kind.LIKERT5}
    return dataclasses.replace(one, answers=dict.fromkeys(likert, level))


def test_a_target_line_stands_only_with_its_source() -> None:
    target = SatisfactionTarget(value=0.9, source="Nghị quyết 76/NQ-CP")
    aimed = replace(PLAN, satisfaction_target=target)

    without = compose(figures_of(lively()), PLAN)
    with_one = compose(build(lively(), parse("2026-10"), aimed, sample=False, made_on=MADE), aimed)

    assert "Mục tiêu" not in words(without)
    assert "Mục tiêu 90,0% (Nghị quyết 76/NQ-CP)" in words(with_one)


def test_what_an_officer_must_add_is_marked() -> None:
    document = compose(figures_of(lively()), PLAN)

    marks = [block.text for block in document.blocks if isinstance(block, Paragraph) and block.style == "mark"]
    assert len(marks) == 5
    assert all(re.fullmatch(r"\[cán bộ (kiểm tra căn cứ|bổ sung): .+\]", mark) for mark in marks)


def test_parts_are_lettered_as_vietnamese_documents_do() -> None:
    document = compose(figures_of(lively()), PLAN)

    letters = [block.text[0] for block in document.blocks if isinstance(block, Heading) and block.level == 3]
    assert letters == ["a", "b", "c", "d", "đ", "e", "g"]


def test_tables_and_figures_are_numbered_through() -> None:
    document = compose(figures_of(lively()), PLAN)

    for blocks, word in ((document.tables(), "Bảng"), (document.charts(), "Hình")):
        assert [block.caption.split(". ")[0] for block in blocks] == [
            f"{word} {at}" for at in range(1, len(blocks) + 1)
        ]


def test_two_surveys_stand_one_after_the_other() -> None:
    source = lively()
    pulse = replace(source.surveys[0], version=8, number=2)
    source.surveys.append(pulse)
    source.answered += [dataclasses.replace(one, version=8) for one in source.answered if one.day.month >= 9]

    document = compose(figures_of(source), PLAN)

    heads = [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 2]
    assert heads[1].startswith("1.1. Phiếu “")
    assert heads[2].startswith("1.2. Phiếu “")
    names = [chart.name for chart in document.charts()]
    assert len(names) == len(set(names))


def replace_version(one: object, version: int) -> "Answered":
    assert isinstance(one, Answered)
    return Answered(version=version, day=one.day, village=one.village, channel=one.channel, answers=one.answers)
