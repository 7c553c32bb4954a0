"""Plans: the shipped one says what the paper says, and a wrong file is refused by key."""

from datetime import date
from pathlib import Path

import pytest

from reports.plans import FOLDER, BadPlan, plan, plan_names, read
from reports.recipients import abolished, today_of

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
NAME = "y_tich_2024"
PAPERS = {
    "000": "vinh_cuu_2024",
    "001": "gia_lai_2024",
    "002": "cau_ngang_2022_2026",
    "003": NAME,
    "004": "tay_ninh_2023",
}
TEMPLATE = (FOLDER / "mau.toml").read_text("utf-8")


def shipped() -> str:
    return (FOLDER / f"{NAME}.toml").read_text("utf-8")


def test_the_shipped_plans_can_all_be_read() -> None:
    assert NAME in plan_names()
    for name in plan_names():
        assert plan(name).id == name


def test_the_plan_of_y_tich_names_no_day_no_number_and_no_satisfaction_target() -> None:
    found = plan(NAME)

    assert found.number == ""
    assert found.satisfaction_target is None
    assert [(owed.before, owed.due, owed.to_written) for owed in found.owed] == [("", "theo quy định", "UBND huyện")]


@pytest.mark.parametrize("name", plan_names())
def test_every_body_of_the_abolished_level_is_mapped_away(name: str) -> None:
    found = plan(name)
    today = [owed.to for owed in found.owed] + [one.now for one in (*found.recipients, *found.desks)]

    assert all(today)
    assert not [body for body in (*today, *found.profile.addressed, *found.profile.copies) if abolished(body)]


@pytest.mark.parametrize(("paper", "name"), PAPERS.items())
def test_the_quotations_stand_in_the_paper_word_for_word(paper: str, name: str) -> None:
    papers = sorted(SEEDS.glob(f"{paper}_*.txt"))
    if not papers:
        pytest.skip("the papers of the plans are not beside this repository")
    text = " ".join(papers[0].read_text("utf-8").replace("*", "").replace("#", "").split())
    found = plan(name)

    quotes = [basis.quote for basis in found.bases] + [owed.quote for owed in found.owed]
    quotes += [one.written for one in (*found.recipients, *found.desks)] + [one.quote for one in found.targets]

    assert [quote for quote in quotes if quote not in text] == []


def test_no_target_of_the_five_plans_is_one_of_satisfaction() -> None:
    assert {plan(name).satisfaction_target for name in PAPERS.values()} == {None}
    assert {target.counts for name in PAPERS.values() for target in plan(name).targets} == {
        "units", "people", "models", "cases"
    }  # fmt: skip


def test_a_29_february_is_the_1_march_of_a_year_without_one() -> None:
    owed = read(TEMPLATE.replace('before = "10/6"', 'before = "29/2"\nyear_after = true'), "mau").owed[0]

    assert (owed.before_in(2027), owed.before_in(2025)) == (date(2028, 2, 29), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('before = "10/6"', 'before = "31/6"', "owed[0].before"),
        ('before = "10/6"', 'before = "10/6/2026"', "owed[0].before"),
        ('period = "6m"', 'period = "month"', "owed[0].period"),
        ('before = "10/6"', 'before = "15/1"', "owed[0].before: đến ngày 15/1 kỳ báo cáo chưa được một nửa"),
        ('before = "10/6"', "year_after = true", "owed[0].year_after"),
        ('period = "12m"\nbefore = "25/11"', 'period = "6m"\nbefore = "25/11"', "owed[1].name: báo cáo"),
        ("until = 2026", "until = 2024", "until"),
        ('written = "Thường trực Đảng ủy (b/c)"', 'written = "Hội Làm vườn"', "recipients[0].today"),
        ('"Ủy ban nhân dân tỉnh"]', '"Ủy ban nhân dân huyện"]', "profile.addressed[0]: 'huyện'"),
        ('counts = "cases"', 'counts = "satisfaction"', "counts"),
    ],
)
def test_what_the_template_says_wrongly_is_named(before: str, after: str, fault: str) -> None:
    assert before in TEMPLATE

    with pytest.raises(BadPlan) as refused:
        read(TEMPLATE.replace(before, after, 1), "mau")

    assert fault in str(refused.value)


@pytest.mark.parametrize(
    ("written", "today"),
    [
        ("UBND huyện (qua Phòng Nội vụ)", "Ủy ban nhân dân tỉnh (qua Sở Nội vụ)"),
        ("UBND huyện", "Ủy ban nhân dân tỉnh"),
        ("Ban Dân vận Huyện uỷ", "Ban Tuyên giáo và Dân vận Tỉnh ủy"),
        ("Hội Làm vườn", ""),
    ],
)
def test_who_a_body_is_today(written: str, today: str) -> None:
    assert today_of(written) == today


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('number = ""', 'numbr = ""', "numbr"),
        ("year = 2024", 'year = "2024"', "dòng 7, year: sai kiểu"),
        ('index = "top2"', 'index = "top3"', "dòng 12, index: không nhận giá trị 'top3'"),
        ('addressed = ["Ủy ban nhân dân tỉnh Lạng Sơn"]', "addressed = []", "profile.addressed"),
        ('"Như trên",', '"Như trên;",', "profile.copies[0]"),
        ('id = "y_tich_2024"', 'id = "khac"', "id"),
        ('report = "Căn cứ Luật Thực hiện dân chủ ở cơ sở năm 2022"', 'report = "Căn cứ Luật;"', "bases[1].report"),
        ("year = 2024", "year = ", "dòng 7"),
    ],
)
def test_a_fault_is_named_by_its_key(before: str, after: str, fault: str) -> None:
    text = shipped()
    assert before in text

    with pytest.raises(BadPlan) as refused:
        read(text.replace(before, after, 1), NAME)

    assert fault in str(refused.value)
    assert NAME in str(refused.value)


def test_several_faults_are_told_together() -> None:
    text = shipped().replace('"Như trên",', '"Như trên;",').replace('id = "y_tich_2024"', 'id = "khac"')

    with pytest.raises(BadPlan) as refused:
        read(text, NAME)

    assert len(refused.value.faults) == 2


def test_whatever_cannot_be_read_is_told_together() -> None:
    text = shipped().replace("year = 2024", 'year = "2024"').replace('index = "top2"', 'index = "top3"')
    text += '\n[[owed]]\nname = "Báo cáo"\nquoted = "a"\n\n[satisfaction_target]\nvalue = "90"\nsource = "Nghị quyết"\n'

    with pytest.raises(BadPlan) as refused:
        read(text, NAME)

    at = sorted(fault.key.rpartition("].")[2] for fault in refused.value.found)
    assert at == ["index", "quote", "quoted", "satisfaction_target.value", "to_written", "year"]
    assert all(fault.line for fault in refused.value.found)


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ('value = 90\nsource = "Nghị quyết 76/NQ-CP"', "satisfaction_target.value"),
        ('value = 0.9\nsource = " "', "satisfaction_target.source"),
        ("value = 0.9", "source"),
    ],
)
def test_a_target_is_a_share_with_its_source(target: str, fault: str) -> None:
    with pytest.raises(BadPlan) as refused:
        read(f"{shipped()}\n[satisfaction_target]\n{target}\n", NAME)

    assert fault in str(refused.value)


@pytest.mark.parametrize("name", ["", "nowhere", "../plans/y_tich_2024", "y_tich_2024.toml"])
def test_only_known_names_are_read(name: str) -> None:
    with pytest.raises(BadPlan) as refused:
        plan(name)

    assert NAME in str(refused.value)
