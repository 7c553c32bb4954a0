"""Whatever officers, citizens and the clock do to a case, in whatever order, with crashes and doubles in between."""

import asyncio
import shutil
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from bot.channels.webchat.parse import Refused, Visitor, words
from bot.turn import apply_act
from feedback.acts import (
    Act,
    Apologise,
    Approve,
    Ask,
    CaseFacts,
    Close,
    Confirm,
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
from feedback.handing import Assign, Escalate, Flag, Remind, Return
from feedback.kinds import Kind
from feedback.office import Office
from feedback.roles import CITIZEN, OFFICER, SYSTEM, Actor, Role
from feedback.states import MOVES, OPEN, State
from storage import act_chain
from storage.act_chain import Whole
from storage.opening import open_store
from storage.tables import acts, cases, notices, outbox
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import PostgresServer, seed_sample
from tests.unit.chatting import House
from tests.unit.sessions import NOW
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
    (SYSTEM, Due()), (SYSTEM, Remind()),
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


async def walk(url: str, folder: Path, taken: list[tuple[tuple[str, Act], int, bool]], seen: Counter[str]) -> None:
    """One case in a store of its own; each step is an act, how long after the last one, and whether it is cut off."""
    store, vault = open_store(url), Vault(bytes(range(32)))
    try:
        commune = await store.write(lambda tx: seed_sample(tx, NOW))
        house = House(store, url, folder, vault, commune, NOW)
        await reported(house)
        told = 0
        for (kind, act), later, dies in taken:
            house.at += later
            who = actor(kind, commune.commune, commune.officer)
            if dies:
                await dead(house, act, who)
                seen["killed"] += 1
            before = await store.read(standing)
            outcome = await house.runtime.act(before["id"], act, who)
            after = await store.read(standing)
            if isinstance(outcome, Refusal):
                assert after == before
                continue
            seen[outcome.action] += 1
            told += bool(outcome.tell)
            assert after["told"] == told, "each act that concerns the citizen is told once"
            assert (after["state"], after["version"]) == (outcome.after, before["version"] + 1)
            as_it_should(before, after, act)
            if isinstance(act, Reply | Ask | Forward | DraftReply | Approve | ReturnDraft):
                # the same page sent off twice: the second knows nothing of the first
                again = msgspec.structs.replace(act, seen=before["version"])
                assert isinstance(await house.runtime.act(before["id"], again, who), Refusal)
                assert await store.read(standing) == after
        assert all(isinstance(one, Whole) for one in await store.read(act_chain.verify)), "the chain of acts is whole"
    finally:
        await store.close()


async def reported(house: House) -> None:
    """Lan reports a lamp: each turn in its own transaction, however slow the machine is (`receive` has no patience)."""
    runtime, visitor = house.runtime, Visitor(house.commune.webchat, LAN)
    on = await runtime.account(visitor.channel_account)
    said = ("xin chào", "Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1", "bỏ qua", "bỏ qua", "1")
    for number, text in enumerate(said):
        inbound = words(visitor, f"word{number}", text, at=house.at)
        assert not isinstance(inbound, Refused)
        await runtime.store.write(lambda tx, inbound=inbound: runtime.turn(tx, on, inbound))  # type: ignore[misc]  # a default binds what the loop changes


def as_it_should(before: dict[str, Any], after: dict[str, Any], act: Act) -> None:
    """What holds after every act that was accepted."""
    assert after["version"] == after["acts"]
    assert after["reopened"] == before["reopened"] + isinstance(act, Reopen) <= 1
    assert (after["due_at"] is None) == (after["state"] not in OPEN or paused(after["deadline"]))
    waits = after["draft_state"] == "waiting"
    stays = before["draft_state"] == "waiting" and bool(after["draft"]) and not isinstance(act, ReturnDraft)
    assert waits == (isinstance(act, DraftReply) or stays)
    assert after["notices"] == waits + (after["draft_state"] == "returned"), "whoever is to act is told, once"


async def dead(house: House, act: Act, who: Actor) -> None:
    """The process dies in the middle of an act: nothing of it is there."""
    before = await house.runtime.store.read(standing)
    with pytest.raises(Crash):
        await house.runtime.store.write(lambda tx: killed(house, tx, act, who))
    assert await house.runtime.store.read(standing) == before


SIGNING = [(who, act) for who, act in ACTS if isinstance(act, DraftReply | Approve)]
WALKS = st.lists(
    st.tuples(
        st.sampled_from([*ACTS, *SIGNING * 2]),
        st.sampled_from([0, HOUR, DAY, 4 * DAY]),
        st.sampled_from([False] * 5 + [True]),
    ),
    min_size=20,
    max_size=40,
)
AS_DRAWN: dict[str, Any] = {"phases": (Phase.explicit, Phase.generate), "suppress_health_check": [HealthCheck.too_slow]}
"""A walk that fails is shown as it was: walking it again and again to make it shorter takes minutes."""


def test_nothing_is_done_by_halves_or_twice(sqlite_template: Path, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=25, **AS_DRAWN)
    @given(WALKS)
    def example(taken: list[tuple[tuple[str, Act], int, bool]]) -> None:
        here = tmp_path / str(seen["walks"])
        here.mkdir()
        seen["walks"] += 1
        shutil.copy(sqlite_template, here / "nghedan.db")
        asyncio.run(walk(f"sqlite:///{here / 'nghedan.db'}", here, taken, seen))

    example()

    assert {"ask", "reply", "approve", "reopen", "killed"} <= set(seen), seen
    assert len(seen) > 15, "the walks went nearly everywhere"


@pytest.mark.postgres
def test_nor_on_postgres(postgres: PostgresServer, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=3, **AS_DRAWN)
    @given(WALKS)
    def example(taken: list[tuple[tuple[str, Act], int, bool]]) -> None:
        url = postgres.fresh()
        try:
            asyncio.run(walk(url, tmp_path, taken, seen))
        finally:
            postgres.drop(url)

    example()

    assert seen["reply"]


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
