"""Rules of a case that show only over several acts: clocks that run on, drafts that are over, who was first."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from app.case_round import case_round
from feedback.acts import (
    Act,
    Approve,
    Ask,
    CaseFacts,
    Confirm,
    Decision,
    DraftReply,
    Forward,
    Open,
    Refusal,
    Reopen,
    Reply,
    ReturnDraft,
)
from feedback.clocks import Deadline
from feedback.deciding import decide
from feedback.kinds import Kind, rule
from feedback.office import Office
from feedback.roles import CITIZEN, OFFICER, Actor, Role
from feedback.states import State
from storage.store import Store
from storage.tables import cases, outbox
from storage.tx import Tx
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.time import DAY, HOUR, MINUTE

LAN = "w" * 64
BEGUN = 1_791_010_800_000
OFFICE = Office()
CLERK = Actor(kind=OFFICER, unit=1, id=7, role=Role.RECEPTION)
HEAD = Actor(kind=OFFICER, unit=1, id=8, role=Role.LEADER)


def after(*steps: tuple[Act, Actor]) -> CaseFacts:
    """A case after these acts, an hour between any two."""
    facts = CaseFacts(
        id=5, unit=1, code="M-2026-ABCDEF-7", kind=Kind.FEEDBACK, state=State.NEW, version=1,
        deadline=OFFICE.promise(Kind.FEEDBACK, BEGUN),
    )  # fmt: skip
    for number, (act, who) in enumerate(steps, start=1):
        decided = decide(facts, act, who, now=BEGUN + number * HOUR, office=OFFICE)
        assert isinstance(decided, Decision), (act, decided)
        facts = msgspec.structs.replace(
            facts,
            state=decided.after,
            version=facts.version + 1,
            deadline=decided.deadline or facts.deadline,
            draft=None if decided.draft_over else decided.draft or facts.draft,
        )
    return facts


@pytest.mark.parametrize("act", [Reply("Đã sửa."), Forward("Công an xã")])
def test_whatever_an_officer_does_after_a_question_lets_the_clock_run_on(act: Act) -> None:
    asked = after((Ask("Ở đâu ạ?"), CLERK))
    assert asked.deadline is not None
    assert asked.deadline.paused
    done = after((Ask("Ở đâu ạ?"), CLERK), (act, CLERK))
    assert done.deadline is not None
    assert not done.deadline.paused
    assert done.deadline.due >= asked.deadline.due


@pytest.mark.parametrize("over", [Forward("Công an xã"), Reply("Đã sửa.")])
def test_nobody_signs_what_was_written_before_the_case_went_elsewhere_or_was_answered(over: Act) -> None:
    gone = after((DraftReply("Sẽ sửa."), CLERK), (over, HEAD))
    assert gone.draft is None
    signed = decide(gone, Approve(), HEAD, now=BEGUN + 3 * HOUR, office=OFFICE)
    assert isinstance(signed, Refusal)


def test_a_draft_that_was_sent_back_is_not_signed_until_it_is_written_anew() -> None:
    back = (DraftReply("Sẽ sửa."), CLERK), (ReturnDraft("Xin ghi ngày."), HEAD)
    for act in (Approve(), ReturnDraft("Vẫn thiếu ngày.")):
        assert decide(after(*back), act, HEAD, now=BEGUN + DAY, office=OFFICE) == Refusal("act.no_draft")
    anew = decide(after(*back, (DraftReply("Sửa ngày 20/10."), CLERK)), Approve(), HEAD, now=BEGUN + DAY, office=OFFICE)
    assert isinstance(anew, Decision)
    assert anew.text == "Sửa ngày 20/10."


@pytest.mark.parametrize("kind", Kind)
def test_without_a_name_only_what_may_be_without_one(kind: Kind) -> None:
    def opened(**other: object) -> object:
        act = Open(code="M-2026-ABCDEF-7", kind=kind, category="land", text="Đèn đường hỏng.", phone="0912345678")
        citizen = Actor(kind=CITIZEN, unit=1)
        done = decide(None, msgspec.structs.replace(act, **other), citizen, now=BEGUN, office=OFFICE)
        return done.key if isinstance(done, Refusal) else "done"

    nameless = "done" if rule(kind).anonymous else "act.name_needed"
    assert opened(anonymous=True) == nameless
    assert opened(anonymous=False, name=" ") == nameless
    assert opened(anonymous=False, name="Lan") == "done"


@pytest.fixture
async def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> House:
    """Somebody has reported a lamp, and an officer has answered nothing yet."""
    built = House(store, store_url, tmp_path, vault, commune, now)
    await built.say(LAN, "xin chào", "Đèn đường ở ngã ba hỏng ba hôm nay rồi", "1", "1", "bỏ qua", "bỏ qua", "1")
    return built


def officer(house: House, role: Role = Role.LEADER) -> Actor:
    return Actor(kind=OFFICER, unit=house.commune.commune, id=house.commune.officer, role=role)


async def the_case(house: House) -> int:
    return await house.runtime.store.read(lambda conn: int(conn.execute(select(cases.c.id)).scalar_one()))


async def acts(house: House, *steps: tuple[Act, Actor]) -> list[str]:
    """What became of each, or why not."""
    id = await the_case(house)
    done = [await house.runtime.act(id, act, who) for act, who in steps]
    return [one.key if isinstance(one, Refusal) else str(one.after) for one in done]


async def test_a_case_is_reopened_once_and_no_second_time(house: House) -> None:
    citizen = Actor(kind=CITIZEN, unit=house.commune.commune)
    answered = (Reply("Đã sửa."), officer(house))
    again = (Reopen("Lại hỏng."), citizen)
    assert await acts(house, answered, again, answered, again) == ["answered", "reopened", "answered", "act.reopened"]
    assert await acts(house, (Confirm(), citizen), again) == ["closed", "act.reopened"]


async def test_of_two_who_decided_on_the_same_case_the_second_changes_nothing(house: House) -> None:
    id, who = await the_case(house), officer(house)

    def both(tx: Tx) -> list[bool]:
        book = house.runtime.ledger.book(tx, id, house.at)
        facts = book.facts()
        assert facts is not None
        decided = [decide(facts, Reply(text), who, now=house.at, office=OFFICE) for text in ("Đã sửa.", "Sẽ sửa.")]
        return [book.write(facts, one, who) for one in decided if isinstance(one, Decision)]

    assert await house.runtime.store.write(both) == [True, False]
    assert await house.runtime.store.read(lambda conn: conn.scalar(select(cases.c.reply))) == "Đã sửa."


async def test_whoever_is_not_answered_in_time_hears_it_before_the_day_and_once(house: House) -> None:
    kept = await house.runtime.store.read(lambda conn: conn.scalar(select(cases.c.deadline)))
    due = msgspec.json.decode(kept or "", type=Deadline).due
    told = select(func.count()).select_from(outbox).where(outbox.c.case_id == await the_case(house))

    async def rounds(at: int) -> int:
        before = await house.runtime.store.read(lambda conn: conn.scalar(told)) or 0
        house.at = at
        await case_round(house.runtime)
        return (await house.runtime.store.read(lambda conn: conn.scalar(told)) or 0) - before

    found = [await rounds(at) for at in (house.at + HOUR, due - MINUTE, due - MINUTE, due + MINUTE)]
    assert found == [0, 1, 0, 0]
    later = await house.runtime.store.read(lambda conn: conn.scalar(select(cases.c.deadline)))
    assert msgspec.json.decode(later or "", type=Deadline).due > due, "with a new day"
