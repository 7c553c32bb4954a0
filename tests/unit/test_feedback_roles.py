"""Who may do what, where: the whole table, written out once more by hand."""

from itertools import product

import pytest

from feedback.roles import ALLOWED, CITIZEN, OFFICER, SYSTEM, Actor, Role, may

HOME, ELSEWHERE = 1, 2
WHO = {
    "reception": Actor(kind=OFFICER, unit=HOME, id=7, role=Role.RECEPTION),
    "leader": Actor(kind=OFFICER, unit=HOME, id=8, role=Role.LEADER),
    "admin": Actor(kind=OFFICER, unit=HOME, id=9, role=Role.ADMIN),
    "citizen": Actor(kind=CITIZEN, unit=HOME),
    "system": Actor(kind=SYSTEM, unit=HOME),
    "nobody": Actor(kind=OFFICER, unit=HOME, id=10),
    "stranger": Actor(kind="stranger", unit=HOME, role=Role.ADMIN),
}
#                  reception leader admin citizen system nobody stranger
TABLE = {
    "case.open":      "no  no  no  YES no  no  no",
    "case.see":       "YES YES YES no  no  no  no",
    "case.take":      "YES YES no  no  no  no  no",
    "case.reply":     "YES YES no  no  no  no  no",
    "survey.see":     "YES YES YES no  no  no  no",
    "survey.publish": "no  YES YES no  YES no  no",
    "report.see":     "YES YES YES no  no  no  no",
    "report.make":    "YES YES no  no  YES no  no",
    "outbox.see":     "YES YES YES no  no  no  no",
    "outbox.retry":   "YES no  YES no  no  no  no",
    "case.destroy":   "no  no  no  no  no  no  no",
}  # fmt: skip
EXPECTED = {
    (action, who): word == "YES" for action, row in TABLE.items() for who, word in zip(WHO, row.split(), strict=True)
}


def test_the_table_here_knows_every_action() -> None:
    assert set(ALLOWED) == set(TABLE) - {"case.destroy"}


@pytest.mark.parametrize(("action", "who"), EXPECTED, ids=str)
def test_each_may_do_what_the_table_says_at_home_and_nothing_elsewhere(action: str, who: str) -> None:
    assert may(WHO[who], action, HOME) is EXPECTED[action, who]
    assert may(WHO[who], action, ELSEWHERE) is False


def test_every_combination_has_been_looked_at() -> None:
    assert len(EXPECTED) == len(list(product(TABLE, WHO))) == 77


def test_a_citizen_is_never_named_in_the_list_of_acts() -> None:
    assert Actor(kind=CITIZEN, unit=HOME, id=12345).label() == "citizen"
    assert WHO["leader"].label() == "officer:8"
    assert WHO["system"].label() == "system"
