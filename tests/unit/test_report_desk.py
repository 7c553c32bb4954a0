"""A report at the desk, on both engines: words kept, documents written anew, the signed file, and what became of it."""

import asyncio
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from app.report_checks import compare, verify
from app.report_files import files_failed, give_up_files, write_files
from app.reporting import ask_report, figures_of, make_report
from app.signed_file import MOST, fault_of
from feedback.acts import Refusal
from feedback.report_acts import Approve, Comment, Freeze, Hand, Number, Remake, ReportAct, Return, Submit
from feedback.roles import OFFICER, SYSTEM, Actor, Role
from storage import reading_report, report_desk, sheet_rows
from storage.jobs import TRIES, Job
from storage.report_data import data_version
from storage.store import Store
from storage.tables import acts, blobs, jobs, notices, report_texts, reports
from storage.tx import Tx
from tests.stores import SampleCommune
from tests.unit.report_office import NOW, SIGNED, WORDS, Office, a_case, office_of
from vietnam.time import DAY, start_of


@pytest.fixture
def office(store: Store, store_url: str, commune: SampleCommune, tmp_path: Path) -> Office:
    return office_of(store, store_url, commune, tmp_path)


async def test_from_the_draft_to_the_signed_file(office: Office) -> None:
    unit, runtime = office.commune.commune, office.runtime
    # Given the draft of nine months, made by the program
    report = await ask_report(runtime, unit, "2026-9m", Actor(kind=SYSTEM, unit=unit), by_worker=False)
    await make_report(runtime, report)
    draft, own = "du-thao-dan-van-2026-9m.docx", "bao-cao-2026-9m.docx"
    assert "[cán bộ bổ sung" in await office.document(report, draft)
    # When a leader would agree at once, then the empty marks are in the way
    assert await office.does(report, Approve(), Role.LEADER) == "report.marks_empty"
    # When the draft is written, then its documents say it, and those of before are nobody's any more
    before = {file.blob for file in (await office.row(report)).files}
    assert await office.does(report, await office.pieces(report, only="danvan:")) == ""
    assert await office.does(report, Approve(), Role.LEADER) == "report.behind"
    await office.work()
    assert WORDS in await office.document(report, draft)
    assert "[cán bộ bổ sung" not in await office.document(report, draft)
    kept = select(blobs.c.id).where(blobs.c.kept == 1)
    assert not before & await runtime.store.read(lambda conn: set(conn.scalars(kept)))
    # When a leader agrees, then what nobody wrote in the other report is in it no more
    assert "[cán bộ bổ sung" in await office.document(report, own)
    assert await office.does(report, Approve(seen=(await office.row(report)).version), Role.LEADER) == ""
    await office.work()
    assert "[cán bộ bổ sung" not in await office.document(report, own)
    # When văn thư has numbered and signed it, then it is frozen with its checksums
    assert await office.does(report, Hand()) == ""
    assert await office.does(report, Number(number="05", issued_on="2026-10-05")) == ""
    assert await office.desk.sign(report, SIGNED, 0, office.actor()) is None
    row = await office.row(report)
    assert (row.state, row.number, row.issued_on) == ("frozen", "5", "2026-10-05")
    assert row.data_version.startswith("acts=")
    checked = await verify(runtime, report, unit)
    assert checked is not None
    assert checked.whole
    assert {file.name for file in checked.files} >= {report_desk.SIGNED, "figures.json", draft, own}
    # And nothing moves it any more
    tried: list[tuple[ReportAct, Role]] = [
        (Remake(), Role.RECEPTION),
        (Comment("Còn một điều."), Role.LEADER),
        (Return(text="Sai số."), Role.LEADER),
        (await office.pieces(report, "Lời khác."), Role.RECEPTION),
        (Freeze(blob=1, sha256="b" * 64), Role.RECEPTION),
    ]
    for act, role in tried:
        assert await office.does(report, act, role) == "report.frozen"
    assert await office.row(report) == row
    # And every step stands in the list of acts
    done = await runtime.store.read(lambda conn: [deed.action for deed in reading_report.deeds(conn, report)])
    assert done == ["make", "write_text", "approve", "hand", "number", "freeze"]


async def test_two_officers_who_remake_at_once_give_one_result(office: Office) -> None:
    report = await office.draft()
    one, other = await asyncio.gather(office.does(report, Remake(seen=1)), office.does(report, Remake(seen=1)))

    assert sorted([one, other]) == ["", "report.changed"]
    waiting = select(jobs.c.key).where(jobs.c.kind == report_desk.FILES_JOB)
    assert await office.runtime.store.read(lambda conn: list(conn.scalars(waiting))) == [f"{report}:2"]


async def test_two_officers_who_write_the_same_place_lose_nothing(office: Office) -> None:
    report = await office.draft()
    opened = await office.pieces(report, "Lời thứ nhất.", only="survey:limits")
    late = await office.pieces(report, "Lời thứ hai.", only="survey:limits")
    assert await office.does(report, opened) == ""

    refusal = await office.desk.act(report, late, office.actor())

    assert refusal == Refusal("report.text_changed", {"place": "III. TỒN TẠI, HẠN CHẾ"})
    texts = await office.runtime.store.read(lambda conn: report_desk.texts(conn, report))
    assert texts == {"survey:limits": "Lời thứ nhất."}
    # when they have seen it and write again, then theirs stands
    assert await office.does(report, await office.pieces(report, "Lời ghép.", only="survey:limits")) == ""
    # and words that are emptied are gone
    assert await office.does(report, await office.pieces(report, "  ", only="survey:limits")) == ""
    assert await office.runtime.store.read(lambda conn: report_desk.texts(conn, report)) == {}


async def test_words_stay_when_the_figures_change_and_are_marked(office: Office) -> None:
    report = await office.draft()
    assert await office.does(report, await office.pieces(report)) == ""
    places = await office.desk.places(report, office.commune.commune)
    assert [one.place.id for one in places if one.stale] == []
    # When it is counted anew, from a commune that has nothing of what the figures had
    assert await office.does(report, Remake()) == ""
    await office.work()

    places = await office.desk.places(report, office.commune.commune)

    row = await office.row(report)
    assert not row.behind
    assert [file.name for file in row.files if file.name.endswith(".docx")] == ["bao-cao-2026-09.docx"]
    assert {one.words.text for one in places if one.words} == {WORDS}
    assert "survey:limits" in [one.place.id for one in places if one.stale]
    assert await office.does(report, Approve(), Role.LEADER) == "report.texts_stale"
    # Whoever has read them again keeps them as they are
    assert await office.does(report, await office.pieces(report)) == ""
    places = await office.desk.places(report, office.commune.commune)
    assert not [one for one in places if one.stale]


async def test_documents_that_cannot_be_written_leave_the_old_ones(office: Office) -> None:
    report = await office.draft()
    assert await office.does(report, await office.pieces(report)) == ""
    # given figures that no program reads
    broken = update(reports).where(reports.c.id == report).values(figures="{}")
    await office.runtime.store.write(lambda tx: tx.execute(broken).rowcount)
    job = Job(1, office.commune.commune, report_desk.FILES_JOB, f"{report}:2", None, 3, 0)

    with pytest.raises(Exception, match="missing required field"):
        await write_files(office.runtime, job)
    await files_failed(office.runtime, job.key, "ValidationError")

    row = await office.row(report)
    assert (row.behind, row.fault) == (True, "ValidationError")
    assert [file.name for file in row.files] == ["bao-cao.pdf"]
    data = await office.runtime.blobs.get(row.files[0].blob)
    assert data == b"as it was"


async def test_documents_whose_process_was_killed_each_time_are_said_to_have_failed(office: Office) -> None:
    report = await office.draft()
    assert await office.does(report, await office.pieces(report, only="survey:ask")) == ""
    killed = update(jobs).where(jobs.c.kind == report_desk.FILES_JOB).values(tries=TRIES, lease_until=0)
    await office.runtime.store.write(lambda tx: tx.execute(killed).rowcount)
    await office.work()

    await give_up_files(office.runtime)

    row = await office.row(report)
    assert (row.behind, row.fault, [file.name for file in row.files]) == (True, "killed", ["bao-cao.pdf"])
    # And saving once more is all that it needs
    assert await office.does(report, await office.pieces(report, "Lời mới.", only="survey:ask")) == ""
    await office.work()
    assert not (await office.row(report)).behind
    assert "Lời mới." in await office.document(report, "bao-cao-2026-09.docx")


async def test_documents_that_were_overtaken_are_not_put_in_place(office: Office) -> None:
    report = await office.draft()
    assert await office.does(report, await office.pieces(report, "Lời cũ.", only="survey:ask")) == ""
    begun = await office.runtime.store.read(lambda conn: report_desk.to_file(conn, report))
    assert begun is not None
    assert await office.does(report, await office.pieces(report, "Lời mới.", only="survey:ask")) == ""

    placed = await office.runtime.store.write(lambda tx: report_desk.refile(tx, begun, [], office.at))

    assert not placed
    assert [file.name for file in (await office.row(report)).files] == ["bao-cao.pdf"]


async def test_a_line_of_an_annex_that_is_filled_elsewhere_comes_into_the_documents(office: Office) -> None:
    report, other = await office.draft("2026-9m", key="2026-9m"), await office.draft("2026-08", key="2026-09")
    line = sheet_rows.Typed(row="muc-1", done="45/45", note="", seen=0)

    def fill(tx: Tx) -> object:
        return sheet_rows.put(tx, office.actor(), "y_tich_2024", "2026-9m", "targets", [line], office.at)

    waits = update(reports).values(submitted_at=office.at, submitted_by="officer:1")
    await office.runtime.store.write(lambda tx: tx.execute(waits).rowcount)

    await office.runtime.store.write(fill)

    assert (await office.row(report)).behind
    assert [(await office.row(one)).submitted_at for one in (report, other)] == [None, office.at]
    assert not (await office.row(other)).behind
    await office.work()
    assert not (await office.row(report)).behind


async def test_a_report_asked_for_again_begins_with_the_words_of_the_first_and_shows_those_of_the_period_before(
    office: Office,
) -> None:
    first = await office.draft("2026-08", key="2026-09")
    assert await office.does(first, await office.pieces(first, "Lời tháng 8.", only="survey:limits")) == ""
    second = await office.draft("2026-09")
    assert await office.does(second, await office.pieces(second, "Lời tháng 9.", only="survey:ask")) == ""

    again = await office.draft("2026-09")

    shown = {one.place.id: one for one in await office.desk.places(again, office.commune.commune)}
    words, before = shown["survey:ask"].words, shown["survey:limits"].before
    assert words is not None
    assert words.text == "Lời tháng 9."
    assert shown["survey:limits"].words is None
    assert before is not None
    assert (before.text, before.period) == ("Lời tháng 8.", "2026-08")


async def test_a_report_of_another_commune_is_not_there(office: Office) -> None:
    report = await office.draft()
    stranger = Actor(kind=OFFICER, unit=office.commune.province, id=1, role=Role.LEADER)

    assert await office.desk.act(report, Comment("Xin chào."), stranger) == Refusal("report.none")
    assert await office.desk.places(report, office.commune.province) == []
    assert await verify(office.runtime, report, office.commune.province) is None
    assert await compare(office.runtime, report, office.commune.province) is None


async def frozen(office: Office, period: str) -> int:
    """A report that was counted, agreed to and signed, its documents left out."""
    report = await office.draft(period)
    figures, _, _ = await figures_of(office.runtime, office.commune.commune, period)
    counted = update(reports).where(reports.c.id == report).values(figures=figures.encode().decode())
    await office.runtime.store.write(lambda tx: tx.execute(counted).rowcount)
    agreed = update(reports).where(reports.c.id == report).values(state="handed")
    await office.runtime.store.write(lambda tx: tx.execute(agreed).rowcount)
    assert await office.does(report, Number(number="1", issued_on=f"{date(2026, 10, 5)}")) == ""
    assert await office.desk.sign(report, SIGNED, 0, office.actor()) is None
    return report


async def test_what_came_after_is_found_by_comparing_and_told_in_the_next_report(office: Office) -> None:
    unit = office.commune.commune
    # Given the report of September, counted and issued
    await office.runtime.store.write(a_case(office, start_of(date(2026, 9, 3)), answered=start_of(date(2026, 9, 20))))
    report = await frozen(office, "2026-09")
    assert await compare(office.runtime, report, unit) == []
    row = await office.row(report)
    # When a case of September comes in that it did not count
    await office.runtime.store.write(a_case(office, start_of(date(2026, 9, 29))))
    office.at = NOW + 30 * DAY

    found = await compare(office.runtime, report, unit)
    later, _, _ = await figures_of(office.runtime, unit, "2026-10")

    assert found is not None
    told = {one.path: (one.frozen, one.today) for one in found}
    assert [told["cases.received"], told["cases.open"]] == [(1, 2), (0, 1)]
    assert (await office.row(report)).figures == row.figures
    assert later.late is not None
    assert (later.late.title, later.late.received, later.late.answered, later.late.forms) == (
        "tháng 9 năm 2026", 1, 0, False,
    )  # fmt: skip


async def test_the_state_of_the_data_is_another_after_any_act_and_the_same_after_none(office: Office) -> None:
    unit, store = office.commune.commune, office.runtime.store
    report = await office.draft()

    async def version() -> str:
        return await store.read(lambda conn: data_version(conn, unit))

    before = await version()
    assert await version() == before
    assert await office.does(report, Comment("Một ý kiến.")) == ""
    assert await version() != before


async def test_a_file_that_was_changed_since_is_named(office: Office) -> None:
    report = await frozen(office, "2026-09")
    row = await office.row(report)
    names = {file.name: file.blob for file in row.files}
    # When the figures are changed behind the program's back, and the row of a file
    changed = update(reports).where(reports.c.id == report).values(figures=row.figures + " ")
    await office.runtime.store.write(lambda tx: tx.execute(changed).rowcount)
    other = update(blobs).where(blobs.c.id == names["bao-cao.pdf"]).values(sha256=b"x" * 32)
    await office.runtime.store.write(lambda tx: tx.execute(other).rowcount)

    checked = await verify(office.runtime, report, office.commune.commune)

    assert checked is not None
    assert not checked.whole
    faults = {file.name: file.fault for file in checked.files}
    assert faults == {"bao-cao.pdf": "damaged", report_desk.SIGNED: "", "reports.figures": "other"}


async def test_a_signed_file_that_was_swept_away_before_freezes_nothing(office: Office) -> None:
    report = await office.draft()
    handed = update(reports).where(reports.c.id == report).values(state="handed", number="3", issued_on="2026-10-05")
    await office.runtime.store.write(lambda tx: tx.execute(handed).rowcount)

    with pytest.raises(Exception, match=r"blob|FOREIGN KEY"):
        await office.desk.act(report, Freeze(blob=77, sha256="a" * 64), office.actor())

    assert (await office.row(report)).state == "handed"


async def test_what_is_done_with_a_report_is_told_to_the_officers(office: Office) -> None:
    report = await office.draft()
    await office.runtime.store.write(lambda tx: tx.execute(delete(notices)).rowcount)

    assert await office.does(report, Return(text="Thiếu số hòa giải."), Role.LEADER) == ""
    assert await office.does(report, Comment("Đã rõ."), Role.RECEPTION) == ""

    told = await office.runtime.store.read(
        lambda conn: list(conn.scalars(select(notices.c.key).order_by(notices.c.id)))
    )
    assert told == ["notice.report_returned", "notice.report_said"]
    said = select(acts.c.actor).where(acts.c.thing == "report", acts.c.action == "return_")
    assert await office.runtime.store.read(lambda conn: conn.scalar(said)) == f"officer:{office.commune.officer}"
    written = select(report_texts.c.section)
    assert await office.runtime.store.read(lambda conn: list(conn.scalars(written))) == []


async def test_a_draft_that_is_ready_waits_for_the_leader_until_it_is_touched_again(office: Office) -> None:
    store, unit = office.runtime.store, office.commune.commune
    first, other = await office.draft("2026-08", key="2026-09"), await office.draft("2026-09")
    for report in (first, other):
        assert await office.does(report, await office.pieces(report)) == ""

    async def waiting() -> list[int]:
        found = await store.read(lambda conn: reading_report.submitted(conn, unit))
        assert await store.read(lambda conn: reading_report.submitted_count(conn, unit)) == len(found)
        assert all(one.by == f"officer:{office.commune.officer}" for one in found)
        return [one.id for one in found]

    # Given two drafts that an officer says are ready, in one of which a day stands
    for report in (other, first):
        office.at += 1
        assert await office.does(report, Submit()) == ""
    assert await waiting() == [other, first]
    urgent = update(reports).where(reports.c.id == first).values(issue_by="2026-10-09")
    await store.write(lambda tx: tx.execute(urgent).rowcount)
    assert await waiting() == [first, other]
    assert (await office.row(first)).submitted_at == office.at
    # When an officer writes something else, then it has to be said again; a leader's own word leaves it there
    assert await office.does(first, await office.pieces(first, "Lời khác.", only="survey:ask")) == ""
    assert await office.does(other, await office.pieces(other, "Lời khác.", only="survey:ask"), Role.LEADER) == ""
    assert await waiting() == [other]
    # When two officers say so at once, one is told that it is said
    both = await asyncio.gather(office.does(first, Submit()), office.does(first, Submit()))
    assert sorted(both) in (["", "report.changed"], ["", "report.submitted"])
    # When the leader sends one back and agrees to the other, then nothing waits, and nobody is told that it does
    assert await office.does(first, Return(text="Thiếu số hòa giải.\n" + "Xin xem lại. " * 40), Role.LEADER) == ""
    await office.work()
    assert await office.does(other, Approve(), Role.LEADER) == ""
    assert await waiting() == []
    rows = select(notices.c.key, notices.c.params).where(notices.c.read_at.is_(None))
    told = {row.key: row.params for row in await store.read(lambda conn: conn.execute(rows).all())}
    assert "notice.report_submitted" not in told
    assert "Thiếu số hòa giải. Xin xem lại." in told["notice.report_returned"]
    assert len(told["notice.report_returned"]) < 400


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "report.signed_missing"),
        (b"PK\x03\x04 a Word file", "report.signed_no_pdf"),
        (SIGNED[:-12], "report.signed_no_pdf"),
        (b"<html>%PDF</html>", "report.signed_no_pdf"),
        (SIGNED + b"0" * MOST, "report.signed_big"),
        (SIGNED, ""),
        (b"\xef\xbb\xbf" + SIGNED + b"\r\n", ""),
    ],
)
def test_the_signed_file_is_a_whole_pdf(data: bytes, why: str) -> None:
    assert fault_of(data) == why
