"""Who gets a case: the most specific line of the commune's table, and always somebody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import Cases
from feedback.kinds import CATEGORIES, Kind, read_kinds, rule, suggested, typed
from feedback.office import PROMISES, Office
from feedback.reach import SCOPED
from feedback.roles import Role
from feedback.routing import HANDLERS, Assignee, Colleague, Route, fallback, is_there, returned_to, route
from vietnam.text import fold_words

LAND, CLERK, HEAD = Colleague(11, Role.RECEPTION), Colleague(12, Role.RECEPTION), Colleague(20, Role.LEADER)
STAFF = (LAND, CLERK, HEAD, Colleague(30, Role.ADMIN))
TO_LAND, TO_CLERK, TO_HEAD = Assignee(officer=11), Assignee(officer=12), Assignee(Role.LEADER)
TABLE = (
    Route(category="land", to=TO_LAND),
    Route(village=7, to=TO_CLERK),
    Route(kind="petition", to=TO_HEAD),
    Route(category="land", village=7, to=TO_HEAD),
    Route(kind="feedback", category="roads", to=TO_CLERK),
    Route(category="security", to=Assignee(officer=99)),
)


@pytest.mark.parametrize(
    ("kind", "category", "village", "to"),
    [
        ("feedback", "land", None, TO_LAND),
        ("feedback", "land", 8, TO_LAND),
        ("feedback", "land", 7, TO_HEAD),  # two conditions before one
        ("feedback", "procedures", 7, TO_CLERK),
        ("petition", "land", 8, TO_HEAD),  # kind before field
        ("petition", "other", 7, TO_HEAD),  # kind before village
        ("feedback", "roads", 7, TO_CLERK),
        ("feedback", "security", None, Assignee(Role.RECEPTION)),  # whom the line names has left
        ("feedback", "security", 7, TO_CLERK),  # the next line that fits
        ("conduct", "conduct", None, Assignee(Role.LEADER)),
        ("praise", "other", None, Assignee(Role.RECEPTION)),
    ],
)
def test_the_most_specific_line_wins(kind: str, category: str, village: int | None, to: Assignee) -> None:
    assert route(TABLE, kind=Kind(kind), category=category, village=village, staff=STAFF).to == to


assignees = st.builds(Assignee, st.none() | st.sampled_from(Role), st.sampled_from([0, 11, 12, 20, 99]))
lines = st.builds(
    Route,
    kind=st.sampled_from(["", *Kind]),
    category=st.sampled_from(["", *CATEGORIES]),
    village=st.sampled_from([0, 7, 8]),
    to=assignees,
)
colleagues = st.lists(st.builds(Colleague, st.integers(1, 40), st.sampled_from(Role)), max_size=6)


@given(
    st.lists(lines, max_size=12), st.sampled_from(Kind), st.sampled_from(CATEGORIES), st.none() | st.just(7), colleagues
)
def test_every_case_gets_somebody(
    table: list[Route], kind: Kind, category: str, village: int | None, staff: list[Colleague]
) -> None:
    routed = route(table, kind=kind, category=category, village=village, staff=staff)
    assert routed.to.officer or routed.to.role in HANDLERS
    if any(one.role in HANDLERS - SCOPED for one in staff):
        assert is_there(routed.to, staff), "somebody who is there, as long as anybody is"
    fitting = [line for line in table if is_there(line.to, staff)]
    for line in fitting:
        says = (line.kind in ("", kind), line.category in ("", category), line.village in (0, village or 0))
        if all(says):
            assert routed.by is not None
            assert routed.by.weight >= line.weight


def test_what_nobody_took_goes_up_and_never_down_to_the_counter_it_may_be_about() -> None:
    assert returned_to(Kind.FEEDBACK, TO_LAND, STAFF) == Assignee(Role.RECEPTION)
    assert returned_to(Kind.FEEDBACK, Assignee(Role.RECEPTION), STAFF) == TO_HEAD
    assert returned_to(Kind.FEEDBACK, TO_HEAD, STAFF) is None
    assert returned_to(Kind.CONDUCT, Assignee(officer=20), STAFF) == TO_HEAD
    assert returned_to(Kind.FEEDBACK, Assignee(Role.RECEPTION), (LAND,)) is None


def test_an_empty_office_still_has_a_counter() -> None:
    assert fallback(Kind.CONDUCT, ()) == Assignee(Role.LEADER)
    assert fallback(Kind.CONDUCT, (LAND,)) == Assignee(Role.RECEPTION)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_rules(kind: Kind) -> None:
    rules = rule(kind)
    assert rules.handled_by in HANDLERS
    assert Office().promise(kind, 1_791_010_800_000).rule == PROMISES[kind] == rules.promise
    assert ("field" in rules.asks) != bool(rules.field)


def test_who_signs_is_said_once() -> None:
    signed = {kind for kind in Kind if rule(kind).signed_by is Role.LEADER}
    assert signed == set(Cases().sign_off), "what the settings say where nobody has changed them"


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("kind = []\nfield = []", "every kind needs exactly one entry"),
        ("[[kind", "Expected"),
        ('field = []\n[[kind]]\nid = "praise"\ncolour = "red"', "unknown field `colour`"),
        ('field = []\n[[kind]]\nid = "weather"', "weather"),
    ],
)
def test_a_wrong_table_is_refused(table: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_kinds(table)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("khen", "praise"), ("Tôi muốn khen", "praise"), ("gop y", "suggestion"), ("Góp ý!", "suggestion"),
        ("cán bộ hách dịch", "conduct"), ("thái độ cán bộ", "conduct"), ("Doanh nghiệp", "business"),
        ("phản ánh", ""), ("khen thưởng gia đình văn hóa", ""), ("đất", ""),
    ],
)  # fmt: skip
def test_words_that_name_a_kind(said: str, kind: str) -> None:
    assert (typed(fold_words(said)) or "") == kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Xin khen chị Lan ở bộ phận một cửa", "praise"),
        ("Cán bộ tư pháp nói năng cộc lốc, quát mắng người già", "conduct"),
        ("Công ty chúng tôi xin hỏi về đường vào xưởng", "business"),
        ("Tôi xin góp ý về giờ làm việc của xã", "suggestion"),
        ("Đèn đường ở ngã ba hỏng ba hôm nay rồi", ""),
        ("Chó nhà hàng xóm quậy phá suốt đêm", ""),
    ],
)
def test_what_a_longer_text_is_likely_to_be(said: str, kind: str) -> None:
    assert (suggested(fold_words(said)) or "") == kind
