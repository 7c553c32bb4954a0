"""What papers and registers read of a store, on both engines: one unit's open cases, and who was heard."""

from sqlalchemy import insert, select

from feedback.replies import Outcome, Parts
from feedback.roles import OFFICER, SYSTEM, Actor, Role
from storage import act_rows, dossiers, reading_papers, voices
from storage.conversations import ChannelAccount, channel_account
from storage.ids import new_id
from storage.store import Store
from storage.tables import accounts, blobs, bookings, cases, persons, session_promises, session_questions, sessions
from storage.tx import Tx
from storage.units import seed_commune
from tests.stores import SampleCommune
from vietnam.time import DAY, HOUR


def someone(tx: Tx, channel: ChannelAccount, now: int) -> int:
    """An account of a new person."""
    person, account = new_id(), new_id()
    tx.execute(insert(persons).values(id=person, unit_id=channel.unit_id, created_at=now))
    values = {"id": account, "channel_account_id": channel.id, "person_id": person, "platform_id": str(account)}
    tx.execute(insert(accounts).values(**values, created_at=now))
    return account


def a_case(tx: Tx, account: int, unit: int, code: str, at: int, **other: object) -> int:
    """A case as its table holds it."""
    id = new_id()
    values: dict[str, object] = {
        "id": id,
        "unit_id": unit,
        "code": code,
        "kind": "feedback",
        "category": "roads",
        "text": "Đường sạt lở",
        "state": "answered",
        "anonymous": 0,
        "name": "Lương Văn Mẫu",
        "phone": "0912345678",
        "account_id": account,
        "channel": "webchat",
        "opened_at": at,
        "moved_at": at,
    }
    tx.execute(insert(cases).values(**values | other))
    citizen = Actor(kind="citizen", unit=unit)
    act_rows.record(tx, citizen, "open", thing="case", thing_id=id, unit=unit, now=at, version=1, text="Đường")
    return id


async def furnish(store: Store, commune: SampleCommune, now: int) -> int:
    """Four cases of the commune, one of another; returns the other commune."""
    channel = await store.read(lambda conn: channel_account(conn, commune.webchat))
    assert channel is not None

    def unit(tx: Tx) -> int:
        account = someone(tx, channel, now)
        parts = '{"outcome":"resolved","done":"Kè lại"}'
        mine = commune.commune
        first = a_case(tx, account, mine, "M-1", now, reply="Xong", answer=parts, village_id=commune.villages[0])
        system = Actor(kind=SYSTEM, unit=mine)
        for version, action in ((2, "mark"), (3, "unmark"), (4, "reply")):
            told = {"thing": "case", "thing_id": first, "unit": mine, "now": now + version, "version": version}
            act_rows.record(tx, system, action, **told, text="lời")  # type: ignore[arg-type]  # keywords by name
        a_case(tx, account, mine, "M-2", now + HOUR, anonymous=1)
        a_case(tx, account, mine, "M-3", now + HOUR, confidential=1)
        a_case(tx, account, mine, "M-4", now + 2 * DAY)
        other = seed_commune(tx, province="tỉnh Mẫu", commune="xã Khác", village_names=[], phone="", contact="")
        a_case(tx, account, other, "K-1", now)
        return other

    return await store.write(unit)


async def test_a_period_has_the_open_cases_of_one_unit_in_their_order(
    store: Store, commune: SampleCommune, now: int
) -> None:
    await furnish(store, commune, now)

    rows = await store.read(lambda conn: reading_papers.case_lines(conn, commune.commune, now, now + DAY))
    whole = await store.read(lambda conn: list(reading_papers.case_records(conn, commune.commune, now, now + DAY)))
    counted = await store.read(lambda conn: reading_papers.how_many(conn, commune.commune, now, now + DAY))

    assert [row.code for row in rows] == [row.code for row in whole] == ["M-1", "M-2"]
    assert counted == (2, 0)
    first, second = whole
    assert (first.name, first.phone, first.village) == ("Lương Văn Mẫu", "0912345678", "thôn Mẫu 1")
    assert first.parts == Parts(outcome=Outcome.RESOLVED, done="Kè lại")
    assert [act.action for act in first.history] == ["open", "reply"]
    assert (second.name, second.phone, second.anonymous) == ("", "", True)


async def test_one_case_is_read_by_its_own_unit_alone_and_never_when_confidential(
    store: Store, commune: SampleCommune, now: int
) -> None:
    other = await furnish(store, commune, now)

    async def found(unit: int, code: str) -> bool:
        return await store.read(lambda conn: reading_papers.case_record(conn, unit, code)) is not None

    assert await found(commune.commune, "M-1")
    assert not await found(commune.commune, "M-3")
    assert not await found(commune.commune, "K-1")
    assert not await found(other, "M-1")


async def test_who_was_heard_stands_with_what_was_answered_and_promised(
    store: Store, commune: SampleCommune, now: int
) -> None:
    def unit(tx: Tx) -> None:
        mine = commune.commune
        about = {
            "unit_id": mine,
            "kind": "reception",
            "host": "chairman",
            "place": "Trụ sở",
            "seats": 9,
            "made_at": now,
        }
        held, coming = new_id(), new_id()
        for id, state, at in ((held, "held", now), (coming, "announced", now + HOUR)):
            times = {"starts_at": at, "ends_at": at + HOUR, "state": state, "title": f"Buổi {state}"}
            tx.execute(insert(sessions).values(id=id, **about, **times))
        seats = []
        for place, (session, state) in enumerate(
            ((held, "attended"), (held, "absent"), (held, "cancelled"), (coming, "booked")), start=1
        ):
            seat = {"id": new_id(), "session_id": session, "code": f"C-{place}", "state": state, "place": place}
            seats.append(seat["id"])
            tx.execute(
                insert(bookings).values(unit_id=mine, topic="land", name=f"Người {place}", booked_at=now, **seat)
            )
        question, spot = new_id(), new_id()
        asked = {"unit_id": mine, "session_id": held, "topic": "land", "text": "Bao giờ?", "asked_at": now}
        tx.execute(insert(session_questions).values(id=question, booking_id=seats[0], answer="Tháng sau", **asked))
        tx.execute(insert(session_questions).values(id=spot, asker="Người đến", **asked))
        promise = {"unit_id": mine, "session_id": held, "question_id": question, "text": "Cấp giấy", "made_at": now}
        tx.execute(
            insert(session_promises).values(
                id=new_id(), owner="Địa chính", due_day="2026-11-30", state="open", **promise
            )
        )

    await store.write(unit)

    found = await store.read(lambda conn: reading_papers.visits(conn, commune.commune, now - DAY, now + DAY))

    assert [(one.name, one.state) for one in found] == [
        ("Người 1", "attended"),
        ("Người 2", "absent"),
        ("Người đến", "attended"),
    ]
    assert found[0].questions == (("Bao giờ?", "Tháng sau"),)
    assert found[0].promises == (("Cấp giấy", "Địa chính", "2026-11-30", "open"),)
    nobody = await store.read(lambda conn: reading_papers.visits(conn, commune.commune, now + DAY, now + 2 * DAY))
    assert nobody == []


async def test_a_zip_is_known_by_its_acts(store: Store, commune: SampleCommune, now: int) -> None:
    leader = Actor(kind=OFFICER, unit=commune.commune, id=commune.officer, role=Role.LEADER)
    system = Actor(kind=SYSTEM, unit=commune.commune)

    first = await store.write(lambda tx: dossiers.ask(tx, leader, "2026-09", now, names=True))
    second = await store.write(lambda tx: dossiers.ask(tx, leader, "2026-10", now + 1, names=False))
    await store.write(lambda tx: dossiers.failed(tx, system, first, now + 2, "photos"))
    await store.write(lambda tx: dossiers.ready(tx, system, second, now + 3, name="a.zip", blob=7, cases=2))
    await store.write(lambda tx: dossiers.exported(tx, leader, now + 4, what="a.zip", id=second))

    newest, older = await store.read(lambda conn: dossiers.all_of(conn, commune.commune))
    assert (newest.id, newest.state, newest.names) == (second, "gone", False)
    assert (older.state, older.why, older.period) == ("failed", "photos", "2026-09")
    assert await store.read(lambda conn: dossiers.one(conn, commune.commune + 1, second)) is None


async def test_a_paper_knows_how_often_somebody_spoke(store: Store, commune: SampleCommune, now: int) -> None:
    await furnish(store, commune, now)

    def speak(tx: Tx) -> None:
        case, voice = tx.execute(select(cases.c.id).where(cases.c.code == "M-1")).scalar_one(), new_id()
        of_blob = {"unit_id": commune.commune, "media_type": "audio/ogg", "size": 1, "sha256": b"x", "created_at": now}
        tx.execute(insert(blobs).values(id=voice, **of_blob))
        voices.keep(tx, case, [voice], 1)

    await store.write(speak)
    record = await store.read(lambda conn: reading_papers.case_record(conn, commune.commune, "M-1"))
    assert record is not None
    assert (record.recordings, record.photos) == (1, ())
