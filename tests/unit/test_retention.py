"""What was said in a case goes when its months are over: words, names, pictures; what figures are made of stays."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from app.retention_round import retention_round, terms
from app.settings import Retention
from feedback.acts import Act, CaseFacts, Confirm, Decision, Extend, Forward, Open, Refusal, Reply, Take, Tell
from feedback.confidential import Closed
from feedback.deciding import decide
from feedback.kinds import Kind
from feedback.office import Office
from feedback.retention import Expire, months_before, over_before
from feedback.rights import Right
from feedback.roles import CITIZEN, OFFICER, SYSTEM, Actor, Role
from feedback.states import State
from storage import act_chain, case_lines, cases, figures, following, promised_days, retention, rights
from storage.ids import new_id
from storage.store import Store
from storage.tables import accounts, acts, case_blobs, conversations, data_requests, outbox, register_lines
from storage.tables import cases as case_rows
from storage.tx import Tx
from storage.vault import Vault
from tests.attacker.loot import rows
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.time import DAY, TZ, day_of, to_ms

_OFFICE = Office()
WHO, OTHER = "p" * 64, "q" * 64
WORDS, NAME, PHONE, PLACE = "Cầu treo Nà Mẫu lung lay quá", "Bùi Thị Quýt", "0912345678", "đầu cầu phía nhà bà Quýt"
REPLY, MORE, REASON = "Xã đã cho gia cố trụ cầu.", "Hôm nay lại thấy nứt thêm", "Chờ thợ hàn từ huyện lên"
SAID = (WORDS, NAME, PHONE, PLACE, REPLY, MORE, REASON)
TWO_YEARS = 733 * DAY


@pytest.fixture
def house(store: Store, store_url: str, commune: SampleCommune, vault: Vault, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


async def sent(house: House, who: str = WHO, kind: Kind = Kind.FEEDBACK) -> int:
    """A case with everything in it that a person may say; its id."""
    blob = await house.runtime.blobs.put(house.commune.commune, "image/jpeg", b"a picture")
    on = await house.runtime.account(house.commune.webchat)
    citizen = Actor(kind=CITIZEN, unit=house.commune.commune)

    def unit(tx: Tx) -> int:
        chat = house.runtime.ledger.chat(tx, on, who, house.at)
        act = Open(
            code=chat.desk().new_code(), kind=kind, category="roads", text=WORDS, village=house.commune.villages[0],
            anonymous=False, name=NAME, phone=PHONE, where=PLACE, point=(21.6, 106.5), blobs=(blob,),
        )  # fmt: skip
        decision = decide(None, act, citizen, now=house.at, office=house.runtime.ledger.office)
        assert isinstance(decision, Decision)
        chat.open_case(act, decision, citizen)
        chat.save(None)
        return cases.id_of(tx.conn, act.code)

    return await house.runtime.store.write(unit)


async def acted(house: House, case: int, *what: Act) -> None:
    """These acts on a case, an hour apart, each by whoever does such a thing."""
    unit = house.commune.commune
    for act in what:
        house.at += 3_600_000
        by_citizen = isinstance(act, Tell | Confirm)
        who = Actor(kind=OFFICER, unit=unit, id=house.commune.officer, role=Role.LEADER)
        done = await house.runtime.act(case, act, Actor(kind=CITIZEN, unit=unit) if by_citizen else who)
        assert isinstance(done, Decision), done


async def closed(house: House, who: str = WHO, kind: Kind = Kind.FEEDBACK) -> int:
    """One that went its whole way, with words at every turn; its id."""
    case = await sent(house, who, kind)
    await acted(house, case, Take(), Extend(1, REASON), Tell(MORE), Reply(REPLY), Confirm())
    return case


async def row(house: House, case: int) -> Any:
    query = select(case_rows).where(case_rows.c.id == case)
    return await house.runtime.store.read(lambda conn: conn.execute(query).one())


async def after(house: House, milliseconds: int) -> None:
    """So much later, the round of the day."""
    house.at += milliseconds
    await retention_round(house.runtime)


async def test_when_its_months_are_over_nothing_that_was_said_is_left_and_every_figure_is_as_before(
    house: House,
) -> None:
    # given a case with words of both sides, a picture, a point on the map, and somebody who follows it
    case = await closed(house)
    unit, account = house.commune.commune, (await row(house, case)).account_id
    await sent(house, OTHER)
    other = await house.runtime.store.read(
        lambda conn: conn.scalars(select(accounts.c.id).where(accounts.c.platform_id == OTHER)).one()
    )
    await house.runtime.store.write(lambda tx: following.follow(tx, case, other, unit, house.at))
    before = (await rows(house.runtime.store)).tables
    assert all(word in str(before) for word in SAID)
    first, last = day_of(house.at) - timedelta(days=5), day_of(house.at) + timedelta(days=5)

    async def counted() -> object:
        def look(conn: Any) -> object:
            commune = figures.commune(conn, unit)
            missed = promised_days.missed(conn, unit, 0, house.at + 9_999 * DAY)
            return commune, case_lines.lines(conn, unit, first, last), missed

        return await house.runtime.store.read(look)

    figures_before = await counted()
    # when the months of its kind are over
    await after(house, TWO_YEARS)
    # then none of that is in any row, but in the case of the other person, which is still open
    after_it = (await rows(house.runtime.store)).tables
    left = str(after_it)
    for word in (REPLY, MORE, REASON):
        there = [(name, one) for name, found in after_it.items() for one in found if word in str(one)]
        assert not there, word
    assert left.count(WORDS) < str(before).count(WORDS)
    gone = await row(house, case)
    assert (gone.text, gone.folded, gone.name, gone.phone, gone.place, gone.lat, gone.cell) == (
        "", "", "", "", "", None, None,
    )  # fmt: skip
    assert (gone.village_id, gone.kind, gone.category) == (house.commune.villages[0], "feedback", "roads")
    assert gone.expired_at == house.at
    # nobody can be reached by it, and no picture points to it
    assert gone.account_id not in (account, other)
    pictures = select(case_blobs.c.blob_id).where(case_blobs.c.case_id == case)
    assert await house.runtime.store.read(lambda conn: list(conn.scalars(pictures))) == []
    # and whatever is counted is counted as before
    assert await counted() == figures_before


async def test_what_was_done_and_by_whom_stays_and_the_chain_is_whole(house: House) -> None:
    case = await closed(house)
    await after(house, TWO_YEARS)
    mine = select(acts.c.action, acts.c.actor, acts.c.detail).where(acts.c.thing == "case", acts.c.thing_id == case)
    done = await house.runtime.store.read(lambda conn: conn.execute(mine.order_by(acts.c.version)).all())
    assert [one.action for one in done] == ["open", "take", "extend", "say", "reply", "confirm", "expire"]
    assert done[4].actor == f"officer:{house.commune.officer}"
    assert msgspec.json.decode(done[4].detail)["after"] == "answered"
    assert not [one for one in done if "text" in msgspec.json.decode(one.detail or "{}")]
    (chain,) = await house.runtime.store.read(act_chain.verify)
    assert isinstance(chain, act_chain.Whole)
    assert chain.erased == len(done)


@pytest.mark.parametrize("change", [{"detail": '{"stars":5}'}, {"detail": ""}, {"salt": "00"}])
async def test_who_changes_what_an_erased_act_still_says_is_found(house: House, change: dict[str, str]) -> None:
    case = await closed(house)
    await after(house, TWO_YEARS)
    told = (acts.c.thing == "case") & (acts.c.thing_id == case) & (acts.c.action == "reply")
    await house.runtime.store.write(lambda tx: tx.execute(update(acts).where(told).values(**change)).rowcount)
    (chain,) = await house.runtime.store.read(act_chain.verify)
    assert isinstance(chain, act_chain.Broken)


async def test_it_happens_once_and_only_to_its_kind(house: House) -> None:
    report, petition = await closed(house), await closed(house, OTHER, Kind.PETITION)
    await after(house, TWO_YEARS)
    first = (await row(house, report)).version
    assert (await row(house, petition)).text == WORDS
    await after(house, DAY)
    assert (await row(house, report)).version == first
    await after(house, 3 * 366 * DAY)
    assert (await row(house, petition)).text == ""


async def test_the_day_before_nothing_goes_and_never_where_it_is_switched_off(house: House) -> None:
    case = await closed(house)
    settings = house.runtime.settings
    keeping = settings.model_copy(update={"retention": Retention(feedback_months=0)})
    over = date(2028, 10, 3)
    house.at = to_ms(datetime(over.year, over.month, over.day, 8, tzinfo=TZ))
    await retention_round(house.runtime)
    assert (await row(house, case)).text == WORDS, "it was over on that very day two years ago"
    house.runtime.settings = keeping
    await after(house, 4_000 * DAY)
    assert (await row(house, case)).text == WORDS
    house.runtime.settings = settings
    await after(house, DAY)
    assert (await row(house, case)).text == ""


async def open_still(house: House) -> int:
    case = await sent(house)
    await acted(house, case, Take())
    return case


async def answered(house: House) -> int:
    case = await sent(house)
    await acted(house, case, Reply(REPLY))
    return case


async def kept_secret(house: House) -> int:
    case = await closed(house)
    secret = update(case_rows).where(case_rows.c.id == case).values(confidential=int(Closed.KEPT))
    await house.runtime.store.write(lambda tx: tx.execute(secret).rowcount)
    return case


async def in_the_register(house: House) -> int:
    """A khiếu nại about it runs: the line of the register names its code, and has no result yet."""
    case = await closed(house)
    code = (await row(house, case)).code
    line: dict[str, Any] = {"id": new_id(), "unit_id": house.commune.commune, "kind": "complaint"}
    line |= {"received_on": "2028-10-01", "summary": f"Khiếu nại cách giải quyết {code}", "due_at": house.at}
    line |= {"officer_id": house.commune.officer, "at": house.at}
    await house.runtime.store.write(lambda tx: tx.execute(insert(register_lines).values(**line)).rowcount)
    return case


async def asked_about(house: House) -> int:
    """The person has asked for something to be put right, and waits."""
    case = await closed(house)
    account = (await row(house, case)).account_id
    asking: dict[str, Any] = {"unit": house.commune.commune, "account": account, "right": Right.CORRECT, "note": "tên"}
    office = house.runtime.ledger.office
    await house.runtime.store.write(lambda tx: rights.ask(tx, **asking, now=house.at, office=office))
    return case


@pytest.mark.parametrize("made", [open_still, answered, kept_secret, in_the_register, asked_about])
async def test_what_is_open_secret_or_under_a_clock_is_never_touched(house: House, made: Any) -> None:
    case = await made(house)
    await after(house, 9 * 366 * DAY)
    left = await row(house, case)
    assert (left.text, left.name, left.expired_at) == (WORDS, NAME, None)
    counted = await house.runtime.store.read(lambda conn: retention.count(conn, terms(house.runtime, house.at)))
    assert counted == {}, "nor does a dry run count it"


async def test_what_runs_no_more_goes_after_all(house: House) -> None:
    line, asked = await in_the_register(house), await asked_about(house)
    store = house.runtime.store
    await store.write(lambda tx: tx.execute(update(register_lines).values(due_at=None)).rowcount)
    await store.write(lambda tx: tx.execute(update(data_requests).values(done_at=house.at)).rowcount)
    await after(house, TWO_YEARS)
    assert [(await row(house, case)).text for case in (line, asked)] == ["", ""]


async def test_what_went_to_another_authority_goes_too(house: House) -> None:
    case = await sent(house)
    await acted(house, case, Forward("Điện lực huyện", ""))
    await after(house, TWO_YEARS)
    gone = await row(house, case)
    assert (gone.text, gone.forwarded_to, gone.state) == ("", "Điện lực huyện", "forwarded")


async def test_a_dry_run_says_how_many_and_changes_nothing(house: House) -> None:
    for who in (WHO, OTHER):
        await closed(house, who)
    await closed(house, kind=Kind.PRAISE)
    house.at += TWO_YEARS
    before = await rows(house.runtime.store)
    counted = await house.runtime.store.read(lambda conn: retention.count(conn, terms(house.runtime, house.at)))
    assert counted == {Kind.FEEDBACK: 2, Kind.PRAISE: 1}
    assert (await rows(house.runtime.store)).tables == before.tables


async def test_words_of_the_web_chat_and_unsent_drafts_go_as_well(house: House) -> None:
    draft = "Tôi muốn nói về cái cống cạnh nhà"
    await house.say(WHO, "xin chào", draft)
    await after(house, TWO_YEARS)
    bodies = await house.runtime.store.read(lambda conn: list(conn.scalars(select(outbox.c.body))))
    assert bodies
    assert not [body for body in bodies if body]
    assert await house.runtime.store.read(lambda conn: list(conn.scalars(select(conversations.c.state)))) == [None]
    # and whoever comes back is greeted, and can write
    await house.say(WHO, "xin chào")
    assert "xin lắng nghe" in " ".join(await house.heard(WHO))


async def test_who_wrote_lately_keeps_what_was_begun(house: House) -> None:
    await house.say(WHO, "Tôi muốn nói về cái cống cạnh nhà")
    await after(house, 300 * DAY)
    assert None not in await house.runtime.store.read(lambda conn: list(conn.scalars(select(conversations.c.state))))


def test_nobody_but_the_program_has_a_case_expire() -> None:
    facts = CaseFacts(id=1, unit=1, code="", kind=Kind.FEEDBACK, state=State.CLOSED, version=7)
    decided = {
        who: decide(facts, Expire(), Actor(kind=kind, unit=1, id=2, role=role), now=0, office=_OFFICE)
        for who, kind, role in (("leader", OFFICER, Role.LEADER), ("citizen", CITIZEN, None), ("program", SYSTEM, None))
    }
    assert decided["leader"] == decided["citizen"] == Refusal("act.not_allowed")
    assert isinstance(decided["program"], Decision)
    system = Actor(kind=SYSTEM, unit=1)
    newer = decide(facts, Expire(seen=6), system, now=0, office=_OFFICE)
    assert newer == Refusal("act.changed"), "somebody has spoken since it was found to be that old"
    still_open = msgspec.structs.replace(facts, state=State.ANSWERED)
    assert decide(still_open, Expire(), system, now=0, office=_OFFICE) == Refusal("act.already")


@given(st.dates(date(2020, 1, 1), date(2100, 12, 31)), st.integers(0, 240))
def test_so_many_months_before_a_day(day: date, months: int) -> None:
    found = months_before(day, months)
    assert (day.year * 12 + day.month) - (found.year * 12 + found.month) == months
    assert found.day <= day.day
    assert found.day == day.day or (found + timedelta(days=1)).month != found.month


def test_a_kind_that_is_kept_for_good_has_no_instant() -> None:
    assert over_before({Kind.FEEDBACK: 0, Kind.PRAISE: 1}, 0).keys() == {Kind.PRAISE}
    assert Retention().months().keys() == set(Kind)
