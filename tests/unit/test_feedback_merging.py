"""Which two cases may be one, what an answer to several people may not say, and until when they are parted again."""

import msgspec
import pytest

from feedback.acts import CaseFacts, Decision, Refusal, Reply
from feedback.confidential import Closed
from feedback.deciding import decide
from feedback.kinds import Kind
from feedback.merging import Joined, Merge, Other, Part
from feedback.office import Office
from feedback.replies import Parts
from feedback.roles import CITIZEN, OFFICER, SYSTEM, Actor, Role
from feedback.states import State
from vietnam.time import DAY, HOUR

NOW = 1_760_000_000_000
CLERK = Actor(kind=OFFICER, unit=1, id=7, role=Role.RECEPTION)
LEADER = Actor(kind=OFFICER, unit=1, id=8, role=Role.LEADER)
SYSTEM_ = Actor(kind=SYSTEM, unit=1)
LAMP = CaseFacts(id=1, unit=1, code="M-2026-AAAAAA-1", kind=Kind.FEEDBACK, state=State.NEW, version=1, category="roads")
OTHER = Other(id=2, code="M-2026-BBBBBB-2", kind=Kind.FEEDBACK, state=State.IN_PROGRESS, category="roads")


def outcome(case: CaseFacts, act: Merge | Joined | Part | Reply, actor: Actor = CLERK, now: int = NOW) -> str:
    """The key of the refusal, "" where it is accepted."""
    decided = decide(case, act, actor, now=now, office=Office())
    return decided.key if isinstance(decided, Refusal) else ""


def test_a_joined_case_ends_and_its_sender_is_told_with_the_other_code() -> None:
    # when a clerk finds that two open cases are one
    decided = decide(LAMP, Merge(OTHER), CLERK, now=NOW, office=Office())
    # then this one is closed, answered with the other, and its sender may say that it is another matter
    assert isinstance(decided, Decision)
    assert (decided.after, decided.merged, decided.other_code) == (State.CLOSED, 2, OTHER.code)
    assert (decided.tell, decided.ways) == ("case.merged", ("not_done",))


@pytest.mark.parametrize(
    ("case", "into", "why"),
    [
        (LAMP, msgspec.structs.replace(OTHER, id=1), "merge.itself"),
        (msgspec.structs.replace(LAMP, confidential=Closed.KEPT, keeper=7), OTHER, "act.no_case"),
        (LAMP, msgspec.structs.replace(OTHER, confidential=True), "merge.matter"),
        (msgspec.structs.replace(LAMP, matter="denunciation"), OTHER, "merge.matter"),
        (LAMP, msgspec.structs.replace(OTHER, matter="denunciation"), "merge.matter"),
        (msgspec.structs.replace(LAMP, kind=Kind.DIALOGUE), OTHER, "merge.kind"),
        (LAMP, msgspec.structs.replace(OTHER, kind=Kind.DIALOGUE), "merge.kind"),
        (LAMP, msgspec.structs.replace(OTHER, kind=Kind.CONDUCT), "merge.kind"),
        (LAMP, msgspec.structs.replace(OTHER, category="conduct"), "merge.kind"),
        (LAMP, msgspec.structs.replace(OTHER, merged=True), "merge.into_merged"),
        (msgspec.structs.replace(LAMP, joined=1), OTHER, "merge.has_joined"),
        (LAMP, msgspec.structs.replace(OTHER, state=State.ANSWERED), "merge.answered"),
        (LAMP, msgspec.structs.replace(OTHER, state=State.CLOSED), "merge.answered"),
        (msgspec.structs.replace(LAMP, state=State.ANSWERED), OTHER, "act.already"),
    ],
)
def test_what_cannot_be_one_is_refused_with_its_reason(case: CaseFacts, into: Other, why: str) -> None:
    assert outcome(case, Merge(into)) == why


def test_nobody_of_another_unit_and_no_citizen_joins_cases() -> None:
    assert outcome(LAMP, Merge(OTHER), msgspec.structs.replace(CLERK, unit=9)) == "act.not_allowed"
    assert outcome(LAMP, Merge(OTHER), Actor(kind=CITIZEN, unit=1)) == "act.not_allowed"


def test_a_leader_parts_them_the_same_day_and_the_clock_runs_as_promised() -> None:
    # given a case that was joined in the morning
    due = Office().promise(Kind.FEEDBACK, NOW)
    joined = msgspec.structs.replace(LAMP, state=State.CLOSED, merged_into=2, merged_at=NOW, deadline=due)
    # when, then
    decided = decide(joined, Part(), LEADER, now=NOW + HOUR, office=Office())
    assert isinstance(decided, Decision)
    assert (decided.after, decided.merged, decided.deadline) == (State.RECEIVED, 0, due)
    assert outcome(joined, Part(), LEADER, NOW + 2 * DAY) == "merge.too_late"
    assert outcome(joined, Part(), SYSTEM_, NOW + 2 * DAY) == ""
    assert outcome(joined, Part(), CLERK) == "act.not_allowed"
    assert outcome(msgspec.structs.replace(joined, merged_into=0), Part(), LEADER) == "act.already"


@pytest.mark.parametrize(
    ("text", "done", "why"),
    [
        ("Đã thay bóng đèn ở ngã ba.", "", ""),
        ("Thưa bà Lò Thị Mẫu, đã thay bóng.", "", "merge.names"),
        ("Thưa bà lò thị mẫu, đã thay bóng.", "", "merge.names"),
        ("Đã thay bóng.", "Đã gọi 0912.345.678 báo lại", "merge.names"),
        ("Đã thay bóng lò sưởi mẫu.", "", ""),
    ],
)
def test_an_answer_to_several_people_names_none_of_them(text: str, done: str, why: str) -> None:
    told = msgspec.structs.replace(LAMP, joined=1, senders=("Lò Thị Mẫu", "0912345678", "An"))
    reply = Reply(text, 0, Parts(done=done))
    assert outcome(told, reply) == why
    # alone, whoever wrote is answered by name as ever
    assert outcome(msgspec.structs.replace(told, joined=0), reply) == ""
