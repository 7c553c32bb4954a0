"""What a commune keeps ready for whoever asks: what may be written, and what words find."""

import msgspec
import pytest

from feedback.acts import Refusal
from feedback.knowledge import MAX_FACTS, MAX_TEXT, Fact, SaveFact, decide_fact, find
from feedback.roles import CITIZEN, OFFICER, Actor, Role
from vietnam.text import fold_words

OFFICER_HERE = Actor(kind=OFFICER, unit=1, id=7, role=Role.RECEPTION)
HOURS = Fact(id=1, title="Giờ làm việc", text="7 giờ 30 đến 17 giờ.", words="mấy giờ mở cửa, thứ bảy có làm không")
VISITS = Fact(id=2, title="Lịch tiếp công dân", text="Thứ Tư.", words="tiếp dân, gặp chủ tịch")
BIRTH = Fact(id=3, title="Làm giấy khai sinh", text="Xem Cổng dịch vụ công.", words="khai sinh")
ALL = [HOURS, VISITS, BIRTH]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("giờ làm việc", [HOURS]),
        ("xã mấy giờ mở cửa vậy", [HOURS]),
        ("thu bay co lam khong", [HOURS]),
        ("muốn gặp chủ tịch thì hôm nào", [VISITS]),
        ("đăng ký khai sinh cho cháu cần gì", [BIRTH]),
        ("giá lợn hơi hôm nay", []),
        ("đường thôn Chè hỏng", []),
        ("là gì", []),
        ("", []),
    ],
)
def test_words_find_what_was_written(asked: str, found: list[Fact]) -> None:
    assert find(ALL, fold_words(asked)) == found


def test_no_more_than_three_are_offered() -> None:
    alike = [Fact(id=id, title=f"Số điện thoại {id}", text="x", words="số điện thoại") for id in range(9)]
    assert len(find(alike, "so dien thoai")) == 3


def decided(fact: Fact, actor: Actor = OFFICER_HERE, **store: int) -> Fact | Refusal:
    return decide_fact(SaveFact(fact=fact), actor, 1, **({"many": 0, "changed_at": 0} | store))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"title": "  "}, "fact.empty"),
        ({"text": "\n"}, "fact.empty"),
        ({"title": "x" * 81}, "fact.long_title"),
        ({"text": "x" * (MAX_TEXT + 1)}, "fact.long_text"),
        ({"words": "x" * 301}, "fact.long_words"),
        ({"link": "http://xa.example"}, "fact.link"),
        ({"link": "javascript:alert(1)"}, "fact.link"),
        ({"link": 'https://xa.example/"onx'}, "fact.link"),
        ({"place": -1}, "fact.place"),
    ],
)
def test_what_is_wrong_is_said(wrong: dict[str, object], why: str) -> None:
    outcome = decided(msgspec.structs.replace(Fact(title="Giờ", text="Sáng"), **wrong))
    assert isinstance(outcome, Refusal)
    assert outcome.key == why


def test_spaces_are_put_in_order() -> None:
    kept = decided(Fact(title=" Giờ  làm ", text=" Sáng \n", words=" a ,, b  c "))
    assert kept == Fact(title="Giờ làm", text="Sáng", words="a, b c")


def test_only_officers_of_the_commune_write_and_not_without_end() -> None:
    fact = Fact(title="Giờ", text="Sáng")
    assert decided(fact, Actor(kind=CITIZEN, unit=1)) == Refusal("act.not_allowed")
    assert decided(fact, Actor(kind=OFFICER, unit=2, id=7, role=Role.LEADER)) == Refusal("act.not_allowed")
    assert decided(fact, many=MAX_FACTS) == Refusal("fact.too_many", {"most": MAX_FACTS})


def test_whoever_looked_at_an_older_version_is_told() -> None:
    assert decided(HOURS, changed_at=5) == Refusal("fact.changed")
