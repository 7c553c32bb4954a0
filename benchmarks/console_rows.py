"""A commune as no commune will ever be: 100,000 cases with their history, 1,000,000 answers and 50 officers."""

import hashlib
from functools import partial
from random import Random

from sqlalchemy import Connection, insert, select, text

from feedback.codes import make_code
from feedback.roles import CITIZEN, Actor
from storage.act_rows import record
from storage.bulk import insert_many
from storage.case_search import keep, marks_of
from storage.ids import new_id
from storage.store import Store
from storage.tables import accounts, acts, answers, cases, conversations, officer_sessions, officers, persons, responses
from storage.tx import Tx
from tests.stores import SampleCommune, seed_sample
from vietnam.search_words import search_words
from vietnam.text import fold
from vietnam.time import DAY

NOON = 1_791_176_400_000
"""2026-10-05 12:00 in Viet Nam."""
OFFICERS = 50
_CHUNK = 2_000
_YEARS = 3
_FIRST_SEQ = 100
"""What seeding has written stands before it."""
_OPEN_OF = 40
"""One case of so many is open."""
_SAID = (
    "Cống trước {where} bị tắc, nước thải tràn ra đường mấy hôm nay, mùi rất khó chịu, gần nhà {who}",
    "Đèn đường ở {where} không sáng đã một tuần, tối đi lại rất nguy hiểm, nhất là đoạn gần nhà {who}",
    "Đoạn đường qua {where} có nhiều ổ gà, trời mưa ngập nước, xe máy hay ngã, hôm qua {who} bị ngã",
    "Có người đổ rác trộm ở {where}, đống rác đã cao, ruồi muỗi nhiều, {who} đã nhắc mà không được",
    "Đề nghị xã cho biết khi nào cấp lại giấy chứng nhận của {who}, hồ sơ nộp ở {where} đã quá hẹn",
)
_WHERE = ("nhà văn hóa", "cổng chợ", "trường tiểu học", "ngã ba cây đa", "trạm y tế", "cầu treo", "bãi đá")
_FAMILY = ("Nguyễn", "Trần", "Lê", "Hoàng", "Nông", "Vi", "Lương", "Triệu", "Bế", "Đàm", "Hà", "Mã")
_MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Ngọc", "Thanh", "Kim", "Xuân")
_GIVEN = ("Lan", "Hùng", "Cường", "Sèn", "Páo", "Dung", "Thắm", "Quyết", "Mơ", "Kiên", "Nhàn", "Vượng", "Bình", "Tuyết")
_REPLY = "Xã đã cử cán bộ đến {where} kiểm tra và khắc phục xong, xin cảm ơn Ông/Bà đã phản ánh"
_CASES = (
    "id", "unit_id", "village_id", "code", "kind", "category", "text", "folded", "state", "version", "account_id",
    "channel", "name", "anonymous", "place", "reply", "due_at", "officer_id", "assigned_role", "assigned_id",
    "opened_at", "taken_at", "answered_at", "moved_at", "unheard",
)  # fmt: skip
_ACTS = ("id", "unit_id", "thing", "thing_id", "version", "action", "actor", "detail", "at", "seq")
_KEEP = {
    True: "INSERT INTO case_words (case_id, words) VALUES ($1, array_to_tsvector(string_to_array($2, ' ')))",
    False: "INSERT INTO case_words (rowid, words) VALUES (?, ?)",
}


class Place:
    """What was furnished: the commune, its officers, and the secret of each one's session."""

    def __init__(self, commune: SampleCommune, people: list[tuple[int, str]], codes: list[str]) -> None:
        self.commune = commune
        self.people = people
        self.codes = codes

    def token(self, number: int) -> str:
        """The cookie of an officer's session."""
        return f"session-of-{number}"


def _name(chance: Random) -> str:
    return f"{chance.choice(_FAMILY)} {chance.choice(_MIDDLE)} {chance.choice(_GIVEN)}"


def _people(tx: Tx, commune: SampleCommune) -> tuple[list[tuple[int, str]], int]:
    """Officers (id, role), each with a session, and an account of a citizen."""
    found = []
    for number in range(OFFICERS):
        id, role = new_id(), "leader" if number % 10 == 0 else "reception"
        row = {"id": id, "unit_id": commune.commune, "login": f"cb{number}", "name": f"Cán bộ {number}", "role": role}
        tx.execute(insert(officers).values(**row, password_hash="", created_at=NOON))
        hashed = hashlib.sha256(f"session-of-{number}".encode()).digest()
        session = {"token_hash": hashed, "officer_id": id, "created_at": NOON, "seen_at": NOON}
        tx.execute(insert(officer_sessions).values(**session, expires_at=NOON + DAY))
        found.append((id, role))
    person, account = new_id(), new_id()
    tx.execute(insert(persons).values(id=person, unit_id=commune.commune, created_at=0))
    mine = {"id": account, "person_id": person, "channel_account_id": commune.telegram, "platform_id": "1"}
    tx.execute(insert(accounts).values(**mine, created_at=0))
    chat = {"id": new_id(), "account_id": account, "unit_id": commune.commune, "channel": "telegram", "heard_at": 0}
    tx.execute(insert(conversations).values(**chat))
    return found, account


def _some(tx: Tx, place: Place, account: int, first: int, count: int, all_of_them: int) -> None:
    """So many cases in the order of their days, with three acts each and their words."""
    chance, unit = Random(first), place.commune.commune
    rows, history, words = [], [], []
    for number in range(first, first + count):
        id, where, who = new_id(), chance.choice(_WHERE), _name(chance)
        said = chance.choice(_SAID).format(where=where, who=who)
        code = make_code("XM", 2024 + number * _YEARS // all_of_them, chance.getrandbits(40))
        at = NOON - (all_of_them - number) * _YEARS * 365 * DAY // all_of_them - chance.randrange(DAY)
        is_open = chance.randrange(_OPEN_OF) == 0
        state = chance.choice(("new", "received", "in_progress", "waiting")) if is_open else "closed"
        officer = None if state == "new" else chance.choice(place.people)[0]
        reply = "" if is_open else _REPLY.format(where=where)
        due = at + 400 * DAY if is_open and state != "waiting" else None
        kind, field = ("feedback", "petition", "suggestion")[number % 3], ("roads", "environment", "land")[number % 3]
        rows.append((
            id, unit, chance.choice(place.commune.villages), code, kind, field, said, fold(said), state, 3, account,
            "telegram", who, number % 2, where, reply, due, officer, "reception", None, at, at, None if is_open else at,
            at, int(is_open and number % 5 == 0),
        ))  # fmt: skip
        for version, action in enumerate(("open", "take", "reply"), start=1):
            actor = "citizen" if version == 1 else f"officer:{officer or place.people[0][0]}"
            seq = _FIRST_SEQ + number * 3 + version
            history.append((new_id(), unit, "case", id, version, action, actor, "{}", at, seq))
        name = who if number % 2 == 0 else ""
        marks = marks_of(unit, kind, field, rows[-1][2], done=not is_open)
        words.append((id, " ".join([*marks, *search_words(f"{code} {said} {where} {name} {reply}")])))
        place.codes.append(code)
    insert_many(tx, cases, _CASES, rows)
    insert_many(tx, acts, _ACTS, history)
    tx.conn.exec_driver_sql(_KEEP[tx.postgres], words)


def _answers(tx: Tx, place: Place, first: int, count: int) -> None:
    """So many responses of ten answers."""
    commune = place.commune
    rows = [(first + number, commune.commune, commune.wave, commune.version, "2026-09-01") for number in range(count)]
    insert_many(tx, responses, ("id", "unit_id", "wave_id", "version_id", "day"), rows)
    said = [(row[0], f"q{question}", "4") for row in rows for question in range(10)]
    insert_many(tx, answers, ("response_id", "question", "value"), said)


def _head(tx: Tx, unit: int, many: int) -> None:
    tx.execute(text("UPDATE act_heads SET seq = :seq WHERE unit_id = :unit"), {"unit": unit, "seq": many})


async def furnish(store: Store, many: int, answered: int) -> Place:
    """The store with everything in it."""
    commune = await store.write(lambda tx: seed_sample(tx, NOON))
    people, account = await store.write(lambda tx: _people(tx, commune))
    place = Place(commune, people, [])
    for first in range(0, many, _CHUNK):
        few = min(_CHUNK, many - first)
        part = partial(_some, place=place, account=account, first=first, count=few, all_of_them=many)
        await store.write(part)
    for first in range(1, answered // 10 + 1, _CHUNK):
        few = min(_CHUNK, answered // 10 + 1 - first)
        await store.write(partial(_answers, place=place, first=first, count=few))
    await store.write(lambda tx: _head(tx, commune.commune, _FIRST_SEQ + many * 3))
    await store.write(lambda tx: tx.execute(text("ANALYZE")))
    return place


def rows_of(conn: Connection) -> dict[str, int]:
    """How many rows there are, for who reads the outcome."""
    return {
        name: conn.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
        for name in ("cases", "acts", "answers", "case_words")
    }


def happen(tx: Tx, place: Place, number: int) -> None:
    """A citizen says something more about a case."""
    unit, code = place.commune.commune, place.codes[-1 - number]
    case = tx.execute(select(cases.c.id).where(cases.c.unit_id == unit, cases.c.code == code)).scalar_one()
    by = Actor(kind=CITIZEN, unit=unit)
    record(tx, by, "say", thing="case", thing_id=case, unit=unit, now=NOON, text="Đã có ai đến xem chưa?")
    keep(tx, case)
