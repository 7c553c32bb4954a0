"""A province's communes side by side: what is added up, what is kept apart, and what stays hidden."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reports.figures import Figures
from reports.periods import parse
from reports.plans import Profile
from reports.province import Province, Scores, roll_up, summary
from reports.province_document import compose_province
from reports.province_xlsx import write_province
from tests.unit.provinces import MADE_ON, OCTOBER, PROVINCE, asked, figures_of, lively_figures

PROFILE = Profile(addressed=(), copies=("Lưu: VT",), signature=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"))


def rolled(*found: Figures, missing: Sequence[str] = ()) -> Province:
    summaries = [summary(one, "approved") for one in found]
    return roll_up(PROVINCE, OCTOBER, summaries, missing, made_on=MADE_ON)


def only(province: Province) -> Scores:
    (scores,) = province.scores
    return scores


def words(province: Province) -> str:
    """Every sentence of the report."""
    document = compose_province(province, PROFILE)
    return "\n".join(getattr(block, "text", "") for block in document.blocks)


def test_sums_are_of_what_each_commune_has_published() -> None:
    one, two = lively_figures("xã Vạn Linh"), lively_figures("xã Chi Lăng")
    found = rolled(two, one)
    assert [row.name for row in found.rows] == ["xã Chi Lăng", "xã Vạn Linh"]
    assert found.total.received == one.cases.received + two.cases.received > 0
    assert found.total.open == one.cases.open + two.cases.open
    assert found.total.responses == sum(survey.responses for survey in (*one.surveys, *two.surveys))


def test_opinions_count_alike_in_one_share_and_communes_in_the_other() -> None:
    found = only(rolled(figures_of("xã A", asked(10, 0.5)), figures_of("xã B", asked(90, 1.0))))
    assert found.n == 100
    assert found.index == pytest.approx(0.95)
    assert found.mean == pytest.approx(0.75)


@given(st.lists(st.one_of(st.none(), st.integers(5, 400)), min_size=1, max_size=8))
def test_a_hidden_commune_is_in_no_sum(counts: list[int | None]) -> None:
    found = rolled(*(figures_of(f"xã {at}", asked(n, None if n is None else 0.5)) for at, n in enumerate(counts)))
    shown = [n for n in counts if n is not None]
    for scores in found.scores:
        assert scores.shown == len(shown)
        assert scores.n == (sum(shown) if len(shown) > 1 else None)
        assert [row.n for row in scores.rows] == counts


def test_different_versions_of_a_survey_are_never_put_together() -> None:
    found = rolled(
        figures_of("xã A", asked(50, 0.8)),
        figures_of("xã B", asked(50, 0.7)),
        figures_of("xã C", asked(50, 0.6, checksum="b" * 64)),
    )
    assert [row.commune for row in only(found).rows] == ["xã A", "xã B"]
    assert [row.commune for scores in found.alone for row in scores.rows] == ["xã C"]
    assert found.several == ("Phiếu hài lòng",)
    assert "bản khác của phiếu: Phiếu hài lòng" in words(found)


def test_a_survey_whose_file_is_not_known_stands_beside_nothing() -> None:
    found = rolled(figures_of("xã A", asked(50, 0.8, checksum="")), figures_of("xã B", asked(50, 0.7, checksum="")))
    assert found.scores == ()
    assert len(found.alone) == 2


def test_a_random_sample_and_whoever_liked_stand_apart() -> None:
    found = rolled(
        figures_of("xã A", asked(50, 0.8, (0.7, 0.9))),
        figures_of("xã B", asked(50, 0.8)),
        figures_of("xã C", asked(50, 0.8)),
    )
    assert [scores.kind for scores in found.scores] == ["open"]
    assert [scores.kind for scores in found.alone] == ["invited"]


@pytest.mark.parametrize(
    ("communes", "why"),
    [
        ([asked(500, 0.9), asked(500, 0.1)], "open"),
        ([asked(500, 0.9, (0.85, 0.95)), asked(500, 0.5, (0.45, 0.55))], ""),
        ([asked(500, 0.9, (0.85, 0.95)), asked(500, 0.88, (0.82, 0.9))], "overlap"),
        ([asked(29, 0.9, (0.85, 0.95)), asked(500, 0.5, (0.45, 0.55))], "few"),
    ],
)
def test_who_is_ranked(communes: list[object], why: str) -> None:
    found = rolled(*(figures_of(f"xã {at}", one) for at, one in enumerate(communes)))  # type: ignore[arg-type]
    assert only(found).unranked == why
    assert any(row.place for row in only(found).rows) is (not why)
    assert ("Không đủ cơ sở để xếp hạng" in words(found)) is bool(why)


def test_figures_until_another_day_are_shown_with_it_and_not_ranked() -> None:
    late = replace(figures_of("xã B", asked(500, 0.2, (0.15, 0.25))), until=OCTOBER.last.replace(day=20))
    found = only(rolled(figures_of("xã A", asked(500, 0.9, (0.85, 0.95))), late))
    assert found.unranked == "few"
    assert [row.until for row in found.rows] == [None, late.until]


def test_figures_of_other_days_are_named_and_in_no_sum() -> None:
    statutory = parse("2026-10", month="statutory")
    mine = [lively_figures("xã A"), lively_figures("xã B")]
    found = rolled(*mine, figures_of("xã C", asked(50, 0.5), period=statutory), missing=["xã D"])
    assert found.other_days == ("xã C",)
    assert found.expected == 4
    assert found.total.received == sum(one.cases.received for one in mine)
    assert "tính cho ngày khác với đa số" in words(found)


def test_nobody_has_sent_anything() -> None:
    found = rolled(missing=["xã B", "xã A"])
    assert found.missing == ("xã A", "xã B")
    told = words(found)
    assert "0/2" in told
    assert "Chưa có số liệu: xã A, xã B." in told
    assert write_province(found).startswith(b"PK")


def test_of_communes_without_figures_nothing_is_said_and_the_others_are_counted() -> None:
    nobody = words(rolled(missing=("xã A", "xã B")))
    assert "không tiếp nhận" not in nobody
    assert "Trong kỳ không có đề nghị đối thoại" not in nobody
    assert nobody.count("Chưa có đơn vị nào có số liệu của kỳ.") == 2
    assert "1 đơn vị có số liệu tiếp nhận" in words(rolled(lively_figures("xã A"), missing=("xã B",)))


def test_every_word_is_in_the_catalogue_whatever_happened() -> None:
    found = rolled(
        lively_figures("xã A"),
        figures_of("xã B", asked(None, None)),
        figures_of("xã C", asked(50, 0.9, (0.85, 0.95))),
        figures_of("xã D", asked(50, 0.2, (0.1, 0.3))),
        figures_of("xã E", asked(50, 0.2, (0.1, 0.3), checksum="c" * 64)),
        missing=["xã G"],
    )
    assert "xã B" in {row.commune for scores in found.alone for row in scores.rows}
    assert all(not text.startswith("province.") for text in words(found).splitlines())
