"""Every state x act x role: what becomes of a case, and why not."""

from itertools import product

import msgspec
import pytest

from feedback.acts import (
    MAX_PLACE,
    MAX_REPLY,
    MAX_TEXT,
    Act,
    Apologise,
    Approve,
    Ask,
    CaseFacts,
    Close,
    Confirm,
    Decision,
    DraftReply,
    Due,
    Extend,
    Forward,
    Open,
    Rate,
    Receive,
    Refusal,
    Reopen,
    Reply,
    ReturnDraft,
    Take,
    Tell,
)
from feedback.clock_rules import Pause
from feedback.clocks import Deadline, pause
from feedback.deciding import decide
from feedback.kinds import CATEGORIES, Kind, rule
from feedback.office import Office
from feedback.replies import Draft, Parts
from feedback.retention import Expire
from feedback.roles import CITIZEN, OFFICER, SYSTEM, Actor, Role
from feedback.states import MOVES, State
from feedback.transcribing import Transcribe
from vietnam.time import DAY

NOW = 1_791_010_800_000
"""2026-10-03 14:00 in Viet Nam, a Saturday."""
OFFICE = Office()
OFFICERS = {role: Actor(kind=OFFICER, unit=1, id=7, role=role) for role in Role}
CITIZEN_HERE = Actor(kind=CITIZEN, unit=1)
ANSWERABLE = ("new", "received", "in_progress", "waiting", "reopened", "forwarded", "answered")
DRAFT = Draft(text="Đã thay bóng đèn.", parts=Parts(person="Ông Mẫu"), by=7, at=NOW - DAY)
AFTER: dict[str, dict[str, str]] = {
    "receive": {"new": "received"},
    "take": dict.fromkeys(("new", "received", "reopened", "forwarded"), "in_progress"),
    "ask": dict.fromkeys(("new", "received", "in_progress", "waiting", "reopened"), "waiting"),
    "extend": {state: state for state in ("new", "received", "in_progress", "reopened")},
    "apologise": {state: state for state in ("new", "received", "in_progress", "reopened")},
    "forward": dict.fromkeys(("new", "received", "in_progress", "waiting", "reopened", "forwarded"), "forwarded"),
    "reply": dict.fromkeys(
        ("new", "received", "in_progress", "waiting", "reopened", "forwarded", "answered"), "answered"
    ),
    "draft_reply": {state: state for state in ANSWERABLE},
    "return_draft": {state: state for state in ANSWERABLE},
    "approve": dict.fromkeys(ANSWERABLE, "answered"),
    "say": {state: "in_progress" if state == "waiting" else state for state in State},
    "confirm": {"answered": "closed"},
    "rate": {"closed": "closed"},
    "reopen": {"answered": "reopened", "closed": "reopened"},
    "due": {"answered": "answered"},
    "transcribe": {state: state for state in State},
    "close": {"answered": "closed"},
    "expire": {"closed": "closed", "forwarded": "forwarded"},
}
"""act -> state before -> state afterwards; what is missing is refused as done already."""
ACTS: dict[str, Act] = {
    "receive": Receive(),
    "take": Take(),
    "ask": Ask(" Chỗ đó ở đâu ạ? "),
    "extend": Extend(2, " Đang chờ vật tư. "),
    "apologise": Apologise(),
    "forward": Forward("Công an xã", "Xin liên hệ ông Mẫu."),
    "reply": Reply("  Đã thay bóng đèn. "),
    "draft_reply": DraftReply("  Đã thay bóng đèn. "),
    "return_draft": ReturnDraft(" Xin ghi ngày. "),
    "approve": Approve(),
    "say": Tell("Ở đầu cầu."),
    "confirm": Confirm(),
    "rate": Rate(4),
    "reopen": Reopen("Đèn lại hỏng."),
    "due": Due(),
    "transcribe": Transcribe(" Cống đầu thôn tắc. ", "tiếng Tày"),
    "close": Close(),
    "expire": Expire(),
}
HANDS = {"assign", "return", "escalate", "remind", "flag"}
"""Tried in tests/unit/test_handing.py."""
TOGETHER = {"note", "merge", "joined", "part", "parted"}
"""Tried in tests/unit/test_feedback_merging.py and tests/web/test_case_work.py."""
GUARDING = {"mark", "unmark", "hand_up"}
"""Tried in tests/unit/test_feedback_confidential.py."""
BY = dict.fromkeys(("say", "confirm", "rate", "reopen"), CITIZEN_HERE) | dict.fromkeys(
    ("close", "apologise", "due", "expire"), Actor(kind=SYSTEM, unit=1)
)
"""Who does it, where it is no officer."""
AT_WORK = {Role.RECEPTION, Role.SPECIALIST, Role.LEADER}
BY_LEADERS = ("approve", "return_draft")
UNHEARD = ("draft_reply", "return_draft", "transcribe")
"""What the citizen is not told."""


def case(state: State, unit: int = 1) -> CaseFacts:
    deadline = OFFICE.promise(Kind.FEEDBACK, NOW - DAY)
    if state is State.WAITING:
        deadline = paused(deadline)
    return CaseFacts(
        id=5, unit=unit, code="M-2026-ABCDEF-7", kind=Kind.FEEDBACK, state=state, version=3, deadline=deadline,
        draft=DRAFT,
    )  # fmt: skip


def officer_for(name: str) -> Actor:
    return OFFICERS[Role.LEADER if name in BY_LEADERS else Role.RECEPTION]


def paused(deadline: Deadline) -> Deadline:
    standing = pause(deadline, OFFICE.rule(deadline.rule), NOW - 1, Pause.CITIZEN)
    assert isinstance(standing, Deadline)
    return standing


def opening(**changed: object) -> Open:
    act = Open(code="M-2026-ABCDEF-7", kind=Kind.FEEDBACK, category="land", text="Đèn đường hỏng.")
    return msgspec.structs.replace(act, **changed)


@pytest.mark.parametrize(("state", "name"), [*product(State, ACTS)])
def test_a_case_moves_as_the_table_says_and_in_no_other_way(state: State, name: str) -> None:
    decided = decide(case(state), ACTS[name], BY.get(name, officer_for(name)), now=NOW, office=OFFICE)

    after = AFTER[name].get(state)
    if after is None:
        assert decided == Refusal("act.already")
    else:
        assert isinstance(decided, Decision)
        assert (decided.action, decided.before, decided.after) == (name, state, after)
        words = DRAFT.text if name == "approve" else getattr(ACTS[name], "text", getattr(ACTS[name], "reason", ""))
        assert decided.text == words.strip()
        # What citizens do themselves they need not be told, nor that nobody spoke any more.
        assert bool(decided.tell) == (name not in (*BY, *UNHEARD) or name in {"apologise", "due"})


def test_the_table_here_knows_every_move() -> None:
    assert set(AFTER) == set(MOVES) - HANDS - GUARDING - TOGETHER == set(ACTS)


@pytest.mark.parametrize(("name", "role"), [*product(ACTS, Role)])
def test_of_the_officers_reception_specialists_and_leaders_work_on_cases(name: str, role: Role) -> None:
    state = State(next(iter(AFTER[name])))
    allowed = name not in BY and role in ({Role.LEADER} if name in BY_LEADERS else AT_WORK)
    decided = decide(case(state), ACTS[name], OFFICERS[role], now=NOW, office=OFFICE)
    assert isinstance(decided, Decision) is allowed
    assert allowed or decided == Refusal("act.not_allowed")


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("actor", [CITIZEN_HERE, Actor(kind=SYSTEM, unit=1), Actor(kind=OFFICER, unit=1)])
def test_nobody_else_changes_a_case(name: str, actor: Actor) -> None:
    state = State(next(iter(AFTER[name])))
    if actor != BY.get(name):
        assert decide(case(state), ACTS[name], actor, now=NOW, office=OFFICE) == Refusal("act.not_allowed")


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (Ask(" "), "act.ask_empty"),
        (DraftReply(" "), "act.reply_empty"),
        (ReturnDraft(" "), "act.return_empty"),
        (Ask("a" * (MAX_REPLY + 1)), "act.reply_long"),
        (Forward(" "), "act.forward_where"),
        (Forward("a" * (MAX_PLACE + 1)), "act.forward_long"),
        (Forward("Công an xã", "a" * (MAX_REPLY + 1)), "act.reply_long"),
        (Forward("Công an xã", contact="a" * (MAX_PLACE + 1)), "act.forward_long"),
    ],
)
def test_what_an_officer_does_needs_its_words(act: Act, refusal: str) -> None:
    assert decide(case(State.NEW), act, OFFICERS[Role.LEADER], now=NOW, office=OFFICE) == Refusal(refusal)


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (Tell(" "), "act.text_empty"),
        (Tell("a" * (MAX_TEXT + 1)), "act.text_long"),
        (Tell("", (1, 2, 3, 4, 5, 6)), "act.too_many_photos"),
        (Reopen("", (1,)), "act.text_empty"),
        (Reopen("a", (1, 2, 3, 4, 5, 6)), "act.too_many_photos"),
    ],
)
def test_what_a_citizen_adds_needs_words_or_a_few_pictures(act: Act, refusal: str) -> None:
    assert decide(case(State.ANSWERED), act, CITIZEN_HERE, now=NOW, office=OFFICE) == Refusal(refusal)


@pytest.mark.parametrize("state", [State.IN_PROGRESS, State.FORWARDED])
def test_a_case_goes_to_no_authority_that_is_no_more(state: State) -> None:
    decided = decide(case(state), Forward("UBND huyện Chi Lăng"), OFFICERS[Role.RECEPTION], now=NOW, office=OFFICE)
    assert decided == Refusal("act.forward_gone", {"today": "UBND xã, phường mới sau sắp xếp, hoặc UBND tỉnh"})


def test_what_went_elsewhere_is_taken_back_with_a_new_promise() -> None:
    now = NOW + 60 * DAY
    decided = decide(case(State.FORWARDED), Take(), OFFICERS[Role.RECEPTION], now=now, office=OFFICE)
    assert isinstance(decided, Decision)
    assert (decided.after, decided.tell) == (State.IN_PROGRESS, "case.taken_back")
    assert decided.deadline == OFFICE.promise(Kind.FEEDBACK, now)
    # and never with one that is sooner than it was
    far = OFFICE.promise(Kind.FEEDBACK, now)
    kept = msgspec.structs.replace(case(State.FORWARDED), deadline=far)
    back = decide(kept, Take(), OFFICERS[Role.RECEPTION], now=NOW, office=OFFICE)
    assert isinstance(back, Decision)
    assert back.deadline == far


def test_pictures_alone_are_taken() -> None:
    decided = decide(case(State.WAITING), Tell("", (1, 2)), CITIZEN_HERE, now=NOW, office=OFFICE)
    assert isinstance(decided, Decision)
    assert (decided.after, decided.blobs) == (State.IN_PROGRESS, (1, 2))


@pytest.mark.parametrize("stars", [-1, 0, 6])
def test_one_to_five_and_nothing_else(stars: int) -> None:
    assert decide(case(State.CLOSED), Rate(stars), CITIZEN_HERE, now=NOW, office=OFFICE) == Refusal("act.stars")


def test_after_an_answer_the_citizen_is_asked_whether_it_is_settled_and_after_an_appointment_not() -> None:
    decided = decide(case(State.NEW), Reply("Xong."), OFFICERS[Role.LEADER], now=NOW, office=OFFICE)
    assert isinstance(decided, Decision)
    assert decided.ways == ("done", "not_done")
    again = msgspec.structs.replace(case(State.REOPENED), reopened=1)
    decided = decide(again, Reply("Xong."), OFFICERS[Role.LEADER], now=NOW, office=OFFICE)
    assert isinstance(decided, Decision)
    assert decided.ways == ("done", "tell")
    talk = msgspec.structs.replace(case(State.NEW), kind=Kind.DIALOGUE)
    decided = decide(talk, Reply("Mời Ông/Bà đến sáng thứ Tư."), OFFICERS[Role.LEADER], now=NOW, office=OFFICE)
    assert isinstance(decided, Decision)
    assert decided.ways == ("tell",)


def test_a_case_is_reopened_once() -> None:
    again = msgspec.structs.replace(case(State.CLOSED), reopened=1)
    assert decide(again, Reopen("Vẫn chưa được."), CITIZEN_HERE, now=NOW, office=OFFICE) == Refusal("act.reopened")


@pytest.mark.parametrize("act", [Ask("Ở đâu?", 9), Forward("Công an xã", "", 9)])
def test_a_case_that_changed_while_an_officer_wrote_is_looked_at_again(act: Act) -> None:
    assert decide(case(State.NEW), act, OFFICERS[Role.LEADER], now=NOW, office=OFFICE) == Refusal("act.changed")


@pytest.mark.parametrize("role", Role)
def test_a_case_of_another_commune_is_out_of_reach(role: Role) -> None:
    assert decide(case(State.NEW, unit=2), Take(), OFFICERS[role], now=NOW, office=OFFICE) == Refusal("act.not_allowed")


@pytest.mark.parametrize("act", [Take(), Reply("Xong.")])
def test_a_case_that_is_not_there_is_refused(act: Act) -> None:
    assert decide(None, act, OFFICERS[Role.RECEPTION], now=NOW, office=OFFICE) == Refusal("act.no_case")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("", "act.reply_empty"), (" \n\t", "act.reply_empty"), ("a" * (MAX_REPLY + 1), "act.reply_long")],
)
def test_a_reply_needs_words_and_not_too_many(text: str, refusal: str) -> None:
    assert decide(case(State.NEW), Reply(text), OFFICERS[Role.LEADER], now=NOW, office=OFFICE) == Refusal(refusal)


def test_a_reply_to_a_case_that_changed_meanwhile_is_refused() -> None:
    now = case(State.ANSWERED)
    for seen, refused in ((now.version, False), (0, False), (now.version + 1, True)):
        decided = decide(now, Reply("Xong.", seen), OFFICERS[Role.LEADER], now=NOW, office=OFFICE)
        assert (decided == Refusal("act.changed")) is refused


def test_a_reply_of_the_full_length_is_taken() -> None:
    longest = Reply(" " + "a" * MAX_REPLY + " ")
    assert isinstance(decide(case(State.NEW), longest, OFFICERS[Role.LEADER], now=NOW, office=OFFICE), Decision)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("category", CATEGORIES)
def test_a_citizen_opens_a_case_of_every_kind_and_field(kind: Kind, category: str) -> None:
    phone = "0912345678" if kind is Kind.DIALOGUE else ""
    hidden = rule(kind).anonymous
    act = opening(kind=kind, category=category, phone=phone, anonymous=hidden, name="" if hidden else "Lò Thị Mẫu")
    decided = decide(None, act, CITIZEN_HERE, now=NOW, office=OFFICE)
    assert isinstance(decided, Decision)
    assert (decided.action, decided.before, decided.after) == ("open", None, State.NEW)
    assert decided.deadline == OFFICE.promise(kind, NOW)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"text": " \n"}, "act.text_empty"),
        ({"text": "a" * (MAX_TEXT + 1)}, "act.text_long"),
        ({"category": "weather"}, "act.category"),
        ({"category": ""}, "act.category"),
        ({"blobs": (1, 2, 3, 4, 5, 6)}, "act.too_many_photos"),
        ({"where": "a" * (MAX_PLACE + 1)}, "act.place_long"),
        ({"kind": Kind.DIALOGUE}, "act.phone_needed"),
        ({"kind": Kind.DIALOGUE, "phone": "0912345678", "name": "Lò Thị Mẫu"}, "act.name_needed"),
        ({"kind": Kind.DIALOGUE, "phone": "0912345678", "anonymous": False}, "act.name_needed"),
        ({"kind": Kind.BUSINESS, "name": "Hợp tác xã Mẫu"}, "act.name_needed"),
        ({"kind": Kind.BUSINESS, "anonymous": False, "name": " "}, "act.name_needed"),
    ],
)
def test_a_case_that_lacks_something_is_not_opened(changed: dict[str, object], refusal: str) -> None:
    assert decide(None, opening(**changed), CITIZEN_HERE, now=NOW, office=OFFICE) == Refusal(refusal)


@pytest.mark.parametrize("actor", [*OFFICERS.values(), Actor(kind=SYSTEM, unit=1)])
def test_only_a_citizen_opens_a_case(actor: Actor) -> None:
    assert decide(None, opening(), actor, now=NOW, office=OFFICE) == Refusal("act.not_allowed")


def test_a_question_stops_the_clock_and_the_answer_lets_it_run_on() -> None:
    asked = decide(case(State.IN_PROGRESS), Ask("Ở đâu ạ?"), OFFICERS[Role.RECEPTION], now=NOW, office=OFFICE)
    assert isinstance(asked, Decision)
    assert asked.deadline
    assert asked.deadline.paused

    waiting = msgspec.structs.replace(case(State.WAITING), deadline=asked.deadline)
    told = decide(waiting, Tell("Ở đầu cầu."), CITIZEN_HERE, now=NOW + 3 * DAY, office=OFFICE)
    assert isinstance(told, Decision)
    assert told.deadline
    assert not told.deadline.paused
    assert told.deadline.due > OFFICE.promise(Kind.FEEDBACK, NOW - DAY).due


def test_more_time_has_its_reason_and_its_limits() -> None:
    def more(by: int, reason: str = "Đang chờ vật tư.", now: int = NOW) -> Decision | Refusal:
        return decide(case(State.NEW), Extend(by, reason), OFFICERS[Role.RECEPTION], now=now, office=OFFICE)

    longer = more(8)
    assert isinstance(longer, Decision)
    assert longer.deadline
    assert longer.deadline.due > OFFICE.promise(Kind.FEEDBACK, NOW - DAY).due
    refusals = [more(8, " "), more(0), more(1000), more(8, "a" * 501)]
    keys = ["clock.reason_empty", "clock.extend_long", "clock.extend_long", "clock.reason_long"]
    assert [refused.key for refused in refusals if isinstance(refused, Refusal)] == keys


def test_the_system_apologises_once_for_a_promise_and_names_a_new_day_while_it_may() -> None:
    system, now, facts = Actor(kind=SYSTEM, unit=1), NOW + 10 * DAY, case(State.IN_PROGRESS)
    days, over = [], []
    for _ in range(3):
        decided = decide(facts, Apologise(), system, now=now, office=OFFICE)
        assert isinstance(decided, Decision)
        assert decided.deadline
        over.append(decided.deadline.apologised == decided.deadline.due)
        days.append(decided.deadline.due)
        facts = msgspec.structs.replace(facts, deadline=decided.deadline)
        now = decided.deadline.due + DAY
    # twice there is a new day; then the promise is simply late
    assert days[0] < days[1] == days[2]
    # and each of the days that were named is apologised for itself, should it not be kept either
    assert over == [False, False, True]


def test_what_is_reopened_has_a_new_promise() -> None:
    decided = decide(case(State.CLOSED), Reopen("Đèn lại hỏng."), CITIZEN_HERE, now=NOW, office=OFFICE)
    assert isinstance(decided, Decision)
    assert decided.deadline == OFFICE.promise(Kind.FEEDBACK, NOW)
