"""Every figure of cases, dialogues and promises, counted again from the raw rows of a seeded store in plain Python."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from statistics import median
from typing import Any

import msgspec
import pytest
from sqlalchemy import Table, insert, select

from app.report_source import StoreSource
from feedback.clock_rules import Count, Ends
from feedback.clocks import Deadline
from feedback.states import MOVES, OPEN, State
from reports.figures import CASE_KINDS, DIALOGUE_KINDS, Figures, build
from reports.official_ratios import PAKN
from reports.periods import parse, previous
from reports.plans import plan
from storage.ids import new_id
from storage.store import Store
from storage.tables import (
    accounts,
    acts,
    bookings,
    cases,
    persons,
    session_promises,
    session_questions,
    sessions,
    works,
)
from storage.tx import Tx
from tests.stores import SampleCommune
from vietnam.time import DAY, HOUR, day_of, start_of

BEGIN, MADE = date(2026, 7, 1), date(2026, 10, 1)
PERIODS = ("2026-08", "2026-Q3", "2026-08-10..2026-09-12")
_WAYS = ("receive", "take", "forward", "reply", "confirm", "close", "rate", "reopen", "extend", "expire")
_KINDS = (*CASE_KINDS, *DIALOGUE_KINDS)
Row = dict[str, Any]


def seed(tx: Tx, commune: SampleCommune) -> None:
    """A quarter of cases and sessions, every state among them, confidential ones too."""
    random = Random(7)
    tx.execute(insert(persons).values(id=1, unit_id=commune.commune, created_at=0))
    account = {"id": 2, "person_id": 1, "channel_account_id": commune.webchat, "platform_id": "x", "created_at": 0}
    tx.execute(insert(accounts).values(**account))
    for id, name in ((31, "Đường liên thôn"), (32, "Chợ xã")):
        tx.execute(insert(works).values(id=id, unit_id=commune.commune, name=name, created_at=0))
    for number in range(90):
        _case(tx, commune, random, number)
    for _ in range(26):
        _session(tx, commune, random)


def _lived(tx: Tx, commune: SampleCommune, random: Random, case: int, opened: int) -> Row:
    """Write the acts of a case; what its row says after them."""
    at, state, due = opened, State.NEW, opened + 5 * DAY
    answered, version, told = None, 1, []
    for _ in range(random.randint(0, 8)):
        ways = [way for way in _WAYS if state in MOVES[way] and not (way == "reopen" and "reopen" in told)]
        way = random.choice(ways) if ways else ""
        at += random.randint(HOUR, 9 * DAY)
        if not way or at > start_of(MADE) + 20 * DAY:
            break
        told.append(way)
        after, version = MOVES[way][state], version + 1
        detail: Row = {"before": state, "after": after}
        if way == "extend":
            detail |= {"due": due, "until": due + 4 * DAY, "named": 1}
            due += 4 * DAY
        elif state in OPEN and after not in OPEN:
            detail["due"] = due
        elif after in OPEN and state not in OPEN:
            due = at + 5 * DAY
        if way == "rate":
            detail["stars"] = random.randint(1, 5)
        if way == "reply":
            answered = answered or at
        row = {"id": new_id(), "unit_id": commune.commune, "thing": "case", "thing_id": case, "version": version}
        said = json.dumps(detail)
        tx.execute(insert(acts).values(**row, action=way, actor="officer:1", detail=said, at=at))
        state = after
    deadline = Deadline(
        rule="feedback",
        law="",
        count=Count.CALENDAR_DAYS,
        ends=Ends.MIDNIGHT,
        length=5,
        remote=False,
        before=False,
        start=opened,
        first_day=day_of(opened),
        last_day=day_of(due),
        due_day=day_of(due),
        due=due,
    )
    return {
        "state": state,
        "version": version,
        "deadline": msgspec.json.encode(deadline).decode(),
        "answered_at": answered,
        "moved_at": at if version > 1 else opened,
    }


def _case(tx: Tx, commune: SampleCommune, random: Random, number: int) -> None:
    opened, case = start_of(BEGIN) + random.randint(-40 * DAY, 88 * DAY), new_id()
    lived = _lived(tx, commune, random, case, opened)
    kind = random.choice(_KINDS)
    tx.execute(
        insert(cases).values(
            id=case,
            unit_id=commune.commune,
            village_id=random.choice([None, *commune.villages[:3]]),
            code=f"MAU-{number}",
            kind=kind,
            category="conduct" if kind == "conduct" else random.choice(("roads", "land", "ethnic_religion")),
            text="Một việc mẫu",
            account_id=2,
            works_id=random.choice((None, None, 31, 32)),
            confidential=int(random.random() < 0.1),
            opened_at=opened,
            **lived,
        )
    )


def _session(tx: Tx, commune: SampleCommune, random: Random) -> None:
    session, starts = new_id(), start_of(BEGIN) + random.randint(-30 * DAY, 89 * DAY)
    state = random.choice(("held", "published", "held", "cancelled", "announced"))
    over = state in {"held", "published"}
    tx.execute(
        insert(sessions).values(
            id=session,
            unit_id=commune.commune,
            kind=random.choice(("periodic", "yearly", "reception", "extra_reception", "business")),
            host="chairman",
            title="Buổi mẫu",
            place="Nhà văn hóa",
            state=state,
            starts_at=starts,
            ends_at=starts + HOUR,
            seats=9,
            made_at=starts - 9 * DAY,
            held_at=starts + HOUR if over else None,
            published_at=starts + random.randint(1, 12) * DAY if state == "published" else None,
        )
    )
    common = {"unit_id": commune.commune, "session_id": session}
    seats = [new_id() for _ in range(random.randint(0, 6))]
    for place, id in enumerate(seats, start=1):
        how = random.choice(("attended", "attended", "absent", "cancelled"))
        row = {"id": id, "code": f"{id}", "state": how, "place": place, "topic": "land", "booked_at": starts}
        tx.execute(insert(bookings).values(**common, **row))
    for _ in range(random.randint(0, 5)):
        question, answered = new_id(), random.random() < 0.7
        row = {"id": question, "topic": "land", "text": "Bao giờ xong?", "asked_at": starts}
        row |= {
            "booking_id": random.choice([None, *seats]),
            "asker": random.choice(("", "Người hỏi một", "Người hỏi hai")),
        }
        row |= {
            "answer": "Đã rõ" if answered else "",
            "answered_at": starts + random.randint(0, 20) * DAY if answered else None,
        }
        tx.execute(insert(session_questions).values(**common, **row))
        done = random.choice(("open", "done", "done", "dropped"))
        due = day_of(starts) + timedelta(days=random.randint(2, 25))
        row = {"id": new_id(), "question_id": question, "text": "Sẽ sửa", "owner": "Tổ một cửa", "due_day": str(due)}
        row |= {
            "state": done,
            "made_at": starts,
            "done_at": None if done == "open" else starts + random.randint(1, 30) * DAY,
        }
        tx.execute(insert(session_promises).values(**common, **row))


class Raw:
    """All rows, as the tables have them."""

    def __init__(self, tables: dict[str, list[Row]], first: date, last: date) -> None:
        self.tables = tables
        self.first, self.end = start_of(first), start_of(last + timedelta(days=1))
        self.last = last

    def cases(self, kinds: tuple[str, ...]) -> list[Row]:
        return [row for row in self.tables["cases"] if not row["confidential"] and row["kind"] in kinds]

    def acts(self, case: Row) -> list[Row]:
        mine = [row for row in self.tables["acts"] if row["thing"] == "case" and row["thing_id"] == case["id"]]
        return [row | {"said": json.loads(row["detail"])} for row in sorted(mine, key=lambda row: row["version"])]

    def state(self, case: Row, before: int) -> str:
        """The state that a case was in just before an instant; "" before it was there."""
        if case["opened_at"] >= before:
            return ""
        states = [act["said"]["after"] for act in self.acts(case) if act["at"] < before]
        return states[-1] if states else "new"

    def inside(self, at: int | None) -> bool:
        return at is not None and self.first <= at < self.end

    def moved(self, case: Row, into: str) -> bool:
        return any(
            self.inside(act["at"]) and act["said"]["after"] == into != act["said"]["before"] for act in self.acts(case)
        )


async def _raw(store: Store) -> dict[str, list[Row]]:
    tables: tuple[Table, ...] = (cases, acts, sessions, bookings, session_questions, session_promises)

    def look(conn: Any) -> dict[str, list[Row]]:
        return {table.name: [dict(row._mapping) for row in conn.execute(select(table))] for table in tables}

    return await store.read(look)


@pytest.fixture
async def counted(store: Store, commune: SampleCommune) -> list[tuple[Figures, Raw]]:
    await store.write(lambda tx: seed(tx, commune))
    rows = await _raw(store)

    def look(conn: Any) -> list[Figures]:
        source = StoreSource(conn, commune.commune)
        return [build(source, parse(key), plan("y_tich_2024"), sample=False, made_on=MADE) for key in PERIODS]

    return [(found, Raw(rows, found.period.first, found.until)) for found in await store.read(look)]


def _opened(states: list[str]) -> int:
    return len([state for state in states if state in {str(one) for one in OPEN}])


async def test_cases_come_out_the_same_from_raw_rows(counted: list[tuple[Figures, Raw]]) -> None:
    for figures, raw in counted:
        for found, kinds in ((figures.cases, CASE_KINDS), (figures.dialogues, DIALOGUE_KINDS)):
            mine = raw.cases(kinds)
            answered = [case for case in mine if raw.inside(case["answered_at"])]
            days = [(day_of(case["answered_at"]) - day_of(case["opened_at"])).days for case in answered]
            ended = [end for case in mine if (end := _closed(raw, case)) is not None]
            stars = [
                [act["said"]["stars"] for act in raw.acts(case) if act["action"] == "rate" and raw.inside(act["at"])]
                for case in mine
            ]
            newest = [one[-1] for one in stars if one]
            again = [act for case in mine for act in _again(raw, case) if raw.inside(act)]

            assert found.received == len([case for case in mine if raw.inside(case["opened_at"])])
            assert found.answered == len(answered)
            assert found.median_days == (float(median(days)) if days else None)
            assert found.carried == _opened([raw.state(case, raw.first) for case in mine])
            assert found.open == _opened([raw.state(case, raw.end) for case in mine])
            assert found.away == len([case for case in mine if raw.state(case, raw.end) == "forwarded"])
            assert found.forwarded == len([case for case in mine if raw.moved(case, "forwarded")])
            assert (found.solved, found.confirmed) == (len(ended), ended.count("confirm"))
            assert found.reopened == len([case for case in mine if raw.moved(case, "reopened")])
            assert found.again == len(again)
            assert found.rated.n == len(newest)
            assert found.rated.mean == (sum(newest) / len(newest) if len(newest) >= 5 else None)


def _closed(raw: Raw, case: Row) -> str | None:
    """By which act a case was closed in the period, where it still was at its end."""
    if raw.state(case, raw.end) != "closed":
        return None
    into = [act for act in raw.acts(case) if act["said"]["after"] == "closed" != act["said"]["before"]]
    last = [act for act in into if act["at"] < raw.end][-1]
    return str(last["action"]) if raw.inside(last["at"]) else None


def _again(raw: Raw, case: Row) -> list[int]:
    """When a case that was taken up again was answered again, for the first time since."""
    told = raw.acts(case)
    reopened = [act["at"] for act in told if act["action"] == "reopen" and act["at"] < raw.end]
    after = [act["at"] for act in told if act["action"] == "reply" and reopened and act["at"] > reopened[-1]]
    return after[:1]


async def test_every_group_adds_up_to_the_whole(counted: list[tuple[Figures, Raw]]) -> None:
    for figures, raw in counted:
        for cases_of in (figures.cases, figures.dialogues):
            for rows in (cases_of.kinds, cases_of.categories, cases_of.villages):
                for name in ("received", "answered", "forwarded", "solved", "open"):
                    assert sum(getattr(row, name) for row in rows) == getattr(cases_of, name)
        mine = [case for case in raw.cases(CASE_KINDS) if case["works_id"] and raw.inside(case["opened_at"])]
        assert sum(row.received for row in figures.cases.works) == len(mine)


async def test_times_and_the_official_ratios_come_out_the_same(counted: list[tuple[Figures, Raw]]) -> None:
    for figures, raw in counted:
        ends = [(case, at, due) for case in raw.cases(_KINDS) for at, due in _ends(raw, case)]
        late = [case for case in raw.cases(_KINDS) if (_standing(raw, case) or raw.end) < raw.end - DAY]
        assert figures.times.answered == len(ends)
        assert figures.times.in_time == len([at for _, at, due in ends if at <= due])
        assert sorted(one.code for one in figures.times.overdue) == sorted(case["code"] for case in late)

        good = [(case, at) for case, at, due in ends if at <= due and case["kind"] in PAKN]
        stars = [[a["said"]["stars"] for a in _ratings(raw, case) if at <= a["at"] < raw.end] for case, at in good]
        assert figures.official.total == len([0 for case, *_ in ends if case["kind"] in PAKN]) + len(
            [case for case in late if case["kind"] in PAKN]
        )
        assert figures.official.in_time == len(good)
        assert figures.official.dissatisfied == len([one for one in stars if one and one[-1] < 3])


def _ratings(raw: Raw, case: Row) -> list[Row]:
    return [act for act in raw.acts(case) if act["action"] == "rate"]


def _ends(raw: Raw, case: Row) -> Iterator[tuple[int, int]]:
    """When what was promised came, in the period, and until when it had been promised."""
    for act in raw.acts(case):
        before, after = act["said"]["before"], act["said"]["after"]
        if "due" in act["said"] and act["action"] != "extend" and raw.inside(act["at"]):
            assert before in OPEN
            assert after not in OPEN
            yield act["at"], act["said"]["due"]


def _standing(raw: Raw, case: Row) -> int | None:
    """Until when an answer was owed at the end of the period, as far as anything later tells; None where none was."""
    if raw.state(case, raw.end) not in {str(one) for one in OPEN}:
        return None
    later = [act["said"]["due"] for act in raw.acts(case) if act["at"] >= raw.end and "due" in act["said"]]
    if later:
        return int(later[0])
    return int(json.loads(case["deadline"])["due"])


async def test_dialogues_and_receptions_come_out_the_same(counted: list[tuple[Figures, Raw]]) -> None:
    for figures, raw in counted:
        mine = [row for row in raw.tables["sessions"] if raw.inside(row["starts_at"])]
        held = [row for row in mine if row["state"] in {"held", "published"}]
        for found, receptions in ((figures.sessions.dialogues, False), (figures.sessions.receptions, True)):
            ours = [row for row in held if ("reception" in row["kind"]) == receptions]
            ids = {row["id"] for row in ours}
            came = [row for row in raw.tables["bookings"] if row["session_id"] in ids and row["state"] == "attended"]
            asked = [row for row in raw.tables["session_questions"] if row["session_id"] in ids]
            spot = [(row["session_id"], row["asker"] or row["id"]) for row in asked if row["booking_id"] is None]
            assert found.held == len(ours)
            assert found.visitors == len(came) + len(set(spot))
            assert found.questions == len(asked)
            assert found.answered == len([row for row in asked if row["answer"] and row["answered_at"] < raw.end])
            off = [row for row in mine if row["state"] == "cancelled" and ("reception" in row["kind"]) == receptions]
            assert found.cancelled == len(off)
        out = [row for row in held if "reception" not in row["kind"] and (row["published_at"] or raw.end) < raw.end]
        assert figures.sessions.published == len(out)
        assert sum(row.held for row in figures.sessions.kinds) == len(held)


async def test_promises_of_sessions_come_out_the_same(counted: list[tuple[Figures, Raw]]) -> None:
    for figures, raw in counted:
        found, all = figures.sessions.promises, raw.tables["session_promises"]
        first = figures.period.first.isoformat()
        due = [row for row in all if first <= row["due_day"] <= raw.last.isoformat() and row["made_at"] < raw.end]
        over = [row for row in due if row["done_at"] is not None and row["done_at"] < raw.end]
        kept = [row for row in over if row["state"] == "done" and day_of(row["done_at"]).isoformat() <= row["due_day"]]

        assert found.made == len([row for row in all if raw.inside(row["made_at"])])
        assert found.due == len(due) == found.kept + found.late + found.unkept + found.dropped
        assert found.kept == len(kept)
        assert found.dropped == len([row for row in over if row["state"] == "dropped"])
        assert found.unkept == len(due) - len(over)
        assert found.older == len(
            [
                row
                for row in all
                if row["due_day"] < first and not (row["done_at"] is not None and row["done_at"] < raw.end)
            ]
        )


async def test_the_period_before_is_counted_by_the_same_rules(counted: list[tuple[Figures, Raw]]) -> None:
    for figures, raw in counted:
        span = previous(parse(figures.period.key))
        before = Raw(raw.tables, span.first, span.last)
        mine = before.cases(CASE_KINDS)
        assert figures.cases.received_before == len([case for case in mine if before.inside(case["opened_at"])])
        assert figures.cases.answered_before == len([case for case in mine if before.inside(case["answered_at"])])
