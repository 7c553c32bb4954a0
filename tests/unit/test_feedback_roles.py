"""Who may do what, where: the whole table, written out once more by hand."""

from itertools import product

import pytest

from feedback.roles import ALLOWED, CITIZEN, COMMITTEE_WAVE, FRONT_WAVE, OFFICER, SYSTEM, Actor, Role, may
from surveys.waves import Owner

HOME, ELSEWHERE = 1, 2
VILLAGE, NEXT_VILLAGE = 11, 12
WHO = {
    "reception": Actor(kind=OFFICER, unit=HOME, id=7, role=Role.RECEPTION),
    "leader": Actor(kind=OFFICER, unit=HOME, id=8, role=Role.LEADER),
    "admin": Actor(kind=OFFICER, unit=HOME, id=9, role=Role.ADMIN),
    "front": Actor(kind=OFFICER, unit=HOME, id=11, role=Role.FRONT),
    "head": Actor(kind=OFFICER, unit=HOME, id=12, role=Role.VILLAGE_HEAD, village=VILLAGE),
    "specialist": Actor(kind=OFFICER, unit=HOME, id=14, role=Role.SPECIALIST),
    "inspection": Actor(kind=OFFICER, unit=HOME, id=15, role=Role.INSPECTION),
    "oversight": Actor(kind=OFFICER, unit=HOME, id=16, role=Role.OVERSIGHT),
    "citizen": Actor(kind=CITIZEN, unit=HOME),
    "system": Actor(kind=SYSTEM, unit=HOME),
    "nobody": Actor(kind=OFFICER, unit=HOME, id=10),
    "stranger": Actor(kind="stranger", unit=HOME, role=Role.ADMIN),
}
#                  reception leader admin front head specialist inspection oversight citizen system nobody stranger
TABLE = {
    "account.own":    "YES YES YES YES YES YES YES YES no  no  no  no",
    "case.open":      "no  no  no  no  no  no  no  no  YES no  no  no",
    "case.see":       "YES YES YES no  no  YES no  no  no  no  no  no",
    "case.take":      "YES YES no  no  no  YES no  no  no  no  no  no",
    "case.receive":   "YES YES no  no  no  YES no  no  no  no  no  no",
    "case.ask":       "YES YES no  no  no  YES no  no  no  no  no  no",
    "case.extend":    "YES YES no  no  no  YES no  no  no  no  no  no",
    "case.apologise": "no  no  no  no  no  no  no  no  no  YES no  no",
    "case.forward":   "YES YES no  no  no  YES no  no  no  no  no  no",
    "case.reply":     "YES YES no  no  no  YES no  no  no  no  no  no",
    "case.enter":     "YES no  no  YES YES no  no  no  no  no  no  no",
    "case.assign":    "YES YES no  no  no  YES no  no  no  YES no  no",
    "case.transcribe": "YES YES no  no  no  YES no  no  no  no  no  no",
    "case.note":      "YES YES no  no  no  YES no  no  no  no  no  no",
    "case.merge":     "YES YES no  no  no  no  no  no  no  no  no  no",
    "case.joined":    "YES YES no  no  no  no  no  no  no  no  no  no",
    "case.part":      "no  YES no  no  no  no  no  no  no  YES no  no",
    "case.parted":    "no  YES no  no  no  no  no  no  no  no  no  no",
    "canned.see":     "YES YES YES no  no  YES no  no  no  no  no  no",
    "canned.write":   "YES YES YES no  no  no  no  no  no  no  no  no",
    "case.flag":      "YES YES no  no  no  YES no  no  no  no  no  no",
    "case.return":    "no  no  no  no  no  no  no  no  no  YES no  no",
    "case.escalate":  "no  no  no  no  no  no  no  no  no  YES no  no",
    "case.remind":    "no  no  no  no  no  no  no  no  no  YES no  no",
    "settings.see":   "YES YES YES no  no  YES no  no  no  no  no  no",
    "routing.see":    "YES YES YES no  no  no  no  no  no  no  no  no",
    "routing.edit":   "no  YES YES no  no  no  no  no  no  no  no  no",
    "kinds.switch":   "no  YES YES no  no  no  no  no  no  no  no  no",
    "works.edit":     "YES YES YES no  no  no  no  no  no  no  no  no",
    "hot.see":        "YES YES YES no  no  YES no  no  no  no  no  no",
    "overview.see":   "YES YES YES no  no  no  no  no  no  no  no  no",
    "places.see":     "YES YES YES no  no  no  no  no  no  no  no  no",
    "places.edit":    "no  YES YES no  no  no  no  no  no  YES no  no",
    "days.see":       "YES YES YES no  no  no  no  no  no  no  no  no",
    "days.edit":      "no  YES YES no  no  no  no  no  no  no  no  no",
    "channels.see":   "no  YES YES no  no  no  no  no  no  no  no  no",
    "retention.see":  "YES YES YES no  no  no  no  no  no  no  no  no",
    "audit.see":      "no  YES YES no  no  no  no  no  no  no  no  no",
    "case.say":       "no  no  no  no  no  no  no  no  YES no  no  no",
    "case.confirm":   "no  no  no  no  no  no  no  no  YES no  no  no",
    "case.rate":      "no  no  no  no  no  no  no  no  YES no  no  no",
    "case.reopen":    "no  no  no  no  no  no  no  no  YES no  no  no",
    "case.close":     "no  no  no  no  no  no  no  no  no  YES no  no",
    "case.expire":    "no  no  no  no  no  no  no  no  no  YES no  no",
    "case.due":       "no  no  no  no  no  no  no  no  no  YES no  no",
    "case.draft_reply": "YES YES no  no  no  YES no  no  no  no  no  no",
    "case.read":      "no  no  no  no  no  no  YES YES no  no  no  no",
    "notice.see":     "YES YES YES no  no  no  no  no  no  no  no  no",
    "people.see":     "no  YES YES no  no  no  no  no  no  no  no  no",
    "people.edit":    "no  YES YES no  no  no  no  no  no  YES no  no",
    "case.approve":   "no  YES no  no  no  no  no  no  no  no  no  no",
    "case.return_draft": "no  YES no  no  no  no  no  no  no  no  no  no",
    "session.see":   "YES YES YES no  no  no  no  no  no  no  no  no",
    "session.plan":  "YES YES no  no  no  no  no  no  no  no  no  no",
    "session.series":"YES YES no  no  no  no  no  no  no  no  no  no",
    "session.change":"YES YES no  no  no  no  no  no  no  no  no  no",
    "session.announce":"YES YES no  no  no  no  no  no  no  no  no  no",
    "session.cancel":"YES YES no  no  no  no  no  no  no  no  no  no",
    "session.hold":  "YES YES no  no  no  no  no  no  no  no  no  no",
    "session.minutes":"YES YES no  no  no  no  no  no  no  no  no  no",
    "session.ask":   "YES YES no  no  no  no  no  no  no  no  no  no",
    "session.answer":"YES YES no  no  no  no  no  no  no  no  no  no",
    "session.promise":"YES YES no  no  no  no  no  no  no  no  no  no",
    "session.keep":  "YES YES no  no  no  no  no  no  no  no  no  no",
    "session.drop":  "YES YES no  no  no  no  no  no  no  no  no  no",
    "session.busy":  "YES YES no  no  no  no  no  no  no  no  no  no",
    "session.publish":"no  YES no  no  no  no  no  no  no  no  no  no",
    "session.receive":"YES YES no  no  YES no  no  no  no  no  no  no",
    "list.enter":    "YES YES no  no  no  no  no  no  no  no  no  no",
    "list.strike":   "YES YES no  no  no  no  no  no  no  no  no  no",
    "booking.book":  "YES YES no  no  no  no  no  no  YES no  no  no",
    "booking.cancel":"YES YES no  no  no  no  no  no  YES no  no  no",
    "booking.move":  "YES YES no  no  no  no  no  no  YES no  no  no",
    "booking.correct":"no  no  no  no  no  no  no  no  YES no  no  no",
    "booking.check_in":"YES YES no  no  no  no  no  no  no  no  no  no",
    "booking.absent":"YES YES no  no  no  no  no  no  no  no  no  no",
    "case.show_photo": "YES YES no  no  no  no  no  no  no  no  no  no",
    "block.see":      "YES YES YES no  no  no  no  no  no  no  no  no",
    "block.put":      "YES YES no  no  no  no  no  no  no  no  no  no",
    "block.lift":     "YES YES no  no  no  no  no  no  no  no  no  no",
    "survey.figures": "YES YES YES no  no  no  no  no  no  no  no  no",
    "survey.see":     "YES YES YES YES no  no  no  no  no  no  no  no",
    "survey.read":    "YES YES YES YES no  no  no  no  no  no  no  no",
    "survey.draft":   "YES YES YES no  no  no  no  no  no  no  no  no",
    "survey.publish": "no  YES YES no  no  no  no  no  no  YES no  no",
    "report.see":     "YES YES YES no  no  no  no  no  no  no  no  no",
    "report.make":    "YES YES no  no  no  no  no  no  no  YES no  no",
    "plan.day":       "YES YES no  no  no  no  no  no  no  YES no  no",
    "plan.edit":      "no  YES YES no  no  no  no  no  no  YES no  no",
    "profile.edit":   "no  YES YES no  no  no  no  no  no  YES no  no",
    "served.see":     "YES YES YES no  no  no  no  no  no  no  no  no",
    "served.write":   "YES YES no  no  no  no  no  no  no  YES no  no",
    "report.write_text": "YES YES no  no  no  no  no  no  no  no  no  no",
    "report.comment": "YES YES no  no  no  no  no  no  no  no  no  no",
    "report.remake":  "YES YES no  no  no  no  no  no  no  no  no  no",
    "report.submit":  "YES no  no  no  no  no  no  no  no  no  no  no",
    "report.approve": "no  YES no  no  no  no  no  no  no  no  no  no",
    "report.return_": "no  YES no  no  no  no  no  no  no  no  no  no",
    "report.hand":    "YES no  no  no  no  no  no  no  no  no  no  no",
    "report.number":  "YES no  no  no  no  no  no  no  no  no  no  no",
    "report.freeze":  "YES no  no  no  no  no  no  no  no  no  no  no",
    "mood.see":       "YES YES YES no  no  no  no  no  no  no  no  no",
    "mood.tag":       "YES YES no  no  no  no  no  no  no  no  no  no",
    "sheet.see":      "YES YES YES no  no  no  no  no  no  no  no  no",
    "sheet.write":    "YES YES no  no  no  no  no  no  no  no  no  no",
    "criteria.add":   "no  YES YES no  no  no  no  no  no  YES no  no",
    "paper.case":     "YES YES no  no  no  YES no  no  no  no  no  no",
    "paper.session":  "YES YES no  no  no  no  no  no  no  no  no  no",
    "paper.register": "YES YES no  no  no  no  no  no  no  YES no  no",
    "paper.dossier":  "no  YES no  no  no  no  no  no  no  YES no  no",
    "wave.see":       "YES YES YES YES no  no  no  no  no  YES no  no",
    "wave.open":      "no  YES YES no  no  no  no  no  no  YES no  no",
    "wave.close":     "no  YES YES no  no  no  no  no  no  YES no  no",
    "wave.cancel":    "no  YES YES no  no  no  no  no  no  YES no  no",
    "wave.invite":    "no  YES YES no  no  no  no  no  no  YES no  no",
    "wave.pause":     "no  YES YES no  no  no  no  no  no  YES no  no",
    "wave.resume":    "no  YES YES no  no  no  no  no  no  YES no  no",
    "wave.remind":    "no  YES YES no  no  no  no  no  no  YES no  no",
    "frame.import":   "no  YES YES no  no  no  no  no  no  YES no  no",
    "entry.open":     "YES no  no  YES YES no  no  no  no  no  no  no",
    "entry.type":     "YES no  no  YES YES no  no  no  no  no  no  no",
    "entry.check":    "YES no  no  YES YES no  no  no  no  no  no  no",
    "entry.close":    "YES no  no  YES YES no  no  no  no  no  no  no",
    "entry.review":   "no  YES YES YES no  no  no  no  no  YES no  no",
    "opinion.answer": "YES YES no  no  no  no  no  no  no  YES no  no",
    "bulletin.see":   "YES YES YES no  no  no  no  no  no  no  no  no",
    "bulletin.send":  "no  YES YES no  no  no  no  no  no  no  no  no",
    "data.ask":       "no  no  no  no  no  no  no  no  YES no  no  no",
    "data.see":       "YES YES YES no  no  no  no  no  no  no  no  no",
    "data.close":     "YES YES YES no  no  no  no  no  no  no  no  no",
    "fact.see":       "YES YES YES no  no  YES no  no  no  no  no  no",
    "fact.write":     "YES YES YES no  no  no  no  no  no  YES no  no",
    "call.see":       "YES YES YES no  no  no  no  no  no  no  no  no",
    "call.act":       "YES YES no  no  no  no  no  no  no  no  no  no",
    "outbox.see":     "YES YES YES no  no  no  no  no  no  no  no  no",
    "outbox.retry":   "YES no  YES no  no  no  no  no  no  no  no  no",
    "case.mark":      "YES YES no  no  no  YES no  no  no  no  no  no",
    "case.unmark":    "no  no  no  no  no  no  no  no  no  no  no  no",
    "case.hand_up":   "YES YES no  no  no  no  no  no  no  no  no  no",
    "kept.see":       "no  no  no  no  no  no  no  no  no  no  no  no",
    "kept.name":      "no  YES no  no  no  no  no  no  no  YES no  no",
    "register.see":   "YES YES no  no  no  no  no  no  no  no  no  no",
    "register.write": "YES YES no  no  no  no  no  no  no  no  no  no",
    "province.see":   "no  no  no  no  no  no  no  no  no  YES no  no",
    "province.receive": "no  no  no  no  no  no  no  no  no  YES no  no",
    "province.expect": "no  no  no  no  no  no  no  no  no  YES no  no",
    "province.remind": "no  no  no  no  no  no  no  no  no  YES no  no",
    "province.hand_out": "no  no  no  no  no  no  no  no  no  YES no  no",
    "case.destroy":   "no  no  no  no  no  no  no  no  no  no  no  no",
    "front.see":     "no  no  no  YES no  no  no  no  no  no  no  no",
    "oversight.see": "no  YES no  YES no  no  no  no  no  no  no  no",
    "oversight.recommend": "no  no  no  YES no  no  no  no  no  no  no  no",
    "oversight.withdraw": "no  no  no  YES no  no  no  no  no  no  no  no",
    "oversight.answer": "no  YES no  no  no  no  no  no  no  no  no  no",
    "village.see":   "no  no  no  no  YES no  no  no  no  no  no  no",
    "chat.link":     "YES YES no  no  no  YES no  no  no  no  no  no",
    "brief.send":    "YES YES no  no  no  no  no  no  no  no  no  no",
}  # fmt: skip
OF_THE_FRONT = {
    "survey.draft":   "no  no  no  YES no  no  no  no  no  no  no  no",
    "survey.publish": "no  no  no  YES no  no  no  no  no  YES no  no",
    "wave.see":       "YES YES YES YES no  no  no  no  no  YES no  no",
    "wave.open":      "no  no  no  YES no  no  no  no  no  YES no  no",
    "wave.close":     "no  no  no  YES no  no  no  no  no  YES no  no",
    "wave.cancel":    "no  no  no  YES no  no  no  no  no  YES no  no",
    "wave.invite":    "no  no  no  YES no  no  no  no  no  YES no  no",
    "wave.pause":     "no  no  no  YES no  no  no  no  no  YES no  no",
    "wave.resume":    "no  no  no  YES no  no  no  no  no  YES no  no",
    "wave.remind":    "no  no  no  YES no  no  no  no  no  YES no  no",
    "entry.open":     "no  no  no  YES YES no  no  no  no  no  no  no",
    "entry.type":     "no  no  no  YES YES no  no  no  no  no  no  no",
    "entry.check":    "no  no  no  YES YES no  no  no  no  no  no  no",
    "entry.close":    "no  no  no  YES YES no  no  no  no  no  no  no",
    "entry.review":   "no  no  no  YES no  no  no  no  no  YES no  no",
}  # fmt: skip
"""The same for a wave, or a survey, that is the Front's."""


def read(table: dict[str, str]) -> dict[tuple[str, str], bool]:
    return {
        (action, who): word == "YES"
        for action, row in table.items()
        for who, word in zip(WHO, row.split(), strict=True)
    }


EXPECTED, FRONTS = read(TABLE), read(OF_THE_FRONT)


def test_the_table_here_knows_every_action() -> None:
    assert set(ALLOWED) == set(TABLE) - {"case.destroy"}
    assert set(OF_THE_FRONT) == {
        action
        for action in ALLOWED
        if action.startswith(("wave.", "entry.")) or action in {"survey.draft", "survey.publish"}
    }


@pytest.mark.parametrize(("action", "who"), EXPECTED, ids=str)
def test_each_may_do_what_the_table_says_at_home_and_nothing_elsewhere(action: str, who: str) -> None:
    assert may(WHO[who], action, HOME, village=VILLAGE) is EXPECTED[action, who]
    assert may(WHO[who], action, ELSEWHERE, village=VILLAGE) is False


@pytest.mark.parametrize(("action", "who"), FRONTS, ids=str)
def test_a_wave_of_the_front_is_for_the_front(action: str, who: str) -> None:
    assert may(WHO[who], action, HOME, village=VILLAGE, owner=FRONT_WAVE) is FRONTS[action, who]


def test_a_village_head_reaches_the_own_village_alone() -> None:
    for action in ALLOWED:
        assert not may(WHO["head"], action, HOME, village=NEXT_VILLAGE)
        assert not may(WHO["head"], action, HOME)
    homeless = Actor(kind=OFFICER, unit=HOME, id=13, role=Role.VILLAGE_HEAD)
    assert not may(homeless, "entry.type", HOME)


def test_an_officer_of_a_province_does_what_is_the_province_s_and_nothing_of_a_commune() -> None:
    actors = {role: Actor(kind=OFFICER, unit=HOME, role=role, province=True) for role in Role}
    mine = {role: {action for action in ALLOWED if may(actor, action, HOME)} for role, actor in actors.items()}
    see, write = {"account.own", "province.see", "province.expect"}, {"province.receive", "province.remind"}
    assert mine[Role.RECEPTION] == see | write
    people = {"people.see", "people.edit"}
    assert mine[Role.LEADER] == see | write | people | {"province.hand_out"}
    assert mine[Role.ADMIN] == see | people | {"province.hand_out"}
    assert all(mine[role] <= {"account.own"} for role in set(Role) - {Role.RECEPTION, Role.LEADER, Role.ADMIN})


def test_every_combination_has_been_looked_at() -> None:
    assert set(EXPECTED) == set(product(TABLE, WHO))


def test_owners_of_waves_are_called_the_same_in_both_rooms() -> None:
    assert {COMMITTEE_WAVE, FRONT_WAVE} == set(Owner)


def test_a_citizen_is_never_named_in_the_list_of_acts() -> None:
    assert Actor(kind=CITIZEN, unit=HOME, id=12345).label() == "citizen"
    assert WHO["leader"].label() == "officer:8"
    assert WHO["system"].label() == "system"
