"""Plans: the shipped one says what the paper says, and a wrong file is refused by key."""

from pathlib import Path

import pytest

from reports.plans import FOLDER, BadPlan, plan, plan_names, read

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
NAME = "y_tich_2024"


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


def test_every_body_of_the_abolished_level_is_mapped_away() -> None:
    found = plan(NAME)
    today = [owed.to_today for owed in found.owed] + [one.today for one in (*found.recipients, *found.desks)]

    assert not [name for name in (*today, *found.profile.addressed, *found.profile.copies) if "huyện" in name.lower()]


def test_the_quotations_stand_in_the_paper_word_for_word() -> None:
    papers = sorted(SEEDS.glob("003_*.txt"))
    if not papers:
        pytest.skip("the papers of the plans are not beside this repository")
    paper = " ".join(papers[0].read_text("utf-8").replace("*", "").split())
    found = plan(NAME)

    quotes = [basis.quote for basis in found.bases] + [owed.quote for owed in found.owed]
    quotes += [one.written for one in (*found.recipients, *found.desks)]

    assert [quote for quote in quotes if quote not in paper] == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('number = ""', 'numbr = ""', "numbr"),
        ("year = 2024", 'year = "2024"', "$.year"),
        ('index = "top2"', 'index = "top3"', "$.index"),
        ('addressed = ["Ủy ban nhân dân tỉnh Lạng Sơn"]', "addressed = []", "profile.addressed"),
        ('"Như trên",', '"Như trên;",', "profile.copies[0]"),
        ('id = "y_tich_2024"', 'id = "khac"', "id"),
        ('report = "Căn cứ Luật Thực hiện dân chủ ở cơ sở năm 2022"', 'report = "Căn cứ Luật;"', "bases[1].report"),
        ("year = 2024", "year = ", "line"),
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
