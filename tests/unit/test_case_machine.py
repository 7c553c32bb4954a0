"""Whatever officers, citizens and the clock do to a case, in whatever order, with crashes and doubles in between."""

from pathlib import Path
from random import Random
from typing import Any, NoReturn

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from bot.turn import apply_act
from feedback.acts import (
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
    Rate,
    Receive,
    Refusal,
    Reopen,
    Reply,
    ReturnDraft,
    Take,
    Tell,
)
from feedback.clocks import Deadline
from feedback.deciding import decide
from feedback.handing import Assign, Escalate, Flag, Return
from feedback.kinds import Kind
from feedback.office import Office
from feedback.roles import CITIZEN, OFFICER, SYSTEM, Actor, Role
from feedback.states import MOVES, OPEN, State
from storage import act_chain
from storage.act_chain import Whole
from storage.store import Store
from storage.tables import acts, cases, notices, outbox
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.time import DAY, HOUR

LAN = "w" * 64
OFFICE = Office()
BEGUN = 1_791_010_800_000
LEADER = "leader"
SIGNED = Office(sign_off=frozenset({"feedback"}))
"""An office where nothing of the kind goes out without a leader."""
PROMISE = OFFICE.promise(Kind.FEEDBACK, BEGUN)
"""Found here, so that reading the tables of days and rules is no part of the first walk's time."""
ACTS: list[tuple[str, Act]] = [
    (OFFICER, Receive()), (OFFICER, Take()), (OFFICER, Ask("Ở đâu ạ?")), (OFFICER, Reply("Đã sửa xong.")),
    (OFFICER, Forward("Công an xã")), (OFFICER, Extend(8, "Đang chờ vật tư.")), (CITIZEN, Tell("Ở đầu cầu.")),
    (CITIZEN, Confirm()), (CITIZEN, Rate(4)), (CITIZEN, Reopen("Lại hỏng.")), (SYSTEM, Apologise()), (SYSTEM, Close()),
    (OFFICER, Flag("Đất do tỉnh quản lý.")), (OFFICER, Assign(role=Role.RECEPTION, reason="Đúng việc của bộ phận.")),
    (SYSTEM, Return()), (SYSTEM, Escalate()),
    (SYSTEM, Due()),
    (OFFICER, DraftReply("Đã sửa xong.")), (LEADER, Approve()), (LEADER, ReturnDraft("Xin ghi ngày xong.")),
]  # fmt: skip
AFTER = st.sampled_from([0, HOUR, 5 * HOUR, DAY, 4 * DAY, 30 * DAY])


def actor(kind: str, unit: int = 1, id: int = 7) -> Actor:
    role = {OFFICER: Role.RECEPTION, LEADER: Role.LEADER}.get(kind)
    return Actor(kind=OFFICER, unit=unit, id=id, role=role) if role else Actor(kind=kind, unit=unit)


@given(st.lists(st.tuples(st.sampled_from(ACTS), AFTER), max_size=40), st.sampled_from([OFFICE, SIGNED]))
def test_no_illegal_move_and_no_deadline_that_the_rule_does_not_give(
    steps: list[tuple[tuple[str, Act], int]], office: Office
) -> None:
    now = BEGUN
    facts = CaseFacts(
        id=5, unit=1, code="M-2026-ABCDEF-7", kind=Kind.FEEDBACK, state=State.NEW, version=1,
        deadline=PROMISE,
    )  # fmt: skip
    for (kind, act), later in steps:
        now += later
        decided = decide(facts, act, actor(kind), now=now, office=office)
        moves = MOVES[str(act.__struct_config__.tag)]
        if isinstance(decided, Refusal):
            continue
        assert moves[facts.state] is decided.after
        assert decided.tell != "case.reply" or kind == LEADER or office is OFFICE, "what is to be signed is signed"
        assert not isinstance(act, Approve) or decided.text == (facts.draft and facts.draft.text)
        before, after = facts.deadline, decided.deadline or facts.deadline
        assert before
        assert after
        if not isinstance(act, Reopen):
            assert after.due >= before.due, "a promise never moves nearer"
        assert after.paused <= (decided.after is State.WAITING), "a clock stands still for a citizen's answer alone"
        facts = msgspec.structs.replace(
            facts,
            state=decided.after,
            version=facts.version + 1,
            reopened=facts.reopened + isinstance(act, Reopen),
            taken=facts.taken or kind == OFFICER,
            deadline=after,
            draft=None if decided.draft_over else decided.draft or facts.draft,
        )
    assert facts.reopened <= 1


class Crash(Exception):
    """The process is killed before the commit."""


@pytest.mark.parametrize("seed", range(4))
async def test_nothing_is_done_by_halves_or_twice(
    store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int, seed: int
) -> None:
    chance = Random(seed)
    house = House(store, store_url, tmp_path, vault, commune, now)
    await house.say(LAN, "xin chào", "Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1", "bỏ qua", "bỏ qua", "1", "1")
    told = [0]
    for _ in range(40):
        house.at += chance.choice([0, HOUR, DAY, 4 * DAY])
        kind, act = chance.choice(ACTS)
        who = actor(kind, commune.commune, commune.officer)
        before = await store.read(standing)
        if chance.random() < 0.2:
            with pytest.raises(Crash):
                await store.write(lambda tx, act=act, who=who: killed(house, tx, act, who))  # type: ignore[misc]
            assert await store.read(standing) == before
            continue
        outcome = await house.runtime.act(before["id"], act, who)
        if isinstance(outcome, Decision) and outcome.tell:
            told[0] += 1
        after = await store.read(standing)
        if isinstance(outcome, Refusal):
            assert after == before
            continue
        assert after["version"] == before["version"] + 1 == after["acts"]
        assert after["state"] == outcome.after
        assert after["told"] == told[0], "each act that concerns the citizen is told once"
        assert (after["due_at"] is None) == (outcome.after not in OPEN or paused(after["deadline"]))
        waits = after["draft_state"] == "waiting"
        stays = before["draft_state"] == "waiting" and bool(after["draft"]) and not isinstance(act, ReturnDraft)
        assert waits == (isinstance(act, DraftReply) or stays)
        assert after["notices"] == waits + (after["draft_state"] == "returned"), "whoever is to act is told, once"
        if isinstance(act, Reply | Ask | Forward | DraftReply | Approve | ReturnDraft):
            # the same page sent off twice: the second knows nothing of the first
            again = msgspec.structs.replace(act, seen=before["version"])
            assert isinstance(await house.runtime.act(before["id"], again, who), Refusal)
            assert await store.read(standing) == after
    assert all(isinstance(one, Whole) for one in await store.read(act_chain.verify)), "the chain of acts is whole"


def killed(house: House, tx: Tx, act: Act, who: Actor) -> NoReturn:
    case = tx.conn.scalar(select(cases.c.id))
    assert case is not None
    apply_act(house.runtime.ledger.book(tx, case, house.at), act, who, house.runtime.wording, now=house.at)
    raise Crash


def paused(deadline: str) -> bool:
    return msgspec.json.decode(deadline, type=Deadline).paused


def standing(conn: Connection) -> dict[str, Any]:
    row = conn.execute(select(cases)).one()
    mine = (acts.c.thing == "case") & (acts.c.thing_id == row.id)
    kept = conn.scalar(select(func.count()).select_from(acts).where(mine))
    told = conn.scalar(select(func.count()).select_from(outbox).where(outbox.c.case_id == row.id))
    mine = notices.c.key.startswith("notice.draft_")
    unread = conn.scalar(select(func.count()).select_from(notices).where(mine, notices.c.read_at.is_(None)))
    return {**row._mapping, "acts": kept, "told": told, "notices": unread}
