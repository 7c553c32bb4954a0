"""Sổ đơn: the clock of the law begins with the day of the valid đơn, and lines of tố cáo are the keeper's alone."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from feedback.clock_rules import Ground
from feedback.office import Office
from feedback.register import Accept, Change, Enter, Finish, Kind, Lengthen, Line, Refusal, decide
from feedback.roles import OFFICER, Actor, Role
from storage import act_chain, register
from storage.act_chain import Whole
from storage.store import Store
from storage.tables import acts
from tests.stores import SampleCommune
from vietnam.time import TZ, to_ms

OFFICE = Office()
NOW = to_ms(datetime(2026, 10, 20, 9, tzinfo=TZ))
WHO = Actor(kind=OFFICER, unit=1, id=7, role=Role.RECEPTION)
KEEPER = Actor(kind=OFFICER, unit=1, id=8, role=Role.LEADER, keeper=True)


def entered(kind: Kind = Kind.COMPLAINT, *, remote: bool = False, received: date = date(2026, 10, 1)) -> Line:
    wanted = Enter(kind=kind, received=received, summary="Đất ở thôn Nà Sèn", remote=remote)
    line = decide(None, wanted, KEEPER, id=5, now=NOW, office=OFFICE)
    assert isinstance(line, Line)
    return line


def changed(line: Line, wanted: Change, now: int = NOW) -> Line:
    after = decide(line, wanted, KEEPER, id=0, now=now, office=OFFICE)
    assert isinstance(after, Line), after
    return after


@pytest.mark.parametrize(
    ("kind", "remote", "to_accept", "to_settle"),
    [
        # 1/10/2026 is a Thursday; the first day is not counted; what ends on a day off ends on the next working day
        (Kind.COMPLAINT, False, date(2026, 10, 12), date(2026, 11, 9)),
        (Kind.COMPLAINT, True, date(2026, 10, 12), date(2026, 11, 23)),
        (Kind.COMPLAINT_SECOND, False, date(2026, 10, 12), date(2026, 11, 23)),
        (Kind.COMPLAINT_SECOND, True, date(2026, 10, 12), date(2026, 12, 7)),
        (Kind.DENUNCIATION, False, date(2026, 10, 12), date(2026, 11, 9)),
    ],
)
def test_the_terms_of_the_law(kind: Kind, remote: bool, to_accept: date, to_settle: date) -> None:  # noqa: FBT001 - the test names it
    line = entered(kind, remote=remote)
    assert line.deadline.due_day == to_accept
    assert line.accepted is None
    after = changed(line, Accept(on=date(2026, 10, 8), seen=1))
    assert after.deadline.due_day == to_settle
    assert (after.accepted, after.version) == (date(2026, 10, 8), 2)


def test_a_petition_is_answered_and_never_accepted() -> None:
    line = entered(Kind.LETTER)
    assert line.deadline.due_day == date(2026, 10, 12)
    refusal = decide(line, Accept(on=date(2026, 10, 8), seen=1), WHO, id=0, now=NOW, office=OFFICE)
    assert refusal == Refusal("register.not_accepted_kind")
    assert line.late(NOW)
    assert not changed(line, Finish(on=date(2026, 10, 20), result="Đã trả lời", seen=1)).late(NOW)


def test_longer_only_as_the_law_says() -> None:
    line = changed(entered(), Accept(on=date(2026, 10, 8), seen=1))
    assert line.grounds(OFFICE) == (Ground.COMPLEX,)
    too_long = Lengthen(by=16, ground=Ground.COMPLEX, reason="Phải đo lại", seen=2)
    refusal = decide(line, too_long, WHO, id=0, now=NOW, office=OFFICE)
    assert isinstance(refusal, Refusal)
    assert refusal.key == "clock.extend_long"
    longer = changed(line, Lengthen(by=15, ground=Ground.COMPLEX, reason="Phải đo lại", seen=2))
    assert longer.deadline.due_day == date(2026, 11, 23)
    again = decide(
        longer, Lengthen(by=1, ground=Ground.COMPLEX, reason="Nữa", seen=3), WHO, id=0, now=NOW, office=OFFICE
    )
    assert isinstance(again, Refusal)
    assert again.key == "clock.extend_times"


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        (Enter(kind=Kind.LETTER, received=date(2026, 10, 21), summary="x"), "register.day_ahead"),
        (Enter(kind=Kind.LETTER, received=date(2016, 10, 21), summary="x"), "register.day_old"),
        (Enter(kind=Kind.LETTER, received=date(2026, 10, 1), summary="  "), "register.summary_empty"),
        (Enter(kind=Kind.LETTER, received=date(2026, 10, 1), summary="x" * 1_001), "register.long"),
        (Enter(kind=Kind.DENUNCIATION, received=date(2026, 10, 1), summary="x"), "register.not_allowed"),
        (Accept(on=date(2026, 9, 30), seen=1), "register.day_order"),
        (Accept(on=date(2026, 10, 2), seen=4), "register.changed"),
        (Finish(on=date(2026, 10, 2), result=" ", seen=1), "register.result_empty"),
    ],
)
def test_what_is_refused(wanted: Change, key: str) -> None:
    line = None if isinstance(wanted, Enter) else entered()
    refusal = decide(line, wanted, WHO, id=5, now=NOW, office=OFFICE)
    assert isinstance(refusal, Refusal)
    assert refusal.key == key


def test_a_result_ends_it() -> None:
    line = changed(entered(), Finish(on=date(2026, 10, 9), result="Không thụ lý: hết thời hiệu", seen=1))
    refusal = decide(line, Finish(on=date(2026, 10, 9), result="Khác", seen=2), WHO, id=0, now=NOW, office=OFFICE)
    assert refusal == Refusal("register.ended")


def test_lines_of_a_denunciation_are_not_there_for_others() -> None:
    line = entered(Kind.DENUNCIATION)
    refusal = decide(line, Accept(on=date(2026, 10, 8), seen=1), WHO, id=0, now=NOW, office=OFFICE)
    assert refusal == Refusal("register.gone")


async def test_kept_and_read_by_whom_it_concerns(store: Store, commune: SampleCommune, now: int) -> None:
    who = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.RECEPTION)
    keeper = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.LEADER, keeper=True)
    stranger = Actor(kind=OFFICER, unit=commune.province, id=commune.officer, role=Role.LEADER, keeper=True)
    day = date(2026, 9, 1)

    async def write(actor: Actor, wanted: Change, id: int = 0) -> Line | Refusal:
        return await store.write(lambda tx: register.change(tx, actor, id, wanted, OFFICE, now))

    plain = await write(who, Enter(kind=Kind.COMPLAINT, received=day, summary="Đất", handler="Bà Mẫu"))
    secret = await write(keeper, Enter(kind=Kind.DENUNCIATION, received=day, summary="kumquatoza"))
    assert isinstance(plain, Line)
    assert isinstance(secret, Line)
    # then each sees their own, and nobody of another commune anything
    seen = {name: [one.id for one in await store.read(lambda conn, a=actor: register.lines(conn, a))]  # type: ignore[misc]  # a default binds what the loop changes
            for name, actor in {"who": who, "keeper": keeper, "stranger": stranger}.items()}  # fmt: skip
    assert seen == {"who": [plain.id], "keeper": [secret.id, plain.id], "stranger": []}
    assert await store.read(lambda conn: register.one(conn, who, secret.id)) is None
    assert await store.read(lambda conn: register.late(conn, who, now)) == 1
    assert await store.read(lambda conn: register.late(conn, keeper, now)) == 2
    assert await write(who, Accept(on=day, seen=1), secret.id) == Refusal("register.gone")
    # what was written comes back as it was, and two at once do not overwrite each other
    assert await store.read(lambda conn: register.one(conn, who, plain.id)) == plain
    done = await write(who, Accept(on=day + timedelta(days=5), seen=1), plain.id)
    assert isinstance(done, Line)
    assert await store.read(lambda conn: register.one(conn, who, plain.id)) == done
    assert await write(who, Finish(on=day + timedelta(days=6), result="x", seen=1), plain.id) == Refusal(
        "register.changed"
    )
    # and every line is in the chain of acts, those of tố cáo under a name of their own
    found = await store.read(act_chain.verify)
    assert isinstance(found[0], Whole)
    kinds = await store.read(lambda conn: conn.execute(select(acts.c.thing, acts.c.action).order_by(acts.c.seq)).all())
    assert kinds[-3:] == [("register", "enter"), ("kept_register", "enter"), ("register", "accept")]


def test_the_bot_has_no_way_to_start_a_clock_of_the_law() -> None:
    # only the register names these rules: nothing that was said in a chat begins them
    names = ("feedback.register", "from feedback import register", "storage.register", "import register")
    folder = Path(__file__).parents[2] / "bot"
    assert not [path for path in folder.rglob("*.py") if any(name in path.read_text("utf-8") for name in names)]
