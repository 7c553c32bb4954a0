"""Whatever is opened, joined, parted and marked: what came is matters and what was joined, and every page agrees."""

import csv
from datetime import timedelta
from io import StringIO
from itertools import count
from random import Random

import pytest
from sqlalchemy import Connection, func, select

from app.merging import merge, part
from app.report_source import StoreSource
from app.worker import take_jobs
from feedback.acts import Open, Refusal, Reply
from feedback.confidential import MarkDenunciation
from feedback.hot_spots import Thresholds, hot_spots
from feedback.kinds import Kind
from feedback.roles import OFFICER, Actor, Role
from reports.case_words import joined as joined_words
from reports.figures import CASE_KINDS, Figures, build
from reports.open_cases import SENSITIVE_FIELDS, SENSITIVE_KINDS
from reports.open_data import data_csv
from reports.periods import Period, month_of, parse
from reports.phrases import Phrases
from reports.texts import texts
from storage import confidential, handing, overview, promised_days, reading_overseen
from storage.tables import cases, officers
from tests.attacker.published_year import PLAN
from tests.stores import run_apart
from tests.web.house import House, browser_of, look, outside
from tests.web.twins import opens
from vietnam.time import DAY, HOUR, day_of
from web.openness import Shown, shown

FIELDS = ("roads", "roads", "environment", "ethnic_religion", "land")
STEPS = 39


class Commune:
    """A commune in which things happen by lot."""

    def __init__(self, house: House, seed: int) -> None:
        self.house, self.lot, self.numbers = house, Random(seed), count(1)
        rows = look(house, lambda conn: conn.execute(select(officers.c.login, officers.c.id)).all())
        people = {row.login: row.id for row in rows}
        unit = house.commune.commune
        self.leader = Actor(kind=OFFICER, unit=unit, id=people["lanhdao"], role=Role.LEADER)
        clerk = people["tiepnhan"]
        assert outside(house, lambda tx: confidential.name_keeper(tx, self.leader, clerk, house.at))
        self.done: dict[str, int] = {}

    def step(self) -> None:
        """One of the things that may happen, some hours after the last."""
        self.house.at += self.lot.choice((HOUR, HOUR, 20 * HOUR))
        what = self.lot.choice((*["open"] * 6, *["join"] * 5, "part", "mark", "answer"))
        query = select(cases.c.id, cases.c.code).where(cases.c.confidential == 0).order_by(cases.c.code)
        if what == "part":
            query = query.where(cases.c.merged_into.is_not(None))
        elif what == "join":
            query = query.where(cases.c.merged_into.is_(None), cases.c.answered_at.is_(None))
        known = look(self.house, lambda conn: conn.execute(query).all())
        one, other = (self.lot.choice(known), self.lot.choice(known)) if known else (None, None)
        if one is None or other is None or what == "open":
            number = next(self.numbers)
            kind = self.lot.choice((Kind.FEEDBACK, Kind.FEEDBACK, Kind.SUGGESTION, Kind.CONDUCT))
            field = "conduct" if kind is Kind.CONDUCT else self.lot.choice(FIELDS)
            code, village = f"M-2026-AAAA{number:02d}-A", self.house.commune.villages[self.lot.randrange(2)]
            act = Open(code=code, kind=kind, category=field, text=f"Việc số {number} ở đầu xóm", village=village)
            opens(self.house, str(700 + number), act)
            self._count("open")
            return
        runtime, leader = self.house.runtime, self.leader
        outcome: object
        match what:
            case "join":
                outcome = run_apart(merge(runtime, one.id, other.code, 0, leader))
            case "part":
                outcome = run_apart(part(runtime, one.id, 0, leader))
            case "mark":
                outcome = run_apart(runtime.act(one.id, MarkDenunciation(), leader))
            case _:
                outcome = run_apart(runtime.act(one.id, Reply("Đã xong."), leader))
        run_apart(_jobs(self.house))
        if not isinstance(outcome, Refusal):
            self._count(what)

    def _count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1


async def _jobs(house: House) -> None:
    while await take_jobs(house.runtime, _no_photo):
        pass


async def _no_photo(_runtime: object, _job: object) -> None:
    raise AssertionError("no picture was sent")


def came(conn: Connection, unit: int, *, plain: bool) -> int:
    """Messages that officers, or with `plain` everybody, may know of, whatever became of them."""
    rows = conn.execute(
        select(cases.c.kind, cases.c.category).where(
            cases.c.unit_id == unit, cases.c.confidential == 0, cases.c.kind.in_(CASE_KINDS)
        )
    )
    return sum(not plain or (row.kind not in SENSITIVE_KINDS and row.category not in SENSITIVE_FIELDS) for row in rows)


def counted(house: House, period: Period) -> tuple[Figures, Shown]:
    day = day_of(house.at)

    def both(conn: Connection) -> tuple[Figures, Shown]:
        source = StoreSource(conn, house.commune.commune)
        return build(source, period, PLAN, sample=False, made_on=day), shown(source, period, day)

    return look(house, both)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_matters_and_joined_are_all_that_came_and_every_figure_agrees(house: House, seed: int) -> None:
    town = Commune(house, seed)
    unit, period = house.commune.commune, parse(f"{day_of(house.at).year}-12m")
    for number in range(1, STEPS + 1):
        town.step()
        if number % 13:
            continue
        figures, page = counted(house, period)
        agree(house, town.leader, figures, page, unit)
    assert town.done.keys() >= {"open", "join", "mark"}, "a history in which nothing happens proves nothing"


def agree(house: House, leader: Actor, figures: Figures, page: Shown, unit: int) -> None:
    inside, public = figures.cases, figures.public.cases
    assert public is not None
    # what came is the matters and the messages that were joined into them, inside and outside
    assert inside.received + inside.joined == look(house, lambda conn: came(conn, unit, plain=False))
    assert public.received + public.joined == look(house, lambda conn: came(conn, unit, plain=True))
    assert inside.joined_into <= inside.joined
    assert (inside.joined == 0) == (inside.joined_into == 0)
    # the public page is the published figures
    assert (page.whole.received, page.whole.answered, page.whole.open) == (
        public.received,
        public.answered,
        public.open,
    )
    assert page.joined == (public.joined, public.joined_into)
    assert page.overdue == len(figures.public.times.overdue) <= page.whole.open
    # and so is the file
    rows = csv.DictReader(StringIO(data_csv(figures, "public").decode("utf-8-sig")))
    told = {row["measure"]: row["value"] for row in rows if row["subject"] == "cases" and row["cut"] == "all"}
    assert told.get("joined", "0") == str(public.joined)
    assert bool(joined_words(Phrases(figures, texts()), inside)) == bool(inside.joined)
    # the dashboards count the same matters
    board = Actor(kind=OFFICER, unit=unit, id=9, role=Role.INSPECTION)

    def dashboards(conn: Connection) -> tuple[int, int, int, int, int]:
        places = overview.by_place(conn, unit, leader, 0, house.at)
        today = overview.today(conn, unit, leader, house.at, house.at + DAY)
        overdue = len(promised_days.overdue(conn, unit, house.at))
        seen = sum(reading_overseen.counts(conn, board, house.at)[name] for name in ("open", "done"))
        return sum(one.received for one in places), sum(one.open for one in places), today.open, overdue, seen

    received, still_open, today_open, overdue, seen = look(house, dashboards)
    assert received == inside.received
    assert still_open == today_open == inside.open
    assert overdue <= inside.open
    conduct = sum(row.received for row in inside.kinds if row.id == "conduct")
    assert seen == inside.received - conduct
    # a hot spot counts everybody who said it, and each matter once
    limits = Thresholds(people=1, field_people=1)
    spots = hot_spots(look(house, lambda conn: handing.reports(conn, unit, 0)), limits, house.at)
    joined_codes = set(
        look(house, lambda conn: list(conn.scalars(select(cases.c.code).where(cases.c.merged_into.is_not(None)))))
    )
    assert not joined_codes & {code for spot in spots for code in spot.codes}


def test_the_page_says_how_many_were_joined(house: House) -> None:
    # given three who tell of one matter
    for number in (1, 2, 3):
        act = Open(code=f"M-2026-AAAA{number:02d}-A", kind=Kind.FEEDBACK, category="roads", text=f"Đèn hỏng {number}")
        opens(house, str(800 + number), act)
    town = Commune(house, 1)
    ids = look(house, lambda conn: [row.id for row in conn.execute(select(cases.c.id).order_by(cases.c.code))])
    for id in ids[1:]:
        assert not isinstance(run_apart(merge(house.runtime, id, "M-2026-AAAA01-A", 0, town.leader)), Refusal)
    house.at += DAY
    with browser_of(house) as anybody:
        page = anybody.get("/mau/cong-khai").text
    assert "có 2 lượt gửi như thế, gộp vào 1 việc" in page
    assert "nhận <strong>1</strong> việc" in page
    months = month_of(day_of(house.at) - timedelta(days=1))
    figures, _ = counted(house, months)
    assert (
        "Có 2 lượt phản ánh, kiến nghị trùng nội dung được gộp vào 1 việc"
        in joined_words(Phrases(figures, texts()), figures.cases)[0]
    )
    assert look(house, lambda conn: conn.scalar(select(func.count()).select_from(cases))) == 3


def test_what_was_late_before_it_was_joined_is_late_no_more(house: House) -> None:
    # given two that are late, one of which is then joined into the other
    for number in (1, 2):
        act = Open(code=f"M-2026-AAAA{number:02d}-A", kind=Kind.FEEDBACK, category="roads", text=f"Đèn hỏng {number}")
        opens(house, str(810 + number), act)
    town, unit, opened = Commune(house, 1), house.commune.commune, house.at
    house.at += 60 * DAY
    late = house.at
    assert len(look(house, lambda conn: promised_days.overdue(conn, unit, late))) == 2
    id = look(house, lambda conn: int(conn.execute(select(cases.c.id).where(cases.c.code.like("%02-A"))).scalar_one()))
    house.at += DAY
    assert not isinstance(run_apart(merge(house.runtime, id, "M-2026-AAAA01-A", 0, town.leader)), Refusal)
    # then of that day, too, one matter was late and one day missed
    assert [one.code for one in look(house, lambda conn: promised_days.overdue(conn, unit, late))] == [
        "M-2026-AAAA01-A"
    ]
    assert len(look(house, lambda conn: promised_days.missed(conn, unit, opened, late))) == 1
