"""What plans ask for is made and spoken of by itself: once, on its day, whoever looks and however many."""

import asyncio
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select, update

from app.due_reports import due_now
from app.plan_desk import PlanDesk
from app.plans_in_use import plan_for, profile_of
from app.reporting import figures_of
from app.schedule import DUE_JOB, ask_due, reports_due
from feedback.roles import OFFICER, SYSTEM, Actor, Role
from reports.plans import FOLDER, shipped
from storage import jobs
from storage.report_rows import OwedRow
from storage.store import Store
from storage.tables import notices, plans, reports
from storage.vault import Vault
from tests.stores import SampleCommune
from tests.unit.chatting import House
from vietnam.time import TZ, day_of, to_ms
from web.plan_door import PlanShown

NAME = "Kết quả thực hiện công tác dân vận chính quyền"


@pytest.fixture
def house(store: Store, store_url: str, vault: Vault, commune: SampleCommune, tmp_path: Path, now: int) -> House:
    return House(store, store_url, tmp_path, vault, commune, now)


@pytest.fixture
def desk(house: House) -> PlanDesk:
    return PlanDesk(house.runtime)


def leader(commune: SampleCommune) -> Actor:
    return Actor(kind=OFFICER, unit=commune.commune, id=1, role=Role.LEADER)


def at(house: House, year: int, month: int, day: int) -> None:
    house.at = to_ms(datetime(year, month, day, 9, tzinfo=TZ))


async def take(desk: PlanDesk, commune: SampleCommune, name: str, year: int | None = None) -> None:
    tried = await desk.add(shipped(name) or b"", year, Actor(kind=SYSTEM, unit=commune.commune))
    assert tried.taken


async def round(house: House) -> None:
    """What a process does in one round: ask for what is due, and do those jobs."""
    await reports_due(house.runtime)
    store = house.runtime.store
    for job in await store.write(lambda tx: jobs.claim(tx, house.at, 60_000, 20, only=DUE_JOB)):
        await ask_due(house.runtime, job)
        await store.write(lambda tx, job=job: jobs.done(tx, job))  # type: ignore[misc]  # a default binds what the loop changes


async def asked(house: House) -> list[tuple[str, str, str, str]]:
    """(plan, period, last day to issue, last day counted) of every report that a plan asked for."""
    columns = (reports.c.plan, reports.c.period, reports.c.issue_by, reports.c.cut_off)
    query = select(*columns).where(reports.c.owed != "").order_by(reports.c.asked_at, reports.c.id)
    return await house.runtime.store.read(lambda conn: [tuple(row) for row in conn.execute(query)])


async def told(house: House) -> list[str]:
    query = select(notices.c.key).where(notices.c.key.like("notice.report_%")).order_by(notices.c.at, notices.c.id)
    return await house.runtime.store.read(lambda conn: list(conn.scalars(query)))


async def test_from_the_day_after_its_cut_off_to_a_month_behind_its_last_day(
    house: House, desk: PlanDesk, commune: SampleCommune
) -> None:
    # given a plan that asks for the year's report before 25/11, two working days of work allowed
    await take(desk, commune, "cau_ngang_2022_2026")
    # when its last day counted, 19/11, is not over yet, then nothing is asked for
    at(house, 2026, 11, 19)
    await round(house)
    assert await asked(house) == []
    # the day after it is, once, however often the round comes by
    at(house, 2026, 11, 20)
    for _ in range(3):
        await round(house)
    assert await asked(house) == [("cau_ngang_2022_2026", "2026-12m", "2026-11-23", "2026-11-19")]
    assert await told(house) == []
    # on the last day to issue it the officers are told once, and once when it is late
    for day in (23, 23, 24, 25):
        at(house, 2026, 11, day)
        await round(house)
    assert await told(house) == ["notice.report_today", "notice.report_late"]
    # and never again once văn thư has it
    await house.runtime.store.write(lambda tx: tx.execute(update(reports).values(state="handed")))
    await house.runtime.store.write(lambda tx: tx.execute(notices.delete()))
    await round(house)
    assert await told(house) == []


async def test_two_processes_at_once_ask_and_tell_once(house: House, desk: PlanDesk, commune: SampleCommune) -> None:
    await take(desk, commune, "cau_ngang_2022_2026")
    at(house, 2026, 11, 23)

    await asyncio.gather(*(round(house) for _ in range(4)))

    assert [row[1] for row in await asked(house)] == ["2026-12m"]
    assert await told(house) == ["notice.report_today"]


async def test_a_button_pressed_twice_asks_once_and_again_after_a_failure(
    house: House, desk: PlanDesk, commune: SampleCommune
) -> None:
    await take(desk, commune, "cau_ngang_2022_2026")
    press = ("cau_ngang_2022_2026", NAME, "2026-12m", leader(commune))

    assert await asyncio.gather(*(desk.ask(*press) for _ in range(4))) == [""] * 4
    assert len(await asked(house)) == 1
    # one that could not be made is asked for anew
    await house.runtime.store.write(lambda tx: tx.execute(update(reports).values(state="failed")))
    await desk.ask(*press)
    assert len(await asked(house)) == 2
    # what is not owed, or not begun, is refused
    assert await desk.ask("cau_ngang_2022_2026", NAME, "2026-9m", leader(commune)) == "plan.none"
    assert await desk.ask("khac", NAME, "2026-12m", leader(commune)) == "plan.none"
    assert await desk.ask("cau_ngang_2022_2026", NAME, "ngày mai", leader(commune)) == "plan.none"


async def test_every_plan_of_the_commune_is_seen_to(house: House, desk: PlanDesk, commune: SampleCommune) -> None:
    await take(desk, commune, "cau_ngang_2022_2026")
    await take(desk, commune, "gia_lai_2024", 2026)
    at(house, 2026, 10, 29)
    await round(house)
    at(house, 2026, 11, 20)
    await round(house)

    assert [(plan, period) for plan, period, *_ in await asked(house)] == [
        ("gia_lai_2024", "2026-12m"),
        ("cau_ngang_2022_2026", "2026-12m"),
    ]


async def test_what_has_no_day_waits_for_one(house: House, desk: PlanDesk, commune: SampleCommune) -> None:
    # given a plan that says only "theo quy định"
    await take(desk, commune, "y_tich_2024", 2026)
    at(house, 2026, 12, 21)
    await round(house)
    assert await asked(house) == []
    # when an officer enters a day
    name = "Kết quả thực hiện công tác dân vận chính quyền trên địa bàn xã"
    assert await desk.set_day("y_tich_2024", name, "2026-12m", day_of(house.at), leader(commune)) == ""
    await round(house)
    # then it is made: the period had ended on the 14th, and is counted whole
    assert await asked(house) == [("y_tich_2024", "2026-12m", "2026-12-18", "2026-12-14")]


@pytest.mark.parametrize(
    ("owed", "period", "day", "refused"),
    [
        (NAME, "2026-12m", "2026-01-05", "plan.day.early"),  # nothing of the year is counted
        (NAME, "2026-12m", "2026-04-30", "plan.day.early"),  # not half of it
        (NAME, "2026-12m", "2029-12-25", "plan.day.early"),  # a slip of the pen
        (NAME, "2026-xx", "2026-12-25", "plan.day.period"),
        ("Báo cáo khác", "2026-12m", "2026-12-25", "plan.none"),
        (NAME, "2019-12m", "2019-12-25", "plan.none"),
        (NAME, "2026-12m", "2026-12-25", ""),
    ],
)
async def test_a_day_that_does_not_fit_is_refused(
    house: House, desk: PlanDesk, commune: SampleCommune, owed: str, period: str, day: str, refused: str
) -> None:
    await take(desk, commune, "cau_ngang_2022_2026")
    before = datetime.fromisoformat(day).date()

    assert await desk.set_day("cau_ngang_2022_2026", owed, period, before, leader(commune)) == refused


async def test_the_figures_stop_at_the_cut_off_and_say_so(house: House, desk: PlanDesk, commune: SampleCommune) -> None:
    await take(desk, commune, "cau_ngang_2022_2026")
    at(house, 2026, 11, 23)
    owed = OwedRow("cau_ngang_2022_2026", NAME, "2026-11-23", "2026-11-19")

    figures, _, plan = await figures_of(house.runtime, commune.commune, "2026-12m", owed)

    assert (str(figures.period.first), str(figures.until), str(figures.cut_off)) == (
        "2025-12-15", "2026-11-19", "2026-11-19"
    )  # fmt: skip
    assert str(figures.issue_by) == "2026-11-23"
    assert plan.profile.addressed == ("Ủy ban nhân dân tỉnh Mẫu (qua Sở Nội vụ)",)


async def test_a_report_no_plan_asks_for_goes_out_as_before(house: House, commune: SampleCommune) -> None:
    figures, _, plan = await figures_of(house.runtime, commune.commune, "2026-09")

    assert (str(figures.period.first), figures.cut_off, figures.issue_by) == ("2026-09-01", None, None)
    assert plan.id == "y_tich_2024"
    assert plan.profile.addressed == ("Ủy ban nhân dân tỉnh Mẫu",)


async def test_each_of_the_five_plans_is_any_communes(house: House, desk: PlanDesk, commune: SampleCommune) -> None:
    # given a commune that has said how it signs, whatever the plan
    found = await house.runtime.store.read(lambda conn: profile_of(conn, commune.commune))
    mine = msgspec.structs.replace(found, signature=("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"))
    await desk.sign(mine, leader(commune))
    for name in ("vinh_cuu_2024", "gia_lai_2024", "cau_ngang_2022_2026", "y_tich_2024", "tay_ninh_2023"):
        await take(desk, commune, name, 2026)
    report = house.runtime.settings.report
    # then every report of each is signed by the commune, and sent to a body of its own province
    for name in ("vinh_cuu_2024", "gia_lai_2024", "cau_ngang_2022_2026", "y_tich_2024", "tay_ninh_2023"):
        owed = OwedRow(plan=name, owed=NAME)
        plan = await house.runtime.store.read(
            lambda conn, owed=owed: plan_for(conn, report, commune.commune, 2026, owed)  # type: ignore[misc]  # as above
        )
        assert plan.id == name
        assert (plan.profile.signature, plan.profile.copies) == (mine.signature, mine.copies)
        assert "huyện" not in " ".join(plan.profile.addressed)


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('id = "mau"', 'id = "Xã ta"', "id"),
        ('index = "top2"', 'index = "mean"', "index"),
        ('written = "Thường trực Đảng ủy (b/c)"', 'written = "Hội Làm vườn"', "recipients[0].today"),
        ('before = "10/6"', 'before = "29/13"', "owed[0].before"),
        ("title =", "titel =", "titel"),
    ],
)
async def test_a_file_with_faults_is_not_taken_in(
    desk: PlanDesk, commune: SampleCommune, before: str, after: str, fault: str
) -> None:
    text = (FOLDER / "mau.toml").read_text("utf-8").replace(before, after, 1).replace('id = "mau"', 'id = "xa_ta"')

    tried = await desk.add(text.encode(), None, leader(commune))

    assert fault in {one.key for one in tried.faults}
    # what is missing stands in no line
    assert all(one.line for one in tried.faults if one.what != "missing")


@pytest.mark.parametrize(
    ("raw", "what"), [(b"\xff\xfe", "utf8"), (b"a" * 300_000, "large"), (b"", "missing"), (b"id = [", "toml")]
)
async def test_a_file_that_is_no_plan(desk: PlanDesk, commune: SampleCommune, raw: bytes, what: str) -> None:
    tried = await desk.add(raw, 2026, leader(commune))

    assert {one.what for one in tried.faults} == {what}


async def test_a_plan_that_cannot_be_read_any_more_holds_up_no_other(
    house: House, desk: PlanDesk, commune: SampleCommune
) -> None:
    await take(desk, commune, "cau_ngang_2022_2026")
    await take(desk, commune, "gia_lai_2024", 2026)
    spoiled = update(plans).where(plans.c.slug == "gia_lai_2024").values(body="id = 1")
    await house.runtime.store.write(lambda tx: tx.execute(spoiled))
    at(house, 2026, 11, 20)
    await round(house)

    assert [row[0] for row in await asked(house)] == ["cau_ngang_2022_2026"]
    assert await house.runtime.store.read(lambda conn: desk.unreadable(conn, commune.commune)) == ["gia_lai_2024"]


async def open_now(house: House, unit: int) -> list[tuple[str, str, str]]:
    """(period, stage, last day) of what is owed and has not left the desk."""
    today = day_of(house.at)
    found = await house.runtime.store.read(lambda conn: due_now(house.runtime, conn, unit, today))
    return [
        (due.owed.period.key, due.stage, str(due.owed.deadline.issue_by))
        for _, dues in found
        for due in dues
        if due.owed.period and due.owed.deadline and not due.out and not due.past
    ]


@pytest.mark.parametrize("again", [1, 2])
async def test_a_plan_taken_in_for_the_next_year_does_not_forget_this_one(
    house: House, desk: PlanDesk, commune: SampleCommune, again: int
) -> None:
    # given a plan of this year, taken in anew for the next one before its last report is made
    at(house, 2026, 6, 1)
    await take(desk, commune, "cau_ngang_2022_2026")
    at(house, 2026, 11, 16)
    for _ in range(again):
        await take(desk, commune, "cau_ngang_2022_2026", 2027)
    listed = await open_now(house, commune.commune)
    assert ("2026-12m", "none", "2026-11-23") in listed
    assert [one.holds for one in await shown(house, desk, commune)] == [True]
    # then its day comes, the draft is asked for, and an officer may still give it another day
    at(house, 2026, 11, 20)
    await round(house)
    assert [row[:2] for row in await asked(house)] == [("cau_ngang_2022_2026", "2026-12m")]
    later = datetime(2026, 12, 22).date()  # noqa: DTZ001 - a day of the calendar
    assert await desk.set_day("cau_ngang_2022_2026", NAME, "2026-12m", later, leader(commune)) == ""
    # in the new year it stays listed beside what that year asks for, until a month behind its last day
    await house.runtime.store.write(lambda tx: tx.execute(update(reports).values(state="ready")))
    at(house, 2027, 1, 20)
    listed = await open_now(house, commune.commune)
    assert listed[0] == ("2026-12m", "draft", "2026-12-21")
    assert {period[:4] for period, *_ in listed[1:]} == {"2027"}
    at(house, 2027, 1, 21)
    assert {period[:4] for period, *_ in await open_now(house, commune.commune)} == {"2027"}
    # or until it is sent
    at(house, 2027, 1, 20)
    await house.runtime.store.write(lambda tx: tx.execute(update(reports).values(state="handed")))
    assert {period[:4] for period, *_ in await open_now(house, commune.commune)} == {"2027"}


async def shown(house: House, desk: PlanDesk, commune: SampleCommune) -> list[PlanShown]:
    return await house.runtime.store.read(lambda conn: desk.plans(conn, commune.commune, day_of(house.at)))


async def test_a_new_file_for_the_next_year_leaves_this_years_reports_as_they_were_asked_for(
    house: House, desk: PlanDesk, commune: SampleCommune
) -> None:
    text = (FOLDER / "mau.toml").read_text("utf-8").replace('id = "mau"', 'id = "xa_ta"')
    assert (await desk.add(text.encode(), None, leader(commune))).taken
    at(house, 2026, 11, 16)
    before = await open_now(house, commune.commune)
    assert before

    anew = text.replace("\nyear = 2026", "\nyear = 2027").replace("\nuntil = 2026", "\nuntil = 2027")
    anew = anew.replace('before = "25/11"', 'before = "1/12"').replace("năm 2026", "năm 2027")
    assert (await desk.add(anew.encode(), 2027, leader(commune))).taken

    assert await open_now(house, commune.commune) == before
    report, name = house.runtime.settings.report, OwedRow(plan="xa_ta", owed=NAME)
    for year, title in ((2026, "năm 2026"), (2027, "năm 2027")):
        plan = await house.runtime.store.read(
            lambda conn, year=year: plan_for(conn, report, commune.commune, year, name)  # type: ignore[misc]  # as above
        )
        assert title in plan.title


async def test_a_slip_of_the_year_put_right_leaves_nothing_behind(
    house: House, desk: PlanDesk, commune: SampleCommune
) -> None:
    await take(desk, commune, "gia_lai_2024", 2027)
    await take(desk, commune, "gia_lai_2024", 2026)
    at(house, 2027, 2, 1)

    assert await open_now(house, commune.commune) == []


async def test_the_plan_of_the_settings_taken_in_for_the_next_year_stays_this_years_too(
    house: House, desk: PlanDesk, commune: SampleCommune
) -> None:
    settings = house.runtime.settings
    report = settings.report.model_copy(update={"plan": "cau_ngang_2022_2026"})
    house.runtime.settings = settings.model_copy(update={"report": report})
    at(house, 2026, 11, 16)
    before = await open_now(house, commune.commune)

    await take(desk, commune, "cau_ngang_2022_2026", 2027)

    assert before
    assert await open_now(house, commune.commune) == before


async def test_a_plan_of_another_year_asks_which(house: House, desk: PlanDesk, commune: SampleCommune) -> None:
    raw = shipped("vinh_cuu_2024") or b""
    tried = await desk.add(raw, None, leader(commune))
    assert (tried.taken, tried.choices) == (False, (2024, 2026, 2027))
    # nothing was taken in, and the same text can be sent with an answer
    assert (await desk.add(tried.text.encode(), 2026, leader(commune))).taken
    today = day_of(house.at)
    found = await house.runtime.store.read(lambda conn: due_now(house.runtime, conn, commune.commune, today))
    assert [str(due.owed.deadline.issue_by) for _, dues in found for due in dues if due.owed.deadline] == [
        "2026-05-04", "2026-09-04", "2026-10-19"
    ]  # fmt: skip
