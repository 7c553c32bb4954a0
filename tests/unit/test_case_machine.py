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
    Ask,
    CaseFacts,
    Close,
    Confirm,
    Decision,
    Extend,
    Forward,
    Rate,
    Receive,
    Refusal,
    Reopen,
    Reply,
    Take,
    Tell,
)
from feedback.clocks import Deadline
from feedback.deciding import decide
from feedback.kinds import Kind
from feedback.office import Office
from feedback.roles import CITIZEN, OFFICER, SYSTEM, Actor, Role
from feedback.states import MOVES, OPEN, State
from storage.store import Store
from storage.tables import acts, cases, outbox
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.time import DAY, HOUR

LAN = "w" * 64
OFFICE = Office()
BEGUN = 1_791_010_800_000
ACTS: list[tuple[str, Act]] = [
    (OFFICER, Receive()), (OFFICER, Take()), (OFFICER, Ask("Ở đâu ạ?")), (OFFICER, Reply("Đã sửa xong.")),
    (OFFICER, Forward("Công an xã")), (OFFICER, Extend(8, "Đang chờ vật tư.")), (CITIZEN, Tell("Ở đầu cầu.")),
    (CITIZEN, Confirm()), (CITIZEN, Rate(4)), (CITIZEN, Reopen("Lại hỏng.")), (SYSTEM, Apologise()), (SYSTEM, Close()),
]  # fmt: skip
AFTER = st.sampled_from([0, HOUR, 5 * HOUR, DAY, 4 * DAY, 30 * DAY])


def actor(kind: str, unit: int = 1, id: int = 7) -> Actor:
    return Actor(kind=kind, unit=unit, id=id, role=Role.RECEPTION) if kind == OFFICER else Actor(kind=kind, unit=unit)


@given(st.lists(st.tuples(st.sampled_from(ACTS), AFTER), max_size=40))
def test_no_illegal_move_and_no_deadline_that_the_rule_does_not_give(steps: list[tuple[tuple[str, Act], int]]) -> None:
    now = BEGUN
    facts = CaseFacts(
        id=5, unit=1, code="M-2026-ABCDEF-7", kind=Kind.FEEDBACK, state=State.NEW, version=1,
        deadline=OFFICE.promise(Kind.FEEDBACK, now),
    )  # fmt: skip
    for (kind, act), later in steps:
        now += later
        decided = decide(facts, act, actor(kind), now=now, office=OFFICE)
        moves = MOVES[str(act.__struct_config__.tag)]
        if isinstance(decided, Refusal):
            continue
        assert moves[facts.state] is decided.after
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
        if isinstance(act, Reply | Ask | Forward):
            # the same page sent off twice: the second knows nothing of the first
            again = msgspec.structs.replace(act, seen=before["version"])
            assert isinstance(await house.runtime.act(before["id"], again, who), Refusal)
            assert await store.read(standing) == after


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
    return {**row._mapping, "acts": kept, "told": told}
